"""What parts numbers and touches none: colons and hyphens between two glyphs.

Each dot of a colon by itself is as small as a speck of the paper; that two stand above each other,
alone and between digits, tells that they are written.
"""

from __future__ import annotations

import numpy as np

# In glyph heights: how large a dot is at most, how far apart two are, how far they may stand
# beside a straight slant, how far away the next speck and the glyphs beside are. How much larger
# one of them may be than the other.
DOT, APART, ASIDE, ALONE, BESIDE, ALIKE = 0.32, (0.18, 0.65), (0.12, 0.4), 0.45, 1.3, 3.0
# Heights of the glyphs beside, and how far the lower dot may stand below them.
GLYPHS, BELOW = (0.5, 1.7), 0.25
# How wide a hyphen is at most, in glyph heights, and at least, in its own; how much of its width
# may be above or below others; at which shares of the height of the glyphs beside it stands.
LONG, FLAT, SHARED, MIDDLE = 0.8, 1.8, 0.1, (0.35, 0.75)
AREA, PIXELS = 0.15, 5.0  # squares of the stroke's width, and pixels, that dots have at least
MOST = 200  # dots: where there are more they are texture


def find_colons(
    boxes: np.ndarray, areas: np.ndarray, height: float, stroke: float = 0.0
) -> np.ndarray:
    """Return index pairs (m, 2), upper and lower dot, of the colons among pieces of ink with
    ``boxes`` (n, 4) and ``areas`` (n,); glyphs are usually ``height`` tall and their strokes
    ``stroke`` wide (all in pixels)."""
    sizes = boxes[:, 2:]
    least = max(AREA * stroke * stroke, PIXELS)
    dots = np.flatnonzero((sizes.max(axis=1, initial=0) <= DOT * height) & (areas >= least))
    if not 2 <= len(dots) <= MOST:
        return np.zeros((0, 2), np.int64)
    (x, y), ink = (boxes[dots, :2] + sizes[dots] / 2).T, areas[dots]
    aside, down = np.abs(x[:, None] - x), y - y[:, None]
    fits = (down >= APART[0] * height) & (down <= APART[1] * height)
    fits &= aside <= ASIDE[0] * height + ASIDE[1] * down
    fits &= np.maximum(ink[:, None], ink) <= ALIKE * np.minimum(ink[:, None], ink)
    glyphs = _glyphs(boxes, height)
    upper, lower = glyphs[:, 1], glyphs[:, 1] + glyphs[:, 3]
    found = []
    for i, j in np.argwhere(fits):
        column, reach = (x[i] + x[j]) / 2, ALONE * height
        near = (np.abs(x - column) <= reach) & (y >= y[i] - reach) & (y <= y[j] + reach)
        level = (upper <= y[i]) & (lower >= y[j] - BELOW * height)
        if near.sum() == 2 and _between(glyphs[level], column, BESIDE * height):
            found.append((dots[i], dots[j]))
    return np.array(found, np.int64).reshape(-1, 2)


def find_hyphens(boxes: np.ndarray, height: float) -> np.ndarray:
    """Return the indices (m,) of hyphens among pieces of ink with ``boxes`` (n, 4); glyphs are
    usually ``height`` tall (pixels)."""
    left, top, width, tall = boxes.T
    flat = (width >= FLAT * tall) & (width <= LONG * height) & (tall <= DOT * height)
    glyphs = _glyphs(boxes, height)
    found = []
    for i in np.flatnonzero(flat):
        over = np.minimum(left + width, left[i] + width[i]) - np.maximum(left, left[i])
        alone = np.count_nonzero(over > SHARED * width[i]) == 1
        place = (top[i] + tall[i] / 2 - glyphs[:, 1]) / np.maximum(glyphs[:, 3], 1)
        level = (place >= MIDDLE[0]) & (place <= MIDDLE[1])
        reach = width[i] / 2 + BESIDE * height
        if alone and _between(glyphs[level], left[i] + width[i] / 2, reach):
            found.append(i)
    return np.array(found, np.int64)


def _glyphs(boxes: np.ndarray, height: float) -> np.ndarray:
    """Return those of the ``boxes`` (n, 4) that are as tall as glyphs."""
    tall = boxes[:, 3]
    return boxes[(tall >= GLYPHS[0] * height) & (tall <= GLYPHS[1] * height)]


def _between(glyphs: np.ndarray, x: float, reach: float) -> bool:
    """Say whether one of the ``glyphs`` (m, 4) stands to either side of ``x``, each at most
    ``reach`` away."""
    left, _, width, _ = glyphs.T
    near = np.maximum(x - left - width, left - x) <= reach
    first = left + width / 2 < x
    return bool((near & first).any() and (near & ~first).any())
