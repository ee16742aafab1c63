"""Where one number ends and the next begins: at operators, letters, wide gaps and the walls of a
table's cells."""

from __future__ import annotations

import math
from bisect import bisect
from dataclasses import dataclass
from statistics import median

import numpy as np

from camdigits.recognize.decode import TEN, Step
from camdigits.recognize.words import is_letter, word_numbers
from camdigits.segment.cuts import INK
from camdigits.segment.lattice import Lattice

# Glyph heights. A gap inside a number may be this wide where the page's gaps are all alike; where
# they are of two kinds, the border lies between the kinds, but never below or above these.
WIDEST_EVEN_GAP, LEAST_SPLIT, SURE_SPLIT = 2.2, 0.32, 1.3
# Share of the gaps' variance that two kinds explain. Gaps of one kind reach, in one page of ten,
# about CHANCE and for n gaps FEW / n; only WIDE gaps tell two kinds apart by less than that.
EXPLAINED, CHANCE, FEW, WIDE = 0.76, 0.7, 1.1, 0.75
SPREAD = 0.1  # glyph heights: the least deviation that gaps of one kind are taken to have
# How large a point, a comma and a blot of a point are at most, in heights of the line's digits.
POINT_SIZE, COMMA_HEIGHT, COMMA_WIDTH, BLOT = 0.2, 0.6, 0.4, 0.32
SURE = 0.8  # mean probability of a part's digits from which its gaps tell about the page's
THOUSANDS, GROUP = 1.1, 3  # glyph heights, and digits, between thousands' separators
BLURRED = 0.05  # glyph heights by which gaps of one kind stray into those of the other
LOW, HIGH = 0.68, 0.2  # shares of the digits' height between which a small mark is an operator


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


@dataclass(frozen=True)
class _Gapped:
    """A stretch of a path without operators: digit steps and the gaps before all but the first."""

    steps: list[Step]
    digits: list[Step]
    gaps: list[float]
    letters: int


def split_numbers(
    paths: list[list[Step]],
    lattices: list[Lattice],
    probabilities: list[np.ndarray],
    height: float,
    thousands: bool = True,
) -> list[list[Number]]:
    """Return the numbers of each line's path.

    ``height`` is the glyph height (pixels) that lines are scaled to. All lines of a page share the
    border between gaps inside and gaps between numbers, found from the gaps themselves. The only
    stretch of digits on a page is one number where it is grouped by ``thousands``, unless told not
    to.
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
    usual = gap_border([gap for part, _ in parts for gap in part.gaps])
    among_sure = gap_border([gap for part, certain in parts if certain for gap in part.gaps])
    alone = len(parts) == 1 == sum(map(len, stretches))
    if thousands and alone and _by_thousands(parts[0][0], usual):
        usual = among_sure = WIDEST_EVEN_GAP
    return [
        [
            number
            for part, certain in zip(line, marks, strict=True)
            for number in _at_gaps(part, among_sure if certain else usual)
        ]
        for line, marks in zip(stretches, sure, strict=True)
    ]


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


def gap_border(gaps: list[float]) -> float:
    """Return the gap (glyph heights) from which a number ends, given all gaps of a page.

    There are two kinds if Otsu's threshold (1979, doi:10.1109/TSMC.1979.4310076) explains most of
    the variance and sets well apart; else all gaps are taken for one kind. Gaps inside numbers vary
    less than those between, so the border is that of least error with a deviation for each kind
    (Kittler and Illingworth 1986, doi:10.1016/0031-3203(86)90030-0).
    """
    ordered = np.sort(np.clip(gaps, 0.0, WIDEST_EVEN_GAP))
    if len(ordered) < 3:
        return SURE_SPLIT
    count = np.arange(1, len(ordered))
    share, rest = count / len(ordered), 1 - count / len(ordered)
    sums, squares = ordered.cumsum(), (ordered**2).cumsum()
    low, high = sums[:-1] / count, (sums[-1] - sums[:-1]) / (len(ordered) - count)
    apart = (high >= np.maximum(2.0 * low, low + LEAST_SPLIT)) & (ordered[1:] > LEAST_SPLIT)
    apart &= np.diff(ordered) > 0
    explained = np.where(apart, share * rest * (high - low) ** 2, 0.0)
    best = int(explained.argmax())
    by_chance = 0.0 if ordered[best + 1] >= WIDE else min(CHANCE + FEW / len(ordered), 0.99)
    if not explained[best] or explained[best] < max(EXPLAINED, by_chance) * ordered.var():
        return WIDEST_EVEN_GAP
    inside = squares[:-1] / count - low**2
    between = (squares[-1] - squares[:-1]) / (len(ordered) - count) - high**2
    inside, between = (np.sqrt(np.maximum(v, SPREAD**2)) for v in (inside, between))
    error = share * np.log(inside / share) + rest * np.log(between / rest)
    # Beyond Otsu's threshold lie kinds of gaps between numbers.
    apart[best + 1 :] = False
    best = int(np.where(apart, error, np.inf).argmin())
    return float(ordered[best] + ordered[best + 1]) / 2


def _stretches(
    path: list[Step], lattice: Lattice, probabilities: np.ndarray, height: float
) -> list[_Gapped]:
    """Cut a path at refused glyphs that are no points and at walls, and measure the gaps in
    between."""
    parts: list[_Gapped] = []
    current = _Gapped([], [], [], 0)
    letters = np.array([is_letter(step, probabilities) for step in path], bool)
    words = word_numbers(path, lattice, height)
    read = lattice.boxes[[step.span for step in path if step.digit is not None]]
    band = (median(read[:, 1].tolist()), median(read[:, 3].tolist())) if len(read) else (0.0, 0.0)
    edge: int | None = None
    cell = 0
    for index, step in enumerate(path):
        if step.span < 0:
            if current.digits:
                current.steps.append(step)
            continue
        x, _, width, _ = lattice.boxes[step.span]
        before, cell = cell, bisect(lattice.walls, x + width / 2)
        if cell != before:
            parts.append(current)
            current, edge = _Gapped([], [], [], 0), None
        if step.digit is None and (
            _in_two(lattice.glyphs[step.span])
            or not _is_point(lattice.boxes[step.span], height, band)
        ):
            parts.append(current)
            current = _Gapped([], [], [], 0)
        else:
            if step.digit is not None:
                if current.digits and edge is not None:
                    current.gaps.append((x - edge) / height)
                around = slice(max(0, index - 2), index + 3)
                near = letters[around] & (words[around] == words[index])
                current = _Gapped(
                    current.steps, current.digits, current.gaps, current.letters + int(near.sum())
                )
                current.digits.append(step)
            if current.digits:
                current.steps.append(step)
        edge = int(x + width)
    parts.append(current)
    return [part for part in parts if part.digits]


def _at_gaps(part: _Gapped, border: float) -> list[Number]:
    groups, right = [[part.digits[0]]], [1.0]
    for step, gap in zip(part.digits[1:], part.gaps, strict=True):
        likely = _of_its_kind(gap, border)
        right[-1] = min(right[-1], likely)
        if gap > border:
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
    usual = min(band[1], height)  # brackets make a line's glyphs small
    width, tall = box[2] / max(usual, 1.0), box[3] / max(usual, 1.0)
    place = (box[1] + box[3] / 2 - band[0]) / max(band[1], 1.0)
    upright = width <= COMMA_WIDTH and tall <= COMMA_HEIGHT and tall >= 0.9 * width
    blot = max(width, tall) <= BLOT and place > LOW
    return bool(blot or (upright and not HIGH <= place <= LOW))


def _in_two(glyph: np.ndarray) -> bool:
    """Say whether a ``glyph`` (28, 28, 1) is in two parts, one above the other, as a colon is."""
    inked = np.flatnonzero(glyph.max(axis=(1, 2)) > INK / 255)
    return bool((np.diff(inked) > 1).any())
