"""Lighting: shadows and dark desks leave the ink what it is."""

import cv2
import numpy as np
import pytest
from factories import blocks, on_paper, page, pen_row
from skimage.morphology import dilation

from camdigits.preprocess.binarize import InkSettings, find_ink
from camdigits.preprocess.lighting import (
    BACKGROUND_SIDE,
    darkness,
    dilate_disk,
    envelope_kernel,
    light_ink_evidence,
    look_at,
    paper_level,
)


def darkness_of(gray: np.ndarray) -> np.ndarray:
    return darkness(gray, look_at(gray))


def evidence(gray: np.ndarray) -> float:
    return light_ink_evidence(look_at(gray))


def mask_of(gray: np.ndarray) -> np.ndarray:
    return find_ink(darkness_of(gray), InkSettings()).mask > 0


def agreement(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum() / (one | other).sum())


@pytest.mark.parametrize("level", [1, 90, 255])
def test_even_pictures_are_paper_of_their_own_brightness(level):
    gray = np.full((60, 90), level, np.uint8)
    assert (paper_level(look_at(gray)) == level).all()
    assert not darkness_of(gray).any()


def test_darkness_is_the_share_of_light_that_the_ink_takes():
    gray = np.full((120, 160), 200, np.uint8)
    gray[50:54, 40:120] = 50
    dark = darkness_of(gray)
    assert (dark[51:53, 50:110] == 255 - round(255 * 50 / 200)).all()
    assert not dark[:30].any()


def test_large_pictures_are_looked_at_from_afar_and_small_ones_as_they_are():
    assert look_at(np.zeros((300, 1200), np.uint8)).small.shape == (100, BACKGROUND_SIDE)
    assert look_at(np.zeros((5000, 2), np.uint8)).small.shape == (BACKGROUND_SIDE, 1)
    small = np.zeros((30, BACKGROUND_SIDE), np.uint8)
    assert look_at(small).small is small


def test_ground_of_the_negative_is_the_inverted_ground():
    gray = on_paper(pen_row("20347"))
    turned, seen = look_at(gray).inverted(), look_at(255 - gray)
    assert (turned.small == seen.small).all()
    assert turned.plain == seen.plain


@pytest.mark.parametrize("light", [False, True])
def test_thick_digits_lie_on_plain_paper_and_a_card_on_a_desk(light: bool):
    thick = np.full((300, 400), 0 if light else 255, np.uint8)
    card = thick.copy()
    cv2.ellipse(thick, (200, 150), (60, 90), 20, 0, 360, 255 - int(thick[0, 0]), 60)
    corners = cv2.boxPoints(((200, 150), (220, 160), 20)).astype(np.int32)
    cv2.fillConvexPoly(card, corners, 255 - int(card[0, 0]))
    assert look_at(thick).plain == thick[0, 0]
    assert look_at(card).plain is None


@pytest.mark.parametrize("shape", [(1, 1), (10, 400), (300, 400), (400, 400)])
def test_window_is_odd_and_never_tiny(shape):
    side = envelope_kernel(shape)
    assert side % 2 == 1
    assert side >= 9


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (900, 3)])
def test_slivers_have_a_darkness_of_their_own_shape(shape):
    gray = np.full(shape, 180, np.uint8)
    assert darkness_of(gray).shape == shape


@pytest.mark.parametrize("axis", [0, 1])
def test_linear_shadow_leaves_the_mask_the_same(axis):
    gray = on_paper(pen_row("20347", height=80, stroke=7))
    length = gray.shape[axis]
    shade = np.linspace(1.0, 0.55, length)
    shade = shade[:, None] if axis == 0 else shade[None, :]
    shaded = np.round(gray * shade).astype(np.uint8)
    assert agreement(mask_of(gray), mask_of(shaded)) > 0.93


def test_dark_light_leaves_the_mask_the_same():
    gray = on_paper(pen_row("20347", height=80, stroke=7))
    assert agreement(mask_of(gray), mask_of(gray // 2)) > 0.95


def test_dark_desk_around_a_sheet_has_no_ink():
    sheet = on_paper(pen_row("2047", height=60))
    height, width = sheet.shape
    desk = np.full((height + 160, width + 200), 30, np.uint8)
    # A light line on the desk: scratches and keys are not ink on paper either.
    cv2.line(desk, (10, 10), (10, height + 100), 45, 3)
    desk[80 : 80 + height, 100 : 100 + width] = sheet
    mask = mask_of(desk)
    assert not mask[:, :60].any()
    assert not mask[:40].any()
    assert agreement(mask[110:-110, 130:-130], mask_of(sheet)[30:-30, 30:-30]) > 0.8


def test_evidence_of_light_ink_turns_round_with_the_picture():
    gray = on_paper(pen_row("20347"))
    dark, light = evidence(gray), evidence(255 - gray)
    assert dark < 0.3
    assert light > 0.7
    assert dark + light == pytest.approx(1.0)


def test_even_picture_says_nothing_about_light_ink():
    assert evidence(np.full((50, 50), 7, np.uint8)) == 0.5


@pytest.mark.parametrize("speck", [False, True])
def test_a_pool_of_light_around_pale_writing_is_no_light_ink(speck: bool):
    pale = on_paper(np.pad(pen_row("2034", 30, stroke=2), 90), 140, 115)
    rows, columns = pale.shape
    y, x = np.mgrid[:rows, :columns]
    pool = np.exp(-((x - columns / 2) ** 2 + (y - rows / 2) ** 2) / (2 * 40.0**2))
    lit = np.round(pale + 20 * pool).astype(np.uint8)
    lit[20:22, 20:22] = 60 if speck else lit[20:22, 20:22]
    assert evidence(lit) < 0.1
    assert evidence(255 - lit) > 0.9


@pytest.mark.parametrize("pen", [160, 172, 184])
def test_pale_thick_digits_on_plain_paper_are_dark_ink(pen: int):
    pale = on_paper(np.pad(pen_row("274", 150, stroke=40), 20), 200, pen)
    assert look_at(pale).plain == 200
    assert evidence(pale) < 0.1


def test_black_desk_around_a_card_is_no_evidence_of_light_ink():
    card = on_paper(pen_row("2047", height=60))
    desk = cv2.copyMakeBorder(card, 90, 90, 90, 90, cv2.BORDER_CONSTANT, value=15)
    assert evidence(desk) < 0.5


@pytest.mark.parametrize("pitch", [9, 14, 20])
def test_squares_are_no_evidence_of_light_ink(pitch):
    squared = on_paper(pen_row("2034720", height=44, stroke=4))
    squared = np.pad(squared, ((150, 150), (0, 0)), mode="edge")
    squared[::pitch, :] = np.minimum(squared[::pitch, :], 150)
    squared[:, ::pitch] = np.minimum(squared[:, ::pitch], 150)
    assert evidence(squared) < 0.4
    assert evidence(255 - squared) > 0.6


def test_edge_of_a_hard_shadow_is_no_ink():
    gray = on_paper(pen_row("2034720", height=60))
    lit = np.pad(gray, ((100, 200), (0, 0)), mode="edge")
    shadowed = lit.copy()
    shadowed[260:] = (0.3 * lit[260:]).astype(np.uint8)
    mask = mask_of(shadowed)
    assert not mask[240:260].any()
    assert not mask[263:].any()
    assert agreement(mask[:240], mask_of(lit)[:240]) > 0.95


@pytest.mark.parametrize("soft", [0.7, 3.0])
def test_edge_of_a_shadow_across_a_large_picture_is_no_ink(soft):
    height, width = 720, 1280
    rows, columns = np.mgrid[:height, :width]
    beyond = ((columns - 500.0) * 0.8 + (rows - 300.0) * 0.6) / soft
    shade = 1.0 - 0.5 * np.clip(0.5 + 0.5 * beyond, 0, 1)
    written = page([("204", 60, 60), ("170", 900, 500)], (height, width))
    lit = np.random.default_rng(3).normal(on_paper(written), 1.5)
    beside = mask_of((lit * shade).astype(np.uint8)) & (cv2.dilate(written, np.ones((9, 9))) == 0)
    assert beside.sum() < 100  # specks; the edge has thousands of pixels


def test_blocks_wider_than_the_window_are_ground_not_ink():
    gray = on_paper(blocks((400, 400), (0, 0, 200, 400)), pen=40)
    assert not mask_of(gray)[:, 20:150].any()


@pytest.mark.parametrize("side", [1, 3, 9, 29])
def test_dilation_by_a_disk_is_that_of_the_reference(side):
    picture = np.random.default_rng(side).integers(0, 256, (40, 60), np.uint8)
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    assert (dilate_disk(picture, side) == dilation(picture, disk, mode="nearest")).all()
