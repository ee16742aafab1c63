"""What each stage made of a picture, for those who want to see why it was read as it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from camdigits.reading import Page
from camdigits.recognize.decode import LETTER, SCRAP, TEN, Step
from camdigits.recognize.model import LABELS
from camdigits.segment.components import Components
from camdigits.segment.lattice import Lattice
from camdigits.segment.straighten import LineImage

ENLARGED, SHARPENED, LEVEL = "enlarged", "sharpened", "turned level"
ALONE = "cut to the sheet"
SURE = 0.9  # probability from which a refused glyph surely is a letter
COLORED = "seen in one of the camera's colors"


@dataclass(frozen=True)
class LineTrace:
    """One text line, straightened, as each stage saw it.

    ``picture`` uint8 (h, w) gray ink; ``cuts`` (k,) columns; ``spans`` (n, 2) indices into cuts;
    ``glyphs`` float32 (n, 28, 28, 1); ``probabilities`` float32 (n, 13); ``path`` the hypotheses
    on the best path, and ``texts`` what each was read as: a digit or the name of what it is else.
    """

    row: int
    picture: np.ndarray
    cuts: np.ndarray
    spans: np.ndarray
    glyphs: np.ndarray
    probabilities: np.ndarray
    path: tuple[int, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Trace:
    """What each stage made of a picture at first sight: the working ``picture`` (uint8, gray),
    upright, the sheet ALONE, COLORED, ENLARGED, SHARPENED and turned LEVEL where it is better read
    so, as ``changes`` tells, and without rings around numbers; the ``components`` of its ink and
    its ``lines``; and the ``page`` that was read."""

    page: Page
    picture: np.ndarray
    components: Components
    lines: tuple[LineTrace, ...]
    changes: tuple[str, ...] = ()

    @property
    def ink(self) -> np.ndarray:
        """The ink mask, uint8 (h, w), ink 255."""
        return self.components.mask


def line_trace(
    line: LineImage, lattice: Lattice, probabilities: np.ndarray, path: list[Step]
) -> LineTrace:
    """Return the trace of a ``line`` whose hypotheses have ``probabilities`` (n, 13), of which
    those on ``path`` were chosen."""
    inked = [step for step in path if step.span >= 0]
    refused = {s.span: LABELS[TEN + int(probabilities[s.span, TEN:].argmax())] for s in inked}
    return LineTrace(
        line.row,
        line.picture,
        lattice.cuts,
        lattice.spans,
        lattice.glyphs,
        probabilities,
        tuple(step.span for step in inked),
        tuple(refused[s.span] if s.digit is None else str(s.digit) for s in inked),
    )


def refused_heights(
    lattice: Lattice, probabilities: np.ndarray, path: list[Step], small: float
) -> list[float]:
    """Return the heights in the line of the glyphs of a path, as tall as digits, that were refused
    as letters or scraps. What surely is a letter doesn't count: it tells that here letters are
    told from digits."""
    spans = [step.span for step in path if step.span >= 0 and step.digit is None]
    likeliest = probabilities[spans, TEN:].argmax(axis=1) + TEN
    heights = lattice.boxes[spans, 3]
    doubtful = probabilities[spans, LETTER] < SURE
    counted = (heights >= small) & np.isin(likeliest, (LETTER, SCRAP)) & doubtful
    return [float(height) for height in heights[counted]]


def like_letters(
    lattice: Lattice, probabilities: np.ndarray, path: list[Step], small: float
) -> int:
    """Return how many glyphs of a path, as tall as digits, look like letters most of all; in a
    word many of them are read as digits all the same."""
    spans = [step.span for step in path if step.span >= 0]
    tall = lattice.boxes[spans, 3] >= small
    return int((tall & (probabilities[spans].argmax(axis=1) == LETTER)).sum())
