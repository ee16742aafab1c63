"""Words beside numbers: letters of other words say nothing, unless letters pass for digits here."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from factories import number
from lattices import TALL, distribution, make_lattice

from camdigits.recognize.decode import best_path, make_edges
from camdigits.recognize.words import Word, doubt_among_words, words_of


def words(text: str) -> list[Word]:
    """The words of a line: digits, x for a letter, - for a mark, a blank for a wide gap."""
    boxes, rows, right = [], [], 0
    for sign in text:
        if sign == " ":
            right += 30
            continue
        boxes.append((right + 4, 0, 20, TALL))
        right += 24
        kind = {"x": "letter", "-": "mark"}.get(sign, f"d{sign}")
        rows.append(distribution(**{kind: 0.99}))
    lattice = make_lattice(len(rows) + 1, list(pairwise(range(len(rows) + 1))), boxes=boxes)
    classes = np.array(rows)
    path = best_path(make_edges(lattice, classes, 0.45 * TALL))
    return words_of(path, lattice, classes, TALL)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7 xx", [(1, 0), (0, 2)]),
        ("45xx", [(2, 2)]),
        ("xxx 12 x", [(0, 3), (2, 0), (0, 1)]),
        ("1-2", [(2, 0)]),
    ],
)
def test_words_end_at_gaps(text: str, expected: list[tuple[int, int]]) -> None:
    assert words(text) == expected


def confidences(texts: list[str], *beside: Word) -> list[float]:
    """The confidences (0.9 before) of strings on a page with words ``beside``."""
    strings = [number(text, 10, 0.9) for text in texts]
    return [s.confidence for s in doubt_among_words(strings, beside, 0.8)]


def test_labels_do_not_speak_against_numbers() -> None:
    labels = [Word(0, 5)] * 6
    assert confidences(["7", "45", "203"], *labels) == pytest.approx([0.9] * 3, abs=0.03)


def test_where_letters_pass_for_digits_short_words_may_be_such() -> None:
    one, two, three, four = confidences(["7", "45", "203", "2034"], *[Word(3, 2)] * 20)
    assert one < two < three < four == 0.9
    assert two < 0.6


def test_more_numbers_than_words_would_make_are_numbers() -> None:
    mixed = [Word(2, 2)] * 8
    (lone,) = confidences(["45"], *mixed)
    many = confidences(["45"] * 12, *mixed)
    assert lone < many[0] == pytest.approx(0.9)


def test_without_words_nothing_is_doubted() -> None:
    assert confidences(["7", "45"], Word(1, 0), Word(2, 0)) == pytest.approx([0.9, 0.9])
