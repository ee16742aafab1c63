"""The sheet that explains a reading: each stage is on it, and it stays within bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pictures import draw_number

from camdigits.explain import explain_sheet
from camdigits.reader import Reader
from camdigits.trace import LEVEL, SHARPENED, LineTrace, Trace

WHITE = (255, 255, 255)
CUT, CHOSEN, REFUSED = (230, 150, 40), (50, 130, 0), (40, 20, 200)


def count(sheet: np.ndarray, color: tuple[int, int, int]) -> int:
    return int((sheet == color).all(axis=2).sum())


def line(texts: tuple[str, ...], hypotheses: int, row: int = 0) -> LineTrace:
    """A line of black ink with a cut every 20 columns and a glyph between each two."""
    probabilities = np.full((hypotheses, 13), 0.01, np.float32)
    probabilities[:, 8] = 0.88
    return LineTrace(
        row=row,
        picture=np.full((40, 20 * hypotheses), 255, np.uint8),
        cuts=np.arange(hypotheses + 1) * 20,
        spans=np.stack([np.arange(hypotheses), np.arange(hypotheses) + 1], axis=1),
        glyphs=np.zeros((hypotheses, 28, 28, 1), np.float32),
        probabilities=probabilities,
        path=tuple(range(len(texts))),
        texts=texts,
    )


@pytest.fixture(scope="module")
def read_trace() -> Trace:
    return Reader().trace(draw_number("1472"))


def with_lines(trace: Trace, *lines: LineTrace) -> Trace:
    return Trace(trace.page, trace.picture, trace.components, lines)


def test_each_stage_is_shown(read_trace: Trace) -> None:
    sheet = explain_sheet(read_trace)
    assert sheet.dtype == np.uint8
    assert sheet.shape[1] >= read_trace.ink.shape[1]
    assert sheet.shape[0] > read_trace.ink.shape[0] + 40
    ink = (sheet == 0).all(axis=2).sum()
    assert ink >= np.count_nonzero(read_trace.ink)
    for color in (CUT, CHOSEN):
        assert count(sheet, color) > 20


def test_an_empty_page_is_its_ink(read_trace: Trace) -> None:
    sheet = explain_sheet(with_lines(read_trace))
    assert count(sheet, CUT) == count(sheet, CHOSEN) == 0
    assert (sheet == 0).all(axis=2).sum() >= np.count_nonzero(read_trace.ink)


def test_changes_of_the_picture_are_named(read_trace: Trace) -> None:
    plain, changed = (
        explain_sheet(replace(read_trace, changes=names)) for names in ((), (SHARPENED, LEVEL))
    )
    assert plain.shape == changed.shape
    rows = np.flatnonzero((plain != changed).any(axis=(1, 2)))
    assert len(rows)
    assert rows.max() < 40  # the caption above the ink


def test_refused_glyphs_are_marked_apart(read_trace: Trace) -> None:
    digits = explain_sheet(with_lines(read_trace, line(("8", "8"), 3)))
    letter = explain_sheet(with_lines(read_trace, line(("8", "letter"), 3)))
    assert count(digits, REFUSED) == 0
    assert count(letter, REFUSED) > 100
    assert count(digits, CHOSEN) > count(letter, CHOSEN) > 100


def test_chosen_glyphs_are_framed(read_trace: Trace) -> None:
    one, two = (
        count(explain_sheet(with_lines(read_trace, line(("8",) * n, 6))), CHOSEN) for n in (1, 2)
    )
    frame = 4 * 56 * 3
    assert two - one > 0.8 * frame


def test_the_labels_name_the_columns(read_trace: Trace) -> None:
    trace = with_lines(read_trace, line((), 2))
    letters = tuple("ABCDEFGHIJKLM")
    assert not np.array_equal(explain_sheet(trace), explain_sheet(trace, letters))


def test_a_line_without_hypotheses(read_trace: Trace) -> None:
    empty = LineTrace(
        row=0,
        picture=np.full((40, 60), 255, np.uint8),
        cuts=np.array([0, 60]),
        spans=np.zeros((0, 2), int),
        glyphs=np.zeros((0, 28, 28, 1), np.float32),
        probabilities=np.zeros((0, 13), np.float32),
        path=(),
        texts=(),
    )
    assert count(explain_sheet(with_lines(read_trace, empty)), CUT) > 40


def test_the_sheet_is_bounded(read_trace: Trace) -> None:
    crowded = line(("8",) * 200, 300)
    height, width = explain_sheet(with_lines(read_trace, *[crowded] * 400)).shape[:2]
    assert width <= 1700
    assert height <= 13_500
    # Chosen ones come first when not all can be shown.
    few = line(("8",) * 3, 300)
    assert count(explain_sheet(with_lines(read_trace, few)), CHOSEN) > 3 * 4 * 56 * 2
