"""Slashes look like ones, but stand between digits, lean more than these and reach farther; in
dates they come in pairs.

A network that sees one glyph cannot tell them from ones of a slanted hand, so how likely it finds
either is only a part of the evidence. The rest is told by the line, and by what the parts say.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from camdigits.recognize.decode import Edges, Step
from camdigits.recognize.numbers import Number
from camdigits.segment.lattice import Lattice

# Log odds of a slash: a logistic fit to 756 slashes and 1,552 ones read between digits, written by
# hands that train no network, and on cheques. For each: of refusing to reading it on the path, of
# the tangent of its lean, of its height in those of the digits beside; and a constant.
OF_PATH, OF_LEAN, OF_HEIGHT, CONSTANT = 0.7, 3.0, 4.8, -2.6
# What leans hardly more (by so much) than a one at either end, which is no slash, is rarely one.
LEANS, LIKE_ONES = 0.15, -2.0
# Ones are more common than slashes: as if of so many candidates (the second of PRIOR) so many had
# been slashes, to which those of the page are added. In the fit they were FITTED (log odds).
PRIOR, FITTED = (0.1, 2.0), -0.8
# That the parts between two could be a date, and that ones are just there, happens to one number in
# thousands.
DATED = 4.0
ROUNDS = 10  # in which the page's share of slashes is found
DAYS, MONTHS, YEARS = 31, 12, (2, 4)  # and lengths of years
FEWEST = 3  # digits, a slash among them


def doubt_slashes(
    edges: list[Edges],
    paths: list[list[Step]],
    lattices: list[Lattice],
    numbers: list[list[Number]],
) -> list[Edges]:
    """Return the ``edges`` of each line with the odds that ones of its ``numbers`` are slashes; the
    same objects where none may be.

    Who writes one slash on a page writes others: their share is that of greatest likelihood, found
    by expectation and maximization (Dempster, Laird and Rubin 1977,
    doi:10.1111/j.2517-6161.1977.tb01600.x).
    """
    found = [
        (line, step, odds, dated)
        for line, (own, lattice) in enumerate(zip(edges, lattices, strict=True))
        for number in numbers[line]
        for step, odds, dated in _candidates(own, lattice, number.digits)
    ]
    if not found:
        return edges
    odds, dated = np.array([(own, date) for _, _, own, date in found]).T
    usual = _usual_odds(odds, dated)
    doubted = list(edges)
    for (line, step, _, _), doubt in zip(found, np.maximum(odds + usual, dated), strict=True):
        own = doubted[line]
        other = own.digit[step.edge, step.digit] + doubt
        if other > own.other[step.edge]:
            others = own.other.copy()
            others[step.edge] = other
            doubted[line] = replace(own, other=others)
    return doubted


def _usual_odds(odds: np.ndarray, dated: np.ndarray) -> np.ndarray:
    """Return how much likelier than in the fit each candidate of the page is a slash (log odds) by
    the others, given the ``odds`` (n,) of each, and those of ``dated`` (n,) ones, -inf for
    others."""
    usual = np.full(len(odds), math.log(PRIOR[0] / (PRIOR[1] - PRIOR[0])) - FITTED)
    for _ in range(ROUNDS):
        share = 1 / (1 + np.exp(-np.clip(np.maximum(odds + usual, dated), -50, 50)))
        slashes = PRIOR[0] + share.sum() - share
        usual = np.log(slashes / (PRIOR[1] + len(odds) - 1 - slashes)) - FITTED
    return usual


def _candidates(
    edges: Edges, lattice: Lattice, steps: tuple[Step, ...]
) -> Iterator[tuple[Step, float, float]]:
    """Yield those of the ``steps`` of a number that read ones which may be slashes, each with its
    log odds, and with those that it parts a date, -inf where it does not."""
    if len(steps) < FEWEST:
        return
    heights = lattice.boxes[[step.span for step in steps], 3]
    ones = [_lean(lattice.glyphs[s.span]) for s in (steps[0], steps[-1]) if s.digit == 1]
    odds: dict[int, float] = {}
    for k, step in enumerate(steps[1:-1], 1):
        if step.digit == 1 and lattice.whole[step.span]:
            refused = float(edges.other[step.edge] - edges.digit[step.edge, 1])
            tall = float(heights[k] / np.median(np.delete(heights, k)))
            lean = _lean(lattice.glyphs[step.span])
            odds[k] = OF_PATH * refused + OF_LEAN * lean + OF_HEIGHT * tall + CONSTANT
            if any(lean < one + LEANS for one in ones):
                odds[k] += LIKE_ONES
    dated = dict.fromkeys(odds, -math.inf)
    text = "".join(str(step.digit) for step in steps)
    for first, second in itertools.combinations(odds, 2):
        parts = text[:first], text[first + 1 : second], text[second + 1 :]
        if _is_date(*parts) or _is_date(*parts[::-1]):
            both = odds[first] + odds[second] + DATED
            dated |= {k: max(dated[k], both) for k in (first, second)}
    for k, own in odds.items():
        yield steps[k], own, dated[k]


def _lean(glyph: np.ndarray) -> float:
    """Return the tangent by which the ink of a ``glyph`` (28, 28, 1) leans to the right: that of
    the least-squares line of its columns by rows."""
    y, x = np.indices(glyph.shape[:2])
    ink = glyph[..., 0] / max(float(glyph.sum()), 1e-6)
    y, x = y - (ink * y).sum(), x - (ink * x).sum()
    return -float((ink * y * x).sum() / max(float((ink * y * y).sum()), 1e-6))


def _is_date(*parts: str) -> bool:
    """Say whether three ``parts`` are day, month and year, or month, day and year."""
    if not all(parts) or max(map(len, parts[:2])) > 2 or len(parts[2]) not in YEARS:
        return False
    low, high = sorted((int(parts[0]), int(parts[1])))
    return 0 < low <= MONTHS and high <= DAYS
