"""What a live reading tells of itself beside the numbers: history, frame rate, milliseconds."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence

import numpy as np

from camdigits.video.events import Event
from camdigits.video.live_reader import LiveReader
from camdigits.video.results import LiveResult
from camdigits.video.window import Status

_HISTORY = 12
_FRAMES = 30  # over which rate and milliseconds are taken


class Figures:
    """Counts along with a live reading, for its window and its film."""

    def __init__(self) -> None:
        self.history: deque[str] = deque(maxlen=_HISTORY)
        self._times: deque[float] = deque(maxlen=_FRAMES)
        self._ms: deque[float] = deque(maxlen=_FRAMES)

    def note(self, result: LiveResult, events: Sequence[Event]) -> None:
        """Take in a frame that was just read."""
        self.history.extend(str(e["text"]) for e in events if e["event"] == "locked")
        self._times.append(time.monotonic())
        self._ms.append(sum(result.timings_ms.values()))

    def restart_clock(self) -> None:
        """Take the rate from now on: no frame was wanted for a while."""
        self._times.clear()
        self._times.append(time.monotonic())

    def status(self, live: LiveReader, frame: np.ndarray) -> Status:
        """Return the figures after ``frame``, (h, w, ...), and what ``live`` looks for in it."""
        seconds = self._times[-1] - self._times[0]
        height, width = frame.shape[:2]
        return Status(
            frames_per_second=(len(self._times) - 1) / seconds if seconds > 0 else 0.0,
            ms=float(np.mean(self._ms)),
            expected=str(live.expected),
            history=tuple(self.history),
            region=live.region.pixels(width, height) if live.region else None,
        )
