"""Sheets in a scene: where they are, and what they look like alone."""

import cv2
import numpy as np
import pytest
from factories import page

from camdigits.preprocess.sheets import Sheet, find_sheets

SIZE = (360, 480)
SHEET = np.array([(150, 90), (360, 110), (350, 270), (140, 260)])
PAPER = 215


def scene(seed: int = 0) -> np.ndarray:
    """Return boxes of all colors, one over the other, uint8 BGR (h, w, 3)."""
    rng = np.random.default_rng(seed)
    picture = np.full((*SIZE, 3), 90, np.uint8)
    for _ in range(120):
        x, y = rng.integers(0, 460), rng.integers(0, 340)
        corner = x + rng.integers(8, 60), y + rng.integers(8, 60)
        color = rng.integers(0, 160, 3).tolist()
        cv2.rectangle(picture, (int(x), int(y)), tuple(map(int, corner)), color, -1)
    return picture


def held(
    corners: np.ndarray = SHEET,
    text: str = "204",
    place: tuple[int, int] = (190, 160),
    paper: tuple[int, int, int] = (PAPER, PAPER, PAPER),
    around: np.ndarray | None = None,
) -> np.ndarray:
    """Return a sheet with a text before a scene, uint8 BGR (h, w, 3)."""
    picture = scene() if around is None else around.copy()
    cv2.fillConvexPoly(picture, corners.astype(np.int32), paper, cv2.LINE_AA)
    if text:
        picture[page([(text, *place)], SIZE) > 0] = 40
    return cv2.GaussianBlur(picture, (3, 3), 0)


def inside(corners: np.ndarray) -> np.ndarray:
    return cv2.fillConvexPoly(np.zeros(SIZE, np.uint8), corners.astype(np.int32), 1) > 0


def pixels(sheet: Sheet) -> np.ndarray:
    """Return which pixels of the picture are on a sheet, bool (h, w)."""
    places = np.indices(SIZE).reshape(2, -1).T
    rows, columns = SIZE
    on = [sheet.holds((x + 0.5) / columns, (y + 0.5) / rows) for y, x in places.tolist()]
    return np.array(on).reshape(SIZE)


def test_a_sheet_that_is_held_up_is_found_and_seen_alone():
    picture = held()
    sheet, *_ = find_sheets(picture)
    on, exact = pixels(sheet), inside(SHEET)
    assert np.count_nonzero(on & exact) > 0.9 * np.count_nonzero(on | exact)
    alone, (left, top) = sheet.alone(picture)
    rows, columns = alone.shape[:2]
    there = np.s_[top : top + rows, left : left + columns]
    ink = page([("204", 190, 160)], SIZE)[there] > 0
    assert ink.sum() == (page([("204", 190, 160)], SIZE) > 0).sum()
    assert np.array_equal(alone[ink], picture[there][ink])
    far = cv2.dilate(ink.astype(np.uint8), np.ones((5, 5), np.uint8)) == 0
    differs = np.abs(alone[far].astype(int) - PAPER)
    assert differs.max() < 60
    assert (differs > 8).mean() < 0.005  # a hair of the edge


def test_gray_pictures_and_large_ones_hold_the_same_sheets():
    picture = held()
    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    large = cv2.resize(picture, None, fx=3, fy=3, interpolation=cv2.INTER_LINEAR)
    for seen, times in ((gray, 1), (large, 3)):
        alone, (left, top) = find_sheets(seen)[0].alone(seen)
        assert alone.ndim == seen.ndim
        assert np.allclose((left, top), (times * 140, times * 90), atol=3 * times)
        assert np.allclose(alone.shape[1::-1], (times * 220, times * 180), atol=6 * times)


@pytest.mark.parametrize(
    "paper", [(215, 215, 215), (120, 210, 240), (70, 70, 70)], ids=["white", "yellow", "dark"]
)
def test_a_sheet_may_have_any_color(paper: tuple[int, int, int]):
    picture = held(text="", paper=paper)
    chalk = 255 if sum(paper) < 300 else 30
    picture[page([("204", 190, 160)], SIZE) > 0] = chalk
    assert any(
        np.count_nonzero(pixels(sheet) & inside(SHEET)) > 0.9 * np.count_nonzero(inside(SHEET))
        for sheet in find_sheets(picture)
    )


def test_color_alone_may_part_a_sheet_from_what_is_around():
    green = np.full((*SIZE, 3), (40, 150, 60), np.uint8)
    gray = int(cv2.cvtColor(green, cv2.COLOR_BGR2GRAY)[0, 0])
    picture = held(paper=(gray, gray, gray), around=green)
    assert find_sheets(picture)
    assert not find_sheets(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))


def test_a_thumb_is_no_writing_but_what_reaches_the_edge_is():
    picture = held(place=(245, 160))  # the 4 ends 8 pixels beside the edge
    cv2.ellipse(picture, (146, 200), (26, 14), 0, 0, 360, (90, 120, 170), -1)
    alone, (left, top) = find_sheets(picture)[0].alone(picture)
    dark = cv2.cvtColor(alone, cv2.COLOR_BGR2GRAY) < 150
    columns = np.flatnonzero(dark.any(axis=0)) + left
    assert columns.min() >= 243
    ink = page([("204", 245, 160)], SIZE)[top : top + len(alone), left:][:, : alone.shape[1]] > 0
    assert np.count_nonzero(dark & ink) > 0.9 * np.count_nonzero(ink)


def test_a_rule_from_side_to_side_does_not_part_a_sheet():
    ruled = held()
    cv2.line(ruled, (140, 225), (358, 232), (90, 90, 90), 2)
    sheet, *_ = find_sheets(ruled)
    assert np.count_nonzero(pixels(sheet) & inside(SHEET)) > 0.9 * np.count_nonzero(inside(SHEET))


@pytest.mark.parametrize(
    ("case", "corners"),
    [
        ("small", SHEET // 8 + 100),
        ("the whole picture", np.array([(-9, -9), (489, -9), (489, 369), (-9, 369)])),
        ("a shadow's rest", np.array([(-9, -9), (300, -9), (200, 370), (-9, 370)])),
        ("a triangle", np.array([(150, 90), (360, 110), (140, 260)])),
    ],
)
def test_what_is_no_sheet(case: str, corners: np.ndarray):
    around = np.full((*SIZE, 3), 120, np.uint8)
    assert not find_sheets(held(corners, place=(190, 130), around=around)), case


def test_a_blank_sheet_is_none():
    assert not find_sheets(held(text="", around=np.full((*SIZE, 3), 120, np.uint8)))


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (40, 1, 3), (2, 2, 3), (9, 7)])
def test_tiny_pictures_hold_none(shape: tuple[int, ...]):
    assert find_sheets(np.full(shape, 200, np.uint8)) == []
