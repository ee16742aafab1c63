"""How a picture is blurred: out of focus, or by a hand that moved."""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np

WAYS, FEW, TELLING = 6, 15, 4  # ways that edges face; of how many in one, and in how many, to tell
SHARPEST = 10  # percentile of the edges' softness: noise and pale strokes make most look softer
WINDOW = 9  # pixels in which the strength of an edge is seen
SIDE = 512  # most pixels of a side of what is looked at closely, for the time it takes
BLURRED, MOST = 1.3, 4.0  # deviations in pixels: what is too much, and the most that is told
# Of a movement: how many times as soft as across edges are along its way, in what seems sharp and
# in what is blurred, where what is as sharp as SHARP counts as that; its least and most pixels
# (noise is least like itself a pixel on); and how unlike itself a picture is so far apart.
MOVED, SMEARED, SHARP = 1.4, 1.2, 0.6
SHORTEST, LONGEST, UNLIKE = 3, 40, 0.1


class Blur(NamedTuple):
    """A Gaussian blur: its deviation (pixels) along its way and across, and its way in degrees,
    clockwise from the level; of a straight movement also its ``length`` in pixels, else 0."""

    along: float
    across: float
    degrees: float
    length: int = 0


def find_blur(gray: np.ndarray, ink: np.ndarray) -> Blur | None:
    """Return how ``gray``, uint8 (h, w), is blurred by the sharpest edges of its ``ink``, uint8 (h,
    w), 255 where it is; None if that is hardly at all, or too few edges tell.

    The steepest slope of a step that is blurred is its height over the deviation and the square
    root of two pi; which way an edge faces, that way it is blurred.
    """
    edge = cv2.subtract(ink, cv2.erode(ink, np.ones((3, 3), np.uint8)))
    rows, columns = np.nonzero(edge[1:-1, 1:-1] > 0)
    place = rows + 1, columns + 1
    across = cv2.Sobel(gray, cv2.CV_32F, 1, 0)[place] / 8
    down = cv2.Sobel(gray, cv2.CV_32F, 0, 1)[place] / 8
    slopes = np.maximum(np.hypot(across, down), 1e-3)
    deviations = _steps(gray)[place] / (math.sqrt(2 * math.pi) * slopes)
    facing = np.floor(np.arctan2(down, across) % np.pi * WAYS / np.pi).astype(int) % WAYS
    equations, squares = [], []
    for way in range(WAYS):
        own = deviations[facing == way]
        if len(own) >= FEW:
            x, y = (f((way + 0.5) * math.pi / WAYS) for f in (math.cos, math.sin))
            weight = math.sqrt(len(own))
            equations.append(weight * np.array([x * x, y * y, 2 * x * y]))
            squares.append(weight * float(np.percentile(own, SHARPEST)) ** 2)
    if len(equations) < TELLING:
        return None
    a, b, c = np.linalg.lstsq(np.array(equations), np.array(squares), rcond=None)[0]
    variances, axes = np.linalg.eigh(np.array([[a, c], [c, b]]))
    least, most = np.sqrt(np.clip(variances, 0.0, MOST**2)).tolist()
    degrees = math.degrees(math.atan2(axes[1, 1], axes[0, 1])) % 180
    length, blurred = 0, most >= BLURRED
    if most > (SMEARED if blurred else MOVED) * max(least, SHARP):
        length = _length(gray[around(ink, LONGEST)], degrees)
    return Blur(most, least, degrees, length) if length or blurred else None


def around(ink: np.ndarray, beside: int) -> tuple[slice, slice]:
    """Return the rows and columns, at most ``SIDE`` of either, around the most ``ink``, uint8 (h,
    w), and so many pixels ``beside`` it."""
    x, y, width, height = cv2.boundingRect(ink)
    rows, columns = (min(side + 2 * beside, SIDE) for side in (height, width))
    across, down = x + width // 2, y + height // 2
    if max(width, height) + 2 * beside > SIDE:
        window = max(1, columns - 2 * beside), max(1, rows - 2 * beside)
        held = cv2.boxFilter(ink, cv2.CV_32F, window, borderType=cv2.BORDER_CONSTANT)
        densest = cv2.minMaxLoc(held)[3]
        # Of a side that fits, all is inside; of several places that hold as much the first is told.
        across = densest[0] if columns == SIDE else across
        down = densest[1] if rows == SIDE else down
    left, top = max(0, across - columns // 2), max(0, down - rows // 2)
    return slice(top, top + rows), slice(left, left + columns)


def _length(gray: np.ndarray, degrees: float) -> int:
    """Return how many pixels ``gray``, uint8 (h, w), was moved along a way in ``degrees``; 0 if
    that cannot be told.

    What was moved changes from pixel to pixel of the way by the difference of what lies as far
    apart as it was moved, and so its changes are least alike that far apart (Yitzhaky and Kopeika
    1997, doi:10.1006/gmip.1997.0435).
    """
    rows, columns = gray.shape
    side = math.ceil(math.hypot(rows, columns))
    turn = cv2.getRotationMatrix2D(((columns - 1) / 2, (rows - 1) / 2), degrees, 1.0)
    turn[:, 2] += ((side - columns) / 2, (side - rows) / 2)
    level = cv2.warpAffine(gray, turn, (side, side), borderMode=cv2.BORDER_REPLICATE)
    changes = np.diff(level.astype(np.float32), axis=1)
    count = changes.shape[1] + LONGEST  # so far apart nothing meets its other end
    strength = np.square(np.abs(np.fft.rfft(changes, count, axis=1))).sum(axis=0)
    alike = np.fft.irfft(strength, count)[: LONGEST + 1]
    length = SHORTEST + int(alike[SHORTEST:].argmin())
    return length if alike[length] < -UNLIKE * alike[0] else 0


def _steps(gray: np.ndarray) -> np.ndarray:
    """Return how far ``gray`` goes up and down near each pixel, float32 (h, w)."""
    smooth, window = cv2.blur(gray, (3, 3)), np.ones((WINDOW, WINDOW), np.uint8)
    steps = cv2.morphologyEx(smooth, cv2.MORPH_GRADIENT, window)
    return cv2.blur(steps.astype(np.float32), (WINDOW, WINDOW))
