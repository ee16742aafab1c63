"""The sheet that lies in view: on it stands the writing, on the desk around it grows grain."""

from __future__ import annotations

import cv2
import numpy as np

from camdigits.preprocess.binarize import Ink, InkSettings, find_ink, measure_grain
from camdigits.preprocess.labels import connected
from camdigits.preprocess.noise import without_noise

# It is looked for on at least so many columns; fewer hold a crop, no desk. Ink and steps of the
# lightness (gray levels from pixel to pixel) are its outline. A sheet fills at least so much of the
# picture, reaches so many of its four borders at most (more does the light beside a shadow), fills
# so much of its convex hull, writing included, and the desk is darker by such a share, beside it
# and on the whole: around what a thick stroke encloses, as a large zero does, there is paper.
COLUMNS, STEEP = 240, 14
LEAST, BORDERS, EVEN, DARKER = 0.1, 1, 0.8, 0.08
# Columns beside the outline that it and its shadow may take, and in which paper and desk are seen.
OUTLINE, BESIDE = 5, 6
# A picture with another stretch of blank paper of so much of its size has several sheets, or boxes.
SECOND = 0.3
# What looks like glyphs: so many strokes tall, up to so many times as wide as tall, of one size up
# to a factor. So many of them, for each on the sheet, and so dark beside it are writing as well.
STROKES, WIDEST, ALIKE = 2.5, 2.0, 1.6
FEW, AS_MANY, AS_DARK = 3, 0.3, 0.9


def find_ink_on_sheet(darkness: np.ndarray, gray: np.ndarray, settings: InkSettings) -> Ink:
    """Return the ink of evenly lit ``darkness``, uint8 (h, w), as :func:`find_ink` does, but where
    one sheet lies in ``gray``, uint8 (h, w), only what is on it, by its own thresholds.

    Elsewhere noise is taken out; beside a sheet the desk's grain would pass for it.
    """
    ink = find_ink(darkness, settings)
    sheet = find_sheet(ink.mask > 0, gray)
    if sheet is None or _writing_beside(sheet, ink):
        quiet = without_noise(darkness, measure_grain(darkness).darkest)
        return ink if quiet is darkness else find_ink(quiet, settings)
    own = find_ink(darkness, settings, sheet)
    return own if own.strong.any() else ink


def _writing_beside(sheet: np.ndarray, ink: Ink) -> bool:
    """Say whether beside a ``sheet`` stands what looks like the writing on it, as dark where the
    light is even: then it is the lit part of a sheet that lies half in a shadow."""
    labels, stats = connected(ink.mask)
    left, top, width, height, area = stats[1:].T
    glyphs = (height >= STROKES * ink.stroke) & (width <= WIDEST * height)
    on = sheet[top + height // 2, left + width // 2] > 0
    if not (glyphs & on).any():
        return False
    usual = np.median(height[glyphs & on])
    alike = glyphs & (height >= usual / ALIKE) & (height <= usual * ALIKE)
    there, beside = alike & on, alike & ~on
    if beside.sum() < max(FEW, AS_MANY * there.sum()):
        return False
    dark = np.bincount(labels.ravel(), ink.darkness.ravel(), len(stats))[1:] / area
    return bool(np.median(dark[beside]) >= AS_DARK * np.median(dark[there]))


def find_sheet(ink: np.ndarray, gray: np.ndarray) -> np.ndarray | None:
    """Return the pixels of the one sheet in ``gray``, uint8 (h, w) with 255 for it; None where
    there is none or no single one. ``ink`` is bool (h, w)."""
    step = gray.shape[1] // COLUMNS
    if not step:
        return None
    thick = cv2.dilate(ink.astype(np.uint8), np.ones((step + 2, step + 2), np.uint8))
    small, seen = thick[::step, ::step], cv2.medianBlur(gray[::step, ::step], 3)
    slope = cv2.morphologyEx(seen, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    small |= cv2.compare(slope, STEEP, cv2.CMP_GT) & 1
    _, stretches, stats, _ = cv2.connectedComponentsWithStats(1 - small, connectivity=4)
    large = np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] >= SECOND * LEAST * small.size) + 1
    hulls = [_even_hull(stretches == label, stats[label].tolist()) for label in large]
    found = sorted((hull for hull in hulls if hull is not None), key=cv2.contourArea)
    if not found or cv2.contourArea(found[-1]) < LEAST * small.size:
        return None
    if len(found) > 1 and cv2.contourArea(found[-2]) >= SECOND * cv2.contourArea(found[-1]):
        return None
    hull = found[-1]
    if _contrast(seen, hull) < DARKER:
        return None
    sheet = np.zeros(gray.shape, np.uint8)
    return cv2.fillConvexPoly(sheet, hull * step, 255)


def _even_hull(stretch: np.ndarray, stats: list[int]) -> np.ndarray | None:
    """Return the convex hull of a stretch of paper, int32 (n, 1, 2), if it may be a sheet's."""
    x, y, width, height, _ = stats
    rows, columns = stretch.shape
    if (x == 0) + (y == 0) + (x + width == columns) + (y + height == rows) > BORDERS:
        return None
    outlines, _ = cv2.findContours(
        stretch.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    outline = max(outlines, key=cv2.contourArea)
    hull = cv2.convexHull(outline)
    return hull if cv2.contourArea(outline) >= EVEN * cv2.contourArea(hull) else None


def _contrast(gray: np.ndarray, hull: np.ndarray) -> float:
    """Return by which share the desk around the outline ``hull`` is darker than the paper, beside
    it or on the whole, whichever is less."""
    inner = cv2.fillConvexPoly(np.zeros_like(gray), hull, 1)
    edge = cv2.dilate(inner, np.ones((2 * OUTLINE + 1, 2 * OUTLINE + 1), np.uint8))
    side = np.ones((2 * BESIDE + 1, 2 * BESIDE + 1), np.uint8)
    paper = gray[cv2.erode(inner, side) < inner]
    beside, around = gray[cv2.dilate(edge, side) > edge], gray[edge == 0]
    if not len(paper) or not len(beside):
        return 0.0
    desk = max(float(np.median(beside)), float(np.median(around)))
    return 1.0 - desk / max(float(np.median(paper)), 1.0)
