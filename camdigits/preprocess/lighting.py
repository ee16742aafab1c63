"""Even lighting: how much darker each pixel is than the paper around it.

Shadows, vignettes and colored light change paper and ink by the same factor, so the quotient of the
picture and its estimated background is free of them.
"""

from __future__ import annotations

import cv2
import numpy as np

# The background is smooth: this long side (pixels) is enough to estimate it on.
BACKGROUND_SIDE = 400
# Ground below this share of the paper's brightness is not paper; hard shadows keep more light.
DARK_GROUND = 0.33
EVEN = 12  # gray values by which plain paper varies
UNDECIDED = (0.38, 0.62)


def small_copy(gray: np.ndarray) -> np.ndarray:
    """Return uint8 (h, w) shrunk so that its long side is at most ``BACKGROUND_SIDE``."""
    scale = BACKGROUND_SIDE / max(gray.shape)
    if scale >= 1:
        return gray
    size = (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale)))
    return cv2.resize(gray, size, interpolation=cv2.INTER_AREA)


def envelope_kernel(shape: tuple[int, ...]) -> int:
    """Return the side (odd, pixels) of the window that must be wider than any stroke."""
    return max(9, min(min(shape[:2]) // 3, max(shape[:2]) // 14)) | 1


def plain_paper(gray: np.ndarray) -> float | None:
    """Return the gray level of plain, evenly lit paper, None where the picture has no such.

    Plain: the border is of one level all around, and so is most of the picture. On it the window
    of the envelope need not be wider than the strokes, as digits that fill a picture have it.
    """
    small = small_copy(gray).astype(np.float32)
    ring = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    level = float(np.median(ring))
    off = np.abs(small - level)
    if (np.abs(ring - level) <= EVEN).mean() < 0.95 or (off <= EVEN).mean() < 0.5:
        return None
    # A card on a desk is no stroke: it is wide, high and filled.
    _, _, stats, _ = cv2.connectedComponentsWithStats((off > 3 * EVEN).astype(np.uint8))
    width, height, area = stats[1:, 2], stats[1:, 3], stats[1:, 4]
    card = (np.minimum(width, height) > 0.3 * min(small.shape)) & (area > 0.65 * width * height)
    return None if card.any() else level


def paper_level(gray: np.ndarray) -> np.ndarray:
    """Return the brightness of the paper under dark ink, uint8 in the small copy's size.

    A gray closing fills what is darker than its surroundings and narrower than the window; the
    blurs keep paper grain from lifting the envelope and its steps from becoming edges.
    """
    small = cv2.GaussianBlur(small_copy(gray), (3, 3), 0)
    side = envelope_kernel(small.shape)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    level = cv2.GaussianBlur(closed, (side, side), 0)
    plain = plain_paper(gray)
    return level if plain is None else np.maximum(level, np.uint8(plain))


def darkness(gray: np.ndarray) -> np.ndarray:
    """Return 255 * (1 - gray / paper) as uint8 (h, w): 0 on paper, high on dark ink.

    ``gray`` is uint8 (h, w). For light ink on a dark ground pass ``255 - gray``. Where the ground
    is much darker than the paper of the picture (a desk, a keyboard), nothing counts as ink.
    """
    paper = paper_level(gray)
    brightest = float(np.percentile(paper, 90))
    paper = np.where(paper < DARK_GROUND * brightest, np.uint8(0), paper)
    if paper.shape != gray.shape:
        paper = cv2.resize(paper, gray.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return cv2.bitwise_not(cv2.divide(gray, cv2.max(paper, 1), scale=255))


def light_ink_evidence(gray: np.ndarray) -> float:
    """Return the share (0-1) of thin-structure contrast that is lighter than its surroundings.

    Compares the energy of the white top-hat with that of the black top-hat on the small copy:
    strokes are thin, so a black desk around a white card counts on neither side. Where that decides
    nothing and the picture is small, its strokes may be thick: a wider window decides. 0.5 where
    the picture is even.
    """
    small = small_copy(gray)
    plain = plain_paper(gray)
    if plain is not None:
        over = small.astype(np.float32) - plain
        energy = [float(np.square(np.maximum(s * over - EVEN, 0)).sum()) for s in (1, -1)]
        return energy[0] / sum(energy) if any(energy) else 0.5
    share = _light_share(small, max(5, max(small.shape) // 40) | 1)
    if max(gray.shape) <= BACKGROUND_SIDE and UNDECIDED[0] < share < UNDECIDED[1]:
        share = _light_share(small, max(5, min(small.shape) // 3) | 1)
    return share


def _light_share(small: np.ndarray, side: int) -> float:
    kernel = np.ones((side, side), np.uint8)
    light = cv2.morphologyEx(small, cv2.MORPH_TOPHAT, kernel, borderType=cv2.BORDER_REPLICATE)
    dark = cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, kernel, borderType=cv2.BORDER_REPLICATE)
    light_energy = float(np.square(light, dtype=np.float32).sum())
    dark_energy = float(np.square(dark, dtype=np.float32).sum())
    total = light_energy + dark_energy
    return light_energy / total if total else 0.5
