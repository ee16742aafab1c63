"""Training samples: what the engine itself cuts from pictures of synthetic strings.

A string is written by one hand, photographed on some paper, and taken apart by the same code that
reads. Each hypothesis of its lattice becomes a sample; whose ink it holds tells its label: a whole
digit, a mark, a letter, or scrap (a part of a digit, two at once, a rule, a speck).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from camdigits.preprocess.binarize import InkSettings
from camdigits.preprocess.lighting import look_at
from camdigits.recognize.model import LABELS
from camdigits.segment.glyphs import Writing
from camdigits.segment.lattice import Lattice
from camdigits.segment.normalize import normalize
from camdigits.segment.picture import segment_picture
from camdigits.segment.settings import SegmentSettings
from camdigits.segment.straighten import LineImage
from camdigits.training import datasets
from camdigits.training.hands import Hand, HandMix, hands
from camdigits.training.spacing import SMALL
from camdigits.training.treatment import bending
from camdigits.training.written import Written, owners_in, write

MARK, LETTER, SCRAP = (LABELS.index(label) for label in ("mark", "letter", "scrap"))
UNSURE = 255
# How well a hypothesis holds a glyph: the harmonic mean of the share of the glyph's ink that it
# holds and the share of its own ink that is the glyph's. WHOLE is a glyph however it was cut. A
# digit whose neighbors touch or overlap it is still to be read where no cut parts them well: its
# best hypotheses count down to FAIR. From UNSURE_FIT up to there a hypothesis is left out of
# training; what holds less, or much of a second glyph (COMPANY), is scrap.
WHOLE, FAIR, NEARLY_BEST, UNSURE_FIT = 0.89, 0.68, 0.02, 0.74
COMPANY = 0.06
MOST_SCRAP = 0.5  # of the samples of one string
BENDING = 1.2  # pixels by which MNIST's own pictures are bent at most, root mean square
MOST_VIEWS = 4  # of one glyph: fine cuts give many hypotheses that hardly differ


@dataclass(frozen=True)
class Samples:
    """``glyphs`` uint8 (n, 28, 28), ink 255; ``classes`` uint8 (n,), indices into LABELS."""

    glyphs: np.ndarray
    classes: np.ndarray

    def __len__(self) -> int:
        return len(self.classes)

    def inputs(self, chosen: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """Return samples as float32 (n, 28, 28, 1), ink 1.0."""
        return self.glyphs[chosen][..., None].astype(np.float32) / 255

    def targets(self, chosen: np.ndarray) -> np.ndarray:
        """Return the share of each label, float32 (n, 13)."""
        return np.eye(len(LABELS), dtype=np.float32)[self.classes[chosen]]

    @classmethod
    def join(cls, parts: list[Samples]) -> Samples:
        """Return all samples of ``parts`` in order."""
        if not parts:
            return cls(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint8))
        return cls(
            np.concatenate([part.glyphs for part in parts]),
            np.concatenate([part.classes for part in parts]),
        )


class SampleMaker:
    """Makes samples of one split (see :func:`camdigits.training.hands.hands`), in the ink that
    ``writing`` leaves, if given (see :mod:`camdigits.segment.glyphs`)."""

    def __init__(
        self, data: Path | None, split: datasets.Split, writing: Writing | None = None
    ) -> None:
        self.mix: HandMix = hands(data, split)
        self.writing = writing
        mnist = datasets.mnist_glyphs(data, split)
        self.mnist = Samples(np.stack(list(mnist.images)), mnist.labels.astype(np.uint8))

    def block(self, seed: tuple[int, ...], count: int) -> Samples:
        """Return ``count`` shuffled samples: 60% from strings, 18% single glyphs, 22% MNIST's own.

        The same seed gives the same block.
        """
        rng = np.random.default_rng(seed)
        parts, made = [], 0
        while made < 0.60 * count:
            part = self.from_string(rng)
            parts.append(part)
            made += len(part)
        while made < 0.78 * count:
            part = self.single_glyphs(rng)
            parts.append(part)
            made += len(part)
        parts.append(self.from_mnist(rng, max(count - made, 1)))
        joined = Samples.join(parts)
        order = rng.permutation(len(joined))[:count]
        return Samples(joined.glyphs[order], joined.classes[order])

    def from_string(self, rng: np.random.Generator) -> Samples:
        """Return samples of the hypotheses that the engine cuts from one written string."""
        written = write(self.mix, rng)
        if written is None:
            return Samples.join([])
        picture = written.picture
        ground = look_at(picture)
        parts = segment_picture(
            picture, ground, InkSettings(), SegmentSettings(), writing=self.writing, with_masks=True
        )
        # The owners of pixels are known at this size only.
        assert parts.picture is picture
        samples = [
            self._labeled(line, lattice, written, rng)
            for line, lattice in zip(parts.lines, parts.lattices, strict=True)
        ]
        return Samples.join(samples)

    def single_glyphs(self, rng: np.random.Generator) -> Samples:
        """Return one digit of each kind by one hand, without paper."""
        hand: Hand = self.mix.pick(rng)
        glyphs, classes = [], []
        for digit in rng.permutation(10)[:6]:
            glyph = hand.write(str(digit), rng)
            if glyph is not None:
                glyphs.append(normalize(_soften(glyph, rng)))
                classes.append(digit)
        return Samples(np.array(glyphs, np.uint8).reshape(-1, 28, 28), np.array(classes, np.uint8))

    def from_mnist(self, rng: np.random.Generator, count: int) -> Samples:
        """Return MNIST's own pictures, turned, sheared, scaled, moved and bent a little."""
        chosen = rng.integers(0, len(self.mnist), count)
        glyphs = np.empty((count, 28, 28), np.uint8)
        for i, index in enumerate(chosen):
            glyphs[i] = _jitter(self.mnist.glyphs[index], rng)
        return Samples(glyphs, self.mnist.classes[chosen])

    def _labeled(
        self,
        line: LineImage,
        lattice: Lattice,
        written: Written,
        rng: np.random.Generator,
    ) -> Samples:
        """Return the lattice's hypotheses with their labels, a bounded share of them scrap."""
        size = (line.picture.shape[1], line.picture.shape[0])
        owners = owners_in(written.owner, line.to_source, size)
        kinds = np.array([kind_of(label) for label in written.string.labels], np.uint8)
        totals = np.bincount(owners.ravel(), minlength=len(kinds) + 1).astype(np.float64)
        ink = np.where(line.picture > 96, owners, 0)
        seen = np.bincount(ink.ravel(), minlength=len(kinds) + 1)[1:]
        # Ink lost to the paper is not counted against a hypothesis, as long as most is there.
        whole = np.where(seen > 0.6 * totals[1:], seen, totals[1:])
        held = np.array(
            [
                np.bincount(
                    owners[:, start : start + mask.shape[1]][mask > 0], minlength=len(kinds) + 1
                )
                for start, mask in lattice.masks
            ],
            np.float64,
        ).reshape(-1, len(kinds) + 1)
        points = [index for index, label in enumerate(written.string.labels) if label in SMALL]
        classes = classes_of(held, whole, kinds, points)
        keep = np.flatnonzero(classes != UNSURE)
        scrap = keep[classes[keep] == SCRAP]
        rest = rng.permutation(keep[classes[keep] != SCRAP])
        rest = np.sort(rest[_rank(held[rest, 1:].argmax(axis=1)) < MOST_VIEWS])
        most = max(2, round(len(rest) * MOST_SCRAP / (1 - MOST_SCRAP)))
        if len(scrap) > most:
            scrap = rng.choice(scrap, most, replace=False)
        chosen = np.concatenate([rest, scrap]).astype(np.int64)
        glyphs = np.rint(lattice.glyphs[chosen, ..., 0] * 255).astype(np.uint8)
        return Samples(glyphs, classes[chosen])


def kind_of(label: str) -> int:
    """Return the class of a glyph's label: its digit, MARK or LETTER."""
    if label in LABELS[:10]:
        return int(label)
    return LETTER if len(label) == 1 and label.isalpha() else MARK


def _rank(values: np.ndarray) -> np.ndarray:
    """Return of each of the ``values`` (n,) how many equal ones stand before it."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    ranks = np.empty(len(values), np.int64)
    ranks[order] = np.arange(len(values)) - np.searchsorted(ordered, ordered, side="left")
    return ranks


def classes_of(
    held: np.ndarray, whole: np.ndarray, kinds: np.ndarray, points: Sequence[int] = ()
) -> np.ndarray:
    """Return the class (n,) of each hypothesis, or UNSURE.

    ``held`` (n, g + 1): pixels of nobody's ink, then of each glyph, in each hypothesis; ``whole``
    (g,): pixels of each glyph in the line; ``kinds`` (g,): classes of the glyphs; ``points``:
    which of them are points or commas. What holds a digit and a point is the digit: often no
    column parts them, and the number reads the same.
    """
    classes = np.full(len(held), SCRAP, np.uint8)
    if not len(held) or not len(kinds):
        return classes
    own, total = held[:, 1:], held.sum(axis=1)
    recall = own / np.maximum(whole, 1.0)
    purity = own / np.maximum(total, 1.0)[:, None]
    fit = 2 * recall * purity / np.maximum(recall + purity, 1e-9)
    best = fit.argmax(axis=1)
    at_best = fit[np.arange(len(held)), best]
    companion = (recall > 0.5) & (purity > COMPANY)
    companion[np.arange(len(held)), best] = False
    companion[:, list(points)] = False
    kind = kinds[best]
    nearly_best = at_best >= np.maximum(FAIR, fit.max(axis=0)[best] - NEARLY_BEST)
    is_digit = (kind < MARK) & ((at_best >= WHOLE) & ~companion.any(axis=1) | nearly_best)
    classes[is_digit] = kind[is_digit]
    unsure = (kind < MARK) & ~is_digit & (at_best >= UNSURE_FIT) & ~companion.any(axis=1)
    classes[unsure] = UNSURE
    mostly = (kind >= MARK) & (recall[np.arange(len(held)), best] >= 0.7)
    with_digit = (companion & (kinds < MARK)).any(axis=1)
    plain = mostly & ~with_digit & (held[:, 0] <= 0.6 * total)
    classes[plain] = kind[plain]
    return classes


def _soften(glyph: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the glyph as a camera or a screen would give it: blurred, or with hard edges."""
    if rng.random() < 0.5:
        padded = cv2.copyMakeBorder(glyph, 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=0)
        return cv2.GaussianBlur(padded, (0, 0), rng.uniform(0.4, 2.0))
    return np.where(glyph > rng.integers(70, 180), np.uint8(255), np.uint8(0))


def _jitter(glyph: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    angle, shear = rng.normal(0, 0.10), rng.normal(0, 0.12)
    scale = np.exp(rng.normal(0, 0.06, 2))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    forward = turn @ np.array([[1, shear], [0, 1]]) @ np.diag(scale)
    offset = 13.5 - forward @ [13.5, 13.5] + rng.normal(0, 0.7, 2)
    turned = cv2.warpAffine(glyph, np.column_stack([forward, offset]), (28, 28))
    bend_x, bend_y = bending(rng, 28, 28, rng.uniform(0, BENDING))
    rows, columns = np.mgrid[:28, :28].astype(np.float32)
    return cv2.remap(turned, columns + bend_x, rows + bend_y, cv2.INTER_LINEAR)
