"""Numbers between brackets and slashes, which look like ones."""

from __future__ import annotations

import numpy as np

from camdigits.recognize.brackets import doubt_brackets, expect_brackets
from camdigits.recognize.decode import Edges, Step, best_path
from camdigits.recognize.numbers import Number, split_numbers
from camdigits.recognize.slashes import doubt_slashes
from camdigits.segment.lattice import Lattice


def numbers_between_marks(
    edges: list[Edges],
    paths: list[list[Step]],
    lattices: list[Lattice],
    probabilities: list[np.ndarray],
    height: float,
    alone: bool = True,
) -> tuple[list[Edges], list[list[Step]], list[list[Number]]]:
    """Return the edges of each line, with the odds that ones are brackets and slashes, its best
    path with these, and the numbers on that; the rest is as
    :func:`camdigits.recognize.numbers.split_numbers` has it."""
    numbers = split_numbers(paths, lattices, probabilities, height, alone)
    for doubt in (expect_brackets, doubt_brackets, doubt_slashes):
        doubted = doubt(edges, paths, lattices, numbers)
        after = [
            path if new is old else best_path(new)
            for path, new, old in zip(paths, doubted, edges, strict=True)
        ]
        if after != paths:
            numbers = split_numbers(after, lattices, probabilities, height, alone)
        edges, paths = doubted, after
    return edges, paths, numbers
