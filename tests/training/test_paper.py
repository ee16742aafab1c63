"""Paper: pictures of writing keep its place, whatever lies around it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camdigits.reading import Box
from camdigits.training import remnants
from camdigits.training.paper import creased, photograph
from camdigits.training.paper_style import KINDS, PaperStyle
from camdigits.training.patterns import guilloche, noise


def bars(height=60, width=140) -> np.ndarray:
    """Three upright bars, 40 px tall where there is room."""
    ink = np.zeros((height, width), np.uint8)
    for left in (30, 60, 90):
        ink[10:50, left : left + 8] = 255
    return ink


def generator(seed=0):
    return np.random.default_rng(seed)


def test_clean_picture_is_paper_times_what_ink_leaves():
    ink = np.array([[0, 255, 51]], np.uint8)
    picture = photograph(ink, generator(), PaperStyle(tone=200.0, pen=0.5))
    np.testing.assert_array_equal(picture, [[200, 100, 180]])


def test_clean_chalk_is_light_on_dark():
    ink = np.array([[0, 255]], np.uint8)
    picture = photograph(ink, generator(), PaperStyle(kind="chalk", tone=55.0, pen=0.5))
    np.testing.assert_array_equal(picture, [[55, 155]])


@pytest.mark.parametrize("kind", KINDS)
def test_ink_stands_out_of_every_kind_of_paper(kind):
    ink = bars()
    before = ink.copy()
    for seed in range(25):
        rng = generator(seed)
        style = PaperStyle.random(rng, kind)
        assert style.kind == kind
        picture = photograph(ink, rng, style).astype(float)
        beside = [np.median(picture[np.roll(ink, shift, axis=1) > 0]) for shift in (-15, 15)]
        contrast = np.mean(beside) - np.median(picture[ink > 0])
        assert contrast > 8 if kind != "chalk" else contrast < -8
    np.testing.assert_array_equal(ink, before)


@settings(max_examples=80, derandomize=True)
@given(
    st.tuples(st.integers(1, 90), st.integers(1, 200)),
    st.sampled_from(KINDS),
    st.floats(8.0, 90.0),
    st.booleans(),
    st.integers(0, 10_000),
)
def test_any_size_gives_a_grey_picture_of_that_size(shape, kind, size, blank, seed):
    ink = np.zeros(shape, np.uint8)
    if not blank:
        ink[shape[0] // 3 :: 2, shape[1] // 3 :: 3] = 255
    rng = generator(seed)
    picture = photograph(ink, rng, PaperStyle.random(rng, kind, size=size))
    assert picture.shape == ink.shape
    assert picture.dtype == np.uint8


def test_binary_is_black_and_white_only():
    picture = photograph(bars(), generator(3), PaperStyle.random(generator(3), "binary"))
    assert set(np.unique(picture)) == {0, 255}


def test_lines_that_were_taken_away_take_strokes_with_them():
    style = PaperStyle(kind="form", pen=1.0, frame=1.0, squares=1.0)
    drawn, left, strokes = 0, 0, 0
    for seed in range(10):
        whole = photograph(bars(), generator(seed), style) < 128
        erased = photograph(bars(), generator(seed), replace(style, erased=True)) < 128
        ink = bars() > 0
        assert not (erased & ~whole).any()
        assert whole[ink].all()
        drawn, left = drawn + (whole & ~ink).sum(), left + (erased & ~ink).sum()
        assert erased[ink].mean() > 0.2
        strokes += (ink & ~erased).sum()
    assert 0 < left < 0.5 * drawn
    assert strokes > 0


def test_same_seed_same_picture():
    first, again, other = (photograph(bars(), generator(seed)) for seed in (7, 7, 8))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_unknown_kind_is_named():
    with pytest.raises(ValueError, match="papyrus"):
        PaperStyle.random(generator(), "papyrus")


def test_patterns_and_texture_stay_below_the_ink():
    for seed in range(300):
        style = PaperStyle.random(generator(seed), "cheque")
        assert 0 < style.pattern <= 0.5 * style.pen
        assert style.noise <= 0.15 * style.pen * style.tone


@pytest.mark.parametrize("seed", range(30))
def test_guilloche_is_a_share_of_light(seed):
    print_ = guilloche(generator(seed), 50, 200, 40.0)
    assert print_.shape == (50, 200)
    assert print_.dtype == np.float32
    assert 0.0 <= print_.min() < print_.max() <= 1.31
    assert print_.std() > 0.03


@pytest.mark.parametrize("scale", [1.0, 2.5, 12.0])
def test_noise_has_its_scale(scale):
    field = noise(generator(1), 200, 300, scale)
    assert field.shape == (200, 300)
    assert abs(field.mean()) < 0.3
    assert 0.5 < field.std() < 1.2
    step = np.abs(np.diff(field, axis=1)).mean() / field.std()
    assert (step > 1.0) == (scale == 1.0)


def sheet() -> remnants.Sheet:
    ink = bars()
    return remnants.Sheet(np.zeros_like(ink), ink, Box(30, 10, 68, 40), 40.0)


@pytest.mark.parametrize(
    "draw",
    [
        remnants.rules,
        remnants.squares,
        remnants.frame,
        remnants.cells,
        remnants.margin,
        remnants.words,
        remnants.residue,
    ],
)
def test_remnants_draw_in_their_layer_up_to_their_strength(draw):
    strongest = 0
    for seed in range(30):
        paper = sheet()
        draw(paper, generator(seed), 120)
        strongest = max(strongest, int(paper.layer.max()))
        np.testing.assert_array_equal(paper.ink, bars())
    assert 100 <= strongest <= 121


def test_rules_come_whole_dashed_and_worn():
    whole = dashed = worn = 0
    for seed in range(60):
        paper = sheet()
        remnants.rules(paper, generator(seed), 255)
        drawn = np.pad(paper.layer.max(axis=0) > 0, 1).astype(int)
        begins, ends = (np.flatnonzero(np.diff(drawn) == step) for step in (1, -1))
        inner = (ends - begins)[1:-1]  # the picture cuts the others
        whole += len(begins) == 1
        dashed += len(inner) > 1 and np.ptp(inner) <= 1
        worn += len(inner) > 1 and np.ptp(inner) > 2
    assert min(whole, dashed, worn) >= 8


def test_residue_keeps_to_the_edges():
    for seed in range(30):
        paper = sheet()
        remnants.residue(paper, generator(seed), 255)
        assert not paper.layer[10:50].any()


def test_cell_dividers_stand_in_the_gaps():
    for seed in range(30):
        paper = sheet()
        remnants.cells(paper, generator(seed), 255)
        inside = paper.layer[25, 30:98] > 128
        if inside.any() and not inside[:8].any():
            columns = set(30 + np.flatnonzero(inside))
            assert columns & {48, 49, 50}
            break
    else:
        pytest.fail("no frame with dividers in the gaps was drawn")


def test_folds_are_straight_and_leave_sides_of_even_light() -> None:
    blank = np.full((200, 300), 200, np.uint8)
    for seed in range(12):
        seen = creased(blank, generator(seed), 30.0)
        assert seen.shape == blank.shape
        steps = np.abs(np.diff(seen.astype(int), axis=0)).max(axis=0)
        steps = np.concatenate([steps, np.abs(np.diff(seen.astype(int), axis=1)).max(axis=1)])
        assert steps.any()
        _, count = np.unique(seen, return_counts=True)
        assert np.sort(count)[-7:].sum() > 0.5 * seen.size  # three folds have up to seven sides
