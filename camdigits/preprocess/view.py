"""What the ink network looks at: darkness in a size that goes by the size of the writing."""

from __future__ import annotations

import cv2
import numpy as np

HEIGHT = 28.0  # pixels of a glyph in the network's view; what is smaller already stays as it is
LEAST = 320  # pixels of the longer side of a view: the height may be that of something else
MOST = 600_000  # pixels of a view, for the time and memory of the network
STEP = 8  # the network takes sides that are multiples of this


def view_scale(shape: tuple[int, ...], height: float, least: int = LEAST) -> float:
    """Return how far a picture of ``shape`` (h, w, pixels) is shrunk for the ink network, at most
    1: so that glyphs of the usual ``height`` (pixels) are ``HEIGHT`` tall, yet all of it neither
    below ``least`` pixels on its longer side nor above ``MOST`` altogether."""
    scale = max(HEIGHT / max(height, 1.0), least / max(shape))
    return min(1.0, scale, (MOST / (shape[0] * shape[1])) ** 0.5)


def padded(view: np.ndarray) -> np.ndarray:
    """Return a view, uint8 (h, w), with blank paper at the right and at the foot, to sides that are
    multiples of ``STEP``."""
    rows, columns = view.shape
    return cv2.copyMakeBorder(
        view, 0, -rows % STEP, 0, -columns % STEP, cv2.BORDER_CONSTANT, value=0
    )
