"""Views of a picture: what they show, and the way back to where it was seen."""

import numpy as np
import pytest

from camdigits.preprocess.scale import shrink
from camdigits.reading import Box, Digit, DigitString, Page
from camdigits.recognize.second_look import VIEWS
from camdigits.recognize.views import View, enlarged, moved, turned_back, view_of


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_leads_back_to_where_it_was_seen(view: View) -> None:
    picture = np.full((200, 400), 255, np.uint8)
    picture[90:94, 250:254] = 0
    seen, to_picture = view_of(picture, Box(150, 40, 200, 120), view)
    rows, columns = np.nonzero(seen < 100)
    middle = np.array([columns.mean() + 0.5, rows.mean() + 0.5, 1.0])
    assert to_picture @ middle == pytest.approx([252, 92, 1], abs=0.3)
    assert seen[0, 0] == 255


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_shows_all_of_its_area(view: View) -> None:
    seen, to_picture = view_of(np.zeros((200, 400), np.uint8), Box(0, 0, 400, 200), view)
    corners = np.linalg.inv(to_picture) @ np.array(
        [[0, 400, 0, 400], [0, 0, 200, 200], [1, 1, 1, 1]]
    )
    height, width = seen.shape
    assert corners[:2].min() > -1e-6
    assert corners[0].max() < width + 1e-6
    assert corners[1].max() < height + 1e-6


def test_places_are_moved_and_stay_in_the_picture() -> None:
    digits = (Digit(1, 0.5, Box(10, 50, 10, 20)), Digit(2, 0.5, Box(20, 50, 10, 20)))
    quad = ((10, 50), (30, 50), (30, 70), (10, 70))
    string = DigitString("12", 0.5, False, 0, Box(10, 50, 20, 20), quad, digits)
    matrix = np.array([[2.0, 0, 5], [0, 1, -60], [0, 0, 1]])
    (string,) = moved([string], matrix, (60, 200))
    assert string.box == Box(25, 0, 35, 10)
    assert string.digits[1].box == Box(45, 0, 15, 10)
    assert string.quad[0] == (25, -10)
    assert string.text == "12"


@pytest.mark.parametrize("turns", range(4))
def test_a_page_is_turned_back_to_the_picture_that_was_read(turns: int) -> None:
    picture = np.zeros((40, 60), np.uint8)
    picture[4:6, 50:52] = 255
    turned = np.rot90(picture, -turns)
    rows, columns = np.nonzero(turned[::2, ::2])
    page = Page((), turned.shape[1] // 2, turned.shape[0] // 2, rotation=90 * turns)
    middle = np.array([columns.mean() + 0.5, rows.mean() + 0.5, 1.0])
    assert turned_back(page, picture.shape) @ middle == pytest.approx([51, 5, 1])


def test_a_larger_picture_shows_the_same_in_place() -> None:
    ramp = np.tile(np.arange(0, 200, 20, np.uint8), (4, 1))
    large, back = enlarged(ramp, 3)
    np.testing.assert_allclose(back, np.diag([1 / 3, 1 / 3, 1.0]))
    assert large.shape == (12, 30)
    assert (np.diff(large[:, 3:-3].astype(int), axis=1) >= 0).all()
    assert np.abs(shrink(large, 1 / 3).astype(int) - ramp)[:, 1:-1].max() <= 2
