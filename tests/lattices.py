"""Hand-made lattices: spans between numbered cuts, without any picture behind them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from camdigits.recognize.model import LABELS
from camdigits.segment.lattice import Lattice

TALL = 40  # glyph height in pixels


def make_lattice(
    cuts: int,
    spans: Sequence[tuple[int, int]],
    blanks: Sequence[tuple[int, int]] = (),
    boxes: Sequence[tuple[int, int, int, int]] | None = None,
    whole: Sequence[bool] | None = None,
) -> Lattice:
    """Return a lattice of ``cuts`` cuts 30 pixels apart; boxes fill their spans if not given."""
    if boxes is None:
        boxes = [(30 * i, 0, 30 * (j - i), TALL) for i, j in spans]
    return Lattice(
        30 * np.arange(cuts),
        np.array(spans, np.int64).reshape(-1, 2),
        np.zeros((len(spans), 28, 28, 1), np.float32),
        np.array(boxes, np.int64).reshape(-1, 4),
        np.ones(len(spans), bool) if whole is None else np.array(whole, bool),
        np.array(blanks, np.int64).reshape(-1, 2),
    )


def distribution(**shares: float) -> np.ndarray:
    """Return probabilities (13,): ``d7=0.9`` for a digit, ``mark=0.1`` for another class.

    What is left goes to scrap.
    """
    row = np.zeros(len(LABELS), np.float64)
    for name, share in shares.items():
        row[LABELS.index(name.removeprefix("d") if name[1:].isdigit() else name)] = share
    row[LABELS.index("scrap")] += 1 - row.sum()
    return row
