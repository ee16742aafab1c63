"""What the live benchmark films: pages and photos of numbers, and pictures without any digits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from camdigits.commands.benchmark_pictures import (
    MovingHand,
    blank_paper,
    dark_desk,
    printed_letters,
    printed_words,
    written_letters,
)
from camdigits.preprocess.files import open_image
from camdigits.training.collections import LabeledPicture

T = TypeVar("T")

_HAND = "hand"


@dataclass(frozen=True)
class Scene:
    """Something to film: ``open`` returns its picture, uint8 BGR (h, w, 3).

    ``open`` is for calling once. ``numbers`` stand on it in reading order, none on a picture
    without digits; ``seed`` is that of the hand that films it. ``cover`` puts on a frame what is
    before the picture at a time in seconds.
    """

    name: str
    open: Callable[[], np.ndarray]
    numbers: tuple[str, ...]
    seed: int
    cover: Callable[[np.ndarray, float], np.ndarray] | None = None


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
    and words in print, a dark desk and a hand that moves, in turns.
    """
    share = count // 2 if photos else 0
    drawn = []
    for index in range(count - share):
        name, draw = _DRAWN[index % len(_DRAWN)]
        rng = np.random.default_rng([seed, 6, index])
        cover = MovingHand(rng, *size).over if name == _HAND else None
        picture = partial(draw, rng, *size)
        drawn.append(Scene(f"{name} {index}", picture, (), seed + index, cover))
    return drawn + photo_scenes(photos, share, seed)


def spread(items: Sequence[T], count: int) -> list[T]:
    """Return ``count`` of the items: evenly spread, or in turns where there are fewer."""
    if len(items) >= count:
        return [items[i * len(items) // count] for i in range(count)]
    return [items[i % len(items)] for i in range(count)] if items else []


# What is drawn in turns; before the paper of the last moves a hand.
_DRAWN: tuple[tuple[str, Callable[[np.random.Generator, int, int], np.ndarray]], ...] = (
    ("blank paper", blank_paper),
    ("written letters", written_letters),
    ("printed letters", printed_letters),
    ("printed words", printed_words),
    ("dark desk", dark_desk),
    (_HAND, blank_paper),
)
