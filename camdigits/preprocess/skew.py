"""How far a picture lies askew, by its long straight lines: rules, frames, edges of sheets."""

from __future__ import annotations

import cv2
import numpy as np

from camdigits.preprocess.scale import shrink

PIXELS = 500_000  # of the picture in which lines are looked for
# Lines of less than LONG of the picture's longer side, or LEAST pixels, may be strokes; those of
# more than MOST degrees are not level. They are believed where they lie within WITHIN degrees of
# each other, if together they are ENOUGH of the picture's width long, and half of all.
LONG, LEAST, MOST, WITHIN, ENOUGH, HALF = 0.05, 20, 15.0, 2.0, 0.4, 0.5


def find_skew(gray: np.ndarray) -> float:
    """Return by how many degrees, at most 15, the long straight lines of ``gray``, uint8 (h, w),
    run down to the right (negative: up), 0.0 where there are few or they disagree.

    The lines are those of the line segment detector (Grompone von Gioi et al. 2010,
    doi:10.1109/TPAMI.2008.300).
    """
    small = shrink(gray, (PIXELS / gray.size) ** 0.5)
    found = cv2.createLineSegmentDetector().detect(small)[0]
    if found is None:
        return 0.0
    ends = found.reshape(-1, 4)
    across, down = (ends[:, 2:] - ends[:, :2]).T
    lengths = np.hypot(across, down)
    degrees = (np.degrees(np.arctan2(down, across)) + 90) % 180 - 90
    level = (lengths >= max(LONG * max(small.shape), LEAST)) & (np.abs(degrees) <= MOST)
    if not level.any():
        return 0.0
    order = np.argsort(degrees[level])
    degrees, lengths = degrees[level][order], lengths[level][order]
    sums = np.concatenate([[0.0], lengths.cumsum()])
    after = np.searchsorted(degrees, degrees + WITHIN, side="right")
    alike = sums[after] - sums[:-1]
    first = int(alike.argmax())
    if alike[first] < max(ENOUGH * small.shape[1], HALF * sums[-1]):
        return 0.0
    most = np.s_[first : after[first]]
    return float(np.average(degrees[most], weights=lengths[most]))
