"""What the reader reads in pictures of printed numbers, on all kinds of paper."""

from __future__ import annotations

import numpy as np
import pytest
from prints import draw, ink_box, overlap

from camdigits.reader import Reader
from camdigits.recognize.formats import Format


@pytest.mark.parametrize("text", ["2024", "713", "5069", "1848"])
@pytest.mark.parametrize("font", [60, 90])
def test_dark_on_light(reader: Reader, text: str, font: int) -> None:
    page = reader.read(draw([(text, 60, 60)], font=font))
    assert page.text == text
    assert (page.width, page.height, page.rotation) == (640, 240, 0)


@pytest.mark.parametrize("text", ["2024", "5069"])
def test_light_on_dark(reader: Reader, text: str) -> None:
    assert reader.read(draw([(text, 60, 60)], paper=30, pen=230)).text == text


@pytest.mark.parametrize("text", ["8", "0", "90", "3582"])
@pytest.mark.parametrize("font", [40, 90, 140])
@pytest.mark.parametrize(("paper", "pen"), [(235, 30), (30, 235)], ids=["dark", "light"])
def test_digits_that_fill_the_picture(
    reader: Reader, text: str, font: int, paper: int, pen: int
) -> None:
    wide = draw([(text, 40, 40)], (600, 240), font, paper, pen)
    x, y, width, height = ink_box(wide, paper)
    tight = wide[y - 15 : y + height + 15, x - 15 : x + width + 15]
    assert reader.read(tight).text == text


def test_under_a_shadow(reader: Reader) -> None:
    picture = draw([("2024", 60, 60)])
    shadow = np.linspace(1.0, 0.35, picture.shape[1])[None, :, None]
    assert reader.read((picture * shadow).astype(np.uint8)).text == "2024"


def test_on_ruled_lines(reader: Reader) -> None:
    picture = draw([("2024", 60, 60)])
    for top in range(30, 240, 52):
        picture[top : top + 2] = np.minimum(picture[top : top + 2], 150)
    assert reader.read(picture).text == "2024"


def test_in_color(reader: Reader) -> None:
    picture = draw([("2024", 60, 60)])
    blue = picture.copy()
    blue[..., 0] = np.maximum(picture[..., 0], 140)
    assert reader.read(blue).text == "2024"


def test_rows_in_reading_order(reader: Reader) -> None:
    page = reader.read(draw([("305", 60, 150), ("2024", 60, 20)], size=(640, 280)))
    assert page.text == "2024\n305"
    assert [string.row for string in page.strings] == [0, 1]


def test_two_numbers_beside_each_other(reader: Reader) -> None:
    page = reader.read(draw([("58", 520, 60), ("2024", 40, 60)], size=(760, 240)))
    assert page.text == "2024 58"
    assert [string.row for string in page.strings] == [0, 0]


def test_the_space_of_a_font_splits_numbers(reader: Reader) -> None:
    page = reader.read(draw([("24 35", 60, 20), ("36 48", 60, 150)], size=(640, 280)))
    assert page.text == "24 35\n36 48"


def test_operators_stand_between_numbers(reader: Reader) -> None:
    assert reader.read(draw([("12 - 5 =", 60, 60)])).text == "12 5"


def test_points_stand_inside_numbers(reader: Reader) -> None:
    assert reader.read(draw([("1.234", 60, 60)])).text == "1234"


def test_groups_of_an_expected_number_are_joined(reader: Reader) -> None:
    picture = draw([("4006", 30, 60), ("3813", 290, 60), ("33931", 550, 60)], (900, 240))
    assert reader.read(picture).text == "4006 3813 33931"
    (found,) = reader.read(picture, expected=Format.parse("ean13")).strings
    assert (found.text, found.fits, len(found.digits)) == ("4006381333931", True, 13)
    assert overlap(found.box, ink_box(picture)) > 0.9


def test_a_clear_number_of_another_format_stays_and_is_marked(reader: Reader) -> None:
    picture = draw([("73513536", 30, 60)])
    (found,) = reader.read(picture, expected=Format.parse("ean8")).strings
    assert (found.text, found.fits) == ("73513536", False)


def test_glyphs_like_letters_are_counted(reader: Reader) -> None:
    assert reader.read(draw([("2024", 60, 60)])).letters == 0
    assert reader.read(draw([("FATE", 30, 60), ("24", 400, 60)])).letters >= 2


def test_groups_of_thousands_are_one_number_alone_unless_a_format_parts_them(
    reader: Reader,
) -> None:
    groups = draw([("42", 40, 60), ("247", 190, 60)])
    assert reader.read(groups).text == "42247"
    assert reader.read(groups, expected=Format.parse("2-3")).text == "42 247"
    both = draw([("42", 40, 60), ("247", 190, 60), ("2024", 40, 200)], size=(640, 360))
    assert reader.read(both).text == "42 247\n2024"


def test_numbers_beside_words_are_read(reader: Reader) -> None:
    rows = [("TAXE", "7"), ("45", "KM"), ("WEEK", "203"), ("6", "TAXE")]
    texts = [
        (text, left, 40 + 100 * i)
        for i, row in enumerate(rows)
        for text, left in zip(row, (60, 330), strict=True)
    ]
    assert reader.read(draw(texts, (640, 440), font=60)).text.split() == ["7", "45", "203", "6"]
