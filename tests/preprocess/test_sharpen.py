"""How blurred a picture is, and what sharpening brings back."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from factories import on_paper, pen_row
from hypothesis import given
from hypothesis import strategies as st

from camdigits.preprocess.sharpen import BLURRED, SHARP, SHARPER, Blur, find_blur, sharpened

INK = pen_row("2742", 90, stroke=9)
IN_FOCUS = cv2.GaussianBlur(on_paper(INK), (0, 0), SHARP)


@pytest.mark.parametrize("deviation", [2.0, 3.0])
def test_the_softness_of_edges_tells_how_far_out_of_focus_a_picture_is(deviation: float) -> None:
    blur = find_blur(cv2.GaussianBlur(on_paper(INK), (0, 0), deviation), INK)
    assert blur is not None
    assert SHARPER * blur.along == pytest.approx(deviation, rel=0.25)
    assert blur.across > 0.75 * blur.along


@pytest.mark.parametrize(("deviations", "degrees"), [((3.0, SHARP), 0), ((SHARP, 3.0), 90)])
def test_the_way_of_a_hand_is_told(deviations: tuple[float, float], degrees: float) -> None:
    across, down = deviations
    blur = find_blur(cv2.GaussianBlur(on_paper(INK), (0, 0), across, sigmaY=down), INK)
    assert blur is not None
    assert (blur.degrees - degrees + 90) % 180 - 90 == pytest.approx(0, abs=10)
    assert blur.along > BLURRED > blur.across


def test_pictures_in_focus_and_without_ink_are_left_alone() -> None:
    assert find_blur(on_paper(INK), INK) is None
    assert find_blur(IN_FOCUS, INK) is None
    assert find_blur(on_paper(INK), np.zeros_like(INK)) is None


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 255))
def test_the_smallest_pictures_are_no_trouble(rows: int, columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    picture = rng.integers(0, 256, (rows, columns), np.uint8)
    ink = np.where(rng.random((rows, columns)) < 0.5, 255, 0).astype(np.uint8)
    assert find_blur(picture, ink) is None
    assert sharpened(picture, Blur(3.0, 2.0, 30.0)).shape == picture.shape


@pytest.mark.parametrize("deviations", [(2.5, 2.5), (3.0, SHARP)])
def test_sharpening_takes_much_of_the_blur_back(deviations: tuple[float, float]) -> None:
    blurred = cv2.GaussianBlur(on_paper(INK), (0, 0), deviations[0], sigmaY=deviations[1])
    blur = find_blur(blurred, INK)
    assert blur is not None
    sharp = sharpened(blurred, blur)
    assert cv2.norm(sharp, IN_FOCUS) < 0.65 * cv2.norm(blurred, IN_FOCUS)


def test_plain_paper_stays_as_it_is() -> None:
    paper = np.full((40, 60), 200, np.uint8)
    assert (sharpened(paper, Blur(2.0, 1.0, 45.0)) == 200).all()
