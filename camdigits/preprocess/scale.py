"""Pictures made smaller."""

from __future__ import annotations

import cv2
import numpy as np


def shrink(gray: np.ndarray, scale: float, method: int = cv2.INTER_AREA) -> np.ndarray:
    """Return uint8 (h, w) with its sides times ``scale``; as it is where that is 1 or more.

    Each pixel is the mean of what it covers. Exact halves, which cost next to nothing, come first;
    an odd last row or column is left out of a half. The ``method`` of OpenCV does the rest:
    INTER_LINEAR, which is far faster, serves where fine strokes don't matter.
    """
    if scale >= 1:
        return gray
    height, width = (max(1, round(side * scale)) for side in gray.shape)
    while gray.shape[0] >= 2 * height and gray.shape[1] >= 2 * width:
        rows, columns = gray.shape[0] // 2, gray.shape[1] // 2
        gray = cv2.resize(
            gray[: 2 * rows, : 2 * columns], (columns, rows), interpolation=cv2.INTER_AREA
        )
    if gray.shape == (height, width):
        return gray
    return cv2.resize(gray, (width, height), interpolation=method)
