"""Brackets and slashes look like ones and sevens, but are taller than the digits between them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from camdigits.recognize.decode import Edges, Step
from camdigits.segment.lattice import Lattice

# What is so many times as tall as the digits of its line are by the median, and stands out above
# and below them by so many of their heights, has its log probabilities as what brackets look like
# lowered by PRICE: that decides only where the networks don't.
TALLER, OUT, PRICE = 1.4, 0.18, 2.5
ALIKE = (1, 7)
FEW = 3  # digits on a line tell how tall digits are there


def doubt_brackets(edges: Edges, lattice: Lattice, path: list[Step]) -> Edges:
    """Return ``edges`` with doubt whether brackets are digits, where the digits of the line's best
    ``path`` show how tall those are."""
    read = lattice.boxes[[step.span for step in path if step.digit is not None]]
    if len(read) < FEW:
        return edges
    top, height = np.median(read[:, 1]), np.median(read[:, 3])
    bottom = np.median(read[:, 1] + read[:, 3])
    tops, heights = lattice.boxes[:, 1], lattice.boxes[:, 3]
    out = np.minimum(top - tops, tops + heights - bottom) >= OUT * height
    doubted = np.append(out & (heights >= TALLER * height), False)[edges.span]
    if not doubted.any():
        return edges
    digit = edges.digit.copy()
    digit[np.ix_(doubted, ALIKE)] -= PRICE
    return replace(edges, digit=digit)
