"""Connected parts of a mask."""

from __future__ import annotations

import cv2
import numpy as np


def connected(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the labels (h, w) of the 8-connected parts of ``mask`` (uint8), 0 where it is 0, and
    the parts' statistics (n, 5) in OpenCV's order, row 0 being what is outside of them.

    Labels of 16 bits take a third of the time of those of 32; a picture of up to 2^18 pixels never
    needs more.
    """
    rows, columns = (-(-side // 2) for side in mask.shape)
    kind = cv2.CV_16U if rows * columns < 1 << 16 else cv2.CV_32S
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=kind)
    return labels, stats
