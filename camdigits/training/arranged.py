"""Pages on which more than rows of numbers stands: tables, boards of games, ledgers, sums in
columns, lists, labels, and numbers that are circled, underlined or in brackets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest

import cv2
import numpy as np

from camdigits.reading import Box
from camdigits.training.pages import WriterMix, colored
from camdigits.training.paper import photograph
from camdigits.training.paper_style import PaperStyle
from camdigits.training.papers import HEIGHT, WIDTH
from camdigits.training.remnants import line
from camdigits.training.strings import StringStyle, compose
from camdigits.training.tasks import KindTask, Written, in_turn
from camdigits.training.texts import numbers, random_digits, spell

PAPERS = ("plain", "photo")
_WORDS = ("TAXE", "HEFT", "KX", "VEKTEX", "FEE", "WEEK", "EXTRA", "HEXE")
_UNITS = ("{} kg", "$ {}", "{}%", "{} cm", "{} €", "# {}")
_RULED = (0.45, 1.0)  # the darkness of printed rules beside that of the pen
_PEN = 0.07  # digit heights that strokes around numbers are thick
_MARGIN = 40  # pixels around what is written


class _Page:
    """A page to be written by one hand, with digits ``size`` pixels tall: ``ink`` and ``rules``,
    uint8 (HEIGHT, WIDTH), and the ``found`` numbers in the order in which they are read."""

    def __init__(self, rng: np.random.Generator, mix: WriterMix, size: float) -> None:
        self.rng, self.size = rng, size
        self.ink, self.rules = np.zeros((2, HEIGHT, WIDTH), np.uint8)
        self.found: list[str] = []
        self._hand = mix.pick(rng)
        self._style = replace(StringStyle.random(rng, 0.0), height=size, slope=0.0)

    def text(self, text: str) -> np.ndarray:
        """Return the ink of a text, uint8 (h, w)."""
        return compose(self.rng, self._hand, spell(text), self._style).ink

    def put(self, text: str, ink: np.ndarray, x: float, y: float) -> Box | None:
        """Write the ``ink`` of a text with its upper left corner at x, y; None without room."""
        height, width = ink.shape
        left, top = round(x), round(y)
        if min(left, top) < 2 or left + width > WIDTH - 2 or top + height > HEIGHT - 2:
            return None
        place = self.ink[top : top + height, left : left + width]
        np.maximum(place, ink, out=place)
        self.found += numbers(spell(text))
        return Box(left, top, width, height)

    def put_right(self, text: str, right: float, foot: float) -> Box | None:
        """Write a text that ends at ``right`` and stands on ``foot``; None without room."""
        ink = self.text(text)
        return self.put(text, ink, right - ink.shape[1], foot - ink.shape[0])

    def stroke(self, start: tuple[float, float], end: tuple[float, float], pen: float) -> None:
        """Draw a straight rule."""
        line(self.rules, start, end, 255, max(1, round(pen)))

    def grid(
        self, shape: tuple[int, int], cell: tuple[float, float], at: tuple[float, float], pen: float
    ) -> None:
        """Draw rules around cells (width, height), ``shape`` rows and columns of them."""
        (rows, columns), (wide, tall), (x, y) = shape, cell, at
        for row in range(rows + 1):
            self.stroke((x, y + row * tall), (x + columns * wide, y + row * tall), pen)
        for column in range(columns + 1):
            self.stroke((x + column * wide, y), (x + column * wide, y + rows * tall), pen)


_Kind = Callable[[np.random.Generator, WriterMix], _Page]


def _number(rng: np.random.Generator, least: int, most: int) -> str:
    """Return a number of ``least`` to ``most`` digits that does not begin with 0."""
    return str(int(rng.integers(1, 10))) + random_digits(
        rng, int(rng.integers(least, most + 1)) - 1
    )


def _table(rng: np.random.Generator, mix: WriterMix) -> _Page:
    rows, columns = int(rng.integers(2, 7)), int(rng.integers(2, 6))
    wide, tall = min(1200 / columns, 300.0), min(640 / rows, 130.0)
    page = _Page(rng, mix, tall * float(rng.uniform(0.42, 0.62)))
    x, y = (WIDTH - columns * wide) / 2, (HEIGHT - rows * tall) / 2
    page.grid((rows, columns), (wide, tall), (x, y), rng.uniform(1, 1 + 0.06 * page.size))
    for row in range(rows):
        for column in range(columns):
            text = _number(rng, 1, 4)
            ink = page.text(text)
            free_x, free_y = 0.9 * wide - ink.shape[1], 0.9 * tall - ink.shape[0]
            if min(free_x, free_y) > 0:
                left = x + (column + 0.05) * wide + rng.uniform(0, free_x)
                page.put(text, ink, left, y + (row + 0.05) * tall + rng.uniform(0.3, 0.7) * free_y)
    return page


def _board(rng: np.random.Generator, mix: WriterMix) -> _Page:
    cell = float(rng.uniform(56, 74))
    page = _Page(rng, mix, cell * float(rng.uniform(0.45, 0.65)))
    x, y = (WIDTH - 9 * cell) * rng.uniform(0.2, 0.8), (HEIGHT - 9 * cell) / 2
    pen = float(rng.uniform(1, 2.5))
    page.grid((9, 9), (cell, cell), (x, y), pen)
    page.grid((3, 3), (3 * cell, 3 * cell), (x, y), 2 * pen + 1)
    for place in np.flatnonzero(rng.random(81) < 0.4).tolist():
        text = _number(rng, 1, 1)
        ink = page.text(text)
        free_x, free_y = cell - ink.shape[1], cell - ink.shape[0]
        if min(free_x, free_y) > 0.1 * cell:
            left = x + place % 9 * cell + rng.uniform(0.3, 0.7) * free_x
            page.put(text, ink, left, y + place // 9 * cell + rng.uniform(0.3, 0.7) * free_y)
    return page


def _ledger(rng: np.random.Generator, mix: WriterMix) -> _Page:
    page = _Page(rng, mix, float(rng.uniform(30, 48)))
    tall, wide = 1.6 * page.size, 360.0
    rows = int((HEIGHT - 2 * _MARGIN) / tall)
    page.grid((rows, 3), (wide, tall), (100, _MARGIN), 1.5)
    for row in range(rows):
        for column in np.flatnonzero(rng.random(3) < 0.8).tolist():
            text = f"{_number(rng, 1, 4)}.{random_digits(rng, 2)}"
            right = 100 + (column + 1) * wide - 0.25 * page.size
            page.put_right(text, right, _MARGIN + (row + 0.92) * tall)
    return page


def _columns(rng: np.random.Generator, mix: WriterMix) -> _Page:
    page = _Page(rng, mix, float(rng.uniform(34, 64)))
    length, gap = int(rng.integers(2, 5)), page.size * float(rng.uniform(1.4, 2.5))
    wide = 0.85 * length * page.size + gap
    for row in range(1, int((HEIGHT - _MARGIN) / (1.7 * page.size))):
        for column in range(int(rng.integers(2, 5))):
            text = _number(rng, max(1, length - 1), length)
            page.put_right(text, _MARGIN + (column + 1) * wide, 1.7 * row * page.size)
    return page


def _sums(rng: np.random.Generator, mix: WriterMix) -> _Page:
    page = _Page(rng, mix, float(rng.uniform(44, 70)))
    size = page.size
    columns = []
    for right in np.arange(380, WIDTH - 100, 6 * size):
        length, foot = int(rng.integers(2, 4)), _MARGIN + size
        parts = [_number(rng, max(1, length - 1), length) for _ in range(int(rng.integers(2, 4)))]
        parts[-1] = f"{'+-'[int(rng.integers(2))]} {parts[-1]}"
        for part in parts:
            page.put_right(part, right, foot)
            foot += 1.5 * size
        level = foot - 1.1 * size
        page.stroke((right - (length + 1) * size, level), (right + 0.2 * size, level), _PEN * size)
        page.put_right(_number(rng, length, length + 1), right, foot + 0.15 * size)
        columns.append(page.found)
        page.found = []
    page.found = [text for row in zip_longest(*columns) for text in row if text]
    return page


def _rows(
    write: Callable[[np.random.Generator], str],
    around: Callable[[_Page, Box], None] | None = None,
) -> _Kind:
    """Return a kind of page with rows of texts, some of which something is drawn ``around``."""

    def page_of(rng: np.random.Generator, mix: WriterMix) -> _Page:
        page = _Page(rng, mix, float(rng.uniform(40, 76)))
        pitch = page.size * (2.3 if around else 1.9)
        for y in np.arange(_MARGIN + 0.5 * page.size, HEIGHT - pitch, pitch):
            x = _MARGIN + page.size * rng.uniform(0.5, 1.5)
            while True:
                text = write(rng)
                box = page.put(text, page.text(text), x, y)
                if box is None:
                    break
                if around and rng.random() < 0.6:
                    around(page, box)
                x += box.width + page.size * rng.uniform(2.0, 3.4)
        return page

    return page_of


def _circle(page: _Page, box: Box) -> None:
    rng, size = page.rng, page.size
    turn = np.linspace(0, 2 * np.pi * rng.uniform(0.97, 1.06), 60) + rng.uniform(0, 6)
    spiral = np.linspace(1, rng.uniform(0.94, 1.08), 60)
    across = box.width / 2 + size * rng.uniform(0.35, 0.6)
    down = box.height / 2 + size * rng.uniform(0.3, 0.5)
    x = box.x + box.width / 2 + across * spiral * np.cos(turn)
    y = box.y + box.height / 2 + down * spiral * np.sin(turn)
    way = (8 * np.column_stack([x, y])).astype(np.int32)
    pen = max(2, round(_PEN * size))
    cv2.polylines(page.rules, [way], False, 255, pen, cv2.LINE_AA, 3)


def _underline(page: _Page, box: Box) -> None:
    rng, size = page.rng, page.size
    for k in range(int(rng.integers(1, 3))):
        y = box.y + box.height + size * (rng.uniform(0.05, 0.2) + 0.18 * k)
        left, right = box.x - size * rng.uniform(0, 0.3), box.x + box.width
        end = right + size * rng.uniform(0, 0.3), y + size * rng.normal(0, 0.05)
        page.stroke((left, y), end, _PEN * size)


def _label(rng: np.random.Generator) -> str:
    word = _WORDS[int(rng.integers(len(_WORDS)))]
    parts = [word, _number(rng, 1, 4)]
    return " ".join(parts if rng.random() < 0.5 else parts[::-1])


KINDS: dict[str, _Kind] = {
    "table": _table,
    "board of a game": _board,
    "ledger": _ledger,
    "columns": _columns,
    "sums in columns": _sums,
    "list with points": _rows(lambda rng: f"{_number(rng, 1, 1)}. {_number(rng, 2, 4)}"),
    "list with brackets": _rows(lambda rng: f"{_number(rng, 1, 1)}) {_number(rng, 2, 4)}"),
    "label": _rows(_label),
    "unit": _rows(lambda rng: _UNITS[int(rng.integers(len(_UNITS)))].format(_number(rng, 1, 4))),
    "in brackets": _rows(lambda rng: f"({_number(rng, 1, 4)})"),
    "circled": _rows(lambda rng: _number(rng, 1, 2), _circle),
    "underlined": _rows(lambda rng: _number(rng, 1, 5), _underline),
}
_PRINTED = ("table", "board of a game", "ledger")  # in gray, where all else is drawn by the pen


def arranged_tasks(count: int) -> list[KindTask]:
    """Return ``count`` tasks that take all kinds of pages in turn."""
    return in_turn("arranged", KINDS, _write, count)


def _write(rng: np.random.Generator, mix: WriterMix, kind: str) -> Written:
    page = KINDS[kind](rng, mix)
    while not page.found:
        page = KINDS[kind](rng, mix)
    paper = PaperStyle.random(rng, PAPERS[int(rng.integers(len(PAPERS)))], size=page.size)
    paper = paper.readable()
    share = float(rng.uniform(*_RULED)) if kind in _PRINTED else 1.0
    ink = np.maximum(page.ink, cv2.convertScaleAbs(page.rules, alpha=share))
    return colored(photograph(ink, rng, paper), ink, rng, paper), tuple(page.found)
