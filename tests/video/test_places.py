"""Where strings went: common shifts, matching, order of reading; and groups kept as they were."""

from __future__ import annotations

import pytest
from sightings import number, seen

from camdigits.reading import Box
from camdigits.video.places import (
    Place,
    at_border,
    common_shift,
    in_the_way,
    match,
    reading_order,
)
from camdigits.video.regroup import regroup


def place(text: str, x: int, y: int) -> Place:
    return Place(text, number(text, x, y).box)


@pytest.mark.parametrize(
    ("before", "now", "shift"),
    [
        ([], [], (0, 0)),
        ([place("12", 10, 10)], [place("77", 90, 10)], (0, 0)),
        ([place("12", 10, 10)], [place("12", 310, 60)], (300, 50)),
        # one of three was misread, one is elsewhere by chance
        (
            [place("123", 10, 10), place("45", 10, 90), place("9", 300, 10)],
            [place("128", 60, 40), place("45", 60, 120), place("9", 10, 10)],
            (50, 30),
        ),
        # equal numbers one below the other: the smallest shift that explains most
        (
            [place("5", 10, y) for y in (0, 60, 120, 180)],
            [place("5", 12, y) for y in (3, 63, 123, 183)],
            (2, 3),
        ),
    ],
)
def test_common_shift(before: list[Place], now: list[Place], shift: tuple[float, float]) -> None:
    assert common_shift(before, now) == pytest.approx(shift, abs=0.01)


def test_a_page_of_equal_numbers_is_bounded_work() -> None:
    column = [place("5", 40 * (i % 20), 60 * (i // 20)) for i in range(200)]
    assert common_shift(column, column) == (0.0, 0.0)


def test_each_is_matched_once_the_equal_text_first() -> None:
    before = [place("12", 100, 100), place("34", 200, 100)]
    now = [place("34", 195, 103), place("72", 104, 98), place("34", 400, 100)]
    assert match(before, now) == {0: 1, 1: 0}


def test_strings_of_other_height_or_place_are_others() -> None:
    before = [place("12", 100, 100)]
    assert match(before, [Place("12", number("12", 100, 100, height=90).box)]) == {}
    assert match(before, [place("12", 100, 180)]) == {}


def test_two_strings_cannot_be_in_one_place() -> None:
    assert in_the_way(Box(0, 0, 100, 40), Box(10, 5, 30, 30))
    assert not in_the_way(Box(0, 0, 100, 40), Box(90, 30, 60, 40))


def test_border() -> None:
    assert not at_border(Box(10, 10, 50, 40), (640, 480))
    assert at_border(Box(2, 10, 50, 40), (640, 480))
    assert at_border(Box(588, 10, 50, 40), (640, 480))
    assert at_border(Box(300, 440, 50, 40), (640, 480))


def test_reading_order_follows_rows() -> None:
    boxes = [Box(300, 12, 50, 40), Box(10, 100, 50, 40), Box(10, 0, 50, 40), Box(200, 110, 9, 30)]
    assert reading_order(boxes) == [2, 0, 1, 3]
    assert reading_order([]) == []


def test_numbers_read_as_one_are_told_apart_as_before() -> None:
    known = [place("93", 100, 100), place("17", 156, 100)]
    parts = regroup(known, [seen("9317", 100, 100)])
    assert [(p.string.text, p.string.box) for p in parts] == [
        ("93", number("93", 100, 100).box),
        ("17", number("17", 156, 100).box),
    ]
    assert [len(p.weights) for p in parts] == [2, 2]
    assert all(p.regrouped for p in parts)


def test_a_number_read_in_two_is_joined_as_before() -> None:
    (whole,) = regroup([place("9317", 100, 100)], [seen("17", 156, 100), seen("93", 100, 100)])
    assert whole.string.text == "9317"
    assert whole.string.box == number("9317", 100, 100).box
    assert len(whole.weights) == len(whole.string.digits) == 4
    assert whole.regrouped


@pytest.mark.parametrize(
    ("known", "now"),
    [
        ([("93", 100)], [("9317", 100)]),  # the rest is new: perhaps written just now
        ([("93", 100), ("17", 156)], [("9317", 400)]),  # elsewhere
        ([("93", 100), ("18", 156)], [("9317", 100)]),  # other digits
        ([("9317", 100)], [("93", 100)]),  # a part only
        ([("93", 100), ("17", 156), ("9317", 300)], [("9317", 300)]),  # known as it is
    ],
)
def test_nothing_is_regrouped_without_exact_agreement(
    known: list[tuple[str, int]], now: list[tuple[str, int]]
) -> None:
    sightings = [seen(text, x, 100) for text, x in now]
    assert regroup([place(text, x, 100) for text, x in known], sightings) == sightings
