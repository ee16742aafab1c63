"""What was read as tables and JSON: the same columns and keys wherever it leaves the house."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from camdigits.reading import Page
from camdigits.records.kept import Kept

PAGE_COLUMNS = (
    *("source", "page", "row", "text", "confidence", "accepted", "fits"),
    *("x", "y", "width", "height"),
)
CORRECTED_COLUMNS = (*PAGE_COLUMNS, "read_as")
KEPT_COLUMNS = ("time", "source", "text", "confidence", "read_as")
_TEXT = PAGE_COLUMNS.index("text")
# A spreadsheet takes a cell that starts with one of these for a formula (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")

Row = tuple[Any, ...]


def csv_lines(rows: Iterable[Row]) -> str:
    """Return rows as CSV lines whose cells no spreadsheet takes for a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([[_safe_cell(value) for value in row] for row in rows])
    return buffer.getvalue().rstrip("\n")


def page_rows(source: str, number: int | None, page: Page) -> list[Row]:
    """Return a row a number, its cells those of PAGE_COLUMNS.

    ``number`` counts the pages of a document of several, from 1. ``fits`` is yes where no format
    was expected.
    """
    return [
        (
            source,
            "" if number is None else number,
            string.row,
            string.text,
            round(string.confidence, 6),
            _yes_no(string.accepted),
            _yes_no(string.fits),
            *string.box,
        )
        for string in page.strings
    ]


def page_record(source: str, number: int | None, page: Page) -> dict[str, Any]:
    """Return plain values, ready for JSON.

    The keys: source, page (documents of several pages only), width, height, rotation, strings
    (text, confidence, accepted, fits, row, box, quad, digits, alternatives), timings_ms and
    letters. Digits hold value, confidence and box.
    """
    record = page.to_dict()
    for string in record["strings"]:
        del string["evidence"]
        for digit in string["digits"]:
            del digit["alternatives"]
    return {"source": source, **({} if number is None else {"page": number}), **record}


def corrected_rows(source: str, number: int | None, page: Page, texts: Sequence[str]) -> list[Row]:
    """Return the rows of a page whose numbers a person went through: those of CORRECTED_COLUMNS.

    ``texts`` says for each number of the page what it is; an empty one leaves its number out.
    All other cells are those of what was read.
    """
    return [
        (*row[:_TEXT], text, *row[_TEXT + 1 :], row[_TEXT])
        for row, text in zip(page_rows(source, number, page), texts, strict=True)
        if text
    ]


def corrected_record(
    source: str, number: int | None, page: Page, texts: Sequence[str]
) -> dict[str, Any]:
    """Return :func:`page_record` with the ``texts`` of :func:`corrected_rows`; each string also
    holds read_as, what its digits say."""
    record = page_record(source, number, page)
    record["strings"] = [
        {**string, "text": text, "read_as": string["text"]}
        for string, text in zip(record["strings"], texts, strict=True)
        if text
    ]
    return record


def kept_csv(kept: Iterable[Kept]) -> str:
    """Return readings as a CSV file with a header, its columns those of KEPT_COLUMNS."""
    rows = [tuple(record[name] for name in KEPT_COLUMNS) for record in map(_kept_record, kept)]
    return csv_lines([KEPT_COLUMNS, *rows]) + "\n"


def kept_json(kept: Iterable[Kept]) -> str:
    """Return readings as a JSON list of objects with the keys of KEPT_COLUMNS."""
    return json.dumps([_kept_record(one) for one in kept], indent=2) + "\n"


def _kept_record(kept: Kept) -> dict[str, Any]:
    return {
        "time": kept.at.isoformat(timespec="seconds"),
        "source": kept.source,
        "text": kept.text,
        "confidence": round(kept.confidence, 6),
        "read_as": kept.read_as,
    }


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"


def _safe_cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    # Readers take a bare carriage return for the end of a row, and csv does not quote it.
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
