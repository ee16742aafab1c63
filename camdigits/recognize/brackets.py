"""Brackets look like ones, but bow, stand at the ends of numbers, and come in pairs.

A network that sees one glyph takes many for ones, so how likely it finds either is only a part of
the evidence. The rest is told by the form of the stroke, by the one at the other end of the number,
which it may have refused already, and by the other numbers of the page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from camdigits.recognize.decode import REFUSE, REFUSE_TALL, Edges, Step
from camdigits.recognize.numbers import Number
from camdigits.segment.lattice import Lattice

# Log odds of a bracket that is read as 1: a logistic fit to 1,100 brackets and 790 ones at the ends
# of numbers, by hands that train no network, and on cheques. For each: of its bow, of the width of
# its stroke (both in its heights), of refusing to reading it on the path; and a constant. As a
# stroke of fewer pixels can hardly bow more than DEEPEST, deeper forms are other signs.
OF_BOW, OF_WIDTH, OF_PATH, CONSTANT = 26.0, -17.0, 0.5, 2.4
DEEPEST = 0.2
# The same of one that is refused: a fit to 1,390 brackets, and to ones and to 850 letters, slashes
# and signs that are refused beside numbers.
OF_BOW_REFUSED, OF_WIDTH_REFUSED, CONSTANT_REFUSED = 17.0, -30.0, 0.7
# One number in ten begins with a 1, or with whatever else could be a bracket, and where there is a
# bracket, it is there.
SELDOM = math.log(10)
# Most numbers stand in no brackets: as if of so many that are known (the last) so many stood in
# two, or before one, to which those of the page are added. None is only opened.
BOTH, ONE, KNOWN = 0.002, 0.0002, 1.0
ROUNDS = 10  # in which the shares of the page are found
NEAR, TALL = 1.0, 0.8  # heights of digits: as near, and at least as tall, are brackets
THIN = 0.1  # heights of a stroke by which it may deviate from its own middle
FAINT = 0.3  # share of the ink of a usual row below which a row is no part of the stroke
FEWEST = 6  # rows that tell a bow
LEAST = 1e-6  # share
DEAR = REFUSE_TALL - REFUSE[0]  # what refusing a tall mark costs more than another
OPENS, CLOSES = 0, 1  # the sides of a number


@dataclass(frozen=True)
class _Stroke:
    """What may be a bracket at one side of a number: a ``step`` of its line's path, the log
    ``odds`` of its form, and whether it ``reads`` a 1."""

    step: Step
    odds: float
    reads: bool


Strokes = tuple[_Stroke | None, _Stroke | None]  # that open and close a number


def expect_brackets(
    edges: list[Edges],
    paths: list[list[Step]],
    lattices: list[Lattice],
    numbers: list[list[Number]],
) -> list[Edges]:
    """Return the ``edges`` of each line in which strokes that bow as brackets do are the likelier
    refused, the more of the page's ``numbers`` have one at that side; the same objects where few
    have. What is dear to refuse is else read as a part of the digit beside it."""
    found = _around_numbers(edges, paths, lattices, numbers)
    if not found:
        return edges
    shares = (1 / (1 + np.exp(-_bracketed(_odds(found))))).mean(axis=0)
    usual = np.log(np.maximum(shares, LEAST) / np.maximum(1 - shares, LEAST))
    if usual.max() < 0:
        return edges
    return [
        _expected(own, lattice, known, usual)
        for own, lattice, known in zip(edges, lattices, numbers, strict=True)
    ]


def doubt_brackets(
    edges: list[Edges],
    paths: list[list[Step]],
    lattices: list[Lattice],
    numbers: list[list[Number]],
) -> list[Edges]:
    """Return the ``edges`` of each line with the odds that ones at the ends of its ``numbers`` are
    brackets; the same objects where none may be."""
    found = _around_numbers(edges, paths, lattices, numbers)
    doubted = list(edges)
    if not any(stroke and stroke.reads for _, strokes in found for stroke in strokes):
        return doubted
    for (line, strokes), sides in zip(found, _bracketed(_odds(found)), strict=True):
        for stroke, doubt in zip(strokes, sides.tolist(), strict=True):
            if stroke and stroke.reads:
                doubted[line] = _refused(doubted[line], stroke.step, doubt)
    return doubted


def _around_numbers(
    edges: list[Edges],
    paths: list[list[Step]],
    lattices: list[Lattice],
    numbers: list[list[Number]],
) -> list[tuple[int, Strokes]]:
    """Return the line of each number, with what may be brackets around it."""
    return [
        (line, strokes)
        for line, (own, path, lattice) in enumerate(zip(edges, paths, lattices, strict=True))
        for strokes in _strokes(own, path, lattice, numbers[line])
    ]


def _odds(found: list[tuple[int, Strokes]]) -> np.ndarray:
    """Return the log odds (n, 2) of what is found around numbers, -inf where nothing is."""
    return np.array([[s.odds if s else -math.inf for s in strokes] for _, strokes in found])


def _expected(edges: Edges, lattice: Lattice, numbers: list[Number], usual: np.ndarray) -> Edges:
    """Return ``edges`` with what strokes that bow are expected to be, by the log odds (2,) of a
    bracket at either side of a number."""
    digits = [step.span for number in numbers for step in number.digits]
    if not digits:
        return edges
    tall = TALL * np.median(lattice.boxes[digits, 3])
    likely = np.zeros(len(lattice.spans))
    for span in np.flatnonzero(lattice.whole & (lattice.boxes[:, 3] >= tall)).tolist():
        bow, wide = _bow(lattice.glyphs[span, ..., 0])
        if wide <= THIN:
            likely[span] = usual[OPENS if bow > 0 else CLOSES] + _form(abs(bow), wide)
    likelier = np.where(edges.span < 0, 0.0, np.clip(likely, 0.0, DEAR)[edges.span])
    return replace(edges, other=edges.other + likelier)


def _refused(edges: Edges, step: Step, doubt: float) -> Edges:
    """Return ``edges`` in which refusing a ``step`` is ``doubt`` (log odds) likelier than the 1
    that it reads, if it isn't already."""
    score = edges.digit[step.edge, 1] + doubt
    if score <= edges.other[step.edge]:
        return edges
    other = edges.other.copy()
    other[step.edge] = score
    return replace(edges, other=other)


def _bracketed(odds: np.ndarray) -> np.ndarray:
    """Return the log odds (n, 2) that each number has a bracket at either side, given those of the
    forms of the strokes there (n, 2), -inf where there is none.

    Who puts one number in brackets does so with others: the shares of those in two and before one
    are of greatest likelihood, found by expectation and maximization (Dempster, Laird and Rubin
    1977, doi:10.1111/j.2517-6161.1977.tb01600.x); none vouches for itself.
    """
    opened, closed = odds.T
    likely = np.stack([np.zeros(len(odds)), opened + closed, closed], axis=1)
    known = np.array([KNOWN - BOTH - ONE, BOTH, ONE])
    usual = np.tile(np.log(known), (len(odds), 1))
    for _ in range(ROUNDS):
        joint = likely + usual
        shares = np.exp(joint - np.logaddexp.reduce(joint, axis=1, keepdims=True))
        usual = np.log(known + shares.sum(axis=0) - shares)
    none, both, behind = (likely + usual).T
    return np.stack([both - np.logaddexp(none, behind), np.logaddexp(both, behind) - none], axis=1)


def _strokes(
    edges: Edges, path: list[Step], lattice: Lattice, numbers: list[Number]
) -> list[Strokes]:
    """Return what may be brackets around each number of a line."""
    inked = [step for step in path if step.span >= 0]
    place = {step.edge: k for k, step in enumerate(inked)}
    lone = {n.digits[0].edge for n in numbers if len(n.digits) == 1}
    found: list[Strokes] = []
    for number in numbers:
        steps = list(number.digits)
        ends = place[steps[0].edge] - 1, place[steps[-1].edge] + 1
        strokes: list[_Stroke | None] = [None, None]
        for side, k in zip((OPENS, CLOSES), ends, strict=True):
            own = steps[-side]
            inner = steps[:-1] if side == CLOSES else steps[1:]
            beside = inked[k] if 0 <= k < len(inked) else None
            if beside and (beside.digit is None or (beside.digit == 1 and beside.edge in lone)):
                strokes[side] = _stroke(edges, lattice, beside, steps, side)
            if strokes[side] is None and own.digit == 1 and inner:
                strokes[side] = _stroke(edges, lattice, own, inner, side)
                steps = inner if strokes[side] else steps
        found.append((strokes[OPENS], strokes[CLOSES]))
    return found


def _stroke(
    edges: Edges, lattice: Lattice, step: Step, inner: list[Step], side: int
) -> _Stroke | None:
    """Return the stroke at a ``side`` of the ``inner`` digits that a ``step`` is; None where it
    can't be a bracket."""
    boxes = lattice.boxes[[own.span for own in inner]]
    left, _, width, tall = lattice.boxes[step.span].tolist()
    height = float(np.median(boxes[:, 3]))
    gap = boxes[0, 0] - left - width if side == OPENS else left - boxes[-1, 0] - boxes[-1, 2]
    if not lattice.whole[step.span] or tall < TALL * height or gap > NEAR * height:
        return None
    bow, wide = _bow(lattice.glyphs[step.span, ..., 0])
    if wide > THIN:
        return None
    bow = bow if side == OPENS else -bow
    if step.digit is None:
        return _Stroke(step, _form(bow, wide) + SELDOM, False)
    refused = float(edges.other[step.edge] - edges.digit[step.edge, 1])
    odds = OF_BOW * min(bow, DEEPEST) + OF_WIDTH * wide + OF_PATH * refused + CONSTANT
    return _Stroke(step, odds + SELDOM, True)


def _form(bow: float, wide: float) -> float:
    """Return the log odds that a stroke which is no digit is a bracket, by its form."""
    return OF_BOW_REFUSED * min(bow, DEEPEST) + OF_WIDTH_REFUSED * wide + CONSTANT_REFUSED


def _bow(glyph: np.ndarray) -> tuple[float, float]:
    """Return how far the ends of a stroke in a ``glyph`` (28, 28) lie to the right of its middle,
    by the parabola through the middles of its rows, and the deviation of its ink from these; both
    in its heights."""
    ink = glyph.sum(axis=1)
    if not ink.any():
        return 0.0, 1.0
    rows = np.flatnonzero(ink > FAINT * np.median(ink[ink > 0]))
    if len(rows) < FEWEST:
        return 0.0, 1.0
    columns = np.arange(glyph.shape[1])
    glyph, ink = glyph[rows], ink[rows]
    middles = glyph @ columns / ink
    along = 2 * (rows - rows[0]) / (rows[-1] - rows[0]) - 1
    powers = np.vander(along, 3)
    bow = np.linalg.solve((powers.T * ink) @ powers, (powers.T * ink) @ middles)[0]
    wide = math.sqrt(float((glyph * (columns - middles[:, None]) ** 2).sum() / ink.sum()))
    height = rows[-1] - rows[0] + 1
    return float(bow / height), wide / height
