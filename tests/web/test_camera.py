"""CameraFeed without a browser: frames go through at once, the newest is read, threads end."""

from __future__ import annotations

import threading
from collections.abc import Callable

import av
import numpy as np
import pytest
from scenes import scene
from sightings import number

from camdigits.reading import Page
from camdigits.recognize.formats import Format
from camdigits.web import camera
from camdigits.web.camera import CameraFeed

ANY = Format.parse("any")
LONG = 20.0  # seconds; only a failing test waits as long


class Script:
    """A reader that finds ``texts`` in each frame, once it is let, and notes what it was shown."""

    def __init__(self, *texts: str) -> None:
        self.texts = texts
        self.shown: list[int] = []
        self.asked, self.let = threading.Semaphore(0), threading.Semaphore(0)

    def read(
        self,
        image: np.ndarray,
        rotate: bool = True,
        expected: Format | None = None,
        again: bool = True,
    ) -> Page:
        self.shown.append(round(image[0, 0].mean()))
        self.asked.release()
        assert self.let.acquire(timeout=LONG)
        strings = tuple(number(text, 100, 60 + 100 * i) for i, text in enumerate(self.texts))
        return Page(strings, image.shape[1], image.shape[0])

    def run_freely(self) -> None:
        self.let.release(100_000)


def picture(gray: int) -> np.ndarray:
    """A frame with writing on it whose first pixels tell it from others."""
    frame = scene(("3240", 80, 80), ("2247", 80, 260))
    frame[:40, :40] = gray
    return frame


def send(feed: CameraFeed, image: np.ndarray) -> np.ndarray:
    video = av.VideoFrame.from_ndarray(image, format="bgr24")
    return feed.recv(video).to_ndarray(format="bgr24")


def send_until(feed: CameraFeed, true: Callable[[], bool]) -> np.ndarray:
    """Send frames as a camera does until something is so; return the last that came back."""
    pause = threading.Event()
    for k in range(600):
        back = send(feed, picture(100 + k % 100))
        if true():
            return back
        pause.wait(1 / 30)
    pytest.fail("it never was so")


def readers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "reading"]


@pytest.fixture(autouse=True)
def _no_thread_is_left():
    yield
    for thread in readers():
        thread.join(LONG)
    assert not readers()


@pytest.fixture
def script():
    made = Script("3240")
    yield made
    made.run_freely()


def test_frames_go_through_while_a_reading_takes_long_and_the_newest_is_read_next(script) -> None:
    feed = CameraFeed(script, ANY)
    send(feed, picture(10))
    assert script.asked.acquire(timeout=LONG)
    for gray in (60, 110, 160, 210):
        assert np.abs(send(feed, picture(gray))[:8, :8].astype(int) - gray).max() < 4
    assert feed.view().frames == 5
    script.let.release()
    assert script.asked.acquire(timeout=LONG)
    feed.on_ended()
    assert np.abs(np.subtract(script.shown, [10, 210])).max() < 4


def test_what_is_read_is_drawn_on_the_video_and_mirrored_with_it(script) -> None:
    script.run_freely()
    feed = CameraFeed(script, ANY)
    send_until(feed, lambda: bool(feed.view().locked))
    feed.set_up(ANY, mirrored=True)
    mirrored = send(feed, picture(210)).astype(int)
    feed.set_up(ANY, mirrored=False)
    drawn = send(feed, picture(210)).astype(int)
    feed.on_ended()
    plain = picture(210).astype(int)
    assert np.abs(drawn - plain).max() > 100
    assert np.abs(mirrored - plain[:, ::-1]).max() > 100
    assert np.abs(mirrored[:8, -8:] - 210).max() < 4
    view = feed.view()
    assert [one.string.text for one in view.locked] == ["3240"]
    assert view.frames_per_second > 0
    assert view.latency_ms > 0


def test_numbers_stay_after_they_went_out_of_view(script) -> None:
    script.run_freely()
    feed = CameraFeed(script, ANY)
    send_until(feed, lambda: bool(feed.view().locked))
    [seen] = feed.view().locked
    assert seen.in_view
    script.texts = ()
    send_until(feed, lambda: not feed.view().locked[0].in_view)
    feed.on_ended()
    [gone] = feed.view().locked
    assert (gone.id, gone.string.text) == (seen.id, "3240")


def test_another_expectation_forgets_what_was_read(script) -> None:
    script.run_freely()
    feed = CameraFeed(script, ANY)
    send_until(feed, lambda: bool(feed.view().locked))
    feed.set_up(Format.parse("6"), mirrored=False)
    assert feed.view().locked == ()
    script.texts = ("2247", "314032")
    send_until(feed, lambda: bool(feed.view().locked))
    feed.on_ended()
    assert [one.string.text for one in feed.view().locked] == ["314032"]


def test_a_connection_that_fell_silent_is_told_of(script, monkeypatch) -> None:
    script.run_freely()
    monkeypatch.setattr(camera, "_PATIENCE", 0.05)
    told: list[CameraFeed] = []
    feed = CameraFeed(script, ANY, on_silence=told.append)
    send(feed, picture(10))
    for thread in readers():
        thread.join(LONG)
    assert told == [feed]


def test_a_connection_that_ended_is_not_called_silent(script) -> None:
    script.run_freely()
    told: list[CameraFeed] = []
    feed = CameraFeed(script, ANY, on_silence=told.append)
    send(feed, picture(10))
    feed.on_ended()
    feed.on_ended()
    for thread in readers():
        thread.join(LONG)
    assert told == []
    send(feed, picture(10))
    assert readers() == []


def test_an_error_in_reading_is_logged_and_the_video_goes_on(script, caplog, monkeypatch) -> None:
    def fail(*arguments: object, **named: object) -> Page:
        raise ZeroDivisionError

    monkeypatch.setattr(script, "read", fail)
    feed = CameraFeed(script, ANY)
    send_until(feed, lambda: feed.view().failed)
    before = feed.view().frames
    assert np.abs(send(feed, picture(60))[:8, :8].astype(int) - 60).max() < 4
    assert feed.view().frames == before + 1
    assert "ZeroDivisionError" in caplog.text
