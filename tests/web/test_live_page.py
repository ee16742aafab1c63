"""The page Live without a browser: what it says, offers and remembers."""

from __future__ import annotations

import time
from itertools import count

import cv2
import numpy as np
import pytest
import streamlit as st
import streamlit_webrtc.component
from pictures import draw_number
from streamlit.testing.v1 import AppTest
from streamlit_webrtc import WebRtcStreamerContext
from streamlit_webrtc.component import WebRtcStreamerState

from camdigits.web import live


@pytest.fixture(autouse=True)
def _no_server(monkeypatch):
    """AppTest has no session as streamlit-webrtc knows it."""
    monkeypatch.setattr(streamlit_webrtc.component, "get_this_session_info", lambda: None)


def open_page() -> AppTest:
    def page() -> None:
        from camdigits.web import live  # noqa: PLC0415 - AppTest runs the source of this function

        live.show()

    return AppTest.from_function(page, default_timeout=30)


def come_from(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr(type(st.context), "url", property(lambda context: url))


def test_the_page_says_what_to_do() -> None:
    app = open_page().run()
    assert not app.exception
    assert "Start the camera" in app.markdown[-1].value
    assert [box.label for box in app.selectbox] == ["Resolution", "Expected numbers"]
    assert app.toggle[0].label == "Mirror the video"


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("http://localhost:8501/live", False),
        ("http://127.0.0.1:8501/live", False),
        ("http://[::1]:8501/live", False),
        ("http://camera.localhost/live", False),
        ("https://192.168.1.5:8501/live", False),
        ("https://example.org/live", False),
        ("http://192.168.1.5:8501/live", True),
        ("http://example.org/live", True),
        ("http://127.example.org/live", True),
        ("http://localhost.example.org/live", True),
        ("http://[2001:db8::1]:8501/live", True),
    ],
)
def test_where_browsers_give_no_camera_the_page_says_so(monkeypatch, url, refused) -> None:
    come_from(monkeypatch, url)
    app = open_page().run()
    assert not app.exception
    assert [("https" in warning.value) for warning in app.warning] == [True] * refused
    assert bool(app.selectbox) is not refused


@pytest.mark.parametrize("typed", ["4-6", "7", " 12 ", "ean13"])
def test_lengths_can_be_typed(typed) -> None:
    app = open_page()
    app.session_state["live.expected"] = typed
    app.run()
    assert not app.exception
    assert not app.error


def test_a_length_without_meaning_is_refused_in_a_sentence() -> None:
    app = open_page()
    app.session_state["live.expected"] = "**6-4**"
    app.run()
    assert not app.exception
    assert "6" in app.error[0].value
    assert "**6" not in app.error[0].value


def test_a_connection_that_does_not_come_up_gives_way_to_single_pictures() -> None:
    waiting = WebRtcStreamerContext(None, WebRtcStreamerState(playing=False, signalling=True))
    app = open_page()
    app.session_state["live.video"] = waiting
    app.run()
    assert not app.warning
    assert "Waiting" in app.caption[0].value
    app.session_state["live.since"] = time.monotonic() - live._PATIENCE
    app.run()
    assert not app.exception
    assert "TURN" in app.warning[0].value
    assert app.get("camera_input")
    app.get("button_group")[0].set_value("video").run()
    assert not app.warning
    assert not app.get("camera_input")


def test_a_late_count_of_script_runs_ends_no_video_but_leaving_it_does(monkeypatch) -> None:
    monkeypatch.setattr(streamlit_webrtc.component, "get_this_session_info", Session)
    worker = Worker()
    playing = WebRtcStreamerContext(worker, WebRtcStreamerState(playing=True, signalling=False))
    app = open_page().run()
    app.session_state["live.video"] = playing
    for _ in range(3):
        app.run()
    assert not app.exception
    assert not worker.stopped
    assert playing.state.playing
    app.get("button_group")[0].set_value("still").run()
    app.get("button_group")[0].set_value("video").run()
    assert worker.stopped
    assert not playing.state.playing


@pytest.mark.parametrize("text", ["3240", ""])
def test_a_single_picture_is_read_and_its_number_kept(monkeypatch, text) -> None:
    shot = draw_number(text) if text else np.full((200, 300, 3), 250, np.uint8)
    taken = Shot(cv2.imencode(".jpg", shot)[1].tobytes())
    monkeypatch.setattr(st, "camera_input", lambda label: taken)
    app = open_page()
    app.session_state["live.way"] = "still"
    app.run()
    assert not app.exception
    assert [code.value for code in app.code] == ([text] if text else [])
    if not text:
        assert "No number" in app.caption[0].value
        return
    app.button[0].click().run()
    assert app.button[0].label == "Kept"
    assert app.button[0].disabled
    [kept] = app.session_state["camdigits.readings"].all()
    assert (kept.text, kept.source) == (text, "camera")
    crop = cv2.imdecode(np.frombuffer(kept.crop, np.uint8), cv2.IMREAD_COLOR)
    assert crop.min() < 100
    assert crop.max() > 200


def test_a_single_picture_that_is_none_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(st, "camera_input", lambda label: Shot(b"no picture"))
    app = open_page()
    app.session_state["live.way"] = "still"
    app.run()
    assert not app.exception
    assert "the picture" in app.error[0].value


class Session:
    """A session whose count of script runs makes a leap whenever it is looked at."""

    _counts = count(10, 10)

    def __init__(self) -> None:
        self.script_run_count = next(self._counts)


class Worker:
    """The server's end of a connection, as streamlit-webrtc holds it."""

    backend, video_processor, local_description = "aiortc", None, None
    stopped = False

    def stop(self) -> None:
        self.stopped = True


class Shot:
    """What st.camera_input returns."""

    file_id = "1"

    def __init__(self, data: bytes) -> None:
        self.getvalue = lambda: data
