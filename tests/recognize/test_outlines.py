"""Strokes have paper on both sides, outlines of things only on one."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from factories import components_of, on_paper, pen_row

from camdigits.reading import Box, Digit, DigitString
from camdigits.recognize.outlines import SHORT, without_outlines


def string(*boxes: Box) -> DigitString:
    """Return a string of ones at ``boxes``."""
    corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    digits = tuple(Digit(1, 0.9, box) for box in boxes)
    return DigitString("1" * len(boxes), 0.9, True, 0, boxes[0], corners, digits)


def edge() -> tuple[np.ndarray, np.ndarray]:
    """Return a picture of the upright edge between a dark desk and a sheet, and as ink what is a
    stroke's width of the desk beside it."""
    gray = np.full((120, 300), 60, np.uint8)
    gray[:, 100:] = 220
    ink = np.zeros_like(gray)
    ink[20:100, 94:100] = 255
    return cv2.GaussianBlur(gray, (3, 3), 0), ink


@pytest.mark.parametrize("paper", [225, 120])
def test_digits_on_paper_stay(paper: int) -> None:
    ink = pen_row("20")
    boxes = [Box(30, 30, 36, 60), Box(87, 30, 36, 60)]
    shown = [string(*boxes), string(boxes[0])]
    gray = on_paper(ink, paper=paper, pen=45)
    assert without_outlines(shown, gray, components_of(ink)) == shown


def test_the_edge_of_a_sheet_is_no_one() -> None:
    gray, ink = edge()
    assert without_outlines([string(Box(94, 20, 6, 80))], gray, components_of(ink)) == []


def test_strings_of_many_digits_are_believed() -> None:
    gray, ink = edge()
    many = string(*[Box(94, 20, 6, 80)] * (SHORT + 1))
    assert without_outlines([many], gray, components_of(ink)) == [many]


def test_a_digit_across_the_edge_of_a_shadow_stays() -> None:
    ink = pen_row("0")
    gray = on_paper(ink).astype(np.float32)
    gray[:, 48:] *= 0.5
    shown = [string(Box(30, 30, 36, 60))]
    assert without_outlines(shown, gray.astype(np.uint8), components_of(ink)) == shown


def test_digits_of_which_a_shadow_takes_the_feet_stay() -> None:
    ink = pen_row("00")
    gray = on_paper(ink).astype(np.float32)
    gray[60:] *= 0.35
    shown = [string(Box(30, 30, 36, 60), Box(87, 30, 36, 60))]
    assert without_outlines(shown, gray.astype(np.uint8), components_of(ink)) == shown


def test_pale_digits_half_in_a_deep_shadow_stay() -> None:
    ink = pen_row("00")
    gray = on_paper(ink, pen=120).astype(np.float32)
    gray[50:] *= 0.3
    shown = [string(Box(30, 30, 36, 60), Box(87, 30, 36, 60))]
    assert without_outlines(shown, gray.astype(np.uint8), components_of(ink)) == shown


def test_nothing_is_left_of_nothing() -> None:
    blank = np.full((40, 40), 200, np.uint8)
    assert without_outlines([], blank, components_of(np.zeros_like(blank))) == []
