"""A second look at what is doubtful: the same writing from slightly other sides, and a vote.

Where a threshold falls on a thin stroke, or a cut between two digits, depends on how the pixels
happen to lie, and so does whether a number is found at all. What is read from several views of the
same writing agrees where it is right more often than where it is wrong (test-time augmentation;
Krizhevsky et al. 2012, doi:10.1145/3065386), and how far they agree tells how sure a reading is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TypeVar

import numpy as np

from camdigits.reading import DigitString
from camdigits.recognize.context import apart, with_confidence
from camdigits.recognize.look_area import is_doubtful
from camdigits.recognize.views import View

# What is doubtful is looked at again in these views, every other of which asks the ink network
# wherever it can.
VIEWS = (
    View(2.0, 0.9, 0.9, other=0.0),
    View(-2.0, 1.2, 1.2),
    View(0.0, 1.12, 1.0, 0.08, other=0.0),
    View(0.0, 0.88, 1.0, -0.08),
)
ENOUGH = 2  # looks that are enough if all read what was read at first
# The weight of a look that sees no digit there, and a little that each has beside its confidence.
NOTHING, LEAST = 0.25, 0.02
# Digits that there must be at a place where none but second looks see any: a single one may be
# anything.
SEEN_LATE = 2
# A look that reads less than half as many digits as are doubtful, if these are MANY, went astray.
MANY, ASTRAY = 20, 0.5
# Digits of a string that stays, in doubt, though most looks see nothing of it: scraps are fewer.
HELD = 4
MOSTLY = 0.5  # share of the narrower and of the lower box that two strings at one place share
HALF = 0.5  # of the looks must read strings as one number for these to be asked about as one

Looks = Sequence[Sequence[DigitString]]
Key = TypeVar("Key", bound=Hashable)


def voted(strings: Sequence[DigitString], looks: Looks, threshold: float) -> list[DigitString]:
    """Return the ``strings`` of a picture, in reading order, after ``looks`` at what is doubtful
    (see :func:`vote`), with what only looks see (see :func:`seen_late`)."""
    settled: list[DigitString] = []
    for group in _groups(strings, looks):
        if not any(is_doubtful(string) for string in group):
            settled += group
        else:
            settled += vote(group, _beside(group, strings), looks, threshold)
    known = [*strings, *settled]  # a look may have seen more of a number than the first
    elsewhere = [_chosen(look, ~_places(known, look)) for look in looks]
    return _in_rows(settled, seen_late(elsewhere, threshold))


def seen_late(looks: Looks, threshold: float) -> list[DigitString]:
    """Return the strings where nothing was read at first, after ``looks`` there.

    What a look reads must hold against the others and against that nothing; see :func:`vote`. Of
    the looks the one counts of which most digits are expected to.
    """
    best: list[DigitString] = []
    for i, first in enumerate(looks):
        rest = [*looks[:i], *looks[i + 1 :], []]
        held: list[DigitString] = []
        for string in first:
            found = vote([string], _beside([string], first), rest, threshold)
            held += found if len(_text(found)) >= SEEN_LATE else []
        best = max(best, held, key=right_digits)
    return best


def vote(
    group: Sequence[DigitString], others: Sequence[DigitString], looks: Looks, threshold: float
) -> list[DigitString]:
    """Return what stands at the place of a ``group`` of strings, left to right, by itself and by
    ``looks`` at it: most often one string, several where they are apart, none where it is none,
    unless it is long.

    ``others`` are the strings beside it: a look that takes one of them for a part of it has no
    say. What it reads is settled first, and then where it is parted. The confidence, accepted from
    ``threshold`` on, is the mean of two: that of the looks that read and part it so, over all
    looks, which is too low, and the share of those that read it so in the confidence of all, which
    is too high.
    """
    seen = (_at_place(group, look) for look in looks)
    readings = [list(group), *(part for part in seen if not _same_place(part, others).any())]
    weights = _weights(readings, _text)
    all_weights = sum(weights.values())
    unseen = sum(not strings for strings in readings)
    if len(_text(group)) >= HELD:
        weights.pop("", None)
    elif unseen > len(readings) / 2:
        return []
    text = max(weights, key=weights.__getitem__)
    if not text:
        return []
    weight = weights[text]
    same = [strings for strings in readings if _text(strings) == text]
    parted = _weights(same, _parts)
    parts = max(parted, key=parted.__getitem__)
    mean = parted[parts] / len(readings) - LEAST
    confidence = (mean + weight / all_weights) / 2
    own = [strings for strings in same if _parts(strings) == parts]
    # What was read first stays, so that its digits stand where they were seen.
    best = own[0] if own[0] is readings[0] else max(own, key=_weight)
    rows = [s.row for s in group] if best is readings[0] else [group[0].row] * len(best)
    return [
        replace(with_confidence(each, confidence, threshold), row=row)
        for each, row in zip(best, rows, strict=True)
    ]


def astray(strings: Sequence[DigitString], look: Sequence[DigitString]) -> bool:
    """Say whether a ``look`` at the doubtful ones of ``strings`` found other ink than they stand
    in, and so tells nothing of them."""
    doubtful = sum(len(string.text) for string in strings if is_doubtful(string))
    return doubtful >= MANY and sum(len(string.text) for string in look) < ASTRAY * doubtful


def unanimous(strings: Sequence[DigitString], looks: Looks) -> bool:
    """Say whether at least two ``looks`` all read each doubtful one of ``strings`` as it is, or
    nothing where there is none: more of them would hardly change that."""
    if len(looks) < ENOUGH:
        return False
    if not strings:
        return not any(looks)
    return all(
        _text(_at_place([string], look)) == string.text
        for string in strings
        if is_doubtful(string)
        for look in looks
    )


def expected_digits(strings: Sequence[DigitString]) -> float:
    """Return how many digits of ``strings`` are expected to be right."""
    return sum(digit.confidence for string in strings for digit in string.digits)


def right_digits(strings: Sequence[DigitString]) -> float:
    """Return how many digits are expected to stand in ``strings`` that are right as a whole."""
    return sum(string.confidence * len(string.text) for string in strings)


def _groups(strings: Sequence[DigitString], looks: Looks) -> list[list[DigitString]]:
    """Return the ``strings`` in groups: those side by side that at least half of the ``looks`` read
    as one number, which is larger than each of them; any other by itself."""
    joined = np.zeros((len(strings), len(strings)))
    for look in looks:
        held = _same_place(strings, look) & (_areas(strings)[:, None] <= _areas(look))
        joined += held.astype(float) @ held.T > 0
    # The upright box of a line that slopes may hold the start of the line below.
    joined[_shared(strings, strings)[..., 0] > MOSTLY] = 0
    groups: list[list[int]] = []
    for i in range(len(strings)):
        mates = [g for g in groups if (joined[i, g] >= max(HALF * len(looks), 1)).any()]
        groups = [g for g in groups if g not in mates] + [[i, *chain.from_iterable(mates)]]
    return [sorted((strings[i] for i in group), key=_left) for group in groups]


def _in_rows(strings: Sequence[DigitString], late: Sequence[DigitString]) -> list[DigitString]:
    """Return ``strings`` and those that were seen ``late`` in reading order, each of these in the
    row in which it stands, or in one of its own."""
    placed = list(strings)
    for string in late:
        middle = string.box.y + string.box.height / 2
        beside = [o for o in placed if o.box.y < middle < o.box.y + o.box.height]
        if beside:
            row = min(beside, key=partial(apart, string)).row
        else:
            row = 1 + max((o.row for o in placed if o.box.y < middle), default=-1)
            placed = [replace(o, row=o.row + (o.row >= row)) for o in placed]
        placed.append(replace(string, row=row))
    return sorted(placed, key=lambda o: (o.row, _left(o)))


def _beside(group: Sequence[DigitString], strings: Sequence[DigitString]) -> list[DigitString]:
    """Return the ``strings`` without those of a ``group``."""
    return [other for other in strings if not any(other is own for own in group)]


def _at_place(group: Sequence[DigitString], look: Sequence[DigitString]) -> list[DigitString]:
    """Return which strings of a look stand where one of a ``group`` does, left to right."""
    return sorted(_chosen(look, _places(group, look)), key=_left)


def _places(group: Sequence[DigitString], look: Sequence[DigitString]) -> np.ndarray:
    """Say which strings of a look stand where one of a ``group`` does, bool (n,)."""
    return np.asarray(_same_place(group, look).any(axis=0))


def _chosen(strings: Sequence[DigitString], which: np.ndarray) -> list[DigitString]:
    return [string for string, chosen in zip(strings, which, strict=True) if chosen]


def _same_place(one: Sequence[DigitString], other: Sequence[DigitString]) -> np.ndarray:
    """Say of n strings and m others which of them stand at one place, bool (n, m)."""
    return np.asarray((_shared(one, other) > MOSTLY).all(axis=2))


def _shared(one: Sequence[DigitString], other: Sequence[DigitString]) -> np.ndarray:
    """Return how much of the narrower and of the lower box of n strings and m others both share,
    as shares of width and height, float (n, m, 2); negative where they are apart."""
    low, high = (
        np.array([string.box for string in strings], float).reshape(-1, 4)
        for strings in (one, other)
    )
    sizes, others = low[:, None, 2:], high[None, :, 2:]
    ends = np.minimum(low[:, None, :2] + sizes, high[None, :, :2] + others)
    starts = np.maximum(low[:, None, :2], high[None, :, :2])
    return np.asarray((ends - starts) / np.minimum(sizes, others))


def _weights(
    readings: Looks, key: Callable[[Sequence[DigitString]], Key]
) -> defaultdict[Key, float]:
    """Return the sum of the weights of the ``readings`` with each ``key``."""
    weights: defaultdict[Key, float] = defaultdict(float)
    for strings in readings:
        weights[key(strings)] += _weight(strings)
    return weights


def _text(strings: Sequence[DigitString]) -> str:
    return "".join(string.text for string in strings)


def _parts(strings: Sequence[DigitString]) -> tuple[str, ...]:
    return tuple(string.text for string in strings)


def _areas(strings: Sequence[DigitString]) -> np.ndarray:
    return np.array([string.box.width * string.box.height for string in strings])


def _left(string: DigitString) -> int:
    return string.box.x


def _weight(strings: Sequence[DigitString]) -> float:
    return min((string.confidence for string in strings), default=NOTHING) + LEAST
