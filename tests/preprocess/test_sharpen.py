"""What sharpening brings back, however a picture was blurred."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from factories import on_paper, pen_row
from hypothesis import given
from hypothesis import strategies as st

from camdigits.preprocess.blur import SIDE, Blur, find_blur
from camdigits.preprocess.sharpen import guesses, sharpened
from camdigits.training.paper import moved

INK = pen_row("2742", 90, stroke=9)
IN_FOCUS = on_paper(INK)


def bent_way() -> np.ndarray:
    """Return the kernel of a hand that moved along a bent way, and slower at its end; its middle is
    that of its weight."""
    kernel = np.zeros((21, 21), np.float32)
    for step in np.linspace(-1, 1, 41):
        kernel[round(9 + 4 * step * step), round(9 + 6 * step)] += 1 + step / 2
    return cv2.GaussianBlur(kernel / kernel.sum(), (0, 0), 0.7)


def blurred(way: str) -> np.ndarray:
    if way == "out of focus":
        return cv2.GaussianBlur(IN_FOCUS, (0, 0), 2.5)
    if way == "bent":
        return cv2.filter2D(IN_FOCUS, -1, bent_way())
    return moved(IN_FOCUS, 5, np.radians(40))


@pytest.mark.parametrize("way", ["out of focus", "straight", "bent"])
def test_most_of_a_blur_is_taken_back(way: str) -> None:
    picture = blurred(way)
    blur = find_blur(picture, INK)
    assert blur is not None
    sharp = sharpened(picture, INK, blur)
    assert cv2.norm(sharp, IN_FOCUS) < 0.65 * cv2.norm(picture, IN_FOCUS)


@pytest.mark.parametrize("deviations", [(2.5, 2.5), (3.0, 0.9)])
def test_sharpening_takes_much_of_the_blur_back(deviations: tuple[float, float]) -> None:
    blurred = cv2.GaussianBlur(IN_FOCUS, (0, 0), deviations[0], sigmaY=deviations[1])
    blur = find_blur(blurred, INK)
    assert blur is not None
    sharp = sharpened(blurred, INK, blur)
    assert cv2.norm(sharp, IN_FOCUS) < 0.65 * cv2.norm(blurred, IN_FOCUS)


def test_a_dark_desk_beside_the_card_makes_no_difference() -> None:
    focus = cv2.copyMakeBorder(IN_FOCUS, 220, 220, 220, 220, cv2.BORDER_CONSTANT, value=15)
    ink = cv2.copyMakeBorder(INK, 220, 220, 220, 220, cv2.BORDER_CONSTANT, value=0)
    picture = moved(focus, 5, np.radians(40))
    blur = find_blur(picture, ink)
    assert blur is not None
    sharp = sharpened(picture, ink, blur)
    assert cv2.norm(sharp, focus, mask=ink) < 0.65 * cv2.norm(picture, focus, mask=ink)


def test_guesses_are_what_the_blur_makes_of_a_point() -> None:
    (upright,) = guesses(Blur(3.0, 1.0, 90.0))
    middle = len(upright) // 2
    assert upright[middle + 3, middle] > 2 * upright[middle, middle + 3]
    assert upright.sum() == pytest.approx(1)
    moved_by = guesses(Blur(2.0, 0.7, 0.0, length=9))
    assert len({len(guess) for guess in moved_by}) == 1
    middle = len(moved_by[0]) // 2
    rows = [guess[middle][guess[middle] > 0] for guess in moved_by]
    assert sorted(len(row) for row in rows) == [7, 9]  # by 6 pixels, both ends half, and by 9
    assert all(guess.sum() == pytest.approx(1) for guess in moved_by)


@pytest.mark.parametrize("stroke", [5, 9, 14])
@pytest.mark.parametrize("length", [7, 15])
def test_strokes_may_be_wider_or_narrower_than_a_movement_is_long(stroke: int, length: int) -> None:
    ink = pen_row("2742", 90, stroke=stroke)
    picture = moved(on_paper(ink), length // 2, np.radians(90))
    blur = find_blur(picture, ink)
    assert blur is not None
    sharp = sharpened(picture, ink, blur)
    assert cv2.norm(sharp, on_paper(ink)) < 0.65 * cv2.norm(picture, on_paper(ink))


def test_a_large_page_is_told_by_a_part_of_it() -> None:
    ink = np.tile(INK, (9, 4))
    assert min(ink.shape) > SIDE
    picture = moved(on_paper(ink), 5, np.radians(40))
    blur = find_blur(picture, ink)
    assert blur is not None
    sharp = sharpened(picture, ink, blur)
    assert sharp.shape == picture.shape
    assert cv2.norm(sharp, on_paper(ink)) < 0.65 * cv2.norm(picture, on_paper(ink))


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 255), st.sampled_from([0, 9]))
def test_the_smallest_pictures_are_no_trouble(
    rows: int, columns: int, seed: int, length: int
) -> None:
    rng = np.random.default_rng(seed)
    picture = rng.integers(0, 256, (rows, columns), np.uint8)
    ink = np.where(rng.random((rows, columns)) < 0.5, 255, 0).astype(np.uint8)
    sharp = sharpened(picture, ink, Blur(3.0, 2.0, 30.0, length))
    assert (sharp.shape, sharp.dtype) == (picture.shape, np.uint8)


@pytest.mark.parametrize("length", [0, 8])
def test_plain_paper_stays_as_it_is(length: int) -> None:
    paper = np.full((40, 60), 200, np.uint8)
    blur = Blur(2.0, 1.0, 45.0, length)
    assert (sharpened(paper, np.zeros_like(paper), blur) == 200).all()
