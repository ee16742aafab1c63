"""Brackets: told from ones by their bow, by each other, and by the page's other numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from lattices import TALL
from signs import REFUSED, SMALL, arc, bar, line, read

from camdigits.recognize.brackets import _bow, doubt_brackets, expect_brackets
from camdigits.recognize.decode import best_path, make_edges
from camdigits.recognize.numbers import split_numbers


@pytest.mark.parametrize("text", ["(347)", "[347)", "(347]", "(8)"])
def test_a_pair_around_a_number_is_no_part_of_it(text: str) -> None:
    assert read(text) == [[text[1:-1]]]


@pytest.mark.parametrize("text", ["13471", "1347", "3471", "11", "1", "111"])
def test_upright_ones_stay(text: str) -> None:
    assert read(text) == [[text]]


@pytest.mark.parametrize("text", [")347(", "*3471", "1347*"])
def test_what_bows_as_no_bracket_there_is_none(text: str) -> None:
    expected = text.replace("*", "").replace("(", "1").replace(")", "1")
    assert read(text) == [[expected]]


def test_none_is_only_opened() -> None:
    assert read(*5 * ["(347"]) == 5 * [["1347"]]


def test_one_that_closes_is_believed_where_the_page_has_others() -> None:
    assert read("7)") == [["71"]]
    assert read("7)", "8)", "4)", "5)") == [["7"], ["8"], ["4"], ["5"]]


def test_pairs_of_a_page_vouch_for_one_whose_partner_is_lost() -> None:
    assert read("37)", *6 * ["(347)"])[1:] == 6 * [["347"]]


def test_between_digits_bows_are_no_brackets() -> None:
    assert read("3(4", "3)4") == [["314"], ["314"]]


def test_bow_and_width_are_in_heights() -> None:
    glyph = bar(0)[..., 0]
    tall, thick = np.count_nonzero(glyph.any(1)), np.count_nonzero(glyph.any(0))
    straight, wide = _bow(glyph)
    assert straight == pytest.approx(0.0, abs=0.01)
    assert wide == pytest.approx(math.sqrt((thick**2 - 1) / 12) / tall, rel=0.1)
    opens, closes = _bow(arc(-5)[..., 0])[0], _bow(arc(5)[..., 0])[0]
    assert opens == pytest.approx(-closes, abs=0.02)
    assert opens == pytest.approx(5 / 21, abs=0.04)
    assert _bow(bar(6)[..., 0])[0] == pytest.approx(0.0, abs=0.02)  # however it leans


def test_no_ink_has_no_bow() -> None:
    assert _bow(np.zeros((28, 28), np.float32)) == (0.0, 1.0)
    assert _bow(np.eye(28, dtype=np.float32)[:4].repeat(1, 0)) == (0.0, 1.0)  # too low


def test_a_page_with_brackets_expects_more() -> None:
    lattices, rows = zip(*map(line, ["(347)", "(29)", "(5)"]), strict=True)
    edges = [make_edges(own, p, SMALL) for own, p in zip(lattices, rows, strict=True)]
    paths = [best_path(own) for own in edges]
    numbers = split_numbers(paths, list(lattices), list(rows), TALL)
    expected = expect_brackets(edges, paths, list(lattices), numbers)
    for own, before, lattice in zip(expected, edges, lattices, strict=True):
        ends = np.isin(before.span, [0, len(lattice.spans) - 1])
        assert np.all(own.other[ends] > before.other[ends])
        assert np.array_equal(own.other[~ends], before.other[~ends])


@pytest.mark.parametrize("text", ["2345", f"2{REFUSED[-1]}3"])
def test_without_brackets_nothing_changes(text: str) -> None:
    lattice, rows = line(text)
    edges = [make_edges(lattice, rows, SMALL)]
    paths = [best_path(edges[0])]
    numbers = split_numbers(paths, [lattice], [rows], TALL)
    assert expect_brackets(edges, paths, [lattice], numbers) is edges
    assert doubt_brackets(edges, paths, [lattice], numbers)[0] is edges[0]
