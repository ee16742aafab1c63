"""From darkness to what may be part of glyphs: at which size, in which ink, without rings around
numbers and what paper adds.

Ink is first found by thresholds. Where rules, frames or texture then stand beside the writing, the
ink network tells which of it is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np

from camdigits.preprocess.binarize import Ink, InkSettings, find_ink, stroke_width
from camdigits.preprocess.grid import without_grid
from camdigits.preprocess.lighting import Ground, darkness
from camdigits.preprocess.rules import remove_rules
from camdigits.preprocess.scale import shrink
from camdigits.preprocess.view import view_scale
from camdigits.segment.cells import find_cells, resized_labels
from camdigits.segment.components import Components, find_components
from camdigits.segment.faint import RIM, with_faint
from camdigits.segment.frames import holders
from camdigits.segment.plausible import filled, plausible, woven
from camdigits.segment.rings import erased, ring_ink
from camdigits.segment.separators import find_colons
from camdigits.segment.settings import SegmentSettings
from camdigits.segment.sizes import has_rules, usual_height, usual_stroke
from camdigits.segment.texture import without_texture

LIKELY, SURE = 128, 168  # of 255: pixels that are written, and those that each component must have
LARGEST, SMALLEST = 1.7, 0.4  # usual heights that glyphs have, up and across
OTHER = 0.05  # the share of the ink that other sizes have where the ink network is asked
# The ink network sees what is up to so many heights away from ink; specks are up to so tall.
AROUND, SPECK = 1.5, 0.15
KEPT = 0.3  # mean likelihood with which what thresholds hold for a glyph is one
# What is written is looked at again where its size wants a view so many times as large.
FARTHER, CLOSER = 0.5, 1.6


@dataclass(frozen=True)
class Writing:
    """What tells writing from paper, and when it is asked.

    ``likely`` tells of a view (see preprocess.view), uint8 (h, w), how likely each pixel is
    written, 255 surely. ``other`` is the share of the ink of other sizes than glyphs have from
    which it is asked, and that it must take to be right: strokes alone, such as ones, are as
    straight as sides of frames.
    """

    likely: Callable[[np.ndarray], np.ndarray]
    other: float = OTHER


@dataclass(frozen=True)
class Found:
    """Ink with its components; ``height`` is the usual one of glyphs (pixels)."""

    ink: Ink
    components: Components
    height: float

    @classmethod
    def of(cls, ink: Ink, components: Components) -> Found:
        """Measure the usual height and stroke width."""
        height = usual_height(components, ink.stroke)
        stroke = usual_stroke(components, height, ink.stroke)
        return cls(replace(ink, stroke=stroke), components, height)

    @cached_property
    def without_rules(self) -> Components:
        """The components without rules and frames."""
        if not has_rules(self.components, self.height):
            return self.components
        mask = remove_rules(self.ink.mask, self.ink.stroke, self.height)
        left = find_components(mask, self.ink.strong)
        return replace(left, textured=self.components.textured)


def find_glyphs(
    gray: np.ndarray,
    ground: Ground,
    ink_settings: InkSettings,
    settings: SegmentSettings,
    lap: Callable[[str], object],
    writing: Writing | None = None,
    cells: np.ndarray | None = None,
) -> tuple[np.ndarray, Ink, Components]:
    """Return ``gray``, uint8 (h, w), at the size it is to be read in and without rings around
    numbers, its ink and what may be part of glyphs. ``lap`` is told of each stage at its end;
    ``cells`` are those of tables, integers (h, w), where they are known.

    Large writing needs few pixels, and in fewer there is less noise; where the writing is small,
    the picture is taken in full.
    """
    glance = gray
    while glance.size > ink_settings.glance_pixels:
        glance = shrink(glance, 0.5)
    for picture in (glance, gray):
        sight = _Sight.of(picture, darkness(picture, ground), ink_settings, lap)
        sight = sight.without_rings(sight.found.components)
        if sight.found.height >= ink_settings.least_glyph:
            break
    cells = sight.cells() if cells is None else resized_labels(cells, picture.shape)
    plain = ground.plain is not None
    found = _written(sight, writing, plain)
    if found.without_rules is not sight.found.components:  # rings that rules cross
        clear = sight.without_rings(found.without_rules)
        if clear is not sight:
            sight, found = clear, _written(clear, writing, plain)
    glyphs = plausible(found.without_rules, found.ink.stroke, found.height, settings)
    ink, glyphs = with_faint(found.ink, found.components, glyphs, found.height)
    lap("components")
    return sight.picture, ink, replace(glyphs, cells=cells)


@dataclass(frozen=True)
class _Sight:
    """What thresholds find in the darkness ``dark`` of a ``picture``, both uint8 (h, w);
    ``squared``: on squared paper, whose lines were taken off."""

    picture: np.ndarray
    dark: np.ndarray
    squared: bool
    found: Found
    settings: InkSettings
    lap: Callable[[str], object]

    @classmethod
    def of(
        cls,
        picture: np.ndarray,
        dark: np.ndarray,
        settings: InkSettings,
        lap: Callable[[str], object],
    ) -> _Sight:
        """Find ink by thresholds."""
        free = without_grid(dark)
        ink = find_ink(free, settings)
        lap("ink")
        found = Found.of(*without_texture(ink, find_components(ink.mask, ink.strong)))
        lap("components")
        return cls(picture, dark, free is not dark, found, settings, lap)

    def cells(self) -> np.ndarray | None:
        """Return the cells of tables, see :func:`camdigits.segment.cells.find_cells`."""
        if not self.squared and not has_rules(self.found.components, self.found.height):
            return None
        return find_cells(self.dark, self.found.components, self.found.height)

    def without_rings(self, components: Components) -> _Sight:
        """Return the sight without rings around numbers among the ``components`` of its ink; itself
        where there are none."""
        rings = ring_ink(components, self.found.height)
        self.lap("components")
        if not cv2.countNonZero(rings):
            return self
        left = erased(self.dark, components.mask, rings, self.found.ink.stroke)
        light = cv2.bitwise_not(cv2.subtract(self.dark, left))
        picture = cv2.divide(self.picture, light, scale=255)
        return _Sight.of(picture, left, self.settings, self.lap)


def _written(sight: _Sight, writing: Writing | None, plain: bool) -> Found:
    """Return what is written in a ``sight`` by the ink network, if there is one."""
    if not writing:
        return sight.found
    # What was taken off with squares may be missing, and what is left of them may be ink.
    if sight.squared:
        writing = replace(writing, other=0.0)
    told = _told(sight.dark, sight.found, writing, plain)
    sight.lap("writing")
    return told


def _told(dark: np.ndarray, found: Found, writing: Writing, plain: bool) -> Found:
    """Return what is written in the darkness ``dark``, uint8 (h, w), by the ink network; as it was
    ``found`` where there is nothing else, or where it sees none on paper that is ``plain``."""
    components, height = found.components, found.height
    shorter, longer = np.sort(components.boxes[:, 2:], axis=1).T
    glyphs = _of_glyphs(components, height)
    # What is filled is told by its form, see plausible.
    slabs = filled(components, found.ink.stroke, height)
    slabs &= ~woven(components, slabs & (longer > LARGEST * height), found.ink.stroke, height)
    others = ~glyphs & ~slabs
    least = writing.other * components.areas.sum()
    if not components.textured and components.areas[others].sum() < max(least, 1):
        return found
    rules = (longer > LARGEST * height) & (shorter < SMALLEST * height)
    near = components.chosen(~rules & (longer >= SPECK * height))
    scale = view_scale(dark.shape, height)
    told = _ink_of(_likely(dark, near.around(AROUND * height), scale, writing), found, glyphs)
    # This height is that of writing; the first may have been that of something else.
    fitting = view_scale(dark.shape, told.height, least=1)
    if len(told.components) and not FARTHER <= fitting / scale <= CLOSER:
        likely = _likely(dark, near.around(AROUND * told.height), fitting, writing)
        again = _ink_of(likely, found, _of_glyphs(components, told.height))
        told = again if len(again.components) else told
    told = _with_colons(told, found)
    # On plain paper there is hardly anything but writing, though it be unlike what was learned.
    if plain and not (told.components.boxes[:, 3] > SPECK * height).any():
        return found
    left = cv2.dilate(told.ink.mask, RIM)
    taken = cv2.countNonZero(cv2.subtract(components.chosen(others).mask, left))
    if not components.textured and taken < least:
        return found
    return replace(told, components=replace(told.components, textured=components.textured))


def _of_glyphs(components: Components, height: float) -> np.ndarray:
    """Return which components (bool, n) have the size of glyphs of such a ``height`` (pixels), and
    are no frames."""
    longer = components.boxes[:, 2:].max(axis=1, initial=0)
    sized = (longer <= LARGEST * height) & (longer >= SMALLEST * height)
    return np.asarray(sized & ~holders(components, height))


def _likely(
    dark: np.ndarray, area: tuple[slice, slice], scale: float, writing: Writing
) -> np.ndarray:
    """Return how likely each pixel of the darkness ``dark``, uint8 (h, w), is written, uint8 (h,
    w), 255 surely: nothing outside of an ``area``, which is seen shrunk by ``scale``."""
    likely = np.zeros_like(dark)
    seen = dark[area]
    if seen.size:
        told = writing.likely(shrink(seen, scale))
        likely[area] = cv2.resize(told, seen.shape[::-1], interpolation=cv2.INTER_CUBIC)
    return likely


def _ink_of(share: np.ndarray, found: Found, glyphs: np.ndarray) -> Found:
    """Return the ink of what is written by ``share``, uint8 (h, w), in the ink that was ``found``.
    ``glyphs`` says of its components whether they have the size of one (bool, n): of
    those none is lost in part."""
    components = found.components
    sums = np.bincount(components.labels.ravel(), share.ravel())[components.ids]
    whole = components.chosen(glyphs & (sums >= 255 * KEPT * components.areas)).mask
    return _found_in(cv2.max(share, cv2.bitwise_and(_gray(found.ink), whole)), whole)


def _with_colons(told: Found, found: Found) -> Found:
    """Return what the ink network ``told`` to be written with the colons that were ``found``: to it
    their dots are specks, or a part of the digit beside them."""
    components = found.components
    colons = find_colons(components.boxes, components.areas, told.height, told.ink.stroke)
    if not len(colons):
        return told
    dots = components.chosen(colons.ravel()).mask
    around = cv2.subtract(cv2.dilate(dots, RIM), found.ink.mask)
    share = cv2.max(told.ink.darkness, cv2.bitwise_and(_gray(found.ink), dots))
    whole = cv2.max(told.components.mask, dots)
    return _found_in(cv2.subtract(share, around), cv2.subtract(whole, around))


def _gray(ink: Ink) -> np.ndarray:
    """Return the darkness beside the level of the ink, uint8 (h, w), 255 where it reaches it."""
    return np.asarray(cv2.divide(ink.darkness, cv2.max(ink.level, 1), scale=255))


def _found_in(share: np.ndarray, whole: np.ndarray) -> Found:
    """Return the ink of what is written by ``share``, uint8 (h, w), and all that is ``whole``."""
    mask = cv2.max(cv2.compare(share, LIKELY, cv2.CMP_GT), whole)
    strong = cv2.max(cv2.compare(share, SURE, cv2.CMP_GT), whole)
    ink = Ink(mask, strong, share, np.full_like(share, 255), mask, stroke_width(mask))
    return Found.of(ink, find_components(mask, strong))
