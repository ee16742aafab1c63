"""Frames and cells of forms: two level rules with the same ends, and what stands between them.

A form's sides and dividers are drawn with the rules that they join: at right angles, straight, and
from rule to rule. Handwriting hardly ever is all three, whatever it touches or crosses.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from camdigits.preprocess.straight import Rule, without_blocks

LOW, TALL = 0.7, 4.0  # glyph heights between the two rules of a frame
FLAT = 1.2  # times their length at most
SLACK = 0.05  # share of their length by which their ends may differ
BORDER = 0.5  # glyph heights from the border of the picture within which a rule goes on beyond it
# Share of the way from rule to rule on which a side or a divider shows, and on which it is as thin
# as a rule: there nothing touches it.
SIDE, DIVIDER, THIN = 0.75, 0.9, 0.4
LEAN, STEPS = 0.05, 11  # dx per dy by which they lean against the right angle at most


@dataclass(frozen=True)
class Frame:
    """A frame with the level rules ``top`` and ``bottom``, and the middles of its sides and
    dividers: their ``columns`` and ``rows``, integers (n, steps)."""

    top: Rule
    bottom: Rule
    columns: np.ndarray
    rows: np.ndarray


def find_frames(mask: np.ndarray, rules: Sequence[Rule], thin: int, height: float) -> list[Frame]:
    """Return the frames that level ``rules`` make in the ink ``mask`` (uint8, h x w).

    ``thin`` is the largest thickness of a rule and ``height`` the usual glyph height in pixels.
    """
    frames = []
    ordered = sorted(rules, key=lambda rule: rule.middle)
    between = _Between(mask, thin, BORDER * height) if len(ordered) > 1 else None
    for i, top in enumerate(ordered):
        for bottom in ordered[i + 1 :]:
            apart = bottom.middle - top.middle
            if apart > min(TALL * height, FLAT * top.length):
                break
            low = max(LOW * height, thin + 2)  # rows between two rules by which to tell a side
            if between and apart >= low and _same_ends(top, bottom, 3 * thin):
                frame = between.frame(top, bottom)
                if frame:
                    frames.append(frame)
                    break
    return frames


def sides_and_dividers(mask: np.ndarray, frames: Sequence[Frame], thin: int) -> np.ndarray:
    """Return the pixels (uint8 mask) that the uprights of ``frames`` have in ``mask``.

    Where they are thicker than the frame's lines usually are, a stroke lies on them and stays;
    what is thicker altogether is a stroke.
    """
    found = np.zeros_like(mask)
    slim = without_blocks(mask, 1, thin + 1)
    reach = math.ceil(thin / 2) + 1
    for frame in frames:
        x = frame.columns[:, :, None] + np.arange(-reach, reach + 1)
        x, y = np.broadcast_arrays(x, frame.rows[:, :, None])
        ink = _at(slim, x, y)
        thickness = np.ma.masked_equal(ink.sum(axis=2), 0)
        own = np.ma.median(thickness, axis=1)
        usual = 1.5 * float(np.ma.median(own)) + 1
        ink[(thickness > usual).filled(True) | (own > usual).filled(True)[:, None]] = False
        found[y[ink], x[ink]] = 255
    return found


def _same_ends(top: Rule, bottom: Rule, reach: int) -> bool:
    slack = reach + SLACK * max(top.length, bottom.length)
    return abs(top.first - bottom.first) <= slack and abs(top.last - bottom.last) <= slack


def _at(mask: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return where ``mask`` has ink at the places (x, y), bool; none beyond its borders."""
    rows, columns = mask.shape
    inside = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
    return inside & (mask[y.clip(0, rows - 1), x.clip(0, columns - 1)] > 0)


@dataclass(frozen=True)
class _Cover:
    """What lines from rule to rule meet, on columns from ``first`` on: ``shares`` (slopes, n) of
    their way that are inked; ``shifts`` (slopes, steps) are their columns."""

    first: int
    shares: np.ndarray
    shifts: np.ndarray

    def lines(self, slope: int, least: float, apart: int) -> np.ndarray:
        """Return the columns (n, steps) of the lines near a slope with at least such a share."""
        near = slice(max(0, slope - 1), slope + 2)
        best = self.shares[near].argmax(axis=0)
        share = self.shares[near].max(axis=0)
        free = share >= least
        found = []
        for column in np.argsort(-share, kind="stable"):
            if free[column]:
                free[max(0, column - apart) : column + apart + 1] = False
                found.append(self.first + column + self.shifts[near][best[column]])
        return np.array(found, np.int64).reshape(-1, self.shifts.shape[1])


class _Between:
    """The ink of a mask as seen along lines from rule to rule, which may miss it by a pixel."""

    def __init__(self, mask: np.ndarray, thin: int, border: float) -> None:
        wide = np.ones((1, 3), np.uint8)
        self._ink = cv2.dilate(mask, wide)
        self._slim = cv2.dilate(without_blocks(mask, 1, thin + 1), wide)
        self._thin, self._border = thin, border

    def frame(self, top: Rule, bottom: Rule) -> Frame | None:
        """Return the frame of two rules with what stands between them, None if neither side does.

        A rule that ends close to the picture's border has no side there, unless it clearly ends and
        both sides show as dividers must. Where only one of two does, it must too, for it may be a
        digit at the end of ruled lines.
        """
        width, margin = self._ink.shape[1], 3 * self._thin
        outer = min(top.first, bottom.first), max(top.last, bottom.last)
        inner = max(top.first, bottom.first) + margin, min(top.last, bottom.last) - margin
        within = outer[0] > self._thin and outer[1] < width - self._thin
        ends = [
            (outer[0] > self._border, outer[0] - margin, inner[0]),
            (outer[1] < width - self._border, inner[1], outer[1] + margin),
        ]
        covers = [
            (far, self._cover(top, bottom, first, last))
            for far, first, last in ends
            if far or within
        ]
        closed = within and all(cover.shares.max() >= DIVIDER for _, cover in covers)
        asked = [cover for far, cover in covers if far or closed]
        sides = [cover for cover in asked if cover.shares.max() >= SIDE]
        if not sides:
            return None
        surest = max(sides, key=lambda cover: float(cover.shares.max()))
        if len(sides) < len(asked) and surest.shares.max() < DIVIDER:
            return None
        slope = int(surest.shares.max(axis=1).argmax())
        found = [cover.lines(slope, SIDE, 2 * self._thin) for cover in sides]
        if inner[1] >= inner[0]:
            cover = self._cover(top, bottom, *inner)
            found.append(cover.lines(slope, DIVIDER, 2 * self._thin))
        columns = np.concatenate(found)
        return Frame(top, bottom, columns, self._rows(top, bottom, columns))

    def _down(self, top: Rule, bottom: Rule) -> tuple[np.ndarray, int]:
        """Return steps from rule to rule and a rule's thickness beyond either, and how many there
        are from rule to rule."""
        steps = max(2, round(bottom.middle - top.middle))
        return np.arange(-self._thin, steps + self._thin + 1), steps

    def _rows(self, top: Rule, bottom: Rule, columns: np.ndarray) -> np.ndarray:
        """Return the rows of columns (..., steps)."""
        down, steps = self._down(top, bottom)
        upper = top.offset + top.tilt * columns
        lower = bottom.offset + bottom.tilt * columns
        return np.rint(upper + (lower - upper) * (down / steps)).astype(np.int64)

    def _cover(self, top: Rule, bottom: Rule, first: int, last: int) -> _Cover:
        """Return what lines meet whose middles stand on columns first to last."""
        down, steps = self._down(top, bottom)
        slopes = np.linspace(-LEAN, LEAN, STEPS) - (top.tilt + bottom.tilt) / 2
        shifts = np.rint(slopes[:, None] * (down - steps / 2)).astype(np.int64)
        columns = np.arange(first, max(first, last) + 1)[:, None] + shifts[:, None, :]
        rows = self._rows(top, bottom, columns)
        free = (down > self._thin / 2) & (down < steps - self._thin / 2)
        inked, slim = (
            _at(picture, columns[..., free], rows[..., free]).mean(axis=2)
            for picture in (self._ink, self._slim)
        )
        return _Cover(first, np.where(slim < THIN, 0.0, inked), shifts)
