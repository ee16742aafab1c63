"""Pictures to measure with, by kind of paper: pages of numbers, and single fields of forms.

All that the paper and the camera add is drawn at random.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from camdigits.training.pages import WriterMix, compose_page
from camdigits.training.paper import photograph
from camdigits.training.paper_style import PaperStyle
from camdigits.training.strings import StringStyle, compose
from camdigits.training.synthetic import around
from camdigits.training.tasks import KindTask, Written, in_turn

WIDTH, HEIGHT = 1280, 720
PAGE, FIELD = "page", "field"
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


def paper_tasks(count: int) -> list[KindTask]:
    """Return ``count`` tasks that take all kinds of pages and fields in turn."""
    kinds = [f"{PAGE}: {kind}" for kind in PAGES] + [f"{FIELD}: {kind}" for kind in FIELDS]
    return in_turn("paper", kinds, _write, count)


def _write(rng: np.random.Generator, mix: WriterMix, source: str) -> Written:
    what, kind = source.split(": ")
    if what == FIELD:
        return _field(rng, mix, *FIELDS[kind])
    base, change = PAGES[kind]
    size = _size(rng, *_DIGITS)
    paper = change(PaperStyle.random(rng, base, size=size), rng).readable()
    picture, rows = compose_page(rng, mix, WIDTH, HEIGHT, glyph_height=size, paper=paper)
    return picture, tuple(number for row in rows for number in row)


def _field(rng: np.random.Generator, mix: WriterMix, base: str, change: _Maker) -> Written:
    size = _size(rng, *_FIELD)
    paper = change(PaperStyle.random(rng, base, size=size), rng)
    labels = [str(digit) for digit in rng.integers(0, 10, rng.integers(*_LENGTHS))]
    style = replace(StringStyle.random(rng, touching=0.0), height=size)
    written = compose(rng, mix.pick(rng, "handwriting"), labels, style)
    return photograph(around(written.ink, size, rng), rng, paper), (written.text,)


def _size(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))
