"""The page Draw: numbers drawn by mouse, pen or finger, read after each stroke."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import streamlit as st

from camdigits.errors import ModelError
from camdigits.recognize.model import LABELS
from camdigits.trace import Trace
from camdigits.web import engine
from camdigits.web.charts import digit_bars
from camdigits.web.numbers import number, number_list
from camdigits.web.pad import Stroke, pad, picture_of
from camdigits.web.parts import plain

_DRAWING = "camdigits.drawing"
_THINNEST, _THICKEST, _USUAL = 4, 28, 12
_NO_DIGIT = {
    "mark": "a mark, such as a dot, a dash or a sign",
    "letter": "a letter",
    "scrap": "a scribble or a part of something",
}


@dataclass(frozen=True)
class Sign:
    """What one sign was read as: a digit or the name of what it is else, and the probabilities
    (13,) of :data:`camdigits.recognize.model.LABELS`."""

    text: str
    probabilities: np.ndarray


def show() -> None:
    """Show the page under its title."""
    _draw_and_read()


@st.fragment
def _draw_and_read() -> None:
    drawing, reading = st.columns([3, 2], gap="large")
    with drawing:
        strokes = _pad()
    with reading:
        _read(strokes)


def _pad() -> tuple[Stroke, ...]:
    """Show the pad with its pen; what is drawn stays when one leaves the page and returns."""
    width = st.slider("Pen width", _THINNEST, _THICKEST, _USUAL, key="pen")
    try:
        strokes = pad("pad", width, st.session_state.get(_DRAWING, ()))
    except ValueError:
        st.error("The browser sent something that is not a drawing; reload the page.")
        return ()
    st.session_state[_DRAWING] = strokes
    return strokes


def _read(strokes: tuple[Stroke, ...]) -> None:
    try:
        reader = engine.reader()
    except ModelError as error:
        st.error(plain(str(error)))
        return
    if not strokes:
        st.info(
            "Draw a digit, or a whole number, on the white pad with the mouse, a pen or a finger. "
            "It is read after each stroke.",
            icon=":material/draw:",
        )
        # Empty, they have the browser load what shows them before the first stroke needs it.
        with number_list():
            st.code(" ", language=None)
        _bars(np.zeros(len(LABELS)))
        return
    picture = picture_of(strokes)
    trace = reader.trace(picture, rotate=False)
    signs = signs_of(trace)
    drawn = hashlib.sha256(picture.tobytes()).hexdigest()[:16]
    with number_list():
        for place, string in enumerate(trace.page.strings):
            note = "" if string.accepted else "please check"
            ident = f"{drawn}-{place}"
            number(ident, string.text, string.confidence, note, picture, string.quad, "drawing")
    if not trace.page.strings:
        st.warning(_refusal(signs), icon=":material/help:")
    if signs:
        _explain(signs)


def signs_of(trace: Trace) -> list[Sign]:
    """Return the signs of the best reading, line by line, left to right."""
    return [
        Sign(text, line.probabilities[span])
        for line in sorted(trace.lines, key=lambda line: line.row)
        for span, text in zip(line.path, line.texts, strict=True)
    ]


def _refusal(signs: list[Sign]) -> str:
    """Return why no number was read."""
    kinds = {sign.text for sign in signs}
    if not kinds:
        return "Not a digit: this looks like a line or a dot. Draw a digit, tall and wide."
    if kinds <= _NO_DIGIT.keys():
        looks = " and ".join(_NO_DIGIT[kind] for kind in sorted(kinds))
        return f"Not a digit: this looks like {looks}."
    return "Not sure that this is a number. Draw the digits larger or further apart."


def _explain(signs: list[Sign]) -> None:
    """Show the probabilities of a sign, which one chooses where there are several."""
    chosen = 0
    if len(signs) > 1:
        chosen = st.segmented_control(
            "Which sign?",
            range(len(signs)),
            format_func=lambda place: _short(signs[place]),
            default=0,
            key=f"sign-{'-'.join(sign.text for sign in signs)}",
            required=True,
        )
    _bars(signs[chosen].probabilities)


def _bars(probabilities: np.ndarray) -> None:
    st.altair_chart(digit_bars(dict(zip(LABELS, probabilities.tolist(), strict=True))))
    st.caption(
        "How likely the sign is each of the ten digits, or none of them. One tall bar: it is sure."
    )


def _short(sign: Sign) -> str:
    return sign.text if sign.text in LABELS[:10] else "no digit"
