"""Where a straightened line may be cut into glyphs: gaps, neighbors' borders, thin places."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import cv2
import numpy as np

from camdigits.preprocess.labels import connected
from camdigits.segment.settings import SegmentSettings

DEEPEST = 0.75  # glyph heights of crossing cost above which no cut is tried
SHOULDER = 0.2  # of the way between two middles on either side, in which no cut parts them
INK = 96  # gray value from which a pixel of a straightened line counts as ink


@dataclass(frozen=True)
class Pieces:
    """Connected pieces of a line: ``labels`` intp (h, w), 0 paper; ``boxes`` (n, 4); ``columns``
    (n, w + 1) ink pixels left of each column."""

    labels: np.ndarray
    boxes: np.ndarray
    columns: np.ndarray


def find_pieces(picture: np.ndarray) -> Pieces:
    """Return the 8-connected pieces of gray ink ``picture`` (uint8, h x w), specks left out."""
    mask = (picture >= INK).astype(np.uint8)
    labels, stats = connected(mask)
    keep = np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] >= 5) + 1
    renumber = np.zeros(len(stats), np.intp)
    renumber[keep] = np.arange(1, len(keep) + 1)
    labels = renumber.take(labels)
    width = picture.shape[1]
    cells = (labels * width + np.arange(width)).ravel()
    sums = np.bincount(cells[labels.ravel() > 0], minlength=(len(keep) + 1) * width)
    columns = np.zeros((len(keep), width + 1), np.int64)
    np.cumsum(sums.reshape(-1, width)[1 : len(keep) + 1], axis=1, out=columns[:, 1:])
    return Pieces(labels, stats[keep, :4].astype(np.int64), columns)


def find_borders(pieces: Pieces) -> np.ndarray:
    """Return columns (int, ascending) between neighboring pieces, the outer ends included."""
    if not len(pieces.boxes):
        return np.zeros(0, np.int64)
    left, right = pieces.boxes[:, 0], pieces.boxes[:, 0] + pieces.boxes[:, 2]
    chosen = [int(left.min()), int(right.max())]
    for border in _borders(left, right):
        if all(abs(border - other) >= 2 for other in chosen):
            chosen.append(border)
    return np.array(sorted(chosen), np.int64)


def add_valleys(
    cost: np.ndarray,
    borders: np.ndarray,
    uncut: list[tuple[int, int]],
    settings: SegmentSettings,
) -> np.ndarray:
    """Return ``borders`` and the columns between them where the ink is thin enough to be cut.

    Valleys of the ``cost`` (w,) of cuts, see :func:`crossing_cost`, fill in at ``cut_distance``,
    the cheapest first; none inside ``uncut`` stretches.
    """
    if len(borders) < 2:
        return borders
    height = settings.glyph_height
    distance = max(2, round(settings.cut_distance * height))
    padded = np.pad(cost, 1, mode="edge")
    smooth = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    valley = (smooth[1:-1] <= smooth[:-2]) & (smooth[1:-1] <= smooth[2:])
    columns = np.flatnonzero(valley) + 1
    columns = columns[(smooth[columns] > 0) & (smooth[columns] < DEEPEST * height)]
    for start, end in uncut:
        columns = columns[(columns <= start) | (columns >= end)]
    chosen = borders.tolist()
    for column in columns[np.argsort(smooth[columns], kind="stable")].tolist():
        inside = borders[0] < column < borders[-1]
        if inside and all(abs(column - other) >= distance for other in chosen):
            chosen.append(column)
    return np.array(sorted(chosen), np.int64)


def part_middles(cost: np.ndarray, cuts: np.ndarray, middles: np.ndarray) -> np.ndarray:
    """Return ``cuts`` and, between neighboring ``middles`` of digits (columns, ascending) that no
    cut parts, the column with the least ``cost`` (w,): touching digits may have no valley."""
    chosen = cuts.tolist()
    for left, right in itertools.pairwise(middles.tolist()):
        shoulder = SHOULDER * (right - left)
        start, end = math.ceil(left + shoulder), math.floor(right - shoulder) + 1
        if end > start and not any(start <= cut < end for cut in chosen):
            chosen.append(start + int(cost[start:end].argmin()))
    return np.array(sorted(chosen), np.int64)


def crossing_cost(picture: np.ndarray, height: float) -> np.ndarray:
    """Return the cost (w,) of a cut through each column: ink, plus 0.25 height a further run."""
    mask = picture >= INK
    runs = (mask[1:] & ~mask[:-1]).sum(axis=0) + mask[0]
    ink = picture.sum(axis=0, dtype=np.float64) / 255
    return ink + 0.25 * height * np.maximum(runs - 1, 0)


def _borders(left: np.ndarray, right: np.ndarray) -> list[int]:
    """Return the middle between pieces that stand beside each other: gap or slight overlap."""
    order = np.argsort(left + right, kind="stable")
    borders = []
    for i, j in itertools.pairwise(order):
        overlap = right[i] - left[j]
        narrower = min(right[i] - left[i], right[j] - left[j])
        if overlap < 0.5 * narrower:
            borders.append(int(right[i] + left[j]) // 2)
    reach = np.maximum.accumulate(right[order])
    for i, j in enumerate(order[1:]):
        if left[j] > reach[i]:
            borders.append(int(left[j] + reach[i]) // 2)
    return sorted(set(borders))
