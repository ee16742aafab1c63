"""The overlay: what it draws, where, and that it never leaves the picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camdigits.overlay import draw_page
from camdigits.reading import Box, DigitString, Page

GREEN, RED = 1, 2  # channels of BGR


def string(box: Box, text: str = "123", confidence: float = 1.0, accepted: bool = True):
    x, y, w, h = box
    quad = ((x, y), (x + w, y), (x + w, y + h), (x, y + h))
    return DigitString(text, confidence, accepted, 0, box, quad, ())


def draw(canvas: np.ndarray, *strings: DigitString) -> np.ndarray:
    return draw_page(canvas, Page(strings, canvas.shape[1], canvas.shape[0]))


def changed(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return (before != after).any(axis=2)


@pytest.fixture(params=[0, 128, 255], ids=["black", "gray", "white"])
def canvas(request: pytest.FixtureRequest) -> np.ndarray:
    return np.full((400, 600, 3), request.param, np.uint8)


def test_nothing_read_changes_nothing(canvas: np.ndarray) -> None:
    drawn = draw(canvas)
    np.testing.assert_array_equal(drawn, canvas)
    assert drawn is not canvas


def test_the_text_stands_above_and_the_writing_stays_clear(canvas: np.ndarray) -> None:
    untouched = canvas.copy()
    marks = changed(canvas, draw(canvas, string(Box(200, 200, 100, 50))))
    assert marks[100:195].any()
    assert not marks[255:].any()
    assert not marks[206:244, 206:294].any()
    np.testing.assert_array_equal(canvas, untouched)


def test_the_text_stands_below_where_there_is_no_room_above(canvas: np.ndarray) -> None:
    marks = changed(canvas, draw(canvas, string(Box(200, 4, 100, 50))))
    assert marks[60:120].any()


def test_the_text_is_white_on_a_plate_of_color(canvas: np.ndarray) -> None:
    drawn = draw(canvas, string(Box(200, 200, 100, 50)))[:195]
    plate = (drawn == (50, 130, 0)).all(axis=2)
    rows, columns = np.nonzero(plate)
    inside = drawn[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    letters = inside.min(axis=2) > 150
    assert 0.05 < letters.mean() < 0.5
    assert plate.sum() > letters.sum()


def test_color_tells_accepted_and_confidence() -> None:
    canvas = np.zeros((100, 100, 3), np.uint8)
    box = Box(20, 50, 60, 40)

    def color(confidence: float, accepted: bool) -> np.ndarray:
        drawn = draw(canvas, string(box, "1", confidence, accepted))
        return drawn[box.y + box.height, 50].astype(int)

    accepted, likely, unlikely = color(0.99, True), color(0.9, False), color(0.1, False)
    assert accepted[GREEN] > 2 * accepted[RED]
    assert likely[RED] > likely[GREEN] > unlikely[GREEN]
    assert unlikely[RED] > 3 * unlikely[GREEN]


def test_what_is_not_accepted_is_marked() -> None:
    canvas = np.zeros((400, 600, 3), np.uint8)
    box = Box(200, 200, 100, 50)
    sure = changed(canvas, draw(canvas, string(box)))[:190].any(axis=0)
    doubtful = changed(canvas, draw(canvas, string(box, accepted=False)))[:190].any(axis=0)
    assert np.count_nonzero(doubtful) > np.count_nonzero(sure)


def test_drawing_grows_with_the_picture() -> None:
    areas = []
    for scale in (1, 4):
        canvas = np.zeros((300 * scale, 400 * scale, 3), np.uint8)
        box = Box(100 * scale, 150 * scale, 80 * scale, 40 * scale)
        areas.append(changed(canvas, draw(canvas, string(box))).mean())
    assert areas[1] == pytest.approx(areas[0], rel=0.5)


def test_gray_pictures_become_color() -> None:
    drawn = draw_page(np.zeros((80, 80), np.uint8), Page((string(Box(10, 40, 40, 20)),), 80, 80))
    assert drawn.shape == (80, 80, 3)
    assert drawn.any()


@settings(max_examples=50)
@given(
    size=st.tuples(st.integers(1, 300), st.integers(1, 300)),
    box=st.builds(
        Box, st.integers(-50, 300), st.integers(-50, 300), st.integers(1, 300), st.integers(1, 300)
    ),
    text=st.text("0123456789", min_size=1, max_size=40),
)
def test_any_place_and_length_is_drawn(size: tuple[int, int], box: Box, text: str) -> None:
    canvas = np.zeros((*size, 3), np.uint8)
    drawn = draw(canvas, string(box, text))
    assert drawn.shape == canvas.shape
    assert drawn.any()
