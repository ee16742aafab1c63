"""Noise of the camera: in a shadow, once it is lit evenly, it may be as strong as ink.

Noise changes from pixel to pixel, writing does not: what a mean over the pixels beside takes away
tells how strong it is (Immerkaer 1996, doi:10.1006/cviu.1996.0060), and a blur takes it away.
"""

from __future__ import annotations

import cv2
import numpy as np

CELL, WINDOW = 16, 7  # pixels of a cell; cells of a window, of which the quietest counts
# The share of the darkest ink from which a deviation is too much (4.5 of them reach a quarter of
# it); the least share of a picture that is worth it; the deviation of the blur (pixels).
TOO_MUCH, LEAST, BLUR = 0.25 / 4.5, 0.01, 1.0
_WINDOW = np.ones((WINDOW, WINDOW), np.uint8)
# Deviation of noise for each gray level by which it differs from the mean of the nine pixels
# around it: of a normal deviate its mean size, of the difference its own deviation.
_DEVIATION = float(np.sqrt(np.pi / 2) / np.sqrt(8 / 9))


def cell_means(picture: np.ndarray) -> np.ndarray:
    """Return the means of ``picture`` (h, w) in cells of ``CELL`` pixels a side, float32
    (h // CELL, w // CELL), at least 1 x 1."""
    rows, columns = (max(1, side // CELL) for side in picture.shape)
    used = picture[: rows * CELL, : columns * CELL].astype(np.float32, copy=False)
    return cv2.resize(used, (columns, rows), interpolation=cv2.INTER_AREA)


def quietest(cells: np.ndarray) -> np.ndarray:
    """Return of each cell of float32 (rows, columns) the least in the window around it."""
    return cv2.erode(cells, _WINDOW, borderType=cv2.BORDER_REPLICATE)


def noise_deviation(darkness: np.ndarray) -> np.ndarray:
    """Return the deviation (gray levels) of the noise of ``darkness``, uint8 (h, w), in the cells
    of :func:`cell_means`.

    Strokes are as rough as noise, but only in a few cells at once: of each window of cells the
    quietest counts (a morphological opening).
    """
    rough = cv2.absdiff(darkness, cv2.blur(darkness, (3, 3)))
    return np.asarray(_DEVIATION * cv2.dilate(quietest(cell_means(rough)), _WINDOW))


def without_noise(darkness: np.ndarray, darkest: float) -> np.ndarray:
    """Return ``darkness``, uint8 (h, w), blurred where its noise comes near the ``darkest`` ink
    (0-255); the same array where it nowhere does, or is too small to tell noise from writing."""
    if min(darkness.shape) < CELL * WINDOW:
        return darkness
    noisy = (noise_deviation(darkness) > TOO_MUCH * darkest).astype(np.uint8)
    if noisy.mean() < LEAST:
        return darkness
    around = cv2.dilate(noisy, np.ones((3, 3), np.uint8))
    where = cv2.resize(around, darkness.shape[::-1], interpolation=cv2.INTER_NEAREST)
    return np.where(where > 0, cv2.GaussianBlur(darkness, (0, 0), BLUR), darkness)
