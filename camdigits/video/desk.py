"""What lies around a picture that is filmed: its paper goes on a little, then comes the desk."""

from __future__ import annotations

import cv2
import numpy as np

# Margin of blank paper around the picture, in shorter sides of the picture.
_PAPER = 0.07
# Side of the small copy from which the paper's own color is taken, pixels; and the side, odd, of
# the median on it, which writing doesn't outvote.
_SMALL, _MEDIAN = 160, 9
# Colors of desks, BGR: light and dark wood, gray, green, near white.
_DESKS = ((96, 132, 168), (60, 84, 112), (120, 122, 124), (84, 104, 84), (188, 194, 196))
_STREAKS = 0.04  # relative standard deviation of the grain of the wood
_SHADOW = 0.35  # share of light that the sheet takes from the desk at its edge


def lay_out(
    picture: np.ndarray, scale: float, width: int, height: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Lay a picture on a desk.

    ``picture`` is uint8 BGR (h, w, 3), drawn ``scale`` times as large in the middle of a desk of
    ``width`` x ``height`` pixels, which must hold it. Returns the desk, uint8 BGR (height, width,
    3), and the float64 (3, 3) matrix from positions in the picture to positions on the desk, both
    counted from the outer corner of the first pixel.
    """
    rng = np.random.default_rng((seed, 3))
    large = _resized(picture, scale)
    rows, columns = large.shape[:2]
    left, top = (width - columns) // 2, (height - rows) // 2
    margin = round(_PAPER * min(rows, columns))
    desk = _desk(rng, width, height)
    outer = (left - margin, top - margin, columns + 2 * margin, rows + 2 * margin)
    _cast_shadow(desk, outer)
    paper = _paper_around(large, margin, scale, rng)
    _paste(desk, paper, left - margin, top - margin)
    _paste(desk, large, left, top)
    across, down = columns / picture.shape[1], rows / picture.shape[0]
    place = np.array([[across, 0.0, left], [0.0, down, top], [0.0, 0.0, 1.0]])
    return desk, place


def _resized(picture: np.ndarray, scale: float) -> np.ndarray:
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(picture, size, interpolation=method)


def _paper_around(
    large: np.ndarray, margin: int, scale: float, rng: np.random.Generator
) -> np.ndarray:
    """Return blank paper ``margin`` pixels larger on every side that continues the picture's."""
    rows, columns = large.shape[:2]
    shrink = min(1.0, _SMALL / max(rows, columns))
    size = (max(1, round(columns * shrink)), max(1, round(rows * shrink)))
    blank = cv2.medianBlur(cv2.resize(large, size, interpolation=cv2.INTER_AREA), _MEDIAN)
    blank = cv2.resize(blank, (columns, rows), interpolation=cv2.INTER_LINEAR)
    paper = cv2.copyMakeBorder(blank, *(4 * (margin,)), cv2.BORDER_REPLICATE)
    soft = cv2.blur(paper, (2 * (margin // 10) + 1,) * 2)
    grain = rng.standard_normal(paper.shape[:2]).astype(np.float32) * _grain(large)
    if scale > 1:
        # Enlarging made the picture's own grain coarse; blurring as much keeps 1 / (2 s sqrt(pi)).
        sigma = 0.5 * scale
        grain = cv2.GaussianBlur(grain, (0, 0), sigma) * (2 * sigma * np.sqrt(np.pi))
    return cv2.add(soft, cv2.merge([grain] * 3), dtype=cv2.CV_8U)


def _grain(picture: np.ndarray) -> float:
    """Return the standard deviation of the paper's grain in gray levels, from the median
    deviation, which strokes don't move (Rousseeuw & Croux 1993, doi:10.2307/2291267)."""
    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    return float(1.4826 * np.median(np.abs(gray - cv2.GaussianBlur(gray, (0, 0), 3.0))))


def _desk(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    color = np.array(_DESKS[rng.integers(len(_DESKS))]) * rng.uniform(0.85, 1.15)
    streaks = rng.standard_normal((height, width)).astype(np.float32)
    streaks = cv2.GaussianBlur(streaks, (0, 0), sigmaX=width / 30, sigmaY=height / 200)
    streaks = 1.0 + _STREAKS * streaks / streaks.std()
    return cv2.merge([cv2.convertScaleAbs(streaks, alpha=channel) for channel in color])


def _cast_shadow(desk: np.ndarray, sheet: tuple[int, int, int, int]) -> None:
    """Darken ``desk`` in place around the sheet at x, y, width, height, more below and right."""
    x, y, columns, rows = sheet
    reach = max(1.0, desk.shape[0] / 120)
    shadow = np.zeros(desk.shape[:2], np.float32)
    shift = round(reach)
    shadow[max(0, y + shift) : y + rows + shift, max(0, x + shift) : x + columns + shift] = _SHADOW
    light = 1.0 - cv2.GaussianBlur(shadow, (0, 0), reach)
    desk[:] = cv2.multiply(desk, cv2.merge([light] * 3), dtype=cv2.CV_8U)


def _paste(desk: np.ndarray, sheet: np.ndarray, left: int, top: int) -> None:
    """Put ``sheet`` on ``desk`` in place, cut off at its edges."""
    rows, columns = desk.shape[:2]
    part = sheet[max(0, -top) : rows - top, max(0, -left) : columns - left]
    y, x = max(0, top), max(0, left)
    desk[y : y + part.shape[0], x : x + part.shape[1]] = part
