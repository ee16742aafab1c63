"""Metrics: exact tables, and properties that hold for any reading."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camdigits.training.metrics import (
    DigitErrorRate,
    FalseDigits,
    NumbersFound,
    Strict,
    WholeString,
    edit_distance,
    exact_matches,
    find_numbers,
)

NUMBERS = st.lists(st.text("12", min_size=1, max_size=3), max_size=6)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("", "", 0),
        ("123", "", 3),
        ("", "12", 2),
        ("123", "123", 0),
        ("123", "133", 1),
        ("123", "23", 1),
        ("123", "1230", 1),
        ("12345", "54321", 4),
        ("0110", "1001", 3),
    ],
)
def test_edit_distance(a: str, b: str, expected: int) -> None:
    assert edit_distance(a, b) == expected
    assert edit_distance(b, a) == expected


@pytest.mark.parametrize(
    ("labeled", "read", "found"),
    [
        ("12 5", "12 5", "12 5"),
        ("12 5", "12", "12"),
        ("12 5", "", ""),
        ("12345", "12 345", "12345"),  # the reader's gaps are forgiven
        ("12345", "1 2 3 4 5", "12345"),
        ("12345", "12 9 345", ""),  # the run must be consecutive
        ("12 345", "12345", ""),  # a number inside a longer one does not stand
        ("12345", "345 12", ""),  # and it must be in order
        ("7 7", "7", "7"),  # each read number serves once
        ("7 7", "7 7 7", "7 7"),
        ("12 1 2", "1 2", "1 2"),  # the larger set is found, not the first number
        ("1 2 12", "1 2 1 2", "1 2 12"),
        ("12 2 1", "1 2 1", "2 1"),  # of equal sets the one of fewest read numbers
        ("1 12 2", "1 1 2 2", "1 12 2"),
        ("5 12", "12 5", "5 12"),  # out of order on the page: found all the same
        ("5 12", "1 2 5", "5 12"),
        ("0 00", "0 0 0", "0 00"),
    ],
)
def test_find_numbers(labeled: str, read: str, found: str) -> None:
    numbers = labeled.split()
    marks = find_numbers(numbers, read.split())
    assert [n for n, mark in zip(numbers, marks, strict=True) if mark] == found.split()


@given(NUMBERS, NUMBERS)
def test_found_in_order_is_at_least_the_common_subsequence(
    labeled: list[str], read: list[str]
) -> None:
    common = [[0] * (len(read) + 1) for _ in range(len(labeled) + 1)]
    for i, label in enumerate(labeled):
        for j, text in enumerate(read):
            common[i + 1][j + 1] = (
                common[i][j] + 1 if label == text else max(common[i][j + 1], common[i + 1][j])
            )
    assert common[-1][-1] <= sum(find_numbers(labeled, read)) <= len(labeled)


@given(NUMBERS, NUMBERS)
def test_found_numbers_never_need_more_digits_than_were_read(
    labeled: list[str], read: list[str]
) -> None:
    marks = find_numbers(labeled, read)
    found = "".join(number for number, mark in zip(labeled, marks, strict=True) if mark)
    for digit in "12":
        assert found.count(digit) <= "".join(read).count(digit)


@given(st.lists(st.lists(st.text("0123456789", min_size=1, max_size=3), min_size=1), max_size=5))
def test_numbers_read_in_pieces_are_all_found(pieces: list[list[str]]) -> None:
    labeled = ["".join(parts) for parts in pieces]
    assert all(find_numbers(labeled, [part for parts in pieces for part in parts]))


def test_exact_matches_use_each_number_once() -> None:
    assert exact_matches(["7", "7", "12"], ["12", "7", "5"]) == (
        [True, False, True],
        [True, True, False],
    )


def test_numbers_found_in_total_and_by_source() -> None:
    found = NumbersFound()
    found.add(["1", "2", "3", "4"], ["1", "2", "3", "9"], "long sheet")
    found.add(["12345"], ["12", "345"], "short")
    found.add(["8"], ["9"], "short")
    found.add([], ["5"], "without numbers")
    assert found.total == pytest.approx(4 / 6)
    assert found.by_source == {"long sheet": 0.75, "short": 0.5}
    assert found.mean_over_sources == pytest.approx(0.625)


def test_strict_forgives_no_gap_but_asks_no_order() -> None:
    strict = Strict()
    strict.add(["12", "345"], ["345", "1", "2"], "a")
    strict.add(["7"], ["7"], "b")
    assert strict.total == pytest.approx(2 / 3)
    assert strict.mean_over_sources == pytest.approx(0.75)


def test_whole_string() -> None:
    whole = WholeString()
    for labeled, read in [("1502", "1502"), ("1502", "152"), ("7", "")]:
        whole.add(labeled, read)
    assert whole.value == pytest.approx(1 / 3)


def test_digit_error_rate_weighs_by_digits() -> None:
    rate = DigitErrorRate()
    rate.add("1234567", "1234567")
    rate.add("123", "12399")
    assert rate.value == pytest.approx(0.2)


def test_false_digits_per_picture() -> None:
    false = FalseDigits()
    for read in ("", "17", "", "0"):
        false.add(read)
    assert false.value == pytest.approx(0.75)


@pytest.mark.parametrize(
    "value",
    [
        NumbersFound().total,
        NumbersFound().mean_over_sources,
        Strict().total,
        WholeString().value,
        DigitErrorRate().value,
        FalseDigits().value,
    ],
)
def test_nothing_measured_is_not_a_number(value: float) -> None:
    assert math.isnan(value)
