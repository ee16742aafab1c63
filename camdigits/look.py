"""One look at a picture whose writing stands upright: its pixels go in, its strings come out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from camdigits.preprocess.lighting import Ground, light_ink_evidence, look_at
from camdigits.reading import Box, DigitString, Page
from camdigits.recognize.context import doubt_near, in_context
from camdigits.recognize.decode import TEN, make_edges
from camdigits.recognize.formats import Format
from camdigits.recognize.line_evidence import frames_of, middles_of, with_evidence
from camdigits.recognize.marks import numbers_between_marks
from camdigits.recognize.memory import Memory
from camdigits.recognize.model import Model
from camdigits.recognize.outlines import without_outlines
from camdigits.recognize.punctuation import doubt_punctuation
from camdigits.recognize.second_look import expected_digits
from camdigits.recognize.strings import doubt_misfits, least_digitness, make_strings
from camdigits.recognize.surroundings import doubt_on_uneven_ground, holds_writing
from camdigits.recognize.upright import mostly_sure
from camdigits.recognize.words import Word, doubt_among_words, words_of
from camdigits.segment.glyphs import OTHER, Writing
from camdigits.segment.picture import Clock, Segmented, segment_picture
from camdigits.segment.straighten import LineImage
from camdigits.trace import LineTrace, Trace, like_letters, line_trace, refused_heights

# Light ink is tried first from this share of evidence, and both kinds are tried in between these.
LIGHT_FIRST, UNDECIDED = 0.55, (0.45, 0.65)


@dataclass(frozen=True)
class Look:
    """Looks with a ``model`` and with an eye to the format ``expected``; ``again`` says whether
    doubts are settled by further looks, ``alone`` whether nothing was read beside what is looked
    at, ``beside_writing`` whether surely something was, and ``clock`` adds up what the stages
    take."""

    model: Model
    expected: Format | None = None
    again: bool = False
    alone: bool = True
    beside_writing: bool = False
    clock: Clock = field(default_factory=Clock)

    def of(self, picture: np.ndarray) -> Trace:
        """Return the trace of a gray ``picture``, uint8 (h, w), with dark ink or with light."""
        ground = look_at(picture)
        evidence = light_ink_evidence(ground)
        self.clock.lap("ink")
        kinds = [(picture, ground), (255 - picture, ground.inverted())]
        if evidence > LIGHT_FIRST:
            kinds.reverse()
        trace = self.at_dark_ink(*kinds[0])
        undecided = UNDECIDED[0] < evidence < UNDECIDED[1] and not mostly_sure(trace.page)
        # Gaps between bold strokes look like thin light ones; the ground has no ink then.
        if undecided or (evidence > LIGHT_FIRST and not len(trace.components)):
            other = self.at_dark_ink(*kinds[1])
            if expected_digits(other.page.strings) > expected_digits(trace.page.strings):
                trace = other
        return trace

    def like_digits(self, glyphs: np.ndarray) -> float:
        """Return the mean probability (0-1) of the best digit of glyphs (n, 28, 28, 1)."""
        return float(self.model.classify(glyphs)[:, :TEN].max(axis=1).mean())

    def at_dark_ink(
        self,
        gray: np.ndarray,
        ground: Ground,
        other: float = OTHER,
        cells: np.ndarray | None = None,
    ) -> Trace:
        """Return the trace of a ``gray`` picture, uint8 (h, w), whose ink is darker than its
        ``ground``; ``other`` and ``cells``: see :mod:`camdigits.segment.glyphs`."""
        clock, expected = self.clock, self.expected
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
            cells=cells,
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
        alone = self.alone and (expected is None or expected.free)
        edges, paths, numbers = numbers_between_marks(
            edges, paths, parts.lattices, probabilities, tall, alone
        )
        least = least_digitness(parts.components, ground.plain is not None)
        strings: list[DigitString] = []
        lines: dict[Box, int] = {}
        traces: list[LineTrace] = []
        refused: list[float] = []
        letters = 0
        words: list[Word] = []
        for line, lattice, p, e, path, found in zip(
            parts.lines, parts.lattices, probabilities, edges, paths, numbers, strict=True
        ):
            made = make_strings(line, lattice, e, found, self.model, expected, least)
            strings += made
            lines |= dict.fromkeys((s.box for s in made), len(traces))
            traces.append(line_trace(line, lattice, p, path))
            scale = float(np.sqrt(abs(np.linalg.det(line.to_source[:, :2]))))
            refused += [scale * h for h in refused_heights(lattice, p, path, small)]
            letters += like_letters(lattice, p, path, small)
            words += words_of(path, lattice, p, tall)
            dropped = sum(len(n.digits) for n in found) - sum(len(s.text) for s in made)
            refused += [scale * tall] * dropped
        strings = self._doubted(strings, parts, lines, words, refused)
        height, width = parts.picture.shape
        page = Page(number_rows(strings), width, height, letters=letters)
        clock.lap("decode")
        return Trace(page, parts.picture, parts.components, tuple(traces))

    def _doubted(
        self,
        strings: list[DigitString],
        parts: Segmented,
        lines: dict[Box, int],
        words: list[Word],
        refused: list[float],
    ) -> list[DigitString]:
        """Return the ``strings`` of a picture in ``parts`` that hold up beside what else is in it:
        the ``words`` and the heights of what was ``refused``; ``lines`` tells of the box of each in
        which line it was read."""
        height, width = parts.picture.shape
        threshold = self.model.threshold
        strings = without_outlines(strings, parts.picture, parts.components)
        if not (self.beside_writing or holds_writing(strings)):
            strings = doubt_on_uneven_ground(strings, parts.picture, parts.components, threshold)
        strings = doubt_among_words(strings, words, threshold)
        strings = in_context(
            strings, refused, threshold, (width, height), parts.components.textured
        )
        if self.again:
            strings = doubt_near(strings, lines, threshold)
        if self.expected is not None:
            strings = doubt_misfits(strings, self.expected, threshold)
        return strings


def number_rows(strings: list[DigitString]) -> tuple[DigitString, ...]:
    """Number the rows without those that hold no string."""
    rows = {row: number for number, row in enumerate(sorted({s.row for s in strings}))}
    return tuple(replace(string, row=rows[string.row]) for string in strings)
