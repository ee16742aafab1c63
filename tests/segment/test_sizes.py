"""Sizes: how tall and how thick what is written usually is."""

import cv2
import numpy as np
import pytest
from factories import blocks, components_of, from_boxes, in_frame, pen_row

from camdigits.segment.sizes import has_rules, usual_height, usual_stroke

STROKE = 5


def test_usual_height_is_that_of_the_glyphs_not_of_dots_or_rules():
    digits = [(20 + 50 * i, 20, 30, 60) for i in range(4)]
    dots = [(20 + 9 * i, 100, 5, 5) for i in range(20)]
    assert usual_height(components_of(blocks((130, 400), *digits, *dots)), STROKE) == 60
    rule = (0, 112, 400, 14)
    assert usual_height(components_of(blocks((130, 400), *digits, rule)), STROKE) == 60


def test_usual_height_is_where_half_of_the_ink_stands():
    components = from_boxes([(10, 10, 20, 20), (40, 10, 20, 30), (70, 10, 30, 60)])
    assert usual_height(components, 2.0) == 60
    components = from_boxes([(10 + 40 * i, 10, 20, 30) for i in range(3)] + [(140, 10, 30, 60)])
    assert usual_height(components, 2.0) == 30


@pytest.mark.parametrize(
    ("box", "expected"),
    [((10, 70, 200, 3), True), ((10, 70, 40, 3), False), ((260, 5, 3, 140), True)],
)
def test_has_rules_asks_for_length(box, expected):
    ink = blocks((150, 300), (30, 20, 5, 40), (60, 20, 5, 40), box)
    assert has_rules(components_of(ink), 40.0) is expected


def test_usual_height_is_that_of_what_a_frame_holds():
    assert usual_height(components_of(in_frame("204", attached=False)), STROKE) == pytest.approx(
        60, abs=8
    )


def test_usual_height_is_less_than_that_of_a_frame_with_all_that_touches_it():
    framed = components_of(in_frame("204", attached=True))
    (height,) = framed.boxes[:, 3].tolist()
    assert usual_height(framed, STROKE) == pytest.approx(0.7 * height)


def test_usual_height_is_that_of_what_hangs_on_a_rule_where_nothing_else_is():
    rules = [(0, 40 + 60 * i, 600, 4) for i in range(3)]
    hanging = components_of(blocks((240, 600), *rules, (200, 70, 20, 32)))
    assert usual_height(hanging, 4) == 34
    assert usual_height(components_of(blocks((240, 600), *rules)), 4) == pytest.approx(0.6 * 240)


def test_usual_height_leaves_out_the_outline_of_the_sheet():
    digits = [(60 + 50 * i, 90, 30, 60) for i in range(4)]
    ink = blocks((240, 320), (0, 0, 6, 240), (0, 234, 320, 6), (314, 0, 6, 240), *digits)
    assert usual_height(components_of(ink), STROKE) == 60


def test_usual_height_leaves_out_what_is_far_taller_than_the_rest():
    digits = [(60 + 50 * i, 90, 30, 60) for i in range(4)]
    desk, edge = (0, 0, 40, 480), (300, 40, 20, 400)
    assert usual_height(components_of(blocks((480, 640), *digits, desk, edge)), STROKE) == 60
    assert usual_height(components_of(blocks((480, 640), digits[0], edge)), STROKE) == 400


def test_strokes_are_those_of_the_writing_not_of_the_desk():
    digits = [(60 + 50 * i, 90, 4, 60) for i in range(4)]
    ink = components_of(blocks((480, 640), *digits, (300, 40, 90, 400)))
    assert usual_stroke(ink, 60, 90) == 4
    assert usual_stroke(ink, 100, 90) == 90  # nothing is too large
    assert usual_stroke(components_of(blocks((480, 640), (300, 40, 90, 400))), 60, 90) == 90


def test_a_glyph_that_fills_its_picture_is_no_outline_of_a_sheet():
    ink = blocks((60, 40), (0, 0, 40, 6), (0, 0, 6, 60), (0, 54, 40, 6), (34, 0, 6, 60))
    assert usual_height(components_of(ink), STROKE) == pytest.approx(60, rel=0.31)


def test_usual_height_leaves_out_a_line_through_the_picture():
    ink = pen_row("204", stroke=STROKE)
    ink[:, 10:13] = 255
    assert usual_height(components_of(ink), STROKE) == pytest.approx(60, abs=8)


def test_usual_height_leaves_out_a_line_that_leaves_the_picture():
    ink = pen_row("2", stroke=STROKE)
    ink[: ink.shape[0] - 10, 10:13] = 255
    assert usual_height(components_of(ink), STROKE) == pytest.approx(60, abs=8)


def test_a_piece_of_a_frame_may_hang_on_a_rule():
    frame = np.zeros((140, 200), np.uint8)
    cv2.polylines(frame, [np.array([(30, 30), (110, 30), (110, 100)])], False, 255, 3)
    assert has_rules(components_of(frame), 60.0)


def test_a_short_frame_is_a_rule_and_as_wide_a_digit_is_none():
    framed = components_of(in_frame("2", attached=False))
    assert has_rules(framed, 60.0)
    zero = np.zeros((120, 200), np.uint8)
    cv2.ellipse(zero, (100, 60), (40, 30), 0, 0, 360, 255, STROKE)
    assert not has_rules(components_of(zero), 60.0)


def test_no_components_have_no_rules():
    components = components_of(np.zeros((12, 9), np.uint8))
    assert not has_rules(components, usual_height(components, 0.0))
