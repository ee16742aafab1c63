"""The live window and its keys, by OpenCV's own means."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

import cv2
import numpy as np

from camdigits.commands.desktop import copy_to_clipboard
from camdigits.commands.live_figures import Figures
from camdigits.commands.live_files import save_frame
from camdigits.errors import CamdigitsError
from camdigits.explain import explain_sheet
from camdigits.quiet import quiet_stderr
from camdigits.reader import Reader
from camdigits.reading import Box, Page
from camdigits.recognize.formats import Format
from camdigits.trace import Trace
from camdigits.video.events import Event
from camdigits.video.expected import CHOICES
from camdigits.video.live_reader import LiveReader, Region
from camdigits.video.results import LiveResult
from camdigits.video.window import Status, draw_view, view_scale

_NAME = "camdigits"
_MESSAGE_SECONDS = 2.5
_ESCAPE = 27
# Milliseconds to wait for a key: frames come on their own, a frozen window has time.
_GLANCE, _REST = 1, 20


class WindowError(CamdigitsError):
    """OpenCV cannot open windows here."""


class Tracer:
    """Reads for a LiveReader and keeps the ``trace`` of its last reading, for the debug view."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.trace: Trace | None = None

    def read(
        self,
        image: np.ndarray,
        rotate: bool = True,
        expected: Format | None = None,
        again: bool = True,
    ) -> Page:
        """Read as the reader does."""
        self.trace = self._reader.trace(image, rotate, expected, again)
        return self.trace.page


class Window:
    """Shows a live reading and does what the keys ask for. For one thread, the main one."""

    def __init__(self, tracer: Tracer, live: LiveReader) -> None:
        """Open the window; ``tracer`` is what ``live`` reads with. Raises WindowError."""
        self._tracer, self._live = tracer, live
        flags = cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL
        try:
            with quiet_stderr():  # Qt speaks of fonts
                cv2.namedWindow(_NAME, flags)
                cv2.setMouseCallback(_NAME, self._mouse)
        except cv2.error as error:
            raise WindowError(
                f"OpenCV opens no windows here ({error.err}); "
                "install opencv-python instead of opencv-python-headless"
            ) from None
        self.frozen = False
        self._shown: tuple[np.ndarray, LiveResult] | None = None
        self._size: tuple[int, int] | None = None
        self._figures = Figures()
        self._drawn: tuple[Status, bool] | None = None
        self._message, self._until = "", 0.0
        self._mirrored = self._debugging = self._helping = self._selecting = False
        self._anchor: tuple[int, int] | None = None
        self._dragged: Box | None = None
        self._keys: dict[int, Callable[[], None]] = {
            ord(" "): self._freeze,
            ord("s"): self._save,
            ord("c"): self._copy,
            ord("r"): self._select,
            ord("d"): self._debug,
            ord("m"): self._mirror,
            ord("f"): self._next_expected,
            ord("h"): self._help,
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            cv2.destroyWindow(_NAME)
        except cv2.error:
            return  # the person closed it

    def show(
        self, frame: np.ndarray, result: LiveResult, events: Sequence[Event], problem: str
    ) -> np.ndarray:
        """Show a frame, uint8 BGR (h, w, 3), with its reading; return the picture shown.

        ``problem`` says what is wrong with the source, if anything.
        """
        self._shown = (frame, result)
        self._figures.note(result, events)
        return self._draw(problem)

    def handle_keys(self, problem: str) -> bool:
        """Do what the keys pressed since the last call ask for; False where they ask to quit, or
        where the window was closed."""
        key = cv2.waitKey(_REST if self.frozen else _GLANCE)
        if key >= 0:
            key &= 0xFF
            if key in (ord("q"), _ESCAPE):
                return False
            action = self._keys.get(key)
            if action is not None:
                action()
        try:
            visible = cv2.getWindowProperty(_NAME, cv2.WND_PROP_VISIBLE) >= 1
        except cv2.error:
            visible = False
        waiting = self.frozen or problem or self._anchor
        # Drawing the same anew, the debug view above all, would keep a processor busy.
        if visible and self._shown is not None and waiting and self._looks_else(problem):
            self._draw(problem)
        return visible

    def _looks_else(self, problem: str) -> bool:
        assert self._shown is not None
        return (self._status(self._shown[0], problem), self._debugging) != self._drawn

    def _draw(self, problem: str) -> np.ndarray:
        assert self._shown is not None
        frame, result = self._shown
        trace = self._tracer.trace if self._debugging else None
        sheet = explain_sheet(trace) if trace is not None else None
        status = self._status(frame, problem)
        picture = draw_view(frame, result, status, sheet)
        self._drawn = (status, self._debugging)
        size = (picture.shape[1], picture.shape[0])
        if size != self._size:
            cv2.resizeWindow(_NAME, *size)
            self._size = size
        cv2.imshow(_NAME, picture)
        return picture

    def _status(self, frame: np.ndarray, problem: str) -> Status:
        figures = self._figures.status(self._live, frame)
        told = self._message if time.monotonic() < self._until else ""
        return replace(
            figures,
            message=problem or told,
            region=self._dragged or figures.region,
            frozen=self.frozen,
            mirrored=self._mirrored,
            helping=self._helping,
        )

    def _tell(self, message: str) -> None:
        self._message, self._until = message, time.monotonic() + _MESSAGE_SECONDS

    def _freeze(self) -> None:
        self.frozen = not self.frozen
        self._figures.restart_clock()

    def _save(self) -> None:
        if self._shown is None:
            return
        try:
            self._tell(f"saved {save_frame(*self._shown, Path.cwd()).name}")
        except CamdigitsError as error:
            self._tell(str(error))

    def _copy(self) -> None:
        locked = self._shown[1].locked if self._shown else ()
        text = " ".join(string.text for string in locked)
        if not text and self._figures.history:
            text = self._figures.history[-1]
        if not text:
            self._tell("no locked number to copy yet")
        elif copy_to_clipboard(text):
            self._tell(f"copied {text}")
        else:
            self._tell("no clipboard program here; install xclip or wl-clipboard")

    def _select(self) -> None:
        self._anchor = self._dragged = None
        if self._live.region is not None:
            self._live.region = None
            self._selecting = False
            self._tell("reading all of the frame")
        else:
            self._selecting = not self._selecting
            self._tell("drag a region with the mouse" if self._selecting else "")

    def _debug(self) -> None:
        self._debugging = not self._debugging

    def _mirror(self) -> None:
        self._mirrored = not self._mirrored

    def _help(self) -> None:
        self._helping = not self._helping

    def _next_expected(self) -> None:
        now = self._live.expected
        place = CHOICES.index(now) if now in CHOICES else -1
        self._live.expected = CHOICES[(place + 1) % len(CHOICES)]
        self._tell(f"expected: {self._live.expected}")

    def _mouse(self, event: int, x: int, y: int, _flags: int, _data: object) -> None:
        if not self._selecting or self._shown is None:
            return
        height, width = self._shown[0].shape[:2]
        scale = view_scale(height)
        column = min(max(round(x / scale), 0), width)
        row = min(max(round(y / scale), 0), height)
        point = (width - column if self._mirrored else column, row)
        if event == cv2.EVENT_LBUTTONDOWN:
            self._anchor = point
        elif self._anchor is not None:
            left, right = sorted((self._anchor[0], point[0]))
            top, bottom = sorted((self._anchor[1], point[1]))
            self._dragged = Box(left, top, max(right - left, 1), max(bottom - top, 1))
            if event == cv2.EVENT_LBUTTONUP:
                self._set_region(self._dragged, width, height)

    def _set_region(self, box: Box, width: int, height: int) -> None:
        self._anchor = self._dragged = None
        self._selecting = False
        try:
            self._live.region = Region(
                box.x / width, box.y / height, box.width / width, box.height / height
            )
        except CamdigitsError:
            self._tell("that region is too small; press r and drag a larger one")
