"""All plausible glyphs of a line: every span between two cuts that could be one digit."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from camdigits.segment.cuts import (
    Pieces,
    add_valleys,
    crossing_cost,
    find_borders,
    find_pieces,
    part_middles,
)
from camdigits.segment.normalize import as_batch, normalize
from camdigits.segment.separators import find_colons, find_hyphens
from camdigits.segment.settings import SegmentSettings

OVERHANG = 0.3  # glyph heights by which a piece may reach out of the hypothesis it belongs to
SETTLED_HEIGHT, SETTLED_WIDTH, SETTLED_GAP = 0.6, 0.95, 0.1  # glyph heights
WIDEST_HOLE = 0.4  # glyph heights of empty columns inside one glyph
# Probability from which a free-standing glyph is a digit without further question, and from which
# it is not cut.
SURE, LIKELY = 0.9, 0.6


Stretches = list[tuple[int, int]]  # first and last column of each


@dataclass(frozen=True)
class Lattice:
    """Hypotheses of one line.

    ``cuts`` (k,) columns; ``spans`` (n, 2) indices into cuts, ordered by end, then start;
    ``glyphs`` float32 (n, 28, 28, 1); ``boxes`` (n, 4) of the ink in the line; ``whole`` (n,):
    no piece is cut; ``blanks`` (m, 2): spans without ink of their own, to be stepped over.
    ``masks`` are the hypotheses' pixels where they were asked for, else empty: (left column, uint8
    mask). ``walls`` are the columns in which a table's cell ends and another begins, rising.
    """

    cuts: np.ndarray
    spans: np.ndarray
    glyphs: np.ndarray
    boxes: np.ndarray
    whole: np.ndarray
    blanks: np.ndarray
    masks: tuple[tuple[int, np.ndarray], ...] = ()
    walls: tuple[float, ...] = ()


def build_lattice(
    picture: np.ndarray,
    settings: SegmentSettings,
    digitness: Callable[[np.ndarray], np.ndarray] | None = None,
    middles: np.ndarray | None = None,
    with_masks: bool = False,
) -> Lattice:
    """Return the lattice of a straightened line (gray ink, uint8, h x w).

    ``digitness`` says of glyphs (float32, n x 28 x 28 x 1) how likely each is a digit (n,): what
    stands free and likely is one is not cut, and if that is sure not joined with its neighbors
    either, which spares most hypotheses on clear writing. Colons and hyphens are hypotheses of
    their own, for numbers end there. ``middles`` (m,) are columns in which
    digits probably have theirs: what holds two is cut between them. ``with_masks`` also returns
    each hypothesis' pixels as (left column, uint8 mask), for training.
    """
    pieces = find_pieces(picture)
    separators = _separators(pieces, settings.glyph_height)
    borders = _outside(find_borders(pieces), separators)
    knife = _Knife(picture, pieces, settings.least_scale * settings.glyph_height)
    settled: Stretches = []
    uncut: Stretches = []
    if digitness:
        settled, uncut = _settle(pieces, borders, knife, settings, digitness)
    if middles is not None:
        settled, uncut = (_with_one(stretches, middles) for stretches in (settled, uncut))
    held = _between(borders, separators)
    settled, uncut = settled + held, uncut + held
    cost = crossing_cost(picture, settings.glyph_height)
    cuts = add_valleys(cost, borders, uncut, settings)
    if middles is not None and len(cuts) > 1:
        cuts = part_middles(cost, cuts, middles)
    pairs = _pairs(cuts, pieces, settled, settings)
    shapes = knife.cut_all(cuts, pairs, *_take(pieces, cuts, pairs, settings))
    spans = [(pair, shape) for pair, shape in zip(pairs, shapes, strict=True) if shape]
    blanks = [pair for pair, shape in zip(pairs, shapes, strict=True) if not shape]
    return Lattice(
        cuts,
        np.array([pair for pair, _ in spans], np.int64).reshape(-1, 2),
        as_batch([shape.glyph for _, shape in spans]),
        np.array([shape.box for _, shape in spans], np.int64).reshape(-1, 4),
        np.array([shape.whole for _, shape in spans], bool),
        np.array(blanks, np.int64).reshape(-1, 2),
        tuple((shape.start, shape.mask) for _, shape in spans) if with_masks else (),
    )


def _separators(pieces: Pieces, height: float) -> Stretches:
    """Return from where to where the middle half of each colon and each hyphen goes: their ends may
    lie below or above a digit."""
    dots = pieces.boxes[find_colons(pieces.boxes, pieces.columns[:, -1], height)]
    lines = pieces.boxes[find_hyphens(pieces.boxes, height)][:, None]
    found = []
    for boxes in (*dots, *lines):
        left, right = int(boxes[:, 0].min()), int((boxes[:, 0] + boxes[:, 2]).max())
        quarter = (right - left) // 4
        found.append((left + quarter, right - quarter))
    return found


def _outside(borders: np.ndarray, stretches: Stretches) -> np.ndarray:
    """Return the ``borders`` that part none of the ``stretches``."""
    for left, right in stretches:
        borders = borders[(borders <= left) | (borders >= right)]
    return borders


def _between(borders: np.ndarray, stretches: Stretches) -> Stretches:
    """Return the ``stretches`` from the last of the ``borders`` before each to the first after."""
    return [
        (int(borders[borders <= left][-1]), int(borders[borders >= right][0]))
        for left, right in stretches
    ]


@dataclass(frozen=True)
class _Shape:
    """One hypothesis cut out: its pixels ``mask`` (uint8) from column ``start``, its 28x28
    ``glyph`` and its ``box``; ``whole`` where no piece is cut."""

    start: int
    mask: np.ndarray
    glyph: np.ndarray
    box: tuple[int, int, int, int]
    whole: bool


class _Knife:
    """Cuts hypotheses out of a line, each set of pieces once."""

    def __init__(self, picture: np.ndarray, pieces: Pieces, least: float) -> None:
        self._picture, self._pieces, self._least = picture, pieces, least
        self._known: dict[bytes, _Shape | None] = {}

    def cut_all(
        self, cuts: np.ndarray, pairs: np.ndarray, taken: np.ndarray, part: np.ndarray
    ) -> list[_Shape | None]:
        """Return a shape a pair of cuts, None where it holds no ink.

        ``taken`` and ``part`` (bool, pairs x pieces): see :func:`_take`.
        """
        start, end = cuts[pairs].T
        in_part, empty = np.any(part, axis=1), ~np.any(taken | part, axis=1)
        left, right = self._pieces.boxes[:, 0], self._pieces.boxes[:, 0] + self._pieces.boxes[:, 2]
        low = np.where(taken, left, self._picture.shape[1]).min(axis=1, initial=1 << 30)
        high = np.where(taken, right, 0).max(axis=1, initial=0)
        low = np.where(in_part, np.minimum(low, start), low)
        high = np.where(in_part, np.maximum(high, end), high)
        inner = np.where(in_part[:, None], np.stack([start, end], axis=1), 0)
        keys = np.column_stack([taken | part, taken, inner.astype(np.int32).view(np.uint8)])
        whole, shown = _colors(taken), _colors(taken | part)
        shapes: list[_Shape | None] = []
        columns = zip(low.tolist(), high.tolist(), inner.tolist(), strict=True)
        for k, (x0, x1, inside) in enumerate(columns):
            if empty[k]:
                shapes.append(None)
                continue
            key = keys[k].tobytes()
            if key not in self._known:
                self._known[key] = self._shape(whole[k], shown[k], x0, x1, inside)
            shapes.append(self._known[key])
        return shapes

    def _shape(
        self, whole: np.ndarray, shown: np.ndarray, low: int, high: int, inside: list[int]
    ) -> _Shape | None:
        """Return the pieces colored by ``whole``, and between the columns ``inside`` those
        colored by ``shown``, uint8 (pieces + 1,), all in columns ``low`` to ``high``."""
        labels = self._pieces.labels[:, low:high]
        mask = whole.take(labels)
        start, end = inside
        if end:
            mask[:, start - low : end - low] = shown.take(labels[:, start - low : end - low])
        glyph = normalize(cv2.bitwise_and(self._picture[:, low:high], mask), self._least)
        if not cv2.countNonZero(glyph):
            return None
        x, y, width, height = cv2.boundingRect(mask)
        return _Shape(low, mask, glyph, (x + low, y, width, height), not end)


def _colors(chosen: np.ndarray) -> np.ndarray:
    """Return the color of each label, uint8 (pairs, pieces + 1): 255 for pieces chosen (bool, pairs
    x pieces), 0 for others and for paper."""
    colors = np.zeros((len(chosen), chosen.shape[1] + 1), np.uint8)
    colors[:, 1:] = np.where(chosen, np.uint8(255), np.uint8(0))
    return colors


def _settle(
    pieces: Pieces,
    borders: np.ndarray,
    knife: _Knife,
    settings: SegmentSettings,
    digitness: Callable[[np.ndarray], np.ndarray],
) -> tuple[Stretches, Stretches]:
    """Return the stretches between borders that are surely a digit each, and those, the sure ones
    among them, that are likely one.

    Each is as tall as a digit, no wider than one, and cuts no piece; the sure ones stand apart from
    their neighbors or between others of the kind.
    """
    if len(borders) < 2:
        return [], []
    height = settings.glyph_height
    pairs = np.stack([np.arange(len(borders) - 1), np.arange(1, len(borders))], axis=1)
    taken, part = _take(pieces, borders, pairs, settings)
    whole = ~np.any(part, axis=1)
    shapes = knife.cut_all(borders, pairs, taken & whole[:, None], part & False)
    left, _, width, tall = np.array(
        [s.box if s else (x, 0, 0, 0) for s, x in zip(shapes, borders[:-1], strict=True)]
    ).T
    fit = (tall >= SETTLED_HEIGHT * height) & (width <= SETTLED_WIDTH * height)
    likely = np.zeros(len(fit))
    likely[fit] = digitness(
        as_batch([s.glyph for s, fits in zip(shapes, fit, strict=True) if s and fits])
    )
    sure = likely >= SURE
    gap = np.concatenate([[height], left[1:] - (left + width)[:-1], [height]])
    others = np.concatenate([[True], sure, [True]])
    apart_left = (gap[:-1] >= SETTLED_GAP * height) | others[:-2]
    apart_right = (gap[1:] >= SETTLED_GAP * height) | others[2:]
    ends = list(itertools.pairwise(borders.tolist()))
    return (
        [ends[i] for i in np.flatnonzero(sure & apart_left & apart_right)],
        [ends[i] for i in np.flatnonzero(likely >= LIKELY)],
    )


def _with_one(stretches: Stretches, middles: np.ndarray) -> Stretches:
    """Return the stretches that do not hold two middles."""
    starts, ends = np.array(stretches, np.int64).reshape(-1, 2).T
    held = np.searchsorted(middles, ends) - np.searchsorted(middles, starts, side="right")
    return [stretch for stretch, few in zip(stretches, held < 2, strict=True) if few]


def _pairs(
    cuts: np.ndarray,
    pieces: Pieces,
    settled: Stretches,
    settings: SegmentSettings,
) -> np.ndarray:
    """Return index pairs (n, 2) of cuts that one glyph may lie between; neighbors always.

    A glyph is as wide as the ink between its cuts, however wide the gap beside it. None holds a
    settled stretch and more. On lines with more pairs than the cap the widest are left out.
    """
    if len(cuts) < 2:
        return np.zeros((0, 2), np.int64)
    inked = np.flatnonzero(np.diff(pieces.columns.sum(axis=0)) > 0)
    wide = np.flatnonzero(np.diff(inked) > WIDEST_HOLE * settings.glyph_height)
    begun = np.searchsorted(inked[wide], cuts, side="left")
    ended = np.searchsorted(inked[wide + 1], cuts, side="right")
    first, second = np.triu_indices(len(cuts), 1)
    begin = inked[np.minimum(np.searchsorted(inked, cuts), len(inked) - 1)]
    end = inked[np.maximum(np.searchsorted(inked, cuts), 1) - 1] + 1
    width = end[second] - begin[first]
    neighbors = second == first + 1
    fits = (width <= settings.widest * settings.glyph_height) & (ended[second] <= begun[first])
    for left, right in settled:
        fits &= (cuts[second] <= left) | (cuts[first] >= right)
    pairs = np.stack([first, second], axis=1)[neighbors | fits]
    if len(pairs) > settings.max_line_spans:
        steps = pairs[:, 1] - pairs[:, 0]
        order = np.lexsort([cuts[pairs[:, 1]] - cuts[pairs[:, 0]], steps > 1])
        pairs = pairs[np.sort(order[: max(settings.max_line_spans, len(cuts) - 1)])]
    return pairs


def _take(
    pieces: Pieces, cuts: np.ndarray, pairs: np.ndarray, settings: SegmentSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Return which pieces (bool, pairs x n) belong to each pair as a whole, and which in part."""
    start, end = cuts[pairs[:, 0]], cuts[pairs[:, 1]]
    total = pieces.columns[:, -1:]
    inside = pieces.columns[:, end] - pieces.columns[:, start]
    share = inside / np.maximum(total, 1)
    left, right = pieces.boxes[:, :1], pieces.boxes[:, :1] + pieces.boxes[:, 2:3]
    reach = OVERHANG * settings.glyph_height
    out = np.maximum(start - left, 0) + np.maximum(right - end, 0)
    into = np.minimum(right, end) - np.maximum(left, start)
    taken = (share >= settings.keep) & (out <= reach)
    left_out = (share <= settings.drop) & (into <= reach)
    return taken.T, (~taken & ~left_out & (inside > 0)).T
