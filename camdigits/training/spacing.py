"""How far apart glyphs stand: by their facing contours, touching, or joined by a pen stroke."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from camdigits.training.styles import StringStyle

FRINGE = 32  # fainter ink has no owner: it is the soft edge of a stroke
SMALL = frozenset({"dot", "comma"})
_CONTACT = 128  # ink at least this dark counts as touching
_FAR = 1.0e6


@dataclass
class Piece:
    """A glyph on its way: its patch, the row and column of its top left corner, and how far it
    stands above the baseline in shares of the digit height; ``bound`` are column and row of that
    corner as seen from the glyph before, where the pen went on without being lifted."""

    patch: np.ndarray
    label: str
    top: int = 0
    left: int = 0
    raised: float = 0.0
    bound: tuple[int, int] | None = None


def _edges(piece: Piece, rows: int, threshold: int) -> tuple[np.ndarray, np.ndarray]:
    """First and last ink column of each row of the string, seen from the patch's left edge."""
    mask = piece.patch >= threshold
    height, width = mask.shape
    filled = mask.any(axis=1)
    left = np.full(rows, _FAR, np.float32)
    right = np.full(rows, -_FAR, np.float32)
    inside = slice(piece.top, piece.top + height)
    left[inside] = np.where(filled, mask.argmax(axis=1), _FAR)
    right[inside] = np.where(filled, width - 1 - mask[:, ::-1].argmax(axis=1), -_FAR)
    return left, right


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
    earlier = np.full(rows, -_FAR, np.float32)
    jitter = style.gap_jitter * rng.standard_normal(len(pieces))
    strokes: list[Piece | None] = []
    contact = reached = earlier
    for index, piece in enumerate(pieces):
        left, right = _edges(piece, rows, FRINGE + 1)
        hard_left, hard_right = _edges(piece, rows, min(_CONTACT, int(piece.patch.max())))
        stroke = None
        if index:
            before = pieces[index - 1]
            middles = before.left + (before.patch.shape[1] - piece.patch.shape[1]) / 2
            least = middles + (0.06 if joined[index] else 0.15) * size
            if piece.label in SMALL:
                least = max(least, before.left + 0.55 * before.patch.shape[1])
            if piece.bound:
                piece.left = before.left + piece.bound[0]
            elif joined[index]:
                near = float((contact - hard_left).max()) + 1.0
                pen = min(_pen_width(before.patch), _pen_width(piece.patch))
                pushed = round(near - style.overlap * pen * rng.random())
                bar = max(least, _clearance(earlier, left, 2.0))
                ligature = pushed < bar or rng.random() < style.ligature
                if ligature:
                    own = _clearance(reached, left, size * abs(style.gap + jitter[index]) / 2)
                    piece.left = math.ceil(max(bar, own))
                    stroke = _ligature(pieces[index - 1], contact, piece, hard_left, rng)
                else:
                    piece.left = pushed
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
            _, tail = _edges(stroke, rows, FRINGE + 1)
            earlier = np.maximum(earlier, tail + stroke.left)
        reached, contact = right + piece.left, hard_right + piece.left
    return strokes


def _ligature(
    before: Piece, right: np.ndarray, piece: Piece, left: np.ndarray, rng: np.random.Generator
) -> Piece:
    """A stroke of the pen from the right contour of one glyph to the left contour of the next."""
    starts, ends = np.flatnonzero(right > -_FAR / 2), np.flatnonzero(left < _FAR / 2)
    share = float(rng.choice([0.08, 0.5, 0.92])) + 0.16 * float(rng.uniform(-0.5, 0.5))
    y0 = int(starts[int(share * (len(starts) - 1))])
    near = np.abs(ends - y0 - 0.3 * len(ends) * float(rng.uniform(-0.5, 0.5)))
    y1 = int(ends[near.argmin()])
    x0, x1 = float(right[y0]), float(left[y1] + piece.left)
    pen = _pen_width(before.patch)
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


def _pen_width(patch: np.ndarray) -> float:
    """Stroke width in pixels, from the mean run of ink along rows and along columns."""
    mask = (patch >= _CONTACT).view(np.uint8)
    area = int(mask.sum())
    along = int((mask[:, 1:] > mask[:, :-1]).sum() + mask[:, 0].sum())
    down = int((mask[1:] > mask[:-1]).sum() + mask[0].sum())
    return 0.85 * area / max(along, down, 1)
