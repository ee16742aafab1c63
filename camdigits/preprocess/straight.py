"""Straight thin lines in a mask: found in a band of it, placed, and taken out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

LEAST_COVER = 0.55  # share of its columns in which a rule must show as a thin run of its own
STEEPEST = 0.2  # dy per dx of a rule
REFITS = 4
GAP = 3  # columns by which a thin run is still unbroken
VOTERS = 500  # points from which the first guess of a rule is made
# The feet of round digits in a row look like a rule, but have holes: they show in less than WHOLE
# of its columns; and less than BARE of those stand alone, as those of a rule do between glyphs.
# Dots between feet stand alone too: what shows in less than HOLED of its columns is no rule either,
# unless it is at least SHORT glyph heights long.
WHOLE, BARE = 0.92, 0.1
HOLED, SHORT = 0.85, 4.0


@dataclass(frozen=True)
class Rule:
    """A straight line y = offset + tilt * x, seen from column ``first`` to ``last``.

    It shows as a thin run of its own in at most ``unbroken`` columns in a row.
    """

    tilt: float
    offset: float
    first: int
    last: int
    unbroken: int

    @property
    def length(self) -> int:
        """How many columns it has."""
        return self.last - self.first + 1

    @property
    def middle(self) -> float:
        """The row of its middle."""
        return self.at((self.first + self.last) / 2)

    def at(self, column: float) -> float:
        """Return its row (pixels, not rounded) at a column."""
        return self.offset + self.tilt * column

    def moved(self, x: int, y: int) -> Rule:
        """Return the rule as seen from a picture that holds this one at (x, y)."""
        offset = self.offset + y - self.tilt * x
        return Rule(self.tilt, offset, self.first + x, self.last + x, self.unbroken)

    def near(self, shape: tuple[int, int], reach: float) -> tuple[slice, np.ndarray]:
        """Return the rows (slice) that the line passes in a picture of ``shape``, and which of
        their pixels (bool) lie within ``reach`` of it."""
        line = self.offset + self.tilt * np.arange(shape[1])
        top = max(0, math.floor(line.min() - reach))
        bottom = min(shape[0], math.ceil(line.max() + reach) + 1)
        return slice(top, bottom), np.abs(np.arange(top, bottom)[:, None] - line) <= reach

    def made_of_feet(self, mask: np.ndarray, flat: np.ndarray, thin: int, height: float) -> bool:
        """Say whether the rule has holes in ``flat``, its thin ink, and yet is short or hardly ever
        bare in ``mask``: without other ink within a glyph's ``height`` above or below."""
        (rows, close), (wide, around) = (self.near(mask.shape, d) for d in (thin / 2 + 1, height))
        own = slice(self.first, self.last + 1)
        on = (close & (mask[rows] > 0)).sum(axis=0)[own]
        beside = (around & (mask[wide] > 0)).sum(axis=0)[own] - on
        inked = np.any(close & (flat[rows] > 0), axis=0)[own]
        bare = inked & (beside == 0)
        seldom = bare.sum() < BARE * inked.sum()
        short = inked.mean() < HOLED and self.length < SHORT * height
        return bool(inked.mean() < WHOLE and (seldom or short))

    def erase(
        self, mask: np.ndarray, flat: np.ndarray, runs: np.ndarray, found: np.ndarray, thin: int
    ) -> None:
        """Add to ``found`` the ``flat`` ink of ``mask`` along the rule, and the long thin ``runs``
        where it goes on.

        Where the ink is thicker than the rule usually is, a stroke lies on it and stays; so does
        what is between two such places less than half of ``thin`` apart: a slit through a stroke.
        """
        rows, close = self.near(flat.shape, thin / 2 + 1)
        beyond = close.copy()
        beyond[:, self.first : self.last + 1] = False
        ink = np.where(beyond, runs[rows], np.where(close, flat[rows], 0))
        thickness = (ink > 0).sum(axis=0)
        shown = thickness[thickness > 0]
        if len(shown):
            stroke = thickness > 1.5 * np.median(shown) + 1
            stroke |= (thickness == 0) & np.any(close & (mask[rows] > 0), axis=0)
            for left, right in pairwise(np.flatnonzero(stroke).tolist()):
                if right - left <= thin / 2 + 1:
                    stroke[left:right] = True
            ink[:, stroke] = 0
        found[rows] |= ink

    def clear(self, band: np.ndarray, thin: int) -> None:
        """Take the rule out of ``band``."""
        rows, close = self.near(band.shape, thin / 2 + 1)
        band[rows][close] = 0


def without_blocks(mask: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Return the ink of ``mask`` (uint8, 0 or 255) that no block of such a size, all ink, holds."""
    block = np.ones((rows, columns), np.uint8)
    return cv2.subtract(mask, cv2.morphologyEx(mask, cv2.MORPH_OPEN, block))


def straight(band: np.ndarray, mask: np.ndarray, thin: int, longest: float) -> Rule | None:
    """Return the straight line through most of ``band``, None if it has none.

    ``band`` (uint8, h x w) holds thin runs of ``mask``. ``longest``: where strokes and other rules
    cross it, the line goes on in the mask, for at least so many columns unbroken.
    """
    rows, columns = np.nonzero(band > 0)
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
    shown = np.unique(columns[np.abs(rows - tilt * across - offset) <= reach])
    if not len(shown) or len(shown) < LEAST_COVER * (np.ptp(shown) + 1):
        return None
    first, last = int(shown[0]), int(shown[-1])
    rule = Rule(float(tilt), float(offset - tilt * center), first, last, _stretch(shown, GAP))
    along, close = rule.near(mask.shape, reach)
    inked = np.flatnonzero(np.any(close & (mask[along] > 0), axis=0)[first : last + 1])
    return rule if _stretch(inked, thin) >= longest else None


def _stretch(columns: np.ndarray, gap: int) -> int:
    """Return the number of ``columns`` (n,), rising, in the longest stretch without a wider step
    than ``gap``; n is at least 1."""
    far = gap + 2
    steps = np.diff(columns, prepend=columns[0] - far, append=columns[-1] + far)
    return int(np.diff(np.flatnonzero(steps > gap)).max())


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
