"""The whole road: a picture goes in, a page of digit strings comes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from camdigits.look import Look, number_rows
from camdigits.preprocess.blur import find_blur
from camdigits.preprocess.gray import clearer_channel, to_gray
from camdigits.preprocess.lighting import look_at
from camdigits.preprocess.scale import shrink
from camdigits.preprocess.sharpen import sharpened
from camdigits.preprocess.sheets import Sheet, find_sheets
from camdigits.preprocess.skew import find_skew
from camdigits.reading import DigitString, Page
from camdigits.recognize.context import shown
from camdigits.recognize.formats import Format
from camdigits.recognize.look_area import doubtful_area, uncut
from camdigits.recognize.model import Model
from camdigits.recognize.second_look import (
    VIEWS,
    astray,
    expected_digits,
    right_digits,
    seen_late,
    unanimous,
    voted,
)
from camdigits.recognize.surroundings import holds_writing
from camdigits.recognize.upright import likely_turns, same_over, stands, turned_evidence
from camdigits.recognize.views import enlarged, moved, resized, turned, turned_back, view_of
from camdigits.trace import ALONE, COLORED, ENLARGED, LEVEL, SHARPENED, Trace

LEAST_SKEW = 3.0  # degrees from which a page is turned level
# Digits that are expected more for a changed picture to count; where a movement was undone, less by
# a share of those before: what it doubled may have been read as more digits.
SHARP_GAIN, LARGE_GAIN, COLOR_GAIN, DOUBLED = 0.2, 0.5, 0.5, 0.25
KEPT = 0.5  # share of the digits that are sure before a change and must be as many after it
# Where there is hardly more ink than in the digits that are read (parts for each), no sheet is
# looked for. So many are looked at alone, and one is enough where so many digits are likely, if at
# most so many fewer are than before, and such a share of those that are read.
ELSE, SHEETS, LEAST_ALONE, MISSED, LIKELY = 1.5, 3, 0.3, 0.2, 0.5
# Where digits are less than so many pixels tall the picture is enlarged so many times: strokes of
# one pixel are lost in what a threshold takes for noise.
TINY, TIMES = 20.0, 2


@dataclass(frozen=True)
class _Seen:
    """The ``trace`` of a ``picture``, uint8 (h, w), and the matrix (3, 3) ``to_image`` from there
    to the image that was given."""

    trace: Trace
    picture: np.ndarray
    to_image: np.ndarray


class Reader:
    """Reads numbers in pictures with one model; made once, used often, from any thread.

    ``model`` is a Model, a folder, a name in ``models/``, or None for ``CAMDIGITS_MODEL`` or the
    default. Raises ModelError for a missing or broken model.
    """

    def __init__(self, model: str | Path | Model | None = None) -> None:
        self.model = model if isinstance(model, Model) else Model(model)

    def read(
        self,
        image: np.ndarray,
        rotate: bool = True,
        expected: Format | None = None,
        again: bool = True,
    ) -> Page:
        """Return the numbers in ``image``, uint8 BGR (h, w, 3) or gray (h, w).

        ``rotate`` also turns pages level whose long lines are askew, and tries those turned by 90,
        180 and 270 degrees where upright reading finds little. A channel in which writing shows far
        more clearly than in gray is read, too. Numbers are read with an eye to the
        format ``expected``; what surely is another stays as it is. ``again`` enlarges what is
        tiny, sharpens what is blurred, and looks a second time at what is doubtful and where
        nothing was read; a film is better off with its next frame. Raises PictureError for an array
        that is no picture.
        """
        return self.trace(image, rotate, expected, again).page

    def read_batch(self, images: Iterable[np.ndarray]) -> list[Page]:
        """Return one page an image, as :meth:`read` does."""
        return [self.read(image) for image in images]

    def trace(
        self,
        image: np.ndarray,
        rotate: bool = True,
        expected: Format | None = None,
        again: bool = True,
    ) -> Trace:
        """Return what each stage made of ``image``; its ``page`` is what :meth:`read` returns."""
        look = Look(self.model, expected, again)
        gray = to_gray(image)
        seen = self._seen(gray, look)
        image, seen = self._on_sheet(image, seen, look)
        channel = clearer_channel(image)
        look.clock.lap("prepare")
        if channel is not None:
            colored = self._fitting(channel)
            seen = _if_more(COLOR_GAIN, seen, COLORED, colored, np.eye(3), look)
        if again:
            seen = _sharp(_large(seen, look), look)
        if rotate:
            seen = _level(seen, look)
            seen = replace(seen, trace=_best_turn(seen, look))
        trace = seen.trace
        if again:
            trace = _look_again(trace, look)
            look.clock.lap("again")
        to_image = seen.to_image @ turned_back(trace.page, seen.picture.shape)
        height, width = gray.shape
        strings = tuple(moved(trace.page.strings, to_image, (width, height)))
        page = replace(trace.page, strings=strings, width=width, height=height)
        return replace(trace, page=replace(page, timings_ms=look.clock.timings))

    def _seen(self, gray: np.ndarray, look: Look) -> _Seen:
        """Return what is seen of ``gray``, uint8 (h, w)."""
        picture = self._fitting(gray)
        look.clock.lap("prepare")
        return _Seen(look.of(picture), picture, resized(picture.shape, gray.shape))

    def _on_sheet(self, image: np.ndarray, seen: _Seen, look: Look) -> tuple[np.ndarray, _Seen]:
        """Return the ``image``, uint8 BGR (h, w, 3) or gray (h, w), and what is ``seen`` of it; or
        the sheet that lies or is held up in it alone, with what is seen there, if hardly less is
        read than before: what is around it hinders all that follows."""
        best, most = (image, seen), LEAST_ALONE
        strings = seen.trace.page.strings
        if len(seen.trace.components) <= ELSE * sum(len(string.text) for string in strings):
            return best
        sheets = find_sheets(image)
        look.clock.lap("sheets")
        for sheet in sheets[:SHEETS]:
            on, beside = _parted(seen, sheet, image.shape)
            if any(string.accepted for string in beside):
                continue
            alone, (x, y) = sheet.alone(image)
            new = self._seen(to_gray(alone), look)
            read = new.trace.page.strings
            digits = right_digits(read)
            if digits < LIKELY * sum(len(string.text) for string in read):
                continue
            if digits > max(most, *(right_digits(part) - MISSED for part in (on, beside))):
                trace = replace(new.trace, changes=(ALONE,))
                corner = np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])
                best, most = (alone, _Seen(trace, new.picture, corner @ new.to_image)), digits
        return best

    def _fitting(self, gray: np.ndarray) -> np.ndarray:
        """Return ``gray``, uint8 (h, w), in at most as many pixels as are read."""
        return shrink(gray, (self.model.ink.max_pixels / gray.size) ** 0.5)


def _parted(
    seen: _Seen, sheet: Sheet, shape: tuple[int, ...]
) -> tuple[list[DigitString], list[DigitString]]:
    """Return the strings that are ``seen`` on a ``sheet`` and those that are not or not as a whole,
    in an image of such a ``shape``. Of doubtful ones in part on it the digits there count."""
    page, (rows, columns) = seen.trace.page, shape[:2]
    to_image = seen.to_image @ turned_back(page, seen.picture.shape)
    on: list[DigitString] = []
    beside: list[DigitString] = []
    for string in moved(page.strings, to_image, (columns, rows)):
        there = tuple(
            digit
            for digit in string.digits
            if sheet.holds(
                (digit.box.x + digit.box.width / 2) / columns,
                (digit.box.y + digit.box.height / 2) / rows,
            )
        )
        if not there or (string.accepted and len(there) < len(string.digits)):
            beside.append(string)
        else:
            on.append(replace(string, text="".join(str(d.value) for d in there), digits=there))
    return on, beside


def _large(seen: _Seen, look: Look) -> _Seen:
    """Return the picture enlarged where its digits are tiny or none were read, unless it is large
    as it is or hardly more is read then."""
    heights = [d.box.height for string in seen.trace.page.strings for d in string.digits]
    tiny = not heights or np.median(heights) < TINY
    if not tiny or TIMES**2 * seen.picture.size > look.model.ink.max_pixels:
        return seen
    large, back = enlarged(seen.picture, TIMES)
    return _if_more(LARGE_GAIN, seen, ENLARGED, large, back, look)


def _sharp(seen: _Seen, look: Look) -> _Seen:
    """Return the picture sharpened, unless it is in focus or too little is read then."""
    picture, ink = seen.trace.picture, seen.trace.ink
    blur = find_blur(picture, ink)
    look.clock.lap("blur")
    if blur is None:
        return seen
    sharp = sharpened(picture, ink, blur)
    look.clock.lap("blur")
    back = resized(sharp.shape, seen.picture.shape)
    doubled = DOUBLED * expected_digits(seen.trace.page.strings) if blur.length else 0.0
    return _if_more(SHARP_GAIN - doubled, seen, SHARPENED, sharp, back, look)


def _level(seen: _Seen, look: Look) -> _Seen:
    """Return the picture turned level by its long lines, unless they are or no more is read."""
    skew = find_skew(seen.picture)
    look.clock.lap("skew")
    if abs(skew) < LEAST_SKEW:
        return seen
    level, back = turned(seen.picture, skew)
    return _if_more(0.0, seen, LEVEL, level, back, look)


def _if_more(
    gain: float, seen: _Seen, change: str, picture: np.ndarray, back: np.ndarray, look: Look
) -> _Seen:
    """Return the ``picture`` after a ``change``, of which ``back`` (3, 3) leads to that before,
    if more than ``gain`` digits more are expected in it, and not for most of what is sure; else
    what was ``seen``."""
    trace = look.of(picture)
    known, new = seen.trace.page.strings, trace.page.strings
    if expected_digits(new) - expected_digits(known) <= gain:
        return seen
    if _sure_digits(new) < KEPT * _sure_digits(known):
        return seen
    trace = replace(trace, changes=(*seen.trace.changes, change))
    return _Seen(trace, picture, seen.to_image @ back)


def _sure_digits(strings: Iterable[DigitString]) -> int:
    return sum(len(string.text) for string in strings if string.accepted)


def _best_turn(seen: _Seen, look: Look) -> Trace:
    """Return the trace of the turn that reads best, if clearly better than upright.

    Only turns are read in which glyphs that stand alone look more like digits.
    """
    upright = seen.trace
    likely = likely_turns(upright.page, upright.components, look.like_digits)
    look.clock.lap("turn")
    best, surest = upright, 0.0
    for turns, least in likely.items():
        turn = np.ascontiguousarray(np.rot90(seen.picture, -turns))
        trace = look.of(turn)
        holds = same_over if turns == 2 else stands
        if holds(upright.page, trace.page):
            continue
        found = turned_evidence(trace.page)
        if found > max(least, surest):
            page = replace(trace.page, rotation=90 * turns)
            best = replace(trace, page=page, changes=upright.changes)
            surest = found
    return best


def _look_again(trace: Trace, look: Look) -> Trace:
    """Return the trace with a page whose doubtful strings were looked at again; all of the
    picture was where nothing was read."""
    page, size = trace.page, (trace.page.width, trace.page.height)
    area = doubtful_area(page.strings, size, len(trace.components))
    if area is None:
        return trace
    again = Look(
        look.model,
        look.expected,
        again=True,
        alone=len(page.strings) <= 1,
        beside_writing=holds_writing(page.strings),
    )
    cells = trace.components.cells
    looks: list[list[DigitString]] = []
    for view in VIEWS:
        if unanimous(page.strings, looks):
            break
        seen, to_picture = view_of(trace.picture, area, view)
        there = None if cells is None else view_of(cells, area, view, cv2.INTER_NEAREST)[0]
        read = again.at_dark_ink(seen, look_at(seen), view.other, there).page
        if not astray(page.strings, read.strings):
            to_page = to_picture @ turned_back(read, seen.shape)
            looks.append(uncut(moved(read.strings, to_page, size), area, size))
    if not looks:
        return trace
    threshold = look.model.threshold
    strings = voted(page.strings, looks, threshold) if page.strings else seen_late(looks, threshold)
    return replace(trace, page=replace(page, strings=number_rows(shown(strings))))
