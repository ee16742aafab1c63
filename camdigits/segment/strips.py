"""A text line as the line network sees it: strips of one size, and the frames along them.

A strip is the straightened line at half its size, so that its glyphs are as tall as the network of
single glyphs sees them, with the middle of its ink at half height.
"""

from __future__ import annotations

import cv2
import numpy as np

HEIGHT, WIDTH = 32, 160  # pixels of a strip
SCALE = 0.5  # of a straightened line
FRAME = 2  # pixels of a strip a frame
FRAMES = WIDTH // FRAME
# What lies this near, in frames, to the end of a strip is read in its neighbor, where more of its
# surroundings shows.
MARGIN = 14
STEP = FRAMES - 2 * MARGIN


def to_band(line: np.ndarray) -> np.ndarray:
    """Return a straightened line (gray ink, uint8, any size) at half size and HEIGHT rows tall,
    the mean row of its ink in the middle; its width is a multiple of FRAME."""
    height, width = line.shape
    columns = max(FRAME, -(-round(width * SCALE) // FRAME) * FRAME)
    small = cv2.resize(
        cv2.copyMakeBorder(
            line, 0, 0, 0, max(0, round(columns / SCALE) - width), cv2.BORDER_CONSTANT, value=0
        ),
        (columns, max(1, round(height * SCALE))),
        interpolation=cv2.INTER_AREA,
    )
    weight = small.sum(axis=1, dtype=np.float64)
    total = float(weight.sum())
    middle = float(weight @ np.arange(len(weight))) / total if total else len(weight) / 2
    top = round(middle) - HEIGHT // 2
    band = np.zeros((HEIGHT, columns), np.uint8)
    first, last = max(top, 0), min(top + HEIGHT, len(small))
    band[first - top : last - top] = small[first:last]
    return band


def strips_of(band: np.ndarray) -> np.ndarray:
    """Return the strips, uint8 (n, HEIGHT, WIDTH), that cover a band, overlapping by their margins;
    see :func:`join_frames`."""
    frames = band.shape[1] // FRAME
    count = max(1, -(-(frames - 2 * MARGIN) // STEP))
    padded = np.zeros((HEIGHT, ((count - 1) * STEP + FRAMES) * FRAME), np.uint8)
    padded[:, : band.shape[1]] = band
    starts = [i * STEP * FRAME for i in range(count)]
    return np.stack([padded[:, start : start + WIDTH] for start in starts])


def join_frames(parts: np.ndarray, frames: int) -> np.ndarray:
    """Return what stands in the frames (n, FRAMES, ...) of a band's strips as one (frames, ...)."""
    last = len(parts) - 1
    pieces = [
        part[0 if i == 0 else MARGIN : FRAMES if i == last else FRAMES - MARGIN]
        for i, part in enumerate(parts)
    ]
    return np.concatenate(pieces)[:frames]
