"""Numbers as the page Live shows them: large, to copy, to keep."""

from __future__ import annotations

import numpy as np
import streamlit as st

from camdigits.reading import Quad
from camdigits.records.kept import Kept
from camdigits.web.parts import crop_png
from camdigits.web.session import readings

_STYLE = """<style>
.st-key-numbers [data-testid="stCode"] code { font-size: clamp(1.75rem, 7vw, 2.75rem); }
.st-key-numbers [data-testid="stCode"] code { line-height: 1.3; font-weight: 600; }
/* The button to copy shows without a mouse, too. */
.st-key-numbers [data-testid="stCode"] div { opacity: 1; visibility: visible; }
.st-key-no-numbers { display: none; }
</style>"""


def number_list() -> st.delta_generator.DeltaGenerator:
    """Return where :func:`number` shows numbers; one a page."""
    st.html(_STYLE)
    return st.container(key="numbers")


def expect_numbers() -> None:
    """Let the browser fetch now what it shows a number with, unseen, in a :func:`number_list`
    without numbers: 1.5 MB of script, for which the first number would wait for seconds."""
    with st.container(key="no-numbers"):
        st.code("", language=None)


def number(
    ident: str,
    text: str,
    confidence: float,
    note: str,
    frame: np.ndarray,
    quad: Quad,
    source: str = "camera",
) -> None:
    """Show a number with what to do with it.

    ``ident`` is of this number alone; kept twice, it is kept once. ``confidence`` is a
    probability, ``note`` goes beside it. ``frame``, uint8 BGR (h, w, 3) or gray (h, w), shows it in
    ``quad`` and comes from ``source``.
    """
    st.code(text, language=None, wrap_lines=True)
    told, button = st.columns([3, 2], vertical_alignment="center")
    told.caption(f"{percent(confidence)} sure{note and ' · '}{note}")
    kept = any(one.id == ident for one in readings().all())
    button.button(
        "Kept" if kept else "Keep",
        key=f"keep-{ident}",
        icon=":material/bookmark_added:" if kept else ":material/bookmark_add:",
        help="Put this number with its picture into the history.",
        on_click=_keep,
        args=(ident, text, confidence, frame, quad, source),
        disabled=kept,
        width="stretch",
    )


def percent(confidence: float) -> str:
    """Return a probability (0-1) in words: never surer than 99%."""
    return f"{min(99, int(100 * confidence))}%"


def _keep(
    ident: str, text: str, confidence: float, frame: np.ndarray, quad: Quad, source: str
) -> None:
    """Keep a number; shows nothing, for callbacks in fragments must not.

    Runs on the session's script thread, before the page or fragment is shown again.
    """
    readings().add(Kept(text, text, confidence, source, crop_png(frame, quad), id=ident))
