"""Cuts: pieces, the borders between them, and the thin places where touching glyphs part."""

import numpy as np
import pytest
from factories import blocks, pen_row

from camdigits.segment.cuts import (
    INK,
    add_valleys,
    crossing_cost,
    find_borders,
    find_pieces,
    part_middles,
)
from camdigits.segment.settings import SegmentSettings

SETTINGS = SegmentSettings()


def borders_of(*boxes: tuple[int, int, int, int]) -> list[int]:
    return find_borders(find_pieces(blocks((40, 200), *boxes))).tolist()


def valleys(picture: np.ndarray, borders: np.ndarray, uncut: list[tuple[int, int]]) -> np.ndarray:
    cost = crossing_cost(picture, SETTINGS.glyph_height)
    return add_valleys(cost, borders, uncut, SETTINGS)


def touching(bridge: tuple[int, int]) -> np.ndarray:
    """Return two rings that are joined by a thin stroke from one column to the other."""
    first, last = bridge
    ink = blocks((40, 90), (10, 0, first - 10, 40), (last, 0, 80 - last, 40))
    ink[6:34, 16 : first - 6] = ink[6:34, last + 6 : 74] = 0
    ink[18:21, first:last] = 255
    return ink


def test_pieces_hang_together_by_corners_and_specks_are_left_out():
    ink = blocks((20, 30), (2, 2, 4, 4), (6, 6, 3, 5), (20, 3, 2, 2))
    pieces = find_pieces(ink)
    assert pieces.boxes.tolist() == [[2, 2, 7, 9]]
    assert (pieces.labels > 0).sum() == 16 + 15
    assert pieces.labels[4, 20] == 0


def test_gray_below_the_ink_value_joins_nothing():
    ink = blocks((20, 30), (2, 2, 5, 9), (12, 2, 5, 9))
    ink[5, 7:12] = INK - 1
    assert len(find_pieces(ink).boxes) == 2
    ink[5, 7:12] = INK
    assert len(find_pieces(ink).boxes) == 1


def test_columns_count_the_ink_to_the_left():
    ink = blocks((9, 8), (1, 1, 2, 3), (5, 0, 2, 9))
    pieces = find_pieces(ink)
    expected = {(1, 1): [0, 0, 3, 6, 6, 6, 6, 6, 6], (5, 0): [0, 0, 0, 0, 0, 0, 9, 18, 18]}
    assert pieces.columns.shape == (2, 9)
    for box, columns in zip(pieces.boxes.tolist(), pieces.columns.tolist(), strict=True):
        assert columns == expected[tuple(box[:2])]


def test_empty_picture_has_no_pieces_borders_or_cuts():
    picture = np.zeros((40, 60), np.uint8)
    borders = find_borders(find_pieces(picture))
    assert borders.tolist() == []
    assert valleys(picture, borders, []).tolist() == []


def test_borders_of_one_piece_are_its_ends():
    assert borders_of((30, 0, 20, 40)) == [30, 50]


def test_borders_lie_in_the_middle_of_gaps():
    assert borders_of((10, 0, 20, 40), (40, 0, 20, 40), (70, 0, 20, 40)) == [10, 35, 65, 90]


def test_slight_overlap_of_columns_still_has_a_border():
    # Columns 28 and 29 belong to both pieces, which stand apart by height.
    assert borders_of((10, 0, 20, 15), (28, 20, 22, 20)) == [10, 29, 50]


def test_piece_above_another_has_no_border_with_it():
    assert borders_of((10, 0, 30, 5), (12, 15, 26, 20)) == [10, 40]


def test_pieces_that_share_most_of_their_columns_have_no_border():
    # Like the roof of a 5 that reaches past its body.
    assert borders_of((14, 0, 26, 5), (10, 15, 20, 20)) == [10, 40]


def test_border_between_what_two_stacked_pieces_reach():
    assert borders_of((10, 0, 30, 5), (14, 15, 16, 20), (60, 0, 20, 40)) == [10, 50, 80]


def test_crossing_cost_by_hand():
    picture = np.zeros((6, 4), np.uint8)
    picture[2, 1] = 255
    picture[[0, 2, 5], 2] = 255
    picture[1:3, 3] = 255
    picture[4, 3] = 51
    assert crossing_cost(picture, 8.0).tolist() == pytest.approx([0, 1, 3 + 2 * 2, 2.2])


def test_runs_at_the_upper_border_count_once():
    picture = np.full((5, 1), 255, np.uint8)
    assert crossing_cost(picture, 100.0).tolist() == [5.0]


def test_bridge_between_touching_glyphs_is_a_cut():
    picture = touching((35, 45))
    borders = find_borders(find_pieces(picture))
    assert borders.tolist() == [10, 80]
    cuts = valleys(picture, borders, [])
    assert any(35 <= cut <= 45 for cut in cuts)
    assert {10, 80} <= set(cuts.tolist())


def test_cuts_keep_their_distance_and_the_thinnest_places_come_first():
    picture = pen_row("2034", height=40, gap=-0.05, stroke=4, margin=5)
    cuts = valleys(picture, find_borders(find_pieces(picture)), [])
    assert len(cuts) > 4
    assert (np.diff(cuts) >= SETTINGS.cut_distance * SETTINGS.glyph_height - 1).all()


def test_cuts_stay_between_the_outer_borders():
    picture = pen_row("2034", height=40, gap=-0.05, stroke=4, margin=20)
    borders = find_borders(find_pieces(picture))
    cuts = valleys(picture, borders, [])
    assert cuts[0] == borders[0]
    assert cuts[-1] == borders[-1]
    assert set(borders) <= set(cuts)


def test_no_cuts_inside_settled_stretches():
    picture = touching((35, 45))
    borders = find_borders(find_pieces(picture))
    assert valleys(picture, borders, [(10, 80)]).tolist() == [10, 80]
    half = valleys(picture, borders, [(10, 45)])
    assert not ((half > 10) & (half < 45)).any()


def test_solid_ink_is_not_cut():
    picture = blocks((60, 80), (10, 0, 60, 60))
    borders = find_borders(find_pieces(picture))
    assert valleys(picture, borders, []).tolist() == [10, 70]


def test_neighbors_that_no_cut_parts_are_cut_where_it_costs_least():
    picture = blocks((40, 100), (10, 0, 80, 40))
    picture[:30, 52] = 0
    cost = crossing_cost(picture, SETTINGS.glyph_height)
    ends = np.array([10, 90])
    assert part_middles(cost, ends, np.array([30.0, 70.0])).tolist() == [10, 52, 90]
    # The thin place is too near to one of these middles to be their border.
    (cut,) = set(part_middles(cost, ends, np.array([50.0, 70.0]))) - {10, 90}
    assert 54 <= cut <= 66


def test_neighbors_that_are_parted_need_no_further_cut():
    cost = crossing_cost(blocks((40, 100), (10, 0, 80, 40)), SETTINGS.glyph_height)
    cuts = np.array([10, 48, 90])
    assert part_middles(cost, cuts, np.array([30.0, 70.0])).tolist() == [10, 48, 90]
    assert part_middles(cost, cuts, np.array([30.0])).tolist() == [10, 48, 90]
    assert part_middles(cost, cuts, np.array([30.0, 30.5])).tolist() == [10, 48, 90]
