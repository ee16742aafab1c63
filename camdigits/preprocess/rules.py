"""Ruled lines, underlines and boxes: found as long thin straight runs of ink and taken out.

Only runs as thin as a rule go; where a stroke crosses, the run is thicker and stays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from camdigits.preprocess.labels import connected

LEAST_COVER = 0.55  # share of its columns in which a rule must show as a thin run of its own
LONGEST = 1.1  # glyph heights of its longest unbroken stretch at least; bowls on a line are shorter
UPRIGHT, BOXED = 4.0, 0.9  # glyph heights of upright rules: alone, and between two rules
STEEPEST = 0.2  # dy per dx of a rule
# The feet of round digits in a row look like a rule, but have holes: they show in less than WHOLE
# of its columns; and less than BARE of those stand alone, as those of a rule do between glyphs.
WHOLE, BARE = 0.92, 0.1
REFITS = 4
VOTERS = 500  # points from which the first guess of a rule is made
TWICE = 2  # rules looked for in one band: double rules are usual on cheques


def remove_rules(mask: np.ndarray, stroke: float, height: float) -> np.ndarray:
    """Return the ink ``mask`` (uint8, h x w) without rules and boxes.

    ``stroke`` is the stroke width and ``height`` the usual glyph height in pixels. A horizontal
    rule is at least 2.5 glyphs long (or four fifths of the picture); an upright one 4 (or nine
    tenths of the picture), for a 1 or a 7 may be tall, or 0.9 where it ends at horizontal rules on
    both sides, as the side of a box.
    """
    thin = math.ceil(1.25 * stroke) + 1
    run = max(2 * thin, round(0.3 * height))
    across = _rules(mask, thin, run, min(2.5 * height, 0.8 * mask.shape[1]), height, None)
    rest = cv2.bitwise_and(mask, cv2.bitwise_not(across))
    turned = np.ascontiguousarray(rest.T)
    ends = np.ascontiguousarray(across.T)
    length = min(UPRIGHT * height, max(2.2 * height, 0.9 * mask.shape[0]))
    upright = _rules(turned, thin, round(0.6 * height), length, height, ends)
    return cv2.bitwise_and(rest, cv2.bitwise_not(np.ascontiguousarray(upright.T)))


def _rules(
    mask: np.ndarray, thin: int, run: int, length: float, height: float, ends: np.ndarray | None
) -> np.ndarray:
    """Return the pixels (uint8 mask) of straight rules at most ``thin`` high, ``length`` long.

    Rules are gathered from flat runs of at least ``run`` pixels. With ``ends`` (a mask of crossing
    rules), ``BOXED`` heights are enough for one that stops at such a rule on both sides.
    """
    tall = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((thin + 1, 1), np.uint8))
    flat = cv2.bitwise_and(mask, cv2.bitwise_not(tall))
    runs = cv2.morphologyEx(flat, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    found = np.zeros_like(mask)
    if not cv2.countNonZero(runs):
        return found
    bridge = round(1.5 * height) | 1
    bands = cv2.morphologyEx(
        cv2.dilate(runs, np.ones((3, 1), np.uint8)), cv2.MORPH_CLOSE, np.ones((1, bridge), np.uint8)
    )
    labels, stats = connected(bands)
    least = length if ends is None else BOXED * height
    reach = 3 * thin
    for i in np.flatnonzero(stats[1:, cv2.CC_STAT_WIDTH] >= least) + 1:
        x, y, w, h = stats[i, :4].tolist()
        if ends is not None and w < length:
            around = ends[max(0, y - reach) : y + h + reach, max(0, x - reach) : x + w + reach]
            if not cv2.countNonZero(around):
                continue
        band = np.where(labels[y : y + h, x : x + w] == i, runs[y : y + h, x : x + w], 0)
        for _ in range(TWICE):
            rule = _straight(band, thin, LONGEST * height)
            if rule is None or not _long_enough(rule.moved(x, y), thin, length, ends):
                break
            placed = rule.moved(x, y)
            if ends is not None or not placed.made_of_feet(mask, flat, thin, height):
                placed.erase(flat, runs, found, thin)
            rule.clear(band, thin)
    return found


@dataclass(frozen=True)
class _Rule:
    """A straight line y = offset + tilt * x, seen from column ``first`` to ``last``."""

    tilt: float
    offset: float
    first: int
    last: int

    def moved(self, x: int, y: int) -> _Rule:
        """Return the rule as seen from a picture that holds this one at (x, y)."""
        offset = self.offset + y - self.tilt * x
        return _Rule(self.tilt, offset, self.first + x, self.last + x)

    def near(self, shape: tuple[int, int], reach: float) -> tuple[slice, np.ndarray]:
        """Return the rows (slice) that the line passes in a picture of ``shape``, and which of
        their pixels (bool) lie within ``reach`` of it."""
        line = self.offset + self.tilt * np.arange(shape[1])
        top = max(0, math.floor(line.min() - reach))
        bottom = min(shape[0], math.ceil(line.max() + reach) + 1)
        return slice(top, bottom), np.abs(np.arange(top, bottom)[:, None] - line) <= reach

    def made_of_feet(self, mask: np.ndarray, flat: np.ndarray, thin: int, height: float) -> bool:
        """Say whether the rule has holes in ``flat``, its thin ink, and yet is hardly ever bare in
        ``mask``: without other ink within a glyph's ``height`` above or below."""
        (rows, close), (wide, around) = (self.near(mask.shape, d) for d in (thin / 2 + 1, height))
        own = slice(self.first, self.last + 1)
        on = (close & (mask[rows] > 0)).sum(axis=0)[own]
        beside = (around & (mask[wide] > 0)).sum(axis=0)[own] - on
        inked = np.any(close & (flat[rows] > 0), axis=0)[own]
        bare = inked & (beside == 0)
        return bool(inked.mean() < WHOLE and bare.sum() < BARE * inked.sum())

    def erase(self, flat: np.ndarray, runs: np.ndarray, found: np.ndarray, thin: int) -> None:
        """Add to ``found`` the thin ink along the rule, and the long thin runs where it goes on.

        Where the ink is thicker than the rule usually is, a stroke lies on it and stays.
        """
        rows, close = self.near(flat.shape, thin / 2 + 1)
        beyond = close.copy()
        beyond[:, self.first : self.last + 1] = False
        ink = np.where(beyond, runs[rows], np.where(close, flat[rows], 0))
        thickness = (ink > 0).sum(axis=0)
        shown = thickness[thickness > 0]
        if len(shown):
            ink[:, thickness > 1.5 * np.median(shown) + 1] = 0
        found[rows] |= ink

    def clear(self, band: np.ndarray, thin: int) -> None:
        """Take the rule out of ``band``."""
        rows, close = self.near(band.shape, thin / 2 + 1)
        band[rows][close] = 0


def _straight(band: np.ndarray, thin: int, longest: float) -> _Rule | None:
    """Return the straight line through most of ``band``, None if it has none.

    ``longest``: its longest unbroken stretch has at least so many columns; the bowls of digits
    that stand on one base line are shorter.
    """
    rows, columns = np.nonzero(band)
    if len(rows) < 2 or np.ptp(columns) < 4 * thin:
        return None
    center = band.shape[1] / 2
    across = columns - center
    tilt, offset = _densest(rows, across, band.shape, thin)
    reach = thin / 2 + 1
    # The coarse tilt fits a stretch of a long rule; each refit reaches further along it.
    for _ in range(REFITS):
        near = np.abs(rows - tilt * across - offset) <= reach + 1
        x, y = across[near], rows[near]
        if len(x) < 2 or x.min() == x.max():
            break
        away = x - x.mean()
        before = tilt, offset
        tilt = float(away @ y / (away @ away))
        offset = float(y.mean() - tilt * x.mean())
        if before == (tilt, offset):
            break
    near = np.abs(rows - tilt * across - offset) <= reach
    if not near.any():
        return None
    first, last = columns[near].min(), columns[near].max()
    shown = np.unique(columns[near])
    unbroken = np.diff(np.flatnonzero(np.diff(shown, prepend=-9, append=shown[-1] + 9) > 3))
    if len(shown) < LEAST_COVER * (last - first + 1) or unbroken.max() < longest:
        return None
    return _Rule(float(tilt), float(offset - tilt * center), int(first), int(last))


def _densest(
    rows: np.ndarray, across: np.ndarray, shape: tuple[int, ...], thin: int
) -> tuple[float, float]:
    """Return tilt and offset of the line, ``thin`` pixels high, that holds most of the points.

    A coarse Hough transform: the densest line starts the fit, for text above or below pulls at a
    mean. Every so many points are enough to find it.
    """
    height, width = shape
    step = max(1, len(rows) // VOTERS)
    tilts = np.linspace(-STEEPEST, STEEPEST, 41)
    tilts = tilts[np.abs(tilts) * width <= height + thin]
    offsets = np.rint(rows[::step] - tilts[:, None] * across[::step]).astype(np.int64)
    shift = offsets.min()
    span = int(offsets.max() - shift) + 1
    offsets += np.arange(len(tilts))[:, None] * span - shift
    votes = np.bincount(offsets.ravel(), minlength=len(tilts) * span).reshape(len(tilts), span)
    held = cv2.boxFilter(
        votes.astype(np.float32), -1, (thin, 1), normalize=False, borderType=cv2.BORDER_CONSTANT
    )
    best, place = divmod(int(held.argmax()), span)
    return float(tilts[best]), float(place + shift)


def _long_enough(rule: _Rule, thin: int, length: float, ends: np.ndarray | None) -> bool:
    """Say whether a rule has the length, or crossing rules (mask ``ends``) at both its ends."""
    if rule.last - rule.first + 1 >= length:
        return True
    if ends is None:
        return False
    rows, close = rule.near(ends.shape, thin)
    reach = 3 * thin
    crossing = ((ends[rows] > 0) & close).any(axis=0)
    before = crossing[max(0, rule.first - reach) : rule.first + reach]
    after = crossing[max(0, rule.last - reach) : rule.last + reach]
    return bool(before.any() and after.any())
