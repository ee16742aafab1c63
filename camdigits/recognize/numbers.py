"""Where one number ends and the next begins: at operators, letters, wide gaps and the walls of a
table's cells."""

from __future__ import annotations

import math
from bisect import bisect
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from camdigits.recognize.decode import TEN, Step
from camdigits.recognize.gaps import WIDEST_EVEN_GAP, gap_border
from camdigits.recognize.words import is_letter, word_numbers
from camdigits.segment.cuts import INK
from camdigits.segment.lattice import Lattice

# How large a point, a comma and a blot of a point are at most, in heights of the line's digits.
POINT_SIZE, COMMA_HEIGHT, COMMA_WIDTH, BLOT = 0.2, 0.6, 0.4, 0.32
SURE = 0.8  # mean probability of a part's digits from which its gaps tell about the page's
THOUSANDS, GROUP = 1.1, 3  # glyph heights, and digits, between thousands' separators
BLURRED = 0.05  # glyph heights by which gaps of one kind stray into those of the other
LOW, HIGH = 0.68, 0.2  # shares of the digits' height between which a small mark is an operator
# The point of a list's item stands by the digit before it: the gap behind is wider by so many
# heights of digits (of 79 points of lists 74 are, of 144 in amounts, decimals and dates none, of 63
# in amounts of cheques five). A list has so many items at least.
BY_ITEM, ITEMS = 0.4, 2


@dataclass(frozen=True)
class Number:
    """One number on a line's best path: its ``steps`` (refused points and blanks included),
    from cut ``first`` to cut ``last``; ``letters`` counts letters in the same word, and ``apart``
    (0-1) tells how likely it is that it ends where it should: gaps near the border between the
    kinds of gaps could as well be of the other kind."""

    steps: tuple[Step, ...]
    first: int
    last: int
    letters: int
    apart: float = 1.0

    @property
    def digits(self) -> tuple[Step, ...]:
        """The steps that read a digit."""
        return tuple(step for step in self.steps if step.digit is not None)


@dataclass
class _Gapped:
    """A stretch of a path without operators: digit steps, the gaps before all but the first, and
    how much wider (heights of digits) each is than the one before the point that stands in it."""

    steps: list[Step] = field(default_factory=list)
    digits: list[Step] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    uneven: list[float] = field(default_factory=list)
    letters: int = 0


def split_numbers(
    paths: list[list[Step]],
    lattices: list[Lattice],
    probabilities: list[np.ndarray],
    height: float,
    alone: bool = True,
) -> list[list[Number]]:
    """Return the numbers of each line's path.

    ``height`` is the glyph height (pixels) that lines are scaled to. All lines of a page share the
    border between gaps inside and gaps between numbers, found from the gaps themselves. Where these
    lines stand ``alone`` on their page, the only stretch of digits is one number if it is grouped
    by thousands, and a single item is no list.
    """
    stretches = [
        _stretches(path, lattice, classes, height)
        for path, lattice, classes in zip(paths, lattices, probabilities, strict=True)
    ]
    # Letters that pass for digits stand closer than digits do, and scraps of a texture anywhere:
    # what is surely digits is not measured by those.
    sure = [
        [_sureness(part, classes) >= SURE for part in line]
        for line, classes in zip(stretches, probabilities, strict=True)
    ]
    parts = [
        (part, certain)
        for line, marks in zip(stretches, sure, strict=True)
        for part, certain in zip(line, marks, strict=True)
        if part.letters < len(part.digits)
    ]
    by_item, widest = _behind_items([part for part, _ in parts], ITEMS if alone else 1)
    usual, among_sure = (
        gap_border([min(gap, widest) for part in chosen for gap in part.gaps])
        for chosen in ([part for part, _ in parts], [part for part, certain in parts if certain])
    )
    single = len(parts) == 1 == sum(map(len, stretches))
    if alone and single and _by_thousands(parts[0][0], usual):
        usual = among_sure = WIDEST_EVEN_GAP
    return [
        [
            number
            for part, certain in zip(line, marks, strict=True)
            for number in _at_gaps(part, among_sure if certain else usual, by_item)
        ]
        for line, marks in zip(stretches, sure, strict=True)
    ]


def _behind_items(parts: list[_Gapped], least: int) -> tuple[float, float]:
    """Return how uneven points of items are at least, and the usual gap behind these: what is wider
    only hides that they are wider than gaps in numbers. Both are infinite where there are fewer
    than the ``least`` number of items."""
    behind = [
        gap
        for part in parts
        for gap, uneven in zip(part.gaps, part.uneven, strict=True)
        if uneven > BY_ITEM
    ]
    return (BY_ITEM, median(behind)) if len(behind) >= least else (math.inf, math.inf)


def _by_thousands(part: _Gapped, border: float) -> bool:
    """Say whether gaps wider than a ``border``, but not by much, part the digits of a stretch as
    separators of thousands do: their point may be missing."""
    wide = [i for i, gap in enumerate(part.gaps) if gap > border]
    first, *others = np.diff([-1, *wide, len(part.digits) - 1]).tolist()
    by_three = 0 < len(others) == others.count(GROUP) and first <= GROUP
    return by_three and max(part.gaps) <= THOUSANDS


def _sureness(part: _Gapped, probabilities: np.ndarray) -> float:
    """Return the mean probability of a part's digits."""
    chosen = [step.span for step in part.digits]
    return float(probabilities[chosen, :TEN].max(axis=1).mean())


def _stretches(
    path: list[Step], lattice: Lattice, probabilities: np.ndarray, height: float
) -> list[_Gapped]:
    """Cut a path at refused glyphs that are no points and at walls, and measure the gaps in
    between."""
    parts: list[_Gapped] = []
    current = _Gapped()
    letters = np.array([is_letter(step, probabilities) for step in path], bool)
    words = word_numbers(path, lattice, height)
    read = lattice.boxes[[step.span for step in path if step.digit is not None]]
    band = (median(read[:, 1].tolist()), median(read[:, 3].tolist())) if len(read) else (0.0, 0.0)
    edge: int | None = None
    before_point: float | None = None
    cell = 0
    for index, step in enumerate(path):
        if step.span < 0:
            if current.digits:
                current.steps.append(step)
            continue
        box = lattice.boxes[step.span]
        x, _, width, _ = box.tolist()
        before, cell = cell, bisect(lattice.walls, x + width / 2)
        if cell != before:
            parts.append(current)
            current, edge, before_point = _Gapped(), None, None
        gap = 0.0 if edge is None else (x - edge) / height
        if step.digit is None and (
            _in_two(lattice.glyphs[step.span]) or not _is_point(box, height, band)
        ):
            parts.append(current)
            current, before_point = _Gapped(), None
        elif step.digit is None:
            before_point = gap if _is_blot(box, height, band) else None
        else:
            if current.digits and edge is not None:
                current.gaps.append(gap)
                wider = 0.0 if before_point is None else gap - before_point
                current.uneven.append(wider * height / max(band[1], 1.0))
            around = slice(max(0, index - 2), index + 3)
            near = letters[around] & (words[around] == words[index])
            current.letters += int(near.sum())
            current.digits.append(step)
            before_point = None
        if current.digits:
            current.steps.append(step)
        edge = x + width
    parts.append(current)
    return [part for part in parts if part.digits]


def _at_gaps(part: _Gapped, border: float, by_item: float) -> list[Number]:
    groups, right = [[part.digits[0]]], [1.0]
    for step, gap, uneven in zip(part.digits[1:], part.gaps, part.uneven, strict=True):
        item = uneven > by_item
        likely = _of_its_kind(uneven, by_item) if item else _of_its_kind(gap, border)
        right[-1] = min(right[-1], likely)
        if item or gap > border:
            groups.append([])
            right.append(likely)
        groups[-1].append(step)
    numbers = []
    for group, apart in zip(groups, right, strict=True):
        first, last = group[0].start, group[-1].end
        steps = tuple(step for step in part.steps if step.start >= first and step.end <= last)
        numbers.append(Number(steps, first, last, part.letters, apart))
    return numbers


def _of_its_kind(gap: float, border: float) -> float:
    """Return how likely (0.5-1) a gap is on the side of the border on which it seems to be."""
    away = abs(gap - border) / BLURRED
    return 1 / (1 + math.exp(-min(away, 50.0)))


def _is_point(box: np.ndarray, height: float, band: tuple[float, float]) -> bool:
    """Say whether a refused glyph is a point, a comma or an apostrophe: tiny, small and upright at
    the foot or the head of the digits, whose usual top and height are ``band``, or a blot at their
    foot."""
    if max(box[2], box[3]) <= POINT_SIZE * height:
        return True
    width, tall, place = _beside(box, height, band)
    upright = width <= COMMA_WIDTH and tall <= COMMA_HEIGHT and tall >= 0.9 * width
    return _is_blot(box, height, band) or (upright and not HIGH <= place <= LOW)


def _is_blot(box: np.ndarray, height: float, band: tuple[float, float]) -> bool:
    """Say whether a refused glyph is a blot at the foot of the digits; see ``_is_point``."""
    width, tall, place = _beside(box, height, band)
    return max(width, tall) <= BLOT and place > LOW


def _beside(
    box: np.ndarray, height: float, band: tuple[float, float]
) -> tuple[float, float, float]:
    """Return width, height and middle of a box from the top of the digits, in their heights."""
    usual = max(min(band[1], height), 1.0)  # brackets make a line's glyphs small
    place = (box[1] + box[3] / 2 - band[0]) / max(band[1], 1.0)
    return float(box[2] / usual), float(box[3] / usual), float(place)


def _in_two(glyph: np.ndarray) -> bool:
    """Say whether a ``glyph`` (28, 28, 1) is in two parts, one above the other, as a colon is."""
    inked = np.flatnonzero(glyph.max(axis=(1, 2)) > INK / 255)
    return bool((np.diff(inked) > 1).any())
