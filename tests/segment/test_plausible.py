"""Plausible: what may be part of a glyph, and what cannot."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from factories import blocks, components_of, in_frame, pen_row

from camdigits.segment.components import Components
from camdigits.segment.plausible import DOTS, filled, plausible, woven
from camdigits.segment.settings import SegmentSettings
from camdigits.segment.sizes import usual_height

SETTINGS = SegmentSettings()
STROKE = 5


def kept(ink: np.ndarray, stroke: float = STROKE, height: float | None = None) -> np.ndarray:
    components = components_of(ink)
    tall = usual_height(components, stroke) if height is None else height
    return plausible(components, stroke, tall, SETTINGS).mask


def test_of_no_components_none_is_plausible():
    components = components_of(np.zeros((12, 9), np.uint8))
    assert len(plausible(components, 0.0, 10.0, SETTINGS)) == 0


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


def test_a_frame_is_woven_though_most_ink_is_specks_beside_which_it_is_thick():
    frame = components_of(in_frame("204", attached=True, pen=7))
    assert filled(frame, 1, 12).all()
    assert woven(frame, np.array([True]), 1, 12).all()
    slab = components_of(blocks((180, 300), (40, 40, 200, 100)))
    assert not woven(slab, np.array([True]), 1, 12).any()
    # A desk around a sheet is closed, too.
    desk = np.full((180, 300), 255, np.uint8)
    desk[12:-12, 12:-12] = 0
    assert not woven(components_of(desk), np.array([True]), 1, 12).any()


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


@pytest.mark.parametrize(
    ("size", "stays"),
    [((40, 60), True), ((50, 80), True), ((60, 60), False), ((25, 30), False), ((60, 120), False)],
)
def test_what_is_filled_stays_where_it_may_be_a_blotted_digit(size: tuple[int, int], stays: bool):
    digits = pen_row("204", stroke=4)
    left = digits.shape[1]
    ink = np.pad(digits, ((40, 40), (0, 120)))
    ink[70 : 70 + size[1], left + 10 : left + 10 + size[0]] = 255
    assert bool(kept(ink, height=60)[:, left:].any()) == stays
    assert kept(ink, height=60)[:, :left].any()
    # By itself it is a thing.
    ink[:, :left] = 0
    assert not kept(ink, height=60).any()


def test_what_leaves_the_picture_and_is_far_too_tall_is_no_glyph():
    digits = [(160 + 50 * i, 90, 30, 60) for i in range(4)]
    desk = [(0, 0, 20, 480), (0, 0, 120, 8), (0, 300, 90, 8)]
    writing = blocks((480, 640), *digits)
    assert (kept(blocks((480, 640), *digits, *desk)) == kept(writing)).all()


def test_parts_of_an_outline_are_edges_beside_the_height_of_the_writing():
    parts = blocks((360, 320), (0, 0, 6, 360), (314, 60, 6, 300), (200, 354, 120, 6))
    assert not kept(parts, height=60).any()
    assert kept(parts, height=360).any()


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


@pytest.mark.parametrize("dots", [1, 2])
def test_specks_between_digits_stay_where_they_are_a_colon(dots: int) -> None:
    ink = np.concatenate([pen_row("4"), pen_row("7")], axis=1)
    x = ink.shape[1] // 2
    for y in (50, 76)[:dots]:
        ink[y : y + 3, x : x + 3] = 255
    assert bool(kept(ink)[:, x].any()) == (dots == 2)
