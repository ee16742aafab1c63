"""Underlines below short numbers are no ink of digits; feet, dashes and bars above are."""

from __future__ import annotations

import numpy as np
import pytest

from camdigits.segment.underlines import find_underlines

TALL = 40
SEVEN, ONE = (100, 50, 26, TALL), (130, 50, 8, TALL)


@pytest.mark.parametrize(
    ("stroke", "digits", "underlines"),
    [
        pytest.param((94, 96, 40, 4), [SEVEN], True, id="below one digit"),
        pytest.param((94, 88, 40, 4), [SEVEN], True, id="that its foot reaches"),
        pytest.param((96, 100, 46, 5), [SEVEN, ONE], True, id="below two"),
        pytest.param((100, 94, 26, 4), [SEVEN], False, id="the foot of a broken digit"),
        pytest.param((94, 115, 40, 4), [SEVEN], False, id="far below"),
        pytest.param((94, 68, 40, 4), [SEVEN], False, id="across"),
        pytest.param((94, 40, 40, 4), [SEVEN], False, id="above"),
        pytest.param((170, 96, 40, 4), [SEVEN], False, id="beside"),
        pytest.param((94, 96, 40, 20), [SEVEN], False, id="as tall as a small digit"),
        pytest.param((94, 96, 40, 4), [(94, 80, 40, 4)], False, id="an equals sign"),
    ],
)
def test_a_flat_stroke_below_digits_and_wider_underlines_them(
    stroke: tuple[int, ...], digits: list[tuple[int, ...]], underlines: bool
) -> None:
    found = find_underlines(np.array([stroke, *digits]), TALL)
    assert found.tolist() == [underlines, *[False] * len(digits)]


def test_nothing_is_no_underline() -> None:
    assert find_underlines(np.zeros((0, 4), np.int64), TALL).shape == (0,)
