"""Numbers that someone has drawn a ring around are read like others."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from pictures import draw_number
from prints import draw, ink_box

from camdigits.reader import Reader

PEN = (30, 30, 30)


def ringed(text: str, end: float = 360) -> np.ndarray:
    """Return a number in a ring up to an ``end`` (degrees), uint8 BGR."""
    number = draw_number(text)
    picture = cv2.copyMakeBorder(number, 0, 0, 60, 60, cv2.BORDER_REPLICATE)
    x, y, width, height = ink_box(picture, 245)
    axes = (round(0.57 * width) + 35, 85)
    cv2.ellipse(picture, (x + width // 2, y + height // 2), axes, 0, 0, end, PEN, 6, cv2.LINE_AA)
    return picture


@pytest.mark.parametrize("text", ["1", "4", "24", "20743"])
@pytest.mark.parametrize("end", [330, 360])
def test_a_number_in_a_ring_is_read_alone(reader: Reader, text: str, end: float) -> None:
    page = reader.read(ringed(text, end))
    assert page.text == text


def test_numbers_beside_ringed_ones_are_read_too(reader: Reader) -> None:
    picture = draw([("274", 60, 60), ("35", 330, 60), ("96", 560, 60)], (800, 200), font=70)
    cv2.ellipse(picture, (375, 100), (85, 65), 0, 20, 375, PEN, 5, cv2.LINE_AA)
    assert reader.read(picture).text == "274 35 96"


@pytest.mark.parametrize("dot", [0, 5])
def test_a_zero_is_no_ring(reader: Reader, dot: int) -> None:
    picture = draw_number("204")
    x, y, width, height = ink_box(picture, 245)
    if dot:
        cv2.circle(picture, (x + width // 2, y + height // 2), dot, PEN, -1)
    assert reader.read(picture).text == "204"
