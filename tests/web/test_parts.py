from __future__ import annotations

import cv2
import numpy as np
import pytest
from pictures import encode

from camdigits.web.parts import CROP_HEIGHT, CROP_WIDTH, crop_png, plain, within
from camdigits.web.table import png_url


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("scan 12", "scan 12"),
        ("[a](http://b)", r"\[a\]\(http\:\/\/b\)"),
        ("*_`$<:", r"\*\_\`\$\<\:"),
    ],
)
def test_plain_text_is_no_markdown(text: str, shown: str) -> None:
    assert plain(text) == shown


def decoded(png: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)


def test_a_crop_shows_the_writing_upright() -> None:
    picture = np.full((100, 100), 255, np.uint8)
    picture[20:60, 30:40] = 0  # left half of the quad, which lies on its right side
    picture[20:60, 40:50] = 128
    sideways = ((30.0, 60.0), (30.0, 20.0), (50.0, 20.0), (50.0, 60.0))
    crop = decoded(crop_png(picture, sideways))
    assert crop.shape == (26, 46)
    assert (crop[5:11, 5:41] < 10).all()
    assert (np.abs(crop[15:21, 5:41].astype(int) - 128) < 10).all()


def test_a_crop_is_bounded() -> None:
    picture = np.zeros((3000, 4000, 3), np.uint8)
    whole = ((0.0, 0.0), (4000.0, 0.0), (4000.0, 3000.0), (0.0, 3000.0))
    height, width = decoded(crop_png(picture, whole)).shape[:2]
    assert height <= CROP_HEIGHT
    assert width <= CROP_WIDTH


def test_a_crop_of_a_degenerate_quad_is_a_picture() -> None:
    point = ((5.0, 5.0), (5.0, 5.0), (5.0, 5.0), (5.0, 5.0))
    assert decoded(crop_png(np.zeros((10, 10, 3), np.uint8), point)).size


@pytest.mark.parametrize(
    ("size", "shown"), [((40, 20), (40, 20)), ((100, 200), (50, 100)), ((1, 1000), (1, 100))]
)
def test_within(size: tuple[int, int], shown: tuple[int, int]) -> None:
    assert within(np.zeros(size, np.uint8), 100, 100).shape == shown


def test_pictures_in_tables() -> None:
    assert png_url(b"") is None
    url = png_url(encode(np.zeros((2, 2), np.uint8), "PNG"))
    assert url is not None
    assert url.startswith("data:image/png;base64,")
