"""Tables and boards: numbers end where cells do; cells for a digit each hold one number."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from prints import draw

from camdigits.reader import Reader

RULE = (90, 90, 90)


def ruled(picture: np.ndarray, at: tuple[int, int], cell: tuple[int, int], shape: tuple[int, int]):
    """Draw a grid of ``shape`` (rows, columns) of cells (width, height) ``at`` x, y."""
    (x, y), (wide, tall), (rows, columns) = at, cell, shape
    for row in range(rows + 1):
        cv2.line(picture, (x, y + row * tall), (x + columns * wide, y + row * tall), RULE, 2)
    for column in range(columns + 1):
        cv2.line(picture, (x + column * wide, y), (x + column * wide, y + rows * tall), RULE, 2)
    return picture


@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_numbers_of_a_table_end_at_its_rules(reader: Reader, scale: float) -> None:
    rows = [["1207", "3564", "28"], ["93", "4071", "5689"]]
    texts = [
        (text, 50 + 120 * i, 56 + 64 * j)
        for j, row in enumerate(rows)
        for i, text in enumerate(row)
    ]
    picture = ruled(draw(texts, (460, 240), font=40), (40, 44), (120, 64), (2, 3))
    picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    assert reader.read(picture).text.split() == ["1207", "3564", "28", "93", "4071", "5689"]


def test_a_board_holds_a_number_in_each_cell(reader: Reader) -> None:
    board = ["53..7....", "6..195...", ".98....6.", "8...6...3", "4..8.3..2"]
    board += ["7...2...6", ".6....28.", "...419..5", "....8..79"]
    texts = [
        (sign, 60 + 60 * i, 45 + 60 * j)
        for j, row in enumerate(board)
        for i, sign in enumerate(row)
        if sign != "."
    ]
    picture = ruled(draw(texts, (640, 620), font=36), (45, 38), (60, 60), (9, 9))
    page = reader.read(picture)
    assert page.text.split() == list("".join(board).replace(".", ""))


def test_a_row_of_cells_for_a_digit_each_is_one_number(reader: Reader) -> None:
    texts = [(sign, 58 + 52 * i, 56) for i, sign in enumerate("30925")]
    picture = ruled(draw(texts, (380, 160), font=50), (48, 50), (52, 66), (1, 5))
    assert reader.read(picture).text == "30925"
