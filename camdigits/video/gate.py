"""Which frames are worth reading: neither dark, nor blurred, nor the same as before, nor more often
than it takes to keep an eye on what is certain."""

from __future__ import annotations

import math

import numpy as np

from camdigits.video.advice import Sight
from camdigits.video.focus import Look, changed, moving
from camdigits.video.results import Skipped

# Shares of the scene's best sharpness: below, a frame is not read, or counts as blurred for the
# advice. Seconds in which the memory of that best fades to a third.
_READABLE, _SHARP, _FADING = 0.5, 0.6, 4.0
# Seconds after which a blurred frame is read all the same, for the scene may be another by now,
# and after which an unchanged one is.
_BLURRED_ANYWAY, _UNCHANGED_ANYWAY = 0.3, 1.0
# Seconds between readings while all that is in view is certain and the camera is calm: a laptop has
# other things to do, and what changes is still seen at once.
_RESTED = 0.05
# Frames of one sight that are read before finding nothing in it is believed.
_ENOUGH = 4


class Gate:
    """Judges each frame by those before it."""

    def __init__(self) -> None:
        self._best = 0.0
        self._last: Look | None = None
        self._moves = False
        self._time = 0.0
        self._reference: np.ndarray | None = None  # thumbnail of the sight that was read
        self._reads = 0  # how often that sight was read
        self._read_at = -math.inf

    def judge(self, seen: Look, time: float) -> Sight:
        """Return how the frame at ``time`` (seconds) compares with those before."""
        self._best *= math.exp(-max(time - self._time, 0.0) / _FADING)
        self._time = time
        if not (seen.flat or seen.dark):
            self._best = max(self._best, seen.sharpness)
        self._moves = self._last is not None and moving(self._last.thumbnail, seen.thumbnail)
        self._last = seen
        blurred = not seen.flat and seen.sharpness < _SHARP * self._best
        return Sight(seen.dark, blurred, self._moves, seen.sharpness)

    def skip(self, seen: Look, time: float, busy: bool, certain: bool) -> Skipped:
        """Return why the judged frame need not be read, or ``""`` where it should be.

        ``busy`` says that more frames of the same sight may still decide something, ``certain``
        that something is in view and all of it is decided.
        """
        if seen.dark:
            return "dark"
        since = time - self._read_at
        blurred = not seen.flat and seen.sharpness < _READABLE * self._best
        if blurred and since < _BLURRED_ANYWAY:
            return "blurred"
        same = self._reference is not None and not changed(self._reference, seen.thumbnail)
        if same and not busy and self._reads >= _ENOUGH and since < _UNCHANGED_ANYWAY:
            return "unchanged"
        if certain and not busy and not self._moves and since < _RESTED:
            return "resting"
        return ""

    def was_read(self, seen: Look, time: float) -> None:
        """Note that the judged frame was read."""
        if self._reference is None or changed(self._reference, seen.thumbnail):
            self._reference, self._reads = seen.thumbnail, 0
        self._reads += 1
        self._read_at = time
