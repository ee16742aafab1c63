"""Lattice: every hypothesis has ink, every line can be walked from end to end, caps hold."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from factories import blocks, pen_row
from hypothesis import given, settings
from hypothesis import strategies as st

from camdigits.segment.lattice import Lattice, build_lattice
from camdigits.segment.normalize import normalize
from camdigits.segment.settings import SegmentSettings

SETTINGS = SegmentSettings()
HEIGHT = SETTINGS.glyph_height


def row(text: str, gap: float = 0.35) -> np.ndarray:
    return pen_row(text, height=HEIGHT - 4, gap=gap, stroke=4, margin=8)


def noise(seed: int, width: int = 2500, pale: int = 150) -> np.ndarray:
    """Return blots of gray ink: what is paler than ``pale`` of smooth noise is paper."""
    rng = np.random.default_rng(seed)
    gray = cv2.GaussianBlur(rng.integers(0, 256, (60, width)).astype(np.uint8), (5, 5), 0)
    gray = cv2.normalize(gray, None, 0, 255, cv2.NORM_MINMAX)
    return np.where(gray < pale, np.uint8(0), gray)


def everything(glyphs: np.ndarray) -> np.ndarray:
    return np.ones(len(glyphs))


def first_only() -> Callable[[np.ndarray], np.ndarray]:
    """Return a judge that is sure of the leftmost glyph alone."""
    return lambda glyphs: np.where(np.arange(len(glyphs)) == 0, 1.0, 0.0)


def assert_consistent(picture: np.ndarray, lattice: Lattice) -> None:
    count = len(lattice.spans)
    assert lattice.glyphs.shape == (count, 28, 28, 1)
    assert lattice.glyphs.dtype == np.float32
    assert lattice.boxes.shape == (count, 4)
    assert lattice.whole.shape == (count,)
    assert len(lattice.masks) == count
    assert (np.diff(lattice.cuts) > 0).all()
    edges = np.concatenate([lattice.spans, lattice.blanks])
    assert (edges[:, 0] < edges[:, 1]).all()
    assert edges.size == 0 or edges.max() < len(lattice.cuts)
    assert len(np.unique(edges, axis=0)) == len(edges)
    for glyph, box, (left, mask) in zip(lattice.glyphs, lattice.boxes, lattice.masks, strict=True):
        assert glyph.max() == 1.0
        assert mask.shape[0] == picture.shape[0]
        assert 0 <= left <= left + mask.shape[1] <= picture.shape[1]
        x, y, width, height = cv2.boundingRect(mask)
        assert width > 0
        assert (x + left, y, width, height) == tuple(box)
        ink = cv2.bitwise_and(picture[:, left : left + mask.shape[1]], mask)
        expected = normalize(ink, SETTINGS.least_scale * HEIGHT)
        assert (np.round(glyph[..., 0] * 255) == expected).all()
    assert_walkable(lattice)


def assert_walkable(lattice: Lattice) -> None:
    """Assert that spans and blanks lead from the first cut to the last."""
    if not len(lattice.cuts):
        return
    reached = {0}
    for start, end in sorted(np.concatenate([lattice.spans, lattice.blanks]).tolist()):
        if start in reached:
            reached.add(end)
    assert len(lattice.cuts) - 1 in reached


def hypothesis_of(lattice: Lattice, left: int, right: int) -> int:
    """Return the hypothesis whose box goes from column ``left`` to ``right``."""
    ends = np.stack([lattice.boxes[:, 0], lattice.boxes[:, 0] + lattice.boxes[:, 2]], axis=1)
    found = np.flatnonzero((ends == (left, right)).all(axis=1))
    assert len(found)
    return int(found[0])


@pytest.mark.parametrize("text", ["7", "20347", "00"])
@pytest.mark.parametrize("gap", [0.35, 0.05, -0.05])
def test_lattice_of_a_row_is_consistent(text, gap):
    picture = row(text, gap)
    assert_consistent(picture, build_lattice(picture, SETTINGS, with_masks=True))


def test_every_free_digit_is_a_whole_hypothesis():
    picture = row("20347")
    lattice = build_lattice(picture, SETTINGS, with_masks=True)
    count, _, stats, _ = cv2.connectedComponentsWithStats(picture)
    assert count == 1 + 5
    for x, _, width, _, area in stats[1:]:
        index = hypothesis_of(lattice, x, x + width)
        assert lattice.whole[index]
        assert np.count_nonzero(lattice.masks[index][1]) == area


def test_no_hypothesis_has_a_wide_hole():
    near = build_lattice(blocks((56, 90), (10, 8, 6, 40), (26, 8, 6, 40)), SETTINGS)
    far = build_lattice(blocks((56, 90), (10, 8, 6, 40), (40, 8, 6, 40)), SETTINGS)
    assert near.boxes[:, 2].tolist().count(22) == 1
    assert far.boxes[:, 2].max() == 6


def test_a_piece_that_reaches_far_out_is_not_taken_as_a_whole():
    # The flourish of the left glyph runs over the right one, thin, with hardly any ink.
    picture = blocks((56, 110), (10, 16, 30, 40), (30, 4, 60, 2), (60, 16, 24, 40))
    picture[4:18, 30:32] = 255
    lattice = build_lattice(picture, SETTINGS)
    first = lattice.spans[lattice.whole]
    ends = lattice.cuts[first[:, 1]]
    reach = lattice.boxes[lattice.whole][:, 0] + lattice.boxes[lattice.whole][:, 2] - ends
    assert (reach <= 0.3 * HEIGHT).all()


def test_touching_digits_are_hypotheses_in_part():
    picture = blocks((56, 100), (10, 8, 34, 40), (50, 8, 34, 40))
    picture[14:42, 16:38] = picture[14:42, 56:78] = 0
    picture[27:30, 44:50] = 255
    lattice = build_lattice(picture, SETTINGS)
    parts = lattice.boxes[~lattice.whole]
    left = (parts[:, 0] == 10) & (np.abs(parts[:, 2] - 37) <= 4)
    right = (parts[:, 0] + parts[:, 2] == 84) & (np.abs(parts[:, 2] - 37) <= 4)
    assert left.any()
    assert right.any()


def test_broken_digit_is_a_hypothesis_as_a_whole():
    picture = blocks((56, 60), (10, 8, 8, 40), (22, 8, 8, 40))
    lattice = build_lattice(picture, SETTINGS)
    assert lattice.whole[hypothesis_of(lattice, 10, 30)]
    assert lattice.whole[hypothesis_of(lattice, 10, 18)]
    assert lattice.whole[hypothesis_of(lattice, 22, 30)]


def test_no_hypothesis_spans_a_wide_hole_or_is_wider_than_allowed():
    picture = blocks((56, 300), *[(x, 8, 8, 40) for x in (10, 40, 70, 120, 150)])
    lattice = build_lattice(picture, SETTINGS)
    assert (lattice.boxes[:, 2] <= SETTINGS.widest * HEIGHT + 2).all()
    right = lattice.boxes[:, 0] + lattice.boxes[:, 2]
    assert not ((lattice.boxes[:, 0] < 78) & (right > 120)).any()


def test_spans_are_ordered_as_pairs_of_cuts():
    lattice = build_lattice(row("20347", -0.05), SETTINGS)
    assert lattice.spans.tolist() == sorted(lattice.spans.tolist())


def test_masks_are_left_out_unless_asked_for():
    lattice = build_lattice(row("203"), SETTINGS)
    assert lattice.masks == ()
    assert len(lattice.spans)


@pytest.mark.parametrize("shape", [(1, 1), (56, 1), (1, 90), (56, 90)])
def test_empty_lines_have_empty_lattices(shape):
    lattice = build_lattice(np.zeros(shape, np.uint8), SETTINGS, everything, with_masks=True)
    assert len(lattice.cuts) == len(lattice.spans) == len(lattice.blanks) == 0
    assert lattice.glyphs.shape == (0, 28, 28, 1)
    assert lattice.boxes.shape == (0, 4)


def test_sure_digits_are_neither_cut_nor_joined():
    picture = row("20347")
    free = build_lattice(picture, SETTINGS)
    settled = build_lattice(picture, SETTINGS, everything, with_masks=True)
    assert len(settled.cuts) == 6
    assert settled.spans.tolist() == [[i, i + 1] for i in range(5)]
    assert settled.whole.all()
    assert len(free.spans) > len(settled.spans)
    assert_consistent(picture, settled)


def test_only_what_is_sure_is_settled():
    picture = row("20347")
    nothing = build_lattice(picture, SETTINGS, lambda glyphs: np.zeros(len(glyphs)))
    assert nothing.spans.tolist() == build_lattice(picture, SETTINGS).spans.tolist()
    lattice = build_lattice(picture, SETTINGS, first_only())
    assert (lattice.spans[:, 0] == 0).sum() == 1
    assert lattice.spans[0].tolist() == [0, 1]
    assert len(lattice.cuts) > 6


def test_what_is_likely_a_digit_is_joined_but_not_cut():
    picture = row("20347")
    lattice = build_lattice(picture, SETTINGS, lambda glyphs: np.full(len(glyphs), 0.7))
    assert len(lattice.cuts) == 6
    assert lattice.whole.all()
    assert len(lattice.spans) > 5


def test_a_wide_gap_beside_a_glyph_does_not_count_as_its_width():
    joined = ((10, 8, 6, 40), (10, 26, 50, 4), (54, 8, 6, 40))
    far = (160, 8, 6, 40)
    lattice = build_lattice(blocks((56, 180), *joined, far), SETTINGS)
    left, right = lattice.boxes[:, 0], lattice.boxes[:, 0] + lattice.boxes[:, 2]
    gap = lattice.cuts[lattice.spans[:, 1]] > 100
    assert (gap & (left > 12) & (left < 54) & (right == 60)).any()


def test_digitness_is_asked_of_the_glyphs_as_the_network_sees_them():
    asked: list[np.ndarray] = []

    def judge(glyphs: np.ndarray) -> np.ndarray:
        asked.append(glyphs)
        return np.zeros(len(glyphs))

    build_lattice(row("203"), SETTINGS, judge)
    assert [glyphs.shape for glyphs in asked] == [(3, 28, 28, 1)]
    assert all(glyph.max() == 1.0 for glyph in asked[0])


def test_small_marks_and_wide_pieces_are_never_settled():
    dot = blocks((56, 60), (20, 40, 6, 6))
    wide = blocks((56, 120), (10, 8, 80, 4), (10, 8, 4, 40), (86, 8, 4, 40), (10, 44, 80, 4))
    asked: list[int] = []

    def judge(glyphs: np.ndarray) -> np.ndarray:
        asked.append(len(glyphs))
        return np.ones(len(glyphs))

    for picture in (dot, wide):
        build_lattice(picture, SETTINGS, judge)
    assert sum(asked) == 0


def test_digit_beside_an_unsure_neighbor_that_nearly_touches_is_not_settled():
    picture = blocks((56, 90), (10, 8, 6, 40), (18, 8, 6, 40))
    lattice = build_lattice(picture, SETTINGS, first_only())
    assert lattice.whole[hypothesis_of(lattice, 10, 24)]
    apart = blocks((56, 90), (10, 8, 6, 40), (24, 8, 6, 40))
    ends = build_lattice(apart, SETTINGS, first_only()).boxes
    assert not ((ends[:, 0] == 10) & (ends[:, 2] == 20)).any()


@pytest.mark.parametrize("seed", [0, 1])
def test_cap_of_hypotheses_holds_on_noise_and_the_line_stays_walkable(seed):
    picture = noise(seed)
    lattice = build_lattice(picture, replace(SETTINGS, max_line_spans=100))
    neighbors = len(lattice.cuts) - 1
    assert neighbors > 100
    assert len(lattice.spans) + len(lattice.blanks) == neighbors
    assert_walkable(lattice)
    more = build_lattice(picture, SETTINGS)
    assert len(more.spans) + len(more.blanks) == max(SETTINGS.max_line_spans, neighbors)
    assert_walkable(more)


@settings(max_examples=50)
@given(st.integers(0, 2**31), st.integers(1, 160), st.integers(60, 255))
def test_any_line_has_a_consistent_lattice(seed, width, pale):
    picture = noise(seed, width, pale)
    assert_consistent(picture, build_lattice(picture, SETTINGS, with_masks=True))
    settled = build_lattice(picture, SETTINGS, everything, with_masks=True)
    assert_consistent(picture, settled)


def test_what_holds_two_middles_is_cut_however_sure_it_looks():
    ink = blocks((60, 120), (10, 10, 30, 40), (60, 10, 30, 40))

    def sure(glyphs: np.ndarray) -> np.ndarray:
        return np.ones(len(glyphs))

    whole = build_lattice(ink, SETTINGS, sure)
    assert len(whole.spans) == 2
    one_each = build_lattice(ink, SETTINGS, sure, np.array([25.0, 75.0]))
    assert len(one_each.spans) == 2
    two = build_lattice(ink, SETTINGS, sure, np.array([17.0, 33.0, 75.0]))
    assert len(two.spans) > 3
    assert any(17 < cut < 33 for cut in two.cuts)
    empty = build_lattice(np.zeros((60, 120), np.uint8), SETTINGS, sure, np.array([17.0, 33.0]))
    assert len(empty.spans) == 0


def test_hyphens_and_colons_are_hypotheses_of_their_own() -> None:
    digits = row("47", gap=1.0)
    x = digits.shape[1] // 2
    hyphen, colon = digits.copy(), digits.copy()
    hyphen[24:28, x - 8 : x + 8] = 255
    for y in (18, 32):
        colon[y : y + 4, x - 2 : x + 2] = 255
    for picture in (hyphen, colon):
        lattice = build_lattice(picture, SETTINGS)
        left, _, width, _ = lattice.boxes.T
        (held,) = np.flatnonzero((left <= x) & (x < left + width))
        assert width[held] <= 16
        assert lattice.whole[held]


def test_a_hyphen_that_ends_above_the_foot_of_a_digit_is_its_own() -> None:
    hyphen = (35, 22, 16, 4)
    picture = blocks((48, 72), (8, 4, 18, 40), hyphen, (58, 4, 6, 40), (50, 38, 14, 6))
    boxes = build_lattice(picture, SETTINGS).boxes
    held = [box for box in boxes.tolist() if box[0] <= 43 < box[0] + box[2]]
    assert held == [list(hyphen)]
