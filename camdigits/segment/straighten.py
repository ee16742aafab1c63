"""A text line made straight, upright and of one size, with the way back to the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from camdigits.preprocess.binarize import Ink, InkSettings
from camdigits.segment.cells import cells_of
from camdigits.segment.components import Components
from camdigits.segment.lines import TextLine
from camdigits.segment.settings import SegmentSettings

STEEPEST_SLANT = 0.8  # tangent; steeper strokes are not slant but something else
LONGEST_LINE = 4000  # pixels of a straightened line


@dataclass(frozen=True)
class LineImage:
    """Gray ink of one text line, ``picture`` uint8 (h, w), glyphs about ``glyph_height`` tall.

    ``to_source`` (2, 3) takes (x, y, 1) of it to x, y of the picture it was cut from. ``walls`` are
    the columns, rising, between glyphs of different cells of a table.
    """

    picture: np.ndarray
    to_source: np.ndarray
    row: int
    walls: tuple[float, ...] = ()


def straighten(
    ink: Ink,
    components: Components,
    line: TextLine,
    ink_settings: InkSettings,
    settings: SegmentSettings,
) -> LineImage:
    """Return the members of ``line`` turned level, sheared upright and scaled."""
    boxes = components.boxes[line.members]
    margin = max(2, round(0.1 * line.height))
    left, top = np.maximum(boxes[:, :2].min(axis=0) - margin, 0)
    right = min(int((boxes[:, 0] + boxes[:, 2]).max()) + margin, ink.mask.shape[1])
    bottom = min(int((boxes[:, 1] + boxes[:, 3]).max()) + margin, ink.mask.shape[0])
    gray = _gray_ink(ink, components, line, (left, top, right, bottom), ink_settings)
    scale = settings.glyph_height / line.height
    scale = min(scale, LONGEST_LINE / max(right - left, bottom - top))
    gray = _thicken(gray, ink.stroke, scale, settings)
    if scale < 1:
        size = (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale)))
        small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
        factor = np.array([gray.shape[1] / size[0], gray.shape[0] / size[1]])
        rest = 1.0
    else:
        small, factor, rest = gray, np.ones(2), scale
    level, back = _warp(small, line.angle, 0.0, rest)
    slant = slant_of(level)
    if abs(slant) > 0.03:
        level, back = _warp(small, line.angle, slant, rest)
    x, y, width, tall = cv2.boundingRect(level)
    pad = round(settings.margin * settings.glyph_height / 2)
    x0, y0 = max(0, x - pad), max(0, y - pad)
    level = level[y0 : y + max(tall, 1) + pad, x0 : x + max(width, 1) + pad]
    to_small = back.copy()
    to_small[:, 2] += back[:, :2] @ np.array([x0, y0], np.float64)
    to_source = to_small * factor[:, None]
    to_source[:, 2] += (left, top)
    walls = _walls(components, line, to_source)
    return LineImage(np.ascontiguousarray(level), to_source, line.row, walls)


def _walls(components: Components, line: TextLine, to_source: np.ndarray) -> tuple[float, ...]:
    """Return the columns of a line between its members of different cells, rising."""
    if components.cells is None:
        return ()
    boxes = components.boxes[line.members]
    middles = boxes[:, :2] + boxes[:, 2:] / 2 - to_source[:, 2]
    columns = np.linalg.solve(to_source[:, :2], middles.T)[0]
    cells = cells_of(boxes, components.cells)
    order = np.argsort(columns, kind="stable")
    order = order[cells[order] > 0]
    return tuple(
        float(columns[one] + columns[other]) / 2
        for one, other in pairwise(order.tolist())
        if cells[one] != cells[other]
    )


def slant_of(picture: np.ndarray) -> float:
    """Return the slant of the writing in gray ``picture`` (uint8): dx per dy upward, 0 is upright.

    The least-squares direction of near-vertical contours, sum(gx gy) / sum(gx^2), where the
    gradient's horizontal part is the larger one.
    """
    gx = cv2.Sobel(picture, cv2.CV_32F, 1, 0)
    gy = cv2.Sobel(picture, cv2.CV_32F, 0, 1)
    gx = np.where(np.abs(gx) > np.abs(gy), gx, 0)
    energy = float((gx * gx).sum())
    if energy == 0:
        return 0.0
    slant = float((gx * gy).sum()) / energy
    return max(-STEEPEST_SLANT, min(STEEPEST_SLANT, slant))


def _gray_ink(
    ink: Ink,
    components: Components,
    line: TextLine,
    window: tuple[int, int, int, int],
    settings: InkSettings,
) -> np.ndarray:
    """Return the line's own ink in the window as uint8: darkness relative to the ink's level."""
    left, top, right, bottom = window
    area = np.s_[top:bottom, left:right]
    own = components.color(components.ids[line.members], area)
    near = cv2.dilate(own, np.ones((3, 3), np.uint8))
    level = ink.level[area].astype(np.float32)
    pale = settings.pale * level
    gray = (ink.darkness[area] - pale) * (
        255 / np.maximum((settings.full - settings.pale) * level, 1)
    )
    return cv2.bitwise_and(np.clip(gray, 0, 255).astype(np.uint8), near)


def _thicken(
    gray: np.ndarray, stroke: float, scale: float, settings: SegmentSettings
) -> np.ndarray:
    """Widen strokes that would become fainter than ``thinnest`` when the line is scaled."""
    missing = settings.thinnest * settings.glyph_height / scale - stroke
    if missing < 0.75:
        return gray
    side = 1 + round(missing)
    padded = cv2.copyMakeBorder(gray, side, side, side, side, cv2.BORDER_CONSTANT, value=0)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return cv2.dilate(padded, kernel)[side:-side, side:-side]


def _warp(
    small: np.ndarray, angle: float, slant: float, scale: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return ``small`` turned by -angle, sheared by slant and scaled, and the way back (2, 3)."""
    cosine, sine = math.cos(angle), math.sin(angle)
    turn = np.array([[cosine, sine], [-sine, cosine]])
    forward = scale * np.array([[1.0, slant], [0.0, 1.0]]) @ turn
    height, width = small.shape
    corners = forward @ np.array([[0, width, 0, width], [0, 0, height, height]], np.float64)
    low, high = corners.min(axis=1), corners.max(axis=1)
    offset = -low
    size = np.maximum(np.ceil(high - low).astype(int), 1)
    inverse = np.linalg.inv(forward)
    back = np.column_stack([inverse, -inverse @ offset])
    if angle == 0 and slant == 0 and scale == 1:
        return small, back
    matrix = np.column_stack([forward, offset + 0.5 * (forward.sum(axis=1) - 1)])
    warped = cv2.warpAffine(small, matrix, (int(size[0]), int(size[1])), flags=cv2.INTER_LINEAR)
    return warped, back
