"""The page Photos: pictures in, numbers out, to be corrected, kept and taken away."""

from __future__ import annotations

import importlib.util
import json
from functools import partial

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from camdigits.errors import READING_ERRORS, ModelError, in_words
from camdigits.reader import Reader
from camdigits.records.tables import CORRECTED_COLUMNS, csv_lines
from camdigits.web import engine
from camdigits.web.album import MAX_BYTES, Album, Sheet
from camdigits.web.numbers import percent
from camdigits.web.parts import keep, offer_files, plain
from camdigits.web.paste import paste_into
from camdigits.web.session import readings
from camdigits.web.table import Line, number_table
from camdigits.web.why import show_why

_ALBUM = "camdigits.album"
_DROPPED = "camdigits.dropped"
_VIEWS = "camdigits.views"
_CHOSEN = "camdigits.sheet"
_TYPES = ["jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff", "gif", "pdf"]
_MOST_PROBLEMS = 8


def show() -> None:
    """Show the page under its title."""
    album: Album = st.session_state.setdefault(_ALBUM, Album())
    _take_in(album)
    try:
        reader = engine.reader()
    except ModelError as error:
        st.error(plain(str(error)))
        return
    _read(album, reader)
    _tell(album.problems)
    if not album.sheets:
        _say_how()
        return
    sheet = _choose(album)
    _show_picture(album, sheet)
    _show_numbers(album)
    show_why(sheet, reader)


def _take_in(album: Album) -> None:
    """Show the field for files and move what was dropped on it into the album."""
    batch = st.session_state.setdefault(_DROPPED, 0)
    field = f"photos-{batch}"
    files = st.file_uploader(
        "Drop photos, scans or PDF pages here, choose them, or paste one with Ctrl+V",
        type=_types(),
        accept_multiple_files=True,
        max_upload_size=MAX_BYTES // 1_000_000,
        key=field,
    )
    paste_into(field)
    if not files:
        return
    album.problems.clear()
    for file in files:
        album.add(file.name, file.getvalue())
        _release(file.file_id)
    # A new key empties the field: it would forget its files anyway when the page is left.
    st.session_state[_DROPPED] = batch + 1
    st.rerun()


def _types() -> list[str]:
    """Return the suffixes to ask for; phones turn HEIC into JPEG where it isn't among them."""
    heic = importlib.util.find_spec("pillow_heif") is not None
    return [*_TYPES, "heic", "heif"] if heic else _TYPES


def _release(file_id: str) -> None:
    """Have Streamlit forget an upload, which it would hold until the session ends."""
    context = get_script_run_ctx()
    forget = getattr(context and context.uploaded_file_mgr, "remove_file", None)
    if context and forget:
        forget(session_id=context.session_id, file_id=file_id)


def _read(album: Album, reader: Reader) -> None:
    """Read what waits, page by page, and show how far it is."""
    if not album.waiting:
        return
    count, before = len(album.waiting), len(album.sheets)
    with st.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0)
        st.button("Stop", on_click=album.stop)
    while album.waiting:
        done = count - len(album.waiting)
        bar.progress(done / count, f"Reading {done + 1} of {count}: {plain(album.reading)}")
        album.read_next(reader)
        if len(album.sheets) == before + 1:  # what came last is what one wants to see
            st.session_state[_CHOSEN] = album.sheets[before].id
    st.rerun()


def _tell(problems: list[str]) -> None:
    for problem in problems[:_MOST_PROBLEMS]:
        st.error(plain(problem), icon=":material/broken_image:")
    if len(problems) > _MOST_PROBLEMS:
        st.error(f"{len(problems) - _MOST_PROBLEMS} more files could not be read.")


def _say_how() -> None:
    st.info(
        "No pictures yet. Add one above: dark pen on light paper reads best, taken from straight "
        "above, sharp, and without a shadow across the numbers. The pictures stay in the memory "
        "of this session and are gone when you close the page.",
        icon=":material/add_photo_alternate:",
    )


def _choose(album: Album) -> Sheet:
    """Return the sheet to look at, with buttons to be rid of it or of all."""
    sheets = {sheet.id: sheet for sheet in album.sheets}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Picture",
            list(sheets),
            format_func=lambda id: f"{sheets[id].name} ({_count(len(sheets[id].page.strings))})",
            key=_CHOSEN,
        )
        sheet = sheets[chosen]
        st.button("Remove", icon=":material/delete:", on_click=album.remove, args=(sheet.photo,))
        if len(sheets) > 1:
            st.button("Remove all", icon=":material/delete_sweep:", on_click=_start_over)
    return sheet


def _start_over() -> None:
    del st.session_state[_ALBUM]


def _show_picture(album: Album, sheet: Sheet) -> None:
    page = album.corrected(sheet)
    # What is shown is remembered, encoded: most runs of the page show it again.
    known = (sheet.id, page)
    try:
        if st.session_state.get(_VIEWS, (None,))[0] != known:
            st.session_state[_VIEWS] = known, sheet.views(page)
    except READING_ERRORS as error:
        st.error(plain(in_words(error, sheet.name)))
        return
    original, overlay = st.session_state[_VIEWS][1]
    left, right = st.columns(2)
    left.image(overlay, caption="What was read", alt="The picture with what was read")
    right.image(original, caption="The picture", alt="The picture")


def _show_numbers(album: Album) -> None:
    """Show the numbers of all pictures, to be corrected, and what can be done with them."""
    lines = [line for sheet in album.sheets for line in _lines(album, sheet)]
    if not lines:
        st.info("No numbers were found. Try a sharper or closer picture of the writing.")
        return
    st.subheader("Numbers")
    more = {}
    if len(album.sheets) > 1:
        names = [sheet.name for sheet in album.sheets for _ in sheet.page.strings]
        more["From"] = (names, st.column_config.TextColumn("From", disabled=True))
    number_table("photos", lines, partial(_correct, album), more)
    st.caption(
        "Double-click a number to correct it; empty it if it is none. "
        "**?** means: not sure, please check."
    )
    _offer(album)


def _correct(album: Album, number_id: str, text: str) -> None:
    """Runs on the session's script thread, before the page is shown again.

    What was kept already is corrected there, too: a click on Keep may overtake the edit it ends.
    """
    album.correct(number_id, text)
    if text and any(one.id == number_id for one in readings().all()):
        readings().correct(number_id, text)


def _all_kept(album: Album) -> bool:
    """Say whether the history holds all numbers, as they are."""
    kept = {one.id: one.text for one in readings().all()}
    numbers = album.kept()
    return bool(numbers) and all(kept.get(one.id) == one.text for one in numbers)


def _keep(album: Album) -> None:
    """Runs on the session's script thread, before the page is shown again."""
    keep(*album.kept())


def _lines(album: Album, sheet: Sheet) -> list[Line]:
    return [
        Line(
            sheet.number_id(index),
            text,
            percent(string.confidence) if string.accepted else f"{percent(string.confidence)} ?",
            sheet.crops[index],
        )
        for index, (string, text) in enumerate(
            zip(sheet.page.strings, album.texts(sheet), strict=True)
        )
    ]


def _offer(album: Album) -> None:
    """Offer the numbers of all pictures for download and for the history."""
    rows = album.rows()
    with st.container(horizontal=True):
        known = _all_kept(album)
        st.button(
            "Kept in the history" if known else f"Keep {_count(len(rows))}",
            type="primary",
            icon=":material/bookmark_added:" if known else ":material/bookmark_add:",
            disabled=known or not rows,
            on_click=_keep,
            args=(album,),
            key="keep-all",
        )
        offer_files(
            "numbers",
            csv_lines([CORRECTED_COLUMNS, *rows]) + "\n",
            json.dumps(album.records(), indent=2) + "\n",
        )


def _count(numbers: int) -> str:
    return "1 number" if numbers == 1 else f"{numbers} numbers"
