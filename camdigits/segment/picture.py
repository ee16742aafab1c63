"""An upright gray picture taken apart: its ink, its straightened text lines, their lattices."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from camdigits.preprocess.binarize import InkSettings
from camdigits.preprocess.lighting import Ground
from camdigits.segment.components import Components
from camdigits.segment.glyphs import Writing, find_glyphs
from camdigits.segment.lattice import Lattice, build_lattice
from camdigits.segment.lines import find_lines
from camdigits.segment.settings import SegmentSettings
from camdigits.segment.straighten import LineImage, straighten


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

    Places are in pixels of ``picture``, the size of it that was read, without rings around numbers.
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
    writing: Writing | None = None,
    with_masks: bool = False,
    cells: np.ndarray | None = None,
) -> Segmented:
    """Return components, lines and lattices of ``gray``, uint8 (h, w), dark ink on light.

    ``ground`` is what :func:`look_at` says of it; ``middles`` tells of lines where digits probably
    have their middles, and ``writing`` of a view which of it is written (see
    :mod:`camdigits.segment.glyphs`, also for ``cells``). ``digitness`` and ``with_masks``: see
    :func:`build_lattice`.
    """
    clock = clock or Clock()
    picture, components, images = find_line_images(
        gray, ground, ink_settings, settings, clock, writing, cells
    )
    places: Sequence[np.ndarray | None] = [None] * len(images)
    if middles:
        places = middles(images)
        clock.lap("line")
    lattices: list[Lattice] = []
    spans = 0
    for image, columns in zip(images, places, strict=True):
        if spans > settings.max_spans:
            break
        lattice = build_lattice(image.picture, settings, digitness, columns, with_masks)
        lattices.append(replace(lattice, walls=image.walls))
        spans += len(lattices[-1].spans)
    clock.lap("lattice")
    return Segmented(picture, components, images[: len(lattices)], lattices)


def find_line_images(
    gray: np.ndarray,
    ground: Ground,
    ink_settings: InkSettings,
    settings: SegmentSettings,
    clock: Clock | None = None,
    writing: Writing | None = None,
    cells: np.ndarray | None = None,
) -> tuple[np.ndarray, Components, list[LineImage]]:
    """Return ``gray`` as it was read (see :func:`find_glyphs`), its components and its straightened
    lines.

    ``writing`` and ``cells``: see :func:`segment_picture`.
    """
    clock = clock or Clock()
    picture, ink, components = find_glyphs(
        gray, ground, ink_settings, settings, clock.lap, writing, cells
    )
    lines = find_lines(components, ink.stroke, settings)
    images = [straighten(ink, components, line, ink_settings, settings) for line in lines]
    clock.lap("lines")
    return picture, components, images
