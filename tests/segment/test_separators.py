"""Separators: two dots between glyphs are a colon, a flat line at their middle is a hyphen."""

from __future__ import annotations

import numpy as np
import pytest

from camdigits.segment.separators import MOST, find_colons, find_hyphens

TALL = 40
LEFT, RIGHT = (0, 0, 24, TALL), (60, 0, 24, TALL)  # two digits, and 36 pixels between them
UPPER, LOWER = (40, 12, 4, 4), (40, 30, 4, 4)
LINE = (33, 18, 18, 5)


def colons(*boxes: tuple[int, int, int, int], stroke: float = 0) -> list[list[int]]:
    ink = np.array(boxes)
    return find_colons(ink, ink[:, 2] * ink[:, 3], TALL, stroke).tolist()


def hyphens(*boxes: tuple[int, int, int, int]) -> list[int]:
    return find_hyphens(np.array(boxes), TALL).tolist()


def test_two_dots_between_digits_are_a_colon() -> None:
    assert colons(LEFT, LOWER, UPPER, RIGHT) == [[2, 1]]


def test_dots_of_a_slanted_hand_are_a_colon() -> None:
    assert colons(LEFT, (46, 12, 4, 4), LOWER, RIGHT) == [[1, 2]]


@pytest.mark.parametrize(
    "others",
    [
        (LEFT, UPPER, RIGHT),
        (UPPER, LOWER, RIGHT),
        (LEFT, UPPER, LOWER),
        (LEFT, UPPER, (40, 18, 4, 4), RIGHT),
        (LEFT, UPPER, (56, 30, 4, 4), RIGHT),
        (LEFT, UPPER, (38, 28, 9, 9), RIGHT),
        (LEFT, UPPER, LOWER, (48, 22, 3, 3), RIGHT),
        (LEFT, UPPER, LOWER, (100, 0, 24, TALL)),
        (LEFT, (40, -12, 4, 4), (40, 4, 4, 4), RIGHT),
    ],
    ids=[
        "one dot",
        "before a number",
        "behind a number",
        "too near each other",
        "far beside each other",
        "of two sizes",
        "one of three specks",
        "the next digit is far away",
        "above the digits",
    ],
)
def test_other_dots_are_none(others: tuple[tuple[int, int, int, int], ...]) -> None:
    assert not colons(*others)


def test_what_is_smaller_than_dots_is_none() -> None:
    assert not colons(LEFT, UPPER, LOWER, RIGHT, stroke=11)


def test_specks_all_over_the_page_are_texture() -> None:
    specks = [(200 + 30 * i, 300, 4, 4) for i in range(MOST)]
    assert not colons(LEFT, UPPER, LOWER, RIGHT, *specks)


def test_a_flat_line_between_digits_is_a_hyphen() -> None:
    assert hyphens(LEFT, LINE, RIGHT) == [1]


@pytest.mark.parametrize(
    "others",
    [
        (LINE, RIGHT),
        (LEFT, LINE),
        (LEFT, (33, 2, 18, 5), RIGHT),
        (LEFT, (33, 36, 18, 5), RIGHT),
        (LEFT, (38, 16, 8, 6), RIGHT),
        (LEFT, (27, 18, 34, 5), (64, 0, 24, TALL)),
        (LEFT, LINE, (33, 30, 18, 5), RIGHT),
        (LEFT, (40, 18, 28, 5), RIGHT),
    ],
    ids=[
        "before a number",
        "behind a number",
        "at the head",
        "at the foot",
        "a blot",
        "too long",
        "an equals sign",
        "the bar of a digit",
    ],
)
def test_other_lines_are_none(others: tuple[tuple[int, int, int, int], ...]) -> None:
    assert not hyphens(*others)


def test_no_ink_has_neither() -> None:
    none = np.zeros((0, 4), np.int64)
    assert len(find_colons(none, np.zeros(0), TALL)) == len(find_hyphens(none, TALL)) == 0
