"""Slashes: told from ones by their lean, their height, each other, and by the dates they part."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from lattices import TALL, distribution, make_lattice

from camdigits.recognize.decode import best_path, make_edges
from camdigits.recognize.slashes import doubt_slashes, numbers_between_slashes
from camdigits.segment.lattice import Lattice

SMALL = 12.0
UPRIGHT, SLASH, ODD = "1", "/", "|"  # ODD leans a little
LEANS = {UPRIGHT: 0, SLASH: 6, ODD: 3}  # pixels of 28 to either side
MARK = {UPRIGHT: 0.01, SLASH: 0.7, ODD: 0.1}


def bar(lean: int) -> np.ndarray:
    glyph = np.zeros((28, 28), np.float32)
    cv2.line(glyph, (14 - lean, 24), (14 + lean, 4), 1.0, 3)
    return glyph[..., None]


def line(text: str) -> tuple[Lattice, np.ndarray]:
    """Return the lattice of a line of one hypothesis a sign, and what each may be."""
    boxes, rows, glyphs = [], [], []
    for i, sign in enumerate(text):
        tall = round(1.25 * TALL) if sign == SLASH else TALL
        boxes.append((30 * i, TALL - tall, 24, tall))
        if sign in LEANS:
            glyphs.append(bar(LEANS[sign]))
            rows.append(distribution(d1=0.97 - MARK[sign], mark=MARK[sign]))
        else:
            glyphs.append(np.ones((28, 28, 1), np.float32))
            rows.append(distribution(**{f"d{sign}": 0.99}))
    spans = [(i, i + 1) for i in range(len(text))]
    lattice = make_lattice(len(text) + 1, spans, boxes=boxes)
    return replace(lattice, glyphs=np.stack(glyphs)), np.stack(rows)


def read(*texts: str) -> list[list[str]]:
    lattices, rows = zip(*map(line, texts), strict=True)
    edges = [make_edges(own, p, SMALL) for own, p in zip(lattices, rows, strict=True)]
    paths = [best_path(own) for own in edges]
    _, after, numbers = numbers_between_slashes(edges, paths, list(lattices), list(rows), TALL)
    assert len(after) == len(texts)
    return [
        ["".join(str(step.digit) for step in number.digits) for number in own] for own in numbers
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("23/5", ["23", "5"]),
        ("30/06/57", ["30", "06", "57"]),
        ("2024/12/31", ["2024", "12", "31"]),
    ],
)
def test_numbers_end_at_slashes(text: str, expected: list[str]) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize("text", ["2315", "30106157", "11", "1", "111111"])
def test_upright_ones_stay(text: str) -> None:
    assert read(text) == [[text]]


def test_strokes_at_either_end_are_no_slashes() -> None:
    assert read("/23/") == [["1231"]]


def test_as_the_ones_of_a_hand_lean_so_lean_no_slashes() -> None:
    assert read("/2/35") == [["12135"]]


def test_a_pair_that_parts_a_date_needs_to_lean_less() -> None:
    assert read("30|06|57") == [["30", "06", "57"]]
    assert read("30|46|57") == [["30146157"]]  # no month
    assert read("30|06|577") == [["301061577"]]  # no year


def test_a_page_of_slashes_vouches_for_one_that_leans_less() -> None:
    assert read("23|5") == [["2315"]]
    assert read("23|5", *8 * ["2/5"])[0] == ["23", "5"]


def test_without_candidates_nothing_changes() -> None:
    lattice, rows = line("2345")
    edges = [make_edges(lattice, rows, SMALL)]
    assert doubt_slashes(edges, [lattice], [[]]) is edges
