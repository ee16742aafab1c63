"""Components: what hangs together, its usual height, and what cannot be part of a glyph."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from factories import blocks, components_of, from_boxes, pen_row
from hypothesis import given
from hypothesis.extra.numpy import array_shapes, arrays
from skimage.morphology import reconstruction

from camdigits.segment.components import (
    DOTS,
    Components,
    filled,
    find_components,
    has_rules,
    holders,
    plausible,
    usual_height,
    usual_stroke,
    woven,
)
from camdigits.segment.settings import SegmentSettings

SETTINGS = SegmentSettings()
STROKE = 5


def kept(ink: np.ndarray, stroke: float = STROKE, height: float | None = None) -> np.ndarray:
    components = components_of(ink)
    tall = usual_height(components, stroke) if height is None else height
    return plausible(components, stroke, tall, SETTINGS).mask


def test_diagonal_neighbors_hang_together():
    ink = np.array([[255, 0, 0, 0], [0, 255, 0, 255], [0, 0, 0, 255]], np.uint8)
    components = components_of(ink)
    assert components.boxes.tolist() == [[0, 0, 2, 2], [3, 1, 1, 2]]
    assert components.areas.tolist() == [2, 2]


def test_only_components_with_strong_ink_are_found():
    ink = blocks((20, 40), (2, 2, 5, 9), (20, 2, 6, 9))
    strong = np.zeros_like(ink)
    strong[5, 22] = 255
    components = find_components(ink, strong)
    assert len(components) == 1
    assert components.boxes.tolist() == [[20, 2, 6, 9]]
    assert (components.mask == blocks((20, 40), (20, 2, 6, 9))).all()


@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=12)))
def test_hysteresis_is_that_of_the_reference(dark: np.ndarray):
    mask, strong = (np.where(dark > border, np.uint8(255), np.uint8(0)) for border in (90, 170))
    expected = reconstruction(strong, mask, footprint=np.ones((3, 3)))
    assert (find_components(mask, strong).mask == expected).all()


def test_strong_ink_outside_the_mask_finds_nothing():
    ink = blocks((20, 40), (2, 2, 5, 9))
    strong = blocks((20, 40), (20, 2, 6, 9))
    assert len(find_components(ink, strong)) == 0


def test_color_takes_the_ids_asked_for():
    components = components_of(blocks((20, 40), (2, 2, 5, 9), (20, 2, 6, 9)))
    first = components.color(components.ids[:1])
    assert (first == blocks((20, 40), (2, 2, 5, 9))).all()


def test_empty_mask_has_no_components():
    components = components_of(np.zeros((12, 9), np.uint8))
    assert len(components) == 0
    assert not components.mask.any()
    assert not has_rules(components, usual_height(components, 0.0))
    assert len(plausible(components, 0.0, 10.0, SETTINGS)) == 0


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


def in_frame(text: str, attached: bool) -> np.ndarray:
    """Return digits 60 pixels tall in a frame of 100, which they touch where ``attached``."""
    ink = pen_row(text, stroke=STROKE, margin=60)
    top, left = (55 if attached else 40), 40
    cv2.rectangle(ink, (left, top), (ink.shape[1] - left, 140), 255, 3)
    return ink


def test_usual_height_is_that_of_what_a_frame_holds():
    assert usual_height(components_of(in_frame("204", attached=False)), STROKE) == pytest.approx(
        60, abs=8
    )


def test_usual_height_is_less_than_that_of_a_frame_with_all_that_touches_it():
    framed = components_of(in_frame("204", attached=True))
    (height,) = framed.boxes[:, 3].tolist()
    assert usual_height(framed, STROKE) == pytest.approx(0.7 * height)


@pytest.mark.parametrize(
    ("hole", "tall", "holds"),
    [
        (np.s_[14:66, 14:106], 30, True),
        (np.s_[14:66, 14:110], 30, True),  # open on the right
        (np.s_[14:66, 14:110], 10, False),
        (np.s_[22:58, 40:80], 30, False),  # too thick for a frame
    ],
)
def test_a_thin_frame_closed_or_open_holds_what_is_as_tall_as_glyphs(hole, tall, holds):
    ink = blocks((80, 120), (10, 10, 100, 60))
    ink[hole] = 0
    ink[25 : 25 + tall, 50:54] = ink[25 : 25 + tall, 70:74] = 255
    components = components_of(ink)
    frame = components.boxes[:, 2] == 100
    np.testing.assert_array_equal(holders(components, 30.0), frame & holds)


@pytest.mark.parametrize("text", ["204", "42"])
def test_a_frame_that_digits_touch_is_one_and_round_or_open_digits_are_none(text):
    assert holders(components_of(in_frame(text, attached=True)), 60.0).all()
    assert not holders(components_of(pen_row("012347", stroke=STROKE)), 60.0).any()


def test_usual_height_is_that_of_what_hangs_on_a_rule_where_nothing_else_is():
    rules = [(0, 40 + 60 * i, 600, 4) for i in range(3)]
    hanging = components_of(blocks((240, 600), *rules, (200, 70, 20, 32)))
    assert usual_height(hanging, 4) == 34
    assert usual_height(components_of(blocks((240, 600), *rules)), 4) == pytest.approx(0.6 * 240)


def test_squares_of_a_whole_page_are_not_filled():
    lines = [(0, 24 * i, 960, 3) for i in range(30)] + [(24 * i, 0, 3, 720) for i in range(40)]
    assert not filled(components_of(blocks((720, 960), *lines)), 3, 40).any()
    assert filled(components_of(blocks((720, 960), (0, 300, 960, 200))), 3, 40).all()


def test_small_squares_are_woven_however_much_they_fill():
    mesh = [(0, 9 * i, 960, 4) for i in range(60)] + [(9 * i, 0, 4, 540) for i in range(106)]
    found = components_of(blocks((720, 960), *mesh, (0, 600, 960, 100)))
    assert filled(found, 4, 40).all()
    assert woven(found, np.array([True, True]), 4, 40).tolist() == [True, False]
    assert not woven(found, np.array([False, False]), 4, 40).any()


def test_bold_digits_among_thin_ones_are_not_filled():
    ink = np.hstack([pen_row("24", stroke=4), pen_row("00", gap=0.6, stroke=20)])
    blot = np.zeros_like(ink)
    cv2.ellipse(blot, (60, 50), (22, 30), 0, 0, 360, 255, cv2.FILLED)
    found = components_of(ink)
    assert len(found) == 4
    assert not filled(found, 4, 60).any()
    assert filled(components_of(blot), 4, 60).all()
    # What is much larger than the writing is no digit of it.
    bold = found.boxes[:, 2] > 50
    assert (filled(found, 4, 20) == bold).all()


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


def test_what_leaves_the_picture_and_is_far_too_tall_is_no_glyph():
    digits = [(160 + 50 * i, 90, 30, 60) for i in range(4)]
    desk = [(0, 0, 20, 480), (0, 0, 120, 8), (0, 300, 90, 8)]
    writing = blocks((480, 640), *digits)
    assert (kept(blocks((480, 640), *digits, *desk)) == kept(writing)).all()


def test_parts_of_an_outline_are_edges_beside_the_height_of_the_writing():
    parts = blocks((360, 320), (0, 0, 6, 360), (314, 60, 6, 300), (200, 354, 120, 6))
    assert not kept(parts, height=60).any()
    assert kept(parts, height=360).any()


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


def test_digits_are_plausible():
    ink = pen_row("2034712", stroke=STROKE)
    assert (kept(ink) == ink).all()


def test_specks_go_and_dots_stay():
    ink = blocks((80, 100), (20, 20, 5, 40), (40, 40, 2, 2), (50, 55, 5, 5))
    left = kept(ink)
    assert not left[38:44, 38:44].any()
    assert left[55:60, 50:55].all()


def test_a_one_is_no_slab_where_most_ink_is_thinner():
    ink = blocks((120, 120), (20, 20, 8, 60), (60, 20, 8, 60))
    assert (kept(ink, stroke=1.0, height=60.0) == ink).all()


@pytest.mark.parametrize("side", [40, 90])
def test_slabs_go(side):
    ink = np.pad(pen_row("204", stroke=STROKE), ((0, 0), (0, 200)))
    slab = np.zeros_like(ink)
    slab[20 : 20 + side, 250 : 250 + side] = 255
    assert (kept(ink | slab) == ink).all()


def test_thick_frames_go_though_they_are_hollow():
    digits = np.pad(pen_row("204", stroke=STROKE), ((0, 100), (0, 240)))
    frame = np.zeros_like(digits)
    left = digits.shape[1] - 220
    frame[10:210, left : left + 200] = 255
    frame[45:175, left + 35 : left + 165] = 0
    assert (kept(digits | frame) == digits).all()


def test_edge_of_the_paper_goes_and_a_digit_at_the_border_stays():
    digits = np.pad(pen_row("204", height=40, stroke=STROKE), ((60, 60), (0, 200)))
    digits[100:140, -5:] = 255
    edge = np.zeros_like(digits)
    cv2.line(edge, (0, 30), (digits.shape[1] - 1, 45), 255, 3)
    assert (kept(digits | edge) == digits).all()


def test_long_line_inside_the_picture_is_not_an_edge():
    ink = np.pad(pen_row("204", height=40, stroke=STROKE), 60)
    cv2.line(ink, (20, 30), (ink.shape[1] - 21, 30), 255, 4)
    assert (kept(ink) == ink).all()


@pytest.mark.parametrize("width", [5, 14])
def test_dotted_and_dashed_rules_go(width):
    digits = pen_row("2047", stroke=STROKE, margin=40)
    dots = np.zeros_like(digits)
    for x in range(10, dots.shape[1] - 25, width + 10):
        dots[112:117, x : x + width] = 255
    assert (kept(digits | dots) == digits).all()


def test_upright_dotted_rules_go():
    digits = pen_row("2047", stroke=STROKE, margin=40)
    dots = np.zeros_like(digits)
    for y in range(10, dots.shape[0] - 10, 14):
        dots[y : y + 5, 12:17] = 255
    assert (kept(digits | dots) == digits).all()


@pytest.mark.parametrize("count", [2, DOTS - 1])
def test_a_few_dots_are_kept(count):
    ink = pen_row("2047", stroke=STROKE, margin=40)
    for i in range(count):
        ink[112:117, 20 + 15 * i : 25 + 15 * i] = 255
    assert (kept(ink) == ink).all()


def test_dots_at_uneven_distances_are_no_rule():
    ink = pen_row("2047", stroke=STROKE, margin=40)
    for x in (12, 30, 75, 87, 150, 230, 242):
        ink[112:117, x : x + 5] = 255
    assert (kept(ink) == ink).all()


def test_only_the_largest_components_are_kept():
    ink = blocks((60, 300), *[(10 + 20 * i, 5, 4, 10 + 3 * i) for i in range(12)])
    few = plausible(components_of(ink), 4.0, 30.0, replace(SETTINGS, max_components=5))
    assert isinstance(few, Components)
    assert sorted(few.boxes[:, 3]) == [31, 34, 37, 40, 43]
    assert (np.diff(few.ids) > 0).all()
    assert len(few.ids) == len(few.boxes) == len(few.areas)


def grainy(width: int, height: int, seed: int = 0) -> np.ndarray:
    """Return a streak of grain, thick in the middle and with holes, uint8 (h + 20, w + 40)."""
    ink = np.zeros((height + 20, width + 40), np.uint8)
    middle = (20 + width // 2, 10 + height // 2)
    cv2.ellipse(ink, middle, (width // 2, height // 2), 0, 0, 360, 255, -1)
    holes = np.random.default_rng(seed).random(ink.shape) < 0.1
    ink[holes] = 0
    return ink


def test_streaks_are_left_out():
    assert not kept(grainy(160, 24), height=40.0).any()
    edge = np.zeros((60, 420), np.uint8)
    cv2.line(edge, (10, 20), (400, 40), 255, 4)
    assert not kept(edge, height=40.0).any()


def test_dashes_and_joined_digits_are_no_streaks():
    dash = blocks((40, 120), (20, 15, 60, STROKE + 3))
    assert (kept(dash, height=40.0) == dash).all()
    joined = pen_row("04040", 40, gap=-0.06, stroke=STROKE)
    assert len(components_of(joined)) == 1
    assert (kept(joined, height=40.0) == joined).all()
