"""Sheets in scenes: what is written on them is read, and nothing beside them is lost."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from prints import draw
from skimage import data

from camdigits.reader import Reader
from camdigits.reading import Box
from camdigits.trace import ALONE

SHEET = Box(60, 250, 260, 150)  # in the photograph, 512 pixels each way


def held(text: str, times: int = 1, photograph: str = "astronaut") -> np.ndarray:
    """Return a sheet with a text held up in a photograph, uint8 BGR (h, w, 3)."""
    seen = np.asarray(getattr(data, photograph)())
    seen = cv2.cvtColor(seen, cv2.COLOR_RGB2BGR if seen.ndim == 3 else cv2.COLOR_GRAY2BGR)
    seen[SHEET.y : SHEET.y + SHEET.height, SHEET.x : SHEET.x + SHEET.width] = draw(
        [(text, 30, 35)], SHEET[2:], font=70
    )
    seen = cv2.GaussianBlur(seen, (3, 3), 0)
    return cv2.resize(seen, None, fx=times, fy=times, interpolation=cv2.INTER_LINEAR)


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("photograph", ["astronaut", "camera"])
@pytest.mark.parametrize("text", ["2024", "35", "7"])
def test_a_sheet_held_up_in_a_scene_is_read(
    reader: Reader, text: str, photograph: str, again: bool
) -> None:
    picture = held(text, photograph=photograph)
    page = reader.read(picture, again=again)
    assert page.text == text
    (box,) = (string.box for string in page.strings)
    ink = draw([(text, 30, 35)], SHEET[2:], font=70)[..., 0] < 100
    rows, columns = np.nonzero(ink)
    exact = (columns.min() + SHEET.x, rows.min() + SHEET.y, np.ptp(columns), np.ptp(rows))
    assert np.allclose(box, exact, atol=8)


def test_places_are_those_of_the_picture_that_was_given(reader: Reader) -> None:
    once, large = (reader.read(held("2024", times)) for times in (1, 5))
    assert once.text == large.text == "2024"
    assert (large.width, large.height) == (5 * 512, 5 * 512)
    assert np.allclose(large.strings[0].box, 5 * np.array(once.strings[0].box), atol=50)


def test_the_trace_tells_that_the_sheet_was_seen_alone(reader: Reader) -> None:
    trace = reader.trace(held("2024"))
    assert trace.changes[0] == ALONE
    assert trace.picture.shape[0] < 256
    assert ALONE not in reader.trace(draw([("2024", 60, 60)])).changes


def test_the_numbers_of_two_sheets_are_read(reader: Reader) -> None:
    desk = np.full((480, 720, 3), (90, 110, 130), np.uint8)
    desk[60:220, 60:340] = draw([("2024", 40, 40)], (280, 160), font=70)
    desk[240:400, 380:660] = draw([("317", 40, 40)], (280, 160), font=70)
    assert reader.read(desk).text == "2024\n317"


def test_a_card_does_not_hide_the_page_on_which_it_lies(reader: Reader) -> None:
    page = draw([("2024", 40, 40), ("317", 40, 160), ("58", 40, 280)], (720, 480), font=70)
    page[180:340, 420:640] = (90, 200, 240)
    page[200:320, 440:620] = draw([("6", 60, 20)], (180, 120), font=70, paper=200)
    assert {"2024", "317", "58"} <= {string.text for string in reader.read(page).strings}
