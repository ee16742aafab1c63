"""What else is printed or written around a number: rules, frames, squares, words, other rows.

Each function draws with strength ``level`` 0-255 into the layer of a :class:`Sheet`, in place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from camdigits.reading import Box
from camdigits.training.patterns import noise

# Printed words without letters that could pass for a digit (no O, I, l, S, Z, B, q, g, b).
_WORDS = (
    "Name Date Amt. Ref. Nr. EUR Year Pay the Datum Fecha Ref/Nr Card Text Amt Art Matr. Name: "
    "Rate Tax Date: Payment Unit Rem. CHF Exam Term Mark Due Hr. Fr. ref tax due paid and"
)
_FONTS = ("DejaVuSans.ttf", "DejaVuSerif.ttf", "DejaVuSans-Bold.ttf", "STIXGeneral.ttf")

_NARROW = 0.3  # share of ruled sheets whose lines are narrower than the writing is tall


@dataclass(frozen=True)
class Sheet:
    """A picture to draw around: ``layer`` and ``ink`` uint8 (h, w), the box of the ink in it.

    ``size`` is the height of its figures in pixels.
    """

    layer: np.ndarray
    ink: np.ndarray
    box: Box
    size: float


def line(
    layer: np.ndarray, start: tuple[float, float], end: tuple[float, float], level: int, pen: int
) -> None:
    """An anti-aliased line between points given in fractions of a pixel."""
    a = (round(start[0] * 16), round(start[1] * 16))
    b = (round(end[0] * 16), round(end[1] * 16))
    cv2.line(layer, a, b, level, pen, cv2.LINE_AA, 4)


def _dash(layer: np.ndarray, rng: np.random.Generator, size: float) -> None:
    """Break what the layer holds into dots or dashes from left to right."""
    period = size * rng.uniform(0.08, 0.35)
    share = rng.uniform(0.3, 0.7)
    steps = np.arange(layer.shape[1]) / period + rng.random()
    layer[:, (steps % 1.0) > share] = 0


def _wear(layer: np.ndarray, rng: np.random.Generator, size: float) -> None:
    """Leave pieces of all lengths of what the layer holds, as faint print does when it is scanned:
    too short for a rule, they stay with the digits that stand on it."""
    print_ = noise(rng, 1, layer.shape[1], size * rng.uniform(0.08, 0.5), 1.0)
    layer[:, print_[0] < rng.uniform(-0.8, 0.6)] = 0


def rules(sheet: Sheet, rng: np.random.Generator, level: int) -> None:
    """Writing lines over the whole width: under the writing, at times through it, or so narrow
    that large figures stand across several."""
    layer, box, size = sheet.layer, sheet.box, sheet.size
    height, width = layer.shape
    narrow = rng.random() < _NARROW
    pitch = size * (rng.uniform(0.35, 1.1) if narrow else rng.uniform(1.1, 2.4))
    base = box.y + box.height + size * rng.normal(0.03, 0.14)
    if rng.random() < 0.12:
        base -= size * rng.uniform(0.3, 0.6)
    tilt = float(rng.normal(0.0, 0.006)) * width
    pen = max(1, round(size * float(rng.choice([0.02, 0.04, 0.08], p=[0.6, 0.3, 0.1]))))
    twin = size * rng.uniform(0.07, 0.16) if rng.random() < 0.15 else 0.0
    first = base - math.ceil(base / pitch) * pitch
    alone = not narrow and rng.random() < 0.4
    start, end = (0.0, float(width))
    if rng.random() < 0.2:
        start, end = box.x - size * rng.random(), box.x + box.width + size * rng.random()
    for y in [base] if alone else np.arange(first, height + abs(tilt), pitch):
        line(layer, (start, y), (end, y + tilt), level, pen)
        if twin:
            line(layer, (start, y + twin), (end, y + twin + tilt), level, pen)
    fate = rng.random()
    if fate < 0.2:
        _dash(layer, rng, size)
    elif fate < 0.6:
        _wear(layer, rng, size)


def margin(sheet: Sheet, rng: np.random.Generator, level: int) -> None:
    """The upright line beside the writing."""
    layer, box, size = sheet.layer, sheet.box, sheet.size
    height = layer.shape[0]
    left = rng.random() < 0.7
    x = box.x - size * rng.uniform(0.05, 0.8)
    if not left:
        x = box.x + box.width + size * rng.uniform(0.05, 0.8)
    tilt = float(rng.normal(0.0, 0.01)) * height
    pen = max(1, round(size * rng.uniform(0.02, 0.08)))
    line(layer, (x, 0), (x + tilt, height), level, pen)


def squares(sheet: Sheet, rng: np.random.Generator, level: int) -> None:
    """Squared paper."""
    layer, size = sheet.layer, sheet.size
    height, width = layer.shape
    pitch = size * float(rng.choice([rng.uniform(0.3, 0.6), rng.uniform(0.6, 1.5)]))
    tilt = float(rng.normal(0.0, 0.012))
    pen = max(1, round(size * rng.uniform(0.01, 0.04)))
    reach = abs(tilt) * max(height, width)
    for y in np.arange(-reach - pitch * rng.random(), height + reach, pitch):
        line(layer, (0, y), (width, y + tilt * width), level, pen)
    for x in np.arange(-reach - pitch * rng.random(), width + reach, pitch):
        line(layer, (x, 0), (x - tilt * height, height), level, pen)


def frame(sheet: Sheet, rng: np.random.Generator, level: int) -> None:
    """A box around the string, at times cutting its edge, at times only parts of the box."""
    layer, box, size = sheet.layer, sheet.box, sheet.size
    air = size * rng.normal(0.15, 0.12, 4)
    left, top = box.x - air[0] - 1, box.y - air[1] - 1
    right, bottom = box.x + box.width + air[2], box.y + box.height + air[3]
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    pen = max(1, round(size * rng.uniform(0.015, 0.07)))
    for index in range(4):
        if rng.random() < 0.85:
            line(layer, corners[index], corners[(index + 1) % 4], level, pen)


def cells(sheet: Sheet, rng: np.random.Generator, level: int) -> None:
    """A frame with a cell for each digit; the dividers stand in the gaps, or where they like."""
    layer, ink, box, size = sheet.layer, sheet.ink, sheet.box, sheet.size
    air = size * rng.uniform(0.02, 0.3)
    top, bottom = box.y - air, box.y + box.height + air * rng.uniform(0.5, 1.5)
    pen = max(1, round(size * rng.uniform(0.015, 0.06)))
    left, right = box.x - air, box.x + box.width + air
    if rng.random() < 0.6:
        used = ink[:, box.x : box.x + box.width].max(axis=0) > 96
        change = np.flatnonzero(np.diff(used.astype(np.int8)))
        places = [box.x + (a + b + 1) / 2 for a, b in zip(change[::2], change[1::2], strict=False)]
        xs = [left, *places, right]
    else:
        pitch = size * rng.uniform(0.6, 1.2)
        xs = list(np.arange(left, right + pitch, pitch))
    short = rng.random() < 0.25
    for x in xs:
        high = bottom - size * 0.3 if short else top
        line(layer, (x, high), (x, bottom), level, pen)
    line(layer, (xs[0], bottom), (xs[-1], bottom), level, pen)
    if not short:
        line(layer, (xs[0], top), (xs[-1], top), level, pen)
    if rng.random() < 0.2:
        _dash(layer, rng, size)


def residue(sheet: Sheet, rng: np.random.Generator, level: int) -> None:
    """Feet of the row above and heads of the row below, cut off by the picture's edge."""
    layer, ink, box, size = sheet.layer, sheet.ink, sheet.box, sheet.size
    height, width = ink.shape
    shifted = np.roll(ink, int(rng.integers(width)), axis=1)[:, :: int(rng.choice([-1, 1]))]
    gain = level / 255.0
    above = min(box.y, round(size * rng.uniform(0.05, 0.35)))
    if above > 0 and rng.random() < 0.6:
        feet = box.y + box.height - above
        part = cv2.convertScaleAbs(shifted[feet : feet + above], alpha=gain)
        np.maximum(layer[:above], part, out=layer[:above])
    below = min(height - box.y - box.height, round(size * rng.uniform(0.05, 0.35)))
    if below > 0 and rng.random() < 0.6:
        part = cv2.convertScaleAbs(shifted[box.y : box.y + below], alpha=gain)
        np.maximum(layer[height - below :], part, out=layer[height - below :])


@lru_cache(maxsize=1)
def _prints() -> tuple[np.ndarray, ...]:
    """Printed words as ink pictures, in a few fonts and sizes."""
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    words = []
    for name in _FONTS:
        for points in (9, 13, 18, 24):
            font = ImageFont.truetype(str(folder / name), points)
            for word in _WORDS.split():
                left, top, right, bottom = font.getbbox(word)
                size = (math.ceil(right - left) + 2, math.ceil(bottom - top) + 2)
                picture = Image.new("L", size)
                ImageDraw.Draw(picture).text((1 - left, 1 - top), word, 255, font)
                words.append(np.array(picture))
    return tuple(words)


def words(sheet: Sheet, rng: np.random.Generator, level: int) -> None:
    """Small printed words beside, above or below the writing, cut off where they end outside."""
    layer, box = sheet.layer, sheet.box
    height, width = layer.shape
    for _ in range(int(rng.integers(1, 4))):
        choice = _prints()
        word = choice[int(rng.integers(len(choice)))]
        rows, columns = word.shape
        side = rng.choice(4)
        x, y = int(rng.integers(-columns // 2, width)), int(rng.integers(-rows // 2, height))
        if side == 0:
            y = box.y - rows - int(rng.integers(0, 4))
        elif side == 1:
            y = box.y + box.height + int(rng.integers(0, 4))
        elif side == 2:
            x = box.x - columns - int(rng.integers(2, 12))
        else:
            x = box.x + box.width + int(rng.integers(2, 12))
        x0, y0, x1, y1 = max(0, x), max(0, y), min(width, x + columns), min(height, y + rows)
        if x0 < x1 and y0 < y1:
            part = cv2.convertScaleAbs(word[y0 - y : y1 - y, x0 - x : x1 - x], alpha=level / 255.0)
            np.maximum(layer[y0:y1, x0:x1], part, out=layer[y0:y1, x0:x1])
