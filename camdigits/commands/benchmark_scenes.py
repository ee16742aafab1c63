"""What the live benchmark films: pages and photos of numbers, and pictures without any digits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import cv2
import numpy as np

from camdigits.preprocess.files import open_image
from camdigits.training.allographs import AllographHand
from camdigits.training.collections import LabeledPicture
from camdigits.training.fonts import FontHand
from camdigits.training.forms import CLEAR_LETTERS
from camdigits.training.pages import WriterMix, compose_page
from camdigits.training.paper import photograph
from camdigits.training.strings import Writer
from camdigits.training.styles import PaperStyle

T = TypeVar("T")

# Sizes of what is drawn, in heights of the picture: pages like those with numbers.
_GLYPH = 1 / 12
_PAPERS = ("plain", "ruled", "squared")
# Gray levels of a desk at night, below and above what counts as too dark to read.
_DARK = (15.0, 90.0)


@dataclass(frozen=True)
class Scene:
    """Something to film: ``open`` returns its picture, uint8 BGR (h, w, 3).

    ``open`` is for calling once. ``numbers`` stand on it in reading order, none on a picture
    without digits; ``seed`` is that of the hand that films it.
    """

    name: str
    open: Callable[[], np.ndarray]
    numbers: tuple[str, ...]
    seed: int


class _Hands:
    """A new hand of one kind for each page."""

    def __init__(self, make: Callable[[np.random.Generator], Writer]) -> None:
        self._make = make

    def pick(self, rng: np.random.Generator, kind: str | None = None) -> Writer:
        return self._make(rng)


def page_scenes(
    pages: Sequence[np.ndarray], written: Sequence[Sequence[str]], seed: int
) -> list[Scene]:
    """Return synthesized pages and what is ``written`` on them, each filmed by its own hand."""
    return [
        Scene(f"page {index}", partial(np.asarray, page), tuple(numbers), seed + index)
        for index, (page, numbers) in enumerate(zip(pages, written, strict=True))
    ]


def photo_scenes(photos: Sequence[LabeledPicture], count: int, seed: int) -> list[Scene]:
    """Return ``count`` films of ``photos``: evenly spread over them, or each more than once."""
    return [
        Scene(photo.path.name, partial(open_image, photo.path), tuple(photo.numbers), seed + i)
        for i, photo in enumerate(spread(photos, count))
    ]


def empty_scenes(
    photos: Sequence[LabeledPicture], count: int, size: tuple[int, int], seed: int
) -> list[Scene]:
    """Return ``count`` films without digits: every other one of ``photos``, where there are any.

    The others are synthesized in ``size`` (width, height): blank paper, letters by hand, letters
    in print and a dark desk in turns.
    """
    share = count // 2 if photos else 0
    drawn = []
    for index in range(count - share):
        name, draw = _DRAWN[index % len(_DRAWN)]
        picture = partial(draw, np.random.default_rng([seed, 6, index]), *size)
        drawn.append(Scene(f"{name} {index}", picture, (), seed + index))
    return drawn + photo_scenes(photos, share, seed)


def spread(items: Sequence[T], count: int) -> list[T]:
    """Return ``count`` of the items: evenly spread, or in turns where there are fewer."""
    if len(items) >= count:
        return [items[i * len(items) // count] for i in range(count)]
    return [items[i % len(items)] for i in range(count)] if items else []


def blank_paper(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Return a sheet on which nothing is written, at times ruled or squared: uint8 BGR."""
    style = PaperStyle.random(rng, str(rng.choice(_PAPERS)), size=height * _GLYPH)
    gray = photograph(np.zeros((height, width), np.uint8), rng, style)
    return np.asarray(cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR))


def written_letters(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Return a page of letters by hand, none of them in the shape of a digit: uint8 BGR."""
    return _letters(rng, _Hands(AllographHand), width, height)


def printed_letters(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Return a page of printed letters, none of them in the shape of a digit: uint8 BGR."""
    return _letters(rng, _Hands(FontHand), width, height)


def dark_desk(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Return a dark grained surface under a lamp from one side: uint8 BGR."""
    level, fall = rng.uniform(*_DARK), rng.uniform(0.2, 0.8)
    light = np.linspace(1.0, 1.0 - fall, width, dtype=np.float32)[:: int(rng.choice((-1, 1)))]
    grain = rng.standard_normal((height, width)).astype(np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), sigmaX=width / 60, sigmaY=max(0.5, height / 400))
    surface = level * light * (1.0 + 0.12 * grain / grain.std())
    tint = rng.uniform(0.75, 1.0, 3)
    return np.asarray(cv2.merge([cv2.convertScaleAbs(surface, alpha=part) for part in tint]))


_DRAWN: tuple[tuple[str, Callable[[np.random.Generator, int, int], np.ndarray]], ...] = (
    ("blank paper", blank_paper),
    ("written letters", written_letters),
    ("printed letters", printed_letters),
    ("dark desk", dark_desk),
)


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
