"""The contact sheet of a network's mistakes."""

from __future__ import annotations

import numpy as np

from camdigits.recognize.model import LABELS
from camdigits.training.held_out import mistakes_sheet


def test_the_sheet_shows_the_most_confident_mistakes_first() -> None:
    glyphs = np.zeros((3, 28, 28), np.uint8)
    glyphs[1], glyphs[2] = 255, 100
    probabilities = np.full((3, len(LABELS)), 0.01)
    probabilities[0, 0], probabilities[1, 1], probabilities[2, 2] = 0.88, 0.7, 0.8
    sheet = mistakes_sheet(glyphs, np.array([0, 5, 6]), probabilities)
    assert (sheet.shape, sheet.dtype) == ((84, 900, 3), np.uint8)
    # The first is right; the third is wrong with more confidence than the second.
    assert (sheet[10, 10] == 155).all()
    assert (sheet[10, 100] == 0).all()
    assert (sheet[:, 180:] == 255).all()


def test_a_flawless_model_has_an_empty_sheet() -> None:
    right = np.eye(len(LABELS))[:3]
    sheet = mistakes_sheet(np.zeros((3, 28, 28), np.uint8), np.arange(3), right)
    assert (sheet == 255).all()
