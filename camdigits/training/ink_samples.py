"""What the ink network learns from: synthetic sheets, and which of their darkness is writing.

All that is written or printed in letters and figures is ink; rules, frames, squares, patterns,
what shines through, shadows and the desk are not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from skimage.morphology import skeletonize

from camdigits.errors import DataError
from camdigits.preprocess.lighting import darkness, look_at
from camdigits.preprocess.scale import shrink
from camdigits.training import datasets, remnants
from camdigits.training.hands import HandMix, hands
from camdigits.training.paper import creased, ink_box, photograph
from camdigits.training.paper_style import KINDS, PaperStyle
from camdigits.training.patterns import noise
from camdigits.training.strings import StringStyle, compose
from camdigits.training.texts import random_labels
from camdigits.training.treatment import stroke_width

SIDE = 160  # pixels of a sample
HEIGHTS, VIEWS = (16.0, 80.0), (14.0, 64.0)  # of digits, as they are written and as they are seen
# Chances of one to four texts on a sheet; most samples of a sheet.
ROWS, MOST = (0.55, 0.15, 0.15, 0.15), 5
# Chances of kinds of paper (KINDS), and of what is added to any of them.
WEIGHTS = (0.08, 0.14, 0.12, 0.18, 0.16, 0.07, 0.12, 0.13)
FRAMED, SHADED, DESK, CREASED = 0.35, 0.25, 0.2, 0.15
# Chances of printed words and of parts of other rows, and of wide margins; digit heights of these.
WORDS, ROWS_BESIDE, WIDE, MARGINS = 0.25, 0.15, 0.3, (2.0, 8.0)
# Share of texts with straight ones, and how often these stand at the start, in a gap, at the end.
ONES, PLACES = 0.45, (0.4, 0.35, 0.25)
FINE, PENS = 0.45, (0.02, 0.07)  # share of sheets in fine pen, its width in digit heights
BLANK, TURNED = 0.3, 0.15  # shares of samples with hardly any ink, of sheets on their side
LEAST, FULL = 0.01, 1.5  # share of a sample with ink; factor to the share of a pixel's ink


@dataclass(frozen=True)
class InkSamples:
    """``views`` uint8 (n, SIDE, SIDE) of darkness; ``ink`` uint8 (n, SIDE, SIDE): how much of each
    pixel is ink, 255 all."""

    views: np.ndarray
    ink: np.ndarray

    def __len__(self) -> int:
        return len(self.views)

    @classmethod
    def join(cls, parts: list[InkSamples]) -> InkSamples:
        """Return all samples of ``parts`` in order."""
        none = np.zeros((0, SIDE, SIDE), np.uint8)
        return cls(
            np.concatenate([none, *(part.views for part in parts)]),
            np.concatenate([none, *(part.ink for part in parts)]),
        )

    def inputs(self, chosen: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """Return samples as float32 (n, SIDE, SIDE, 1); ``rng`` makes them paler or darker."""
        inputs = self.views[chosen][..., None].astype(np.float32) / 255
        if rng is not None:
            inputs **= np.exp(rng.normal(0, 0.15, (len(inputs), 1, 1, 1))).astype(np.float32)
        return inputs

    def targets(self, chosen: np.ndarray) -> np.ndarray:
        """Return the shares of paper and ink of each pixel, float32 (n, SIDE, SIDE, 2)."""
        ink = self.ink[chosen].astype(np.float32) / 255
        return np.stack([1 - ink, ink], axis=-1)


class InkMaker:
    """Makes samples of one split (see :func:`camdigits.training.hands.hands`)."""

    def __init__(self, data: Path | None, split: datasets.Split) -> None:
        self.mix: HandMix = hands(data, split)

    def block(self, seed: tuple[int, ...], count: int) -> InkSamples:
        """Return ``count`` samples; the same seed gives the same block."""
        rng = np.random.default_rng(seed)
        views: list[np.ndarray] = []
        inks: list[np.ndarray] = []
        while len(views) < count:
            size = float(np.exp(rng.uniform(*np.log(HEIGHTS))))
            ink = write_sheet(self.mix, rng, size)
            if ink is None:
                continue
            seen = min(1.0, float(np.exp(rng.uniform(*np.log(VIEWS)))) / size)
            dark = _darkness_of(ink, rng, size)
            share = cv2.convertScaleAbs(shrink(ink, seen), alpha=FULL)
            pieces = _pieces(shrink(dark, seen), share, rng)
            for i in rng.permutation(len(pieces))[:MOST].tolist():
                view, part = pieces[i]
                if part.mean() >= 255 * LEAST or rng.random() < BLANK:
                    views.append(view)
                    inks.append(part)
        return InkSamples(np.stack(views[:count]), np.stack(inks[:count]))


def write_sheet(mix: HandMix, rng: np.random.Generator, size: float) -> np.ndarray | None:
    """Return what one hand writes on a sheet in rows of digits about ``size`` pixels tall, with
    printed words and parts of other rows about it; uint8 (h, w), ink 255. None where it lacks all
    of the glyphs drawn for a row."""
    hand = mix.pick(rng)
    style = replace(StringStyle.random(rng, kind=hand.kind), height=size)
    texts = []
    for _ in range(1 + int(rng.choice(len(ROWS), p=ROWS))):
        try:
            text = compose(rng, hand, random_labels(rng), style).ink
            texts.append(_with_ones(text, rng, size) if rng.random() < ONES else text)
        except DataError:
            return None
    air = MARGINS[int(rng.random() < WIDE)]
    above, left, right = (round(size * m) for m in rng.uniform(0.1, air, 3))
    width = max(text.shape[1] for text in texts) + left + right
    rows = [np.zeros((above, width), np.uint8)]
    for text in texts:
        start = int(rng.integers(0, width - text.shape[1] + 1))
        end = width - start - text.shape[1]
        gap = round(size * rng.uniform(0.2, 0.75 * air))
        rows.append(cv2.copyMakeBorder(text, 0, gap, start, end, cv2.BORDER_CONSTANT))
    ink = np.concatenate(rows)
    if rng.random() < FINE:
        ink = _in_fine_pen(ink, size * float(rng.uniform(*PENS)))
    around = remnants.Sheet(np.zeros_like(ink), ink, ink_box(ink), size)
    if rng.random() < WORDS:
        remnants.words(around, rng, 255)
    if rng.random() < ROWS_BESIDE:
        remnants.residue(around, rng, 255)
    return np.maximum(ink, around.layer)


def _with_ones(ink: np.ndarray, rng: np.random.Generator, size: float) -> np.ndarray:
    """Return a text, uint8 (h, w), with a one or two as straight as a rule at its start or end, or
    in one of its gaps."""
    pen = max(1, round(stroke_width(ink)))
    for _ in range(int(rng.integers(1, 3))):
        room = round(size * rng.uniform(0.4, 0.9))
        gaps = np.flatnonzero(~ink.any(axis=0))
        inside = int(rng.choice(gaps)) if len(gaps) else 0
        at = int(rng.choice((0, inside, ink.shape[1]), p=PLACES))
        ink = np.insert(ink, [at] * room, 0, axis=1)
        height = len(ink)
        tall = min(height, size * float(rng.uniform(0.8, 1.15)))
        top = float(rng.uniform(0, height - tall))
        middle = at + room / 2
        lean = tall * float(rng.normal(0.04, 0.08))
        head, foot = top + pen / 2, top + tall - pen / 2
        remnants.line(ink, (middle + lean / 2, head), (middle - lean / 2, foot), 255, pen)
    return ink


def _in_fine_pen(ink: np.ndarray, width: float) -> np.ndarray:
    """Return ``ink``, uint8 (h, w), with all strokes about ``width`` pixels wide: strokes of fine
    pens are as thin as rules."""
    lines = skeletonize(ink > 96).astype(np.uint8) * 255
    side = max(1, round(width))
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return cv2.GaussianBlur(cv2.dilate(lines, disk), (0, 0), 0.5)


def _darkness_of(ink: np.ndarray, rng: np.random.Generator, size: float) -> np.ndarray:
    """Return the evenly lit darkness of a picture that a camera takes of ``ink``, uint8 (h, w)."""
    kind = str(rng.choice(KINDS, p=WEIGHTS))
    paper = replace(PaperStyle.random(rng, kind, size=size), words=0.0, residue=0.0, erased=False)
    if rng.random() < FRAMED:
        frame, cells = float(rng.uniform(0.2, 1.0)) * paper.pen, bool(rng.random() < 0.5)
        paper = replace(paper, frame=paper.frame or frame, cells=cells)
    if rng.random() < SHADED:
        paper = replace(paper, shadow=float(rng.uniform(0.2, 0.6)))
    picture = photograph(ink, rng, paper)
    if rng.random() < CREASED:
        picture = creased(picture, rng, size)
    if paper.kind == "chalk":
        picture = 255 - picture
    if rng.random() < DESK:
        picture = _on_desk(picture, ink, rng, size)
    return darkness(picture, look_at(picture))


def _on_desk(
    picture: np.ndarray, ink: np.ndarray, rng: np.random.Generator, size: float
) -> np.ndarray:
    """Return the picture with a desk where its sheet ends, beside the writing."""
    height, width = picture.shape
    streaks = size * np.exp(rng.uniform(np.log(0.05), np.log(2.0), 2))
    grain = noise(rng, height, width, *map(float, streaks)) * rng.uniform(2.0, 25.0)
    desk = (float(rng.uniform(20, 200)) + grain).clip(0, 255).astype(np.uint8)
    x, y, w, h = ink_box(ink)
    air = size * rng.uniform(0.0, 1.5, 4)
    corners = [
        (x - air[0], y - air[1]),
        (x + w + air[2], y - air[1]),
        (x + w + air[2], y + h + air[3]),
        (x - air[0], y + h + air[3]),
    ]
    turned = np.array(corners) + rng.normal(0, 0.05 * size, (4, 2))
    sheet = cv2.fillConvexPoly(np.zeros_like(ink), np.rint(turned).astype(np.int32), 255)
    return np.where(sheet > 0, picture, desk)


def _pieces(
    view: np.ndarray, ink: np.ndarray, rng: np.random.Generator
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return samples that cover a view and its ink, uint8 (h, w), from a random corner on."""
    rows, columns = view.shape
    top, left = (int(rng.integers(0, SIDE // 2)) for _ in range(2))
    foot, right = -(rows + top) % SIDE, -(columns + left) % SIDE
    whole = [
        cv2.copyMakeBorder(part, top, foot, left, right, cv2.BORDER_CONSTANT, value=0)
        for part in (view, ink)
    ]
    turned = bool(rng.random() < TURNED)
    pieces = []
    for y in range(0, rows + top, SIDE):
        for x in range(0, columns + left, SIDE):
            parts = [part[y : y + SIDE, x : x + SIDE] for part in whole]
            first, second = (part.T if turned else part for part in parts)
            pieces.append((np.ascontiguousarray(first), np.ascontiguousarray(second)))
    return pieces
