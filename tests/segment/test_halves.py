"""Halves: the two rows that broken digits make are one, other rows are not."""

import numpy as np
import pytest
from factories import from_boxes

from camdigits.segment.halves import whole_rows
from camdigits.segment.lines import find_lines
from camdigits.segment.settings import SegmentSettings

STROKE = 2.0
Box = tuple[int, int, int, int]


def halves(gap: int, count: int = 3) -> list[Box]:
    """Return the upper and the lower halves of digits 40 tall, ``gap`` pixels apart."""
    upper = [(30 + 40 * i, 30, 22, 19) for i in range(count)]
    return [*upper, *((x, 30 + 19 + gap, 24, 21 - gap) for x, *_ in upper)]


def test_halves_share_a_stack_and_its_height():
    turned = np.array([(0, 10, 0, 9), (20, 30, 0, 9), (0, 10, 10, 20), (20, 30, 10, 20)], float)
    (row,), heights = whole_rows(turned, [np.array([0, 1]), np.array([2, 3])], STROKE)
    assert sorted(row.tolist()) == [0, 1, 2, 3]
    assert heights.tolist() == [20, 20, 20, 20]
    rows, heights = whole_rows(turned, [np.array([0, 1]), np.array([3])], STROKE)
    assert len(rows) == 2
    assert heights.tolist() == [9, 9, 10, 10]


def test_broken_digits_are_one_line_as_tall_as_they_are():
    (line,) = find_lines(from_boxes(halves(gap=1)), STROKE, SegmentSettings())
    assert len(line.members) == 6
    assert line.height == pytest.approx(40, abs=1)


@pytest.mark.parametrize(
    "boxes",
    [
        halves(gap=4),
        halves(gap=1, count=1) + halves(gap=4)[1:],
        [(30 + 40 * i, 30, 24, 40) for i in range(4)] + [(30, 71, 24, 40)],
    ],
    ids=["a gap between", "one of three", "a digit below another"],
)
def test_other_rows_stay_two(boxes):
    assert len(find_lines(from_boxes(boxes), STROKE, SegmentSettings())) == 2


def test_halves_whose_others_belong_to_a_taller_line_have_a_height():
    tall = [(30 + 60 * i, 20, 40, 60) for i in range(7)]
    broken = [(x, y, 12, 9) for y in (85, 95) for x in (100, 125, 150)]
    lines = find_lines(from_boxes([*tall, *broken]), STROKE, SegmentSettings())
    assert sorted((len(line.members), line.height) for line in lines) == [(3, 19), (10, 60)]
