"""Lines: who stands beside whom, at which slope, in which reading order."""

import math
from dataclasses import replace

import numpy as np
import pytest
from factories import from_boxes

from camdigits.segment.components import Components
from camdigits.segment.lines import TextLine, find_lines, page_angle
from camdigits.segment.settings import SegmentSettings

SETTINGS = SegmentSettings()
STROKE = 2.0

Box = tuple[int, int, int, int]


def row(left: int, top: int, count: int, slope: float = 0.0, height: int = 40) -> list[Box]:
    """Return boxes of digits beside each other; the row falls by ``slope`` radians."""
    step = height
    return [
        (left + i * step, top + round(i * step * math.tan(slope)), round(0.6 * height), height)
        for i in range(count)
    ]


def found(boxes: list[Box]) -> tuple[Components, list[TextLine]]:
    components = from_boxes(boxes)
    assert len(components) == len(boxes)
    return components, find_lines(components, STROKE, SETTINGS)


def boxes_of(components: Components, line: TextLine) -> set[Box]:
    return {tuple(box) for box in components.boxes[line.members].tolist()}


@pytest.mark.parametrize("degrees", [-30, -12, -3, 0, 3, 12, 30])
def test_page_angle_of_boxes_on_a_slope(degrees):
    boxes = np.array(row(50, 400, 8, math.radians(degrees)))
    assert math.degrees(page_angle(boxes)) == pytest.approx(degrees, abs=1.0)


def test_page_angle_needs_three_votes():
    assert page_angle(np.array(row(50, 50, 3, math.radians(20)))) == 0.0
    assert page_angle(np.array(row(50, 50, 4, math.radians(20)))) != 0.0


def test_a_few_neighbors_on_a_slope_do_not_tilt_a_level_page():
    level = row(40, 400, 4)
    steps = row(300, 20, 4, math.radians(30), height=44)
    together = np.array([*level, *steps])
    assert math.degrees(page_angle(together)) == pytest.approx(0, abs=1.0)
    assert math.degrees(page_angle(np.array(steps))) == pytest.approx(30, abs=1.0)


def test_page_angle_is_not_moved_by_one_tall_stranger():
    boxes = [*row(50, 60, 7, math.radians(5)), (180, 200, 24, 40), (400, 20, 90, 160)]
    assert math.degrees(page_angle(np.array(boxes))) == pytest.approx(5, abs=1.5)


def test_no_components_no_lines():
    nothing = Components(
        np.zeros((9, 9), np.int32), np.zeros(0, int), np.zeros((0, 4), int), np.zeros(0, int)
    )
    assert find_lines(nothing, 0.0, SETTINGS) == []


def test_specks_alone_are_no_line():
    assert find_lines(from_boxes([(10, 10, 4, 4), (30, 10, 4, 4)]), STROKE, SETTINGS) == []


def test_one_digit_is_a_line():
    _, lines = found([(20, 20, 24, 40)])
    assert len(lines) == 1
    assert lines[0].members.tolist() == [0]
    assert (lines[0].angle, lines[0].height, lines[0].row) == (0.0, 40.0, 0)


def test_rows_come_in_reading_order():
    rows = [row(40, 30, 5), row(60, 120, 4), row(30, 210, 6)]
    components, lines = found([box for boxes in reversed(rows) for box in boxes])
    assert [line.row for line in lines] == [0, 1, 2]
    assert [boxes_of(components, line) for line in lines] == [set(boxes) for boxes in rows]


@pytest.mark.parametrize("top", [46, 54])
def test_words_of_one_row_come_left_to_right(top):
    left, right, below = row(30, 50, 3), row(420, top, 3), row(30, 150, 3)
    components, lines = found([*below, *right, *left])
    assert [line.row for line in lines] == [0, 0, 1]
    assert [boxes_of(components, line) for line in lines] == [set(left), set(right), set(below)]


@pytest.mark.parametrize("degrees", [-15, 8])
def test_tilted_rows_are_kept_apart_and_in_order(degrees):
    slope = math.radians(degrees)
    rows = [row(40, 260 + 90 * i, 7, slope) for i in range(3)]
    components, lines = found([box for boxes in rows for box in boxes])
    assert [boxes_of(components, line) for line in lines] == [set(boxes) for boxes in rows]
    for line in lines:
        assert math.degrees(line.angle) == pytest.approx(degrees, abs=1.0)


def test_long_line_has_a_slope_of_its_own():
    level = [box for i in range(4) for box in row(40, 30 + 90 * i, 8)]
    _, lines = found([*level, *row(40, 420, 8, math.radians(5))])
    assert [round(math.degrees(line.angle)) for line in lines] == [0, 0, 0, 0, 5]


def test_unsteady_line_keeps_the_slope_of_the_page():
    level = [box for i in range(3) for box in row(40, 30 + 90 * i, 8)]
    tops = (320, 342, 318, 345, 346, 322, 348, 349)
    unsteady = [(40 + 40 * i, top, 24, 40) for i, top in enumerate(tops)]
    _, lines = found([*level, *unsteady])
    assert len(lines[-1].members) == len(tops)
    assert abs(lines[-1].angle) < 0.01


def test_words_side_by_side_at_different_heights_are_two_rows():
    right, left = row(420, 30, 3), row(30, 66, 3)
    components, lines = found([*left, *right])
    assert [line.row for line in lines] == [0, 1]
    assert [boxes_of(components, line) for line in lines] == [set(right), set(left)]


def test_far_apart_digits_are_lines_of_their_own():
    _, lines = found([(20, 20, 24, 40), (400, 20, 24, 40)])
    assert len(lines) == 2
    assert {line.row for line in lines} == {0}


def test_large_and_small_writing_side_by_side_are_two_lines():
    _, lines = found([*row(20, 20, 3, height=100), *row(330, 60, 4, height=30)])
    assert sorted(line.height for line in lines) == [30, 100]


def test_writing_begins_with_its_first_digit_beside_the_print_of_a_form():
    # Print has letters of two heights; of the digits, all as wide apart, the first is the lowest.
    print_ = [(20 + 16 * i, 60 if i % 3 else 54, 12, 14 if i % 3 else 20) for i in range(12)]
    writing = [(222, 40, 20, 34), (256, 39, 22, 36), (292, 36, 22, 40), (328, 36, 22, 40)]
    components, lines = found([*print_, *writing])
    assert [boxes_of(components, line) for line in lines] == [set(print_), set(writing)]


def test_a_low_digit_beside_a_tall_one_belongs_to_its_line():
    # As the 1 of 17: less than half as tall as the 7, more than 0.6 of what is usual in the line,
    # and too high to be level with the number before.
    digits = [*row(30, 40, 3, height=30), (150, 36, 20, 42), *row(230, 40, 3, height=30)]
    low = (136, 26, 8, 19)
    components, lines = found([*digits, low])
    assert [boxes_of(components, line) for line in lines] == [{*digits, low}]


def test_points_and_dashes_belong_to_the_line_they_stand_in():
    digits = row(30, 30, 4)
    marks = [(58, 64, 6, 6), (190, 48, 18, 4)]
    components, lines = found([*digits, *marks])
    assert len(lines) == 1
    assert boxes_of(components, lines[0]) == {*digits, *marks}
    assert lines[0].height == 40


def test_a_small_number_beside_a_large_digit_stays_a_line_of_its_own():
    large, small = (20, 20, 60, 100), row(110, 60, 5, height=24)
    components, lines = found([large, *small])
    assert {frozenset(boxes_of(components, line)) for line in lines} == {
        frozenset([large]),
        frozenset(small),
    }


def test_marks_far_below_a_line_do_not_belong_to_it():
    digits = row(30, 30, 4)
    components, lines = found([*digits, (70, 130, 6, 6)])
    assert boxes_of(components, lines[0]) == set(digits)


def test_broken_strokes_do_not_lower_the_height_of_a_line():
    _, lines = found([*row(30, 30, 4), (192, 30, 10, 15), (192, 52, 10, 15)])
    assert lines[0].height == 40


def test_every_component_is_in_one_line_at_most():
    rng = np.random.default_rng(3)
    boxes = []
    for y in range(10, 500, 60):
        for x in range(10, 500, 60):
            height = int(rng.integers(8, 50))
            boxes.append((x + int(rng.integers(9)), y + int(rng.integers(9)), 20, height))
    _, lines = found(boxes)
    members = np.concatenate([line.members for line in lines])
    assert len(members) == len(np.unique(members))


def test_no_more_lines_than_the_cap():
    # The last row has the largest glyphs: remnants above it must not crowd it out.
    rows = [row(30, 30 + 90 * i, 3, height=40 + 4 * (i == 5)) for i in range(6)]
    components = from_boxes([box for boxes in rows for box in boxes])
    lines = find_lines(components, STROKE, replace(SETTINGS, max_lines=1))
    assert [boxes_of(components, line) for line in lines] == [set(rows[5])]
    lines = find_lines(components, STROKE, replace(SETTINGS, max_lines=4))
    assert [line.row for line in lines] == [0, 1, 2, 3]
