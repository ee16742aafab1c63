"""A second look at what is not accepted: the same writing from slightly other sides, and a vote.

Where a threshold falls on a thin stroke, or a cut between two digits, depends on how the pixels
happen to lie, and so does whether a number is found at all. What is read from several views of the
same writing agrees where it is right more often than where it is wrong (test-time augmentation;
Krizhevsky et al. 2012, doi:10.1145/3065386), and how far they agree tells how sure a reading is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from camdigits.reading import Box, DigitString
from camdigits.recognize.context import with_confidence
from camdigits.recognize.views import View

# What is not accepted is looked at again in these views, with so many of its heights around it:
# paper and neighbors tell what is ink. Every other view asks the ink network wherever it can.
AROUND = 4.0
ENOUGH = 2  # looks that are enough if all read what was read at first
VIEWS = (
    View(2.0, 0.9, 0.9, other=0.0),
    View(-2.0, 1.2, 1.2),
    View(0.0, 1.12, 1.0, 0.08, other=0.0),
    View(0.0, 0.88, 1.0, -0.08),
)
# The weight of a look that sees no digit there, and a little that each has beside its confidence.
NOTHING, LEAST = 0.25, 0.02
# Digits that there must be at a place where none but second looks see any: a single one may be
# anything. A picture with more PIECES of ink, none of which is read, shows texture or words.
SEEN_LATE, PIECES = 2, 100
# A look that reads less than half as many digits as are doubtful, if these are MANY, went astray.
MANY, ASTRAY = 20, 0.5
MOSTLY = 0.5  # share of the narrower and of the lower box that two strings at one place share

Looks = Sequence[Sequence[DigitString]]


def doubtful_area(strings: Sequence[DigitString], size: tuple[int, int], pieces: int) -> Box | None:
    """Return what is to be looked at again of a picture of ``size`` (width, height) with these
    ``strings``: what is doubtful, all where there is no string, None where nothing is doubtful.

    ``pieces`` counts those of its ink: where they are many and none is read, none is a digit.
    """
    if not strings:
        return Box(0, 0, *size) if pieces <= PIECES else None
    boxes = np.array([string.box for string in strings if not string.accepted])
    if not len(boxes):
        return None
    corners, margins = boxes[:, :2], np.ceil(AROUND * boxes[:, 3:])
    left, top = np.maximum((corners - margins).min(axis=0), 0).astype(int).tolist()
    ends = (corners + boxes[:, 2:] + margins).max(axis=0)
    right, bottom = np.minimum(ends, size).astype(int).tolist()
    return Box(left, top, right - left, bottom - top)


def voted(strings: Sequence[DigitString], looks: Looks, threshold: float) -> list[DigitString]:
    """Return the ``strings`` of a picture after ``looks`` at what is doubtful; see :func:`vote`."""
    settled: list[DigitString] = []
    for string in strings:
        if string.accepted:
            settled.append(string)
        else:
            settled += vote(string, _beside(string, strings), looks, threshold)
    return settled


def seen_late(looks: Looks, threshold: float) -> list[DigitString]:
    """Return the strings of a picture in which nothing was read at first, after ``looks`` at it.

    What a look reads must hold against the others and against that nothing; see :func:`vote`. Of
    the looks the one counts of which most digits do.
    """
    best: list[DigitString] = []
    for i, first in enumerate(looks):
        rest = [*looks[:i], *looks[i + 1 :], []]
        held: list[DigitString] = []
        for string in first:
            found = vote(string, _beside(string, first), rest, threshold)
            held += found if len(_text(found)) >= SEEN_LATE else []
        best = max(best, held, key=expected_digits)
    return best


def vote(
    string: DigitString, others: Sequence[DigitString], looks: Looks, threshold: float
) -> list[DigitString]:
    """Return what stands at the place of ``string`` by itself and ``looks`` at it: most often one
    string, two where it was split, none where it is none.

    ``others`` are the strings beside it: a look that takes one of them for a part of it has no
    say. The confidence, accepted from ``threshold`` on, is the mean of two: that of the looks that
    read the same, over all looks, which is too low, and their share in the confidence of all,
    which is too high.
    """
    seen = (_at_place(string, look) for look in looks)
    readings = [[string], *(strings for strings in seen if not _reach_into(others, strings))]
    weights: defaultdict[str, float] = defaultdict(float)
    for strings in readings:
        weights[_text(strings)] += _weight(strings)
    text = max(weights, key=weights.__getitem__)
    weight, all_weights = weights[text], sum(weights.values())
    unseen = sum(not strings for strings in readings)
    if not text or unseen > len(readings) / 2:
        return []
    mean = weight / len(readings) - LEAST
    confidence = (mean + weight / all_weights) / 2
    own = [strings for strings in readings if _text(strings) == text]
    # What was read first stays, so that its digits stand where they were seen.
    best = own[0] if own[0][0] is string else max(own, key=_weight)
    return [replace(with_confidence(each, confidence, threshold), row=string.row) for each in best]


def astray(strings: Sequence[DigitString], look: Sequence[DigitString]) -> bool:
    """Say whether a ``look`` at the doubtful ones of ``strings`` found other ink than they stand
    in, and so tells nothing of them."""
    doubtful = sum(len(string.text) for string in strings if not string.accepted)
    return doubtful >= MANY and sum(len(string.text) for string in look) < ASTRAY * doubtful


def unanimous(strings: Sequence[DigitString], looks: Looks) -> bool:
    """Say whether at least two ``looks`` all read each doubtful one of ``strings`` as it is, or
    nothing where there is none: more of them would hardly change that."""
    if len(looks) < ENOUGH:
        return False
    if not strings:
        return not any(looks)
    return all(
        _text(_at_place(string, look)) == string.text
        for string in strings
        if not string.accepted
        for look in looks
    )


def _beside(string: DigitString, strings: Sequence[DigitString]) -> list[DigitString]:
    """Return the ``strings`` without one of them."""
    return [other for other in strings if other is not string]


def _at_place(string: DigitString, look: Sequence[DigitString]) -> list[DigitString]:
    """Return which strings of a look stand where ``string`` does, left to right."""
    return sorted((s for s in look if _same_place(s.box, string.box)), key=lambda s: s.box.x)


def _reach_into(others: Sequence[DigitString], strings: Sequence[DigitString]) -> bool:
    return any(_same_place(s.box, other.box) for s in strings for other in others)


def _same_place(one: Box, other: Box) -> bool:
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return across > MOSTLY * min(one.width, other.width) and down > MOSTLY * min(
        one.height, other.height
    )


def _text(strings: Sequence[DigitString]) -> str:
    return "".join(string.text for string in strings)


def expected_digits(strings: Sequence[DigitString]) -> float:
    """Return how many digits of ``strings`` are expected to be right."""
    return sum(digit.confidence for string in strings for digit in string.digits)


def _weight(strings: Sequence[DigitString]) -> float:
    return min((string.confidence for string in strings), default=NOTHING) + LEAST
