"""Writers of collections: their glyphs seen through a treatment, their pen traces inked anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from camdigits.preprocess.labels import connected
from camdigits.training.allographs import AllographHand, Habits, Model, modes_at
from camdigits.training.bars import Bar, barred
from camdigits.training.datasets import Glyphs, Traces
from camdigits.training.forms import DIGITS, draw_letters
from camdigits.training.strokes import smoother_of
from camdigits.training.treatment import GLYPH_HEIGHT, Treatment, crop_to_ink, stroke_width

# How tall marks and small letters are written that their source blows up to full size, as shares
# of the digits' height, and how wide the flat ones are.
_HEIGHTS = {"plus": 0.6, "x": 0.65, "w": 0.6, "y": 0.85, "slash": 1.1}
_WIDTHS = {"dot": 0.13, "minus": 0.45}
_SMALL_LETTERS = frozenset("aemnruvwx")
_TALLEST_SLASH = 1.8  # height by width; a steeper one is as good as a 1


class Source:
    """The glyphs of one collection as tight crops, by writer and label; cleaned when first used."""

    def __init__(self, glyphs: Glyphs) -> None:
        self._images = glyphs.images
        self._crops: dict[int, np.ndarray] = {}
        self._by_label: dict[str, list[int]] = {}
        self._by_writer: dict[tuple[int, str], list[int]] = {}
        rows = zip(glyphs.writers.tolist(), glyphs.labels.tolist(), strict=True)
        for i, (writer, label) in enumerate(rows):
            if label == "slash" and _is_steep(self._images[i]):
                continue
            self._by_label.setdefault(label, []).append(i)
            self._by_writer.setdefault((writer, label), []).append(i)
        self.writers: list[int] = np.unique(glyphs.writers).tolist()

    def crop(self, writer: int, label: str, rng: np.random.Generator) -> np.ndarray | None:
        """Return a crop by this writer, else by anyone of the source, else None."""
        own = self._by_writer.get((writer, label)) or self._by_label.get(label)
        if not own:
            return None
        index = own[int(rng.integers(len(own)))]
        crop = self._crops.get(index)
        if crop is None:
            crop = self._crops[index] = _clean(self._images[index])
        return crop


class SourceHand:
    """A writer of a collection, seen through a treatment, with a ``bar`` through sevens if given.

    Labels that the sources lack, other than digits, are written by an invented hand with a like
    pen and slant, because people write marks much the same everywhere.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        writer: int,
        treatment: Treatment,
        rng: np.random.Generator,
        bar: Bar | None = None,
    ) -> None:
        self.kind = "handwriting"
        self.writer = writer
        self._sources = tuple(sources)
        self._treatment = treatment
        self.bar = bar
        self._letters = draw_letters(rng)
        self._helper_rng = np.random.default_rng(int(rng.integers(1 << 62)))
        self._helper: AllographHand | None = None

    def write(self, label: str, rng: np.random.Generator) -> np.ndarray | None:
        """See :class:`camdigits.training.hands.Hand`. Costs about 0.15 ms."""
        if len(label) == 1 and label.isalpha() and label not in self._letters:
            return None
        for source in self._sources:
            crop = source.crop(self.writer, label, rng)
            if crop is not None:
                if label == "7" and self.bar is not None:
                    crop = barred(crop, self.bar, rng)
                return self._treatment.apply(crop, _height_of(label, crop), rng)
        if label in DIGITS:
            return None
        if self._helper is None:
            self._helper = self._like_hand(rng)
        return self._helper.write(label, rng)

    def _like_hand(self, rng: np.random.Generator) -> AllographHand:
        habits = Habits.draw(self._helper_rng)
        sample = self.write("8", rng)
        width = habits.pen.width if sample is None else stroke_width(sample) / GLYPH_HEIGHT
        pen = replace(habits.pen, width=min(width, 0.2), darkness=self._treatment.darkness)
        habits = replace(habits, pen=pen, slant=0.1 + self._treatment.slant)
        hand = AllographHand(self._helper_rng, habits)
        hand.letters = self._letters
        return hand


class PenHand(AllographHand):
    """Recorded pen traces bent and inked by an invented hand, which also fills what is missing.

    Only the digits written without lifting the pen: the traces don't say where it was lifted.
    """

    _ASPECTS = {"0": 0.66, "1": 0.32, "2": 0.62, "3": 0.58, "6": 0.6}  # noqa: RUF012

    def __init__(self, traces: Traces, writer: int, rng: np.random.Generator) -> None:
        super().__init__(rng, replace(Habits.draw(rng), overshoot=0.0))
        points = traces.strokes.shape[1]
        self._smoother = smoother_of(np.arange(points) == 0, np.zeros(points, int))
        own = traces.writers == writer
        self._traces = {
            label: traces.strokes[own & (traces.labels == label)] * np.array((aspect, 1.0))
            for label, aspect in self._ASPECTS.items()
        }

    def write(self, label: str, rng: np.random.Generator) -> np.ndarray | None:
        """See :class:`camdigits.training.hands.Hand`."""
        traces = self._traces.get(label)
        if traces is None or not len(traces):
            return super().write(label, rng)
        points = traces[int(rng.integers(len(traces)))]
        return self.draw(Model(points, self._smoother, modes_at(points), 1.0), rng)


def _height_of(label: str, crop: np.ndarray) -> float:
    """Return how tall a glyph is written, in pixels, from its label and the crop's shape."""
    height, width = crop.shape
    if label in DIGITS:
        return GLYPH_HEIGHT * min(1.0, 1.1 * height / width)
    if label in _WIDTHS:
        return _WIDTHS[label] * GLYPH_HEIGHT * height / width
    share = _HEIGHTS.get(label, 0.65 if label in _SMALL_LETTERS else 0.95)
    return share * GLYPH_HEIGHT * min(1.0, 1.4 * height / width)


def _is_steep(image: np.ndarray) -> bool:
    height, width = crop_to_ink(image).shape
    return height > _TALLEST_SLASH * width


def _clean(image: np.ndarray) -> np.ndarray:
    """Return a glyph without specks and without stairs, cropped tight to its ink."""
    if max(image.shape) < 20:
        image = cv2.resize(image, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
        image = cv2.GaussianBlur(image, (0, 0), 1.6)
        image = cv2.convertScaleAbs(cv2.subtract(image, 60), alpha=255 / 110)
    elif np.count_nonzero(image == 255) == np.count_nonzero(image):
        image = cv2.GaussianBlur(image, (0, 0), 0.7)
    parts, stats = connected(cv2.threshold(image, 40, 255, cv2.THRESH_BINARY)[1])
    if len(stats) > 2:
        areas = stats[1:, cv2.CC_STAT_AREA]
        specks = np.flatnonzero(areas < 0.04 * areas.sum()) + 1
        if len(specks):
            image = np.where(np.isin(parts, specks), 0, image).astype(np.uint8)
    return crop_to_ink(image)
