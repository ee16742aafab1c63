"""What form a number is expected to have: a length, a date, or digits that check each other.

A format is a finite automaton over digits, so that it can be intersected with the lattice while
decoding (see ``decode.best_fitting``) instead of being tried on the finished string.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from camdigits.errors import CamdigitsError

LONGEST = 40
# Probability that a number has the format that a person asked for.
_TRUST = 0.9
# Probability that a misreading fits all the same: most keep the number of digits, one in ten passes
# a check digit.
_SAME_LENGTH, _CHECKED, _DATED = 0.6, 0.1, 0.3
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

State = Hashable


@dataclass(frozen=True)
class Acceptor:
    """A deterministic finite automaton over digits that begins in state 0.

    ``moves[state][digit]`` is the next state, or -1 where no text of the language goes on so;
    ``accepting[state]`` says whether a text may end there.
    """

    moves: tuple[tuple[int, ...], ...]
    accepting: tuple[bool, ...]

    def accepts(self, text: str) -> bool:
        """Say whether ``text``, digits, is of the language."""
        state = 0
        for sign in text:
            state = self.moves[state][int(sign)]
            if state < 0:
                return False
        return self.accepting[state]


@dataclass(frozen=True)
class Rule:
    """An automaton in words of its own: its first state, the ``step`` from a state by a digit
    (None where there is none), and where it ``ends``. ``lengths`` are those of its texts."""

    start: State
    step: Callable[[Any, int], State | None]
    ends: Callable[[Any], bool]
    lengths: tuple[int, ...]

    def build(self) -> Acceptor:
        """Return the states that can be reached as an automaton, breadth first."""
        numbers: dict[State, int] = {self.start: 0}
        states = [self.start]
        moves = []
        for state in states:  # grows meanwhile
            row = []
            for digit in range(10):
                after = self.step(state, digit)
                if after is not None and after not in numbers:
                    numbers[after] = len(states)
                    states.append(after)
                row.append(-1 if after is None else numbers[after])
            moves.append(tuple(row))
        return Acceptor(tuple(moves), tuple(self.ends(state) for state in states))


@dataclass(frozen=True)
class Format:
    """What a person expects numbers to look like; ``name`` is how it is asked for.

    ``words`` is for a person. ``chance`` is the probability that a misreading fits by chance.
    """

    name: str
    words: str = field(compare=False)
    rule: Rule = field(compare=False, repr=False)
    chance: float = field(compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> Format:
        """Return the format that ``text`` asks for: one of :data:`NAMES`, a count of digits, or a
        range such as ``4-6``. Raises CamdigitsError for anything else."""
        return _parse(text)

    @property
    def free(self) -> bool:
        """Whether any number will do."""
        return self.name == "any"

    @property
    def lengths(self) -> tuple[int, ...]:
        """How many digits such numbers may have."""
        return self.rule.lengths

    @property
    def whole(self) -> int:
        """From how many digits on a number is no group of a longer one: those of a ZIP code may
        be the first of ZIP+4."""
        return next(n for n in self.lengths if n + 1 in self.lengths or n == max(self.lengths))

    @cached_property
    def acceptor(self) -> Acceptor:
        """The automaton that takes the texts of the format."""
        return self.rule.build()

    def fits(self, text: str) -> bool:
        """Say whether ``text``, digits, has the format."""
        return bool(text) and self.acceptor.accepts(text)

    def prior(self, text: str) -> float:
        """Return the log of the factor by which ``text`` is likelier than if nothing were
        expected: above 0 where it fits, else below."""
        if self.free:
            return 0.0
        return math.log(self._fitting if self.fits(text) else self._failing)

    def evidence(self, text: str, share: float, fitting: float) -> float:
        """Return the log of the factor by which the odds of ``text`` change by Bayes' rule.

        ``share`` is its probability among all readings when nothing is expected, ``fitting`` that
        of all readings that fit. At least as many of the wrong readings fit as by chance.
        """
        if self.free:
            return 0.0
        rivals = fitting - share if self.fits(text) else fitting
        wrong = min(max(rivals / max(1 - share, 1e-9), self.chance), 1.0)
        wrong_factor = wrong * self._fitting + (1 - wrong) * self._failing
        return self.prior(text) - math.log(wrong_factor)

    @property
    def _fitting(self) -> float:
        return _TRUST / self.chance

    @property
    def _failing(self) -> float:
        return (1 - _TRUST) / (1 - self.chance)

    def __str__(self) -> str:
        """Return the words for a person."""
        return self.words

    def __reduce__(self) -> tuple[Callable[[str], Format], tuple[str]]:
        """Travel between processes by name: rules don't."""
        return _parse, (self.name,)


def exactly(text: str) -> Acceptor:
    """Return the automaton that takes ``text``, digits, and nothing else."""
    moves = [
        tuple(i + 1 if d == int(sign) else -1 for d in range(10)) for i, sign in enumerate(text)
    ]
    return Acceptor((*moves, (-1,) * 10), (False,) * len(text) + (True,))


def _counted(lengths: Sequence[int]) -> Rule:
    most = max(lengths)

    def step(count: int, digit: int) -> int | None:
        return count + 1 if count < most else None

    return Rule(0, step, lambda count: count in lengths, tuple(lengths))


def _summed(weights: Sequence[int], modulus: int, prefix: Sequence[str] = ()) -> Rule:
    """Digits whose weighted sum is a multiple of ``modulus``, the last being the check digit;
    ``prefix`` lists the digits that may stand in the first places."""

    def step(state: tuple[int, int], digit: int) -> tuple[int, int] | None:
        count, rest = state
        if count == len(weights) or (count < len(prefix) and str(digit) not in prefix[count]):
            return None
        return count + 1, (rest + weights[count] * digit) % modulus

    return Rule((0, 0), step, lambda state: state == (len(weights), 0), (len(weights),))


def _luhn(lengths: Sequence[int]) -> Rule:
    """Digits of which every second one from the right, beginning with the last but one, counts
    twice; the sum of all their digits is a multiple of 10 (Luhn 1960, US patent 2,950,048).

    The end is not known while reading from the left: the state keeps the sum for both cases.
    """

    def step(state: tuple[int, int, int], digit: int) -> tuple[int, int, int] | None:
        count, plain, doubled = state
        if count == max(lengths):
            return None
        twice = 2 * digit - (9 if digit > 4 else 0)
        return count + 1, (doubled + digit) % 10, (plain + twice) % 10

    return Rule((0, 0, 0), step, lambda s: s[0] in lengths and s[1] == 0, tuple(lengths))


def _dated(pattern: str) -> Rule:
    """Days of the calendar as digits, as in ``ddmmyyyy``: ``dd`` the day, ``mm`` the month,
    ``yyyy`` the year from 1900 to 2099, ``yy`` its last two digits.

    29 February is taken in any year.
    """
    years = tuple(f"{year:02}" for year in range(100))
    kinds = {"yyyy": (("19", "20"), years), "yy": (years,)}
    parts: list[Sequence[str]] = []
    for letters in re.findall("[dm]+|y+", pattern):
        parts += kinds.get(letters) or (_calendar(letters),)
    return _joined(parts)


def _calendar(order: str) -> list[str]:
    """Return all days of a leap year as digits: ``ddmm`` or ``mmdd``."""
    return [
        order.replace("dd", f"{day:02}").replace("mm", f"{month:02}")
        for month, count in enumerate(_MONTH_DAYS, 1)
        for day in range(1, count + 1)
    ]


def _joined(parts: Sequence[Sequence[str]]) -> Rule:
    """One word of each part after the other; the words of a part are of one length."""

    def step(state: tuple[int, str], digit: int) -> tuple[int, str] | None:
        part, begun = state
        if part == len(parts):
            return None
        text = begun + str(digit)
        if not any(word.startswith(text) for word in parts[part]):
            return None
        return (part + 1, "") if len(text) == len(parts[part][0]) else (part, text)

    length = sum(len(part[0]) for part in parts)
    return Rule((0, ""), step, lambda state: state[0] == len(parts), (length,))


_LENGTHS = tuple(range(1, LONGEST + 1))
# Each with its words, its rule (made when it is asked for) and the chance of a misreading to fit.
_NAMED: dict[str, tuple[str, Callable[[], Rule], float]] = {
    "any": ("any", lambda: _counted(_LENGTHS), 1.0),
    "zip": ("ZIP code", lambda: _counted((5, 9)), _SAME_LENGTH),
    "ean8": ("EAN-8", lambda: _summed((3, 1) * 4, 10), _CHECKED),
    "upc": ("UPC-A", lambda: _summed((3, 1) * 6, 10), _CHECKED),
    "ean13": ("EAN-13", lambda: _summed((1, 3) * 6 + (1,), 10), _CHECKED),
    "isbn10": ("ISBN-10 without X", lambda: _summed(range(10, 0, -1), 11), _CHECKED),
    "isbn13": ("ISBN-13", lambda: _summed((1, 3) * 6 + (1,), 10, ("9", "7", "89")), _CHECKED),
    "card": ("card number", lambda: _luhn(range(13, 20)), _CHECKED),
    "ddmmyyyy": ("date ddmmyyyy", lambda: _dated("ddmmyyyy"), _DATED),
    "mmddyyyy": ("date mmddyyyy", lambda: _dated("mmddyyyy"), _DATED),
    "yyyymmdd": ("date yyyymmdd", lambda: _dated("yyyymmdd"), _DATED),
    "ddmmyy": ("date ddmmyy", lambda: _dated("ddmmyy"), _DATED),
}
NAMES = tuple(_NAMED)
EXPECT_HELP = (
    f"a count of digits up to {LONGEST}, a range such as 4-6, or one of {', '.join(NAMES)}"
)


@cache
def _named(name: str) -> Format:
    words, rule, chance = _NAMED[name]
    return Format(name, words, rule(), chance)


def _parse(text: str) -> Format:
    if text in _NAMED:
        return _named(text)
    found = re.fullmatch(r"([0-9]{1,3})(?:-([0-9]{1,3}))?", text)
    least, most = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= least <= most <= LONGEST:
        raise CamdigitsError(f"got {text!r} for the expected format; give {EXPECT_HELP}")
    many = f"{least}-{most}" if most > least else f"{least}"
    words = f"{many} digit{'s' if most > 1 else ''}"
    return Format(many, words, _counted(range(least, most + 1)), _SAME_LENGTH)
