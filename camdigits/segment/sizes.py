"""How tall and how thick writing is: the usual sizes of its components, and which stand in rows."""

from __future__ import annotations

import numpy as np

from camdigits.preprocess.binarize import stroke_width
from camdigits.segment.components import Components, borders_touched
from camdigits.segment.frames import framed

# Frames are at least so many glyph heights wide, and what is in them has so much of their height.
# Their pieces fill less than HOLLOW of their box.
WIDE, INSIDE, HOLLOW = 1.2, 0.7, 0.2
# The outline of a sheet goes through so much of the picture, and touches three borders or four.
SHEET, BORDERS = 0.9, 3
# What is so many times as tall as the others in the median is no glyph, if there are some others.
GIANT, FEW = 6.0, 3
TALLER = 1.5  # power of the height with which components count for the usual one
# Usual heights that glyphs of a row have, and to the next one; share of the height in common.
LOWEST, TALLEST, BESIDE, LEVEL = 0.5, 1.7, 2.0, 0.5


def usual_height(components: Components, stroke: float) -> float:
    """Return the height (pixels) that glyphs usually have: specks hardly count.

    Long runs (rules, paper edges), frames and what is far taller than the rest (desks, outlines of
    the sheet) are left out as long as anything else is there.
    """
    width, height = components.boxes[:, 2], components.boxes[:, 3]
    glyph = (height >= 2.5 * stroke) & (width <= 4 * height)
    rows, columns = components.labels.shape
    borders = borders_touched(components)
    across = (borders > 0) & (width < 0.1 * height)
    across |= (borders >= BORDERS) & (height >= SHEET * rows) & (width >= SHEET * columns)
    if (glyph & ~across).any():
        glyph &= ~across
    if not glyph.any():
        # What hangs on rules.
        hanging = height[(height >= 2.5 * stroke) & ~across]
        return float(hanging.max(initial=0)) or 0.6 * rows
    free = glyph & (borders == 0)
    others = free if free.sum() >= FEW else glyph
    if others.sum() >= FEW:
        glyph &= height <= GIANT * np.median(height[others])
    in_frame = framed(components, glyph & (width >= WIDE * np.median(height[glyph])))
    if (in_frame == glyph).all():
        return INSIDE * float(np.median(height[in_frame]))
    heights = np.sort(height[glyph & ~in_frame])
    weights = heights**TALLER
    return float(heights[np.searchsorted(weights.cumsum(), weights.sum() / 2)])


def usual_stroke(components: Components, height: float, stroke: float) -> float:
    """Return the stroke width (pixels) of what is up to ``GIANT`` times the usual ``height`` and
    no speck; ``stroke``, that of all ink, where nothing is larger or nothing is left."""
    width, tall = components.boxes[:, 2], components.boxes[:, 3]
    giant = np.maximum(width, tall) > GIANT * height
    if not giant.any():
        return stroke
    return stroke_width(components.chosen(~giant & (tall >= 0.5 * height)).mask) or stroke


def has_rules(components: Components, height: float) -> bool:
    """Say whether a component is long enough to be a rule or to hang on one, or is a frame or a
    piece of one."""
    picture_height, picture_width = components.labels.shape
    width, tall = components.boxes[:, 2], components.boxes[:, 3]
    long = width >= min(2.5 * height, 0.8 * picture_width)
    long |= tall >= min(2.2 * height, 0.95 * picture_height)
    hollow = components.areas < HOLLOW * width * tall
    long |= (np.maximum(width, tall) >= WIDE * height) & hollow
    wide = (width >= WIDE * height) & (tall >= INSIDE * height)
    return bool(long.any() or framed(components, wide).any())


def stands_beside(box: np.ndarray, others: np.ndarray, height: float) -> bool:
    """Say whether a box (4,) stands in a row with one of ``others`` (m, 4), a glyph by its size;
    ``height`` is the usual one (pixels)."""
    x, y, w, h = box.tolist()
    left, top, width, tall = others.T
    gap = np.maximum(left - x - w, x - left - width)
    shared = np.minimum(y + h, top + tall) - np.maximum(y, top)
    glyph = (tall >= LOWEST * height) & (tall <= TALLEST * height)
    near = (gap <= BESIDE * height) & (shared >= LEVEL * np.minimum(h, tall))
    return bool((glyph & near).any())
