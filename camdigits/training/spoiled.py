"""Photos spoiled: what light, lens, hand and file do to a picture, to see how much reading bears.

Handwriting, paper and labels are those of the photos; only how they were taken is drawn at random.
Every picture follows from the seed and its index alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from camdigits.preprocess.files import open_image
from camdigits.preprocess.gray import to_gray
from camdigits.preprocess.lighting import darkness, look_at
from camdigits.preprocess.scale import shrink
from camdigits.recognize.views import turned
from camdigits.training.collections import LabeledPicture
from camdigits.training.paper import beyond, creased, moved

# Lengths are shares of the picture's longer side.
EDGES = (0.0006, 0.004, 0.015)  # how soft the edges of shadows are
FOCUS, WAY = (0.0015, 0.003), (0.0055, 0.011)  # deviation of a blur, length of a movement
DIGIT = 0.05  # height of a digit, for folds
SHADE, ASKEW = (0.35, 0.6), (6.0, 12.0)  # light that a shadow takes; degrees
DIM, DARK, NOISE = 0.25, 10.0, 3.0  # share of the light that is left, and gray levels
LEVEL, PAPER = (0.3, 0.55), 51  # black from such a share of the darkest; window of the median
# Grounds and pens (BGR) of much the same brightness, the darkness from which there is only pen, and
# the JPEG quality of the file.
PENS = (
    ((240, 245, 245), (40, 220, 250)),  # yellow on white
    ((85, 110, 60), (80, 80, 205)),  # red on a green board
    ((215, 160, 130), (75, 70, 205)),  # red on blue
    ((75, 70, 205), (170, 70, 50)),  # blue on red
    ((30, 28, 28), (220, 90, 60)),  # blue on black
)
PEN, QUALITY = 0.5, (75, 92)


def hard_shadow(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return ``gray``, uint8 (h, w), with a straight shadow over a part of it."""
    rows, columns = gray.shape
    turn = rng.uniform(0, 2 * np.pi)
    x, y = rng.uniform(0.2, 0.8, 2) * (columns, rows)
    soft = float(rng.choice(EDGES)) * max(gray.shape)
    light = 1 - rng.uniform(*SHADE) * beyond(gray.shape, (x, y), turn, soft)
    return _seen(gray * light, rng, NOISE / 2)


def out_of_focus(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return ``gray``, uint8 (h, w), blurred by a lens that looks elsewhere."""
    return cv2.GaussianBlur(gray, (0, 0), float(rng.uniform(*FOCUS)) * max(gray.shape))


def shaken(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return ``gray``, uint8 (h, w), blurred along a straight way of the hand."""
    reach = round(float(rng.uniform(*WAY)) * max(gray.shape) / 2) + 1
    return moved(gray, reach, rng.uniform(0, np.pi))


def askew(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return ``gray``, uint8 (h, w), turned by up to ``ASKEW`` degrees, in a larger picture."""
    return turned(gray, float(rng.uniform(*ASKEW) * rng.choice((-1, 1))))[0]


def dim(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return ``gray``, uint8 (h, w), in hardly any light."""
    return _seen(DIM * gray.astype(np.float32) + DARK, rng, NOISE)


def black_and_white(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return ``gray``, uint8 (h, w), thresholded against its surroundings, as scanners do."""
    window = min(PAPER, min(gray.shape) // 2) | 1
    grainy = cv2.GaussianBlur(_seen(gray, rng, 2 * NOISE), (0, 0), 0.7)
    dark = cv2.subtract(cv2.medianBlur(gray, window), grainy)
    level = float(rng.uniform(*LEVEL)) * float(np.percentile(dark, 99))
    return np.where(dark > level, np.uint8(0), np.uint8(255))


def folded(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return ``gray``, uint8 (h, w), with folds across the sheet."""
    return creased(gray, rng, DIGIT * max(gray.shape))


def in_color(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return ``gray``, uint8 (h, w), as BGR (h, w, 3) written with a pen whose color alone sets it
    off from the ground."""
    ground, pen = np.array(PENS[rng.integers(len(PENS))], np.float32)
    dark = darkness(gray, look_at(gray))[..., None] / np.float32(255)
    share = np.minimum(1, dark / PEN)
    seen = _seen(ground + share * (pen - ground), rng, NOISE)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*QUALITY))]
    sent = cv2.imencode(".jpg", seen, quality)[1]
    return np.asarray(cv2.imdecode(sent, cv2.IMREAD_COLOR))


def small(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return ``gray``, uint8 (h, w), half as wide and high."""
    return shrink(gray, 0.5)


def tiny(gray: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return ``gray``, uint8 (h, w), a third as wide and high."""
    return shrink(gray, 1 / 3)


KINDS: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "hard shadow": hard_shadow,
    "out of focus": out_of_focus,
    "moved": shaken,
    "askew": askew,
    "dim": dim,
    "black and white": black_and_white,
    "folded": folded,
    "in color": in_color,
    "half the size": small,
    "a third of the size": tiny,
}


@dataclass(frozen=True)
class Spoiled:
    """A photo (the ``index``-th of its collection) to be spoiled in one of ``KINDS``."""

    index: int
    photo: LabeledPicture
    kind: str

    @property
    def name(self) -> str:
        """What readings and contact sheets call it."""
        return f"{self.photo.path.name}, {self.kind}"

    def picture(self, seed: int) -> np.ndarray:
        """Return the picture, uint8 gray (h, w), or BGR (h, w, 3) in color. Raises PictureError as
        ``open_image`` does."""
        rng = np.random.default_rng([seed, self.index, *self.kind.encode()])
        return KINDS[self.kind](to_gray(open_image(self.photo.path)), rng)


def _seen(light: np.ndarray, rng: np.random.Generator, noise: float) -> np.ndarray:
    """Return the picture, uint8 (h, w), that a sensor with ``noise`` (gray levels) takes."""
    return np.clip(rng.normal(light, noise), 0, 255).astype(np.uint8)
