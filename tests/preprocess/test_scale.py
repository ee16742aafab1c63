"""Scale: smaller pictures are means of what they cover."""

import numpy as np
import pytest

from camdigits.preprocess.scale import shrink


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
