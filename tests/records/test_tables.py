from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camdigits.reading import Box, Digit, DigitString, Page
from camdigits.records.kept import Kept
from camdigits.records.tables import (
    CORRECTED_COLUMNS,
    KEPT_COLUMNS,
    PAGE_COLUMNS,
    corrected_record,
    corrected_rows,
    csv_lines,
    kept_csv,
    kept_json,
    page_record,
    page_rows,
)

QUAD = ((1.0, 2.0), (31.0, 2.0), (31.0, 22.0), (1.0, 22.0))


def a_string(text: str, row: int, accepted: bool = True) -> DigitString:
    box = Box(1, 2, 30, 20)
    digits = tuple(Digit(int(value), 0.9, box, ((1, 0.1),)) for value in text)
    return DigitString(text, 0.87654321, accepted, row, box, QUAD, digits)


PAGE = Page((a_string("12", 0), a_string("340", 1, accepted=False)), 200, 100)


def test_page_rows_are_those_of_the_header() -> None:
    assert page_rows("a.png", None, PAGE) == [
        ("a.png", "", 0, "12", 0.876543, "yes", "yes", 1, 2, 30, 20),
        ("a.png", "", 1, "340", 0.876543, "no", "yes", 1, 2, 30, 20),
    ]
    assert page_rows("a.pdf", 2, PAGE)[0][1] == 2
    assert all(len(row) == len(PAGE_COLUMNS) for row in page_rows("a.png", None, PAGE))


def test_a_row_and_a_record_tell_what_fits() -> None:
    strings = (a_string("12", 0), replace(a_string("340", 1), fits=False))
    page = replace(PAGE, strings=strings)
    fits = PAGE_COLUMNS.index("fits")
    assert [row[fits] for row in page_rows("a.png", None, page)] == ["yes", "no"]
    assert [string["fits"] for string in page_record("a.png", None, page)["strings"]] == [
        True,
        False,
    ]


def test_page_record_is_ready_for_json() -> None:
    record = json.loads(json.dumps(page_record("a.pdf", 3, PAGE)))
    assert (record["source"], record["page"], record["width"]) == ("a.pdf", 3, 200)
    assert [string["text"] for string in record["strings"]] == ["12", "340"]
    assert set(record["strings"][0]["digits"][0]) == {"value", "confidence", "box"}
    assert "page" not in page_record("a.png", None, PAGE)


def test_corrections_are_in_the_rows_and_emptied_numbers_are_not() -> None:
    (row,) = corrected_rows("a.png", None, PAGE, ["", "346"])
    cells = dict(zip(CORRECTED_COLUMNS, row, strict=True))
    assert (cells["text"], cells["read_as"], cells["row"]) == ("346", "340", 1)


def test_corrections_are_in_the_record() -> None:
    record = corrected_record("a.png", None, PAGE, ["17", ""])
    (string,) = record["strings"]
    assert (string["text"], string["read_as"]) == ("17", "12")
    assert [digit["value"] for digit in string["digits"]] == [1, 2]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\n"])
def test_no_cell_is_a_formula(start: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_lines([(f"{start}cmd", -3, "12")])))
    assert row == [f"'{start}cmd", "-3", "12"]


@given(st.lists(st.tuples(st.text(), st.integers(), st.text()), max_size=4))
def test_any_text_survives_as_csv(rows: list[tuple[str, int, str]]) -> None:
    read = list(csv.reader(io.StringIO(csv_lines(rows), newline="")))
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [str(cell).replace("\r\n", "\n").replace("\r", "\n").removeprefix("'") for cell in row]
        for row in rows
    ]


def test_kept_readings_as_csv_and_json() -> None:
    at = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
    kept = [Kept("17", "12", 0.9, "=1+1.png", b"png", at)]
    header, row = csv.reader(io.StringIO(kept_csv(kept)))
    assert tuple(header) == KEPT_COLUMNS
    assert row == ["2026-02-03T04:05:06+00:00", "'=1+1.png", "17", "0.9", "12"]
    assert json.loads(kept_json(kept)) == [
        {
            "time": "2026-02-03T04:05:06+00:00",
            "source": "=1+1.png",
            "text": "17",
            "confidence": 0.9,
            "read_as": "12",
        }
    ]
