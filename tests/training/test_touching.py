"""Neighbors that touch: how near they come, and where a stroke joins them."""

from dataclasses import replace

import numpy as np
import pytest
from factories import slash, stem

from camdigits.training.pieces import Piece, edges
from camdigits.training.string_style import StringStyle
from camdigits.training.touching import ligature, meet, pushed

STYLE = StringStyle(height=40.0)


def roof() -> np.ndarray:
    """A stem with a stroke to the right at its head."""
    glyph = np.zeros((40, 24), np.uint8)
    glyph[:, :6] = glyph[:6] = 255
    return glyph


def contact(before: Piece, piece: Piece) -> float:
    """Return the column of a piece at which its ink meets that of the one before."""
    (left, _), (_, right) = edges(piece, 40, 128), edges(before, 40, 128)
    return float((right + before.left - left).max()) + 1.0


def push(first: np.ndarray, second: np.ndarray, overlap: float, seed: int = 0) -> tuple[int, float]:
    """Return the column to which the second glyph is pushed, and that at which they meet."""
    before, piece = Piece(first, "7"), Piece(second, "0")
    near = contact(before, piece)
    style = replace(STYLE, overlap=overlap)
    return pushed(before, piece, -100.0, near, style, np.random.default_rng(seed)), near


def test_strokes_meet_where_nothing_blank_is_between_them() -> None:
    assert meet(Piece(stem(), "1"), Piece(stem(), "1", left=6))
    assert not meet(Piece(stem(), "1"), Piece(stem(), "1", left=7))
    assert not meet(Piece(stem(), "1"), Piece(stem(), "1", top=41))


@pytest.mark.parametrize("seed", range(5))
def test_stems_give_way_until_most_of_each_stands_clear(seed: int) -> None:
    # Half a pen is 3 pixels: of 6 columns 4 are as far from the other stem from a gap of 1 on.
    assert push(stem(), stem(), overlap=0.9, seed=seed)[0] == 7


@pytest.mark.parametrize("seed", range(5))
def test_strokes_cross_by_a_quarter_of_the_height_at_most(seed: int) -> None:
    left, near = push(slash(), stem(), overlap=5.0, seed=seed)
    assert left == near - 10


def test_boxes_overlap_by_the_style_in_the_mean() -> None:
    # A roof meets a stem at once, so that any overlap is one of strokes that cross.
    ends = [24 - push(roof(), slash(), overlap=-0.5, seed=seed)[0] for seed in range(200)]
    assert -0.5 * 24 - 1.5 < np.mean(ends) < -0.5 * 24 + 1.5
    assert 0.08 * 24 < np.std(ends) < 0.18 * 24


@pytest.mark.parametrize(("overlap", "snaps"), [(0.2, True), (0.5, False)])
def test_half_of_those_near_enough_are_pushed_on_until_they_meet(
    overlap: float, snaps: bool
) -> None:
    # The head of the second begins that far from its foot, where its ink begins.
    second = np.zeros((40, 40), np.uint8)
    second[:6, round(overlap * 24) :] = second[:, 34:] = 255
    second[34:, 36:] = 255
    before = np.zeros((40, 24), np.uint8)
    before[:6, :] = before[:, :6] = 255
    at = [push(before, second, overlap=0.0, seed=seed) for seed in range(40)]
    met = sum(left == near for left, near in at)
    assert (10 < met < 30) if snaps else met <= 2


@pytest.mark.parametrize(("label", "roofs"), [("5", range(20, 40)), ("1", range(1))])
def test_ligatures_start_where_a_glyph_reaches_farthest_but_those_of_ones_at_the_foot(
    label: str, roofs: range
) -> None:
    before, piece = Piece(roof(), label), Piece(stem(), "0", left=34)
    (_, right), (left, _) = edges(before, 40, 128), edges(piece, 40, 128)
    starts = []
    for seed in range(40):
        stroke = ligature(before, right, piece, left, np.random.default_rng(seed))
        assert meet(before, stroke)
        assert meet(stroke, piece)
        column = stroke.patch[:, 24 - stroke.left]
        starts.append(stroke.top + float(np.flatnonzero(column > 128).mean()))
    assert sum(row < 10 for row in starts) in roofs
