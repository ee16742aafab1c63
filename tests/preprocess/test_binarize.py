"""Binarize: grain in figures, hysteresis, stroke width, levels that follow the pen."""

import numpy as np
import pytest
from factories import blocks, on_paper, pen_row

from camdigits.preprocess.binarize import (
    InkSettings,
    find_ink,
    ink_level,
    local_grain,
    measure_grain,
    stroke_width,
)
from camdigits.preprocess.lighting import darkness, look_at
from camdigits.segment.components import find_components

SETTINGS = InkSettings()


def dark_ink(gray: np.ndarray) -> np.ndarray:
    return darkness(gray, look_at(gray))


def test_grain_of_known_pixels():
    dark = np.zeros((10, 10), np.uint8)
    dark[:, :] = np.repeat([4, 6, 8, 10, 12], 20).reshape(10, 10)
    dark[0, 0] = 200
    grain = measure_grain(dark)
    assert grain.median == 8
    assert grain.spread == pytest.approx(1.4826 * 2)
    assert grain.darkest == 200


def test_grain_keeps_below_the_darkest_half_percent_of_ink():
    dark = np.zeros((100, 100), np.uint8)
    dark[:2, :20] = 180
    assert measure_grain(dark).darkest == 0
    dark[:2] = 180
    assert measure_grain(dark).darkest == 180


def test_grain_of_large_pictures_comes_from_a_sample():
    dark = np.random.default_rng(0).integers(10, 31, (600, 600)).astype(np.uint8)
    grain = measure_grain(dark)
    assert grain.median == pytest.approx(20, abs=1)
    assert grain.spread == pytest.approx(1.4826 * 5, abs=1.5)
    assert grain.darkest == 30


def test_local_grain_is_that_of_the_quietest_cell_around():
    dark = np.full((480, 480), 10, np.uint8)
    rough = np.random.default_rng(0).normal(30, 5, (480, 240)).clip(0, 255)
    dark[:, 240:] = rough.astype(np.uint8)
    grain = local_grain(dark)
    assert grain.shape == (30, 30)
    assert (grain[:, :15] == 10).all()
    assert grain[:, 20:].mean() == pytest.approx(51, abs=5)


def test_noise_in_dim_light_is_not_ink_and_writing_in_it_is():
    rng = np.random.default_rng(0)
    gray = on_paper(pen_row("2047", height=80, stroke=6), paper=100, pen=40)
    sheet = np.full((400, 700), 100.0)
    sheet[:140, : gray.shape[1]] = gray
    noisy = (sheet + rng.normal(0, 6, sheet.shape)).clip(0, 255).astype(np.uint8)
    ink = find_ink(dark_ink(noisy), SETTINGS)
    assert np.count_nonzero(ink.mask[160:]) < 0.005 * ink.mask[160:].size
    assert (
        len(find_components(ink.mask[:140, : gray.shape[1]], ink.strong[:140, : gray.shape[1]]))
        >= 4
    )


def test_stroke_width_is_the_median_run_along_rows():
    bars = np.zeros((60, 40), np.uint8)
    for bar, width in enumerate((3, 3, 3, 9, 20)):
        bars[12 * bar : 12 * bar + 10, 5 : 5 + width] = 255
    assert stroke_width(bars) == 3.0


def test_stroke_width_counts_runs_at_both_borders():
    bars = np.zeros((12, 10), np.uint8)
    bars[:6, :4] = bars[6:, 4:] = 255
    assert stroke_width(bars) == 5.0


@pytest.mark.parametrize(("lean", "width"), [(0, 20), (2, 20), (5, 4)])
def test_stroke_width_of_what_lies_is_the_median_run_down(lean, width):
    strokes = np.zeros((60, 400), np.uint8)
    for row in range(60):  # by so many columns a row they lean
        strokes[row, lean * row : lean * row + 20] = 255
    assert stroke_width(strokes) == width


def test_stroke_width_of_empty_and_full_masks():
    assert stroke_width(np.zeros((4, 4), np.uint8)) == 0.0
    assert stroke_width(np.full((4, 7), 255, np.uint8)) == 7.0


def test_stroke_width_of_tall_masks_is_of_their_rows():
    mask = np.zeros((2000, 30), np.uint8)
    mask[:, 10:16] = 255
    assert stroke_width(mask) == 6.0


@pytest.mark.parametrize("width", [3, 6])
def test_ink_of_bars_is_the_bars(width):
    bars = blocks((120, 160), (40, 30, width, 60), (80, 30, width, 60))
    ink = find_ink(np.where(bars > 0, np.uint8(180), np.uint8(0)), SETTINGS)
    assert (ink.mask == bars).all()
    assert ink.stroke == width


def test_level_follows_the_darkest_ink_nearby():
    dark = np.zeros((600, 600), np.uint8)
    dark[100:500, 100:106] = 220
    dark[100:500, 500:506] = 80
    level = ink_level(dark)
    step = 600 / level.shape[1]
    middle = level.shape[0] // 2
    assert level[middle, round(103 / step)] == pytest.approx(220, abs=15)
    assert level[middle, round(503 / step)] == pytest.approx(80, abs=10)
    assert level[middle, round(300 / step)] == 0


def test_level_sees_hairlines():
    dark = np.zeros((500, 500), np.uint8)
    dark[:, 251] = 240
    level = ink_level(dark)
    assert level.max() >= 60


@pytest.mark.parametrize("contrast", [1.0, 0.6])
def test_faint_and_strong_pens_have_the_same_mask(contrast):
    pen = round(225 - contrast * 180)
    gray = on_paper(pen_row("2047", height=80, stroke=6), pen=pen)
    reference = find_ink(dark_ink(on_paper(pen_row("2047", height=80, stroke=6))), SETTINGS)
    mask = find_ink(dark_ink(gray), SETTINGS).mask
    both = np.count_nonzero(mask & reference.mask)
    assert both / np.count_nonzero(mask | reference.mask) > 0.9


def test_strong_ink_lies_within_the_mask():
    gray = on_paper(pen_row("2047"))
    ink = find_ink(dark_ink(gray), SETTINGS)
    assert ink.strong.any()
    assert not (ink.strong & ~ink.mask).any()


def test_pale_ink_stays_only_where_it_hangs_on_strong_ink():
    dark = blocks((240, 240), (60, 50, 6, 100), (80, 50, 6, 100)) // 255 * np.uint8(200)
    pale = round(200 * (SETTINGS.low + SETTINGS.high) / 2)
    dark[80:84, 66:72] = pale
    dark[110:116, 70:76] = pale
    ink = find_ink(dark, SETTINGS)
    found = find_components(ink.mask, ink.strong).mask
    assert found[82, 69] == 255
    assert ink.mask[113, 73] == 255
    assert found[113, 73] == 0


def test_grain_of_paper_is_not_ink():
    rng = np.random.default_rng(1)
    gray = np.clip(rng.normal(200, 4, (300, 300)), 0, 255).astype(np.uint8)
    ink = find_ink(dark_ink(gray), SETTINGS)
    assert np.count_nonzero(ink.mask) < 0.002 * ink.mask.size


def test_empty_paper_has_no_ink():
    ink = find_ink(np.zeros((50, 70), np.uint8), SETTINGS)
    assert not ink.mask.any()
    assert not ink.strong.any()
    assert ink.stroke == 0.0


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (3, 900)])
def test_slivers_keep_their_shape(shape):
    ink = find_ink(np.full(shape, 90, np.uint8), SETTINGS)
    assert ink.mask.shape == ink.strong.shape == ink.level.shape == shape
