"""Places of glyphs: from the line to the picture."""

import numpy as np
import pytest

from camdigits.reading import Box
from camdigits.recognize.boxes import ink_box, to_quad, union
from camdigits.segment.straighten import LineImage


def test_a_quad_goes_through_the_matrix_clockwise() -> None:
    turned = np.array([[0.0, -1.0, 10.0], [1.0, 0.0, 0.0]])
    assert to_quad(turned, 0, 0, 4, 2) == ((10, 0), (10, 4), (8, 4), (8, 0))


def test_a_union_holds_all_boxes() -> None:
    assert union([Box(4, 2, 3, 5), Box(1, 3, 2, 9)]) == (1, 2, 6, 10)


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ([[1.0, 0.0, 10.0], [0.0, 1.0, 20.0]], (13, 22, 2, 4)),
        ([[0.5, 0.0, 0.0], [0.0, 0.5, 0.0]], (2, 1, 1, 2)),
        # A shear moves rows against each other; only those with ink count.
        ([[1.0, 1.0, 0.0], [0.0, 1.0, 0.0]], (5, 2, 6, 4)),
    ],
)
def test_the_box_of_ink_is_that_of_its_pixels(matrix: list[list[float]], expected: Box) -> None:
    picture = np.zeros((9, 12), np.uint8)
    picture[2:6, 3:5] = 255
    line = LineImage(picture, np.array(matrix), 0)
    assert ink_box(line, np.array([1, 1, 8, 7])) == expected
