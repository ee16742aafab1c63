"""Bands and strips: the line at half size, cut into overlapping pieces and joined again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from camdigits.segment.strips import FRAME, FRAMES, HEIGHT, WIDTH, join_frames, strips_of, to_band


def test_a_band_is_the_line_at_half_size_around_its_ink() -> None:
    line = np.zeros((50, 40), np.uint8)
    line[10:14, 8:12] = 200
    band = to_band(line)
    assert band.shape == (HEIGHT, 20)
    # The ink's two rows at half size, 5 and 6, have their mean at 5.5, which becomes row 16.
    assert np.flatnonzero(band.any(axis=1)).tolist() == [15, 16]
    assert np.flatnonzero(band.any(axis=0)).tolist() == [4, 5]
    assert band.max() == 200


def test_a_taller_line_loses_what_is_far_from_its_ink() -> None:
    line = np.zeros((200, 10), np.uint8)
    line[98:102] = 255
    line[0:2] = 10
    band = to_band(line)
    assert band.shape == (HEIGHT, 6)  # five columns make two and a half frames
    assert set(np.unique(band)) == {0, 255}


@pytest.mark.parametrize("shape", [(1, 1), (3, 400), (120, 2)])
def test_any_line_without_ink_becomes_an_empty_band(shape: tuple[int, int]) -> None:
    band = to_band(np.zeros(shape, np.uint8))
    assert band.shape[0] == HEIGHT
    assert band.shape[1] % FRAME == 0
    assert not band.any()


@given(st.integers(1, 600))
def test_strips_joined_are_the_band(frames: int) -> None:
    columns = np.arange(1, frames + 1)
    band = np.repeat((columns % 251).astype(np.uint8), FRAME)[None].repeat(HEIGHT, axis=0)
    strips = strips_of(band)
    assert strips.shape[1:] == (HEIGHT, WIDTH)
    told = strips[:, 0, ::FRAME]
    assert told.shape == (len(strips), FRAMES)
    assert join_frames(told, frames).tolist() == (columns % 251).tolist()


def test_a_short_band_is_one_strip() -> None:
    assert len(strips_of(np.zeros((HEIGHT, WIDTH), np.uint8))) == 1
    assert len(strips_of(np.zeros((HEIGHT, WIDTH + FRAME), np.uint8))) == 2
