"""Small exact pictures for the rooms of the engine: digit rows, blocks, boxes, components."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from pictures import STROKES

from camdigits.preprocess.binarize import Ink
from camdigits.reading import Box, Digit, DigitString
from camdigits.segment.components import Components, find_components

PAPER, PEN = 225, 45


class Asked:
    """Stands for the ink network: says that the darkest ink is written, or none of it, and keeps
    the shapes of what it was shown."""

    def __init__(self, written: bool = True) -> None:
        self.written = written
        self.views: list[tuple[int, ...]] = []

    def __call__(self, view: np.ndarray) -> np.ndarray:
        self.views.append(view.shape)
        darkest = cv2.compare(view, 0.7 * float(view.max()), cv2.CMP_GT)
        return darkest if self.written else np.zeros_like(view)


def pen_row(
    text: str, height: int = 60, gap: float = 0.35, stroke: int = 5, margin: int = 30
) -> np.ndarray:
    """Return ``text`` (digits of STROKES) as a row of ink: uint8 (h, w), ink 255 on 0.

    Digits are ``height`` pixels tall, 0.6 as wide, and ``gap`` heights apart.
    """
    step = round((0.6 + gap) * height)
    width = 2 * margin + len(text) * step - round(gap * height)
    ink = np.zeros((height + 2 * margin, width), np.uint8)
    for index, digit in enumerate(text):
        corner = (margin + index * step, margin)
        for points in STROKES[digit]:
            path = np.round(np.array(points) * height / 10 + corner).astype(np.int32)
            cv2.polylines(ink, [path], False, 255, stroke)
    return ink


def on_paper(ink: np.ndarray, paper: int = PAPER, pen: int = PEN) -> np.ndarray:
    """Return ``ink`` (255 on 0) as a soft-edged gray picture on paper: uint8 (h, w)."""
    soft = cv2.GaussianBlur(ink, (3, 3), 0).astype(np.float32) / 255
    return np.round(paper + (pen - paper) * soft).astype(np.uint8)


def page(
    rows: Sequence[tuple[str, int, int]], size: tuple[int, int], height: int = 40
) -> np.ndarray:
    """Return ink (h, w) of ``size`` with digit rows (text, left, top of the digits)."""
    ink = np.zeros(size, np.uint8)
    for text, left, top in rows:
        row = pen_row(text, height, stroke=4, margin=4)
        area = np.s_[top - 4 : top - 4 + row.shape[0], left - 4 : left - 4 + row.shape[1]]
        ink[area] |= row
    return ink


def blocks(size: tuple[int, int], *boxes: tuple[int, int, int, int]) -> np.ndarray:
    """Return filled boxes (x, y, width, height) as ink: uint8 (h, w), 255 on 0."""
    ink = np.zeros(size, np.uint8)
    for x, y, width, height in boxes:
        ink[y : y + height, x : x + width] = 255
    return ink


def components_of(ink: np.ndarray) -> Components:
    """Return the components of ``ink``, all of it strong."""
    return find_components(ink, ink)


def from_boxes(boxes: Sequence[tuple[int, int, int, int]]) -> Components:
    """Return components that are frames of ``boxes``: a stroke 2 pixels wide along each."""
    sides = np.array(boxes)
    bottom, right = (sides[:, 1] + sides[:, 3]).max() + 9, (sides[:, 0] + sides[:, 2]).max() + 9
    ink = np.zeros((int(bottom), int(right)), np.uint8)
    for x, y, width, height in boxes:
        cv2.rectangle(ink, (x, y), (x + width - 1, y + height - 1), 255, 1)
        cv2.rectangle(ink, (x + 1, y + 1), (x + width - 2, y + height - 2), 255, 1)
    return components_of(ink)


def as_ink(ink: np.ndarray, stroke: float) -> Ink:
    """Return ``ink`` (255 on 0) as evenly dark Ink of one level."""
    return Ink(ink, ink, ink, np.full_like(ink, 255), ink, stroke)


def in_frame(text: str, attached: bool, pen: int = 3) -> np.ndarray:
    """Return digits 60 pixels tall in strokes of 5, in a frame that is ``pen`` thick and 100 tall,
    85 where they touch it (``attached``); uint8 ink 255."""
    ink = pen_row(text, stroke=5, margin=60)
    top, left = (55 if attached else 40), 40
    cv2.rectangle(ink, (left, top), (ink.shape[1] - left, 140), 255, pen)
    return ink


def stem() -> np.ndarray:
    """Return a bar as a glyph, uint8 (40, 6) ink 255."""
    return np.full((40, 6), 255, np.uint8)


def ring() -> np.ndarray:
    """Return a frame 6 pixels thick as a glyph, uint8 (40, 24) ink 255."""
    glyph = np.full((40, 24), 255, np.uint8)
    glyph[6:-6, 6:-6] = 0
    return glyph


def slash() -> np.ndarray:
    """Return a bar that leans by 45 degrees as a glyph, uint8 (40, 44) ink 255."""
    glyph = np.zeros((40, 44), np.uint8)
    for row in range(40):
        glyph[row, 39 - row : 44 - row] = 255
    return glyph


def number(text: str, x: int, confidence: float, y: int = 50) -> DigitString:
    """Return a number whose digits are 10 pixels wide and 20 high, accepted from 0.9 on."""
    digits = tuple(
        Digit(int(value), confidence, Box(x + 10 * i, y, 10, 20)) for i, value in enumerate(text)
    )
    width = 10 * len(text)
    quad = ((x, y), (x + width, y), (x + width, y + 20), (x, y + 20))
    return DigitString(text, confidence, confidence >= 0.9, 3, Box(x, y, width, 20), quad, digits)
