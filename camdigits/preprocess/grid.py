"""Squared paper: its lines are found by their length, and their darkness is taken off.

What is written on a line stays darker than the line by as much as it is on paper, so strokes that
cross lines, or run along them, hold together.
"""

from __future__ import annotations

import cv2
import numpy as np

# As shares of the long side of the picture: a line's unbroken length, and its largest thickness.
LENGTH, THICKNESS = 1 / 8, 1 / 60
# In the picture of a single row, bars and stems of digits have less than such shares of its height.
BAR, STEM = 0.33, 0.4
SHORTEST, LONGEST, THINNEST = 40, 80, 9  # pixels
VISIBLE = 10  # darkness from which a line shows
UNEVEN, GRAIN = 1.3, 4  # a line is at most darker than its palest place by factor and term
LINES, ALONG = 3, 0.7  # lines of each direction at least, and the share of it along which they go


def without_grid(darkness: np.ndarray) -> np.ndarray:
    """Return ``darkness`` (uint8, h x w) without the lines of squared paper, itself without such.

    Darkness is a share of light that ink and line each take away, so what a line took is divided
    out.
    """
    long_side, height = max(darkness.shape), darkness.shape[0]
    least = max(SHORTEST, round(LENGTH * long_side))
    thickness = max(THINNEST, round(THICKNESS * long_side)) | 1
    level = _lines(darkness, max(least, min(LONGEST, round(BAR * height))), thickness)
    if level is None:
        return darkness
    stem = max(least, min(LONGEST, round(STEM * height)))
    upright = _lines(np.ascontiguousarray(darkness.T), stem, thickness)
    if upright is None:
        return darkness
    level = cv2.max(level, np.ascontiguousarray(upright.T))
    light = cv2.bitwise_not(level)
    return cv2.divide(cv2.subtract(darkness, level), cv2.max(light, 1), scale=255)


def _lines(darkness: np.ndarray, length: int, thickness: int) -> np.ndarray | None:
    """Return the darkness of level lines, None where there are fewer than ``LINES``.

    An opening by a segment keeps what goes on for its length (one more row each way lets it lean);
    what is thicker than lines is taken off again.
    """
    length = min(length, round(0.8 * darkness.shape[1]))
    lean = cv2.dilate(darkness, np.ones((3, 1), np.uint8))
    lines = cv2.morphologyEx(lean, cv2.MORPH_OPEN, np.ones((1, length | 1), np.uint8))
    thick = cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones((thickness, 1), np.uint8))
    lines = cv2.subtract(lines, thick)
    seen = (lines > VISIBLE).astype(np.uint8)
    crossed = cv2.reduce(seen, 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel() > ALONG
    count = np.count_nonzero(np.diff(crossed, prepend=False) & crossed)
    if count < LINES:
        return None
    # The opening takes the palest of a stretch for all of it; the mean is nearer to what it is.
    there = seen.astype(np.float32)
    around = (length // 2 | 1, 1)
    mean = cv2.blur(darkness * there, around) / cv2.max(cv2.blur(there, around), 1e-3)
    level = np.minimum(mean * there, UNEVEN * lines + GRAIN).clip(0, 255).astype(np.uint8)
    return cv2.max(lines, level)
