"""Ink or paper: a local threshold with hysteresis on evenly lit darkness.

The threshold is a share of the darkest ink nearby, so that faint pencil beside a shadow and a black
marker are treated alike, and never below the grain of the paper.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from camdigits.preprocess.lighting import envelope_kernel


@dataclass(frozen=True)
class InkSettings:
    """Constants of the ink mask; they travel with the model's card.

    ``low`` and ``high`` are shares of the local ink level (hysteresis), ``floor`` the least
    darkness (0-255) of ink, ``grain`` how many deviations of the paper's grain ink must exceed,
    ``pale`` and ``full`` the shares of the local level that become gray ink 0 and 255.
    """

    max_pixels: int = 2_000_000
    low: float = 0.42
    high: float = 0.60
    floor: float = 20.0
    grain: float = 3.0
    pale: float = 0.25
    full: float = 0.85


@dataclass(frozen=True)
class Ink:
    """Where the ink is: ``mask`` uint8 (h, w) with ink 255, ``level`` uint8 the local ink level in
    a smaller size, ``darkness`` uint8 (h, w), ``stroke`` the median stroke width in pixels."""

    mask: np.ndarray
    darkness: np.ndarray
    level: np.ndarray
    stroke: float


def grain(darkness: np.ndarray) -> tuple[float, float]:
    """Return median and robust deviation (1.4826 MAD) of the darkness of the paper, 0-255."""
    sample = darkness[::4, ::4] if darkness.size > 40_000 else darkness
    histogram = np.bincount(sample.ravel(), minlength=256).astype(np.float64)
    values = np.arange(256)
    median = float(np.searchsorted(histogram.cumsum(), histogram.sum() / 2))
    order = np.argsort(np.abs(values - median), kind="stable")
    spread = np.searchsorted(histogram[order].cumsum(), histogram.sum() / 2)
    return median, 1.4826 * float(abs(values[order[min(spread, 255)]] - median))


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


def stroke_width(mask: np.ndarray) -> float:
    """Return the median length (pixels) of the horizontal runs of ink, 0.0 without ink."""
    rows = mask[:: max(1, mask.shape[0] // 256)]
    padded = np.zeros((rows.shape[0], rows.shape[1] + 2), np.int8)
    padded[:, 1:-1] = rows > 0
    steps = np.diff(padded.ravel())
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    return float(np.median(ends - starts)) if len(starts) else 0.0


def find_ink(darkness: np.ndarray, settings: InkSettings) -> Ink:
    """Return the ink of evenly lit ``darkness`` (uint8, h x w).

    Pixels above the low threshold count where they are connected to one above the high threshold.
    """
    level = ink_level(darkness)
    median, spread = grain(darkness)
    darkest = float(np.percentile(darkness[::2, ::2], 99.5))
    grainy = median + settings.grain * spread
    faint = max(median + spread, settings.low * darkest)
    floor = max(settings.floor, min(grainy, faint))
    threshold = cv2.resize(level, darkness.shape[::-1], interpolation=cv2.INTER_LINEAR)
    low = cv2.max(cv2.convertScaleAbs(threshold, alpha=settings.low), floor)
    high = cv2.max(cv2.convertScaleAbs(threshold, alpha=settings.high), floor)
    weak = cv2.compare(darkness, low, cv2.CMP_GT)
    strong = cv2.compare(darkness, high, cv2.CMP_GT)
    mask = keep_touched(weak, strong)
    return Ink(mask, darkness, threshold, stroke_width(mask))


def keep_touched(weak: np.ndarray, strong: np.ndarray) -> np.ndarray:
    """Return the components of ``weak`` that hold a pixel of ``strong`` (uint8 masks, 0 or 255)."""
    count, labels = cv2.connectedComponents(weak, connectivity=8, ltype=cv2.CV_32S)
    touched = np.zeros(count, np.uint8)
    touched[labels[strong > 0]] = 255
    touched[0] = 0
    return touched[labels]
