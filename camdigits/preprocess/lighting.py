"""Even lighting: how much darker each pixel is than the paper around it.

Shadows, vignettes and colored light change paper and ink by the same factor, so the quotient of the
picture and its estimated background is free of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from camdigits.preprocess.scale import shrink

# The background is smooth: this long side (pixels) is enough to estimate it on.
BACKGROUND_SIDE = 400
# Ground below this share of the paper's brightness is not paper; hard shadows keep more light.
DARK_GROUND = 0.25
# Factor by which grain lifts the envelope of paper, hardly more; light paper beside a shadow does.
GRAIN = 1.06
# Edges of shadows blur over so many pixels of the small copy, or of a picture that is as small, and
# are steps of the paper's level by at least such a share.
BLURRED, SHARP, STEEP = 5, 3, 0.07
EVEN = 12  # gray values by which plain paper varies
# So many times as far from the paper goes what shows clearly, and is such a share of the picture;
# else what is uneven by hardly so much tells light, which has no edges, from pale writing.
SHOWN, LEAST_SHOWN, HARDLY = 3, 0.001, 1 / 3
# A card's shorter side as a share of the picture's, and the share that it fills of a rectangle;
# digits fill less than 0.8 of theirs, holes included.
CARD, FILLED = 0.3, 0.85
UNDECIDED = (0.38, 0.62)
# Of the evidence of light ink: windows, as shares of the long side, and the share of pixels.
WINDOWS, STRONGEST = (1 / 80, 1 / 57), 0.02


@dataclass(frozen=True)
class Ground:
    """A picture seen from afar: ``small``, uint8 (h, w), its long side at most ``BACKGROUND_SIDE``;
    ``plain`` the gray level of its paper where that is plain and evenly lit, else None."""

    small: np.ndarray
    plain: float | None

    def inverted(self) -> Ground:
        """Return the ground of the picture with dark and light exchanged."""
        return Ground(cv2.bitwise_not(self.small), None if self.plain is None else 255 - self.plain)


def look_at(gray: np.ndarray) -> Ground:
    """Return the ground of ``gray``, uint8 (h, w)."""
    small = shrink(gray, BACKGROUND_SIDE / max(gray.shape), cv2.INTER_LINEAR)
    return Ground(small, plain_paper(small))


def envelope_kernel(shape: tuple[int, ...]) -> int:
    """Return the side (odd, pixels) of the window that must be wider than any stroke."""
    return max(9, min(min(shape[:2]) // 3, max(shape[:2]) // 14)) | 1


def plain_paper(small: np.ndarray) -> float | None:
    """Return the gray level of plain, evenly lit paper, None where the picture has no such.

    Plain: the border is of one level all around, and so is most of the picture; and the rest shows
    clearly, or has edges. On it the window of the envelope need not be wider than the strokes, as
    digits that fill a picture have it.
    """
    ring = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    level = float(np.median(ring))
    if (np.abs(ring - level) <= EVEN).mean() < 0.95:
        return None
    off = np.abs(small - np.float32(level))
    even = np.count_nonzero(off <= EVEN)
    if even < 0.5 * small.size:
        return None
    shown = (off > SHOWN * EVEN).astype(np.uint8)
    hardly = even - np.count_nonzero(off <= HARDLY * EVEN)
    if hardly > small.size - even and np.count_nonzero(shown) < LEAST_SHOWN * small.size:
        return None
    return None if _has_card(shown) else level


def _has_card(other: np.ndarray) -> bool:
    """Say whether what is ``other`` than the ground, uint8 (h, w) of 0 and 1, holds a card on a
    desk and not strokes alone: it is wide and high, and fills a rectangle, as no digit does."""
    outlines, _ = cv2.findContours(other, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    around = ((cv2.contourArea(outline), cv2.minAreaRect(outline)[1]) for outline in outlines)
    return any(
        min(sides) > CARD * min(other.shape) and area > FILLED * sides[0] * sides[1]
        for area, sides in around
    )


def paper_level(ground: Ground) -> np.ndarray:
    """Return the brightness of the paper under dark ink, uint8 in the small copy's size.

    A gray closing fills what is darker than its surroundings and narrower than the window; the
    blurs keep paper grain from lifting the envelope and its steps from becoming edges. Edges of
    shadows, which the closing keeps, are taken from there: blurred, they would be dark bands. What
    is left of the blur is moved to their lit side.
    """
    small = cv2.GaussianBlur(ground.small, (3, 3), 0)
    side = envelope_kernel(small.shape)
    dilated = dilate_disk(small, side)
    closed = cv2.bitwise_not(dilate_disk(cv2.bitwise_not(dilated), side))
    level = closed
    third = (side // 3 | 1, side // 3 | 1)
    for _ in range(3):  # nearly a Gaussian, for a sixth of its time
        level = cv2.blur(level, third, borderType=cv2.BORDER_REPLICATE)
    near = cv2.blur(closed, (3, 3))
    level = np.where(level > GRAIN * near, near, level)
    wide = BLURRED if max(small.shape) >= BACKGROUND_SIDE else SHARP
    low = cv2.erode(level, np.ones((wide, wide), np.uint8))
    level = np.where(cv2.subtract(level, low) > STEEP * level, low, level)
    return level if ground.plain is None else np.maximum(level, np.uint8(ground.plain))


def dilate_disk(picture: np.ndarray, side: int) -> np.ndarray:
    """Return the dilation of uint8 (h, w) by a disk ``side`` (odd) pixels across.

    A disk is a heap of rectangles, each a few rows taller and a few columns narrower than the one
    before. All that they have in common is done at once, in steps of a few pixels: half the time
    of OpenCV's own dilation, which visits all of the disk.
    """
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    widths, rows = np.unique(disk.sum(axis=1, dtype=np.int64), return_counts=True)
    widths, rows = widths[::-1].tolist(), rows[::-1].tolist()
    tall = out = _dilate(picture, rows[0], 1)
    for (wider, width), more in zip(pairwise(widths), rows[1:], strict=True):
        tall = _dilate(tall, 1 + more, 1)
        out = cv2.max(_dilate(out, 1, 1 + wider - width), tall)
    return _dilate(out, 1, widths[-1])


def _dilate(picture: np.ndarray, rows: int, columns: int) -> np.ndarray:
    kernel = np.ones((rows, columns), np.uint8)
    return cv2.dilate(picture, kernel, borderType=cv2.BORDER_REPLICATE)


def darkness(gray: np.ndarray, ground: Ground) -> np.ndarray:
    """Return 255 * (1 - gray / paper) as uint8 (h, w): 0 on paper, high on dark ink.

    ``gray`` is uint8 (h, w), ``ground`` what :func:`look_at` says of it. For light ink on a dark
    ground pass ``255 - gray`` and the inverted ground. Where the ground is much darker than the
    paper of the picture (a desk, a keyboard), nothing counts as ink.
    """
    paper = paper_level(ground)
    below = cv2.calcHist([paper], [0], None, [256], [0, 256]).cumsum()
    brightest = int(np.searchsorted(below, 0.9 * paper.size))
    paper = np.where(paper < DARK_GROUND * brightest, np.uint8(0), paper)
    if paper.shape != gray.shape:
        paper = cv2.resize(paper, gray.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return cv2.bitwise_not(cv2.divide(gray, cv2.max(paper, 1), scale=255))


def light_ink_evidence(ground: Ground) -> float:
    """Return the share (0-1) of thin-structure contrast that is lighter than its surroundings.

    Compares the energy of the white top-hat with that of the black top-hat on the small copy:
    strokes are thin, so a black desk around a white card counts on neither side. Windows are
    hardly wider than strokes, and the strongest places alone count: squares of ruled paper and
    the ground between strokes are as light as ink on a board, but wider or paler. 0.5 where the
    picture is even.
    """
    small = ground.small
    if ground.plain is not None:
        level = ground.plain
        light = _energy(cv2.subtract(small, level + EVEN))
        dark = _energy(cv2.subtract(cv2.bitwise_not(small), 255 - level + EVEN))
        return light / (light + dark) if light + dark else 0.5
    light = dark = 0.0
    for share in WINDOWS:
        side = max(5, round(share * max(small.shape))) | 1
        light += _hat_energy(small, cv2.MORPH_TOPHAT, side)
        dark += _hat_energy(small, cv2.MORPH_BLACKHAT, side)
    share = light / (light + dark) if light + dark else 0.5
    if max(small.shape) < BACKGROUND_SIDE and UNDECIDED[0] < share < UNDECIDED[1]:
        # Strokes of a small picture may be thick.
        side = max(5, min(small.shape) // 3) | 1
        light, dark = (
            _hat_energy(small, kind, side) for kind in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT)
        )
        share = light / (light + dark) if light + dark else 0.5
    return share


def _hat_energy(small: np.ndarray, kind: int, side: int) -> float:
    """Return the energy of a top-hat in the strongest of its pixels."""
    kernel = np.ones((side, side), np.uint8)
    hat = cv2.morphologyEx(small, kind, kernel, borderType=cv2.BORDER_REPLICATE)
    histogram = np.bincount(cv2.subtract(hat, EVEN).ravel(), minlength=256)[::-1]
    strongest = np.minimum(histogram.cumsum(), max(1, round(STRONGEST * small.size)))
    return float(np.diff(strongest, prepend=0) @ np.arange(255.0, -1.0, -1.0) ** 2)


def _energy(picture: np.ndarray) -> float:
    return float(cv2.norm(picture, cv2.NORM_L2SQR))
