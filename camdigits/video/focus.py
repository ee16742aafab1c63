"""What a frame is like before it is read: how sharp, how dark, and whether it shows anything new.

Sharpness is relative: it compares pictures of the same scene, whatever its light and contrast. It
is the steepness of the steepest edges over the contrast of the picture, after the gradient
measures of Pertuz, Puig & Garcia (2013, doi:10.1016/j.patcog.2012.11.011).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from camdigits.reading import Box

# A frame is measured on a copy of about this many pixels: half of 1280x720 in each direction. Fine
# enough that losing focus shows, and averaging has taken half of the noise away.
_MEASURED = 640 * 360
# Changes are looked for on a copy of about this many pixels, on which noise is a level or less.
_THUMBNAIL = 80 * 45
# Share of the pixels that lie on the steepest edges; writing covers about one percent of a page.
_STEEPEST = 0.005
# Gray levels, 0-255: a frame whose brightest parts (95 percent) are below is too dark to read.
_DARK = 50.0
# Contrast, gray levels, below which there is nothing to be sharp or blurred.
_LEAST_CONTRAST = 12.0
# Gray levels by which some part of the thumbnail, or the whole on average, must differ to count.
_PART_CHANGED, _ALL_CHANGED = 10.0, 1.2
# Average difference of thumbnails a frame apart from which the camera moves.
_MOVING = 3.0


@dataclass(frozen=True)
class Look:
    """What a frame is like.

    ``sharpness`` above 0 without unit, comparable between frames of one scene; ``flat`` where the
    frame has no contrast to judge it by. ``dark`` says that it is too dark to read. ``thumbnail``
    float32 (h, w), gray levels 0-255, is for :func:`changed` and :func:`moving`.
    """

    sharpness: float
    flat: bool
    dark: bool
    thumbnail: np.ndarray


def look(gray: np.ndarray) -> Look:
    """Return what ``gray``, uint8 (h, w), is like; takes about a millisecond at 1280x720."""
    copy = _reduce(gray, _MEASURED)
    thumbnail = _reduce(copy, _THUMBNAIL).astype(np.float32)
    bright = float(np.percentile(thumbnail, 95))
    # Dark strokes are narrow: on the thumbnail their contrast is gone, on the copy it is not.
    low, high = _quantiles(copy, 0.005, 0.995)
    contrast = max(high - low, 1.0)
    across = _steepness(cv2.absdiff(copy[:, 2:], copy[:, :-2])) if copy.shape[1] > 2 else 0.0
    down = _steepness(cv2.absdiff(copy[2:], copy[:-2])) if copy.shape[0] > 2 else 0.0
    # The lesser direction counts: a frame blurred by movement keeps the edges along it.
    sharpness = max(min(across, down) / contrast, 1e-3)
    flat = contrast < _LEAST_CONTRAST
    return Look(float(sharpness), bool(flat), bright < _DARK, thumbnail)


def sharpness_at(gray: np.ndarray, box: Box) -> float:
    """Return the sharpness (above 0, without unit) of the part of ``gray``, uint8 (h, w), in
    ``box``: the energy of its gradient over its variance. Comparable between frames that show the
    same thing at the same size."""
    height, width = gray.shape
    left, top = max(box.x, 0), max(box.y, 0)
    part = gray[top : min(box.y + box.height, height), left : min(box.x + box.width, width)]
    if min(part.shape) < 3:
        return 1e-3
    part = cv2.blur(part, (3, 3))
    across = cv2.norm(part[:, 2:], part[:, :-2], cv2.NORM_L2SQR) / part.size
    down = cv2.norm(part[2:], part[:-2], cv2.NORM_L2SQR) / part.size
    contrast = float(cv2.meanStdDev(part)[1][0, 0])
    return max(math.sqrt(across + down) / max(contrast, _LEAST_CONTRAST), 1e-3)


def changed(before: np.ndarray, now: np.ndarray) -> bool:
    """Say whether two frames, by their thumbnails, show different things or from elsewhere.

    A change of exposure alone (gain and offset) is none.
    """
    if before.shape != now.shape:
        return True
    difference = np.abs(now - _exposed_like(before, now))
    return bool(difference.max() > _PART_CHANGED or difference.mean() > _ALL_CHANGED)


def moving(before: np.ndarray, now: np.ndarray) -> bool:
    """Say whether the camera moved clearly between two frames, by their thumbnails."""
    if before.shape != now.shape:
        return True
    return float(np.abs(now - _exposed_like(before, now)).mean()) > _MOVING


def _exposed_like(before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Return ``before`` with the gain and offset that bring it nearest to ``now``."""
    mean_before, mean_now = float(before.mean()), float(now.mean())
    centered = before - mean_before
    spread = float((centered * centered).sum())
    gain = float((centered * (now - mean_now)).sum()) / spread if spread > 0 else 1.0
    return centered * min(max(gain, 0.5), 2.0) + mean_now


def _reduce(gray: np.ndarray, pixels: int) -> np.ndarray:
    scale = (pixels / gray.size) ** 0.5
    if scale >= 1:
        return gray
    size = (max(3, round(gray.shape[1] * scale)), max(3, round(gray.shape[0] * scale)))
    return cv2.resize(gray, size, interpolation=cv2.INTER_AREA)


def _histogram(values: np.ndarray) -> np.ndarray:
    return cv2.calcHist([np.ascontiguousarray(values)], [0], None, [256], [0, 256]).ravel()


def _quantiles(values: np.ndarray, low: float, high: float) -> tuple[float, float]:
    shares = np.cumsum(_histogram(values)) / values.size
    return float(np.searchsorted(shares, low)), float(np.searchsorted(shares, high))


def _steepness(differences: np.ndarray) -> float:
    """Return the mean of the largest share of ``differences``, uint8."""
    counts = _histogram(differences)[::-1]
    wanted = max(1.0, _STEEPEST * differences.size)
    taken = np.minimum(counts, np.maximum(0.0, wanted - (np.cumsum(counts) - counts)))
    return float((taken * np.arange(255, -1, -1)).sum() / wanted)
