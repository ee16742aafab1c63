"""The sheet in view: found by its outline, and read by itself."""

import cv2
import numpy as np
import pytest
from factories import components_of, on_paper, page

from camdigits.preprocess.binarize import InkSettings
from camdigits.preprocess.lighting import darkness, look_at
from camdigits.segment.sheet import find_ink_on_sheet, find_sheet

SIZE = (360, 480)
SHEET = np.array([(80, 50), (400, 70), (390, 300), (70, 290)])
PAPER, DESK = 225, 120


def lying(corners: np.ndarray, desk: int = DESK, ink: np.ndarray | None = None) -> np.ndarray:
    """Return a sheet on a desk with streaks of grain, uint8 (h, w), with ``ink`` (h, w) on it."""
    picture = np.full(SIZE, desk, np.uint8)
    rng = np.random.default_rng(0)
    for x, y in rng.integers(0, (440, 356), (160, 2)).tolist():
        picture[y : y + 3, x : x + 40] = desk // 2
    cv2.fillConvexPoly(picture, corners.astype(np.int32), PAPER)
    if ink is not None:
        picture = np.where(ink > 0, np.uint8(90), picture)
    return cv2.GaussianBlur(picture, (3, 3), 0)


def outline(corners: np.ndarray) -> np.ndarray:
    """Return the ink that the outline of a sheet leaves, bool (h, w)."""
    ink = np.zeros(SIZE, np.uint8)
    cv2.polylines(ink, [corners.astype(np.int32)], True, 255, 3)
    return ink > 0


def area(corners: np.ndarray) -> float:
    return float(cv2.contourArea(corners.astype(np.int32)))


@pytest.mark.parametrize(("corners", "least"), [(SHEET, 0.9), (0.55 * SHEET + 60, 0.85)])
def test_a_sheet_is_what_its_outline_holds(corners: np.ndarray, least: float):
    sheet = find_sheet(outline(corners), lying(corners))
    assert sheet is not None
    exact = cv2.fillConvexPoly(np.zeros(SIZE, np.uint8), corners.astype(np.int32), 255)
    assert least < (sheet & exact).astype(bool).sum() / exact.astype(bool).sum() <= 1
    assert not (sheet & ~exact).any()


def test_what_a_thick_stroke_encloses_is_no_sheet():
    ring = cv2.ellipse(np.zeros(SIZE, np.uint8), (240, 180), (120, 140), 0, 0, 360, 255, 44)
    assert find_sheet(ring > 0, np.where(ring > 0, np.uint8(40), np.uint8(PAPER))) is None


@pytest.mark.parametrize(
    ("case", "corners", "desk"),
    [
        ("a box on the paper itself", SHEET, PAPER - 5),
        ("a shadow across two borders", np.array([(-9, -9), (300, -9), (200, 370), (-9, 370)]), 90),
        ("small", SHEET // 3 + 100, DESK),
    ],
)
def test_what_is_no_sheet(case: str, corners: np.ndarray, desk: int):
    assert find_sheet(outline(corners), lying(corners, desk)) is None, case


def test_there_is_no_single_sheet_where_two_lie():
    left = np.array([(20, 40), (230, 40), (230, 320), (20, 320)])
    both = left, np.add(left, (230, 0))
    picture = np.where(np.arange(SIZE[1]) < 245, lying(both[0]), lying(both[1]))
    assert find_sheet(outline(both[0]) | outline(both[1]), picture) is None
    assert find_sheet(outline(both[0]), lying(both[0])) is not None


@pytest.mark.parametrize("width", [1, 60, 239])
def test_a_crop_holds_no_sheet(width: int):
    ink = np.zeros((90, width), bool)
    assert find_sheet(ink, np.full((90, width), PAPER, np.uint8)) is None


def read_ink(picture: np.ndarray) -> np.ndarray:
    return find_ink_on_sheet(darkness(picture, look_at(picture)), picture, InkSettings()).mask


def test_the_desk_around_a_sheet_is_no_ink():
    ink = page([("204", 150, 120), ("170", 150, 200)], SIZE)
    mask = read_ink(lying(SHEET, ink=ink))
    assert len(components_of(mask)) == 6
    assert (mask[ink > 0] > 0).mean() > 0.9


def test_the_shadow_beside_a_lit_part_is_no_desk():
    ink = page([("204", 150, 120), ("170", 150, 200), ("23", 5, 5), ("23", 300, 312)], SIZE)
    lit = cv2.fillConvexPoly(np.zeros(SIZE, np.uint8), SHEET.astype(np.int32), 1) > 0
    paper = cv2.blur(np.where(lit, np.uint8(PAPER), np.uint8(PAPER // 2)), (3, 3))
    shadowed = np.where(ink > 0, paper // 3, paper)
    assert find_sheet(outline(SHEET), shadowed) is not None
    assert (read_ink(shadowed)[ink > 0] > 0).mean() > 0.9


def test_the_desk_is_looked_at_where_nothing_stands_on_the_sheet():
    assert read_ink(lying(SHEET)).any()


def test_paper_up_to_the_borders_is_read_as_it_is():
    ink = page([("204", 150, 120)], SIZE)
    assert len(components_of(read_ink(on_paper(ink)))) == 3
