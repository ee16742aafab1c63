"""An upright gray picture taken apart: its ink, its straightened text lines, their lattices."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from camdigits.preprocess.binarize import Ink, InkSettings
from camdigits.preprocess.grid import without_grid
from camdigits.preprocess.lighting import Ground, darkness
from camdigits.preprocess.rules import remove_rules
from camdigits.preprocess.scale import shrink
from camdigits.segment.components import (
    Components,
    find_components,
    has_rules,
    plausible,
    usual_height,
    usual_stroke,
)
from camdigits.segment.faint import with_faint
from camdigits.segment.lattice import Lattice, build_lattice
from camdigits.segment.lines import find_lines
from camdigits.segment.settings import SegmentSettings
from camdigits.segment.sheet import find_ink_on_sheet
from camdigits.segment.straighten import LineImage, straighten
from camdigits.segment.texture import without_texture


class Clock:
    """Adds up the milliseconds of named stages in ``timings``."""

    def __init__(self) -> None:
        self.timings: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """Count the time since the last lap for ``stage``."""
        now = time.perf_counter()
        self.timings[stage] = self.timings.get(stage, 0.0) + 1000 * (now - self._last)
        self._last = now


@dataclass(frozen=True)
class Segmented:
    """Components, straightened lines and their lattices of one upright picture.

    Places are in pixels of ``picture``, the size of it that was read.
    """

    picture: np.ndarray
    components: Components
    lines: list[LineImage]
    lattices: list[Lattice]


def segment_picture(
    gray: np.ndarray,
    ground: Ground,
    ink_settings: InkSettings,
    settings: SegmentSettings,
    clock: Clock | None = None,
    digitness: Callable[[np.ndarray], np.ndarray] | None = None,
    middles: Callable[[list[LineImage]], list[np.ndarray]] | None = None,
    with_masks: bool = False,
) -> Segmented:
    """Return components, lines and lattices of ``gray``, uint8 (h, w), dark ink on light.

    ``ground`` is what :func:`look_at` says of it; ``middles`` tells of lines where digits probably
    have their middles. ``digitness`` and ``with_masks``: see :func:`build_lattice`.
    """
    clock = clock or Clock()
    picture, components, images = find_line_images(gray, ground, ink_settings, settings, clock)
    places: Sequence[np.ndarray | None] = [None] * len(images)
    if middles:
        places = middles(images)
        clock.lap("line")
    lattices: list[Lattice] = []
    spans = 0
    for image, columns in zip(images, places, strict=True):
        if spans > settings.max_spans:
            break
        lattices.append(build_lattice(image.picture, settings, digitness, columns, with_masks))
        spans += len(lattices[-1].spans)
    clock.lap("lattice")
    return Segmented(picture, components, images[: len(lattices)], lattices)


def find_line_images(
    gray: np.ndarray,
    ground: Ground,
    ink_settings: InkSettings,
    settings: SegmentSettings,
    clock: Clock | None = None,
) -> tuple[np.ndarray, Components, list[LineImage]]:
    """Return ``gray`` at the size that was read, its components and its straightened lines."""
    clock = clock or Clock()
    picture, ink, components = _find_glyphs(gray, ground, ink_settings, settings, clock)
    lines = find_lines(components, ink.stroke, settings)
    images = [straighten(ink, components, line, ink_settings, settings) for line in lines]
    clock.lap("lines")
    return picture, components, images


def _find_glyphs(
    gray: np.ndarray,
    ground: Ground,
    ink_settings: InkSettings,
    settings: SegmentSettings,
    clock: Clock,
) -> tuple[np.ndarray, Ink, Components]:
    """Return the picture at the size it is to be read in, its ink and what may be part of glyphs.

    Large writing needs few pixels, and in fewer there is less noise; where the writing is small,
    the picture is taken in full.
    """
    glance = gray
    while glance.size > ink_settings.glance_pixels:
        glance = shrink(glance, 0.5)
    for picture in (glance, gray):
        dark = without_grid(darkness(picture, ground))
        ink = find_ink_on_sheet(dark, picture, ink_settings)
        clock.lap("ink")
        components = find_components(ink.mask, ink.strong)
        ink, components = without_texture(ink, components)
        height = usual_height(components, ink.stroke)
        ink = replace(ink, stroke=usual_stroke(components, height, ink.stroke))
        if picture is not gray and height < ink_settings.least_glyph:
            clock.lap("components")
            continue
        found = components
        if has_rules(components, height):
            mask = remove_rules(ink.mask, ink.stroke, height)
            components = replace(find_components(mask, ink.strong), textured=components.textured)
        components = plausible(components, ink.stroke, height, settings)
        ink, components = with_faint(ink, found, components, height)
        clock.lap("components")
        break
    return picture, ink, components
