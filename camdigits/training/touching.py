"""How neighbors touch: strokes that meet or cross, or are joined by a stroke of the pen."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np

from camdigits.training.pieces import FAR, Piece, pen_width
from camdigits.training.string_style import StringStyle

# In shares of the narrower neighbor's width: how far the overlap of their boxes strays from the
# writer's, and by how much they overlap at most where one is pushed on until their ink meets, which
# it is in half of these cases (MEETS); in digit heights: how far strokes cross.
# Of 346 pairs that touch on real cheques the boxes of half overlap by more than 0.05, of a tenth by
# more than 0.28, of one in fifty by more than 0.45.
_STRAY, _NESTED, _MEETS, _CROSSED = 0.13, 0.4, 0.5, 0.25
# Share of a glyph's ink that stands at least half a pen's width away from its neighbor's: where
# less of it did, strokes would run along each other, which no one could read.
_CLEAR = 0.65
# Of the ligatures so many start where a glyph reaches farthest, as roofs and tails do, but those of
# ones at the foot: elsewhere a 1 would look like a 7, and two like an H.
_FARTHEST = 0.6


def pushed(
    before: Piece,
    piece: Piece,
    bar: float,
    near: float,
    style: StringStyle,
    rng: np.random.Generator,
) -> int:
    """Return the column to which a glyph is pushed toward that before it, ``bar`` at the nearest;
    at ``near`` their ink meets. It gives way where their strokes would run along each other."""
    end = before.left + before.patch.shape[1]
    narrower = min(before.patch.shape[1], piece.patch.shape[1])
    wish = end - narrower * (style.overlap + _STRAY * rng.standard_normal())
    if near < wish and end - near <= _NESTED * narrower and rng.random() < _MEETS:
        wish = near
    left = math.ceil(max(wish, bar, near - _CROSSED * style.height))
    pen = min(pen_width(before.patch), pen_width(piece.patch))
    while not _clear(before, replace(piece, left=left), pen):
        left += max(1, round(pen / 4))
    return left


def _masks(one: Piece, other: Piece) -> tuple[np.ndarray, np.ndarray]:
    """Return where either piece is ink, uint8 (h, w) 0 or 1, on a canvas that holds both."""
    pieces = (one, other)
    top, left = min(p.top for p in pieces), min(p.left for p in pieces)
    rows = max(p.top + p.patch.shape[0] for p in pieces) - top
    columns = max(p.left + p.patch.shape[1] for p in pieces) - left
    masks = np.zeros((2, rows, columns), np.uint8)
    for mask, p in zip(masks, pieces, strict=True):
        height, width = p.patch.shape
        mask[p.top - top :, p.left - left :][:height, :width] = p.patch >= p.dark
    return masks[0], masks[1]


def meet(one: Piece, other: Piece) -> bool:
    """Say whether the ink of two pieces touches."""
    mask, beside = _masks(one, other)
    return bool((cv2.dilate(mask, np.ones((3, 3), np.uint8)) & beside).any())


def _clear(one: Piece, other: Piece, pen: float) -> bool:
    """Say whether enough of either piece's ink stands away from the other's."""
    masks = _masks(one, other)
    side = 2 * max(1, round(pen / 2)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return all(
        int((mine & ~cv2.dilate(its, kernel)).sum()) >= _CLEAR * int(mine.sum())
        for mine, its in (masks, masks[::-1])
    )


def ligature(
    before: Piece, right: np.ndarray, piece: Piece, left: np.ndarray, rng: np.random.Generator
) -> Piece:
    """Return a stroke of the pen from the ``right`` contour of the glyph before a piece to the
    ``left`` one of that piece; see :func:`camdigits.training.pieces.edges`."""
    starts, ends = np.flatnonzero(right > -FAR / 2), np.flatnonzero(left < FAR / 2)
    slim = "1" in (before.label, piece.label)
    share = 0.92 if slim else float(rng.choice([0.08, 0.5, 0.92]))
    share += 0.16 * float(rng.uniform(-0.5, 0.5))
    y0 = int(starts[int(share * (len(starts) - 1))])
    if not slim and rng.random() < _FARTHEST:
        y0 = int(right.argmax())
    near = np.abs(ends - y0 - 0.3 * len(ends) * float(rng.uniform(-0.5, 0.5)))
    y1 = int(ends[near.argmin()])
    x0, x1 = float(right[y0]), float(left[y1] + piece.left)
    pen = pen_width(before.patch)
    x0, x1 = x0 - 0.4 * pen, x1 + 0.4 * pen
    sag = min(x1 - x0, 0.3 * len(starts)) * float(rng.uniform(-0.3, 0.3))
    steps = np.linspace(0.0, 1.0, 7)
    xs = x0 + (x1 - x0) * steps
    ys = y0 + (y1 - y0) * steps + sag * 4 * steps * (1 - steps)
    ys = ys.clip(0, len(right) - 1)
    margin = math.ceil(pen) + 1
    left_edge, top_edge = math.floor(xs.min()) - margin, max(0, math.floor(ys.min()) - margin)
    height = min(len(right), math.ceil(ys.max()) + margin + 1) - top_edge
    patch = np.zeros((height, math.ceil(xs.max()) - left_edge + margin + 1), np.uint8)
    points = np.stack([xs - left_edge, ys - top_edge], axis=1)
    level = int(before.patch.max())
    fixed = np.round(points * 16).astype(np.int32)
    thick = max(1, round(pen * float(rng.uniform(0.5, 0.9))))
    cv2.polylines(patch, [fixed], False, level, thick, cv2.LINE_AA, 4)
    return Piece(patch, before.label, top_edge, left_edge)
