"""Ruled lines, underlines and frames: found as long thin straight runs of ink and taken out.

Only runs as thin as a rule go; where a stroke crosses, the run is thicker and stays.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from camdigits.preprocess.frames import LEAN, find_frames, sides_and_dividers
from camdigits.preprocess.labels import connected
from camdigits.preprocess.straight import Rule, straight, without_blocks

# Glyph heights of level rules, alone and as one side of a box; of their longest unbroken stretch,
# for bowls on a line are shorter; and of upright rules, alone and between two level ones.
LEVEL, SHORT, LONGEST = 2.5, 1.2, 1.1
UPRIGHT, BOXED = 4.0, 0.9
TWICE = 2  # rules looked for in one band: double rules are usual on cheques
REACH = 2.0  # glyph heights around the ink as far as anything below looks


def remove_rules(mask: np.ndarray, stroke: float, height: float) -> np.ndarray:
    """Return the ink ``mask`` (uint8, h x w) without rules and frames.

    ``stroke`` is the stroke width and ``height`` the usual glyph height in pixels. A level rule is
    at least 2.5 glyphs long (or four fifths of the picture), or 1.2 as one side of a frame, which
    may be open; an upright one 4 (or nine tenths of the picture), for a 1 or a 7 may be tall, or
    0.9 where level rules end it on both sides, or make a corner with it.
    """
    margin = math.ceil(REACH * height)
    x, y, width, tall = cv2.boundingRect(mask)
    around = np.s_[max(0, y - margin) : y + tall + margin, max(0, x - margin) : x + width + margin]
    left = mask.copy()
    left[around] = _without_rules(np.ascontiguousarray(mask[around]), stroke, height, mask.shape)
    return left


def _without_rules(
    mask: np.ndarray, stroke: float, height: float, shape: tuple[int, ...]
) -> np.ndarray:
    """Return what :func:`remove_rules` does of the part of a picture of ``shape`` with its ink."""
    thin = math.ceil(1.25 * stroke) + 1
    level = _Runs.of(mask, thin, max(2 * thin, round(0.2 * height)))
    length = min(LEVEL * height, 0.8 * shape[1])
    rules = [
        rule
        for rule in level.rules(min(length, SHORT * height), height)
        if not rule.made_of_feet(mask, level.flat, thin, height)
    ]
    frames = find_frames(mask, rules, thin, height)
    sides = {side for frame in frames for side in (frame.top, frame.bottom)}
    unbroken = LONGEST * height
    short = [r for r in rules if r.length < length and r.unbroken >= unbroken and r not in sides]
    rules = [r for r in rules if r in sides or (r.length >= length and r.unbroken >= unbroken)]
    across = level.erased(rules)
    rest = cv2.subtract(mask, across)
    if frames:
        rest = cv2.subtract(rest, sides_and_dividers(rest, frames, thin))
    turned, ends = np.ascontiguousarray(rest.T), np.ascontiguousarray(across.T)
    upright = _Runs.of(turned, thin, round(0.6 * height))
    length = min(UPRIGHT * height, max(2.2 * height, 0.9 * shape[0]))
    lying = [rule for rule in upright.rules(BOXED * height, height) if rule.unbroken >= unbroken]
    corners = [rule for rule in short if any(_at_corner(side, thin, [rule]) for side in lying)]
    if corners:
        rest = cv2.subtract(rest, level.erased(corners))
        rules += corners
    lying = [
        rule
        for rule in lying
        if rule.length >= length or _between(rule, thin, ends) or _at_corner(rule, thin, rules)
    ]
    return cv2.subtract(rest, np.ascontiguousarray(upright.erased(lying).T))


@dataclass(frozen=True)
class _Runs:
    """The ink of a ``mask`` that is at most ``thin`` high, ``flat``, and of that the level ``runs``
    of at least some length; uint8 (h, w)."""

    mask: np.ndarray
    flat: np.ndarray
    runs: np.ndarray
    thin: int

    @classmethod
    def of(cls, mask: np.ndarray, thin: int, run: int) -> _Runs:
        """Return those of ``mask`` that are at least ``run`` pixels long."""
        flat = without_blocks(mask, thin + 1, 1)
        runs = cv2.morphologyEx(flat, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
        return cls(mask, flat, runs, thin)

    def rules(self, least: float, height: float) -> Iterator[Rule]:
        """Yield the straight lines of the mask at least ``least`` long that the runs make."""
        if not cv2.countNonZero(self.runs):
            return
        bridge = np.ones((1, round(1.5 * height) | 1), np.uint8)
        bands = cv2.dilate(self.runs, np.ones((3, 1), np.uint8))
        labels, stats = connected(cv2.morphologyEx(bands, cv2.MORPH_CLOSE, bridge))
        for i in np.flatnonzero(stats[1:, cv2.CC_STAT_WIDTH] >= least) + 1:
            x, y, w, h = stats[i, :4].tolist()
            place = np.s_[y : y + h, x : x + w]
            band = np.where(labels[place] == i, self.runs[place], 0)
            for _ in range(TWICE):
                rule = straight(band, self.mask[place], self.thin, LONGEST * height)
                if rule is None or rule.length < least:
                    break
                yield rule.moved(x, y)
                rule.clear(band, self.thin)

    def erased(self, rules: list[Rule]) -> np.ndarray:
        """Return the pixels (uint8 mask) that the rules take with them."""
        found = np.zeros_like(self.flat)
        for rule in rules:
            rule.erase(self.mask, self.flat, self.runs, found, self.thin)
        return found


def _between(rule: Rule, thin: int, ends: np.ndarray) -> bool:
    """Say whether crossing rules (mask ``ends``) are at both ends of a rule."""
    rows, close = rule.near(ends.shape, thin)
    reach = 3 * thin
    crossing = ((ends[rows] > 0) & close).any(axis=0)
    before = crossing[max(0, rule.first - reach) : rule.first + reach]
    after = crossing[max(0, rule.last - reach) : rule.last + reach]
    return bool(before.any() and after.any())


def _at_corner(rule: Rule, thin: int, level: list[Rule]) -> bool:
    """Say whether an upright rule, seen lying, makes a corner with an end of a ``level`` one."""
    return any(
        abs(rule.tilt + other.tilt) <= LEAN
        and abs(rule.at(row) - end) <= 2 * thin
        and abs(row - other.at(end)) <= 3 * thin
        for other in level
        for row in (rule.first, rule.last)
        for end in (other.first, other.last)
    )
