"""Text lines: which components stand beside each other, at which slope, in which row."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median

import numpy as np

from camdigits.segment.components import Components
from camdigits.segment.halves import whole_rows
from camdigits.segment.settings import SegmentSettings

# Neighbors of one line: gap, shared height and ratio of heights, relative to their own heights.
WIDEST_GAP, LEAST_OVERLAP, LARGEST_RATIO = 2.6, 0.35, 2.1
# Ratio of median heights, gap in the smaller of them, and bodies on each side, where a line is
# parted because writing of another size begins.
OTHER_SIZE, SIZE_GAP, FEWEST = 1.45, 0.4, 3
STEEPEST = math.radians(45)


@dataclass(frozen=True)
class TextLine:
    """A run of neighboring components: indices ``members``, slope ``angle`` (radians, clockwise),
    usual glyph ``height`` (pixels), and ``row`` from the top of the page."""

    members: np.ndarray
    angle: float
    height: float
    row: int


def find_lines(components: Components, stroke: float, settings: SegmentSettings) -> list[TextLine]:
    """Return the text lines in reading order."""
    if not len(components):
        return []
    height = components.boxes[:, 3].astype(np.float64)
    bodies = np.flatnonzero((height >= 2.2 * stroke) & (height >= 5))
    if not len(bodies):
        return []
    angle = page_angle(components.boxes[bodies])
    turned = _turn(components.boxes, angle)
    groups, height = whole_rows(turned, _link(turned, bodies), stroke)
    heights = [_usual(height[group]) for group in groups]
    order = np.argsort(heights, kind="stable")[::-1]
    groups, heights = [groups[i] for i in order], [heights[i] for i in order]
    groups = _absorb(turned, groups, heights)
    parts = [part for group in groups if len(group) for part in _of_one_size(turned, group)]
    if len(parts) > settings.max_lines:
        # Remnants of squares and rules are thin: what has the most ink is writing.
        inked = [int(components.areas[part].sum()) for part in parts]
        largest = np.argsort(inked, kind="stable")[-settings.max_lines :]
        parts = [parts[i] for i in np.sort(largest)]
    lines = []
    for part in parts:
        tall = _usual(height[part])
        lines.append(TextLine(part, _line_angle(turned, part, tall, angle), tall, 0))
    return _reading_order(turned, lines)


def page_angle(boxes: np.ndarray) -> float:
    """Return the slope (radians, clockwise) at which most neighbors stand beside each other.

    Each box (x, y, width, height) votes for the direction to its nearest neighbor on the right of
    similar height; fewer than three votes are not heard.
    """
    center_x = boxes[:, 0] + boxes[:, 2] / 2
    center_y = boxes[:, 1] + boxes[:, 3] / 2
    height = boxes[:, 3].astype(np.float64)
    dx = center_x[None, :] - center_x[:, None]
    dy = center_y[None, :] - center_y[:, None]
    larger = np.maximum(height[None, :], height[:, None])
    ratio = larger / np.minimum(height[None, :], height[:, None])
    distance = np.hypot(dx, dy)
    right = (dx > 0.25 * larger) & (distance < 3.0 * larger) & (ratio < 2.0) & (np.abs(dy) < dx)
    distance = np.where(right, distance, np.inf)
    nearest = distance.argmin(axis=1)
    voters = np.flatnonzero(np.isfinite(distance.min(axis=1)))
    if len(voters) < 3:
        return 0.0
    angles = np.arctan2(dy[voters, nearest[voters]], dx[voters, nearest[voters]])
    weights = height[voters]
    grid = np.radians(np.arange(-45, 46))
    votes = (weights * np.exp(-(((grid[:, None] - angles) / math.radians(4)) ** 2))).sum(axis=1)
    best = grid[int(votes.argmax())]
    if votes.max() < 1.3 * votes[45]:
        best = 0.0
    near = np.abs(angles - best) < math.radians(8)
    return float(np.average(angles[near], weights=weights[near])) if near.sum() >= 3 else 0.0


def _turn(boxes: np.ndarray, angle: float) -> np.ndarray:
    """Return (n, 4) left, right, top, bottom of the boxes in a frame turned by ``angle``."""
    half_width, half_height = boxes[:, 2] / 2, boxes[:, 3] / 2
    x, y = boxes[:, 0] + half_width, boxes[:, 1] + half_height
    cosine, sine = math.cos(angle), math.sin(angle)
    u, v = cosine * x + sine * y, cosine * y - sine * x
    return np.stack([u - half_width, u + half_width, v - half_height, v + half_height], axis=1)


def _link(turned: np.ndarray, bodies: np.ndarray) -> list[np.ndarray]:
    """Return groups of bodies (index arrays), each body linked to its best right neighbor."""
    left, right, top, bottom = turned[bodies].T
    height = bottom - top
    gap = left[None, :] - right[:, None]
    smaller = np.minimum(height[None, :], height[:, None])
    larger = np.maximum(height[None, :], height[:, None])
    overlap = np.minimum(bottom[None, :], bottom[:, None]) - np.maximum(top[None, :], top[:, None])
    center = (left + right) / 2
    fits = (
        (center[None, :] > center[:, None])
        & (gap <= WIDEST_GAP * larger)
        & (overlap >= LEAST_OVERLAP * smaller)
        & (larger <= LARGEST_RATIO * smaller)
    )
    np.fill_diagonal(fits, False)
    middle = (top + bottom) / 2
    cost = np.maximum(gap, 0) + 2 * np.abs(middle[None, :] - middle[:, None])
    cost = np.where(fits, cost, np.inf)
    parent = np.arange(len(bodies))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = int(parent[i])
        return i

    for i, j in enumerate(cost.argmin(axis=1)):
        if np.isfinite(cost[i, j]):
            parent[root(i)] = root(int(j))
    for j, i in enumerate(cost.argmin(axis=0)):
        if np.isfinite(cost[i, j]):
            parent[root(int(i))] = root(j)
    roots = np.array([root(i) for i in range(len(bodies))])
    return [bodies[roots == r] for r in np.unique(roots)]


def _usual(heights: np.ndarray) -> float:
    """Return the height that the taller members of a line share: robust to broken strokes."""
    return median(heights[heights >= 0.5 * heights.max()].tolist())


def _absorb(turned: np.ndarray, groups: list[np.ndarray], heights: list[float]) -> list[np.ndarray]:
    """Give small components (dots, dashes, broken strokes, a low digit beside a tall one) to the
    tallest line whose band they stand in. ``groups`` come tallest first; a line of its own size or
    with more members is not absorbed, what stands alone is where it is lower than the line."""
    owner = np.full(len(turned), -1)
    own_height = np.zeros(len(turned))
    own_count = np.zeros(len(turned), int)
    for index, (group, tall) in enumerate(zip(groups, heights, strict=True)):
        owner[group] = index
        own_height[group] = tall
        own_count[group] = len(group)
    middle_x = (turned[:, 0] + turned[:, 1]) / 2
    middle_y = (turned[:, 2] + turned[:, 3]) / 2
    size = turned[:, 3] - turned[:, 2]
    for index, (group, tall) in enumerate(zip(groups, heights, strict=True)):
        members = group[owner[group] == index]
        if not len(members):
            continue
        band = np.interp(middle_x, *_centers(turned, members))
        inside = (
            (np.abs(middle_y - band) < 0.75 * tall)
            & (middle_x > turned[members, 0].min() - 0.9 * tall)
            & (middle_x < turned[members, 1].max() + 1.2 * tall)
            & (size < 1.3 * tall)
            & (own_height < np.where(own_count == 1, 1.0, 0.6) * tall)
            & (own_count < np.maximum(len(members), 3))
        )
        owner[inside] = index
        own_height[inside] = tall
    return [np.flatnonzero(owner == index) for index in range(len(groups))]


def _of_one_size(turned: np.ndarray, group: np.ndarray) -> list[np.ndarray]:
    """Part a line where writing of another size begins, as in a form that was filled in.

    There is a gap, and at least ``FEWEST`` bodies on both sides share heights that differ; of such
    gaps that one counts which explains most of the variance of their logarithms (Otsu 1979,
    doi:10.1109/TSMC.1979.4310076).
    """
    group = group[np.argsort(turned[group, 0], kind="stable")]
    size = turned[group, 3] - turned[group, 2]
    body = size >= 0.4 * size.max()
    if body.sum() < 2 * FEWEST or size.max() < OTHER_SIZE * size[body].min():
        return [group]
    ends = np.maximum.accumulate(turned[group, 1])
    starts = np.minimum.accumulate(turned[group[::-1], 0])[::-1]
    gaps = np.append(0.0, starts[1:] - ends[:-1])
    bodies, count = size[body].tolist(), np.cumsum(body) - body
    enough = (count >= FEWEST) & (count <= len(bodies) - FEWEST)
    sums = np.cumsum([0.0, *map(math.log, bodies)])
    best, border = 0.0, 0
    for k in np.flatnonzero((gaps > 0) & enough).tolist():
        before, after = int(count[k]), len(bodies) - int(count[k])
        low, high = sorted((median(bodies[:before]), median(bodies[before:])))
        if gaps[k] < SIZE_GAP * low or high < OTHER_SIZE * low:
            continue
        apart = (sums[-1] - sums[before]) / after - sums[before] / before
        explained = before * after * apart**2
        if explained > best:
            best, border = explained, k
    if not border:
        return [group]
    return _of_one_size(turned, group[:border]) + _of_one_size(turned, group[border:])


def _centers(turned: np.ndarray, members: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return x (ascending) and y of the members' centers."""
    x = (turned[members, 0] + turned[members, 1]) / 2
    y = (turned[members, 2] + turned[members, 3]) / 2
    order = np.argsort(x, kind="stable")
    return x[order], y[order]


def _line_angle(turned: np.ndarray, group: np.ndarray, tall: float, angle: float) -> float:
    """Return the page's angle, refined by a straight fit where a line is long enough for it."""
    bodies = group[(turned[group, 3] - turned[group, 2]) >= 0.5 * tall]
    x, y = _centers(turned, bodies)
    if len(bodies) < 4 or x[-1] - x[0] < 3.0 * tall:
        return angle
    away = x - x.mean()
    slope = float((away * y).sum() / (away * away).sum())
    offset = float(y.mean() - slope * x.mean())
    residual = np.median(np.abs(y - slope * x - offset))
    if residual > 0.2 * tall:
        return angle
    return angle + math.atan(slope)


def _reading_order(turned: np.ndarray, lines: list[TextLine]) -> list[TextLine]:
    """Return the lines with their rows: top to bottom, left to right in a row.

    Lines at one height that do not stand above each other share a row.
    """
    rows: list[list[tuple[np.ndarray, TextLine]]] = []
    placed = []
    for line in lines:
        box = turned[line.members]
        heights = box[:, 3] - box[:, 2]
        tall = heights >= 0.5 * heights.max()
        middle = float(np.median((box[tall, 2] + box[tall, 3]) / 2))
        placed.append((np.array([box[:, 0].min(), box[:, 1].max(), middle]), line))
    for place, line in sorted(placed, key=lambda item: item[0][2]):
        for row in rows:
            if all(_beside(place, line, other, that) for other, that in row):
                row.append((place, line))
                break
        else:
            rows.append([(place, line)])
    return [
        TextLine(line.members, line.angle, line.height, number)
        for number, row in enumerate(rows)
        for _, line in sorted(row, key=lambda item: item[0][0])
    ]


def _beside(place: np.ndarray, line: TextLine, other: np.ndarray, that: TextLine) -> bool:
    """Say whether two lines (left, right, middle) stand at one height, side by side."""
    level = abs(place[2] - other[2]) < 0.55 * max(line.height, that.height)
    overlap = min(place[1], other[1]) - max(place[0], other[0])
    return bool(level and overlap < 0.2 * min(place[1] - place[0], other[1] - other[0]))
