"""Slashes: told from ones by their lean, their height, each other, and by the dates they part."""

from __future__ import annotations

import pytest
from signs import SMALL, line, read

from camdigits.recognize.decode import make_edges
from camdigits.recognize.slashes import doubt_slashes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("23/5", ["23", "5"]),
        ("30/06/57", ["30", "06", "57"]),
        ("2024/12/31", ["2024", "12", "31"]),
    ],
)
def test_numbers_end_at_slashes(text: str, expected: list[str]) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize("text", ["2315", "30106157", "11", "1", "111111"])
def test_upright_ones_stay(text: str) -> None:
    assert read(text) == [[text]]


def test_strokes_at_either_end_are_no_slashes() -> None:
    assert read("/23/") == [["1231"]]


def test_as_the_ones_of_a_hand_lean_so_lean_no_slashes() -> None:
    assert read("/2/35") == [["12135"]]


def test_a_pair_that_parts_a_date_needs_to_lean_less() -> None:
    assert read("30|06|57") == [["30", "06", "57"]]
    assert read("30|46|57") == [["30146157"]]  # no month
    assert read("30|06|577") == [["301061577"]]  # no year


def test_a_page_of_slashes_vouches_for_one_that_leans_less() -> None:
    assert read("23|5") == [["2315"]]
    assert read("23|5", *8 * ["2/5"])[0] == ["23", "5"]


def test_without_candidates_nothing_changes() -> None:
    lattice, rows = line("2345")
    edges = [make_edges(lattice, rows, SMALL)]
    assert doubt_slashes(edges, [[]], [lattice], [[]]) is edges
