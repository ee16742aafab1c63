"""The newest frame wins: one frame at most waits, lost sources come back, closing is prompt."""

from __future__ import annotations

import queue
import threading
import time

import numpy as np
import pytest

from camdigits.errors import SourceError
from camdigits.video.frames import Frame, FrameSource
from camdigits.video.newest import NewestFrame

LONG = 20.0  # seconds; only a failing test waits as long


def frame(number: int, seconds: float = 0.0) -> Frame:
    return Frame(np.full((2, 2, 3), number, np.uint8), seconds)


def number_of(got: Frame | None) -> int:
    assert got is not None
    return int(got.image[0, 0, 0])


class HandMade(FrameSource):
    """A source that gives what the test puts into it; errors are raised."""

    def __init__(self, live: bool = True) -> None:
        super().__init__()
        self.live = live
        self.script: queue.Queue[Frame | Exception | None] = queue.Queue()
        self.away = threading.Event()
        self.missed = threading.Event()
        self.closed = threading.Event()
        self.over = False
        self._taken = False

    @property
    def ended(self) -> bool:
        return self.over

    def read(self) -> Frame | None:
        self._done()
        try:
            item = self.script.get(timeout=0.005)
        except queue.Empty:
            return None
        self._taken = True
        if isinstance(item, Exception):
            self._done()
            raise item
        if item is None:
            self.over = True
            self._done()
        return item

    def reopen(self) -> None:
        if self.away.is_set():
            self.missed.set()
            raise SourceError("camera 7: still away")

    def close(self) -> None:
        self.closed.set()

    def play(self, *items: Frame | Exception | None) -> None:
        """Give the items and return when the reader has dealt with all of them."""
        for item in items:
            self.script.put(item)
        self.script.join()

    def _done(self) -> None:
        if self._taken:
            self._taken = False
            self.script.task_done()


def test_the_newest_frame_wins_and_each_is_given_once() -> None:
    source = HandMade()
    with NewestFrame(source) as frames:
        source.play(*map(frame, range(5)))
        assert number_of(frames.get(LONG)) == 4
        assert frames.get(0.0) is None
        source.play(frame(9))
        assert number_of(frames.get(LONG)) == 9


def test_get_waits_no_longer_than_it_may() -> None:
    with NewestFrame(HandMade()) as frames:
        begin = time.monotonic()
        assert frames.get(0.02) is None
        assert time.monotonic() - begin < LONG / 4


def test_get_waits_for_a_frame_that_is_on_its_way() -> None:
    source = HandMade()
    with NewestFrame(source) as frames:
        got: list[Frame | None] = []
        waiting = threading.Thread(target=lambda: got.append(frames.get(LONG)))
        waiting.start()
        source.play(frame(3))
        waiting.join(LONG)
        assert number_of(got[0]) == 3


def test_a_lost_source_is_looked_for_until_it_is_back() -> None:
    source = HandMade()
    with NewestFrame(source, pause=0.001) as frames:
        source.play(frame(1))
        assert frames.problem is None
        source.away.set()
        source.play(SourceError("camera 7: unplugged"))
        assert source.missed.wait(LONG)
        assert str(frames.problem).startswith("camera 7")
        assert not frames.ended
        source.away.clear()
        source.play(frame(2))
        assert number_of(frames.get(LONG)) == 2
        assert frames.problem is None


@pytest.mark.parametrize("lost", [False, True])
def test_closing_ends_thread_and_source(lost: bool) -> None:
    source = HandMade()
    frames = NewestFrame(source, pause=LONG)
    if lost:
        source.play(SourceError("camera 7: unplugged"))
    begin = time.monotonic()
    frames.close()
    assert time.monotonic() - begin < LONG / 2
    assert source.closed.is_set()
    assert frames.ended
    assert frames.get(LONG) is None
    assert not any(thread.name == "frames" for thread in threading.enumerate())
    frames.close()


def test_closing_wakes_a_get_that_waits() -> None:
    frames = NewestFrame(HandMade())
    got: list[Frame | None] = []
    waiting = threading.Thread(target=lambda: got.append(frames.get(LONG)))
    waiting.start()
    frames.close()
    waiting.join(LONG / 2)
    assert got == [None]


def test_a_recording_is_played_at_its_pace() -> None:
    source = HandMade(live=False)
    with NewestFrame(source) as frames:
        begin = time.monotonic()
        for item in (frame(1, 5.0), frame(2, 5.05), frame(3, 5.1), None):
            source.script.put(item)
        source.script.join()
        assert time.monotonic() - begin >= 0.1
        assert number_of(frames.get(LONG)) == 3
        assert frames.ended
        assert frames.get(LONG) is None


def test_a_recording_can_be_had_frame_by_frame() -> None:
    source = HandMade(live=False)
    for item in (*map(frame, range(4)), None):
        source.script.put(item)
    with NewestFrame(source, every_frame=True) as frames:
        assert [number_of(frames.get(LONG)) for _ in range(4)] == [0, 1, 2, 3]
        assert not frames.ended
        assert frames.get(LONG) is None
        assert frames.ended
    assert source.closed.is_set()
    assert frames.get(LONG) is None


@pytest.mark.parametrize(
    ("live", "error"),
    [(False, SourceError("film.avi: damaged")), (True, ValueError("a mistake in the source"))],
)
def test_what_ends_the_reading_is_raised_where_frames_are_taken(
    live: bool, error: Exception
) -> None:
    source = HandMade(live)
    with NewestFrame(source) as frames:
        source.play(error)
        with pytest.raises(type(error), match=str(error)):
            frames.get(LONG)
        assert frames.ended
    assert source.closed.is_set()
