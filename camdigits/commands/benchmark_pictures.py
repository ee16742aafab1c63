"""Pictures without any digits, for the live benchmark: paper, letters, words, a desk, a hand."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from camdigits.training.allographs import AllographHand
from camdigits.training.fonts import FontHand, usable_fonts
from camdigits.training.forms import CLEAR_LETTERS
from camdigits.training.pages import WriterMix, compose_page
from camdigits.training.paper import photograph
from camdigits.training.paper_style import PaperStyle
from camdigits.training.strings import Writer

# Sizes of what is drawn, in heights of the picture: pages like those with numbers.
_GLYPH = 1 / 12
_PAPERS = ("plain", "ruled", "squared")
# Gray levels of a desk at night, below and above what counts as too dark to read.
_DARK = (15.0, 90.0)
# Words as they stand in print, many of them of letters in the shape of digits.
_WORDS = (
    *("SOLO", "Ill", "loo", "Zoo", "SOS", "OSLO", "Bill", "Biss", "gig", "BIO", "oil", "Sold"),
    *("big", "Lisbon", "IBIS", "go", "also", "logs", "lobo", "ISO", "the", "and", "of", "in"),
    *("water", "paper", "Street", "Open", "EXIT", "Please", "Hotel", "page", "House", "tea"),
)
# Colors of skin, BGR; in heights of the picture the width of a palm, and how far a hand moves.
_SKINS = ((150, 180, 226), (120, 152, 205), (96, 128, 180), (62, 88, 134), (40, 58, 92))
_PALM, _SWAY = (0.16, 0.26), 0.22


def blank_paper(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Return a sheet on which nothing is written, at times ruled or squared: uint8 BGR."""
    return _on_paper(rng, np.zeros((height, width), np.uint8))


def written_letters(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Return a page of letters by hand, none of them in the shape of a digit: uint8 BGR."""
    return _letters(rng, _Hands(AllographHand), width, height)


def printed_letters(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Return a page of printed letters, none of them in the shape of a digit: uint8 BGR."""
    return _letters(rng, _Hands(FontHand), width, height)


def printed_words(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Return a page of printed words, some of letters that look like digits: uint8 BGR."""
    fonts = usable_fonts()
    size = round(height * _GLYPH * float(rng.uniform(0.9, 1.6)))
    font = ImageFont.truetype(str(fonts[int(rng.integers(len(fonts)))]), size)
    page = Image.new("L", (width, height))
    draw = ImageDraw.Draw(page)
    for top in range(size, height - 2 * size, round(1.8 * size)):
        left = int(rng.integers(size, 3 * size))
        for word in rng.choice(_WORDS, 4):
            if left + draw.textlength(str(word), font) < width - size:
                draw.text((left, top), str(word), fill=255, font=font)
            left += round(draw.textlength(str(word), font) + size * float(rng.uniform(0.5, 1.5)))
    return _on_paper(rng, np.asarray(page))


def dark_desk(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Return a dark grained surface under a lamp from one side: uint8 BGR."""
    level, fall = rng.uniform(*_DARK), rng.uniform(0.2, 0.8)
    light = np.linspace(1.0, 1.0 - fall, width, dtype=np.float32)[:: int(rng.choice((-1, 1)))]
    grain = rng.standard_normal((height, width)).astype(np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), sigmaX=width / 60, sigmaY=max(0.5, height / 400))
    surface = level * light * (1.0 + 0.12 * grain / grain.std())
    tint = rng.uniform(0.75, 1.0, 3)
    return np.asarray(cv2.merge([cv2.convertScaleAbs(surface, alpha=part) for part in tint]))


class MovingHand:
    """A hand that sways before the camera, drawn once: fingers, nails, folds, light from above."""

    def __init__(self, rng: np.random.Generator, width: int, height: int) -> None:
        self._mask, self._skin, self._middle = _hand(rng, height)
        self._start = np.array([rng.uniform(0.2, 0.8) * width, rng.uniform(0.4, 0.8) * height])
        self._reach = _SWAY * height * rng.uniform(0.4, 1.0, 2)
        self._turns, self._phases = rng.uniform(0.6, 4.0, 3), rng.uniform(0, 2 * np.pi, 3)
        self._angle = rng.uniform(-50, 50)

    def over(self, frame: np.ndarray, time: float) -> np.ndarray:
        """Return ``frame``, uint8 BGR (h, w, 3), with the hand where it is at ``time`` seconds."""
        height, width = frame.shape[:2]
        wave = np.sin(self._turns * time + self._phases)
        move = cv2.getRotationMatrix2D(self._middle, self._angle + 12 * wave[2], 1.0)
        move[:, 2] += self._start + self._reach * wave[:2] - self._middle
        mask = cv2.warpAffine(self._mask, move, (width, height))[:, :, None] / np.float32(255)
        skin = cv2.warpAffine(self._skin, move, (width, height))
        return np.asarray((frame * (1 - mask) + skin * mask).round().astype(np.uint8))


def _hand(
    rng: np.random.Generator, side: int
) -> tuple[np.ndarray, np.ndarray, tuple[float, float]]:
    """Return a hand that points up, with its arm, for frames ``side`` pixels tall: its mask,
    uint8, its picture, uint8 BGR, and the middle of its palm."""
    palm = side * rng.uniform(*_PALM)
    thick, fold = max(3, round(0.27 * palm)), max(1, round(0.018 * palm))
    middle = np.array([side / 2, side / 2])
    mask, folds, nails = np.zeros((3, 2 * side, side), np.uint8)
    cv2.line(mask, _pixel(middle), _pixel((middle[0], 2 * side)), 255, round(0.8 * palm))
    cv2.ellipse(mask, _pixel(middle), _pixel((0.5 * palm, 0.58 * palm)), 0, 0, 360, 255, -1)
    spread, curl = rng.uniform(4, 15), rng.uniform(0.35, 1.0)
    for place, length in ((-1.5, 0.85), (-0.5, 1.0), (0.5, 0.95), (1.5, 0.75), (3.6, 0.6)):
        thumb = place > 2
        angle = place * spread + 30 * thumb + rng.normal(0, 3)
        root = middle + np.multiply(palm, (0.25 * min(place, 1.8), 0.1 if thumb else -0.4))
        way = np.array([np.sin(np.deg2rad(angle)), -np.cos(np.deg2rad(angle))])
        tip = root + way * palm * length * curl
        cv2.line(mask, _pixel(root), _pixel(tip), 255, thick)
        cv2.line(folds, _pixel(root + thick / 2), _pixel(tip + thick / 2), 255, fold)
        for share in (0.45, 0.75):
            joint, across = root + share * (tip - root), 0.35 * thick * way[::-1] * (1, -1)
            cv2.line(folds, _pixel(joint - across), _pixel(joint + across), 255, fold)
        nail = _pixel((0.3 * thick, 0.4 * thick))
        cv2.ellipse(nails, _pixel(tip), nail, angle, 0, 360, 255, -1)
    light = _light(mask, folds, nails, thick, fold)
    skin = np.array(_SKINS[int(rng.integers(len(_SKINS)))]) * rng.uniform(0.9, 1.1)
    picture = np.clip(light[:, :, None] * skin, 0, 255).astype(np.uint8)
    picture = cv2.GaussianBlur(picture, (0, 0), 0.8)
    return cv2.GaussianBlur(mask, (0, 0), 1.2), picture, (side / 2, side / 2)


def _light(
    mask: np.ndarray, folds: np.ndarray, nails: np.ndarray, thick: int, fold: int
) -> np.ndarray:
    """Return how light a hand of such shapes is, 1.0 for the color of its skin: round fingers
    ``thick`` pixels wide under a light from above, darker folds and lighter nails."""
    relief = np.minimum(cv2.distanceTransform(mask, cv2.DIST_L2, 3) / thick, 1.0)
    light = (0.62 + 0.38 * relief) * np.linspace(1.1, 0.8, len(mask))[:, None]
    light *= 1.0 - 0.35 * cv2.GaussianBlur(folds, (0, 0), max(0.5, fold / 2)) / 255.0
    return np.asarray(light + 0.12 * cv2.GaussianBlur(nails, (0, 0), 1.0) / 255.0)


def _pixel(point: tuple[float, float] | np.ndarray) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))


def _on_paper(rng: np.random.Generator, ink: np.ndarray) -> np.ndarray:
    style = PaperStyle.random(rng, str(rng.choice(_PAPERS)), size=ink.shape[0] * _GLYPH)
    return np.asarray(cv2.cvtColor(photograph(ink, rng, style), cv2.COLOR_GRAY2BGR))


class _Hands:
    """A new hand of one kind for each page."""

    def __init__(self, make: Callable[[np.random.Generator], Writer]) -> None:
        self._make = make

    def pick(self, rng: np.random.Generator, kind: str | None = None) -> Writer:
        return self._make(rng)


def _letters(rng: np.random.Generator, mix: WriterMix, width: int, height: int) -> np.ndarray:
    letters = sorted(CLEAR_LETTERS)
    rows = [
        ["".join(rng.choice(letters, int(rng.integers(3, 8)))) for _ in range(2)] for _ in range(3)
    ]
    kind = str(rng.choice(_PAPERS))
    page, _ = compose_page(
        rng, mix, width, height, rows=rows, glyph_height=height * _GLYPH, kind=kind
    )
    return page
