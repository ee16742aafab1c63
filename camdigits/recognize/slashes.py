"""Slashes look like ones, but stand between digits, lean more than these and reach farther; in
dates they come in pairs.

A network that sees one glyph cannot tell them from ones of a slanted hand, so how likely it finds
either is only a part of the evidence. The rest is told by the line, and by what the parts say.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from camdigits.recognize.decode import Edges, Step
from camdigits.recognize.numbers import Number
from camdigits.segment.lattice import Lattice

# Log odds of a slash: a logistic fit to 756 slashes and 1,670 ones read between digits, written by
# hands that train no network, and on cheques. For each: of refusing to reading it on the path, of
# the tangent of its lean, of its height in those of the digits beside; and a constant.
OF_PATH, OF_LEAN, OF_HEIGHT, CONSTANT = 0.7, 3.0, 4.8, -2.6
# Ones are more common than slashes by themselves. That the parts between two could be a date, and
# that ones are just there, happens to one number in thousands.
ALONE, DATED = -2.0, 4.0
DAYS, MONTHS, YEARS = 31, 12, (2, 4)  # and lengths of years
FEWEST = 3  # digits, a slash among them


def doubt_slashes(edges: Edges, lattice: Lattice, numbers: list[Number]) -> Edges:
    """Return the ``edges`` of a line with the odds that ones of its ``numbers`` are slashes; the
    same object where none of them may be."""
    other = edges.other.copy()
    for number in numbers:
        steps = number.digits
        for step, odds in zip(steps, _slash_odds(edges, lattice, steps), strict=True):
            assert step.digit is not None
            other[step.edge] = max(other[step.edge], edges.digit[step.edge, step.digit] + odds)
    return replace(edges, other=other) if (other > edges.other).any() else edges


def _slash_odds(edges: Edges, lattice: Lattice, steps: tuple[Step, ...]) -> np.ndarray:
    """Return the log odds (n,) that the digits which ``steps`` read are slashes."""
    odds = np.full(len(steps), -np.inf)
    if len(steps) < FEWEST:
        return odds
    chosen = [step.edge for step in steps]
    spans = [step.span for step in steps]
    heights = lattice.boxes[spans, 3]
    for k in range(1, len(steps) - 1):
        if steps[k].digit == 1 and lattice.whole[spans[k]]:
            refused = edges.other[chosen[k]] - edges.digit[chosen[k], 1]
            tall = heights[k] / np.median(np.delete(heights, k))
            lean = _lean(lattice.glyphs[spans[k]])
            odds[k] = OF_PATH * refused + OF_LEAN * lean + OF_HEIGHT * tall + CONSTANT
    found = odds + ALONE
    text = "".join(str(step.digit) for step in steps)
    for first, second in _dates(text, np.isfinite(odds)):
        both = odds[first] + odds[second] + DATED
        found[[first, second]] = np.maximum(found[[first, second]], both)
    return found


def _lean(glyph: np.ndarray) -> float:
    """Return the tangent by which the ink of a ``glyph`` (28, 28, 1) leans to the right: that of
    the least-squares line of its columns by rows."""
    y, x = np.indices(glyph.shape[:2])
    ink = glyph[..., 0] / max(float(glyph.sum()), 1e-6)
    y, x = y - (ink * y).sum(), x - (ink * x).sum()
    return -float((ink * y * x).sum() / max(float((ink * y * y).sum()), 1e-6))


def _dates(text: str, may: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yield the places of two signs of ``text``, of those that ``may`` (bool, n) be slashes,
    between whose parts a date stands."""
    for first, second in itertools.combinations(np.flatnonzero(may).tolist(), 2):
        parts = text[:first], text[first + 1 : second], text[second + 1 :]
        if _is_date(*parts) or _is_date(*parts[::-1]):
            yield first, second


def _is_date(*parts: str) -> bool:
    """Say whether three ``parts`` are day, month and year, or month, day and year."""
    if not all(parts) or max(map(len, parts[:2])) > 2 or len(parts[2]) not in YEARS:
        return False
    low, high = sorted((int(parts[0]), int(parts[1])))
    return 0 < low <= MONTHS and high <= DAYS
