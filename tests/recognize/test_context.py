"""Context: single digits on pages of letters lose confidence, numbers hardly do."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camdigits.reading import Box, Digit, DigitString
from camdigits.recognize.context import doubt_near, in_context, shift_odds, shown

BOX = Box(5, 5, 10, 10)
SIZE = (400, 300)
QUAD = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))


def string(
    text: str,
    confidence: float,
    accepted: bool = True,
    alternatives: tuple[tuple[str, float], ...] = (),
) -> DigitString:
    digits = tuple(Digit(int(digit), confidence, BOX) for digit in text)
    return DigitString(text, confidence, accepted, 0, BOX, QUAD, digits, alternatives)


def test_without_refused_glyphs_confidences_stay() -> None:
    strings = [string("7", 0.9), string("123", 0.8)]
    assert [s.confidence for s in in_context(strings, [], 0.5, SIZE)] == [0.9, 0.8]


def test_as_many_refused_as_digits_change_nothing() -> None:
    (kept,) = in_context([string("123", 0.8)], [10.0] * 3, 0.5, SIZE)
    assert kept.confidence == 0.8


def test_a_lone_digit_among_letters_is_dropped() -> None:
    assert in_context([string("7", 0.9)], [10.0] * 60, 0.5, SIZE) == []


@pytest.mark.parametrize(
    ("height", "stays"), [(4.9, True), (5.0, False), (20.0, False), (21, True)]
)
def test_only_clutter_of_its_own_size_speaks_against_a_digit(height: float, stays: bool) -> None:
    assert bool(in_context([string("7", 0.9)], [height] * 60, 0.5, SIZE)) == stays


def test_a_long_number_among_letters_stays() -> None:
    (kept,) = in_context([string("20240", 0.98)], [10.0] * 60, 0.5, SIZE)
    assert kept.text == "20240"
    assert 0.9 < kept.confidence < 0.98


def test_the_odds_fall_by_the_ratio_of_digits_to_clutter_and_less_for_long_strings() -> None:
    one, two = in_context([string("7", 0.9999), string("42", 0.9999)], [10.0] * 15, 0.5, SIZE)
    ratio = (3 + 1) / (15 + 1)
    assert one.confidence / (1 - one.confidence) == pytest.approx(9999 * ratio, rel=1e-3)
    expected = 9999 * ratio ** (1 / math.sqrt(2))
    assert two.confidence / (1 - two.confidence) == pytest.approx(expected, rel=1e-3)


def test_short_strings_need_more_confidence_than_long_ones() -> None:
    kept = in_context([string(text, 0.28) for text in ("7", "1234")], [], 0.5, SIZE)
    assert [s.text for s in kept] == ["1234"]


def test_many_strings_in_doubt_are_clutter_themselves() -> None:
    alone = in_context([string("7", 0.8)], [], 0.5, SIZE)
    crowd = in_context([string("7", 0.8)] * 40 + [string("3", 0.2)] * 60, [], 0.5, SIZE)
    assert len(alone) == 1
    assert crowd == []


def test_a_string_with_one_doubtful_digit_is_hardly_clutter() -> None:
    sure, doubtful = Digit(7, 0.99, BOX), Digit(4, 0.2, BOX)
    long = replace(string("7747777", 0.2), digits=(sure, sure, doubtful, *4 * (sure,)))
    kept = in_context([long] * 6, [], 0.5, SIZE)
    assert [s.confidence for s in kept] == [0.2] * 6
    assert in_context([string("7747777", 0.1)] * 6, [], 0.5, SIZE) == []


@pytest.mark.parametrize("refused", [0, 10, 40])
def test_no_alternative_becomes_likelier_than_the_text(refused: int) -> None:
    strings = [string("1234", 0.9, alternatives=(("1284", 0.88), ("7234", 0.1)))]
    for kept in in_context(strings, [10.0] * refused, 0.5, SIZE):
        assert all(share <= kept.confidence for _, share in kept.alternatives)


def test_acceptance_follows_the_shifted_confidence() -> None:
    (before,) = in_context([string("123", 0.9, accepted=False)], [], 0.9, SIZE)
    (after,) = in_context([string("123", 0.97, accepted=True)], [10.0] * 126, 0.9, SIZE)
    assert (before.accepted, after.accepted) == (True, False)


def test_an_empty_page_stays_empty() -> None:
    assert in_context([], [10.0] * 12, 0.5, SIZE) == []


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(0, 500))
def test_context_never_adds_confidence_nor_reorders(lengths: list[int], refused: int) -> None:
    strings = [string("1" * length, 0.97) for length in lengths]
    kept = in_context(strings, [10.0] * refused, 0.5, SIZE)
    assert all(s.confidence <= 0.97 for s in kept)
    texts = iter([s.text for s in strings])
    assert all(s.text in texts for s in kept)


@given(st.floats(0.001, 0.999), st.floats(-5, 5))
def test_shifted_odds_shift_back(probability: float, shift: float) -> None:
    there = shift_odds(probability, shift)
    assert 0 <= there <= 1
    assert shift_odds(there, -shift) == pytest.approx(probability, rel=1e-6)
    assert (there > probability) == (shift > 0) or there == pytest.approx(probability)


@pytest.mark.parametrize("certain", [0.0, 1.0])
def test_certainty_stays(certain: float) -> None:
    assert shift_odds(certain, -3.0) == certain


def test_double_odds() -> None:
    assert shift_odds(0.5, math.log(2)) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("text", "left", "stays"), [("11", 0, False), ("11", 9, True), ("7", 0, True)]
)
def test_bare_strokes_that_leave_the_picture_are_edges(text: str, left: int, stays: bool) -> None:
    box = Box(left, 40, 30, 40)
    digits = tuple(Digit(int(digit), 0.9, box) for digit in text)
    found = DigitString(text, 0.9, True, 0, box, QUAD, digits, ())
    assert bool(in_context([found], [], 0.5, SIZE)) == stays


def test_likely_digits_beside_a_string_vouch_for_it() -> None:
    lone = string("7", 0.28)
    assert in_context([lone], [], 0.5, SIZE) == []
    kept = in_context([lone, string("250", 0.9)], [], 0.5, SIZE)
    assert [s.text for s in kept] == ["7", "250"]
    kept = in_context([lone, replace(string("250", 0.9), row=1)], [], 0.5, SIZE)
    assert [s.text for s in kept] == ["250"]


def test_a_stroke_at_the_border_is_a_one_beside_digits_alone() -> None:
    stroke = replace(string("1", 0.9), box=Box(0, 5, 4, 30))
    assert in_context([stroke], [], 0.5, SIZE) == []
    kept = in_context([stroke, string("250", 0.9)], [], 0.5, SIZE)
    assert [s.text for s in kept] == ["1", "250"]


def test_on_texture_ones_need_other_digits_somewhere() -> None:
    strokes = [string("1", 0.9), replace(string("11", 0.9), row=1)]
    assert len(in_context(strokes, [], 0.5, SIZE)) == 2
    assert in_context(strokes, [], 0.5, SIZE, textured=True) == []
    number = replace(string("250", 0.9), row=2)
    assert len(in_context([*strokes, number], [], 0.5, SIZE, textured=True)) == 3


def test_what_became_too_doubtful_is_not_shown() -> None:
    lone, number = string("0", 0.27), string("250", 0.9)
    assert shown([lone, replace(number, row=1)]) == [replace(number, row=1)]
    assert shown([lone, number]) == [lone, number]
    assert shown([string("123", 0.14), string("123", 0.16)]) == [string("123", 0.16)]


@pytest.mark.parametrize(
    ("left", "row", "line", "doubted"),
    [(36, 0, 1, True), (37, 0, 1, False), (36, 0, 0, False), (36, 1, 1, False)],
)
def test_parts_of_a_row_that_stand_close_but_on_two_lines_may_be_one_number(
    left: int, row: int, line: int, doubted: bool
) -> None:
    first = replace(string("18", 0.9), box=Box(5, 5, 19, 10))
    second = replace(string("25", 0.8), box=Box(left, 5, 19, 10), row=row)
    read = doubt_near([first, second], {first.box: 0, second.box: line}, 0.7)
    assert [s.confidence for s in read] == ([0.45, 0.4] if doubted else [0.9, 0.8])
    assert [s.accepted for s in read] == [not doubted] * 2
