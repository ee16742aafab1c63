"""The newest frame of a source: what is old when it could be read is not read at all."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

from camdigits.errors import SourceError
from camdigits.video.frames import Frame, FrameSource

_IDLE = 0.005  # seconds until a live source that had no frame is asked again
# Seconds that closing waits for a driver in the middle of a read, at most.
_LAST_READ = 15.0


class NewestFrame:
    """Reads a source in a thread of its own and hands out its newest frame, each once.

    Recordings are played at the pace of their frame times. A live source that fails is reopened
    every ``pause`` seconds until it is there again. With ``every_frame`` a recording is instead
    handed out frame by frame as it is asked for, without thread, pace or loss.

    Takes the source over: nothing else may read or close it. All methods and properties are for
    any thread. Use it as a context manager, or call :meth:`close`.
    """

    def __init__(
        self, source: FrameSource, *, every_frame: bool = False, pause: float = 1.0
    ) -> None:
        self.source = source
        self._pause = pause
        self._newest: Frame | None = None
        self._problem: SourceError | None = None
        self._failure: Exception | None = None
        self._finished = False
        self._changed = threading.Condition()  # guards the four above
        self._closing = threading.Event()
        self._start: float | None = None  # when the recording's time 0 was
        self._thread: threading.Thread | None = None
        if source.live or not every_frame:
            self._thread = threading.Thread(target=self._run, name="frames", daemon=True)
            self._thread.start()

    def get(self, timeout: float) -> Frame | None:
        """Return the newest frame that was not handed out yet, waiting for it if there is none.

        Waits ``timeout`` seconds at most; None then, and at once after the end and after closing.
        (With ``every_frame`` it takes as long as decoding a frame.) Raises SourceError where a
        recording cannot be read, and whatever else ended the reading.
        """
        if self._thread is None:
            return None if self._closing.is_set() else self.source.read()
        with self._changed:
            self._changed.wait_for(self._has_news, timeout)
            frame, self._newest = self._newest, None
            if frame is None and self._failure is not None:
                raise self._failure
            return frame

    @property
    def ended(self) -> bool:
        """Whether no frame will come anymore; never so for a live source before closing."""
        if self._thread is None:
            return self._closing.is_set() or self.source.ended
        with self._changed:
            return self._finished and self._newest is None

    @property
    def problem(self) -> SourceError | None:
        """What is wrong with a live source that is gone and looked for; None while frames come."""
        with self._changed:
            return self._problem

    def close(self) -> None:
        """Stop reading and close the source; returns when the thread has ended."""
        self._closing.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread is None:
            self.source.close()
        else:
            self._thread.join(_LAST_READ)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _has_news(self) -> bool:
        return self._newest is not None or self._finished or self._closing.is_set()

    def _run(self) -> None:
        """Runs on the reading thread, which alone touches the source."""
        try:
            while not (self._closing.is_set() or self.source.ended):
                self._read_once()
        except Exception as error:
            # get() raises it: an error that stayed on this thread would look like a dead camera.
            with self._changed:
                self._failure = error
        finally:
            self.source.close()
            with self._changed:
                self._finished = True
                self._changed.notify_all()

    def _read_once(self) -> None:
        try:
            frame = self.source.read()
        except SourceError as error:
            if not self.source.live:
                raise
            self._recover(error)
            return
        if frame is not None:
            if not self.source.live:
                self._wait_until_due(frame)
            self._offer(frame)
        elif self.source.live:
            self._closing.wait(_IDLE)

    def _wait_until_due(self, frame: Frame) -> None:
        now = time.monotonic()
        if self._start is None:
            self._start = now - frame.time
        self._closing.wait(max(0.0, self._start + frame.time - now))

    def _offer(self, frame: Frame) -> None:
        with self._changed:
            self._newest = frame
            self._problem = None
            self._changed.notify_all()

    def _recover(self, problem: SourceError) -> None:
        """Reopen the source, again and again until it is there or no longer wanted."""
        self._report(problem)
        while not self._closing.wait(self._pause):
            try:
                self.source.reopen()
                return
            except SourceError as still:
                self._report(still)

    def _report(self, problem: SourceError) -> None:
        with self._changed:
            self._problem = problem
