"""Short strings among things are doubted, those on even ground are not."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from factories import components_of, on_paper, pen_row

from camdigits.reading import Box, Digit, DigitString
from camdigits.recognize.surroundings import (
    SHORT,
    UNLIKELIER,
    doubt_on_uneven_ground,
    holds_writing,
)

THRESHOLD = 0.9
BOXES = [Box(30, 30, 36, 60), Box(87, 30, 36, 60)]


def string(*boxes: Box) -> DigitString:
    """Return a string of zeros at ``boxes``, accepted at 0.95."""
    corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    digits = tuple(Digit(0, 0.95, box) for box in boxes)
    return DigitString("0" * len(boxes), 0.95, True, 0, boxes[0], corners, digits)


def doubted(gray: np.ndarray, ink: np.ndarray, *boxes: Box) -> DigitString:
    (result,) = doubt_on_uneven_ground([string(*boxes)], gray, components_of(ink), THRESHOLD)
    return result


def scene(ink: np.ndarray) -> np.ndarray:
    """Return ``ink`` among things as dark and as light, each larger than a stroke."""
    things = np.random.default_rng(2).uniform(0, 1, ink.shape).astype(np.float32)
    things = cv2.GaussianBlur(things, (0, 0), 6)
    low, high = np.percentile(things, (5, 95))
    light = 60 + 160 * np.clip((things - low) / (high - low), 0, 1)
    return np.where(ink > 0, 60, light).astype(np.uint8)


@pytest.mark.parametrize("paper", [225, 120])
@pytest.mark.parametrize("boxes", [BOXES, BOXES[:1]])
def test_digits_on_paper_are_as_sure_as_before(paper: int, boxes: list[Box]) -> None:
    ink = pen_row("00")
    gray = on_paper(ink, paper=paper)
    assert doubted(gray, ink, *boxes) == string(*boxes)


def test_what_else_is_written_or_casts_a_shade_is_no_uneven_ground() -> None:
    ink = pen_row("000", gap=0.25)
    fading = np.linspace(1, 0.7, ink.shape[1], dtype=np.float32)
    gray = (on_paper(ink) * fading).astype(np.uint8)
    middle = Box(81, 30, 36, 60)
    assert doubted(gray, ink, middle) == string(middle)


def test_digits_among_things_are_less_likely_by_a_factor() -> None:
    ink = pen_row("00")
    found = doubted(scene(ink), ink, *BOXES)
    assert found.confidence == pytest.approx(0.95 / (0.95 + 0.05 * UNLIKELIER))
    assert not found.accepted


def test_a_blot_whose_edges_fade_is_doubted() -> None:
    ink = pen_row("00")
    soft = cv2.GaussianBlur(cv2.dilate(ink, np.ones((13, 13), np.uint8)), (0, 0), 3)
    gray = (225 - 0.7 * soft).astype(np.uint8)
    assert doubted(gray, ink, *BOXES).confidence < 0.6


def test_ground_that_varies_beyond_the_rim_is_uneven() -> None:
    ink = pen_row("0", margin=40)
    gray = on_paper(ink)
    gray[:, 82:] = 60
    box = Box(40, 40, 36, 60)
    assert not doubted(gray, ink, box).accepted
    # A desk that is ink, but no glyph, is no ground.
    desk = ink.copy()
    desk[:, 82:] = 255
    glyphs = components_of(desk)
    glyphs = glyphs.chosen(glyphs.boxes[:, 0] < 60)
    assert doubt_on_uneven_ground([string(box)], gray, glyphs, THRESHOLD) == [string(box)]


def test_ground_in_the_shade_that_is_darker_than_the_ink_tells_nothing() -> None:
    ink = pen_row("0")
    gray = on_paper(ink, pen=150).astype(np.float32)
    gray[:, :24] *= 0.3
    gray[:, 70:] *= 0.3
    box = Box(30, 30, 36, 60)
    assert doubted(gray.astype(np.uint8), ink, box) == string(box)


def test_a_sure_number_tells_of_writing() -> None:
    three = string(*BOXES, BOXES[0])
    assert holds_writing([string(*BOXES), three])
    assert not holds_writing([string(*BOXES), replace(three, accepted=False)])
    assert not holds_writing([])


def test_long_strings_are_believed() -> None:
    ink = pen_row("00")
    many = BOXES * SHORT
    assert doubted(scene(ink), ink, *many) == string(*many)


def test_ink_that_fills_all_around_tells_nothing() -> None:
    ink = np.full((80, 80), 255, np.uint8)
    gray = np.full((80, 80), 40, np.uint8)
    box = Box(20, 20, 20, 40)
    assert doubted(gray, ink, box) == string(box)


def test_of_nothing_comes_nothing() -> None:
    blank = np.full((40, 40), 200, np.uint8)
    assert doubt_on_uneven_ground([], blank, components_of(np.zeros_like(blank)), 0.9) == []
