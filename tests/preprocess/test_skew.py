"""How far a picture lies askew, by its long straight lines."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures import draw_number

from camdigits.preprocess.skew import MOST, find_skew
from camdigits.recognize.views import turned


def ruled(degrees: float, rules: int = 5) -> np.ndarray:
    """Return a sheet, uint8 (400, 600), whose ``rules`` run down to the right by ``degrees``."""
    sheet = np.full((400, 600), 230, np.uint8)
    for y in np.linspace(120, 280, rules):
        cv2.line(sheet, (60, round(y)), (540, round(y)), 120, 2, cv2.LINE_AA)
    return turned(sheet, -degrees)[0]


@given(st.floats(-MOST + 1, MOST - 1))
def test_rules_tell_the_skew_of_a_sheet(degrees: float) -> None:
    assert find_skew(ruled(degrees)) == pytest.approx(degrees, abs=0.5)


@pytest.mark.parametrize("degrees", [-25.0, 25.0])
def test_steep_lines_are_no_rules_askew(degrees: float) -> None:
    assert find_skew(ruled(degrees)) == 0


def test_lines_that_disagree_tell_nothing() -> None:
    sheet = np.full((400, 600), 230, np.uint8)
    for place, slope in enumerate((-120, -60, 0, 60, 120)):
        y = 80 + 60 * place
        cv2.line(sheet, (60, y - slope // 2), (540, y + slope // 2), 120, 2, cv2.LINE_AA)
    assert find_skew(sheet) == 0


def test_strokes_of_digits_are_no_lines() -> None:
    number = draw_number("2747").max(axis=2)
    askew = turned(number, 8)[0]
    page = np.full((1000, 1400), 245, np.uint8)
    page[300 : 300 + askew.shape[0], 400 : 400 + askew.shape[1]] = askew
    assert find_skew(page) == 0


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 255))
def test_the_smallest_pictures_are_no_trouble(rows: int, columns: int, seed: int) -> None:
    picture = np.random.default_rng(seed).integers(0, 256, (rows, columns), np.uint8)
    assert abs(find_skew(picture)) <= MOST
