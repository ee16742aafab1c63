"""Texture that passes for ink: squares, printed patterns, grain of paper or board.

The threshold of ink follows the darkest ink nearby, and where no ink is near, the texture of the
paper is the darkest. Its pieces are many and alike, and ink stands out from them.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from camdigits.preprocess.binarize import Ink, stroke_width
from camdigits.segment.components import Components, find_components
from camdigits.segment.sizes import GIANT, usual_height

CROWD = 300  # components from which most may be texture
ALIKE = 0.37  # deviation at most of the darkness of texture, as a share of it
# Ink is darker than texture by so many deviations, and in the median by this factor.
OUTSTANDING, DARKER = 5.0, 2.0


def without_texture(ink: Ink, components: Components) -> tuple[Ink, Components]:
    """Return ink and components without those that are texture, the same where none are.

    ``ink`` then has the stroke width of what is left, and ``components`` are ``textured``.
    """
    smooth = cv2.blur(ink.darkness, (3, 3))
    least = least_darkness(components, smooth)
    if not least:
        return ink, components
    standing = cv2.compare(smooth, least, cv2.CMP_GT)
    strong, faint = cv2.min(ink.strong, standing), cv2.min(ink.faint, standing)
    left = replace(find_components(ink.mask, strong), textured=True)
    # Neither specks nor the desk have strokes.
    height, tall = usual_height(left, ink.stroke), left.boxes[:, 3]
    glyphs = left.chosen((tall >= 0.5 * height) & (tall <= GIANT * height))
    return replace(ink, strong=strong, faint=faint, stroke=stroke_width(glyphs.mask)), left


def least_darkness(components: Components, darkness: np.ndarray) -> int:
    """Return the darkness (0-255) that texture does not exceed, 0 where there is none.

    ``darkness`` is uint8 (h, w), without noise.
    """
    if len(components) <= CROWD:
        return 0
    places = np.flatnonzero(components.labels > 0)
    peaks = np.zeros(int(components.labels.max()) + 1, np.uint8)
    np.maximum.at(peaks, components.labels.ravel()[places], darkness.ravel()[places])
    peak = peaks[components.ids].astype(np.float64)
    usual = float(np.median(peak))
    spread = 1.4826 * float(np.median(np.abs(peak - usual)))
    least = usual + OUTSTANDING * max(spread, 1.0)
    standing = peak[peak > least]
    if spread > ALIKE * usual or not len(standing) or np.median(standing) < DARKER * usual:
        return 0
    return round(least)
