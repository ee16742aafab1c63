"""Squared paper: its lines go, what is written on them stays; other paper stays as it is."""

import cv2
import numpy as np
import pytest
from factories import pen_row

from camdigits.preprocess.grid import without_grid

GRID, PEN = 60, 150  # darkness


def squared(shape: tuple[int, int], pitch: int = 30, lean: float = 0.0) -> np.ndarray:
    """Return the darkness of blank squared paper, uint8 (h, w)."""
    height, width = shape
    paper = np.zeros(shape, np.uint8)
    for y in range(pitch // 2, height, pitch):
        cv2.line(paper, (0, y), (width - 1, round(y + lean * width)), GRID, 1)
    for x in range(pitch // 2, width, pitch):
        cv2.line(paper, (x, 0), (round(x - lean * height), height - 1), GRID, 1)
    return paper


def on(paper: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """Return ``ink`` (255 on 0) written on paper: each takes its share of the light."""
    light = (255.0 - paper) * (255.0 - ink / 255.0 * PEN) / 255.0
    return np.round(255 - light).astype(np.uint8)


@pytest.mark.parametrize("lean", [0.0, 0.01])
def test_squares_go_and_digits_stay(lean):
    digits = pen_row("2047", height=60, stroke=5, margin=60)
    left = without_grid(on(squared(digits.shape, lean=lean), digits))
    assert left[digits == 0].mean() < 1.5
    assert (left[digits == 0] > 0.4 * PEN).mean() < 0.002
    assert np.median(left[digits == 255]) == pytest.approx(PEN, abs=6)
    assert (left[digits == 255] > 0.6 * PEN).mean() > 0.98


@pytest.mark.parametrize(
    "paper",
    [
        np.zeros((120, 300), np.uint8),
        np.repeat(squared((120, 300))[:, :1], 300, axis=1),
        np.repeat(squared((120, 300))[:1], 120, axis=0),
        np.random.default_rng(0).integers(0, 40, (120, 300)).astype(np.uint8),
    ],
    ids=["blank", "ruled", "columns", "grain"],
)
def test_other_paper_stays_as_it_is(paper):
    assert (without_grid(paper) == paper).all()


def test_digits_alone_stay_as_they_are():
    ink = pen_row("2034712", height=60, stroke=5)
    assert (without_grid(ink) == ink).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (40, 40)])
def test_small_pictures_stay_as_they_are(shape):
    assert not without_grid(np.zeros(shape, np.uint8)).any()
