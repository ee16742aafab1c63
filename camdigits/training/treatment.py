"""How one hand bends the glyphs it is given, so that no two writings of a glyph are equal.

A :class:`Treatment` is drawn once per hand (slant, proportion, pen) and applied to every glyph
with a little jitter of its own. One resampling does scale, slant, turn and elastic bending.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

GLYPH_HEIGHT = 40.0  # a digit is written about this tall, in pixels
_MARGIN = 5  # room around a glyph that bending may use up
_COARSE = 40  # glyphs less tall than this are doubled before bending
_FIELD = 128  # side of a precomputed bending field
FAINT = 40  # ink fainter than this is dropped, so that crops are tight


@dataclass(frozen=True)
class Treatment:
    """One hand's way of bending given glyphs.

    ``slant`` is the shear added (dx per height, positive leans right), ``aspect`` stretches the
    width, ``size`` the height, ``thickness`` is what the pen adds to the stroke in pixels at a
    height of 40 (negative: thinner), ``unrest`` the amplitude in pixels of the bending and the
    scale of the other per-glyph jitter; ``darkness`` the ink's peak value 0..1.
    """

    slant: float = 0.0
    aspect: float = 1.0
    size: float = 1.0
    thickness: float = 0.0
    unrest: float = 1.0
    darkness: float = 1.0

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Treatment:
        """Draw the habits of a hand."""
        return cls(
            slant=float(rng.normal(0, 0.16)),
            aspect=float(np.exp(rng.normal(0, 0.13))),
            size=float(np.exp(rng.normal(0, 0.05))),
            thickness=float(
                rng.choice((-1.6, -0.8, 0.0, 0.0, 1.0, 2.2), p=_THICKNESS_ODDS) + rng.normal(0, 0.3)
            ),
            unrest=float(rng.gamma(4.0, 0.25)),
            darkness=float(rng.uniform(0.75, 1.0)),
        )

    def apply(self, glyph: np.ndarray, height: float, rng: np.random.Generator) -> np.ndarray:
        """Return the glyph bent, uint8 ink cropped tight, about ``height`` pixels tall.

        ``glyph`` is uint8 (h, w) cropped to its ink. Costs about 0.1 ms.
        """
        if glyph.shape[0] < _COARSE:
            # Doubling first lets the bending below do with linear interpolation.
            glyph = cv2.resize(glyph, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        source_height, source_width = glyph.shape
        turns = (rng.standard_normal(5) * self.unrest).tolist()
        up = height / source_height * self.size * (1 + 0.03 * turns[0])
        across = up * self.aspect * (1 + 0.04 * turns[1])
        shear = self.slant + 0.04 * turns[2]
        turn = 0.03 * turns[3]
        out_h = int(source_height * up + 2 * _MARGIN + abs(turn) * source_width * across) + 1
        out_w = int(source_width * across + abs(shear) * source_height * up) + 2 * _MARGIN + 1
        # The inverse of the matrix [[across, -shear * up], [turn * across, up]], which takes glyph
        # pixels, counted from the center, to output pixels.
        area = across * up * (1 + turn * shear)
        rows, columns = _grid(out_h, out_w)
        bend_x, bend_y = bending(rng, out_h, out_w, 0.55 * self.unrest * height / GLYPH_HEIGHT)
        x = columns - out_w / 2 + bend_x
        y = rows - out_h / 2 + bend_y
        map_x = (up / area) * x + (shear * up / area) * y + (source_width - 1) / 2
        map_y = (-turn * across / area) * x + (across / area) * y + (source_height - 1) / 2
        bent = cv2.remap(
            glyph,
            map_x,
            map_y,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=0,
        )
        inked = change_thickness(bent, self.thickness + 0.15 * turns[4])
        return crop_to_ink(inked, self.darkness)


_THICKNESS_ODDS = (0.1, 0.2, 0.25, 0.2, 0.17, 0.08)


def change_thickness(glyph: np.ndarray, pixels: float) -> np.ndarray:
    """Return the uint8 glyph with strokes about ``pixels`` thicker (negative: thinner).

    Thinning that would break the strokes is given up: the glyph then comes back as it was.
    """
    if abs(pixels) < 0.2:
        return glyph
    if pixels > 0:
        whole, part = divmod(pixels, 1.0)
        thick = cv2.dilate(glyph, _disk(int(whole) + 1)) if whole else glyph
        if part < 0.2:
            return thick
        return cv2.addWeighted(thick, 1 - part, cv2.dilate(thick, _disk(2)), part, 0)
    thin = cv2.erode(glyph, _disk(2))
    if pixels < -1:
        thin = cv2.erode(thin, _disk(2))
    part = min(1.0, -pixels if pixels >= -1 else -pixels / 2)
    thinned = cv2.addWeighted(glyph, 1 - part, thin, part, 0)
    if thinned.max() < 150 or np.count_nonzero(thinned > 100) < 0.5 * np.count_nonzero(glyph > 100):
        return glyph
    return thinned


def crop_to_ink(glyph: np.ndarray, darkness: float = 1.0) -> np.ndarray:
    """Return the uint8 glyph cut tight to its ink, faint fringes dropped, peak at ``darkness``."""
    solid = cv2.threshold(glyph, FAINT, 255, cv2.THRESH_TOZERO)[1]
    x, y, width, height = cv2.boundingRect(solid)
    if width == 0 or height == 0:
        return np.full((1, 1), 255, np.uint8)
    tight = solid[y : y + height, x : x + width]
    if darkness >= 1:
        return np.ascontiguousarray(tight)
    return cv2.convertScaleAbs(tight, alpha=darkness)


def stroke_width(glyph: np.ndarray) -> float:
    """Return the mean stroke width in pixels of a uint8 glyph, at least 1.

    A stroke w pixels wide has pixels 1, 2, ... w/2, ... 2, 1 deep, on average (w + 2) / 4.
    """
    solid = np.pad((glyph > 127).astype(np.uint8), 1)
    if not solid.any():
        return 1.0
    depth = cv2.distanceTransform(solid, cv2.DIST_L2, 5)
    return float(max(1.0, 4 * depth[solid > 0].mean() - 2))


@cache
def _disk(side: int) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))


@cache
def _grid(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    return rows, columns


@cache
def _fields() -> np.ndarray:
    """Smooth random displacement fields of unit deviation, float32 (12, 128, 128)."""
    rng = np.random.default_rng(7)
    fields = []
    for sigma in (5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18):
        field = cv2.GaussianBlur(
            rng.standard_normal((_FIELD, _FIELD)).astype(np.float32),
            (0, 0),
            sigma,
            borderType=cv2.BORDER_REFLECT,
        )
        fields.append(field / field.std())
    return np.stack(fields)


def bending(
    rng: np.random.Generator, height: int, width: int, amplitude: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return smooth random shifts in x and y, float32 (height, width), ``amplitude`` pixels strong.

    Elastic distortion after Simard et al. 2003, doi:10.1109/ICDAR.2003.1227801.
    """
    fields = _fields()
    picks = rng.integers(0, 1 << 30, 6)
    bends = []
    for which, row, column in picks.reshape(2, 3):
        field = fields[which % len(fields)]
        top = row % (_FIELD - min(height, _FIELD) + 1)
        left = column % (_FIELD - min(width, _FIELD) + 1)
        piece = field[top : top + height, left : left + width]
        if piece.shape != (height, width):
            piece = cv2.resize(piece, (width, height))
        bends.append(piece * np.float32(amplitude if which & 64 else -amplitude))
    return bends[0], bends[1]
