"""Normalization: 20x20 box, center of mass in the middle, aspect kept, marks not blown up."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from camdigits.segment.normalize import BODY, SIDE, as_batch, normalize


def box_of(glyph: np.ndarray) -> tuple[int, int, int, int]:
    return cv2.boundingRect((glyph > 0).astype(np.uint8))


def full(height: int, width: int) -> np.ndarray:
    return np.full((height, width), 255, np.uint8)


def test_square_ink_fills_the_middle_box_exactly():
    expected = np.zeros((SIDE, SIDE), np.uint8)
    expected[4:24, 4:24] = 255
    assert (normalize(full(20, 20)) == expected).all()
    assert (normalize(full(60, 60)) == expected).all()
    assert (normalize(full(5, 5)) == expected).all()


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((40, 10), (5, 20)), ((10, 40), (20, 5)), ((60, 45), (15, 20)), ((400, 3), (1, 20))],
)
def test_aspect_is_kept(shape, expected):
    assert box_of(normalize(full(*shape)))[2:] == expected


def test_paper_around_the_ink_changes_nothing():
    rng = np.random.default_rng(5)
    ink = rng.integers(60, 256, (33, 21)).astype(np.uint8)
    padded = np.pad(ink, ((3, 40), (17, 0)))
    assert (normalize(ink) == normalize(padded)).all()


def test_center_of_mass_goes_to_the_middle():
    # An L of 20x20: the box would sit at 4, its center of mass lies left of and below the middle.
    ink = np.zeros((20, 20), np.uint8)
    ink[:, :8] = ink[12:] = 255
    mass_y, mass_x = np.argwhere(ink).mean(axis=0)
    x, y, width, height = box_of(normalize(ink))
    assert (width, height) == (20, 20)
    assert x == round(13.5 - mass_x) == 6
    assert y == round(13.5 - mass_y) == 2


def test_ink_far_off_its_box_stays_inside_the_picture():
    ink = np.zeros((100, 100), np.uint8)
    ink[:, :30] = 255
    ink[0, :] = 255
    glyph = normalize(ink)
    x, _, width, _ = box_of(glyph)
    assert (x, width) == (SIDE - 20, 20)
    assert (glyph[14, 8:14] == 255).all()


def test_least_extent_keeps_a_dot_small():
    assert box_of(normalize(full(6, 6)))[2:] == (20, 20)
    assert box_of(normalize(full(6, 6), least_extent=24))[2:] == (5, 5)
    assert (normalize(full(40, 24), least_extent=24) == normalize(full(40, 24))).all()


@pytest.mark.parametrize("level", [60, 128, 255])
def test_darkest_ink_becomes_255(level):
    ink = np.zeros((30, 30), np.uint8)
    ink[3:27, 10:20] = level
    assert (normalize(ink) == normalize(np.where(ink > 0, 255, 0).astype(np.uint8))).all()


@pytest.mark.parametrize("level", [0, 40])
def test_without_ink_the_picture_is_empty(level):
    glyph = normalize(np.full((30, 12), level, np.uint8))
    assert glyph.shape == (SIDE, SIDE)
    assert glyph.dtype == np.uint8
    assert not glyph.any()


@settings(max_examples=150)
@given(
    arrays.arrays(np.uint8, st.tuples(st.integers(1, 90), st.integers(1, 90))),
    st.sampled_from([0.0, 22.0, 200.0]),
)
def test_any_glyph_is_bounded_centered_and_as_dark_as_can_be(ink, least):
    glyph = normalize(ink, least)
    assert glyph.shape == (SIDE, SIDE)
    assert glyph.dtype == np.uint8
    if ink.max() <= 40 or ink.size < 2:
        assert not glyph.any()
        return
    assert glyph.max() == 255
    _, _, width, height = box_of(glyph)
    assert max(width, height) <= BODY
    if max(ink.shape) <= least:
        assert max(width, height) <= max(1, round(BODY * max(ink.shape) / least))
    moments = cv2.moments(glyph)
    for axis in ("m10", "m01"):
        center = moments[axis] / moments["m00"]
        # Off the middle by rounding only, or because the box meets the border.
        free = glyph[0].max() == glyph[-1].max() == glyph[:, 0].max() == glyph[:, -1].max() == 0
        assert abs(center - 13.5) <= 0.51 or not free


def test_batch_is_float_with_ink_1():
    batch = as_batch([normalize(full(20, 20)), np.zeros((SIDE, SIDE), np.uint8)])
    assert batch.shape == (2, SIDE, SIDE, 1)
    assert batch.dtype == np.float32
    assert batch[0].max() == 1.0
    assert batch[0].sum() == 400.0
    assert not batch[1].any()


def test_empty_batch_has_the_shape_of_a_batch():
    assert as_batch([]).shape == (0, SIDE, SIDE, 1)
    assert as_batch([]).dtype == np.float32
