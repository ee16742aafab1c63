"""A second look: where it goes, and what is made of what it sees."""

from dataclasses import replace

import pytest
from factories import number

from camdigits.reading import Box
from camdigits.recognize.look_area import DOUBTFUL
from camdigits.recognize.second_look import (
    astray,
    seen_late,
    unanimous,
    vote,
    voted,
)


def test_looks_that_agree_make_a_string_surer() -> None:
    string = number("345", 200, 0.6)
    looks = [[number("345", 202, 0.8)]] * 4
    (settled,) = vote([string], [], looks, 0.75)
    assert settled.confidence == pytest.approx((0.76 + 1) / 2)
    assert settled.accepted
    assert settled.box == string.box


def test_most_looks_decide() -> None:
    string = number("345", 200, 0.6)
    other, low = number("346", 203, 0.7), number("346", 204, 0.4)
    (settled,) = vote([string], [], [[other], [low], [number("345", 200, 0.3)], []], 0.75)
    # 0.6 + 0.3 for the one, 0.7 + 0.4 for the other, 0.25 for nothing; 0.02 each.
    assert settled.text == "346"
    assert settled.confidence == pytest.approx((1.14 / 5 - 0.02 + 1.14 / 2.35) / 2)
    assert not settled.accepted
    assert (settled.box, settled.row) == (other.box, 3)


def test_a_string_that_most_looks_split_is_split() -> None:
    string = number("345", 200, 0.3)
    looks = [[number("5", 220, 0.6), number("34", 200, 0.7)]] * 2 + [[string]]
    assert [s.text for s in vote([string], [], looks, 0.9)] == ["34", "5"]
    wrong = number("395", 200, 0.3)
    assert [s.text for s in vote([wrong], [], looks, 0.9)] == ["34", "5"]


def test_what_other_looks_do_not_see_goes() -> None:
    assert vote([number("1", 200, 0.5)], [], [[], [number("7", 20, 0.9)], [], []], 0.9) == []
    assert vote([number("1", 200, 0.5)], [], [[number("1", 200, 0.5)], []], 0.9) != []


def test_what_most_looks_see_nothing_of_is_nothing_however_sure_one_is() -> None:
    string = number("1", 200, 0.85)
    assert vote([string], [], [[], [], [string], []], 0.9) == []
    (kept,) = vote([string], [], [[], [string], [string], []], 0.9)
    assert kept.text == "1"


def test_a_look_that_joins_neighbors_has_no_say() -> None:
    string, beside = number("345", 200, 0.5), number("67", 235, 0.9)
    joined = number("34567", 200, 0.99)
    (settled,) = vote([string], [beside], [[joined], [joined], [number("345", 200, 0.6)]], 0.9)
    assert settled.text == "345"
    assert settled.confidence == pytest.approx((0.55 + 1) / 2)


def test_two_looks_are_enough_where_they_read_all_that_is_doubtful_alike() -> None:
    sure, one, two = number("12", 10, DOUBTFUL), number("345", 100, 0.5), number("6", 250, 0.7)
    alike = [number("345", 102, 0.4), number("6", 250, 0.2)]
    assert not unanimous([sure, one, two], [alike])
    assert unanimous([sure, one, two], [alike, alike])
    assert not unanimous([sure, one, two], [alike, [number("345", 102, 0.4)]])
    assert not unanimous([sure, one, two], [alike, alike, [number("346", 100, 0.9), two]])


def test_two_looks_are_enough_where_none_sees_anything() -> None:
    assert not unanimous([], [[]])
    assert unanimous([], [[], []])
    assert not unanimous([], [[], [number("345", 102, 0.4)]])


def test_only_what_is_doubtful_is_voted_on() -> None:
    sure, doubtful = number("12", 10, DOUBTFUL), number("345", 200, 0.3)
    looks = [[number("72", 10, 0.95), number("346", 200, 0.8)]] * 3
    assert [s.text for s in voted([sure, doubtful], looks, 0.9)] == ["12", "346"]


@pytest.mark.parametrize(("joined", "texts"), [(2, ["34567"]), (1, ["345", "67"])])
def test_neighbors_that_half_of_the_looks_read_as_one_number_are_one(
    joined: int, texts: list[str]
) -> None:
    # The second is sure, and part of a longer number all the same.
    strings = [number("345", 200, 0.5), number("67", 231, DOUBTFUL)]
    as_one = [number("34567", 200, 0.8)]
    looks = [as_one] * joined + [[number("345", 200, 0.5), number("67", 231, DOUBTFUL)]] * (
        4 - joined
    )
    assert [s.text for s in voted(strings, looks, 0.9)] == texts


def test_neighbors_on_other_rows_are_no_part_of_a_number() -> None:
    # The upright box of a line that slopes holds the start of the line below.
    upper = replace(number("12345678", 20, 0.5), box=Box(20, 50, 160, 60), row=0)
    lower = replace(number("42", 20, DOUBTFUL, y=85), row=1)
    read = voted([upper, lower], [[upper, lower]] * 4, 0.9)
    assert [(s.text, s.row) for s in read] == [("12345678", 0), ("42", 1)]
    assert read[1] is lower


def test_without_looks_all_stays_apart() -> None:
    strings = [number("12", 20, 0.5), number("34", 200, 0.95)]
    assert [s.text for s in voted(strings, [], 0.9)] == ["12", "34"]


def test_numbers_that_are_parted_in_doubt_are_doubted() -> None:
    strings = [number("345", 200, 0.5), number("67", 231, 0.9)]
    joined, parted = [number("34567", 200, 0.95)], [number("345", 200, 0.95), strings[1]]
    sure = voted(strings, [parted] * 4, 0.9)
    assert all(s.accepted for s in sure)
    assert not any(s.accepted for s in voted(strings, [joined] * 2 + [parted] * 2, 0.9))


def test_a_number_is_parted_as_most_looks_that_read_it_part_it() -> None:
    whole, parts = [number("345", 200, 0.5)], [number("3", 200, 0.6), number("45", 210, 0.6)]
    for looks, texts in (
        ([whole, parts, []], ["345"]),
        ([parts, parts, whole], ["3", "45"]),
        ([parts, parts, [number("845", 200, 0.9)]], ["3", "45"]),
    ):
        assert [s.text for s in voted(whole, looks, 0.9)] == texts


def test_what_only_looks_see_stands_in_its_row() -> None:
    upper, lower = number("12", 200, 0.5, y=50), number("56", 200, 0.5, y=150)
    lower = replace(lower, row=4)
    between, beside = number("34", 200, 0.8, y=100), number("78", 20, 0.8, y=148)
    looks = [[upper, beside, lower, between]] * 3
    read = voted([upper, lower], looks, 0.9)
    assert [s.text for s in read] == ["12", "34", "78", "56"]
    rows = [s.row for s in read]
    assert rows[0] < rows[1] < rows[2] == rows[3]
    assert [s.text for s in voted([upper, lower], [*looks[:1], [upper, lower], []], 0.9)] == [
        "12",
        "56",
    ]


def test_what_was_not_seen_at_first_must_hold_against_that() -> None:
    looks = [[], [number("344", 200, 0.4)], [number("345", 200, 0.6)], [number("345", 200, 0.3)]]
    (late,) = seen_late(looks, 0.9)
    # 0.6 + 0.3 for it, 0.4 for the other, 0.25 for each of the two that see nothing; 0.02 each.
    assert late.text == "345"
    assert late.confidence == pytest.approx((0.94 / 5 - 0.02 + 0.94 / 1.9) / 2)
    assert seen_late([[], [], [number("345", 200, 0.6)], []], 0.9) == []
    assert seen_late([], 0.9) == []


def test_one_look_at_something_else_does_not_hide_what_the_others_see() -> None:
    looks = [[number("2024", 20, 0.95)]] * 3 + [[number("111111", 200, 0.7)]]
    assert [s.text for s in seen_late(looks, 0.9)] == ["2024"]


def test_single_digits_that_only_second_looks_see_may_be_anything() -> None:
    assert seen_late([[number("12", 20, 0.6)]] * 4, 0.9) != []
    assert seen_late([[number("1", 200, 0.9)]] * 4, 0.9) == []


def test_a_look_that_misses_most_of_a_page_went_astray() -> None:
    page = [number("12345", 100 * i, 0.5) for i in range(4)]
    assert astray(page, [])
    assert astray(page, page[:1])
    assert not astray(page, page[:2])
    assert not astray(page[:3], [])


@pytest.mark.parametrize(("text", "stays"), [("2024", True), ("202", False)])
def test_a_long_string_stays_doubtful_though_most_looks_see_nothing(text: str, stays: bool) -> None:
    seen = number(text, 20, 0.4)
    read = voted([seen], [[seen], [], [], []], 0.9)
    assert [s.text for s in read] == [text] * stays
    assert not any(s.accepted for s in read)
