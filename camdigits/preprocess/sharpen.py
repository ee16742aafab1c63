"""Pictures out of focus, or taken by a hand that moved: how blurred they are, and less of it."""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np

WAYS, FEW, TELLING = 6, 15, 4  # ways that edges face; of how many in one, and in how many, to tell
SHARPEST = 10  # percentile of the edges' softness: noise and pale strokes make most look softer
WINDOW = 9  # pixels in which the strength of an edge is seen
# Deviations in pixels: what pictures in focus have, what is too much, and the most undone; the
# sharpest edges are this much sharper than all.
SHARP, BLURRED, MOST, SHARPER = 0.9, 1.3, 4.0, 1.2
ROUNDS = 4  # each takes back what the blur takes from the picture so far; more bring out noise


class Blur(NamedTuple):
    """A Gaussian blur: its deviation (pixels) along its way and across, and its way in degrees,
    clockwise from the level."""

    along: float
    across: float
    degrees: float


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
    least, most = np.sqrt(np.maximum(variances, 0.0)).tolist()
    if most < BLURRED:
        return None
    return Blur(most, least, math.degrees(math.atan2(axes[1, 1], axes[0, 1])) % 180)


def sharpened(gray: np.ndarray, blur: Blur) -> np.ndarray:
    """Return ``gray``, uint8 (h, w), about as sharp as pictures in focus are.

    Van Cittert's rounds (1931, doi:10.1007/BF01391351), in the range that a picture has.
    """
    kernel = _kernel(blur)
    blurred = gray.astype(np.float32)
    sharp = blurred
    for _ in range(ROUNDS):
        again = cv2.filter2D(sharp, -1, kernel, borderType=cv2.BORDER_REPLICATE)
        sharp = np.clip(sharp + blurred - again, 0, 255)
    return np.asarray(np.rint(sharp), np.uint8)


def _steps(gray: np.ndarray) -> np.ndarray:
    """Return how far ``gray`` goes up and down near each pixel, float32 (h, w)."""
    smooth, window = cv2.blur(gray, (3, 3)), np.ones((WINDOW, WINDOW), np.uint8)
    steps = cv2.morphologyEx(smooth, cv2.MORPH_GRADIENT, window)
    return cv2.blur(steps.astype(np.float32), (WINDOW, WINDOW))


def _kernel(blur: Blur) -> np.ndarray:
    """Return the kernel, float32 (k, k), of what a picture is more blurred by than one in focus."""
    along, across = (
        max(math.sqrt(max((SHARPER * min(deviation, MOST)) ** 2 - SHARP**2, 0.0)), 0.3)
        for deviation in (blur.along, blur.across)
    )
    reach = math.ceil(3 * along)
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    way = math.radians(blur.degrees)
    u, v = x * math.cos(way) + y * math.sin(way), y * math.cos(way) - x * math.sin(way)
    kernel = np.exp(-0.5 * ((u / along) ** 2 + (v / across) ** 2))
    return np.asarray(kernel / kernel.sum(), np.float32)
