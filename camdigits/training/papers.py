"""Pictures to measure with, by kind of paper: pages of numbers, and single fields of forms.

All that the paper and the camera add is drawn at random; every picture follows from the seed and
its index alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from camdigits.training.pages import WriterMix, compose_page
from camdigits.training.paper import photograph
from camdigits.training.paper_style import PaperStyle
from camdigits.training.strings import StringStyle, compose
from camdigits.training.synthetic import around

WIDTH, HEIGHT = 1280, 720
_DIGITS = (28.0, 70.0)  # heights on a page, pixels
_FIELD = (26.0, 64.0)  # and in a field
_LENGTHS = (3, 8)

_Maker = Callable[[PaperStyle, np.random.Generator], PaperStyle]


def _shadow(style: PaperStyle, rng: np.random.Generator) -> PaperStyle:
    return replace(style, shadow=float(rng.uniform(0.35, 0.6)))


def _blur(style: PaperStyle, rng: np.random.Generator) -> PaperStyle:
    return replace(style, blur=float(rng.uniform(1.5, 2.2)) * style.size / 40.0, shrink=1.0)


def _framed(cells: bool) -> _Maker:
    def made(style: PaperStyle, rng: np.random.Generator) -> PaperStyle:
        frame = style.frame or float(rng.uniform(0.5, 1.0)) * style.pen
        return replace(style, frame=frame, cells=cells)

    return made


def _as_drawn(style: PaperStyle, rng: np.random.Generator) -> PaperStyle:
    return style


# Each kind's name, its paper (one of paper_style.KINDS), and what is changed of it.
PAGES: dict[str, tuple[str, _Maker]] = {
    "plain": ("plain", _as_drawn),
    "ruled": ("ruled", _as_drawn),
    "squared": ("squared", _as_drawn),
    "patterned": ("cheque", _as_drawn),
    "form": ("form", _framed(cells=False)),
    "chalk": ("chalk", _as_drawn),
    "black and white": ("binary", _framed(cells=False)),
    "photographed": ("photo", _as_drawn),
    "hard shadow": ("photo", _shadow),
    "blurred": ("photo", _blur),
}
FIELDS: dict[str, tuple[str, _Maker]] = {
    "box": ("form", _framed(cells=False)),
    "cells": ("form", _framed(cells=True)),
    "box, squared": ("squared", _framed(cells=False)),
    "cells, squared": ("squared", _framed(cells=True)),
    "box, black and white": ("binary", _framed(cells=False)),
    "cells, black and white": ("binary", _framed(cells=True)),
}


@dataclass(frozen=True)
class PaperTask:
    """One picture to be made: a page of a kind of paper, or one field of a form."""

    index: int
    kind: str
    field: bool

    @property
    def name(self) -> str:
        """What readings and contact sheets call it."""
        return f"paper {self.index}"

    @property
    def source(self) -> str:
        """The condition, as the tables name it."""
        return f"{'field' if self.field else 'page'}: {self.kind}"

    def write(self, mix: WriterMix, seed: int) -> tuple[np.ndarray, tuple[str, ...]]:
        """Return the picture, uint8 BGR or gray, and its numbers in reading order."""
        rng = np.random.default_rng([seed, self.index])
        base, change = (FIELDS if self.field else PAGES)[self.kind]
        low, high = _FIELD if self.field else _DIGITS
        size = float(np.exp(rng.uniform(np.log(low), np.log(high))))
        paper = change(PaperStyle.random(rng, base, size=size), rng)
        if not self.field:
            picture, rows = compose_page(
                rng, mix, WIDTH, HEIGHT, glyph_height=size, paper=paper.readable()
            )
            return picture, tuple(number for row in rows for number in row)
        labels = [str(digit) for digit in rng.integers(0, 10, rng.integers(*_LENGTHS))]
        style = replace(StringStyle.random(rng, touching=0.0), height=size)
        written = compose(rng, mix.pick(rng, "handwriting"), labels, style)
        return photograph(around(written.ink, size, rng), rng, paper), (written.text,)


def paper_tasks(count: int) -> list[PaperTask]:
    """Return ``count`` tasks that take all kinds of pages and fields in turn."""
    kinds = [(kind, False) for kind in PAGES] + [(kind, True) for kind in FIELDS]
    return [PaperTask(i, *kinds[i % len(kinds)]) for i in range(count)]
