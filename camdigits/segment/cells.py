"""Tables: what is written in different columns of them is different numbers.

Rules that cross part a table into cells. A single row of cells for a digit each, as forms have
them, holds one number; so do squares that are hardly larger than digits.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from camdigits.preprocess.labels import colored, connected
from camdigits.preprocess.scale import shrink
from camdigits.segment.components import Components

CELL = 0.5, 0.4  # usual glyph heights that a cell has at least, up and across
LEAST = 2  # rows of cells that a table has, and cells of these that are filled
# Usual heights of the straight runs of rules at least, which strokes hardly have; over so many
# noise is averaged; and how much darker than up to so far across a rule is.
RUN, ALONG = 2.0, 0.4
# How tall digits are, in pixels, in the copy in which rules are looked for, unless that is less
# than such a share of the picture: what seems the usual height may be that of cells.
SEEN, LEAST_SCALE = 32.0, 0.5
ACROSS, VISIBLE, CLEAR = 0.5, 6, 3.0
EDGE = 3  # pixels from the picture's border within which rules reach it
# Usual heights that cells of one digit each have, where they are no squares to be written across,
# and that are wide enough for a number.
ROOMY, WIDE = 1.15, 1.8
GLYPH = 0.3  # usual heights that a digit has at least; the usual ones may be those of cells
SHARED = 0.5  # share of their height by which cells are of one row
ALIKE = 0.5  # share of their width by which the sides of cells of one column differ at most


def find_cells(darkness: np.ndarray, components: Components, height: float) -> np.ndarray | None:
    """Return the cells of tables in the ``darkness``, uint8 (h, w), as labels, uint16 (h, w), 0
    where none is, the same for those of a column; None where there are no tables. ``components``
    are those of the ink, and ``height`` the usual one of glyphs (pixels).

    Rules are looked for in the darkness, for they may be much paler than what is written.
    """
    small = shrink(darkness, max(LEAST_SCALE, SEEN / height))
    scale = small.shape[1] / darkness.shape[1]
    height *= scale
    boxes = np.rint(components.boxes * scale).astype(np.int64)
    glyphs = boxes[boxes[:, 3] >= GLYPH * height]
    cells = np.zeros(small.shape, np.uint16)
    known = 0
    for x, y, inside in _ruled(small, height):
        labels, boxes = _parts(inside, height)
        if len(boxes) >= LEAST and _parts_numbers(labels, boxes, glyphs - (x, y, 0, 0)):
            there = cells[y : y + labels.shape[0], x : x + labels.shape[1]]
            columns = _columns(boxes) + known
            there[labels > 0] = columns[labels[labels > 0] - 1]
            known += len(boxes)
    return resized_labels(cells, darkness.shape) if known else None


def resized_labels(labels: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return ``labels`` (h, w) as they are in a picture of ``shape`` (height, width)."""
    if labels.shape == shape:
        return labels
    return cv2.resize(labels, shape[::-1], interpolation=cv2.INTER_NEAREST)


def cells_of(boxes: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Return the label in ``cells``, integers (h, w), of that in which most of each of ``boxes``
    (n, 4) stands, 0 where it stands in none."""
    found = np.zeros(len(boxes), np.int64)
    for i, (x, y, width, height) in enumerate(boxes.tolist()):
        labels = np.bincount(cells[max(y, 0) : y + height, max(x, 0) : x + width].ravel())
        if labels[1:].any():
            found[i] = labels[1:].argmax() + 1
    return found


def _ruled(darkness: np.ndarray, height: float) -> Iterator[tuple[int, int, np.ndarray]]:
    """Yield what may be tables: left and top of the box of rules that hang together, and where
    there is none of these in it, uint8 (h, w). What goes from side to side of the picture is the
    paper's: rules, or squares."""
    level = _runs(darkness, height)
    upright = _runs(np.ascontiguousarray(darkness.T), height)
    labels, stats = connected(cv2.max(level, np.ascontiguousarray(upright.T)))
    across, down = (_spans(stats, side, darkness.shape[1 - side])[1:] for side in (0, 1))
    if (across & down).any():
        return
    if across.any() or down.any():
        level, upright = _without_spans(level), _without_spans(upright)
        labels, stats = connected(cv2.max(level, np.ascontiguousarray(upright.T)))
    for i in range(1, len(stats)):
        x, y, width, tall = stats[i, :4].tolist()
        if min(width, tall) >= RUN * height:
            yield x, y, (labels[y : y + tall, x : x + width] != i).astype(np.uint8)


def _spans(stats: np.ndarray, side: int, length: int) -> np.ndarray:
    """Return which parts (bool, n) go from side to side of a picture of such a ``length``, across
    (``side`` 0) or down (1), by their statistics (n, 5)."""
    first, extent = stats[:, side], stats[:, side + 2]
    return np.asarray((first <= EDGE) & (first + extent >= length - EDGE))


def _without_spans(runs: np.ndarray) -> np.ndarray:
    """Return level ``runs``, a mask uint8 (h, w), without those from side to side."""
    labels, stats = connected(runs)
    return colored(labels, np.flatnonzero(~_spans(stats, 0, runs.shape[1])[1:]) + 1)


def _runs(darkness: np.ndarray, height: float) -> np.ndarray:
    """Return the thin level runs of ``darkness``, uint8 (h, w), that are as long as rules, with the
    gaps between them closed, as a mask, uint8 (h, w). They may lean by a row more each way."""
    along, across, run = (max(3, round(share * height)) | 1 for share in (ALONG, ACROSS, RUN))
    mean = cv2.blur(darkness, (along, 1))
    around = cv2.blur(darkness, (along, across))
    counts = cv2.calcHist([cv2.absdiff(mean, around)], [0], None, [256], [0, 256])
    noise = int(np.searchsorted(counts.cumsum(), darkness.size / 2))
    lean = cv2.dilate(cv2.subtract(mean, around), np.ones((3, 1), np.uint8))
    shown = cv2.compare(lean, max(VISIBLE, CLEAR * noise), cv2.CMP_GT)
    long = np.ones((1, run), np.uint8)
    runs = cv2.morphologyEx(shown, cv2.MORPH_OPEN, long)
    # At its border OpenCV closes what does not reach it, too.
    padded = cv2.copyMakeBorder(runs, 0, 0, run, run, cv2.BORDER_CONSTANT, value=0)
    return np.ascontiguousarray(cv2.morphologyEx(padded, cv2.MORPH_CLOSE, long)[:, run:-run])


def _parts(inside: np.ndarray, height: float) -> tuple[np.ndarray, np.ndarray]:
    """Return labels (h, w) and boxes (n, 4) of the parts of ``inside``, uint8 (h, w), that are
    large enough for cells."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inside, connectivity=4)
    boxes = stats[:, :4]
    large = (boxes[:, 3] >= CELL[0] * height) & (boxes[:, 2] >= CELL[1] * height)
    large[0] = False
    order = np.zeros(len(stats), np.int64)
    order[large] = np.arange(1, int(large.sum()) + 1)
    return order[labels], boxes[large]


def _parts_numbers(labels: np.ndarray, boxes: np.ndarray, glyphs: np.ndarray) -> bool:
    """Say whether cells, given by ``labels`` (h, w) and ``boxes`` (n, 4), hold a number each:
    two digits beside each other or room for them, or digits with empty cells in between. ``glyphs``
    (m, 4) are the boxes of what stands as tall as digits."""
    middles = glyphs[:, :2] + glyphs[:, 2:] // 2
    rows, columns = labels.shape
    within = ((middles >= 0) & (middles < (columns, rows))).all(axis=1)
    own = np.zeros(len(glyphs), np.int64)
    own[within] = labels[middles[within, 1], middles[within, 0]]
    own[own > 0] *= (glyphs[own > 0, 2:] <= boxes[own[own > 0] - 1, 2:]).all(axis=1)
    filled = np.unique(own[own > 0])
    if len(filled) < LEAST:
        return False
    rows = _rows(boxes)
    ends = boxes[:, :2] + boxes[:, 2:]
    closed = (boxes[:, :2] > 0).all(axis=1) & (ends < (columns, len(labels))).all(axis=1)
    if len(rows) < LEAST or closed.sum() < LEAST:
        return False
    digit = float(np.median(glyphs[own > 0, 3]))
    usual_width, usual_height = np.median(boxes[filled - 1, 2:], axis=0)
    if usual_width >= WIDE * digit or any(_side_by_side(glyphs[own == cell]) for cell in filled):
        return True
    return bool(usual_height >= ROOMY * digit and _scattered(rows, filled - 1))


def _columns(boxes: np.ndarray) -> np.ndarray:
    """Return the number (n,), from 1 on, of the first of ``boxes`` (n, 4) with sides like those of
    each."""
    left, width = boxes[:, 0], boxes[:, 2]
    away = abs(left[:, None] - left) + abs((left + width)[:, None] - left - width)
    return np.asarray((away < ALIKE * width).argmax(axis=1) + 1)


def _side_by_side(boxes: np.ndarray) -> bool:
    """Say whether some of ``boxes`` (n, 4) stand beside each other."""
    left, width = boxes[np.argsort(boxes[:, 0])][:, [0, 2]].T
    return bool((left[1:] >= np.maximum.accumulate(left + width)[:-1]).any())


def _rows(boxes: np.ndarray) -> list[list[int]]:
    """Return the indices of ``boxes`` (n, 4), row by row, from left to right."""
    rows: list[list[int]] = []
    for i in np.argsort(boxes[:, 0], kind="stable").tolist():
        own = next((row for row in rows if _level(boxes[i], boxes[row[-1]])), None)
        if own is None:
            rows.append([i])
        else:
            own.append(i)
    return rows


def _scattered(rows: list[list[int]], filled: np.ndarray) -> bool:
    """Say whether the cells of ``rows``, of which those ``filled`` are, are filled in no order, or
    are as many across as down, as on boards of games."""
    if all(len(row) == len(rows) for row in rows):
        return True
    held = [np.isin(row, filled) for row in rows]
    several = [row for row in held if row.sum() >= LEAST]
    torn = sum(int((np.diff(row.astype(int), prepend=0) > 0).sum()) > 1 for row in several)
    return 2 * torn >= len(several) > 0


def _level(one: np.ndarray, other: np.ndarray) -> bool:
    """Say whether two boxes (4,) stand in one row."""
    shared = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return bool(shared >= SHARED * min(one[3], other[3]))
