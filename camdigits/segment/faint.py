"""Faint strokes beside strong ones: what a pen or pencil left where it was pressed less.

The threshold of ink is a share of the darkest ink nearby. What is paler than that, and yet above
the grain of the paper, is ink where it has the size of a glyph and stands among others. Lines of
squares and patterns, which are as pale, are larger than glyphs, or many.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from camdigits.preprocess.binarize import Ink
from camdigits.preprocess.labels import colored, connected
from camdigits.segment.components import Components, find_components
from camdigits.segment.sizes import BESIDE, LOWEST, TALLEST, stands_beside

# Usual heights that what faint strokes hold together has across at most; that a glyph of which all
# is faint has at most, and its width.
WIDEST, HIGHEST, BROADEST = 3.0, 1.6, 1.5
# Times its strong ink that a component may grow to, else it is looked at like one without; the
# share of it by which it must grow beyond its soft edges, unless all of it is paler than PALE, as
# a share of the ink level.
GROWTH, BEYOND, PALE = 3.0, 0.05, 0.55
# Share of the ink from which faint ink is worth a look; more components than so many are clutter.
WORTH, MANY = 0.03, 200
FULL = 1.1  # what faint strokes are as dark as, in their own darkness
RIM = np.ones((3, 3), np.uint8)  # the pixels beside one: soft edges of strokes


def with_faint(
    ink: Ink, found: Components, glyphs: Components, height: float
) -> tuple[Ink, Components]:
    """Return the ink and its ``glyphs`` with their faint strokes; the same where there are none.

    ``found`` are the components of which ``glyphs`` were chosen: what was left out stays out.
    ``height`` is the usual one (pixels). The ink's level at faint strokes is their own, so that
    they are as dark as others in the glyphs that are read.
    """
    if not 0 < len(glyphs) <= MANY:
        return ink, glyphs
    area = glyphs.around(round((BESIDE + BROADEST) * height))
    corner = (area[1].start, area[0].start)
    strong = glyphs.color(glyphs.ids, area)
    left_out = cv2.dilate(cv2.subtract(found.color(found.ids, area), strong), RIM)
    mask = cv2.max(cv2.subtract(ink.faint[area], left_out), strong)
    total = cv2.countNonZero(strong)
    if cv2.countNonZero(mask) - total < WORTH * total:
        return ink, glyphs
    darkness, level = ink.darkness[area], ink.level[area]
    labels, stats = connected(mask)
    inked = np.flatnonzero(mask > 0)
    own = labels.ravel()[inked]
    beyond = cv2.subtract(mask, cv2.dilate(strong, RIM))
    held, out = (np.bincount(own, part.ravel()[inked] > 0, len(stats)) for part in (strong, beyond))
    shares = darkness.ravel()[inked] / np.maximum(level.ravel()[inked], np.float32(1))
    pale = np.bincount(own, shares, len(stats)) < PALE * stats[:, cv2.CC_STAT_AREA]
    chosen = _grown(stats, held, (out >= BEYOND * held) | pale, height)
    chosen |= _new(stats, held, ink.stroke, glyphs.boxes - (*corner, 0, 0), height)
    chosen[0] = False
    if not chosen.any():
        return ink, glyphs
    added = colored(labels, np.flatnonzero(chosen))
    levels, joined = ink.level.copy(), np.zeros_like(ink.mask)
    own_level = cv2.min(level, _own_level(darkness, ink.stroke))
    levels[area] = np.where(cv2.dilate(added, RIM) > 0, own_level, level)
    joined[area] = cv2.max(strong, added)
    return replace(ink, level=levels), replace(
        find_components(joined, joined), textured=glyphs.textured
    )


def _own_level(darkness: np.ndarray, stroke: float) -> np.ndarray:
    """Return the ink level of each stroke by its own darkness, uint8 (h, w)."""
    side = 2 * round(stroke) + 1
    ridge = cv2.dilate(cv2.blur(darkness, (3, 3)), np.ones((side, side), np.uint8))
    return cv2.convertScaleAbs(ridge, alpha=FULL)


def _grown(stats: np.ndarray, held: np.ndarray, on: np.ndarray, height: float) -> np.ndarray:
    """Return which components (``stats`` n x 5; bool, n) are glyphs that go ``on`` (bool, n) from
    the strong ink that they ``held`` (pixels, n)."""
    width, tall, area = (stats[:, i].astype(np.float64) for i in (2, 3, 4))
    grown = (held > 0) & (area > held) & (area <= GROWTH * held) & on
    return np.asarray(grown & (tall <= TALLEST * height) & (width <= WIDEST * height))


def _new(
    stats: np.ndarray, held: np.ndarray, stroke: float, others: np.ndarray, height: float
) -> np.ndarray:
    """Return which components (``stats`` n x 5; bool, n), that ``held`` (pixels, n) hardly any
    strong ink, are glyphs beside one of ``others`` (boxes, m x 4)."""
    width, tall, area = (stats[:, i].astype(np.float64) for i in (2, 3, 4))
    new = (area > GROWTH * held) & (tall >= LOWEST * height) & (tall <= HIGHEST * height)
    new &= (width <= BROADEST * height) & (area >= 0.5 * stroke * tall)
    for i in np.flatnonzero(new):
        new[i] = stands_beside(stats[i, :4], others, height)
    return np.asarray(new)
