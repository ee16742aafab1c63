"""The page History: what this person kept in this session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from camdigits.records.kept import Readings
from camdigits.records.tables import kept_csv, kept_json
from camdigits.web.numbers import percent
from camdigits.web.parts import offer_files
from camdigits.web.session import readings
from camdigits.web.table import Line, number_table

_DELETE = "Delete"


def show() -> None:
    """Show the page under its title."""
    kept = readings()
    if kept.all():
        _show_kept(kept)
    else:
        st.info(
            "Nothing kept yet. Read a number on the page Live, Photos or Draw and press Keep: it "
            "waits for you here until you close the page.",
            icon=":material/bookmark_add:",
        )


def _show_kept(readings: Readings) -> None:
    newest_first = readings.all()[::-1]
    lines = [Line(one.id, one.text, percent(one.confidence), one.crop) for one in newest_first]
    zone = st.context.timezone
    more: dict[str, tuple[Sequence[Any], Any]] = {
        _DELETE: (
            [False] * len(newest_first),
            st.column_config.CheckboxColumn(_DELETE, width="small", pinned=True),
        ),
        "From": (
            [one.source for one in newest_first],
            st.column_config.TextColumn("From", disabled=True),
        ),
        "Time": (
            [one.at for one in newest_first],
            st.column_config.DatetimeColumn(
                "Kept", disabled=True, format="D MMM YYYY, HH:mm", timezone=zone
            ),
        ),
    }
    shown = number_table("history", lines, readings.correct, more, required=True)
    st.caption("Double-click a number to correct it. To delete some, tick them.")
    ticked = [one.id for one, tick in zip(newest_first, shown[_DELETE], strict=True) if tick]
    _offer(readings, ticked)


def _offer(readings: Readings, ticked: list[str]) -> None:
    """Offer all readings for download, and those that are ticked for deletion."""
    with st.container(horizontal=True):
        offer_files("history", kept_csv(readings.all()), kept_json(readings.all()))
        st.button(
            f"Delete {len(ticked)}" if ticked else "Delete",
            icon=":material/delete:",
            disabled=not ticked,
            on_click=_delete,
            args=(readings, ticked),
        )


def _delete(readings: Readings, ids: list[str]) -> None:
    for id in ids:
        readings.remove(id)
