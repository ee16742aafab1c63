"""Noise: measured where nothing else is, and taken out only where it is as strong as ink."""

import numpy as np
import pytest
from factories import blocks

from camdigits.preprocess.noise import CELL, WINDOW, noise_deviation, without_noise

SIZE = (240, 480)
STROKES = blocks(SIZE, *((x, 90, 6, 50) for x in range(40, 460, 30)))


def noisy(deviation: float, ink: int = 150) -> np.ndarray:
    """Return strokes of darkness ``ink`` on paper of darkness 40 whose right half is noisy."""
    noise = np.random.default_rng(0).normal(0, deviation, SIZE)
    noise[:, : SIZE[1] // 2] = 0
    return np.clip(np.where(STROKES > 0, ink, 40) + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("deviation", [4.0, 12.0])
def test_deviation_is_that_of_the_noise_and_not_of_the_strokes(deviation: float):
    told = noise_deviation(noisy(deviation))
    assert told.shape == (SIZE[0] // CELL, SIZE[1] // CELL)
    assert told[:, -5:] == pytest.approx(deviation, rel=0.15)
    assert (told[:, :5] == 0).all()


def test_strong_noise_is_blurred_where_it_is():
    picture = noisy(12.0)
    quiet = without_noise(picture, 150.0)
    left, right = np.s_[:, : SIZE[1] // 2 - 3 * CELL], np.s_[200:, SIZE[1] // 2 + CELL :]
    assert (quiet[left] == picture[left]).all()
    assert quiet[right].std() < 0.4 * picture[right].std()


def test_weak_noise_stays():
    picture = noisy(4.0)
    assert without_noise(picture, 150.0) is picture


def test_writing_alone_is_no_noise():
    picture = noisy(0.0)
    assert without_noise(picture, 20.0) is picture


def test_a_small_picture_is_left_alone():
    picture = noisy(12.0)[: CELL * WINDOW - 1]
    assert without_noise(picture, 20.0) is picture
