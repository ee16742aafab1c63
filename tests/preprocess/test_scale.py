"""Scale: smaller pictures are means of what they cover, larger ones smooth."""

import numpy as np
import pytest

from camdigits.preprocess.scale import enlarge, shrink


def test_a_half_is_the_mean_of_four():
    gray = np.array([[0, 100, 10, 10], [100, 200, 10, 30]], np.uint8)
    assert shrink(gray, 0.5).tolist() == [[100, 15]]


@pytest.mark.parametrize("scale", [1.0, 1.7])
def test_nothing_is_enlarged(scale):
    gray = np.zeros((3, 5), np.uint8)
    assert shrink(gray, scale) is gray


@pytest.mark.parametrize(
    ("shape", "scale", "expected"),
    [((101, 203), 0.5, (50, 102)), ((300, 400), 0.3, (90, 120)), ((1, 900), 0.1, (1, 90))],
)
def test_sides_are_rounded_and_never_vanish(shape, scale, expected):
    small = shrink(np.full(shape, 77, np.uint8), scale)
    assert small.shape == expected
    assert (small == 77).all()


def test_a_larger_picture_shows_the_same_in_place():
    ramp = np.tile(np.arange(0, 200, 20, np.uint8), (4, 1))
    large = enlarge(ramp, 3)
    assert large.shape == (12, 30)
    assert (np.diff(large[:, 3:-3].astype(int), axis=1) >= 0).all()
    assert np.abs(shrink(large, 1 / 3).astype(int) - ramp)[:, 1:-1].max() <= 2
