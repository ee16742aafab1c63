"""The gray in which writing shows: what the eye takes for gray, or one of the camera's channels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from factories import page
from hypothesis import given
from hypothesis import strategies as st

from camdigits.errors import PictureError
from camdigits.preprocess.gray import clearer_channel, to_gray

# BGR of ground and pen, and the channel that tells them apart best.
HIDDEN = {
    "yellow on white": ((240, 245, 245), (40, 220, 250), 0),
    "red on blue": ((215, 160, 130), (75, 70, 205), 0),
    "red on green": ((85, 110, 60), (80, 80, 205), 2),
    "blue on red": ((75, 70, 205), (170, 70, 50), 2),
}


def written(ground: tuple[int, ...], pen: tuple[int, ...], noise: float = 2.0) -> np.ndarray:
    """Return digits of a ``pen`` on a ``ground``, BGR, as a sensor sees them."""
    ink = page([("204", 60, 60), ("170", 300, 200)], (360, 640))[..., None] / 255
    seen = ground + ink * (np.array(pen) - ground)
    return np.clip(np.random.default_rng(0).normal(seen, noise), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("name", HIDDEN)
def test_pens_as_bright_as_the_ground_are_seen_in_a_channel(name: str) -> None:
    ground, pen, channel = HIDDEN[name]
    picture = written(ground, pen)
    shown = clearer_channel(picture)
    assert shown is not None
    assert (shown == picture[..., channel]).all()


@pytest.mark.parametrize(
    ("ground", "pen"),
    [
        pytest.param((240, 245, 245), (30, 30, 30), id="black on white"),
        pytest.param((240, 245, 245), (60, 40, 190), id="red on white"),
        pytest.param((90, 225, 250), (40, 40, 40), id="black on yellow"),
        pytest.param((60, 80, 50), (235, 240, 235), id="chalk on a board"),
        pytest.param((200, 200, 200), (200, 200, 200), id="nothing"),
    ],
)
def test_other_pens_are_seen_as_well_in_gray(ground, pen) -> None:
    picture = written(ground, pen)
    assert clearer_channel(picture) is None
    assert (to_gray(picture) == cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)).all()


@given(st.integers(1, 3), st.integers(1, 2000), st.booleans(), st.integers(0, 2**32 - 1))
def test_every_picture_has_a_gray(narrow: int, long: int, wide: bool, seed: int) -> None:
    shape = (narrow, long) if wide else (long, narrow)
    picture = np.random.default_rng(seed).integers(0, 256, (*shape, 3), np.uint8)
    gray = to_gray(picture)
    assert gray.shape == shape
    assert gray.dtype == np.uint8
    assert to_gray(gray) is gray
    assert clearer_channel(gray) is None
    channel = clearer_channel(picture)
    assert channel is None or channel.shape == shape


@pytest.mark.parametrize("shape", [(4, 4, 4), (4,), (0, 4, 3)])
def test_what_is_no_picture_says_what_came(shape: tuple[int, ...]) -> None:
    with pytest.raises(PictureError, match=r"expected .*\(height, width"):
        to_gray(np.zeros(shape, np.uint8))
