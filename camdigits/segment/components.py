"""Connected components of the ink."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from camdigits.preprocess.labels import colored, connected


@dataclass(frozen=True)
class Components:
    """Components of a mask: ``labels`` (h, w), integers with 0 for paper; row i of ``boxes`` (n, 4:
    x, y, width, height) and ``areas`` (n,) belongs to label ``ids[i]``. ``textured``: they stand
    on texture that passed for ink too, and was left out. ``cells`` (h, w), integers with 0 for
    none: the cells of tables around them, None where there are no tables."""

    labels: np.ndarray
    ids: np.ndarray
    boxes: np.ndarray
    areas: np.ndarray
    textured: bool = False
    cells: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def mask(self) -> np.ndarray:
        """Their pixels, uint8 (h, w), ink 255."""
        return self.color(self.ids)

    def chosen(self, which: np.ndarray) -> Components:
        """Return those at the indices ``which``, or where it (bool, n) is true."""
        return replace(self, ids=self.ids[which], boxes=self.boxes[which], areas=self.areas[which])

    def color(self, ids: np.ndarray, area: tuple[slice, slice] = np.s_[:, :]) -> np.ndarray:
        """Return the pixels of the labels ``ids`` in an ``area`` (default: all), uint8 (h, w), ink
        255."""
        return colored(self.labels[area], ids)

    def one(self, i: int) -> np.ndarray:
        """Return the pixels of the component at index ``i`` in its box, bool (height, width)."""
        x, y, width, height = self.boxes[i].tolist()
        return np.asarray(self.labels[y : y + height, x : x + width] == self.ids[i])

    def inside(self, box: np.ndarray) -> np.ndarray:
        """Return which of them (bool, n) are inside of a ``box`` (4,), clear of its sides."""
        left, top, width, height = self.boxes.T
        x, y, right, foot = box[0], box[1], box[0] + box[2], box[1] + box[3]
        within = (left > x) & (left + width < right) & (top > y) & (top + height < foot)
        return np.asarray(within)

    def around(self, margin: float) -> tuple[slice, slice]:
        """Return rows and columns of what is up to a ``margin`` (pixels) away from them."""
        if not len(self):
            return np.s_[:0, :0]
        first = np.maximum(self.boxes[:, :2].min(axis=0) - margin, 0)
        last = (self.boxes[:, :2] + self.boxes[:, 2:]).max(axis=0) + margin
        (left, top), (right, foot) = first.astype(int).tolist(), last.astype(int).tolist()
        return np.s_[top:foot, left:right]


def find_components(mask: np.ndarray, strong: np.ndarray) -> Components:
    """Return the 8-connected components of uint8 ``mask`` that hold a pixel of ``strong``."""
    labels, stats = connected(mask)
    touched = np.zeros(len(stats), bool)
    touched[labels[strong > 0]] = True
    touched[0] = False
    ids = np.flatnonzero(touched)
    return Components(
        labels, ids, stats[ids, :4].astype(np.int64), stats[ids, cv2.CC_STAT_AREA].astype(np.int64)
    )


def borders_touched(components: Components) -> np.ndarray:
    """Return how many of the picture's four borders each component touches, int (n,)."""
    left, top, width, height = components.boxes.T
    rows, columns = components.labels.shape
    right, bottom = columns - left - width, rows - top - height
    return np.sum([left <= 1, top <= 1, right <= 1, bottom <= 1], axis=0)
