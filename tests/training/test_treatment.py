"""Treatments: glyphs scaled, slanted and inked anew, thicker or thinner, cut to their ink."""

from __future__ import annotations

import numpy as np
import pytest

from camdigits.training.treatment import Treatment, change_thickness, crop_to_ink, stroke_width


def test_treatment_scales_slants_and_never_repeats() -> None:
    stem = np.full((20, 3), 255, np.uint8)
    rng = np.random.default_rng(0)
    upright = [Treatment(unrest=0.3).apply(stem, 40.0, rng) for _ in range(5)]
    assert all(36 <= glyph.shape[0] <= 45 for glyph in upright)
    assert len({glyph.tobytes() for glyph in upright}) == 5
    slanted = Treatment(slant=0.5, unrest=0.0).apply(stem, 40.0, rng)
    assert slanted.shape[1] == pytest.approx(6 + 20, abs=3)
    rows = np.arange(slanted.shape[1]) @ slanted.T / slanted.sum(axis=1)
    assert rows[2] > rows[-3]


@pytest.mark.parametrize("pixels", [-1.0, 0.0, 0.5, 1.0, 2.0])
def test_thickness_changes_by_the_given_pixels(pixels: float) -> None:
    stem = np.zeros((60, 40), np.uint8)
    stem[5:55, 15:22] = 255
    changed = change_thickness(stem, pixels).astype(float)[30].sum() / 255
    assert changed == pytest.approx(7 + pixels, abs=0.6)


def test_thinning_never_wipes_out_a_hairline() -> None:
    hairline = np.zeros((40, 20), np.uint8)
    hairline[5:35, 10] = 255
    np.testing.assert_array_equal(change_thickness(hairline, -2.0), hairline)


def test_crops_are_tight_and_drop_faint_fringes() -> None:
    picture = np.full((20, 20), 30, np.uint8)
    picture[5:9, 6:12] = 200
    assert crop_to_ink(picture).shape == (4, 6)
    assert crop_to_ink(picture, 0.5).max() == 100


@pytest.mark.parametrize("width", [3, 5, 8])
def test_stroke_width(width: int) -> None:
    stem = np.zeros((80, 40), np.uint8)
    stem[5:75, 10 : 10 + width] = 255
    assert stroke_width(stem) == pytest.approx(width, rel=0.25)
