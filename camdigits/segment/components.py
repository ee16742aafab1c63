"""Connected components of the ink: what may belong to a glyph, by size and fill."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from camdigits.preprocess.binarize import stroke_width
from camdigits.preprocess.labels import connected
from camdigits.segment.settings import SegmentSettings

# Frames are at least so many glyph heights wide, show in so much of their width above and below,
# and what is in them has so much of their height. Their pieces fill less than HOLLOW of their box.
WIDE, CLOSED, INSIDE, HOLLOW = 1.2, 0.9, 0.7, 0.2
BOX = 0.8  # share of each of the four sides that a frame shows with all that touches it
# The outline of a sheet goes through so much of the picture, and touches three borders or four.
SHEET = 0.9
# What is so many times as tall as the others in the median is no glyph, if there are some others.
GIANT, FEW = 6.0, 3
TALLER = 1.5  # power of the height with which components count for the usual one
THIN = 0.35  # share of its box that is ink of what stands around glyphs, at most
DOTS = 6  # fewest dots of a dotted rule
# Least share of the usual height that strokes have: thin lines and specks may be most of the ink.
PEN = 0.08
DENSE = 0.25  # share of its box that a heavy one fills: squares of a whole page fill less
# A bold glyph is up to so many usual heights large, and its strokes are at most so thick beside its
# narrower side: what is thicker is filled.
BOLD, STOUT = 1.7, 0.6
SOLID = 0.02  # share of what is woven of strokes that is deeper than a stroke: where these cross
# A streak is so many times as wide as tall and so many strokes tall, has up to so many runs a
# column, and fills so much of its box or is very long. Joined digits have at least 1.5 runs.
STREAK, BODY, PLAIN, FILLED, LONG = 3.0, 2.2, 1.4, 0.4, 8.0


@dataclass(frozen=True)
class Components:
    """Components of a mask: ``labels`` (h, w), integers with 0 for paper; row i of ``boxes`` (n, 4:
    x, y, width, height) and ``areas`` (n,) belongs to label ``ids[i]``. ``textured``: they stand
    on texture that passed for ink too, and was left out."""

    labels: np.ndarray
    ids: np.ndarray
    boxes: np.ndarray
    areas: np.ndarray
    textured: bool = False

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def mask(self) -> np.ndarray:
        """Their pixels, uint8 (h, w), ink 255."""
        return self.color(self.ids)

    def chosen(self, which: np.ndarray) -> Components:
        """Return those at the indices ``which``, or where it (bool, n) is true."""
        return replace(self, ids=self.ids[which], boxes=self.boxes[which], areas=self.areas[which])

    def color(self, ids: np.ndarray, area: tuple[slice, slice] = np.s_[:, :]) -> np.ndarray:
        """Return the pixels of the labels ``ids`` in an ``area`` (default: all), uint8 (h, w), ink
        255."""
        labels = self.labels[area]
        colors = np.zeros(int(max(labels.max(initial=0), np.max(ids, initial=0))) + 1, np.uint8)
        colors[ids] = 255
        return colors[labels]

    def one(self, i: int) -> np.ndarray:
        """Return the pixels of the component at index ``i`` in its box, bool (height, width)."""
        x, y, width, height = self.boxes[i].tolist()
        return np.asarray(self.labels[y : y + height, x : x + width] == self.ids[i])

    def around(self, margin: float) -> tuple[slice, slice]:
        """Return rows and columns of what is up to a ``margin`` (pixels) away from them."""
        if not len(self):
            return np.s_[:0, :0]
        first = np.maximum(self.boxes[:, :2].min(axis=0) - margin, 0)
        last = (self.boxes[:, :2] + self.boxes[:, 2:]).max(axis=0) + margin
        (left, top), (right, foot) = first.astype(int).tolist(), last.astype(int).tolist()
        return np.s_[top:foot, left:right]


def find_components(mask: np.ndarray, strong: np.ndarray) -> Components:
    """Return the 8-connected components of uint8 ``mask`` that hold a pixel of ``strong``."""
    labels, stats = connected(mask)
    touched = np.zeros(len(stats), bool)
    touched[labels.ravel()[np.flatnonzero(strong)]] = True
    touched[0] = False
    ids = np.flatnonzero(touched)
    return Components(
        labels, ids, stats[ids, :4].astype(np.int64), stats[ids, cv2.CC_STAT_AREA].astype(np.int64)
    )


def usual_height(components: Components, stroke: float) -> float:
    """Return the height (pixels) that glyphs usually have: specks hardly count.

    Long runs (rules, paper edges), frames and what is far taller than the rest (desks, outlines of
    the sheet) are left out as long as anything else is there.
    """
    width, height = components.boxes[:, 2], components.boxes[:, 3]
    glyph = (height >= 2.5 * stroke) & (width <= 4 * height)
    rows, columns = components.labels.shape
    borders = _borders(components)
    across = (borders > 0) & (width < 0.1 * height)
    across |= (borders >= 3) & (height >= SHEET * rows) & (width >= SHEET * columns)
    if (glyph & ~across).any():
        glyph &= ~across
    if not glyph.any():
        # What hangs on rules.
        hanging = height[(height >= 2.5 * stroke) & ~across]
        return float(hanging.max(initial=0)) or 0.6 * rows
    free = glyph & (borders == 0)
    others = free if free.sum() >= FEW else glyph
    if others.sum() >= FEW:
        glyph &= height <= GIANT * np.median(height[others])
    framed = _framed(components, glyph & (width >= WIDE * np.median(height[glyph])))
    if (framed == glyph).all():
        return INSIDE * float(np.median(height[framed]))
    heights = np.sort(height[glyph & ~framed])
    weights = heights**TALLER
    return float(heights[np.searchsorted(weights.cumsum(), weights.sum() / 2)])


def usual_stroke(components: Components, height: float, stroke: float) -> float:
    """Return the stroke width (pixels) of what is up to ``GIANT`` times the usual ``height`` and
    no speck; ``stroke``, that of all ink, where nothing is larger or nothing is left."""
    width, tall = components.boxes[:, 2], components.boxes[:, 3]
    giant = np.maximum(width, tall) > GIANT * height
    if not giant.any():
        return stroke
    return stroke_width(components.chosen(~giant & (tall >= 0.5 * height)).mask) or stroke


def has_rules(components: Components, height: float) -> bool:
    """Say whether a component is long enough to be a rule or to hang on one, or is a frame or a
    piece of one."""
    picture_height, picture_width = components.labels.shape
    width, tall = components.boxes[:, 2], components.boxes[:, 3]
    long = width >= min(2.5 * height, 0.8 * picture_width)
    long |= tall >= min(2.2 * height, 0.95 * picture_height)
    hollow = components.areas < HOLLOW * width * tall
    long |= (np.maximum(width, tall) >= WIDE * height) & hollow
    wide = (width >= WIDE * height) & (tall >= INSIDE * height)
    return bool(long.any() or _framed(components, wide).any())


def holders(components: Components, height: float) -> np.ndarray:
    """Return which components (bool, n) are thin around another one as tall as glyphs, whose usual
    ``height`` (pixels) is given, or closed on all sides: frames of fields, by themselves or with
    digits that touch them."""
    glyphs = np.flatnonzero(components.boxes[:, 3] >= 0.5 * height)
    left, top, width, tall = components.boxes[glyphs].T
    found = np.zeros(len(components), bool)
    thin = components.areas[glyphs] < THIN * width * tall
    # Narrow cells with their digits fill more, and no digit is wide and closed on all sides.
    for i in np.flatnonzero(thin | (width >= WIDE * tall)):
        inside = (left >= left[i]) & (left + width <= left[i] + width[i])
        inside &= (top >= top[i]) & (top + tall <= top[i] + tall[i])
        others = thin[i] and inside.sum() > 1  # besides itself
        found[glyphs[i]] = others or _boxed(components.one(int(glyphs[i])))
    return found


def _framed(components: Components, asked: np.ndarray) -> np.ndarray:
    """Return which components (bool, n), of those ``asked`` for (bool, n), are closed above and
    below, as frames are."""
    found = np.zeros(len(components), bool)
    for i in np.flatnonzero(asked):
        found[i] = _closed(components.one(int(i)))
    return found


def _boxed(ink: np.ndarray) -> bool:
    """Say whether ``ink``, bool (h, w), is a frame with what touches it: closed on all sides."""
    return _closed(ink, BOX) and _closed(ink.T, BOX)


def _closed(ink: np.ndarray, share: float = CLOSED) -> bool:
    """Say whether ``ink``, bool (h, w), shows in a ``share`` of its width both above and below."""
    height = len(ink)
    band = np.ones((max(2, height // 8), 1), np.uint8)
    closed = cv2.dilate(ink.astype(np.uint8), band).mean(axis=1) > share
    third = max(1, height // 3)
    return bool(closed[:third].any() and closed[-third:].any())


def plausible(
    components: Components, stroke: float, height: float, settings: SegmentSettings
) -> Components:
    """Return the components that may be part of a glyph: no specks, no slabs, the largest only.

    A slab is a filled area much thicker than the strokes (a shadow, a desk), a streak a long flat
    one (grain of wood, the lower edge of a sheet). An edge is a long
    bare line that leaves the picture (of the paper, of a table), or anything that leaves it and
    is far too tall, beside ``height``, the usual one (pixels) of the ink as it was found.
    """
    width, tall = components.boxes[:, 2], components.boxes[:, 3]
    speck = components.areas < max(5.0, 0.5 * stroke * stroke)
    longer, shorter = np.maximum(width, tall), np.minimum(width, tall)
    bare = (components.areas < 1.4 * stroke * (width + tall)) | (shorter < 0.1 * longer)
    # Parts of a sheet's outline are tall enough to pass for the usual ink.
    height_now = min(height, usual_height(components, stroke))
    edge = (_borders(components) > 0) & (
        (bare & (longer > 4 * height_now)) | (tall > GIANT * height_now)
    )
    edge |= _dotted_rules(components.boxes, stroke)
    edge |= _dotted_rules(components.boxes[:, [1, 0, 3, 2]], stroke)
    dropped = speck | filled(components, stroke, height) | edge
    flat = ~dropped & (width > STREAK * tall) & (tall >= BODY * stroke)
    for i in np.flatnonzero(flat):
        dropped[i] = _is_streak(components, int(i))
    keep = np.flatnonzero(~dropped)
    if len(keep) > settings.max_components:
        largest = np.argsort(components.areas[keep], kind="stable")[-settings.max_components :]
        keep = np.sort(keep[largest])
    return components.chosen(keep)


def filled(components: Components, stroke: float, height: float) -> np.ndarray:
    """Return which components (bool, n) are slabs or otherwise too heavy for strokes: shadows, the
    desk, but not a number's bold digits; ``height`` is the usual one (pixels)."""
    width, tall = components.boxes[:, 2], components.boxes[:, 3]
    pen = max(stroke, PEN * height)
    slab = (np.minimum(width, tall) > 4.5 * pen) & (components.areas > 0.6 * width * tall)
    for i in np.flatnonzero(slab & (np.maximum(width, tall) <= BOLD * height)):
        slab[i] = _thickness(components, int(i)) > STOUT * min(width[i], tall[i])
    heavy = components.areas > np.maximum(8.0 * pen * (width + tall), DENSE * width * tall)
    return np.asarray(slab | heavy)


def woven(components: Components, asked: np.ndarray, stroke: float, height: float) -> np.ndarray:
    """Return which components (bool, n), of those ``asked`` for (bool, n), are made of strokes
    throughout, as small squares of a page are, however much of their box they fill.

    Of a frame ``stroke`` and ``height`` may tell nothing, where these are of squares or grain.
    """
    found = np.zeros(len(components), bool)
    for i in np.flatnonzero(asked):
        pen = max(stroke, PEN * height)
        if _boxed(components.one(int(i))):
            pen = max(pen, PEN * float(components.boxes[i, 2:].min()))
        deep = np.count_nonzero(_depths(components, int(i)) > pen)
        found[i] = deep < SOLID * components.areas[i]
    return found


def _thickness(components: Components, i: int) -> float:
    """Return how thick the thickest stroke of a component (index ``i``) is, in pixels."""
    return 2 * float(_depths(components, i).max())


def _depths(components: Components, i: int) -> np.ndarray:
    """Return how far from paper each pixel of a component (index ``i``) is, in pixels, float (h +
    2, w + 2)."""
    ink = components.one(i).view(np.uint8)
    inside = cv2.copyMakeBorder(ink, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return np.asarray(cv2.distanceTransform(inside, cv2.DIST_L2, 3))


def _is_streak(components: Components, i: int) -> bool:
    """Say whether a flat component (index ``i``) is one run of ink from end to end, not joined
    digits."""
    ink = components.one(i).view(np.uint8)
    height, width = ink.shape
    grainless = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    runs = int((grainless[1:] > grainless[:-1]).sum()) + int(grainless[0].sum())
    filled = grainless.mean() > FILLED or width > LONG * height
    return bool(filled and runs < PLAIN * width)


def _borders(components: Components) -> np.ndarray:
    """Return how many of the picture's four borders each component touches, int (n,)."""
    left, top, width, height = components.boxes.T
    rows, columns = components.labels.shape
    right, bottom = columns - left - width, rows - top - height
    return np.sum([left <= 1, top <= 1, right <= 1, bottom <= 1], axis=0)


def _dotted_rules(boxes: np.ndarray, stroke: float) -> np.ndarray:
    """Return which of ``boxes`` (n, 4) are dots of a dotted or dashed level rule, bool (n,).

    At least six of one size stand in a level row at even distances.
    """
    width, height = boxes[:, 2], boxes[:, 3]
    found = np.zeros(len(boxes), bool)
    small = np.flatnonzero((height <= 1.6 * stroke) & (width <= 4 * stroke))
    if len(small) < DOTS:
        return found
    middle = boxes[small, 1] + height[small] / 2
    order = small[np.argsort(middle, kind="stable")]
    middle = np.sort(middle)
    for group in np.split(order, np.flatnonzero(np.diff(middle) > 0.5 * stroke) + 1):
        if len(group) < DOTS:
            continue
        center = np.sort(boxes[group, 0] + width[group] / 2)
        steps = np.diff(center)
        even = np.abs(steps - np.median(steps)) <= 0.25 * np.median(steps)
        if even.sum() >= max(DOTS - 1, 0.4 * len(steps)):
            found[group] = True
    return found
