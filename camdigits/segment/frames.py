"""Frames of fields, by themselves or with digits that touch them."""

from __future__ import annotations

import cv2
import numpy as np

from camdigits.segment.components import Components

CLOSED = 0.9  # share of its width that a frame shows above and below
BOX = 0.8  # share of each of the four sides that a frame shows with all that touches it
# Share of its box that is ink of what stands around glyphs, at most, and of cells with what touches
# them, which are at least so many times as wide as tall: round digits are narrower.
THIN, CROWDED, CELLS = 0.35, 0.6, 1.5


def holders(components: Components, height: float) -> np.ndarray:
    """Return which components (bool, n) are thin around another one as tall as glyphs, whose usual
    ``height`` (pixels) is given, or closed on all sides, thin or wide: frames of fields, by
    themselves or with digits that touch them."""
    large = np.flatnonzero(components.boxes[:, 3] >= 0.5 * height)
    glyphs = components.chosen(large)
    width, tall = glyphs.boxes[:, 2:].T
    found = np.zeros(len(components), bool)
    share = glyphs.areas / (width * tall)
    thin, cells = share < THIN, (share < CROWDED) & (width >= CELLS * tall)
    for i in np.flatnonzero(thin | cells):
        around = thin[i] and glyphs.inside(glyphs.boxes[i]).any()
        found[large[i]] = around or boxed(glyphs.one(int(i)))
    return found


def framed(components: Components, asked: np.ndarray) -> np.ndarray:
    """Return which components (bool, n), of those ``asked`` for (bool, n), are closed above and
    below, as frames are."""
    found = np.zeros(len(components), bool)
    for i in np.flatnonzero(asked):
        found[i] = _closed(components.one(int(i)))
    return found


def boxed(ink: np.ndarray) -> bool:
    """Say whether ``ink``, bool (h, w), is a frame with what touches it: closed on all sides."""
    return _closed(ink, BOX) and _closed(ink.T, BOX)


def _closed(ink: np.ndarray, share: float = CLOSED) -> bool:
    """Say whether ``ink``, bool (h, w), shows in a ``share`` of its width both above and below."""
    height = len(ink)
    band = np.ones((max(2, height // 8), 1), np.uint8)
    seen = cv2.dilate(ink.astype(np.uint8), band)
    closed = cv2.reduce(seen, 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel() > share
    third = max(1, height // 3)
    return bool(closed[:third].any() and closed[-third:].any())
