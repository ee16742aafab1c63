"""Where a second look goes: what is doubtful, what is around it, and what its border may cut."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

import numpy as np

from camdigits.reading import Box, DigitString

# What is not accepted, or less confident than this, is doubtful: it is looked at again with so many
# of its heights around it, as paper and neighbors tell what is ink.
DOUBTFUL, AROUND = 0.975, 4.0
# Heights of a string from the border of what is looked at, where it may be cut, and that what is
# known in a row is kept away from it.
CUT, WHOLE = 0.5, 1.0
PIECES = 100  # of ink: a picture with more of them, none of which is read, shows texture or words


def is_doubtful(string: DigitString) -> bool:
    """Say whether a string is to be looked at again."""
    return not string.accepted or string.confidence < DOUBTFUL


def doubtful_area(strings: Sequence[DigitString], size: tuple[int, int], pieces: int) -> Box | None:
    """Return what is to be looked at again of a picture of ``size`` (width, height) with these
    ``strings``: what is doubtful and what is around it, all where there is no string, None where
    nothing is doubtful.

    ``pieces`` counts those of its ink: where they are many and none is read, none is a digit.
    """
    if not strings:
        return Box(0, 0, *size) if pieces <= PIECES else None
    unsure = np.array([is_doubtful(string) for string in strings])
    if not unsure.any():
        return None
    boxes = np.array([string.box for string in strings])
    # Left, top, and negative right and bottom: what is farther out is less.
    sides = np.hstack([boxes[:, :2], -boxes[:, :2] - boxes[:, 2:]])
    area = (sides - AROUND * boxes[:, 3:])[unsure].min(axis=0)
    # What the border cuts in their rows is seen whole: it may be of one number with them.
    rows = {string.row for string in compress(strings, unsure)}
    beside = np.array([string.row in rows for string in strings])
    whole = sides - WHOLE * boxes[:, 3:]
    while True:
        cut = beside & (sides < -np.roll(area, 2)).all(axis=1) & (whole < area).any(axis=1)
        if not cut.any():
            break
        area = np.minimum(area, whole[cut].min(axis=0))
    left, top = np.maximum(np.floor(area[:2]), 0).astype(int).tolist()
    right, bottom = np.minimum(np.ceil(-area[2:]), size).astype(int).tolist()
    return Box(left, top, right - left, bottom - top)


def uncut(strings: Sequence[DigitString], area: Box, size: tuple[int, int]) -> list[DigitString]:
    """Return which ``strings``, read in an ``area`` of a picture of ``size`` (width, height), its
    border does not seem to cut: they stand half their height or more away from it."""
    right, bottom = area.x + area.width, area.y + area.height
    kept = []
    for string in strings:
        box = string.box
        sides = (
            (area.x > 0, box.x - area.x),
            (area.y > 0, box.y - area.y),
            (right < size[0], right - box.x - box.width),
            (bottom < size[1], bottom - box.y - box.height),
        )
        if all(away >= CUT * box.height for inside, away in sides if inside):
            kept.append(string)
    return kept
