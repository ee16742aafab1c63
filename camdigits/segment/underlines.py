"""Underlines of short numbers: level strokes below digits, too short to be told as rules."""

from __future__ import annotations

import numpy as np

# In usual glyph heights: how tall an underline is at most and how wide at least, how far below
# digits it is at most and reaches into their box, and how tall these are at least.
FLAT, LEAST, BELOW, REACH, DIGIT = 0.25, 0.35, 0.5, 0.1, 0.5
LONG = 3.0  # times its height that it is wide at least
SHARED = 0.5  # share of the narrower one's width that it has in common with a digit above
WIDER = 1.15  # times the width of what is above that it is wide: the foot of a broken 2 is not


def find_underlines(boxes: np.ndarray, height: float) -> np.ndarray:
    """Return which of ``boxes`` (n, 4), bool (n,), are strokes that underline others: flat, below
    what is as tall as a digit and wider than that. ``height`` is the usual one of glyphs (pixels).
    """
    width, tall = boxes[:, 2:].T
    flat = (tall <= FLAT * height) & (width >= LONG * tall) & (width >= LEAST * height)
    digits = boxes[tall >= DIGIT * height]
    left, right, foot = digits[:, 0], digits[:, 0] + digits[:, 2], digits[:, 1] + digits[:, 3]
    found = np.zeros(len(boxes), bool)
    for i in np.flatnonzero(flat):
        x, y, w, _ = boxes[i].tolist()
        shared = np.minimum(right, x + w) - np.maximum(left, x)
        gap = y - foot
        above = shared >= SHARED * np.minimum(digits[:, 2], w)
        above &= (gap >= -REACH * height) & (gap <= BELOW * height)
        if above.any():
            found[i] = w >= WIDER * (right[above].max() - left[above].min())
    return found
