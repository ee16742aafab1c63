"""Synthetic pages and frames: rows of numbers by one hand on one sheet, with known readings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import cv2
import numpy as np

from camdigits.training.paper import photograph
from camdigits.training.paper_style import PaperStyle
from camdigits.training.strings import StringStyle, Writer, compose
from camdigits.training.texts import numbers, random_digits, spell

_ROOM = 0.94  # share of the picture that the writing may fill
_GAP = 1.6  # least distance of two numbers of a row, in digit heights
_PITCH = 1.9  # least distance of two rows, in digit heights

# What ink and paper add to blue, green and red, in grey levels.
_PENS = ((0, 0, 0), (0, 0, 0), (70, 5, -25), (45, 15, -10), (-10, -5, 60))
_TINTS = ((1.0, 1.0, 1.0), (0.93, 0.98, 1.0), (1.0, 0.98, 0.94), (0.85, 0.95, 0.97))


class WriterMix(Protocol):
    """Whatever gives a hand per page; see :class:`camdigits.training.hands.HandMix`."""

    def pick(self, rng: np.random.Generator, kind: str | None = None) -> Writer:
        """Return a hand that writes one page."""


def compose_page(
    rng: np.random.Generator,
    mix: WriterMix,
    width: int,
    height: int,
    *,
    rows: Sequence[Sequence[str]] | None = None,
    glyph_height: float | None = None,
    skew: float = 0.0,
    kind: str | None = None,
    paper: PaperStyle | None = None,
    touching: float = 0.0,
) -> tuple[np.ndarray, list[list[str]]]:
    """Write ``rows`` of texts on a page and photograph it.

    ``rows`` holds texts such as ``"1.234"`` or ``"12+5="``, random ones if None; ``glyph_height``
    is the digit height in pixels, lowered where the rows would not fit, a share of the picture if
    None; ``skew`` turns the writing by degrees counterclockwise; ``kind`` is one of
    paper_style.KINDS, of which a random style is drawn unless ``paper`` gives the style itself;
    ``touching`` is the share of neighbors that touch.

    Returns the picture, uint8 BGR (height, width, 3), and the numbers of each row as a reader
    should find them. Raises ValueError where there is nothing to write or no room for it.
    """
    texts = [list(row) for row in rows] if rows is not None else _random_rows(rng)
    if not any(texts) or min(width, height) < 16:
        raise ValueError(
            f"Cannot write {len(texts)} rows on {width}x{height} px; "
            "give at least one text and a picture of 16x16 px or more."
        )
    size = glyph_height or 0.5 * height / (_PITCH * len(texts))
    style = replace(StringStyle.random(rng, touching), height=size, slope=0.0)
    block = _block(rng, mix.pick(rng), texts, style)
    ink, scale = _place(rng, block, width, height, skew)
    if paper is None:
        paper = PaperStyle.random(rng, kind, size=max(8.0, size * scale)).readable()
    picture = colored(photograph(ink, rng, paper), ink, rng, paper)
    found = [[number for text in row for number in numbers(spell(text))] for row in texts]
    return picture, found


def _random_rows(rng: np.random.Generator) -> list[list[str]]:
    """One to four rows of one to three numbers."""
    counts = rng.integers(1, 4, int(rng.integers(1, 5)))
    return [[random_digits(rng, int(rng.integers(1, 8))) for _ in range(count)] for count in counts]


def _block(
    rng: np.random.Generator, hand: Writer, rows: list[list[str]], style: StringStyle
) -> np.ndarray:
    """All rows as one ink picture, left edges and gaps uneven as people write."""
    size = style.height
    patches: list[tuple[int, int, np.ndarray]] = []
    top = 0
    for texts in rows:
        left = round(size * rng.uniform(0.0, 0.8))
        tallest = 0
        for text in texts:
            ink = compose(rng, hand, spell(text), style).ink
            patches.append((top, left, ink))
            left += ink.shape[1] + round(size * _GAP * rng.uniform(1.0, 1.8))
            tallest = max(tallest, ink.shape[0])
        top += max(round(size * _PITCH * rng.uniform(1.0, 1.2)), tallest + round(0.5 * size))
    bottom = max(y + ink.shape[0] for y, _, ink in patches)
    right = max(x + ink.shape[1] for _, x, ink in patches)
    block = np.zeros((bottom, right), np.uint8)
    for y, x, ink in patches:
        block[y : y + ink.shape[0], x : x + ink.shape[1]] = ink
    return block


def _place(
    rng: np.random.Generator, block: np.ndarray, width: int, height: int, skew: float
) -> tuple[np.ndarray, float]:
    """Turn the block and lay it on the sheet where it fits; return the ink and its scale."""
    rows, columns = block.shape
    cos, sin = abs(math.cos(math.radians(skew))), abs(math.sin(math.radians(skew)))
    across, down = columns * cos + rows * sin, columns * sin + rows * cos
    scale = min(1.0, _ROOM * width / across, _ROOM * height / down)
    if scale < 1.0:
        fit = (max(1, int(columns * scale)), max(1, int(rows * scale)))
        block = cv2.resize(block, fit, interpolation=cv2.INTER_AREA)
        rows, columns = block.shape
    room_x, room_y = width - across * scale, height - down * scale
    center_x = width / 2 + 0.5 * room_x * float(rng.uniform(-0.8, 0.8))
    center_y = height / 2 + 0.5 * room_y * float(rng.uniform(-0.8, 0.8))
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), skew, 1.0)
    matrix[:, 2] += (center_x - columns / 2, center_y - rows / 2)
    return cv2.warpAffine(block, matrix, (width, height), flags=cv2.INTER_LINEAR), scale


def colored(
    grey: np.ndarray, ink: np.ndarray, rng: np.random.Generator, paper: PaperStyle
) -> np.ndarray:
    """Give the picture the tint of its light and the ink the color of its pen."""
    if paper.kind == "binary":
        return cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
    tint = np.array(_TINTS[int(rng.integers(len(_TINTS)))], np.float32)
    pen = np.array(_PENS[int(rng.integers(len(_PENS)))], np.float32)
    share = cv2.GaussianBlur(ink, (0, 0), max(0.3, paper.blur)).astype(np.float32) / 255.0
    picture = grey[:, :, None] * tint + share[:, :, None] * pen * paper.pen
    return cv2.convertScaleAbs(picture.clip(0.0, 255.0))
