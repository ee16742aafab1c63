"""Readings survive the way to JSON and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camdigits.reading import Box, Digit, DigitString, Evidence, Page

shares = st.floats(0, 1)
places = st.integers(-10_000, 10_000)
sizes = st.integers(0, 10_000)
boxes = st.builds(Box, places, places, sizes, sizes)
odds = st.floats(-20, 20)
points = st.tuples(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
values = st.integers(0, 9)
digits = st.builds(
    Digit, values, shares, boxes, st.lists(st.tuples(values, shares), max_size=3).map(tuple)
)
texts = st.text("0123456789", min_size=1, max_size=12)
strings = st.builds(
    DigitString,
    text=texts,
    confidence=shares,
    accepted=st.booleans(),
    row=st.integers(0, 99),
    box=boxes,
    quad=st.tuples(points, points, points, points),
    digits=st.lists(digits, max_size=4).map(tuple),
    alternatives=st.lists(st.tuples(texts, shares), max_size=3).map(tuple),
    fits=st.booleans(),
    evidence=st.builds(Evidence, odds, odds, odds),
)
pages = st.builds(
    Page,
    strings=st.lists(strings, max_size=4).map(tuple),
    width=sizes,
    height=sizes,
    rotation=st.sampled_from([0, 90, 180, 270]),
    timings_ms=st.dictionaries(st.text(max_size=8), st.floats(0, 1e6), max_size=4),
    letters=st.integers(0, 99),
)


@given(pages)
def test_a_page_survives_json(page: Page) -> None:
    again = Page.from_dict(json.loads(json.dumps(page.to_dict())))
    assert again == page
    assert again.text == page.text


@pytest.mark.parametrize(
    ("accepted", "fits", "label"),
    [(True, True, "12"), (False, True, "12 ?"), (True, False, "12 !"), (False, False, "12 ?!")],
)
def test_a_label_says_what_is_in_doubt(accepted: bool, fits: bool, label: str) -> None:
    box = Box(1, 2, 3, 4)
    quad = ((1.0, 2.0), (4.0, 2.0), (4.0, 6.0), (1.0, 6.0))
    assert DigitString("12", 0.9, accepted, 0, box, quad, (), fits=fits).label == label


@given(strings)
def test_a_string_survives_json_with_its_types(string: DigitString) -> None:
    again = DigitString.from_dict(json.loads(json.dumps(string.to_dict())))
    assert again == string
    assert isinstance(again.box, Box)
    assert isinstance(again.evidence, Evidence)
    assert all(isinstance(digit.box, Box) for digit in again.digits)
    assert hash(again) == hash(string)


@given(digits)
def test_a_digit_survives_json(digit: Digit) -> None:
    assert Digit.from_dict(json.loads(json.dumps(digit.to_dict()))) == digit


def example(text: str, row: int) -> DigitString:
    quad = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
    return DigitString(text, 0.9, True, row, Box(0, 0, 9, 9), quad, ())


def test_text_has_a_row_a_line_and_a_space_between_numbers() -> None:
    page = Page((example("12", 0), example("5", 0), example("007", 1)), 100, 50)
    assert page.text == "12 5\n007"
    assert [[s.text for s in row] for row in page.rows] == [["12", "5"], ["007"]]


def test_a_page_without_numbers_has_no_text() -> None:
    page = Page((), 100, 50)
    assert (page.text, page.rows) == ("", [])


def test_what_may_be_missing_has_its_default() -> None:
    data = Page((example("12", 0),), 100, 50).to_dict()
    del data["rotation"], data["timings_ms"], data["strings"][0]["alternatives"]
    assert Page.from_dict(data) == Page((example("12", 0),), 100, 50)


@pytest.mark.parametrize("missing", ["strings", "width", "height"])
def test_what_must_not_be_missing_is_named(missing: str) -> None:
    data = Page((), 100, 50).to_dict()
    del data[missing]
    with pytest.raises(KeyError, match=missing):
        Page.from_dict(data)


@pytest.mark.parametrize(
    "broken", [{"quad": [[0, 0]]}, {"box": [1, 2]}, {"digits": 3}, {"confidence": "high"}]
)
def test_other_data_are_refused(broken: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        DigitString.from_dict(example("12", 0).to_dict() | broken)
