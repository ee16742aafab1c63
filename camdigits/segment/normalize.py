"""One glyph as the network sees it: MNIST's own normalization."""

from __future__ import annotations

import cv2
import numpy as np

SIDE, BODY = 28, 20  # pixels of the picture, and of the box that holds the ink


def normalize(glyph: np.ndarray, least_extent: float = 0.0) -> np.ndarray:
    """Return gray ink ``glyph`` (uint8, any size) as uint8 (28, 28).

    The ink's bounding box is scaled to fit 20x20 with its aspect ratio kept, and its center of
    mass goes to the middle (LeCun et al. 1998, doi:10.1109/5.726791). ``least_extent`` (pixels)
    keeps marks smaller than that from being blown up to the size of a digit. The darkest ink
    becomes 255; a glyph without ink stays empty.
    """
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    if glyph.size < 2:  # a single pixel is no glyph, and OpenCV takes it for a scalar
        return canvas
    left, top, width, height = cv2.boundingRect(cv2.threshold(glyph, 40, 255, cv2.THRESH_TOZERO)[1])
    if not width:
        return canvas
    scale = BODY / max(height, width, least_extent)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    body = cv2.resize(glyph[top : top + height, left : left + width], size, interpolation=method)
    darkest = cv2.minMaxLoc(body)[1]
    body = cv2.convertScaleAbs(body, alpha=255 / max(darkest, 1.0))
    moments = cv2.moments(body)
    middle = (SIDE - 1) / 2
    x = min(max(round(middle - moments["m10"] / moments["m00"]), 0), SIDE - size[0])
    y = min(max(round(middle - moments["m01"] / moments["m00"]), 0), SIDE - size[1])
    canvas[y : y + size[1], x : x + size[0]] = body
    return canvas


def as_batch(glyphs: list[np.ndarray]) -> np.ndarray:
    """Return uint8 (28, 28) glyphs as one float32 batch (n, 28, 28, 1), ink 1.0."""
    if not glyphs:
        return np.zeros((0, SIDE, SIDE, 1), np.float32)
    return np.stack(glyphs).astype(np.float32)[..., None] / 255
