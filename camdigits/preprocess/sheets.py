"""Sheets, cards and boards in a scene: even stretches with straight sides, and what is on them.

Who holds a number before a camera stands in a room. What is around the sheet has its own edges, of
all sizes, and no threshold, size or polarity that serves both: so a sheet is looked at alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import cv2
import numpy as np

from camdigits.preprocess.gray import to_gray
from camdigits.preprocess.labels import colored, connected

# They are looked for in a copy with so many pixels on its longer side. An outline is what changes
# by so many gray levels from pixel to pixel: paper before a pale wall by few, a shadow on it by
# more; the same without what is thinner than THIN pixels, as rules from side to side are.
SIDE, STEEP, THIN = 240, (5, 9, 20), 5
SMALLEST = 100  # pixels of a picture's shorter side; less holds a crop, no scene
# Shares of the picture that a sheet takes, and of its upright or turned rectangle that is within
# its outline: of 124 sheets held up in scenes all but 1 in 50 reach 0.7, of what else there is in
# these 1 in 4. It touches so many borders of the picture at most.
LEAST, MOST, FILLED, BORDERS = 0.015, 0.7, 0.7, 1
# Shares of the least sheet that are blank paper, and of its upright box even if it lies askew.
PAPER, SPRAWLING = 0.35, 0.35
TRIED = 6  # outlines that are looked at more closely
ALIKE = 0.8  # of two that share so much of what both take one is enough
# Gray levels by which a thumb differs from the paper that it holds, and pixels of the copy that it
# is wider than strokes.
OTHER, SOLID = 20, 9
# Pixels of the copy that differ from the paper and so may be ink, and their share of a sheet.
FEWEST, FULL = 8, 0.5
_NEAR, _TIP = np.ones((3, 3), np.uint8), np.ones((5, 5), np.uint8)


@dataclass(frozen=True)
class Sheet:
    """A sheet in a small copy of a picture, ``size`` (width, height) pixels large: in the box from
    its pixel ``corner`` (x, y) on, which of the pixels are ``on`` it, uint8 (h, w) of 0 and 1, and
    the color of its ``paper``, continued around it, uint8 (h, w, 3) or (h, w)."""

    size: tuple[int, int]
    corner: tuple[int, int]
    on: np.ndarray
    paper: np.ndarray

    def holds(self, x: float, y: float) -> bool:
        """Say whether a place, in shares (0-1) of the picture's width and height, is on it."""
        column, row = (
            int(s * n) - c for s, n, c in zip((x, y), self.size, self.corner, strict=True)
        )
        rows, columns = self.on.shape
        return 0 <= row < rows and 0 <= column < columns and bool(self.on[row, column])

    def alone(self, image: np.ndarray) -> tuple[np.ndarray, tuple[int, int]]:
        """Return the part of the ``image``, uint8 BGR (h, w, 3) or gray (h, w), that holds the
        sheet, with paper instead of what is around, and the place (x, y) of its first pixel."""
        scales = [n / small for n, small in zip(image.shape[1::-1], self.size, strict=True)]
        ends = [c + n for c, n in zip(self.corner, self.on.shape[::-1], strict=True)]
        left, top = (round(s * c) for s, c in zip(scales, self.corner, strict=True))
        right, bottom = (round(s * e) for s, e in zip(scales, ends, strict=True))
        part = image[top:bottom, left:right]
        width, height = part.shape[1::-1]
        # The first pixel that is on it may be of both, and so are all from which it is enlarged.
        on = cv2.erode(self.on, _NEAR, borderType=cv2.BORDER_CONSTANT, borderValue=1)
        share = cv2.resize(255 * on, (width, height), interpolation=cv2.INTER_LINEAR)
        seen = cv2.resize(self.paper, (width, height), interpolation=cv2.INTER_LINEAR)
        cv2.copyTo(part, cv2.compare(share, 127, cv2.CMP_GT), seen)
        return seen, (left, top)


def find_sheets(image: np.ndarray) -> list[Sheet]:
    """Return the sheets in ``image``, uint8 BGR (h, w, 3) or gray (h, w), on which something may
    be written, those first that are large and fill their rectangles."""
    if min(image.shape[:2]) < SMALLEST:
        return []
    scale = min(1.0, SIDE / max(image.shape[:2]))
    size = [max(1, round(scale * side)) for side in image.shape[1::-1]]
    step = max(1, int(0.5 / scale))  # means of a few pixels will do, those of all take long
    few = np.ascontiguousarray(image[::step, ::step])
    small = cv2.medianBlur(cv2.resize(few, size, interpolation=cv2.INTER_AREA), 3)
    found = [outline for steep, even in _even(small) for outline in _outlines(even, steep)]
    taken: list[np.ndarray] = []
    sheets = []
    for outline in sorted(found, key=lambda o: -o.filled * o.area**0.5)[:TRIED]:
        inside = cv2.fillConvexPoly(np.zeros(small.shape[:2], np.uint8), outline.hull, 1)
        if any(_alike(inside, other) for other in taken):
            continue
        sheet = _sheet(outline, inside, small)
        if sheet is not None:
            taken.append(inside)
            sheets.append(sheet)
    return sheets


@dataclass(frozen=True)
class _Outline:
    """The outline of an ``even`` stretch, uint8 (h, w) of 0 and 1, by slopes that are ``steep``:
    its convex ``hull``, int32 (n, 1, 2), the ``area`` of that in pixels, and how much of its
    rectangle is ``filled`` (0-1)."""

    even: np.ndarray
    steep: int
    hull: np.ndarray
    area: float
    filled: float


def _sheet(outline: _Outline, inside: np.ndarray, small: np.ndarray) -> Sheet | None:
    """Return the sheet ``inside`` an ``outline``, uint8 (h, w) of 0 and 1, in ``small``; None where
    nothing or hardly anything else is on it."""
    x, y, width, height = cv2.boundingRect(outline.hull)
    left, top = max(x - SOLID, 0), max(y - SOLID, 0)
    box = np.s_[top : y + height + SOLID, left : x + width + SOLID]
    seen = small[box]
    known = cv2.erode(outline.even[box], _NEAR)
    if not known.any():
        return None
    paper = _spread(known, seen)
    off = cv2.absdiff(to_gray(seen), to_gray(paper))
    on = _without_thumbs(cv2.dilate(inside[box], _NEAR), off)
    inner = cv2.erode(on, np.ones((5, 5), np.uint8))
    marks = cv2.countNonZero(cv2.compare(off, outline.steep, cv2.CMP_GT) & inner)
    if not FEWEST <= marks <= FULL * cv2.countNonZero(inner):
        return None
    x, y, width, height = cv2.boundingRect(on)
    x, y, right, bottom = max(x - 1, 0), max(y - 1, 0), x + width + 1, y + height + 1
    kept = np.s_[y:bottom, x:right]  # with what is beside it, where there is any
    rows, columns = small.shape[:2]
    return Sheet((columns, rows), (left + x, top + y), on[kept], paper[kept])


def _even(small: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """Return where ``small``, uint8 (h, w, 3) or (h, w), is even, uint8 (h, w) of 0 and 1, by each
    of the STEEP slopes, with thin things and without."""
    wide = np.ones((THIN, THIN), np.uint8)
    plain = cv2.morphologyEx(small, cv2.MORPH_CLOSE, wide)
    even = []
    for seen in (small, plain):
        slope = cv2.morphologyEx(seen, cv2.MORPH_GRADIENT, _NEAR)
        slope = reduce(cv2.max, cv2.split(slope))
        even += [(steep, cv2.compare(slope, steep, cv2.CMP_LE) & 1) for steep in STEEP]
    return even


def _outlines(even: np.ndarray, steep: int) -> list[_Outline]:
    """Return the outlines of stretches of ``even`` pixels, uint8 (h, w) of 0 and 1, that may be
    sheets'; the slopes between them are ``steep``."""
    rows, columns = even.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(even, connectivity=4, ltype=cv2.CV_16U)
    x, y, width, height, areas = stats.T
    borders = (x == 0).astype(int) + (y == 0) + (x + width == columns) + (y + height == rows)
    large = (areas >= PAPER * LEAST * even.size) & (areas >= SPRAWLING * width * height)
    outlines = []
    for label in np.flatnonzero((large & (borders <= BORDERS))[1:]) + 1:
        left, top, wide, tall, _ = stats[label].tolist()
        box = np.s_[top : top + tall, left : left + wide]
        stretch = (labels[box] == label).astype(np.uint8)
        around, _ = cv2.findContours(
            stretch, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=(left, top)
        )
        line = max(around, key=cv2.contourArea)
        hull, sides = cv2.convexHull(line), cv2.minAreaRect(line)[1]
        filled = cv2.contourArea(line) / max(sides[0] * sides[1], 1.0)
        area = cv2.contourArea(hull)
        if filled >= FILLED and LEAST <= area / even.size <= MOST:
            whole = np.zeros_like(even)
            whole[box] = stretch
            outlines.append(_Outline(whole, steep, hull, area, filled))
    return outlines


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    both, either = cv2.countNonZero(one & other), cv2.countNonZero(one | other)
    return both >= ALIKE * either


def _spread(known: np.ndarray, small: np.ndarray) -> np.ndarray:
    """Return the colors of ``small`` where they are ``known``, uint8 (h, w) of 0 and 1, and
    elsewhere those of the nearest such pixels, blurred."""
    _, nearest = cv2.distanceTransformWithLabels(
        1 - known, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    where = known > 0
    colors = np.zeros((int(nearest.max()) + 1, *small.shape[2:]), np.uint8)
    colors[nearest[where]] = small[where]
    return cv2.blur(colors[nearest], (9, 9))


def _without_thumbs(around: np.ndarray, off: np.ndarray) -> np.ndarray:
    """Return the pixels of a sheet, uint8 (h, w) of 0 and 1, ``around`` which it ends, without
    what reaches in and is as wide as no stroke; ``off`` tells how far each is from its paper."""
    solid = np.ones((SOLID, SOLID), np.uint8)
    beyond, other = 1 - around, cv2.compare(off, OTHER, cv2.CMP_GT) & 1
    wide = cv2.morphologyEx(other | beyond, cv2.MORPH_OPEN, solid)
    labels, _ = connected(wide | beyond)
    outer = np.bincount(labels[beyond > 0], minlength=1) > 0
    reach = colored(labels, np.flatnonzero(outer[1:]) + 1) & around
    # The tip of a thumb is as narrow as a stroke.
    deep = cv2.erode(around, solid, borderType=cv2.BORDER_CONSTANT, borderValue=1)
    reach |= cv2.dilate(reach & deep, _TIP) & other
    return around & (1 - cv2.dilate(reach, _NEAR))
