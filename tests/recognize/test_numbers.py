"""Where numbers end: at operators, letters and gaps that are wide among the page's own."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lattices import TALL, distribution, make_lattice

from camdigits.recognize.decode import best_path, make_edges
from camdigits.recognize.gaps import SURE_SPLIT
from camdigits.recognize.model import LABELS
from camdigits.recognize.numbers import BLURRED, BY_ITEM, Number, split_numbers

WIDTH = 24
Glyph = tuple[str, float]  # what it is, and the gap before it in glyph heights

POINT, BLOT, COMMA, DASH, PLUS, LETTER, DOUBTED = ".", "*", ",", "-", "+", "x", "o"
SIZES = {
    POINT: (6, 34, 6),
    BLOT: (12, 33, 8),
    COMMA: (8, 32, 16),
    DASH: (22, 18, 5),
    PLUS: (20, 28, 20),
    LETTER: (WIDTH, 0, TALL),
}


def numbers_of(
    *lines: list[Glyph],
    height: float = TALL,
    alone: bool = True,
    walls: tuple[float, ...] = (),
) -> list[list[Number]]:
    """The numbers of lines of glyphs, decoded from clear probabilities; ``height`` is that which
    the lines are scaled to, ``alone`` whether they are all of a page, ``walls`` are the columns
    between a table's cells."""
    paths, lattices, classes = [], [], []
    for line in lines:
        boxes, rows, right = [], [], 0.0
        for sign, gap in line:
            width, top, tall = SIZES.get(sign, (WIDTH, 0, TALL))
            boxes.append((round(right + gap * TALL), top, width, tall))
            right = boxes[-1][0] + width
            if sign == DOUBTED:
                rows.append(distribution(d0=0.6, scrap=0.4))
            elif sign.isdigit():
                rows.append(distribution(**{f"d{sign}": 0.99}))
            else:
                rows.append(distribution(**{"letter" if sign == LETTER else "mark": 1.0}))
        spans = list(pairwise(range(len(line) + 1)))
        lattice = replace(make_lattice(len(line) + 1, spans, boxes=boxes), walls=walls)
        probabilities = np.array(rows).reshape(-1, len(LABELS))
        paths.append(best_path(make_edges(lattice, probabilities, 0.45 * TALL)))
        lattices.append(lattice)
        classes.append(probabilities)
    return split_numbers(paths, lattices, classes, height, alone)


def texts(*lines: list[Glyph], height: float = TALL, alone: bool = True) -> list[list[str]]:
    return [
        ["".join(str(step.digit) for step in number.digits) for number in line]
        for line in numbers_of(*lines, height=height, alone=alone)
    ]


def spaced(text: str, gap: float = 0.2) -> list[Glyph]:
    """Glyphs with even gaps; a blank widens the next one to 1.6 heights."""
    found: list[Glyph] = []
    wide = False
    for sign in text:
        if sign == " ":
            wide = True
            continue
        found.append((sign, 1.6 if wide else gap))
        wide = False
    return found


def grouped(*groups: str, gap: float) -> list[Glyph]:
    """Groups of digits, each with such a gap (heights) before it."""
    return [(sign, 0.1 if i else gap) for group in groups for i, sign in enumerate(group)]


@pytest.mark.parametrize("groups", [("12", "549"), ("1", "900"), ("1", "250", "000")])
def test_thousands_stay_together_where_the_point_is_missing(groups: tuple[str, ...]) -> None:
    assert texts(grouped(*groups, gap=0.8)) == [["".join(groups)]]
    (numbers,) = numbers_of(grouped(*groups, gap=0.8))
    assert numbers[0].apart > 0.99
    # An operator ends the number as ever.
    assert texts([*grouped(*groups, gap=0.8), (DASH, 0.5)]) == [["".join(groups)]]


@pytest.mark.parametrize(
    "groups", [("12", "54"), ("12", "5490"), ("1234", "567"), ("1", "25", "000")]
)
def test_other_groups_are_numbers_of_their_own(groups: tuple[str, ...]) -> None:
    assert texts(grouped(*groups, gap=0.8)) == [list(groups)]


def test_groups_of_three_are_numbers_where_gaps_are_wide_or_other_numbers_stand_around() -> None:
    assert texts(grouped("12", "549", gap=1.2)) == [["12", "549"]]
    assert texts(grouped("12", "549", gap=0.8), grouped("45", gap=0.0)) == [["12", "549"], ["45"]]
    assert texts([*grouped("12", "549", gap=0.8), (PLUS, 0.5), ("7", 0.5)]) == [["12", "549", "7"]]


def test_thousands_are_groups_where_other_numbers_stand_around_what_is_looked_at() -> None:
    line = grouped("12", "549", gap=0.8)
    assert texts(line, alone=False) == [["12", "549"]]


def test_even_gaps_make_one_number() -> None:
    assert texts(spaced("2024")) == [["2024"]]


def test_wide_digits_on_an_evenly_spaced_page_stay_one_number() -> None:
    assert texts(spaced("20245", gap=1.5)) == [["20245"]]


def test_a_wide_gap_splits() -> None:
    assert texts(spaced("123 456")) == [["123", "456"]]


@pytest.mark.parametrize("gap", [SURE_SPLIT - 0.5, SURE_SPLIT - 0.05, SURE_SPLIT + 0.05, 2.0])
def test_a_gap_near_the_border_makes_both_its_sides_doubtful(gap: float) -> None:
    (numbers,) = numbers_of([("1", 0), ("2", gap)])
    assert len(numbers) == 1 + (gap > SURE_SPLIT)
    away = abs(round(gap * TALL) / TALL - SURE_SPLIT) / BLURRED
    assert [n.apart for n in numbers] == pytest.approx([1 / (1 + math.exp(-away))] * len(numbers))


def test_the_border_is_shared_by_the_page() -> None:
    # Alone, the second line has one gap and nothing to compare it with.
    assert texts(spaced("123 456 78"), [("4", 0.0), ("2", 1.2)]) == [
        ["123", "456", "78"],
        ["4", "2"],
    ]


def test_what_is_hardly_digits_does_not_move_the_border_of_what_is() -> None:
    scraps = spaced(12 * DOUBTED, gap=0.1)
    assert texts(spaced("1247", gap=0.9)) == [["1247"]]
    assert texts(spaced("1247", gap=0.9), scraps) == [["1247"], ["0" * 12]]
    assert texts(spaced("1247", gap=0.9), spaced("000000000000", gap=0.1))[0] == list("1247")


@pytest.mark.parametrize(("gap", "expected"), [(1.2, ["42"]), (1.4, ["4", "2"])])
def test_a_gap_is_the_paper_between_two_digits(gap: float, expected: list[str]) -> None:
    assert texts([("4", 0.0), ("2", gap)]) == [expected]


@pytest.mark.parametrize("operator", [DASH, LETTER])
def test_operators_and_letters_split(operator: str) -> None:
    assert texts(spaced(f"12{operator}5")) == [["12", "5"]]


@pytest.mark.parametrize("sign", [POINT, BLOT, COMMA])
def test_points_and_commas_do_not_split(sign: str) -> None:
    assert texts(spaced(f"1{sign}234")) == [["1234"]]


@pytest.mark.parametrize("height", [TALL, 2 * TALL])
def test_a_low_plus_between_digits_splits_however_the_line_is_scaled(height: float) -> None:
    assert texts(spaced("1+2"), height=height) == [["1", "2"]]


def test_the_gap_around_a_point_is_measured_from_the_point() -> None:
    assert texts([("1", 0.0), ("2", 0.1), (POINT, 0.3), ("3", 0.3), ("4", 0.1)]) == [["1234"]]


def test_marks_at_the_ends_are_left_out() -> None:
    ((number,),) = numbers_of(spaced("-12-"))
    assert (number.first, number.last) == (1, 3)
    assert len(number.steps) == 2


def test_a_point_within_belongs_to_the_number() -> None:
    ((number,),) = numbers_of(spaced("1.2"))
    assert [step.digit for step in number.steps] == [1, None, 2]
    assert [step.digit for step in number.digits] == [1, 2]


def test_letters_next_to_a_digit_are_counted() -> None:
    ((alone,), (beside,)) = numbers_of(spaced("7"), spaced("x7x"))
    assert (alone.letters, beside.letters) == (0, 2)


def test_marks_alone_make_no_number() -> None:
    assert numbers_of(spaced("-.-"), []) == [[], []]


def test_a_wall_splits_however_close_the_digits_are() -> None:
    digits = spaced("1234")
    (numbers,) = numbers_of(digits, walls=(2 * WIDTH + 20,))
    assert ["".join(str(s.digit) for s in n.digits) for n in numbers] == ["12", "34"]
    # No gap of the page is measured across a wall.
    far = [*spaced("12", 0.1), ("3", 1.0), ("4", 0.1)]
    (split,) = numbers_of(far, walls=(2 * WIDTH + 20,))
    assert [len(number.digits) for number in split] == [2, 2]


def item(number: str, text: str, before: float = 0.1, behind: float = 0.9) -> list[Glyph]:
    """An item's number with its point, and what it says."""
    return [*spaced(number), (POINT, before), *spaced_from(text, behind)]


def spaced_from(text: str, gap: float) -> list[Glyph]:
    first, *rest = text
    return [(first, gap), *((sign, 0.2) for sign in rest)]


def test_items_of_a_list_end_at_their_points() -> None:
    lines = [item("1", "9607"), item("2", "48"), item("10", "733")]
    assert texts(*lines) == [["1", "9607"], ["2", "48"], ["10", "733"]]
    assert all(n.apart > 0.99 for line in numbers_of(*lines) for n in line)


def test_a_single_item_is_no_list_unless_others_stand_around_what_is_looked_at() -> None:
    near = item("4", "96", behind=0.6)
    assert texts(near) == [["496"]]
    assert texts(near, alone=False) == [["4", "96"]]


@pytest.mark.parametrize("gap", [0.1, 0.3])
def test_points_amid_their_gaps_part_no_numbers_however_wide_they_are(gap: float) -> None:
    lines = 3 * [item("12", "50", gap, gap + 0.1)]
    assert texts(*lines) == 3 * [["1250"]]


def test_points_of_items_tell_nothing_of_other_gaps() -> None:
    wide = [("1", 0.0), ("2", 0.5), ("3", 0.5)]
    lines = [item("1", "9607"), item("2", "48"), item("3", "733"), wide]
    assert texts(*lines)[-1] == ["123"]


@pytest.mark.parametrize("off", [-0.05, 0.05])
def test_points_end_an_item_from_a_border_on(off: float) -> None:
    lines = 2 * [item("1", "9607", 0.1, 0.1 + BY_ITEM + off)]
    found = numbers_of(*lines, alone=False)[0]
    assert len(found) == 1 + (off > 0)


@given(st.text("0123456789.-x ", max_size=12))
def test_no_digit_is_lost_and_none_moved(text: str) -> None:
    line = spaced(text)
    (numbers,) = numbers_of(line)
    digits = [str(step.digit) for number in numbers for step in number.digits]
    assert "".join(digits) == "".join(sign for sign in text if sign.isdigit())
    for number, following in pairwise(numbers):
        assert number.last <= following.first


def test_a_number_ends_at_a_mark_in_two_parts() -> None:
    """A colon low enough to pass for a comma."""
    boxes = [(0, 0, WIDTH, TALL), (30, 24, 6, 16), (44, 0, WIDTH, TALL)]
    rows = [distribution(d4=0.99), distribution(mark=1.0), distribution(d7=0.99)]
    lattice = make_lattice(4, list(pairwise(range(4))), boxes=boxes)

    def numbers(*inked: slice) -> int:
        for part in inked:
            lattice.glyphs[1, part] = 1.0
        path = best_path(make_edges(lattice, np.stack(rows), small=12.0))
        return len(split_numbers([path], [lattice], [np.stack(rows)], TALL)[0])

    assert numbers(np.s_[4:10]) == 1
    assert numbers(np.s_[16:22]) == 2
