"""What the ink network sees: writing of one size, on sides that it can halve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from camdigits.preprocess.view import HEIGHT, LEAST, STEP, padded, view_scale


@pytest.mark.parametrize(
    ("shape", "height", "expected"),
    [
        ((400, 1000), HEIGHT, 1.0),
        ((400, 1000), HEIGHT / 2, 1.0),
        ((400, 1000), 2 * HEIGHT, 0.5),
        ((400, 1000), 20 * HEIGHT, LEAST / 1000),
        ((1000, 400), 20 * HEIGHT, LEAST / 1000),
        ((60, 200), 20 * HEIGHT, 1.0),
        ((60, 200), 0.0, 1.0),
        ((1000, 2400), HEIGHT, 0.5),
    ],
)
def test_glyphs_are_of_one_height_in_a_view_that_is_not_too_small(
    shape: tuple[int, int], height: float, expected: float
) -> None:
    assert view_scale(shape, height) == pytest.approx(expected)


@given(st.integers(1, 40), st.integers(1, 40))
def test_a_view_is_padded_with_blank_paper(rows: int, columns: int) -> None:
    view = np.full((rows, columns), 9, np.uint8)
    whole = padded(view)
    assert whole.shape[0] % STEP == whole.shape[1] % STEP == 0
    assert whole.shape[0] - rows < STEP
    assert whole.shape[1] - columns < STEP
    assert (whole[:rows, :columns] == 9).all()
    assert whole.sum() == view.sum()
