"""Pages of what numbers are written for: dates, times, scores, amounts, fractions, telephone
numbers and sums, with the marks that stand in them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from camdigits.training.pages import WriterMix, compose_page
from camdigits.training.paper_style import PaperStyle
from camdigits.training.papers import HEIGHT, WIDTH
from camdigits.training.tasks import KindTask, Written, in_turn
from camdigits.training.texts import random_digits

PAPERS = ("plain", "ruled", "photo")
_DIGITS = (36.0, 90.0)  # heights, pixels
_ROWS = (1, 5)
_NARROW = 4  # signs of texts of which two stand in a row

_Write = Callable[[np.random.Generator], str]


def _up_to(rng: np.random.Generator, count: int) -> str:
    return random_digits(rng, int(rng.integers(1, count + 1)))


def _date(mark: str) -> _Write:
    def write(rng: np.random.Generator) -> str:
        day, month = int(rng.integers(1, 32)), int(rng.integers(1, 13))
        year = random_digits(rng, 2) if rng.random() < 0.5 else "20" + random_digits(rng, 2)
        width = 2 if rng.random() < 0.6 else 1
        return mark.join((f"{day:0{width}d}", f"{month:0{width}d}", year))

    return write


def _time(rng: np.random.Generator) -> str:
    return f"{int(rng.integers(0, 24))}:{int(rng.integers(0, 60)):02d}"


def _goals(rng: np.random.Generator) -> str:
    return f"{int(rng.integers(0, 6))}:{int(rng.integers(0, 6))}"


def _points(rng: np.random.Generator) -> str:
    return f"{int(rng.integers(0, 30))}-{int(rng.integers(0, 30))}"


def _amount(rng: np.random.Generator) -> str:
    whole, cents = f"{int(rng.integers(10, 99999)):,}", random_digits(rng, 2)
    if rng.random() < 0.5:
        return f"{'$' if rng.random() < 0.3 else ''}{whole}.{cents}"
    return f"{whole.replace(',', '.')},{cents}{' €' if rng.random() < 0.4 else ''}"


def _fraction(rng: np.random.Generator) -> str:
    return f"{random_digits(rng, 1)}/{_up_to(rng, 2)}"


def _telephone(rng: np.random.Generator) -> str:
    style = int(rng.integers(3))
    if style == 0:
        return f"({random_digits(rng, 3)}) {random_digits(rng, 3)}-{random_digits(rng, 4)}"
    if style == 1:
        return "+" + " ".join(random_digits(rng, count) for count in (2, 3, 4, 3))
    return f"0{random_digits(rng, 3)}/{random_digits(rng, int(rng.integers(5, 8)))}"


def _sum(rng: np.random.Generator) -> str:
    sign = "+-x"[int(rng.integers(3))]
    return f"{_up_to(rng, 3)}{sign}{_up_to(rng, 3)}={_up_to(rng, 3)}"


KINDS: dict[str, _Write] = {
    "date with slashes": _date("/"),
    "date with points": _date("."),
    "date with hyphens": _date("-"),
    "time": _time,
    "score with colon": _goals,
    "score with hyphen": _points,
    "amount": _amount,
    "fraction": _fraction,
    "telephone number": _telephone,
    "sum": _sum,
}


def marked_tasks(count: int) -> list[KindTask]:
    """Return ``count`` tasks that take all kinds of texts in turn."""
    return in_turn("marked", KINDS, _write, count)


def _write(rng: np.random.Generator, mix: WriterMix, kind: str) -> Written:
    text = KINDS[kind]
    rows = [[text(rng)] for _ in range(int(rng.integers(*_ROWS)))]
    if max(len(row[0]) for row in rows) <= _NARROW:
        rows = [[*row, text(rng)] for row in rows]
    size = float(rng.uniform(*_DIGITS))
    paper = PaperStyle.random(rng, PAPERS[int(rng.integers(len(PAPERS)))], size=size).readable()
    picture, found = compose_page(
        rng, mix, WIDTH, HEIGHT, rows=rows, glyph_height=size, paper=paper
    )
    return picture, tuple(number for row in found for number in row)
