"""Written strings: the glyphs of one hand set side by side as people write numbers.

Distances of neighbors that stand free are measured between their facing contours and not between
their boxes, so that slanted figures may share columns without touching; a pair that is meant to
touch does.
Every pixel of ink knows the glyph it belongs to.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import cv2
import numpy as np

from camdigits.errors import DataError
from camdigits.reading import Box
from camdigits.training.chains import chained
from camdigits.training.pieces import FRINGE, Piece
from camdigits.training.spacing import SMALL, set_columns
from camdigits.training.string_style import HAND_HEIGHT, StringStyle
from camdigits.training.texts import SPACE

_MIDDLE = frozenset({"minus", "plus", "times", "equals", "divide"})
_CENTERED = frozenset({"slash", "paren_left", "paren_right", "hash", "euro", "dollar", "percent"})
_COMMON_LETTERS = "CEFHKTVXvwx"
_DESCENDING = frozenset("gjpqy")


class Writer(Protocol):
    """Whatever writes single glyphs; see :mod:`camdigits.training.hands`."""

    def write(self, label: str, rng: np.random.Generator) -> np.ndarray | None:
        """Return one glyph, uint8 (h, w) ink 255, tight; None where there is no such label."""


@dataclass(frozen=True)
class Composition:
    """A written string: ``ink`` uint8 (h, w) ink 255, ``owner`` int16 (h, w), -1 where nobody.

    ``labels`` and ``boxes`` hold one entry per glyph from left to right, ``text`` the digits.
    ``touching`` tells of each glyph but the first whether it was made to touch the one before.
    """

    ink: np.ndarray
    owner: np.ndarray
    labels: tuple[str, ...]
    boxes: tuple[Box, ...]
    text: str
    touching: tuple[bool, ...]


def compose(
    rng: np.random.Generator,
    hand: Writer,
    labels: Sequence[str],
    style: StringStyle | None = None,
) -> Composition:
    """Write ``labels`` (glyph labels and ``"space"``) with one hand, cropped tight to the ink.

    A letter that the hand lacks gives way to one that it has; else a point or comma is left out
    and any other label leaves a space. Raises DataError where nothing is left to write.
    """
    style = style or StringStyle.random(rng)
    pieces: list[Piece] = []
    spaces: list[int] = []
    pending = done = 0
    round_zeros = _round_zeros(labels)
    for index, label in enumerate(labels):
        if label == SPACE:
            pending += 1
            continue
        if index < done:
            continue
        written, glyph = _write(hand, label, rng)
        small = index in round_zeros
        share = style.zeros if small else 1.0
        patch = None if glyph is None else _shape(glyph, style, rng, share)
        if patch is not None:
            piece = Piece(patch, written, raised=style.raised if small else 0.0)
            row = _zeros_at(index, labels) if style.chain else 1
            linked = _chain(piece, row, style, rng) if row > 1 else [piece]
            pieces += linked
            spaces += [pending, *[0] * (len(linked) - 1)]
            pending, done = 0, index + len(linked)
        elif label not in SMALL:
            pending += 1
    if not pieces:
        raise DataError(
            f"The hand writes none of {list(labels)}; give it labels that it has glyphs for."
        )
    _set_rows(pieces, style, rng)
    joined = [
        bool(piece.bound) or (index > 0 and not spaces[index] and bool(chance < style.touching))
        for index, (piece, chance) in enumerate(zip(pieces, rng.random(len(pieces)), strict=True))
    ]
    strokes = set_columns(pieces, spaces, joined, style, rng)
    return _paint(pieces, strokes, tuple(joined[1:]))


def _write(hand: Writer, label: str, rng: np.random.Generator) -> tuple[str, np.ndarray | None]:
    """Let the hand write a label or, of letters, another one; tell which."""
    glyph = hand.write(label, rng)
    if glyph is None and len(label) == 1 and label.isalpha():
        for other in rng.permutation(list(_COMMON_LETTERS)):
            glyph = hand.write(str(other), rng)
            if glyph is not None:
                return str(other), glyph
    return label, glyph


def _round_zeros(labels: Sequence[str]) -> frozenset[int]:
    """Return which labels are zeros that follow each other, points and commas aside: those that
    make an amount round, which many hands write smaller than other digits."""
    signs = [i for i, label in enumerate(labels) if label not in SMALL]
    pairs = itertools.pairwise(signs)
    return frozenset(i for pair in pairs if all(labels[k] == "0" for k in pair) for i in pair)


def _zeros_at(index: int, labels: Sequence[str]) -> int:
    """Return how many zeros follow each other from ``index`` on."""
    return sum(1 for _ in itertools.takewhile("0".__eq__, labels[index:]))


def _chain(zero: Piece, count: int, style: StringStyle, rng: np.random.Generator) -> list[Piece]:
    """Return ``count`` zeros written in one go in place of one, each bound to that before."""
    assert style.chain is not None
    links = chained(zero.patch, count, style.chain, rng)
    first = replace(zero, patch=links[0].patch)
    rest = [
        replace(zero, patch=link.patch, bound=(link.left - last.left, link.top - last.top))
        for last, link in itertools.pairwise(links)
    ]
    return [first, *rest]


def _shape(
    glyph: np.ndarray, style: StringStyle, rng: np.random.Generator, share: float
) -> np.ndarray | None:
    """Scale (to a ``share`` of the usual height), slant and turn one glyph; None where nothing of
    it is left."""
    scale = share * style.height / HAND_HEIGHT
    if scale < 0.7:
        height, width = glyph.shape
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        glyph = cv2.resize(glyph, size, interpolation=cv2.INTER_AREA)
        scale = 1.0
    jitter = style.size_jitter * rng.standard_normal(3).clip(-2.0, 2.0)
    turn = math.radians(style.wobble * float(rng.standard_normal()))
    across = scale * math.exp(jitter[0] + 0.5 * jitter[1])
    down = scale * math.exp(jitter[0])
    slant = style.slant + 0.2 * float(jitter[2])
    sin, cos = math.sin(turn), math.cos(turn)
    a, b = cos * across, -(sin + cos * slant) * down
    c, d = sin * across, (cos - sin * slant) * down
    height, width = glyph.shape
    x = (0.0, a * width, b * height, a * width + b * height)
    y = (0.0, c * width, d * height, c * width + d * height)
    matrix = np.array([[a, b, 1.0 - min(x)], [c, d, 1.0 - min(y)]])
    size = (math.ceil(max(x) - min(x)) + 3, math.ceil(max(y) - min(y)) + 3)
    return _tight(cv2.warpAffine(glyph, matrix, size, flags=cv2.INTER_LINEAR))


def _tight(patch: np.ndarray) -> np.ndarray | None:
    """Crop to the ink that has an owner; None where there is none."""
    x, y, width, height = cv2.boundingRect((patch > FRINGE).view(np.uint8))
    return patch[y : y + height, x : x + width] if width else None


def _set_rows(pieces: list[Piece], style: StringStyle, rng: np.random.Generator) -> None:
    """Stand the glyphs on their baseline, each kind where it is written."""
    size = style.height
    jitter = size * style.baseline_jitter * rng.standard_normal(len(pieces)).clip(-2.5, 2.5)
    middle = size * float(rng.uniform(0.4, 0.55))
    hang = float(rng.uniform(0.1, 0.45))
    for index, piece in enumerate(pieces):
        height = piece.patch.shape[0]
        if piece.bound:
            piece.top = pieces[index - 1].top + piece.bound[1]
            continue
        if piece.label in _MIDDLE:
            top = -middle - height / 2
        elif piece.label == "comma":
            top = -height * hang
        elif piece.label == "colon":
            top = -0.35 * size - height / 2
        elif piece.label in _CENTERED:
            top = -0.48 * size - height / 2
        elif piece.label in _DESCENDING:
            top = -0.68 * height
        else:
            top = -float(height) - piece.raised * size
        piece.top = round(top + jitter[index] - index * style.slope * size)
    highest = min(piece.top for piece in pieces)
    for piece in pieces:
        piece.top -= highest


def _paint(
    pieces: list[Piece], strokes: list[Piece | None], touching: tuple[bool, ...]
) -> Composition:
    """Lay all patches on one canvas; where two meet the darker, then the later owns the pixel."""
    everything = [(index, piece) for index, piece in enumerate(pieces)]
    everything += [(index - 1, stroke) for index, stroke in enumerate(strokes) if stroke]
    left = min(piece.left for _, piece in everything)
    rows = max(piece.top + piece.patch.shape[0] for _, piece in everything)
    columns = max(piece.left + piece.patch.shape[1] for _, piece in everything) - left
    ink = np.zeros((rows, columns), np.uint8)
    owner = np.full((rows, columns), -1, np.int16)
    for index, piece in everything:
        height, width = piece.patch.shape
        place = np.s_[piece.top : piece.top + height, piece.left - left : piece.left - left + width]
        mine = (piece.patch >= ink[place]) & (piece.patch > FRINGE)
        owner[place][mine] = index
        np.maximum(ink[place], piece.patch, out=ink[place])
    x, y, width, height = cv2.boundingRect((owner >= 0).view(np.uint8))
    ink, owner = ink[y : y + height, x : x + width], owner[y : y + height, x : x + width]
    boxes = tuple(
        Box(piece.left - left - x, piece.top - y, piece.patch.shape[1], piece.patch.shape[0])
        for piece in pieces
    )
    labels = tuple(piece.label for piece in pieces)
    text = "".join(label for label in labels if len(label) == 1 and label.isdigit())
    return Composition(np.ascontiguousarray(ink), owner, labels, boxes, text, touching)
