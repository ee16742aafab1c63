"""Events of a live reading, and the picture that the window shows of it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from sightings import live

from camdigits.reading import Box
from camdigits.video.events import EventLog
from camdigits.video.results import Guidance
from camdigits.video.window import HELP, Status, draw_view, view_scale


def test_events_tell_what_is_new() -> None:
    log = EventLog()
    steps = [
        live(),
        live((1, "12", None)),
        live((1, "123", None)),
        live((1, "123", 1.0), (2, "45", None)),
        live((1, "123", 1.0), (3, "67", 1.0)),
        live(),
    ]
    told = [[(e["event"], e["id"], e["text"]) for e in log.events(step)] for step in steps]
    assert told == [
        [],
        [("found", 1, "12")],
        [],
        [("locked", 1, "123"), ("found", 2, "45")],
        [("lost", 2, "45"), ("found", 3, "67"), ("locked", 3, "67")],
        [("lost", 1, "123"), ("lost", 3, "67")],
    ]


def test_an_event_has_the_place_and_time() -> None:
    (event,) = EventLog().events(live((7, "123", None), time=2.5))
    assert event == {
        "event": "found",
        "time": 2.5,
        "id": 7,
        "text": "123",
        "confidence": 0.9,
        "fits": True,
        "box": [100, 60, 80, 40],
    }


def test_an_event_tells_what_does_not_fit() -> None:
    result = live((1, "123", None))
    (string,) = result.strings
    misfit = replace(result, strings=(replace(string, fits=False),))
    (event,) = EventLog().events(misfit)
    assert (event["text"], event["fits"]) == ("123", False)


def test_advice_is_told_when_it_changes() -> None:
    log = EventLog()
    codes = ["none", "too_dark", "too_dark", "hold_still", "none", "none"]
    told = [log.events(live(guidance=Guidance(code))) for code in codes]
    assert [[(e["event"], e["code"], e["text"]) for e in events] for events in told] == [
        [],
        [("guidance", "too_dark", "too dark: more light, please")],
        [],
        [("guidance", "hold_still", "hold still")],
        [("guidance", "none", "")],
        [],
    ]


FRAME = np.full((480, 640, 3), 200, np.uint8)
RESULT = live((1, "123", 1.0), (2, "45", None))


def changed(one: np.ndarray, other: np.ndarray) -> tuple[int, int, int, int]:
    """Return the box around the pixels that differ between two pictures."""
    differ = np.abs(one.astype(int) - other).max(axis=2) > 0
    return tuple(int(v) for v in cv2.boundingRect(differ.astype(np.uint8)))


def test_the_frame_stays_in_place_with_its_boxes() -> None:
    view = draw_view(FRAME, RESULT, Status())
    assert view.shape[1] == 640
    assert view.shape[0] > 480
    x, y, width, height = changed(view[:480], FRAME)
    assert 90 <= x <= 100
    assert x + width <= 185
    assert y < 60
    assert y + height <= 190


def test_locked_numbers_and_history_are_written_below() -> None:
    plain = draw_view(FRAME, live(), Status())
    locked = draw_view(FRAME, RESULT, Status())
    old = draw_view(FRAME, live(), Status(history=("123", "45")))
    assert changed(locked[480:], plain[480:])[2] > 50
    assert changed(old[480:], plain[480:])[1] > changed(locked[480:], plain[480:])[1]


def test_mirrored_frames_keep_their_letters() -> None:
    frame = FRAME.copy()
    frame[:, :300] = 90
    view = draw_view(frame, RESULT, Status(mirrored=True))
    assert view[300, 600].tolist() == [90, 90, 90]
    x, _, width, _ = changed(view[:480], cv2.flip(frame, 1))
    assert (x >= 640 - 185, x + width <= 640 - 90) == (True, True)


def test_outside_the_region_is_dim() -> None:
    view = draw_view(FRAME, live(), Status(region=Box(100, 100, 200, 150)))
    assert view[50, 50].tolist() == [100, 100, 100]
    assert view[150, 200].tolist() == [200, 200, 200]
    mirrored = draw_view(FRAME, live(), Status(region=Box(0, 0, 200, 480), mirrored=True))
    assert (mirrored[300, 50, 0], mirrored[300, 600, 0]) == (100, 200)


@pytest.mark.parametrize("shape", [(1080, 1920), (2160, 3840), (120, 160), (900, 90)])
def test_any_size_is_shown(shape: tuple[int, int]) -> None:
    frame = np.full((*shape, 3), 180, np.uint8)
    busy = Status(30, 12.5, "any", "no clipboard program here", ("1" * 30,) * 12, helping=True)
    debug = np.full((3000, 1600, 3), 255, np.uint8)
    view = draw_view(frame, RESULT, busy, debug)
    assert view.shape[1] == round(shape[1] * view_scale(shape[0]))
    assert view.dtype == np.uint8


def test_the_debug_sheet_is_wrapped_into_the_frame() -> None:
    sheet = np.zeros((2000, 320, 3), np.uint8)
    sheet[1000:] = 120
    view = draw_view(FRAME, RESULT, Status(), sheet)
    assert view.shape == draw_view(FRAME, RESULT, Status()).shape
    assert view[300, 50].tolist() == [0, 0, 0]
    assert view[300, 500].tolist() == [120, 120, 120]


def test_help_names_every_key() -> None:
    assert [key for key, _ in HELP] == ["q, Esc", "space", *"scrdmfh"]
