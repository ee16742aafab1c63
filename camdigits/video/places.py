"""Where strings went between two frames: the shift they share, and which one is which."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from camdigits.reading import Box, Quad

# Heights of strings that may be the same one in two frames differ by at most this factor.
_HEIGHT_FACTOR = 1.8
# String heights: how far apart votes for one shift may lie, and how far from its expected place a
# string with the same text may be.
_SAME_SHIFT, _NEAR = 0.35, 0.7
# Intersection over union from which boxes are the same place whatever they say, and share of the
# smaller box from which two strings cannot both be there.
_SAME_PLACE, _IN_THE_WAY = 0.25, 0.35
# Votes are counted over at most this many pairs, so that a page full of equal numbers costs little.
_MOST_PAIRS = 400

Shift = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """A string's text and upright box, for matching."""

    text: str
    box: Box

    @property
    def center(self) -> tuple[float, float]:
        """The middle of the box, pixels."""
        return self.box.x + self.box.width / 2, self.box.y + self.box.height / 2

    def moved(self, shift: Shift) -> Place:
        """Return this place ``shift`` (x, y) pixels further."""
        return Place(self.text, move_box(self.box, shift))


def common_shift(before: Sequence[Place], now: Sequence[Place]) -> Shift:
    """Return the shift (x, y), pixels, that brings most strings onto ones with the same text.

    Every pair votes with the length of its text, strings alike with less; of equal shifts the
    smallest wins, so that a column of equal numbers stays where it is. (0, 0) without any pair.
    """
    votes: list[tuple[float, float, float, float]] = []
    for old in before:
        for new in now:
            weight = _likeness(old.text, new.text)
            if weight and _same_height(old.box, new.box) and len(votes) < _MOST_PAIRS:
                (x0, y0), (x1, y1) = old.center, new.center
                tolerance = _SAME_SHIFT * min(old.box.height, new.box.height)
                votes.append((x1 - x0, y1 - y0, weight, tolerance))
    if not votes:
        return 0.0, 0.0
    x, y, weight, tolerance = np.array(votes).T
    near = np.hypot(x[:, None] - x, y[:, None] - y) <= tolerance[:, None]
    best = int(np.lexsort([np.hypot(x, y), -(near @ weight)])[0])
    shares = near[best] * weight / (near[best] @ weight)
    return float(shares @ x), float(shares @ y)


def match(before: Sequence[Place], now: Sequence[Place]) -> dict[int, int]:
    """Return which of ``now`` (value: index) each of ``before`` (key: index) is.

    Places of ``before`` are where the strings are expected by now. The best fits are taken first,
    equal texts before overlap alone; each place is used once.
    """
    fits = sorted(
        (
            (_fit(before[i], now[j]), i, j)
            for i, j in _neighbors(before, now)
            if _same_height(before[i].box, now[j].box)
        ),
        key=lambda fit: (-fit[0], fit[1], fit[2]),
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for fit, i, j in fits:
        if fit > 0 and i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def reading_order(boxes: Sequence[Box]) -> list[int]:
    """Return the indices of ``boxes`` as one reads: row by row from the top, each from the left.

    A box belongs to the row in whose first box its middle lies.
    """
    rows: list[list[int]] = []
    for index in sorted(range(len(boxes)), key=lambda i: boxes[i].y + boxes[i].height / 2):
        middle = boxes[index].y + boxes[index].height / 2
        last = boxes[rows[-1][0]] if rows else None
        if last is not None and last.y <= middle <= last.y + last.height:
            rows[-1].append(index)
        else:
            rows.append([index])
    return [index for row in rows for index in sorted(row, key=lambda i: boxes[i].x)]


def in_the_way(one: Box, other: Box) -> bool:
    """Say whether two boxes overlap so much that strings cannot be in both."""
    smaller = min(one.width * one.height, other.width * other.height)
    return _intersection(one, other) > _IN_THE_WAY * smaller


def covers(box: Box, other: Box) -> bool:
    """Say whether ``box`` is as wide as ``other``, near enough: a string seen whole."""
    return box.width >= 0.85 * other.width


def at_border(box: Box, size: tuple[int, int]) -> bool:
    """Say whether ``box`` ends so near the border of a frame of ``size`` (width, height) that more
    digits may lie beyond."""
    room = max(2.0, 0.12 * box.height)
    width, height = size
    return (
        box.x < room
        or box.y < 2
        or box.x + box.width > width - room
        or box.y + box.height > height - 2
    )


def move_box(box: Box, shift: Shift) -> Box:
    """Return ``box`` moved by ``shift`` (x, y) pixels."""
    return Box(round(box.x + shift[0]), round(box.y + shift[1]), box.width, box.height)


def scale_box(box: Box, x: float, y: float) -> Box:
    """Return ``box`` as in a frame scaled by ``x`` and ``y``."""
    return Box(
        round(box.x * x),
        round(box.y * y),
        max(1, round(box.width * x)),
        max(1, round(box.height * y)),
    )


def map_quad(quad: Quad, scale: tuple[float, float], shift: Shift) -> Quad:
    """Return ``quad`` scaled by ``scale`` (x, y), then moved by ``shift`` (x, y) pixels."""
    a, b, c, d = ((x * scale[0] + shift[0], y * scale[1] + shift[1]) for x, y in quad)
    return a, b, c, d


def _neighbors(before: Sequence[Place], now: Sequence[Place]) -> list[tuple[int, int]]:
    """Return the pairs (indices) of places near enough to fit: of all pairs on a full page few."""
    if not before or not now:
        return []
    old, new = (np.array([place.box for place in places], float) for places in (before, now))
    height = np.maximum(old[:, None, 3], new[:, 3])
    near = np.ones((len(old), len(new)), bool)
    for axis in (0, 1):
        size = (old[:, None, 2 + axis] + new[:, 2 + axis]) / 2
        middles = old[:, axis] + old[:, 2 + axis] / 2, new[:, axis] + new[:, 2 + axis] / 2
        near &= np.abs(middles[0][:, None] - middles[1]) <= size + _NEAR * height
    return [(int(i), int(j)) for i, j in np.argwhere(near)]


def _fit(old: Place, new: Place) -> float:
    """Return how well two places fit: above 0 where they may be the same string."""
    union = old.box.width * old.box.height + new.box.width * new.box.height
    shared = _intersection(old.box, new.box)
    overlap = shared / (union - shared)
    (x0, y0), (x1, y1) = old.center, new.center
    near = math.hypot(x1 - x0, y1 - y0) <= _NEAR * min(old.box.height, new.box.height)
    if old.text == new.text and (near or overlap >= _SAME_PLACE):
        return 1.0 + overlap
    return overlap if overlap >= _SAME_PLACE else 0.0


def _intersection(one: Box, other: Box) -> int:
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(width, 0) * max(height, 0)


def _same_height(one: Box, other: Box) -> bool:
    low, high = sorted((one.height, other.height))
    return high <= _HEIGHT_FACTOR * low


def _likeness(old: str, new: str) -> float:
    """Return the weight of a pair's vote: the length of equal texts, half of it where two texts
    of three digits or more differ in one of them, else 0."""
    if old == new:
        return float(len(old))
    if len(old) == len(new) >= 3 and sum(a != b for a, b in zip(old, new, strict=True)) == 1:
        return len(old) / 2
    return 0.0
