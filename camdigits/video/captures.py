"""Frames that OpenCV captures: from cameras, video files and addresses on the network."""

from __future__ import annotations

import math
import os
import re
import time
from abc import abstractmethod

import cv2

from camdigits.errors import SourceError
from camdigits.preprocess.files import printable
from camdigits.video.frames import Frame, FrameSource

_USUAL_FPS = 30.0  # where a source doesn't say, or says something absurd
# Seconds without a frame after which a live source counts as gone. Cameras take a while to start.
_PATIENCE = 3.0
_CONNECT_MS = 5000  # what opening an address, or waiting for its next packet, may take
_LAST_CAMERA = 99  # OpenCV reads more out of larger numbers: 700 is another driver

# FFmpeg, inside OpenCV, prints as well, and asks once, before its first file, whether it should.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")


class Capture(FrameSource):
    """What cv2.VideoCapture opens; subclasses say how."""

    def __init__(self) -> None:
        super().__init__()
        self._capture = cv2.VideoCapture()

    @property
    def ended(self) -> bool:
        return False

    def reopen(self) -> None:
        _silence_opencv()
        self.close()
        self._open()
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps = fps if math.isfinite(fps) and 1.0 <= fps <= 240.0 else _USUAL_FPS

    def close(self) -> None:
        self._capture.release()

    @abstractmethod
    def _open(self) -> None:
        """Set ``self._capture`` to one that is open. Raises SourceError."""


class LiveCapture(Capture):
    """A camera or stream: frames have the time at which they came."""

    live = True
    _remedy = ""

    def reopen(self) -> None:
        super().reopen()
        self._last = time.monotonic()

    def read(self) -> Frame | None:
        there, image = self._capture.read()
        now = time.monotonic()
        if there:
            self._last = now
            return Frame(image, now)
        if now - self._last < _PATIENCE:
            return None
        raise SourceError(f"{self.name}: gives no more pictures; {self._remedy}")


class Camera(LiveCapture):
    """A camera of this computer, by its index from 0; ``width`` and ``height`` are wishes."""

    _remedy = "check that it is plugged in and that no other program uses it"

    def __init__(self, index: int, width: int | None, height: int | None) -> None:
        super().__init__()
        self.name = f"camera {index}"
        if not 0 <= index <= _LAST_CAMERA:
            raise SourceError(
                f"{self.name}: cameras are counted from 0 to {_LAST_CAMERA}; "
                "pass another number with --camera"
            )
        self._index, self._width, self._height = index, width, height
        self.reopen()

    def _open(self) -> None:
        self._capture = cv2.VideoCapture(self._index)
        if not self._capture.isOpened():
            raise SourceError(
                f"{self.name}: cannot be opened; it is missing or in use by another program; "
                "close that program, or pass another number with --camera"
            )
        wishes = {cv2.CAP_PROP_FRAME_WIDTH: self._width, cv2.CAP_PROP_FRAME_HEIGHT: self._height}
        # Most USB cameras send large pictures at full rate as JPEG only.
        if any(wishes.values()) and self._capture.getBackendName() == "V4L2":
            self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        for what, pixels in wishes.items():
            if pixels:
                self._capture.set(what, pixels)


class Stream(LiveCapture):
    """A camera on the network, by its address."""

    _remedy = "check the address, the network and that the camera is on"

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address
        self.name = _without_secrets(address)
        self.reopen()

    def _open(self) -> None:
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _CONNECT_MS]
        limits += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, _CONNECT_MS]
        self._capture = cv2.VideoCapture(self._address, cv2.CAP_FFMPEG, limits)
        if not self._capture.isOpened():
            raise SourceError(f"{self.name}: no video comes from there; {self._remedy}")


class VideoFile(Capture):
    """A film in a file; frames have their time in the film."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.name = printable(path)
        self._path = path
        self._check()
        self.reopen()

    @property
    def ended(self) -> bool:
        return self._ended

    def reopen(self) -> None:
        super().reopen()
        self._ended = False
        self._time: float | None = None

    def read(self) -> Frame | None:
        if self._ended:
            return None
        there, image = self._capture.read()
        if not there:
            self._ended = True
            if self._time is None:
                raise self._not_a_video()
            return None
        # Damaged and unusual files tell times that stand still or go back.
        told = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
        if self._time is None:
            self._time = max(told, 0.0) if math.isfinite(told) else 0.0
        else:
            forward = math.isfinite(told) and told > self._time
            self._time = told if forward else self._time + 1.0 / self.fps
        return Frame(image, self._time)

    def _open(self) -> None:
        self._capture = cv2.VideoCapture(self._path)
        if not self._capture.isOpened():
            raise self._not_a_video()

    def _check(self) -> None:
        try:
            with open(self._path, "rb"):
                pass
        except OSError as error:
            raise SourceError(
                f"{self.name}: cannot be read ({error.strerror}); check the path and permissions"
            ) from error

    def _not_a_video(self) -> SourceError:
        return SourceError(
            f"{self.name}: not a video that can be decoded, or damaged; "
            "give MP4, MOV, AVI, MKV, WebM, Y4M or MJPEG"
        )


def _silence_opencv() -> None:
    """Stop what OpenCV prints of missing cameras and damaged files: the errors tell it all.

    For good and by its own switch: opening and reading take long and happen in threads, so that
    holding back standard error meanwhile would swallow the lines of everyone else.
    """
    if "OPENCV_LOG_LEVEL" not in os.environ:
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def _without_secrets(address: str) -> str:
    """Return an address fit for messages: without user, password and query."""
    address = re.sub(r"//[^?#]*@", "//", address)
    return printable(re.sub(r"[?#].*", "", address, flags=re.DOTALL))
