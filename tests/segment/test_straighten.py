"""Straighten: level, upright, one size, and every pixel's way back to the picture."""

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from factories import as_ink, blocks, components_of, pen_row

from camdigits.preprocess.binarize import Ink, InkSettings
from camdigits.segment.lines import TextLine
from camdigits.segment.settings import SegmentSettings
from camdigits.segment.straighten import (
    LONGEST_LINE,
    STEEPEST_SLANT,
    LineImage,
    slant_of,
    straighten,
)

SETTINGS = SegmentSettings()


def bars(slant: float, height: int = 60, width: int = 5, count: int = 4) -> np.ndarray:
    """Return upright strokes that lean to the right by ``slant`` (dx per dy upward)."""
    ink = np.zeros((height + 40, 40 * count + 140), np.uint8)
    lean = slant * height
    for i in range(count):
        foot = 70 + 40 * i - lean / 2
        corners = [(foot, 20 + height), (foot + lean, 20), (foot + lean + width, 20)]
        corners.append((foot + width, 20 + height))
        cv2.fillPoly(ink, [np.round(np.array(corners) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return ink


def straight(
    ink: np.ndarray, height: float, angle: float = 0.0, stroke: float = 5.0, row: int = 0
) -> LineImage:
    components = components_of((ink > 100).astype(np.uint8) * 255)
    line = TextLine(np.arange(len(components)), angle, height, row)
    mask = components.mask
    return straighten(
        as_ink(cv2.bitwise_and(ink, mask), stroke), components, line, InkSettings(), SETTINGS
    )


def turned(ink: np.ndarray, angle: float) -> np.ndarray:
    """Return ink turned clockwise by ``angle`` radians on a larger sheet."""
    pad = max(ink.shape) // 2
    sheet = cv2.copyMakeBorder(ink, pad, pad, 20, 20, cv2.BORDER_CONSTANT, value=0)
    center = (sheet.shape[1] / 2, sheet.shape[0] / 2)
    matrix = cv2.getRotationMatrix2D(center, -math.degrees(angle), 1.0)
    return cv2.warpAffine(sheet, matrix, sheet.shape[::-1])


def back(image: LineImage, points: np.ndarray) -> np.ndarray:
    return points @ image.to_source[:, :2].T + image.to_source[:, 2]


def centers(ink: np.ndarray) -> np.ndarray:
    """Return the centers (n, 2) of the components, left to right, pixels counted from corners."""
    count, _, _, middle = cv2.connectedComponentsWithStats((ink > 100).astype(np.uint8))
    assert count > 1
    return middle[1:][np.argsort(middle[1:, 0])] + 0.5


@pytest.mark.parametrize("slant", [-0.6, -0.3, -0.1, 0.0, 0.1, 0.3, 0.6])
def test_slant_of_drawn_bars(slant):
    assert slant_of(bars(slant)) == pytest.approx(slant, abs=0.05)


def test_slant_is_bounded_and_zero_without_upright_contours():
    assert abs(slant_of(bars(1.4))) <= STEEPEST_SLANT
    assert slant_of(np.zeros((30, 30), np.uint8)) == 0.0
    assert slant_of(blocks((30, 90), (0, 10, 90, 5))) == 0.0


@pytest.mark.parametrize("height", [15, 40, 60, 160])
def test_glyphs_are_scaled_to_one_height(height):
    ink = pen_row("2047", height=height, stroke=max(2, height // 12))
    inked = np.ptp(np.flatnonzero(ink.any(axis=1))) + 1
    image = straight(ink, inked, stroke=max(3, height / 12))
    rows = np.flatnonzero((image.picture > 100).any(axis=1))
    assert np.ptp(rows) + 1 == pytest.approx(SETTINGS.glyph_height, abs=5)


@pytest.mark.parametrize("height", [24, 40, 110])
def test_boxes_of_level_digits_map_back(height):
    ink = pen_row("2047", height=height, stroke=max(2, height // 12))
    image = straight(ink, height, stroke=max(2, height / 12))
    assert np.abs(back(image, centers(image.picture)) - centers(ink)).max() < 2


@pytest.mark.parametrize("degrees", [-25, -7, 7, 25])
@pytest.mark.parametrize("slant", [0.0, 0.4])
def test_tilted_and_slanted_strokes_stand_up_and_map_back(degrees, slant):
    angle = math.radians(degrees)
    ink = turned(bars(slant), angle)
    image = straight(ink, 60.0, angle)
    assert abs(slant_of(image.picture)) < 0.06
    places = centers(image.picture)
    assert len(places) == 4
    assert np.ptp(places[:, 1]) < 2
    assert np.abs(back(image, places) - centers(ink)).max() < 2


@pytest.mark.parametrize("slant", [-0.5, 0.3])
def test_corners_of_slanted_strokes_map_back(slant):
    ink = bars(slant, height=80, width=8)
    image = straight(ink, 80.0, stroke=8.0)
    _, labels = cv2.connectedComponents((image.picture > 100).astype(np.uint8))
    first = labels == labels[labels.shape[0] // 2][labels[labels.shape[0] // 2] > 0][0]
    rows = np.flatnonzero(first.any(axis=1))
    ends = [np.flatnonzero(first[row]).mean() + 0.5 for row in (rows[0], rows[-1])]
    tip = back(image, np.array([[ends[0], rows[0]], [ends[1], rows[-1] + 1]]))
    lean = slant * 80
    expected = np.array([[74 + lean / 2, 20], [74 - lean / 2, 100]])
    assert np.abs(tip - expected).max() < 2


def test_only_the_members_of_the_line_are_in_its_picture():
    ink = blocks((100, 200), (20, 20, 6, 60), (60, 20, 6, 60), (100, 20, 6, 60))
    components = components_of(ink)
    line = TextLine(np.array([0, 2]), 0.0, 60.0, 3)
    image = straighten(as_ink(ink, 6.0), components, line, InkSettings(), SETTINGS)
    assert image.row == 3
    places = back(image, centers(image.picture))
    assert np.abs(places - np.array([[23, 50], [103, 50]])).max() < 1


def test_hairlines_are_widened_before_they_fade():
    ink = blocks((400, 300), (60, 50, 3, 300), (160, 50, 3, 300))
    picture = straight(ink, 300.0, stroke=3.0).picture
    middle = picture[picture.shape[0] // 2]
    assert (middle >= 200).sum() >= 2
    assert np.count_nonzero(middle >= 96) >= 2 * SETTINGS.thinnest * SETTINGS.glyph_height - 1


def test_gray_follows_the_level_of_the_ink():
    ink = blocks((80, 120), (20, 20, 8, 40), (60, 20, 8, 40))
    components = components_of(ink)
    line = TextLine(np.arange(2), 0.0, 40.0, 0)
    faint = Ink(ink, ink, ink // 3, np.full_like(ink, 85), ink, 8.0)
    strong = straighten(as_ink(ink, 8.0), components, line, InkSettings(), SETTINGS)
    pale = straighten(faint, components, line, InkSettings(), SETTINGS)
    assert (strong.picture == pale.picture).all()


def test_very_long_lines_are_bounded():
    ink = blocks((30, 6000), *[(40 * i + 5, 8, 3, 12) for i in range(149)])
    image = straight(ink, 12.0, stroke=3.0)
    assert image.picture.shape[1] <= LONGEST_LINE
    places = centers(image.picture)
    assert np.abs(back(image, places) - centers(ink)).max() < 2


def test_ink_at_the_corner_of_the_picture_maps_back():
    ink = blocks((60, 100), (0, 0, 6, 60), (94, 0, 6, 60))
    image = straight(ink, 60.0, stroke=6.0)
    assert np.abs(back(image, centers(image.picture)) - centers(ink)).max() < 2


@pytest.mark.parametrize("slant", [0.0, 0.3])
def test_walls_stand_between_members_of_different_cells(slant: float) -> None:
    ink = bars(slant)
    components = components_of((ink > 100).astype(np.uint8) * 255)
    line = TextLine(np.arange(len(components)), 0.0, 60.0, 0)
    cells = np.zeros(ink.shape, np.uint16)
    left = np.sort(components.boxes[:, 0])
    cells[:, : left[2] - 2] = 1
    cells[:, left[2] - 2 : left[3] - 2] = 2

    def walls(cells: np.ndarray | None) -> LineImage:
        told = replace(components, cells=cells)
        return straighten(as_ink(components.mask, 5.0), told, line, InkSettings(), SETTINGS)

    assert walls(None).walls == ()
    image = walls(cells)
    (wall,) = image.walls  # the last stands in no cell
    inked = np.flatnonzero(image.picture.max(axis=0) > 100)
    ends = inked[np.flatnonzero(np.diff(inked) > 1)]
    starts = inked[np.flatnonzero(np.diff(inked) > 1) + 1]
    assert ends[1] < wall < starts[1]
