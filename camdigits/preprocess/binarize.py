"""Ink or paper: a local threshold with hysteresis on evenly lit darkness.

The threshold is a share of the darkest ink nearby, so that faint pencil beside a shadow and a black
marker are treated alike, and never below the grain of the paper.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from camdigits.preprocess.lighting import envelope_kernel
from camdigits.preprocess.noise import cell_means, quietest, without_noise

DEVIATIONS = 4.5  # of darkness, which noise has above the paper only: three of its own
# Shares of the ink level and of the grain's limit: together the least darkness of faint strokes.
FAINT_LEVEL, FAINT_GRAIN = 0.2, 0.5
# Where the usual run along columns is less than this share of that along rows, strokes lie or lean.
LYING = 0.5
LEAST_INK = 0.3  # share of the darkest ink's darkness that is above any grain


@dataclass(frozen=True)
class InkSettings:
    """Constants of the ink mask; they travel with the model's card.

    Pictures are read at ``glance_pixels``, and where glyphs are less than ``least_glyph`` pixels
    tall in that, at up to ``max_pixels``. ``low`` and ``high`` are shares of the local ink level
    (hysteresis), ``floor`` the least darkness (0-255) of ink, ``grain`` how many deviations of the
    page's grain ink must exceed, ``pale`` and ``full`` the shares of the local level that become
    gray ink 0 and 255.
    """

    max_pixels: int = 2_000_000
    glance_pixels: int = 560_000
    least_glyph: int = 24
    low: float = 0.42
    high: float = 0.50
    floor: float = 20.0
    grain: float = 3.0
    pale: float = 0.25
    full: float = 0.85


@dataclass(frozen=True)
class Ink:
    """Where ink may be, all uint8 (h, w): ``mask`` (255) holds it, as far as it hangs together
    with a pixel of ``strong``; ``darkness`` and ``level`` (the ink level around each pixel) tell
    how gray it is. ``faint`` is what is above the grain at all, and may be ink beside ink.
    ``stroke`` is the median stroke width in pixels."""

    mask: np.ndarray
    strong: np.ndarray
    darkness: np.ndarray
    level: np.ndarray
    faint: np.ndarray
    stroke: float


@dataclass(frozen=True)
class Grain:
    """Darkness (0-255) of a picture in figures: ``median`` and robust ``spread`` (1.4826 MAD) of
    the paper, ``darkest`` that all but 0.5% of the pixels keep below."""

    median: float
    spread: float
    darkest: float


def measure_grain(darkness: np.ndarray) -> Grain:
    """Return the grain of ``darkness`` (uint8, h x w), from a sample of its pixels."""
    sample = darkness[::3, ::3] if darkness.size > 40_000 else darkness
    histogram = np.bincount(sample.ravel(), minlength=256)
    total = histogram.sum()
    below = histogram.cumsum()
    median = int(np.searchsorted(below, total / 2))
    distances = np.abs(np.arange(256) - median)
    by_distance = np.bincount(distances, weights=histogram).cumsum()
    spread = int(np.searchsorted(by_distance, total / 2))
    darkest = int(np.searchsorted(below, 0.995 * total))
    return Grain(float(median), 1.4826 * spread, float(darkest))


def ink_level(darkness: np.ndarray) -> np.ndarray:
    """Return the darkness of the darkest ink around each place, uint8 in a smaller size.

    A dilation by one pixel before every fourth pixel is taken keeps hairlines in.
    """
    step = 4 if max(darkness.shape) > 480 else 2
    smooth = cv2.blur(darkness, (3, 3))
    peak = cv2.dilate(smooth, np.ones((step + 1, step + 1), np.uint8))[::step, ::step]
    side = envelope_kernel(peak.shape)
    level = cv2.dilate(peak, np.ones((side, side), np.uint8))
    return cv2.blur(level, (side, side), borderType=cv2.BORDER_REPLICATE)


def local_grain(darkness: np.ndarray) -> np.ndarray:
    """Return the darkness that the grain of the paper hardly exceeds, uint8 in a smaller size.

    Mean and ``DEVIATIONS`` standard deviations in cells; of the cells around a place the quietest
    counts, for writing varies more than the paper under it.
    """
    exact = darkness.astype(np.float32)
    mean, square = cell_means(exact), cell_means(exact * exact)
    limit = mean + DEVIATIONS * cv2.sqrt(cv2.max(square - mean * mean, 0))
    return cv2.convertScaleAbs(quietest(limit))


def stroke_width(mask: np.ndarray) -> float:
    """Return the width (pixels) of the strokes of a mask, 0.0 without ink: the median length of the
    horizontal runs of its ink or, where strokes lie or lean so much that these tell more of their
    length, of the vertical ones."""
    across = _median_run(mask[:: max(1, mask.shape[0] // 256)])
    down = _median_run(mask[:, :: max(1, mask.shape[1] // 256)].T)
    return down if down < LYING * across else across


def _median_run(rows: np.ndarray) -> float:
    """Return the median length (pixels) of the runs of ink along rows, 0.0 without ink."""
    padded = np.zeros((rows.shape[0], rows.shape[1] + 2), bool)
    padded[:, 1:-1] = rows > 0
    ink = padded.ravel()
    borders = np.flatnonzero(ink[1:] != ink[:-1])
    return float(np.median(borders[1::2] - borders[::2])) if len(borders) else 0.0


def find_ink(darkness: np.ndarray, settings: InkSettings) -> Ink:
    """Return the ink of evenly lit ``darkness`` (uint8, h x w), without noise that would pass for
    it.

    Pixels above the low threshold are ink where they hang together with one above the high
    threshold (hysteresis; Canny 1986, doi:10.1109/TPAMI.1986.4767851).
    """
    if darkness.size < 2:  # OpenCV takes a single pixel for a scalar
        none = np.zeros_like(darkness)
        return Ink(none, none, darkness, darkness, none, 0.0)
    page = measure_grain(darkness)
    quiet = without_noise(darkness, page.darkest)
    if quiet is not darkness:
        darkness, page = quiet, measure_grain(quiet)
    size = darkness.shape[::-1]
    level = cv2.resize(ink_level(darkness), size, interpolation=cv2.INTER_LINEAR)
    grainy = page.median + settings.grain * page.spread
    faint = max(page.median + page.spread, settings.low * page.darkest)
    floor = max(settings.floor, min(grainy, faint))
    local = cv2.min(local_grain(darkness), LEAST_INK * page.darkest)
    least = cv2.max(cv2.resize(local, size, interpolation=cv2.INTER_LINEAR), floor)
    low = cv2.max(cv2.convertScaleAbs(level, alpha=settings.low), least)
    high = cv2.max(cv2.convertScaleAbs(level, alpha=settings.high), least)
    mask = cv2.compare(darkness, low, cv2.CMP_GT)
    strong = cv2.compare(darkness, high, cv2.CMP_GT)
    pale = cv2.addWeighted(level, FAINT_LEVEL, least, FAINT_GRAIN, 0.0)
    faint = cv2.compare(darkness, cv2.max(pale, least), cv2.CMP_GT)
    return Ink(mask, strong, darkness, level, faint, stroke_width(mask))
