"""How far apart glyphs stand: by their facing contours, or by their boxes where they touch."""

from __future__ import annotations

import math

import cv2
import numpy as np

from camdigits.training.pieces import FAR, FRINGE, Piece, edges
from camdigits.training.string_style import StringStyle
from camdigits.training.touching import ligature, meet, pushed

SMALL = frozenset({"dot", "comma"})
# How near the middles of neighbors come at least, in digit heights: of those that stand free, and
# of those that touch, one of which would hide the other (0.4 in all but 1 in 100 on cheques).
_FREE_PITCH, _TOUCHING_PITCH = 0.15, 0.3


def _clearance(right: np.ndarray, left: np.ndarray, gap: float) -> float:
    """Least offset of a glyph at which ``gap`` blank pixels remain to the ink before it."""
    reach = max(1, round(0.7 * gap))
    thick = cv2.dilate(right[:, None], np.ones((2 * reach + 1, 1), np.uint8)).ravel()
    return float((thick - left).max()) + gap + 1.0


def set_columns(
    pieces: list[Piece],
    spaces: list[int],
    joined: list[bool],
    style: StringStyle,
    rng: np.random.Generator,
) -> list[Piece | None]:
    """Push the glyphs together from left to right; return the ligature before each."""
    size = style.height
    rows = max(piece.top + piece.patch.shape[0] for piece in pieces)
    earlier = np.full(rows, -FAR, np.float32)
    jitter = style.gap_jitter * rng.standard_normal(len(pieces))
    strokes: list[Piece | None] = []
    contact = reached = earlier
    for index, piece in enumerate(pieces):
        left, right = edges(piece, rows, FRINGE + 1)
        hard_left, hard_right = edges(piece, rows, piece.dark)
        stroke = None
        if index:
            before = pieces[index - 1]
            middles = before.left + (before.patch.shape[1] - piece.patch.shape[1]) / 2
            least = middles + (_TOUCHING_PITCH if joined[index] else _FREE_PITCH) * size
            if piece.label in SMALL:
                least = max(least, before.left + 0.55 * before.patch.shape[1])
            if piece.bound:
                piece.left = before.left + piece.bound[0]
            elif joined[index]:
                bar = max(least, _clearance(earlier, left, 2.0))
                if rng.random() < style.ligature:
                    own = _clearance(reached, left, size * abs(style.gap + jitter[index]) / 2)
                    piece.left = math.ceil(max(bar, own))
                else:
                    near = float((contact - hard_left).max()) + 1.0
                    piece.left = pushed(before, piece, bar, near, style, rng)
                if not meet(before, piece):
                    stroke = ligature(before, contact, piece, hard_left, rng)
            else:
                gap = max(2.0, size * (style.gap + jitter[index]))
                box = before.left + before.patch.shape[1] + gap
                both = np.maximum(earlier, reached)
                near = _clearance(both, left, gap)
                wish = near + style.box_share * max(0.0, box - near)
                wish += spaces[index] * style.space * size
                floor = box if spaces[index] else least
                piece.left = math.ceil(max(wish, floor))
        strokes.append(stroke)
        earlier = np.maximum(earlier, reached)
        if stroke is not None:
            _, tail = edges(stroke, rows, FRINGE + 1)
            earlier = np.maximum(earlier, tail + stroke.left)
        reached, contact = right + piece.left, hard_right + piece.left
    return strokes
