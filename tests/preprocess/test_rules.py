"""Rules: lines, underlines and boxes go, strokes and signs stay."""

import cv2
import numpy as np
import pytest
from factories import blocks, pen_row

from camdigits.preprocess.frames import find_frames
from camdigits.preprocess.rules import remove_rules
from camdigits.preprocess.straight import Rule

HEIGHT, STROKE = 60, 5


def without_rules(mask: np.ndarray) -> np.ndarray:
    return remove_rules(mask, STROKE, HEIGHT)


def box_around(digits: np.ndarray, x: int, y: int) -> np.ndarray:
    """Return a drawn box whose corners are (x, y) away from those of the picture of ``digits``."""
    box = np.zeros_like(digits)
    height, width = digits.shape
    cv2.rectangle(box, (x, y), (width - x - 1, height - y - 1), 255, 3)
    return box


def ruled(mask: np.ndarray, row: int, thickness: int = 3, drop: int = 0) -> np.ndarray:
    """Return the mask with a rule from side to side that falls by ``drop`` pixels."""
    ruled = mask.copy()
    cv2.line(ruled, (0, row), (mask.shape[1] - 1, row + drop), 255, thickness)
    return ruled


@pytest.mark.parametrize("drop", [0, 9, -9])
def test_rule_under_digits_is_removed_and_the_digits_kept(drop):
    digits = pen_row("20347", height=HEIGHT, stroke=STROKE)
    mask = ruled(digits, 105, drop=drop)
    left = without_rules(mask)
    assert not left[np.r_[0:25, 95:120]].any()
    assert np.count_nonzero(left & digits) >= 0.99 * np.count_nonzero(digits)


def test_strokes_that_cross_a_rule_are_kept():
    bars = blocks((120, 400), *[(60 + 70 * i, 30, STROKE, HEIGHT) for i in range(4)])
    left = without_rules(ruled(bars, 70))
    assert (left[bars > 0] == 255).all()
    beside = left.copy()
    beside[bars > 0] = 0
    assert np.count_nonzero(beside) < 40
    count, _ = cv2.connectedComponents(left)
    assert count == 1 + 4


@pytest.mark.parametrize(("gap", "count"), [(1, 1), (4, 1), (5, 2)])
def test_a_stroke_that_leans_across_a_rule_stays_whole(gap: int, count: int) -> None:
    upper, lower = (60, 30, STROKE, 43), (60 + STROKE + gap, 68, STROKE, 32)
    left = without_rules(ruled(blocks((120, 400), upper, lower), 70))
    assert cv2.connectedComponents(left)[0] == 1 + count
    assert not left[:, 200:].any()


def test_paper_around_the_ink_changes_nothing():
    digits = pen_row("20347", height=HEIGHT, stroke=STROKE, margin=40)
    mask = np.pad(cv2.max(ruled(digits, 121, drop=5), box_around(digits, 20, 15)), 100)
    alone = without_rules(mask)
    assert not np.array_equal(alone, mask)
    around = ((150, 700), (400, 300))
    assert np.array_equal(without_rules(np.pad(mask, around)), np.pad(alone, around))


def test_rules_closer_than_their_thickness_make_no_frame():
    rules = [Rule(0.0, float(row), 30, 129, 100) for row in (40, 70)]
    mask = np.zeros((120, 160), np.uint8)
    mask[40:71, 30:33] = 255
    assert find_frames(mask, rules, 3, 40) != []
    assert find_frames(mask, rules, 39, 40) == []


def test_double_rules_are_both_removed():
    mask = pen_row("2047", height=HEIGHT, stroke=STROKE, margin=40)
    mask[112:115] = mask[121:124] = 255
    assert not without_rules(mask)[106:].any()


def test_minus_sign_is_not_a_rule():
    mask = np.pad(pen_row("47", height=HEIGHT, stroke=STROKE), ((0, 0), (90, 0)))
    mask[58:63, 60:100] = 255
    assert (without_rules(mask) == mask).all()


def test_digits_alone_lose_nothing():
    digits = pen_row("2034712", height=HEIGHT, stroke=STROKE)
    assert (without_rules(digits) == digits).all()


def test_feet_of_wide_digits_in_a_row_are_not_a_rule():
    zeros = np.zeros((120, 460), np.uint8)
    for i in range(4):
        cv2.rectangle(zeros, (40 + 95 * i, 30), (120 + 95 * i, 90), 255, STROKE)
    assert np.count_nonzero(without_rules(zeros)) >= 0.98 * np.count_nonzero(zeros)
    left = without_rules(ruled(zeros, 104))
    assert not left[98:].any()


def test_feet_with_dots_between_them_are_not_a_rule():
    feet = np.zeros((120, 240), np.uint8)
    for x in (20, 140):
        cv2.rectangle(feet, (x, 82), (x + 70, 86), 255, -1)
        cv2.line(feet, (x + 72, 30), (x + 72, 84), 255, STROKE)
    for x in (102, 112, 122, 132):
        feet[82:87, x : x + 5] = 255
    assert (without_rules(feet) == feet).all()
    assert not without_rules(ruled(feet, 100))[96:].any()


def test_bars_of_sevens_in_a_row_are_not_a_rule():
    digits = pen_row("777777", height=HEIGHT, stroke=STROKE, gap=0.2)
    assert np.count_nonzero(without_rules(digits)) >= 0.98 * np.count_nonzero(digits)


def test_upright_bars_of_digit_height_are_not_rules():
    digits = pen_row("1111", height=HEIGHT, stroke=STROKE)
    assert (without_rules(digits) == digits).all()


def test_sides_of_a_box_are_removed_though_they_are_short():
    digits = pen_row("2047", height=HEIGHT, stroke=STROKE, margin=105)
    box = box_around(digits, 75, 85)
    left = without_rules(digits | box)
    assert np.count_nonzero(left & ~digits) < 0.02 * np.count_nonzero(box)
    assert np.count_nonzero(left & digits) >= 0.99 * np.count_nonzero(digits)


def test_cells_are_removed_and_digits_that_touch_them_kept():
    digits = pen_row("2047", height=HEIGHT, stroke=STROKE, gap=0.5, margin=60)
    grid = np.zeros_like(digits)
    height, width = digits.shape
    for x in (40, 112, 200, 270, width - 40):
        cv2.line(grid, (x, 40), (x, height - 40), 255, 2)
    for y in (40, height - 40):
        cv2.line(grid, (40, y), (width - 40, y), 255, 2)
    left = without_rules(digits | grid)
    assert np.count_nonzero(left & ~digits) < 0.03 * np.count_nonzero(grid)
    assert np.count_nonzero(left & digits) >= 0.97 * np.count_nonzero(digits)


def test_a_frame_around_two_digits_is_removed():
    digits = pen_row("47", height=HEIGHT, stroke=STROKE, margin=60)
    frame = box_around(digits, 40, 45)
    left = without_rules(digits | frame)
    assert np.count_nonzero(left & ~digits) < 0.03 * np.count_nonzero(frame)
    assert (left & digits == digits).all()


def test_two_strokes_of_the_same_ends_are_no_frame_without_sides():
    bars = blocks((150, 220), (60, 40, 100, 4), (60, 100, 100, 4))
    assert (without_rules(bars) == bars).all()


@pytest.mark.parametrize("low", [60, 40])
def test_a_short_frame_that_is_open_below_goes_and_a_seven_does_not(low: int):
    digits = pen_row("47", height=HEIGHT, stroke=STROKE, margin=60)
    height, width = digits.shape
    frame = np.zeros_like(digits)
    corners = [(50, height - low), (50, 45), (width - 51, 45), (width - 51, height - low)]
    cv2.polylines(frame, [np.array(corners)], False, 255, 3)
    left = without_rules(digits | frame)
    assert np.count_nonzero(left & ~digits) < 0.05 * np.count_nonzero(frame)
    assert (left & digits == digits).all()


def test_a_frame_that_ends_close_to_the_border_is_removed():
    digits = pen_row("47", height=HEIGHT, stroke=STROKE, margin=60)
    frame = box_around(digits, 40, 45)
    close = np.s_[25 : frame.shape[0] - 25, 25 : frame.shape[1] - 25]
    left = without_rules((digits | frame)[close].copy())
    assert (left == digits[close]).mean() > 0.99
    assert np.count_nonzero(left & ~digits[close]) < 0.03 * np.count_nonzero(frame)


def test_a_digit_at_the_end_of_ruled_lines_is_no_side_of_a_frame():
    digit = blocks((160, 400), (290, 42, 4, 42))
    lines = np.zeros_like(digit)
    for row in (30, 90, 150):
        cv2.line(lines, (80, row), (300, row), 255, 3)
    left = without_rules(digit | lines)
    assert (left & digit == digit).all()
    assert np.count_nonzero(left & ~digit) < 0.03 * np.count_nonzero(lines)


def test_ones_at_the_border_are_no_sides_of_rules_that_leave_the_picture():
    ones = blocks((110, 300), *[(x, 24, 4, 62) for x in (8, 60, 200, 288)])
    mask = ruled(ruled(ones, 20), 90)
    left = without_rules(mask)
    assert np.count_nonzero(left & ones) >= 0.95 * np.count_nonzero(ones)


def test_a_side_goes_that_makes_a_corner_with_an_underline():
    digits = pen_row("2047", height=HEIGHT, stroke=STROKE, margin=60)
    frame = np.zeros_like(digits)
    height, width = digits.shape
    cv2.line(frame, (40, height - 45), (width - 40, height - 45), 255, 3)
    cv2.line(frame, (40, 50), (40, height - 45), 255, 3)
    left = without_rules(digits | frame)
    assert np.count_nonzero(left & ~digits) < 0.03 * np.count_nonzero(frame)
    assert (left & digits == digits).all()


def test_bar_of_the_same_length_without_a_box_stays():
    bar = blocks((150, 300), (140, 20, 4, 105))
    assert (without_rules(bar) == bar).all()


def test_a_tall_one_that_stands_on_a_rule_stays():
    one = blocks((150, 400), (200, 15, 4, 90))
    left = without_rules(ruled(one, 106))
    assert np.count_nonzero(left & one) >= 0.95 * np.count_nonzero(one)
    assert not left[:, :190].any()


def test_long_upright_rule_is_removed():
    mask = pen_row("2047", height=HEIGHT, stroke=STROKE, margin=60)
    digits = mask.copy()
    mask[:, 20:23] = 255
    left = without_rules(mask)
    assert not left[:, 10:35].any()
    assert np.count_nonzero(left & digits) >= 0.99 * np.count_nonzero(digits)


def test_the_mask_given_is_left_alone_and_nothing_is_added():
    mask = ruled(pen_row("2047", height=HEIGHT, stroke=STROKE), 105)
    before = mask.copy()
    left = without_rules(mask)
    assert (mask == before).all()
    assert not (left & ~mask).any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (40, 40)])
def test_empty_masks_stay_empty(shape):
    assert not without_rules(np.zeros(shape, np.uint8)).any()
