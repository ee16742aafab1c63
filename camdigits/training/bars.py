"""Bars through sevens, as most of the world writes them and MNIST's American hands hardly do."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from camdigits.training.treatment import crop_to_ink, stroke_width

_FINE = 4  # bars are drawn at so many times the glyph's size
_BAND = 0.15  # of the height, around the bar: there the stem is looked for
_STEM = 2.2  # stroke widths that a bare stem takes at most, beside what it leans in the band
_SHORTEST = 0.05  # of the height, to either side of the stem


@dataclass(frozen=True)
class Bar:
    """How a hand bars its sevens, in shares of their height: ``height`` from the top, how far it
    reaches ``left`` and ``right`` of the stem, and its ``slope`` (positive rises to the right)."""

    height: float
    left: float
    right: float
    slope: float

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Bar:
        """Draw the bar of a hand."""
        return cls(
            height=float(rng.uniform(0.42, 0.72)),
            left=float(rng.uniform(0.12, 0.42)),
            right=float(rng.uniform(0.1, 0.5)),
            slope=float(rng.normal(0.08, 0.15)),
        )


def barred(seven: np.ndarray, bar: Bar, rng: np.random.Generator) -> np.ndarray:
    """Return a seven, uint8 (h, w) ink cropped tight, with a bar through its stem, each time a
    little other; as it is where no bare stem stands at the bar's height."""
    height = seven.shape[0]
    at, left, right, bend = rng.normal((bar.height, bar.left, bar.right, 0.0), 0.04) * height
    top, bottom = (max(0, round(float(at) + way * _BAND * height / 2)) for way in (-1, 1))
    columns = np.flatnonzero((seven[top:bottom] > 127).any(axis=0))
    pen = stroke_width(seven)
    if not len(columns) or np.ptp(columns) >= _STEM * pen + _BAND * height:
        return seven
    least, margin = _SHORTEST * height, round(0.7 * height)
    reach = np.array((-max(left, least), 0.0, max(right, least)))
    rise = bar.slope * reach + (0.0, bend, 0.0)
    points = np.stack([columns.mean() + reach, at - rise], axis=1) + margin
    canvas = np.pad(seven, margin)
    fine = np.zeros([_FINE * side for side in canvas.shape], np.uint8)
    width = max(1, round(_FINE * pen * rng.uniform(0.8, 1.05)))
    cv2.polylines(fine, [np.rint(_FINE * points).astype(np.int32)], False, 255, width)
    stroke = cv2.resize(fine, canvas.shape[::-1], interpolation=cv2.INTER_AREA)
    return crop_to_ink(cv2.max(canvas, cv2.GaussianBlur(stroke, (0, 0), 0.5)))
