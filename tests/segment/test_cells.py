"""Tables' cells part numbers; cells for a digit each and squares of the paper do not."""

from __future__ import annotations

import numpy as np
import pytest

from camdigits.segment.cells import cells_of, find_cells
from camdigits.segment.components import find_components

TALL, PALE, INK = 20, 60, 200  # height of digits; darkness of rules and of ink


def grid(rows: int, columns: int, cell: tuple[int, int], at: tuple[int, int] = (40, 30)):
    """Darkness with a grid of ``rows`` by ``columns`` cells (width, height) ``at`` x, y."""
    (wide, tall), (x, y) = cell, at
    dark = np.zeros((y + rows * tall + 31, x + columns * wide + 41), np.uint8)
    for row in range(rows + 1):
        dark[y + row * tall : y + row * tall + 2, x : x + columns * wide + 2] = PALE
    for column in range(columns + 1):
        dark[y : y + rows * tall + 2, x + column * wide : x + column * wide + 2] = PALE
    return dark


def written(dark: np.ndarray, places: list[tuple[int, int]]) -> np.ndarray:
    """The boxes of digits, hollow ones, whose left upper corners are at the ``places``."""
    for x, y in places:
        dark[y : y + TALL, x : x + 12] = INK
        dark[y + 3 : y + TALL - 3, x + 3 : x + 9] = 0
    return np.array([(x, y, 12, TALL) for x, y in places])


def told(dark: np.ndarray, boxes: np.ndarray) -> list[int] | None:
    """The cell of each box, None where there are no tables."""
    ink = np.where(dark > PALE, np.uint8(255), np.uint8(0))
    cells = find_cells(dark, find_components(ink, ink), TALL)
    return None if cells is None else cells_of(boxes, cells).tolist()


def test_columns_of_a_table_are_told_apart() -> None:
    dark = grid(3, 3, (60, 34))
    boxes = written(dark, [(50, 38), (66, 38), (110, 38), (52, 72)])
    first, second, third, below = told(dark, boxes)
    assert first == second == below
    assert third not in (0, first)


def test_a_gap_in_a_rule_is_none() -> None:
    dark = grid(3, 3, (60, 34))
    dark[30:60, 98:104] = np.where(np.arange(30)[:, None] % 15 < 9, dark[30:60, 98:104], 0)
    boxes = written(dark, [(50, 38), (66, 38), (110, 38)])
    first, second, third = told(dark, boxes)
    assert first == second != third


@pytest.mark.parametrize(
    "filled",
    [
        pytest.param([(0, 0), (2, 0), (1, 1), (3, 1), (0, 2)], id="with empty cells in between"),
        pytest.param([(i, j) for i in range(4) for j in range(4)], id="as many down as across"),
    ],
)
def test_boards_hold_a_digit_in_each_cell(filled: list[tuple[int, int]]) -> None:
    dark = grid(4, 4, (36, 36))
    boxes = written(dark, [(40 + 36 * i + 12, 30 + 36 * j + 8) for i, j in filled])
    cells = told(dark, boxes)
    assert cells is not None
    columns = {i: cell for (i, _), cell in zip(filled, cells, strict=True)}
    assert len(set(columns.values())) == len(columns)
    assert 0 not in cells


@pytest.mark.parametrize(
    ("rows", "columns", "cell"),
    [
        pytest.param(1, 5, (26, 34), id="one row of cells for a digit each"),
        pytest.param(2, 5, (26, 34), id="two rows of them, filled from the left"),
        pytest.param(8, 12, (24, 24), id="squares hardly larger than digits"),
    ],
)
def test_cells_for_a_digit_each_hold_one_number(
    rows: int, columns: int, cell: tuple[int, int]
) -> None:
    dark = grid(rows, columns, cell)
    wide, tall = cell
    places = [
        (40 + wide * i + (wide - 12) // 2 + 1, 30 + tall * j + (tall - TALL) // 2 + 1)
        for j in range(rows)
        for i in range(4)
    ]
    assert told(dark, written(dark, places)) is None


def test_squares_from_side_to_side_are_no_table() -> None:
    dark = grid(6, 8, (50, 50), at=(0, 0))[:302, :402]
    assert told(dark, written(dark, [(10, 10), (26, 10), (60, 10), (110, 60)])) is None


def test_a_table_on_ruled_paper_is_one() -> None:
    dark = grid(3, 3, (60, 34))
    dark[20:22], dark[140:142] = PALE, PALE
    first, second = told(dark, written(dark, [(50, 38), (110, 38)])) or (0, 0)
    assert first != second


@pytest.mark.parametrize("lines", [(), ((30, 130),)], ids=["nothing", "one line"])
def test_without_crossing_rules_there_is_no_table(lines: tuple[tuple[int, int], ...]) -> None:
    dark = np.zeros((160, 240), np.uint8)
    for first, last in lines:
        dark[60:62, first:last] = PALE
    assert told(dark, written(dark, [(50, 30), (66, 30)])) is None


def test_what_stands_outside_is_in_no_cell() -> None:
    dark = grid(2, 2, (60, 34))
    boxes = written(dark, [(50, 38), (66, 38), (110, 38)])
    cells = find_cells(dark, find_components(dark, dark), TALL)
    assert cells is not None
    outside = np.array([[2, 40, 12, TALL]])
    assert cells_of(np.vstack([boxes, outside]), cells)[-1] == 0
