"""What the reader saw in a picture, step by step: the ink, the cuts, the glyphs."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
import streamlit as st

from camdigits.errors import READING_ERRORS, in_words
from camdigits.explain import MAX_LINES, cuts_picture, ink_picture
from camdigits.reader import Reader
from camdigits.trace import LineTrace
from camdigits.web.album import Sheet
from camdigits.web.parts import plain, to_png
from camdigits.web.table import png_url

_EXPLAINED = "camdigits.explained"
_GUESSES = 3


@dataclass(frozen=True)
class Glyph:
    """A piece of a line as the network saw it, a PNG, and its likeliest labels."""

    picture: bytes = field(repr=False)
    used: bool
    guesses: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Line:
    """A line of writing: what was read in it, its cuts as a PNG, and its pieces."""

    title: str
    cuts: bytes = field(repr=False)
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True)
class Explained:
    """A trace, ready to be shown: ``ink`` is a PNG; ``changes`` were made to the picture first."""

    sheet_id: str
    changes: tuple[str, ...]
    ink: bytes = field(repr=False)
    lines: tuple[Line, ...]


@st.fragment
def show_why(sheet: Sheet, reader: Reader) -> None:
    """Show a drawer that, once open, tells how a sheet was read."""
    drawer = st.expander(
        "Why? What the reader saw", key="why", icon=":material/troubleshoot:", on_change="rerun"
    )
    if not drawer.open:
        return
    with drawer:
        try:
            explained = _explained(sheet, reader)
        except READING_ERRORS as error:
            st.error(plain(in_words(error, sheet.name)))
            return
        st.caption("**The ink:** what was taken for writing, without shadows and ruled lines.")
        if explained.changes:
            st.caption(f"The picture was {' and '.join(explained.changes)} for that.")
        st.image(explained.ink, alt="The ink of the picture")
        if explained.lines:
            _show_lines(explained.lines)
        else:
            st.caption("There is no line of writing in it.")


def _show_lines(lines: tuple[Line, ...]) -> None:
    st.caption("**The cuts:** blue lines are places to cut, brackets the pieces that were chosen.")
    index = st.selectbox(
        "Line of writing",
        range(len(lines)),
        format_func=lambda i: f"{i + 1}: {lines[i].title}",
        key=f"why-line-{len(lines)}",
    )
    line = lines[index]
    st.image(line.cuts, alt="A line of writing with its cuts")
    st.caption(
        "**The pieces** as the network saw them, in 28 x 28 pixels, and what it took them for."
    )
    every = st.toggle(f"All {len(line.glyphs)} pieces that were tried", key="why-all")
    glyphs = [glyph for glyph in line.glyphs if every or glyph.used]
    columns = {
        "Piece": [png_url(glyph.picture) for glyph in glyphs],
        "Chosen": ["✓" if glyph.used else "" for glyph in glyphs],
        "Best guess": [_guess(*glyph.guesses[0]) for glyph in glyphs],
        "Other guesses": [", ".join(_guess(*g) for g in glyph.guesses[1:]) for glyph in glyphs],
    }
    st.dataframe(
        columns,
        hide_index=True,
        row_height=56,
        column_config={"Piece": st.column_config.ImageColumn("Piece", width="small")},
    )


def _guess(label: str, probability: float) -> str:
    return f"{label} ({100 * probability:.0f}%)"


def _explained(sheet: Sheet, reader: Reader) -> Explained:
    """Return the explanation of a sheet; the session remembers the last one."""
    known = st.session_state.get(_EXPLAINED)
    if isinstance(known, Explained) and known.sheet_id == sheet.id:
        return known
    with st.spinner("Looking again ..."):
        trace = sheet.trace(reader)
        lines = tuple(_line(line, reader.model.labels) for line in trace.lines[:MAX_LINES])
    explained = Explained(sheet.id, trace.changes, to_png(ink_picture(trace)), lines)
    st.session_state[_EXPLAINED] = explained
    return explained


def _line(line: LineTrace, labels: tuple[str, ...]) -> Line:
    title = "".join(text if text.isdigit() else "·" for text in line.texts)
    order = sorted(range(len(line.spans)), key=lambda i: tuple(line.spans[i]))
    glyphs = []
    for i in order:
        likeliest = np.argsort(-line.probabilities[i])[:_GUESSES]
        guesses = tuple((labels[j], float(line.probabilities[i, j])) for j in likeliest)
        ink = np.round(255 * (1 - np.clip(line.glyphs[i, :, :, 0], 0, 1))).astype(np.uint8)
        large = cv2.resize(ink, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
        glyphs.append(Glyph(to_png(large), i in line.path, guesses))
    return Line(title, to_png(cuts_picture(line)), tuple(glyphs))
