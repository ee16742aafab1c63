"""Glyphs on their way to their places in a string: their contours and the width of their pen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FRINGE = 32  # fainter ink has no owner: it is the soft edge of a stroke
CONTACT = 128  # ink at least this dark counts as touching
FAR = 1.0e6  # contours where there is no ink, in pixels


@dataclass
class Piece:
    """A glyph on its way: its patch, the row and column of its top left corner, and how far it
    stands above the baseline in shares of the digit height; ``bound`` are column and row of that
    corner as seen from the glyph before, where the pen went on without being lifted."""

    patch: np.ndarray
    label: str
    top: int = 0
    left: int = 0
    raised: float = 0.0
    bound: tuple[int, int] | None = None

    @property
    def dark(self) -> int:
        """Gray level from which its ink counts as touching, less where all of it is faint."""
        return min(CONTACT, int(self.patch.max()))


def edges(piece: Piece, rows: int, threshold: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and last ink column of each of the ``rows`` of a string, seen from the
    patch's left edge, float32 (rows,); plus and minus FAR where there is no ink."""
    mask = piece.patch >= threshold
    height, width = mask.shape
    filled = mask.any(axis=1)
    left = np.full(rows, FAR, np.float32)
    right = np.full(rows, -FAR, np.float32)
    inside = slice(piece.top, piece.top + height)
    left[inside] = np.where(filled, mask.argmax(axis=1), FAR)
    right[inside] = np.where(filled, width - 1 - mask[:, ::-1].argmax(axis=1), -FAR)
    return left, right


def pen_width(patch: np.ndarray) -> float:
    """Return the stroke width in pixels of a patch, uint8 (h, w), from the mean run of its ink
    along rows and along columns."""
    mask = (patch >= CONTACT).view(np.uint8)
    area = int(mask.sum())
    along = int((mask[:, 1:] > mask[:, :-1]).sum() + mask[:, 0].sum())
    down = int((mask[1:] > mask[:-1]).sum() + mask[0].sum())
    return 0.85 * area / max(along, down, 1)
