"""What the line network learns from: straightened lines of synthetic strings, frame by frame.

Lines are written, photographed and straightened as those are that the network will read. Whose ink
stands where tells the target: a frame by the middle of a digit is that digit, any other none. How
far a middle reaches nobody can tell, and most of what there was to learn was that: so the frames at
its edges may be either.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from camdigits.preprocess.binarize import InkSettings
from camdigits.preprocess.lighting import look_at
from camdigits.segment.glyphs import Writing
from camdigits.segment.picture import find_line_images
from camdigits.segment.settings import SegmentSettings
from camdigits.segment.straighten import LineImage
from camdigits.segment.strips import FRAME, FRAMES, HEIGHT, SCALE, WIDTH, to_band
from camdigits.training import datasets
from camdigits.training.hands import HandMix, hands
from camdigits.training.samples import kind_of
from camdigits.training.written import Written, owners_in, write

NONE, DOUBTFUL = 10, 11  # a target from DOUBTFUL on may be that digit or none
# A digit is there when MOST of its ink came through, and nothing when less than LITTLE did.
MOST, LITTLE = 0.6, 0.2
# Half the width of a middle, as share of the digit's, and in pixels of the line: what it has at
# least, and how much further out a frame may be either.
CENTER, NARROWEST, EDGE = 0.2, 4.0, 4.0
SHIFT = 2  # rows by which a strip is moved up or down when it is learned from
WRONG = 0.002  # probability of each other class where a label is wrong
KEPT_EMPTY = 0.2  # share of the lines without a digit: remnants of rules and papers are many


@dataclass(frozen=True)
class LineSamples:
    """``strips`` uint8 (n, HEIGHT, WIDTH), ink 255; ``frames`` uint8 (n, FRAMES): the digit in
    whose middle a frame lies, DOUBTFUL added at the edges of middles and where the digit came
    through in part, or NONE."""

    strips: np.ndarray
    frames: np.ndarray

    def __len__(self) -> int:
        return len(self.frames)

    @classmethod
    def join(cls, parts: list[LineSamples]) -> LineSamples:
        """Return all samples of ``parts`` in order."""
        return cls(
            np.concatenate([np.zeros((0, HEIGHT, WIDTH), np.uint8), *(p.strips for p in parts)]),
            np.concatenate([np.zeros((0, FRAMES), np.uint8), *(p.frames for p in parts)]),
        )

    def inputs(self, chosen: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """Return samples as float32 (n, HEIGHT, WIDTH, 1); ``rng`` moves and fades them a bit."""
        strips = self.strips[chosen]
        if rng is not None:
            for i, shift in enumerate(rng.integers(-SHIFT, SHIFT + 1, len(strips)).tolist()):
                strips[i] = np.roll(strips[i], shift, axis=0)
        inputs = strips[..., None].astype(np.float32) / 255
        if rng is not None:
            inputs **= np.exp(rng.normal(0, 0.25, (len(inputs), 1, 1, 1))).astype(np.float32)
        return inputs

    def targets(self, chosen: np.ndarray) -> np.ndarray:
        """Return 1 for each class that is right in a frame, WRONG for others, float32 (n, FRAMES,
        11)."""
        one = np.eye(11, dtype=np.float32)
        either = one[:NONE] + one[NONE]
        return np.maximum(np.concatenate([one, either]), WRONG)[self.frames[chosen]]


class LineMaker:
    """Makes samples of one split (see :func:`camdigits.training.hands.hands`), in the ink that
    ``writing`` leaves, if given (see :mod:`camdigits.segment.glyphs`)."""

    def __init__(
        self, data: Path | None, split: datasets.Split, writing: Writing | None = None
    ) -> None:
        self.mix: HandMix = hands(data, split)
        self.writing = writing

    def block(self, seed: tuple[int, ...], count: int) -> LineSamples:
        """Return ``count`` samples; the same seed gives the same block."""
        rng = np.random.default_rng(seed)
        strips: list[np.ndarray] = []
        frames: list[np.ndarray] = []
        while len(strips) < count:
            written = write(self.mix, rng)
            if written is None:
                continue
            ground = look_at(written.picture)
            picture, _, lines = find_line_images(
                written.picture, ground, InkSettings(), SegmentSettings(), writing=self.writing
            )
            # The owners of pixels are known at this size only.
            assert picture is written.picture
            for line in lines:
                band, labels = to_band(line.picture), self._frames(line, written)
                if (labels == NONE).all() and rng.random() > KEPT_EMPTY:
                    continue
                place = slice(*_crop(band.shape[1] // FRAME, rng))
                strip = np.zeros((HEIGHT, WIDTH), np.uint8)
                label = np.full(FRAMES, NONE, np.uint8)
                part = band[:, max(place.start, 0) * FRAME : place.stop * FRAME]
                left = max(-place.start, 0)
                strip[:, left * FRAME : left * FRAME + part.shape[1]] = part
                known = labels[max(place.start, 0) : place.stop]
                label[left : left + len(known)] = known
                strips.append(strip)
                frames.append(label)
        return LineSamples(np.stack(strips[:count]), np.stack(frames[:count]))

    def _frames(self, line: LineImage, written: Written) -> np.ndarray:
        """Return the target of each frame of a line's band, uint8 (frames,)."""
        height, width = line.picture.shape
        owners = owners_in(written.owner, line.to_source, (width, height))
        seen = np.where(line.picture > 96, owners, 0)
        kinds = np.array([kind_of(label) for label in written.string.labels])
        totals = np.bincount(_whole(written, line).ravel(), minlength=len(kinds) + 1)
        places, classes, halves, sure = [], [], [], []
        for k in np.flatnonzero(kinds < NONE).tolist():
            columns = np.flatnonzero((seen == k + 1).any(axis=0))
            share = np.count_nonzero(seen == k + 1) / max(totals[k + 1], 1)
            if share < LITTLE or not len(columns):
                continue
            left, right = np.percentile(columns, [3, 97])
            places.append((left + right + 1) / 2)
            halves.append(max(NARROWEST, CENTER * (right + 1 - left)))
            classes.append(kinds[k])
            sure.append(share >= MOST)
        pixels = FRAME / SCALE
        middles = (np.arange(max(1, -(-round(width * SCALE) // FRAME))) + 0.5) * pixels
        labels = np.full(len(middles), NONE, np.uint8)
        if places:
            away = np.abs(middles[:, None] - np.array(places))
            nearest = (away / np.array(halves)).argmin(axis=1)
            away, half = away[np.arange(len(middles)), nearest], np.array(halves)[nearest]
            digit, whole = np.array(classes, np.uint8)[nearest], np.array(sure)[nearest]
            # Between two neighbors there is a frame of neither, if there is a frame at all.
            ordered = np.sort(places)
            between = (ordered[1:] + ordered[:-1]) / 2
            parting = (np.abs(middles[:, None] - between) <= pixels / 2).any(axis=1)
            either = (away <= half + whole * EDGE) & ~parting
            labels[either] = DOUBTFUL + digit[either]
            middle = whole & (away <= np.maximum(half - EDGE, pixels / 2))
            labels[middle] = digit[middle]
        return labels


def _whole(written: Written, line: LineImage) -> np.ndarray:
    """Return the owners of all ink, at the scale of the line: what it may have lost is counted."""
    a, b, d, e = line.to_source[:, :2].ravel()
    scale = 1 / abs(a * e - b * d) ** 0.5
    height, width = written.owner.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    shrunk = np.array([[1 / scale, 0, 0], [0, 1 / scale, 0]])
    return owners_in(written.owner, shrunk, size)


def _crop(frames: int, rng: np.random.Generator) -> tuple[int, int]:
    """Return the first frame and the end of what is shown of a band: mostly its start, where that
    is all or by chance; else it begins anywhere."""
    room = FRAMES - frames
    if room >= 0:
        start = -int(rng.integers(0, room + 1)) if rng.random() < 0.5 else 0
    else:
        start = int(rng.integers(0, -room + 1))
    return start, start + FRAMES
