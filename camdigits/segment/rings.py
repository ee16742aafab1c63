"""Rings: what someone drew around a number, as answers, rows and choices are marked."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from camdigits.segment.components import Components

RIM = np.ones((3, 3), np.uint8)
# Shares of its hull that is a ring's own ink, and of a rectangle that its hull is, at most: of an
# ellipse it is 0.785, of frames nearly all.
THIN, ROUND = 0.35, 0.9
# Share of a ring's narrower side: so deep in its hull is hardly any of its ink, but its ends may
# overlap, or miss each other by a little. STRAY of its ink may be elsewhere.
DEEP, STRAY = 0.22, 0.02
SECTORS, TURN = 40, 0.85  # of a full turn, and the share of them in which a ring shows
# An arc shows in so much of a turn at least to tell where the rest is; what that is lies so near to
# the arc's ellipse (share of its radius).
ARC, NEAR = 0.5, 0.15
LOWEST, TALLEST = 0.5, 4.0  # usual heights of what is found at first that rings have
THICKER = 1.5  # times its mean thickness that a line may be thick
# Shares of a ring's height and of its ink that what it was drawn around has at least: specks and
# dots in a zero have less. What is so narrow beside its length, and goes up and across by such a
# share of a ring that is taller than wide, is the slash of a zero.
HELD, WRITTEN, NARROW, SLASH = 0.3, 0.1, 0.3, 0.55


@dataclass(frozen=True)
class _Line:
    """Some ``ink``, uint8 (h, w) of 0 and 1, whose upper left corner is at ``x``, ``y``."""

    x: int
    y: int
    ink: np.ndarray

    @property
    def box(self) -> np.ndarray:
        """Its x, y, width and height."""
        return np.array([self.x, self.y, *self.ink.shape[::-1]])

    @property
    def place(self) -> tuple[slice, slice]:
        """Its rows and columns."""
        return np.s_[self.y : self.y + self.ink.shape[0], self.x : self.x + self.ink.shape[1]]

    @property
    def corners(self) -> np.ndarray:
        """Those of its convex hull (n, 1, 2)."""
        return np.asarray(cv2.convexHull(cv2.findNonZero(self.ink)))

    @property
    def hull(self) -> np.ndarray:
        """The convex hull, uint8 (h, w) of 0 and 1."""
        return cv2.fillConvexPoly(np.zeros_like(self.ink), self.corners, 1)


def ring_ink(components: Components, height: float) -> np.ndarray:
    """Return the ink of rings around others of the ``components``, uint8 (h, w), 255: it is thin,
    goes around what stands in its middle, and has no part there. ``height`` is the usual one
    (pixels) of all that is found.

    Rings may be open a little, broken, or touch other ink outside.
    """
    found = np.zeros(components.labels.shape, np.uint8)
    width, tall = components.boxes[:, 2:].T
    hollow = components.areas < THIN * width * tall
    for i in np.flatnonzero(hollow & (tall >= LOWEST * height)):
        if not _may_hold(components, components.boxes[i]):
            continue
        for ring in _rings_of(components, int(i), height):
            if _holds(components, ring):
                found[ring.place] = np.where(ring.ink > 0, 255, found[ring.place])
    return found


def erased(dark: np.ndarray, ink: np.ndarray, rings: np.ndarray, stroke: float) -> np.ndarray:
    """Return the darkness ``dark`` as of paper where ``rings`` are, and as far around them as their
    rims (up to a ``stroke``, in pixels), but for what is at other ``ink``; all uint8 (h, w)."""
    side = 2 * max(2, round(stroke)) + 1
    gone = cv2.dilate(rings, np.ones((side, side), np.uint8))
    kept = cv2.dilate(cv2.subtract(ink, rings), RIM)
    return cv2.subtract(dark, cv2.subtract(gone, kept))


def _rings_of(components: Components, i: int, height: float) -> Iterator[_Line]:
    """Yield the rings that a component (index ``i``) is, is an arc of, or has as its parts."""
    x, y, _, tall = components.boxes[i].tolist()
    line = _Line(x, y, components.one(i).view(np.uint8))
    turn = _turn(line) if tall <= TALLEST * height else 0.0
    if turn < ARC:
        parts = _around_holes(components, line, height)
        yield from (ring for ring in parts if _turn(ring) >= TURN)
        return
    if turn < TURN:
        line = _with_rest(components, line)
        turn = _turn(line)
    if turn >= TURN:
        yield line


def _turn(line: _Line) -> float:
    """Return which share (0-1) of a turn a line makes along its hull; 0 where it is none, or not
    round."""
    corners = line.corners
    _, sides, _ = cv2.minAreaRect(corners)
    if cv2.contourArea(corners) > ROUND * sides[0] * sides[1]:
        return 0.0
    hull, ink = line.hull, line.ink
    area = np.count_nonzero(ink)
    if area > THIN * np.count_nonzero(hull):
        return 0.0
    padded = cv2.copyMakeBorder(hull, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    if np.count_nonzero(ink[depth > DEEP * min(ink.shape)]) > STRAY * area:
        return 0.0
    rows, columns = np.nonzero(ink)
    across, down = np.argwhere(hull).mean(axis=0)[::-1]
    # The ends of a long ring would be seen in few directions: they are seen as if it were round.
    height, width = ink.shape
    turns = np.arctan2((rows - down) / height, (columns - across) / width) / (2 * np.pi)
    return len(np.unique((SECTORS * (turns + 0.5)).astype(int))) / SECTORS


def _with_rest(components: Components, arc: _Line) -> _Line:
    """Return an ``arc`` with all components that are beside the ellipse that it is a part of, if it
    is of any."""
    (across, down), axes, degrees = cv2.fitEllipseDirect(cv2.findNonZero(arc.ink))
    turn = math.radians(degrees)
    turned = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])

    def beside(line: _Line) -> bool:
        rows, columns = np.nonzero(line.ink)
        x, y = turned @ (columns + line.x - arc.x - across, rows + line.y - arc.y - down)
        off = np.abs(np.hypot(2 * x / axes[0], 2 * y / axes[1]) - 1)
        return bool(np.count_nonzero(off > NEAR) <= STRAY * len(rows))

    if min(axes) < 1 or not beside(arc):
        return arc
    reach = (1 + NEAR) * max(axes) / 2
    corner = np.array([arc.x + across - reach, arc.y + down - reach])
    pieces = [arc]
    for i in np.flatnonzero(components.inside(np.array([*corner, 2 * reach, 2 * reach]))):
        x, y, *_ = components.boxes[i].tolist()
        piece = _Line(x, y, components.one(int(i)).view(np.uint8))
        if beside(piece):
            pieces.append(piece)
    return _joined(pieces)


def _joined(pieces: list[_Line]) -> _Line:
    """Return the pieces as one line."""
    boxes = np.array([piece.box for piece in pieces])
    x, y = boxes[:, :2].min(axis=0).tolist()
    right, foot = (boxes[:, :2] + boxes[:, 2:]).max(axis=0).tolist()
    ink = np.zeros((foot - y, right - x), np.uint8)
    for piece in pieces:
        ink[_Line(piece.x - x, piece.y - y, piece.ink).place] |= piece.ink
    return _Line(x, y, ink)


def _around_holes(components: Components, line: _Line, height: float) -> Iterator[_Line]:
    """Yield what of a ``line`` goes around each of its holes that holds any component."""
    padded = cv2.copyMakeBorder(line.ink, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    outlines, levels = cv2.findContours(
        padded, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE, offset=(line.x - 1, line.y - 1)
    )
    length = sum(cv2.arcLength(outline, True) for outline in outlines) / 2
    margin = math.ceil(THICKER * np.count_nonzero(line.ink) / length)
    reach = np.ones((2 * margin + 1, 2 * margin + 1), np.uint8)
    for outline, (*_, outer) in zip(outlines, levels[0], strict=True):
        box = np.array(cv2.boundingRect(outline))
        fits = LOWEST * height <= box[3] <= TALLEST * height
        if outer < 0 or not fits or not _may_hold(components, box):
            continue
        left, top = np.maximum(box[:2] - margin - (line.x, line.y), 0).tolist()
        right, foot = (box[:2] + box[2:] + margin - (line.x, line.y)).tolist()
        part = line.ink[top:foot, left:right]
        x, y = line.x + left, line.y + top
        hole = np.zeros_like(part)
        cv2.drawContours(hole, [outline], 0, 1, cv2.FILLED, offset=(-x, -y))
        yield _Line(x, y, cv2.min(part, cv2.dilate(hole, reach)))


def _may_hold(components: Components, box: np.ndarray) -> bool:
    """Say whether anything as tall as what is written stands in a ``box`` (4,)."""
    _, top, _, tall = components.boxes[components.inside(box)].T
    return bool(len(top) and (top + tall).max() - top.min() >= HELD * box[3])


def _holds(components: Components, ring: _Line) -> bool:
    """Say whether a ``ring`` was drawn around something as tall, and of as much ink, as what is
    written, not around the slash of a zero or specks in one."""
    labels = np.where(ring.ink > 0, 0, components.labels[ring.place])[ring.hull > 0]
    held = np.bincount(labels, minlength=int(components.ids.max()) + 1)[components.ids]
    inside = components.chosen(held == components.areas)
    if inside.areas.sum() < WRITTEN * np.count_nonzero(ring.ink):
        return False
    written = cv2.findNonZero(inside.color(inside.ids, ring.place))
    _, _, width, height = cv2.boundingRect(written)
    _, sides, _ = cv2.minAreaRect(written)
    rows, columns = ring.ink.shape
    narrow = rows > columns and min(sides) <= NARROW * max(sides)
    slash = narrow and width >= SLASH * columns and height >= SLASH * rows
    return height >= HELD * rows and not slash
