"""How a picture is blurred, by the edges of its ink."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from factories import on_paper, pen_row
from hypothesis import given
from hypothesis import strategies as st

from camdigits.preprocess.blur import BLURRED, SIDE, around, find_blur
from camdigits.training.paper import moved

INK = pen_row("2742", 90, stroke=9)
SHARPEST = 0.83  # of a picture's edges: how soft they seem in the mean of all


def between(degrees: float, other: float) -> float:
    """Return by how many degrees two ways, each there and back, lie apart."""
    return abs((degrees - other + 90) % 180 - 90)


@pytest.mark.parametrize("deviation", [2.0, 3.0])
def test_the_softness_of_edges_tells_how_far_out_of_focus_a_picture_is(deviation: float) -> None:
    blur = find_blur(cv2.GaussianBlur(on_paper(INK), (0, 0), deviation), INK)
    assert blur is not None
    assert blur.along == pytest.approx(SHARPEST * deviation, rel=0.25)
    assert blur.across > 0.75 * blur.along
    assert blur.length == 0


@pytest.mark.parametrize(("deviations", "degrees"), [((3.0, 0.9), 0), ((0.9, 3.0), 90)])
def test_the_way_of_a_hand_is_told(deviations: tuple[float, float], degrees: float) -> None:
    across, down = deviations
    blur = find_blur(cv2.GaussianBlur(on_paper(INK), (0, 0), across, sigmaY=down), INK)
    assert blur is not None
    assert between(blur.degrees, degrees) < 10
    assert blur.along > BLURRED > blur.across


@pytest.mark.parametrize("length", [9, 15])
@pytest.mark.parametrize("degrees", [0, 30, 90, 135])
def test_the_length_and_the_way_of_a_movement_are_told(length: int, degrees: float) -> None:
    ink = pen_row("2742", 90, stroke=5)
    blur = find_blur(moved(on_paper(ink), length // 2, np.radians(degrees)), ink)
    assert blur is not None
    assert blur.length == pytest.approx(length, rel=0.35)  # strokes tell it as well
    assert between(blur.degrees, degrees) < 20


def test_pictures_in_focus_and_without_ink_are_left_alone() -> None:
    assert find_blur(on_paper(INK), INK) is None
    assert find_blur(cv2.GaussianBlur(on_paper(INK), (0, 0), 0.9), INK) is None
    assert find_blur(on_paper(INK), np.zeros_like(INK)) is None


@pytest.mark.parametrize("seed", range(3))
def test_noise_over_a_blur_is_no_movement(seed: int) -> None:
    ink = pen_row("1111", 90, stroke=9)
    picture = cv2.GaussianBlur(on_paper(ink, 200, 120), (0, 0), 2).astype(np.float32)
    noisy = picture + np.random.default_rng(seed).normal(0, 5, picture.shape)
    blur = find_blur(np.clip(noisy, 0, 255).astype(np.uint8), ink)
    assert blur is not None
    assert blur.length == 0


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 255))
def test_small_pictures_are_no_trouble(rows: int, columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    picture = rng.integers(0, 256, (rows, columns), np.uint8)
    ink = np.where(rng.random((rows, columns)) < 0.5, 255, 0).astype(np.uint8)
    blur = find_blur(picture, ink)
    assert blur is None or np.isfinite(blur).all()
    assert blur is None or max(rows, columns) > 9  # too few edges tell


def test_what_is_around_ink_goes_no_further_than_the_picture() -> None:
    ink = np.zeros((50, 60), np.uint8)
    ink[10:20, 55:58] = 255
    assert ink[around(ink, 12)].shape == (34, 17)
    assert ink[around(ink, 100)].shape == (50, 60)
    assert ink[around(ink, 0)].all()


def test_of_much_ink_the_densest_part_is_looked_at() -> None:
    ink = np.zeros((1200, 2000), np.uint8)
    ink[100, 100] = ink[1100, 100] = 255
    ink[700:760, 1500:1700] = 255
    rows, columns = around(ink, 10)
    assert ink[rows, columns].shape == (SIDE, SIDE)
    assert cv2.countNonZero(ink[rows, columns]) == 60 * 200
    assert not ink[rows, columns][:10].any()
    assert not ink[rows, columns][-10:].any()


def test_the_side_of_a_long_line_that_fits_is_in_the_middle() -> None:
    ink = np.zeros((700, 900), np.uint8)
    ink[300:400, 50:850] = 255
    rows, columns = around(ink, 40)
    assert rows == slice(260, 440)
    assert columns.stop - columns.start == SIDE
    assert cv2.countNonZero(ink[:, columns]) > 100 * (SIDE - 90)
