"""Frames in, steady numbers out: the one object that window, browser and tests share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Protocol

import numpy as np

from camdigits.errors import CamdigitsError
from camdigits.preprocess.gray import to_gray
from camdigits.reading import Box, DigitString, Page
from camdigits.recognize.context import company
from camdigits.recognize.formats import Format
from camdigits.segment.picture import Clock
from camdigits.video.advice import Adviser
from camdigits.video.focus import look, sharpness_at
from camdigits.video.gate import Gate
from camdigits.video.places import at_border, map_quad, move_box
from camdigits.video.results import LiveResult
from camdigits.video.track import Sighting
from camdigits.video.tracker import Tracker

# A digit's weight is its sharpness to this power: at half the sharpness it counts an eighth. It is
# taken to be sharper than what is around it by this factor at most.
_POWER = 3.0
_STANDS_OUT = 1.2


class PageReader(Protocol):
    """What a LiveReader needs of a Reader."""

    def read(
        self,
        image: np.ndarray,
        rotate: bool = True,
        expected: Format | None = None,
        again: bool = True,
    ) -> Page:
        """Return the numbers in ``image``, read with an eye to the format ``expected``."""
        ...


@dataclass(frozen=True)
class Region:
    """A part of the frame, in shares (0-1) of its width and height."""

    x: float
    y: float
    width: float
    height: float

    def __post_init__(self) -> None:
        """Raise CamdigitsError for a region that is empty or not inside the frame."""
        # Written so that NaN, of which every comparison is false, is refused as well.
        across = self.x >= 0 and self.width >= 0.01 and self.x + self.width < 1.001
        down = self.y >= 0 and self.height >= 0.01 and self.y + self.height < 1.001
        if not (across and down):
            raise CamdigitsError(
                f"got the region {self.x:g},{self.y:g},{self.width:g},{self.height:g}; expected "
                "left, top, width and height as shares of the frame, as in 0.1,0.2,0.5,0.5"
            )

    def pixels(self, width: int, height: int) -> Box:
        """Return the box of the region in a frame of this size, at least 3 pixels each way."""
        left, top = min(round(self.x * width), width - 3), min(round(self.y * height), height - 3)
        right = min(max(round((self.x + self.width) * width), left + 3), width)
        bottom = min(max(round((self.y + self.height) * height), top + 3), height)
        return Box(max(left, 0), max(top, 0), right - max(left, 0), bottom - max(top, 0))


class LiveReader:
    """Reads a stream of frames and settles on its numbers. Not for several threads at once."""

    def __init__(
        self,
        reader: PageReader,
        *,
        region: Region | None = None,
        expected: Format | None = None,
    ) -> None:
        """Use ``reader`` for the frames that are worth it, inside ``region`` (default: all of
        each frame), and show only numbers as long as ``expected``, locking those that fit it."""
        self._reader = reader
        self._region = region
        self._size: tuple[int, int] | None = None
        self._read: tuple[DigitString, ...] = ()
        self._tracker = Tracker(expected)
        self._start_over()

    @property
    def region(self) -> Region | None:
        """The part of the frames that is read, None for all. Setting it forgets all strings."""
        return self._region

    @region.setter
    def region(self, region: Region | None) -> None:
        self._region = region
        self._start_over()

    @property
    def expected(self) -> Format:
        """The numbers that are shown. Setting it forgets all strings."""
        return self._tracker.expected

    @expected.setter
    def expected(self, expected: Format) -> None:
        self._tracker.expected = expected
        self._start_over()

    def update(self, frame: np.ndarray, time: float) -> LiveResult:
        """Take in ``frame``, uint8 BGR (h, w, 3) or gray (h, w), of ``time`` in seconds.

        Times are those of the frames (not of this call) and never run backwards; frames may change
        their size. Raises PictureError for an array that is no picture.
        """
        clock = Clock()
        gray = to_gray(frame)
        height, width = gray.shape
        self._fit(width, height)
        area = self._region.pixels(width, height) if self._region else Box(0, 0, width, height)
        place = np.s_[area.y : area.y + area.height, area.x : area.x + area.width]
        part = gray[place]
        seen = look(part)
        sight = self._gate.judge(seen, time)
        certain = self._tracker.state == "locked"
        skipped = self._gate.skip(seen, time, self._tracker.busy, certain)
        clock.lap("look")
        if skipped == "unchanged":
            self._tracker.hold(time)
        elif skipped:
            self._tracker.wait(time)
        else:
            page = self._reader.read(
                frame[place], rotate=False, expected=self.expected, again=False
            )
            self._read = page.strings
            self._gate.was_read(seen, time)
            clock.lap("read")
            self._tracker.update(_sightings(page.strings, part, area), time, page.letters)
        strings = self._tracker.strings
        guidance = self._adviser.advise(sight, self._read, strings, time)
        clock.lap("track")
        timings = dict(clock.timings)
        return LiveResult(self._tracker.state, guidance, strings, time, skipped, timings)

    def _start_over(self) -> None:
        self._gate = Gate()
        self._adviser = Adviser()
        self._read = ()
        self._tracker.clear()

    def _fit(self, width: int, height: int) -> None:
        """Go on in frames of another size, where this frame has one."""
        size = (width, height)
        if self._size is not None and self._size != size:
            self._tracker.rescale(self._size, size)
            self._gate = Gate()
        self._size = size


def _sightings(strings: Sequence[DigitString], part: np.ndarray, area: Box) -> list[Sighting]:
    """Return the strings read in ``part``, gray (h, w), of a frame as they stand in the frame,
    each digit weighted by its sharpness."""
    sharp = [[sharpness_at(part, digit.box) for digit in s.digits] for s in strings]
    usual = median([value for values in sharp for value in values] or [1.0])
    corner = (float(area.x), float(area.y))
    result = []
    for string, values, beside in zip(strings, sharp, company(strings), strict=True):
        # An edge beside the writing may be sharper than any pen: no digit stands out by that.
        most = _STANDS_OUT * min(median(values), _STANDS_OUT * usual)
        weights = tuple(min(value, most) ** _POWER for value in values)
        box, quad = move_box(string.box, corner), map_quad(string.quad, (1.0, 1.0), corner)
        digits = tuple(replace(d, box=move_box(d.box, corner)) for d in string.digits)
        whole = not at_border(string.box, (area.width, area.height))
        moved = replace(string, box=box, quad=quad, digits=digits)
        result.append(Sighting(moved, weights, whole, company=beside))
    return result
