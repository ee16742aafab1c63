"""Gaps of a page are of one kind or of two: inside numbers, and between them."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from camdigits.recognize.gaps import LEAST_SPLIT, SURE_SPLIT, WIDEST_EVEN_GAP, gap_border


@pytest.mark.parametrize("gaps", [[], [0.1], [3.0], [0.1, 0.9]])
def test_few_gaps_split_only_where_sure(gaps: list[float]) -> None:
    assert gap_border(gaps) == SURE_SPLIT


def test_two_kinds_of_gaps_are_told_apart() -> None:
    border = gap_border([0.1, 0.2, 0.15, 0.1, 1.0, 1.2, 1.1])
    assert 0.2 < border < 1.0


def test_few_gaps_that_differ_a_little_are_one_kind() -> None:
    narrow, wider = [0.15, 0.1, 0.2], [0.4, 0.5, 0.6]
    assert gap_border([narrow[0], *wider]) == WIDEST_EVEN_GAP
    assert 0.2 < gap_border(4 * (narrow + wider)) < 0.4


def test_few_gaps_are_told_apart_by_one_that_is_wide() -> None:
    assert 0.3 < gap_border([0.05, 0.3, 0.9]) < 0.9
    assert 0.1 < gap_border([0.1, 0.1, 0.1, 0.1, 0.6, 0.6]) < 0.6


def test_gaps_between_numbers_may_vary_much() -> None:
    inside, between = NormalDist(0.2, 0.2), NormalDist(1.2, 0.5)
    shares = np.linspace(0.01, 0.99, 60).tolist()
    gaps = [max(inside.inv_cdf(share), 0.0) for share in shares]
    gaps += [max(between.inv_cdf(share), 0.6) for share in shares]
    assert 0.4 < gap_border(gaps) < 1.0


def test_gaps_between_numbers_that_are_hardly_wider_than_those_inside_count_as_such() -> None:
    inside, between = NormalDist(0.2, 0.1), NormalDist(1.2, 0.35)
    shares = np.linspace(0.02, 0.98, 40).tolist()
    gaps = [kind.inv_cdf(share) for kind in (inside, between) for share in shares]
    # A few between numbers are below 0.6; the middle between the kinds, 0.7, would join them.
    assert inside.inv_cdf(0.98) < gap_border(gaps) < 0.55


def test_gaps_far_wider_than_others_between_numbers_do_not_move_the_border_up() -> None:
    inside = [0.05, 0.1, 0.12, 0.15, 0.18, 0.2, 0.22, 0.25, 0.3, 0.35]
    between, far = [0.9, 1.0, 1.2, 1.3], [2.0, 2.1, 2.2, 2.3, 2.3, 2.4, 2.5, 2.6]
    assert gap_border(inside + between + far) <= gap_border(inside + between + far[:2]) < 1.3


def test_the_border_lies_amid_the_kinds() -> None:
    assert gap_border([0.2] * 5 + [1.0] * 5) == pytest.approx(0.6)


def test_even_gaps_are_one_kind() -> None:
    assert gap_border([0.5] * 6) == WIDEST_EVEN_GAP
    assert gap_border(np.linspace(0.2, 1.8, 40).tolist()) == WIDEST_EVEN_GAP


INSIDE, BEHIND_ITEMS, COLUMNS = [0.05, 0.1, 0.15, 0.2], [0.7, 0.8, 0.9], [1.9, 2.1]


def test_the_lowest_of_three_kinds_is_inside_numbers() -> None:
    border = gap_border(2 * INSIDE + BEHIND_ITEMS + COLUMNS)
    assert border == pytest.approx((INSIDE[-1] + BEHIND_ITEMS[0]) / 2)
    # However many there are of each.
    assert gap_border(6 * INSIDE + BEHIND_ITEMS + 5 * COLUMNS) == pytest.approx(border)


def test_gaps_inside_numbers_may_be_of_two_kinds() -> None:
    touching, free, between = [-0.1, -0.05, 0.0], [0.35, 0.4, 0.45], [1.4, 1.5, 1.6]
    assert free[-1] < gap_border(2 * (touching + free + between)) < between[0]


def test_kinds_must_be_well_apart_to_be_three() -> None:
    between = np.linspace(0.7, 2.1, 9).tolist()
    assert INSIDE[-1] < gap_border(3 * INSIDE + between) < between[0]
    assert gap_border(np.linspace(0.0, 2.1, 30).tolist()) == WIDEST_EVEN_GAP


gap_lists = st.lists(st.floats(-1.0, 10.0), max_size=30)


@given(gap_lists)
def test_the_border_is_bounded_and_independent_of_the_order(gaps: list[float]) -> None:
    border = gap_border(gaps)
    assert LEAST_SPLIT / 2 <= border <= WIDEST_EVEN_GAP
    assert gap_border(gaps[::-1]) == border
