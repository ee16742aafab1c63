"""Brackets, slashes and sides of frames look like ones and sevens, but are taller or barer than the
digits between them; points, commas and dashes may look like digits, but stand at their foot or are
flat."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from camdigits.recognize.decode import TEN, Edges, Step, best_path
from camdigits.segment.lattice import Lattice

# What is so many times as tall as the digits of its line are by the median, and stands out above
# and below them by so many of their heights, or is at least as tall as they and has less ink for
# its height by the factor BARE, has its log probabilities as what brackets look like lowered by
# PRICE: that decides only where the networks don't. A bracket that opens a line is closed on it.
TALLER, OUT, BARE, PRICE = 1.4, 0.18, 0.33, 2.5
ALIKE = (1, 7)
# What begins so many heights of the digits below their usual top, or is wider than tall and less
# than so many heights tall, is lowered by SMALL_PRICE as all but zero, for round digits may be that
# small in rows of them.
LOW, FLAT, SMALL_PRICE = 0.6, 0.6, 6.0
FEW = 3  # digits on a line tell how tall digits are there


def doubt_punctuation(
    edges: list[Edges], lattices: list[Lattice]
) -> tuple[list[Edges], list[list[Step]]]:
    """Return the edges of each line, with doubt whether punctuation is digits, and the best paths.

    The digits of a line's best path show how tall digits are there, and where they stand.
    """
    doubted, paths = list(edges), [best_path(own) for own in edges]
    for i, (own, lattice) in enumerate(zip(edges, lattices, strict=True)):
        price = _prices(own, lattice, paths[i])
        if price is not None:
            doubted[i] = replace(own, digit=own.digit - price)
            paths[i] = best_path(doubted[i])
    return doubted, paths


def _prices(edges: Edges, lattice: Lattice, path: list[Step]) -> np.ndarray | None:
    """Return the price (e, 10) of each reading, None where nothing stands out."""
    read = [step.span for step in path if step.digit is not None]
    if len(read) < FEW:
        return None
    _, tops, widths, heights = lattice.boxes.T
    bottoms = tops + heights
    top, bottom, height = np.median([tops[read], bottoms[read], heights[read]], axis=1).tolist()
    out = np.minimum(top - tops, bottoms - bottom) >= OUT * height
    ink = lattice.glyphs.sum(axis=(1, 2, 3)) * heights
    bare = ink < BARE * np.median(ink[read])
    tall = out & (heights >= TALLER * height)
    if _never_closed(lattice.boxes, tall, read):
        tall[:] = False
    doubtful = tall | (bare & (heights >= height))
    flat = (heights < FLAT * height) & (widths > heights)
    small = (tops >= top + LOW * height) | flat
    if not (doubtful | small).any():
        return None
    digits = np.arange(TEN)
    price = PRICE * np.outer(doubtful, np.isin(digits, ALIKE)) + SMALL_PRICE * np.outer(
        small, digits > 0
    )
    return np.concatenate([price, np.zeros((1, TEN))])[edges.span]


def _never_closed(boxes: np.ndarray, tall: np.ndarray, read: list[int]) -> bool:
    """Say whether the ``tall`` (n,) of the ``boxes`` (n, 4) of a line are one stroke before all
    that is ``read`` beside it: a bracket would be followed by the one that closes it."""
    if not tall.any():
        return False
    lefts, rights = boxes[:, 0], boxes[:, 0] + boxes[:, 2]
    end = rights[tall].min()
    beside = [span for span in read if not tall[span]]
    return bool((lefts[tall] < end).all() and (lefts[beside] >= end).all())
