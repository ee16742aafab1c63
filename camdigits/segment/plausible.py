"""Which components may be part of a glyph, by size and fill."""

from __future__ import annotations

import cv2
import numpy as np

from camdigits.segment.components import Components, borders_touched
from camdigits.segment.frames import CROWDED, boxed
from camdigits.segment.separators import find_colons
from camdigits.segment.settings import SegmentSettings
from camdigits.segment.sizes import BORDERS, GIANT, stands_beside, usual_height
from camdigits.segment.underlines import find_underlines

DOTS = 6  # fewest dots of a dotted rule
# Least share of the usual height that strokes have: thin lines and specks may be most of the ink;
# of frames, share of their narrower side.
PEN = 0.08
DENSE = 0.25  # share of its box that a heavy one fills: squares of a whole page fill less
# A bold glyph is up to so many usual heights large, and its strokes are at most so thick beside its
# narrower side: what is thicker is filled.
BOLD, STOUT = 1.7, 0.6
# Usual heights of what is filled and yet, if taller than wide, may be a blotted digit.
BLOTTED = 0.6, 1.5
SOLID = 0.02  # share of what is woven of strokes that is deeper than a stroke: where these cross
# A streak is so many times as wide as tall and so many strokes tall, has up to so many runs a
# column, and fills so much of its box or is very long. Joined digits have at least 1.5 runs.
STREAK, BODY, PLAIN, FILLED, LONG = 3.0, 2.2, 1.4, 0.4, 8.0


def plausible(
    components: Components, stroke: float, height: float, settings: SegmentSettings
) -> Components:
    """Return the components that may be part of a glyph: no specks (dots of colons are none), no
    slabs, no underlines, the largest only.

    A slab is a filled area much thicker than the strokes (a shadow, a desk), but not one like a
    digit in a row with glyphs: a number with a blotted one is not the same without it. A streak is
    a long flat area (grain of wood, the lower edge of a sheet). An edge is a long bare line that
    leaves the picture (of the paper, of a table), or anything that leaves it and is far too tall,
    beside ``height``, the usual one (pixels) of the ink as it was found.
    """
    width, tall = components.boxes[:, 2], components.boxes[:, 3]
    speck = components.areas < max(5.0, 0.5 * stroke * stroke)
    speck[find_colons(components.boxes, components.areas, height, stroke)] = False
    longer, shorter = np.maximum(width, tall), np.minimum(width, tall)
    bare = (components.areas < 1.4 * stroke * (width + tall)) | (shorter < 0.1 * longer)
    # Parts of a sheet's outline are tall enough to pass for the usual ink.
    height_now = min(height, usual_height(components, stroke))
    edge = (borders_touched(components) > 0) & (
        (bare & (longer > 4 * height_now)) | (tall > GIANT * height_now)
    )
    edge |= _dotted_rules(components.boxes, stroke)
    edge |= _dotted_rules(components.boxes[:, [1, 0, 3, 2]], stroke)
    slabs = filled(components, stroke, height)
    dropped = speck | slabs | edge | find_underlines(components.boxes, height)
    least, most = (share * height for share in BLOTTED)
    blots = slabs & ~speck & ~edge & (tall >= least) & (tall <= most) & (width < tall)
    others = components.boxes[~dropped]
    for i in np.flatnonzero(blots):
        dropped[i] = not stands_beside(components.boxes[i], others, height)
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

    Frames are measured by their own size, for ``stroke`` and ``height`` may be those of squares.
    """
    found = np.zeros(len(components), bool)
    usual = max(stroke, PEN * height)
    share = components.areas / components.boxes[:, 2:].prod(axis=1)
    hollow = (share < CROWDED) & (borders_touched(components) < BORDERS)
    for i in np.flatnonzero(asked):
        pen = usual
        if hollow[i] and boxed(components.one(int(i))):
            pen = max(usual, PEN * float(components.boxes[i, 2:].min()))
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
