"""The whole road: a picture goes in, a page of digit strings comes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from camdigits.errors import PictureError
from camdigits.preprocess.lighting import Ground, light_ink_evidence, look_at
from camdigits.preprocess.scale import shrink
from camdigits.preprocess.sharpen import find_blur, sharpened
from camdigits.preprocess.skew import find_skew
from camdigits.reading import DigitString, Page
from camdigits.recognize.context import in_context, shown
from camdigits.recognize.decode import TEN, make_edges
from camdigits.recognize.formats import Format
from camdigits.recognize.line_evidence import frames_of, middles_of, with_evidence
from camdigits.recognize.memory import Memory
from camdigits.recognize.model import Model
from camdigits.recognize.numbers import split_numbers
from camdigits.recognize.outlines import without_outlines
from camdigits.recognize.punctuation import doubt_punctuation
from camdigits.recognize.second_look import (
    VIEWS,
    astray,
    doubtful_area,
    expected_digits,
    seen_late,
    unanimous,
    voted,
)
from camdigits.recognize.strings import doubt_misfits, make_strings
from camdigits.recognize.upright import likely_turns, mostly_sure, same_over, turned_evidence
from camdigits.recognize.views import moved, resized, turned, turned_back, view_of
from camdigits.segment.glyphs import OTHER, Writing
from camdigits.segment.picture import Clock, segment_picture
from camdigits.segment.straighten import LineImage
from camdigits.trace import LEVEL, SHARPENED, Trace, like_letters, line_trace, refused_heights

# Light ink is tried first from this share of evidence, and both kinds are tried in between these.
LIGHT_FIRST, UNDECIDED = 0.55, (0.45, 0.65)
LEAST_SKEW = 3.0  # degrees from which a page is turned level
SHARP_GAIN = 0.2  # digits that are expected more for a sharpened picture to count


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
        180 and 270 degrees where upright reading finds little. Numbers are read with an eye to the
        format ``expected``; what surely is another stays as it is. ``again`` sharpens what is
        blurred, and looks a second time at what is doubtful and where nothing was read; a film is
        better off with its next frame. Raises PictureError for an array that is no picture.
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
        clock = Clock()
        gray = to_gray(image)
        picture = shrink(gray, (self.model.ink.max_pixels / gray.size) ** 0.5)
        to_image = resized(picture.shape, gray.shape)
        clock.lap("prepare")
        trace = self._best_polarity(picture, clock, expected)
        if again:
            trace, picture, back = self._sharp(picture, trace, clock, expected)
            to_image = to_image @ back
        if rotate:
            trace, picture, back = self._level(picture, trace, clock, expected)
            to_image = to_image @ back
            trace = self._best_turn(picture, trace, clock, expected)
        if again:
            trace = self._look_again(trace, expected)
            clock.lap("again")
        to_image = to_image @ turned_back(trace.page, picture.shape)
        height, width = gray.shape
        strings = tuple(moved(trace.page.strings, to_image, (width, height)))
        page = replace(trace.page, strings=strings, width=width, height=height)
        return replace(trace, page=replace(page, timings_ms=clock.timings))

    def _best_polarity(self, working: np.ndarray, clock: Clock, expected: Format | None) -> Trace:
        ground = look_at(working)
        evidence = light_ink_evidence(ground)
        clock.lap("ink")
        kinds = [(working, ground), (255 - working, ground.inverted())]
        if evidence > LIGHT_FIRST:
            kinds.reverse()
        trace = self._trace_upright(*kinds[0], clock, expected)
        if UNDECIDED[0] < evidence < UNDECIDED[1] and not mostly_sure(trace.page):
            other = self._trace_upright(*kinds[1], clock, expected)
            if expected_digits(other.page.strings) > expected_digits(trace.page.strings):
                trace = other
        return trace

    def _sharp(
        self, picture: np.ndarray, blurred: Trace, clock: Clock, expected: Format | None
    ) -> tuple[Trace, np.ndarray, np.ndarray]:
        """Return the trace of ``picture`` sharpened, the picture so, and the matrix (3, 3) back to
        it as it was; as it is where it is in focus, or hardly more is read then."""
        blur = find_blur(blurred.picture, blurred.ink)
        clock.lap("blur")
        if blur is not None:
            sharp = sharpened(blurred.picture, blur)
            trace = self._best_polarity(sharp, clock, expected)
            gain = expected_digits(trace.page.strings) - expected_digits(blurred.page.strings)
            if gain > SHARP_GAIN:
                trace = replace(trace, changes=(SHARPENED,))
                return trace, sharp, resized(sharp.shape, picture.shape)
        return blurred, picture, np.eye(3)

    def _level(
        self, picture: np.ndarray, askew: Trace, clock: Clock, expected: Format | None
    ) -> tuple[Trace, np.ndarray, np.ndarray]:
        """Return the trace of ``picture`` turned level, the picture so, and the matrix (3, 3) back
        to it as it was; with no turn where its lines are level, or more is read ``askew``."""
        skew = find_skew(picture)
        clock.lap("skew")
        if abs(skew) >= LEAST_SKEW:
            level, back = turned(picture, skew)
            trace = self._best_polarity(level, clock, expected)
            if expected_digits(trace.page.strings) > expected_digits(askew.page.strings):
                return replace(trace, changes=(*askew.changes, LEVEL)), level, back
        return askew, picture, np.eye(3)

    def _best_turn(
        self, working: np.ndarray, upright: Trace, clock: Clock, expected: Format | None
    ) -> Trace:
        """Return the trace of the turn that reads best, if clearly better than ``upright``.

        Only turns are read in which glyphs that stand alone look more like digits.
        """
        turned = likely_turns(upright.page, upright.components, self._look)
        clock.lap("turn")
        best, surest = upright, 0.0
        for turns, least in turned.items():
            turn = np.ascontiguousarray(np.rot90(working, -turns))
            trace = self._best_polarity(turn, clock, expected)
            if turns == 2 and same_over(upright.page, trace.page):
                continue
            found = turned_evidence(trace.page)
            if found > max(least, surest):
                page = replace(trace.page, rotation=90 * turns)
                best = replace(trace, page=page, changes=upright.changes)
                surest = found
        return best

    def _look_again(self, trace: Trace, expected: Format | None) -> Trace:
        """Return the trace with a page whose doubtful strings were looked at again; all of the
        picture was where nothing was read."""
        page, size = trace.page, (trace.page.width, trace.page.height)
        area = doubtful_area(page.strings, size, len(trace.components))
        if area is None:
            return trace
        looks: list[list[DigitString]] = []
        for view in VIEWS:
            if unanimous(page.strings, looks):
                break
            seen, to_picture = view_of(trace.picture, area, view)
            read = self._trace_upright(seen, look_at(seen), Clock(), expected, view.other).page
            if not astray(page.strings, read.strings):
                to_page = to_picture @ turned_back(read, seen.shape)
                looks.append(moved(read.strings, to_page, size))
        if not looks:
            return trace
        threshold = self.model.threshold
        if page.strings:
            strings = voted(page.strings, looks, threshold)
        else:
            strings = seen_late(looks, threshold)
        return replace(trace, page=replace(page, strings=_number_rows(shown(strings))))

    def _look(self, glyphs: np.ndarray) -> float:
        """Return the mean probability (0-1) of the best digit of glyphs (n, 28, 28, 1)."""
        return float(self.model.classify(glyphs)[:, :TEN].max(axis=1).mean())

    def _trace_upright(
        self,
        gray: np.ndarray,
        ground: Ground,
        clock: Clock,
        expected: Format | None,
        other: float = OTHER,
    ) -> Trace:
        """Read a gray working picture whose writing stands upright and dark on light; ``other``:
        see :class:`camdigits.segment.glyphs.Writing`."""
        memory = Memory(self.model)

        def digitness(glyphs: np.ndarray) -> np.ndarray:
            return memory.classify(glyphs)[:, :TEN].max(axis=1, initial=0.0)

        frames: list[np.ndarray] = []

        def middles(lines: list[LineImage]) -> list[np.ndarray]:
            frames.extend(frames_of(lines, self.model))
            return [middles_of(told) for told in frames]

        parts = segment_picture(
            gray,
            ground,
            self.model.ink,
            self.model.segment,
            clock,
            digitness,
            middles if self.model.reads_lines else None,
            Writing(self.model.writing, other) if self.model.finds_ink else None,
        )
        glyphs = [lattice.glyphs for lattice in parts.lattices]
        joined = np.concatenate(glyphs) if glyphs else np.zeros((0, 28, 28, 1), np.float32)
        classes = memory.classify(joined)
        borders = np.cumsum([len(lattice.spans) for lattice in parts.lattices])[:-1]
        probabilities = np.split(classes, borders) if glyphs else []
        clock.lap("classify")
        tall = self.model.segment.glyph_height
        small = self.model.segment.small * tall
        edges = [
            make_edges(lattice, p, small)
            for lattice, p in zip(parts.lattices, probabilities, strict=True)
        ]
        if self.model.reads_lines:
            edges = [
                with_evidence(e, lattice, told)
                for e, lattice, told in zip(edges, parts.lattices, frames, strict=False)
            ]
            clock.lap("line")
        edges, paths = doubt_punctuation(edges, parts.lattices)
        numbers = split_numbers(paths, parts.lattices, probabilities, tall)
        strings = []
        traces = []
        refused: list[float] = []
        letters = 0
        for line, lattice, p, e, path, found in zip(
            parts.lines, parts.lattices, probabilities, edges, paths, numbers, strict=True
        ):
            made = make_strings(line, lattice, e, found, self.model, expected)
            strings += made
            traces.append(line_trace(line, lattice, p, path))
            scale = float(np.sqrt(abs(np.linalg.det(line.to_source[:, :2]))))
            refused += [scale * h for h in refused_heights(lattice, p, path, small)]
            letters += like_letters(lattice, p, path, small)
            dropped = sum(len(n.digits) for n in found) - sum(len(s.text) for s in made)
            refused += [scale * tall] * dropped
        height, width = parts.picture.shape
        strings = without_outlines(strings, parts.picture, parts.components)
        strings = in_context(
            strings, refused, self.model.threshold, (width, height), parts.components.textured
        )
        if expected is not None:
            strings = doubt_misfits(strings, expected, self.model.threshold)
        page = Page(_number_rows(strings), width, height, letters=letters)
        clock.lap("decode")
        return Trace(page, parts.picture, parts.components, tuple(traces))


def to_gray(image: np.ndarray) -> np.ndarray:
    """Return ``image``, uint8 BGR (h, w, 3) or gray (h, w), as gray. Raises PictureError."""
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8 or 0 in image.shape:
        kind = f"{image.dtype} {image.shape}" if isinstance(image, np.ndarray) else type(image)
        raise PictureError(
            f"got {kind}, expected a picture as uint8 array (height, width, 3) in BGR; "
            "open files with camdigits.open_image"
        )
    if image.ndim == 2:
        return image
    if image.ndim == 3 and image.shape[2] == 3:
        return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    raise PictureError(
        f"got an array of shape {image.shape}, expected (height, width, 3) in BGR or "
        "(height, width) in gray; open files with camdigits.open_image"
    )


def _number_rows(strings: list[DigitString]) -> tuple[DigitString, ...]:
    """Number the rows without those that hold no string."""
    rows = {row: number for number, row in enumerate(sorted({s.row for s in strings}))}
    return tuple(replace(string, row=rows[string.row]) for string in strings)
