"""The camera of one connection: its frames go back at once, with the newest reading on them."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import uuid4

import av
import numpy as np
from streamlit_webrtc import VideoProcessorBase

from camdigits.recognize.formats import Format
from camdigits.video.frames import Frame
from camdigits.video.live_reader import LiveReader, PageReader
from camdigits.video.results import LiveResult, LiveString
from camdigits.video.window import draw_strings
from camdigits.web.memory import set_frames_apart, sweep_soon

_LOG = logging.getLogger(__name__)
# Seconds without a frame after which a connection counts as dead. Of browsers that are closed or
# go offline, ICE itself tells after half a minute (RFC 7675, 5.1).
_PATIENCE = 5.0
_RATED = 30  # frames over which the rates are taken


@dataclass(frozen=True, eq=False)
class Locked:
    """A number that became certain, with the ``frame``, uint8 BGR (h, w, 3), of its quad.

    ``in_view`` is False when the camera no longer sees it. ``id`` is unique in the world.
    """

    string: LiveString
    frame: np.ndarray
    in_view: bool = True
    id: str = field(default_factory=lambda: uuid4().hex)


@dataclass(frozen=True, eq=False)
class View:
    """What is known of a camera's sight.

    ``result`` is of the newest frame that was looked at, None before the first; ``locked`` holds
    the numbers that locked last, also after they went out of view. ``frames`` counts the frames
    that came, ``frames_per_second`` is their rate, ``latency_ms`` the time from a frame's coming
    to its result. ``failed`` says that reading ended with an error, which is in the log.
    """

    result: LiveResult | None = None
    locked: tuple[Locked, ...] = ()
    frames: int = 0
    frames_per_second: float = 0.0
    latency_ms: float = 0.0
    failed: bool = False


class CameraFeed(VideoProcessorBase):
    """Draws the newest reading on each frame and reads the newest frame, each at its own pace.

    Reading has a thread of its own, which takes the newest frame whenever it is done with one; so
    a slow reading delays no frame and frames never queue. The thread comes with the first frame
    and ends with the connection. Other methods than the callbacks are for any thread.
    """

    def __init__(
        self,
        reader: PageReader,
        expected: Format,
        mirrored: bool = False,
        on_silence: Callable[[CameraFeed], None] = lambda feed: None,
    ) -> None:
        """Read with ``reader``; call ``on_silence`` with this feed, on the reading thread as it
        ends, when no frame has come for seconds."""
        set_frames_apart()
        self._live = LiveReader(reader, expected=expected)
        self._changed = threading.Condition()  # guards what follows
        self._expected, self._mirrored = expected, mirrored
        self._on_silence = on_silence
        self._newest: Frame | None = None
        self._size = (0, 0)
        self._view = View()
        self._came: deque[float] = deque(maxlen=_RATED)
        self._took: deque[float] = deque(maxlen=_RATED)
        self._thread: threading.Thread | None = None
        self._ended = False

    def set_up(self, expected: Format, mirrored: bool) -> None:
        """Change what numbers are read, and whether the video is shown as in a mirror."""
        with self._changed:
            if expected != self._expected:
                self._view = replace(self._view, result=None, locked=())
            self._expected, self._mirrored = expected, mirrored

    def view(self) -> View:
        """Return what is known now."""
        with self._changed:
            span = time.monotonic() - self._came[0] if self._came else 0.0
            return replace(
                self._view,
                frames_per_second=len(self._came) / span if span > 0 else 0.0,
                latency_ms=float(np.median(self._took)) if self._took else 0.0,
            )

    def recv(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Return the video's next frame, the same with the reading drawn on it.

        Runs on the thread in which streamlit-webrtc processes this connection's frames.
        """
        image = frame.to_ndarray(format="bgr24")
        strings, mirrored = self._offer(Frame(image, time.monotonic()))
        return av.VideoFrame.from_ndarray(draw_strings(image, strings, mirrored), format="bgr24")

    def on_ended(self) -> None:
        """End the reading; may be called more than once.

        Runs on the server's event loop, so it does not wait for the reading thread.
        """
        with self._changed:
            if self._ended:
                return
            self._ended = True
            self._newest = None
            self._changed.notify_all()
        sweep_soon()

    def _offer(self, frame: Frame) -> tuple[tuple[LiveString, ...], bool]:
        """Hand ``frame`` to the reading; return the strings to draw on it, and if mirrored."""
        with self._changed:
            self._came.append(frame.time)
            self._view = replace(self._view, frames=self._view.frames + 1)
            if not (self._ended or self._view.failed):
                self._newest = frame
                self._changed.notify_all()
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="reading", daemon=True)
                    self._thread.start()
            result = self._view.result
            # The strings of a frame of another size have other places.
            fits = self._size == frame.image.shape[:2]
            return result.strings if result and fits else (), self._mirrored

    def _run(self) -> None:
        """Runs on the reading thread, which alone touches the LiveReader."""
        try:
            while (taken := self._take()) is not None:
                self._read(*taken)
            if not self._ended:
                self._on_silence(self)
        except Exception:
            _LOG.exception("reading the frames of a camera failed")
            with self._changed:
                self._view = replace(self._view, result=None, failed=True)
                self._thread = None

    def _take(self) -> tuple[Frame, Format] | None:
        """Wait for a frame that was not read yet; None, and the thread is over, if none comes."""
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None or self._ended, _PATIENCE)
            frame, self._newest = self._newest, None
            if frame is None:
                self._thread = None
                return None
            return frame, self._expected

    def _read(self, frame: Frame, expected: Format) -> None:
        if expected != self._live.expected:
            self._live.expected = expected
        result = self._live.update(frame.image, frame.time)
        with self._changed:
            if expected != self._expected:  # it changed meanwhile
                return
            self._took.append(1000 * (time.monotonic() - frame.time))
            self._size = frame.image.shape[:2]
            locked = _locked(self._view.locked, result, frame.image)
            self._view = replace(self._view, result=result, locked=locked)


def _locked(
    before: tuple[Locked, ...], result: LiveResult, frame: np.ndarray
) -> tuple[Locked, ...]:
    """Return the numbers to show after a frame: those that are locked, else those of before."""
    if not result.locked:
        return tuple(replace(one, in_view=False) for one in before)
    # In a blurred frame the places are those of frames before.
    poor = result.skipped in ("blurred", "dark")
    known = {(one.string.id, one.string.locked_at): one for one in before}
    shown = []
    for string in result.locked:
        old = known.get((string.id, string.locked_at))
        if old is None:
            shown.append(Locked(string, frame))
        elif poor:
            shown.append(replace(old, in_view=True))
        else:
            shown.append(replace(old, string=string, frame=frame, in_view=True))
    return tuple(shown)
