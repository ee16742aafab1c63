"""Marks between numbers: dates, times, scores and codes fall into their parts, amounts do not."""

from __future__ import annotations

import cv2
import pytest
from prints import PEN, draw, ink_box

from camdigits.reader import Reader
from camdigits.recognize.formats import Format


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12:45", "12 45"),
        ("3:1", "3 1"),
        ("1:1", "1 1"),
        ("30/06/57", "30 06 57"),
        ("1/1/2011", "1 1 2011"),
        ("30-06-2057", "30 06 2057"),
        ("21-19", "21 19"),
        ("12.50", "1250"),
        ("1,234", "1234"),
        ("30106157", "30106157"),
        ("111000", "111000"),
    ],
)
def test_numbers_end_where_marks_part_them(reader: Reader, text: str, expected: str) -> None:
    assert reader.read(draw([(text, 60, 60)], (640, 200), font=70)).text == expected


@pytest.mark.parametrize("text", ["30/06/2057", "30-06-2057", "30.06.2057"])
def test_the_parts_of_an_expected_date_are_one(reader: Reader, text: str) -> None:
    picture = draw([(text, 60, 60)], (640, 200), font=70)
    (string,) = reader.read(picture, expected=Format.parse("ddmmyyyy")).strings
    assert string.text == "30062057"
    assert string.fits
    assert string.accepted


@pytest.mark.parametrize("text", ["7", "4", "17"])
def test_underlines_are_no_part_of_a_digit(reader: Reader, text: str) -> None:
    picture = draw([(text, 100, 60), ("305", 320, 60)], (640, 240), font=70)
    box = ink_box(picture[:, :260])
    foot = box.y + box.height + 8
    cv2.line(picture, (box.x - 14, foot), (box.x + box.width + 14, foot), (PEN,) * 3, 6)
    assert reader.read(picture).text == f"{text} 305"
