"""What a live reading leaves on disk: a table of locked numbers, a film, single frames."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import cv2
import numpy as np

from camdigits.commands.arguments import writing
from camdigits.errors import CamdigitsError
from camdigits.preprocess.files import printable
from camdigits.records.tables import csv_lines
from camdigits.video.events import Event
from camdigits.video.results import LiveResult

LOCK_COLUMNS = ("clock", "time", "id", "text", "confidence")
_CODECS = {".mp4": "mp4v", ".m4v": "mp4v", ".avi": "MJPG", ".mkv": "MJPG"}
# Seconds for which the last picture of a film stands in where none came.
_LONGEST_GAP = 10.0


class LockTable:
    """A CSV file with a line for each locked number, added to what is in it already."""

    def __init__(self, path: Path) -> None:
        """Open ``path``, with a header where it is new. Raises CamdigitsError."""
        self._path = path
        with writing(path):
            before = _last_byte(path)
            self._file: TextIO = path.open("a", encoding="utf-8", newline="")
            if before not in (b"", b"\n"):  # somebody's editor left the last line open
                self._file.write("\n")
        if not before:
            self._add(LOCK_COLUMNS)

    def write(self, events: Sequence[Event]) -> None:
        """Add the numbers that ``events`` lock. Raises CamdigitsError where the disk is full."""
        for event in events:
            if event["event"] == "locked":
                clock = datetime.now().astimezone().isoformat(timespec="milliseconds")
                values = (event[name] for name in LOCK_COLUMNS[1:])
                self._add((clock, *values))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _add(self, row: tuple[Any, ...]) -> None:
        with writing(self._path):
            self._file.write(csv_lines([row]) + "\n")
            self._file.flush()


class Film:
    """A video file of the pictures that the window shows, in real time."""

    def __init__(self, path: Path, fps: float) -> None:
        """Prepare to write ``path`` (.mp4, .m4v, .avi or .mkv); it starts with the first picture.

        Raises CamdigitsError for another suffix.
        """
        if path.suffix.lower() not in _CODECS:
            raise CamdigitsError(
                f"{printable(str(path))}: expected a video file in {', '.join(_CODECS)}; "
                "change the suffix"
            )
        # MPEG-4 counts time in 1/65535 seconds at best: it refuses rates with more decimals.
        self._path, self._fps = path, round(fps, 2)
        self._writer: cv2.VideoWriter | None = None
        self._size = (0, 0)
        self._begin = 0.0
        self._written = 0

    def write(self, picture: np.ndarray, time: float) -> None:
        """Add ``picture``, uint8 BGR, as it was at ``time`` (seconds), as often as is due.

        The first one's size holds for all. Raises CamdigitsError where the file cannot be made.
        """
        if self._writer is None:
            self._open(picture, time)
        assert self._writer is not None
        if (picture.shape[1], picture.shape[0]) != self._size:
            picture = cv2.resize(picture, self._size, interpolation=cv2.INTER_AREA)
        picture = np.ascontiguousarray(picture[: self._size[1], : self._size[0]])
        due = round((time - self._begin) * self._fps) + 1 - self._written
        for _ in range(min(due, round(_LONGEST_GAP * self._fps))):
            self._writer.write(picture)
        self._written += max(due, 0)

    def close(self) -> None:
        """Finish the file."""
        if self._writer is not None:
            self._writer.release()

    def _open(self, picture: np.ndarray, time: float) -> None:
        # Codecs halve the color planes: odd sides are refused or smeared.
        self._size = (picture.shape[1] // 2 * 2, picture.shape[0] // 2 * 2)
        codec = cv2.VideoWriter.fourcc(*_CODECS[self._path.suffix.lower()])
        self._writer = cv2.VideoWriter(str(self._path), codec, self._fps, self._size)
        self._begin = time
        if not self._writer.isOpened():
            raise CamdigitsError(
                f"{printable(str(self._path))}: the video cannot be written; "
                "give a place where files may be, or another suffix"
            )


def save_frame(frame: np.ndarray, result: LiveResult, folder: Path) -> Path:
    """Write ``frame`` (uint8 BGR) as PNG and ``result`` as JSON beside it, named by the clock.

    Returns the path of the picture. Raises CamdigitsError where they cannot be written.
    """
    name = datetime.now().strftime("camdigits-%Y%m%d-%H%M%S")
    path, count = folder / f"{name}.png", 1
    while path.exists():
        count += 1
        path = folder / f"{name}-{count}.png"
    with writing(path):
        path.write_bytes(cv2.imencode(".png", frame)[1].tobytes())
        path.with_suffix(".json").write_text(json.dumps(result.to_dict()) + "\n", encoding="utf-8")
    return path


def _last_byte(path: Path) -> bytes:
    """Return the last byte of a file; empty where it has none, is missing, or is a pipe."""
    if not path.is_file() or not path.stat().st_size:
        return b""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1)
