"""Constants of segmentation, carried by the model's card: training and reading agree."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SegmentSettings:
    """Lengths are in glyph heights of the text line unless said otherwise.

    ``glyph_height``: pixels to which a text line is scaled. ``margin``: kept around a line.
    ``cut_distance``: least distance of two cuts. ``widest``: widest hypothesis. ``small``: a
    component below this height is a mark that may be dropped. ``keep`` / ``drop``: a component
    with this share of its ink inside / outside a hypothesis is taken / left as a whole.
    ``least_scale``: marks smaller than this are not blown up to the size of a digit.
    ``thinnest``: strokes are widened to this before they shrink to 28x28. ``max_components``,
    ``max_lines``, ``max_spans`` bound time and memory on pages full of noise.
    """

    glyph_height: int = 40
    margin: float = 0.25
    cut_distance: float = 0.12
    widest: float = 1.7
    small: float = 0.45
    keep: float = 0.85
    drop: float = 0.15
    least_scale: float = 0.55
    thinnest: float = 0.075
    max_components: int = 1200
    max_lines: int = 150
    max_spans: int = 4000
    max_line_spans: int = 600
