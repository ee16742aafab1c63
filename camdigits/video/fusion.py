"""The evidence of many frames about one string, as one text with a confidence.

Readings of different length are aligned and vote column by column (ROVER: Fiscus 1997,
doi:10.1109/ASRU.1997.659110) with all alternatives of each digit (Bulatov 2019, Bulletin of the
South Ural State University 12(3), 74-88), each digit weighted by how sharp it was (Petrova,
Bulatov, Arlazarov & Arlazarov 2021, doi:10.18287/2412-6179-CO-795).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

import numpy as np

from camdigits.reading import Digit, DigitString
from camdigits.recognize.context import shift_odds
from camdigits.recognize.decode import Edges, best_fitting, forward_backward
from camdigits.recognize.formats import Format

_NOTHING = 10  # the row of a column that says "no digit here"
_CHOICES = 11
# What a reading says of a text that it does not list, and the surest that it may be.
_LEAST_SUPPORT, _MOST_SUPPORT = 0.02, 0.995
# Least share of a digit in a column.
_LEAST_CHANCE = 1e-6
# Evidence is remembered as long as about this many frames of the best sharpness.
_MEMORY = 24
# Expected change of a column before anything is known, as one more reading.
_DOUBT = 0.15
# Columns in which a digit has less than this share are forgotten.
_LEAST_SHARE = 0.03


class Fusion:
    """What all readings of one string say together; bounded in memory, exact and repeatable.

    A format is evidence that counts once, however many readings were made with an eye to it.
    """

    def __init__(self, expected: Format | None = None) -> None:
        self._expected = expected or Format.parse("any")
        self._columns: list[np.ndarray] = []  # each (11,): weight of every digit, and of none
        self._weight = 0.0
        self._peak = 0.0
        self._another_scale = False
        self._unrest = 0.0  # sum of weight times distance of each reading from what was known
        self._readings: deque[tuple[DigitString, float]] = deque(maxlen=_MEMORY)
        self._text = ""
        self._confidences: dict[str, float] = {}  # of the texts asked for since the last reading

    @property
    def text(self) -> str:
        """The likeliest text; empty before the first reading."""
        return self._text

    @property
    def frames(self) -> float:
        """How many frames the evidence amounts to, were all as sharp as the sharpest of them."""
        return self._weight / self._peak if self._peak else 0.0

    @property
    def expected_change(self) -> float:
        """Share of a digit's weight (0-1) that one more frame as sharp as the best would move.

        The distance of the readings so far from what was known before them stands for that of the
        next (Bulatov, Razumnyi & Arlazarov 2019, doi:10.1007/s10032-019-00333-0).
        """
        if not self._peak:
            return 1.0
        distance = (_DOUBT + self._unrest / self._peak) / (1.0 + self.frames)
        return distance / (1.0 + self.frames)

    def add(self, string: DigitString, weights: Sequence[float]) -> None:
        """Add one reading; ``weights`` above 0, one a digit, grow with how sharp it was seen.

        Only their ratios matter. Raises ValueError for weights of another count.
        """
        if len(weights) != len(string.digits) or not weights:
            raise ValueError(
                f"got {len(weights)} weights for {len(string.digits)} digits, expected one each"
            )
        chances = np.array([_chances(digit) for digit in string.digits])
        mean = float(np.mean(weights))
        if self._another_scale and self._peak:
            self._scale(mean / self._peak)
        self._another_scale = False
        steps = _align(self._shares(), chances)
        if self._columns:
            self._unrest += mean * self._distance(chances, steps)
        merged = []
        for column, digit in steps:
            known = self._columns[column] if column is not None else self._empty_column()
            if digit is None:
                seen = np.zeros(_CHOICES)
                seen[_NOTHING] = mean
            else:
                seen = weights[digit] * chances[digit]
            merged.append(known + seen)
        self._columns = [c for c in merged if 1 - c[_NOTHING] / c.sum() >= _LEAST_SHARE]
        self._weight += mean
        self._peak = max(self._peak, mean)
        self._readings.append((string, mean))
        self._confidences = {}
        self._forget()
        self._text = self._likeliest()

    def change_scale(self) -> None:
        """Take the next reading for as sharp as the best so far.

        For frames of another size: sharpness in pixels doesn't compare between the two.
        """
        self._another_scale = True

    def confidence(self, text: str | None = None) -> float:
        """Return the probability (0-1) that ``text`` (default: the likeliest) is right.

        By the readings' mean log odds of it: frames average out their noise, but what is doubtful
        in the writing is so in all of them, and no sum of them is surer than each.
        """
        if not self._readings:
            return 0.0
        wanted = self._text if text is None else text
        if wanted not in self._confidences:
            self._confidences[wanted] = self._confidence(wanted)
        return self._confidences[wanted]

    def _confidence(self, wanted: str) -> float:
        total = sum(weight for _, weight in self._readings)
        prior = self._expected.prior(wanted)
        odds = sum(w * _log_odds(string, wanted, prior) for string, w in self._readings) / total
        return 1 / (1 + math.exp(-odds - prior))

    def _likeliest(self) -> str:
        """Return the text of the likeliest of each column, or that of all which fit the format
        where it is likelier by Bayes' rule."""
        shares = np.log(np.maximum(self._shares(), _LEAST_CHANCE))
        best = shares.argmax(axis=1)
        text = "".join(str(digit) for digit in best if digit != _NOTHING)
        if self._expected.fits(text):
            return text
        places = np.arange(len(shares))
        edges = Edges(
            places, places + 1, shares[:, :_NOTHING], shares[:, _NOTHING], places, len(shares) + 1
        )
        sums = forward_backward(edges)
        steps = best_fitting(edges, *sums, 0, len(shares), self._expected.acceptor)
        if not steps:
            return text
        read = [_NOTHING if step.digit is None else step.digit for step in steps]
        fitting = "".join(str(digit) for digit in read if digit != _NOTHING)
        lost = float((shares[places, best] - shares[places, read]).sum())
        gain = self._expected.prior(fitting) - self._expected.prior(text)
        return fitting if gain > lost else text

    def _shares(self) -> np.ndarray:
        """Return the columns as probabilities (m, 11)."""
        if not self._columns:
            return np.zeros((0, _CHOICES))
        columns = np.array(self._columns)
        return columns / columns.sum(axis=1, keepdims=True)

    def _empty_column(self) -> np.ndarray:
        """Return a column in which all readings so far saw nothing."""
        column = np.zeros(_CHOICES)
        column[_NOTHING] = self._weight
        return column

    def _distance(self, chances: np.ndarray, steps: list[tuple[int | None, int | None]]) -> float:
        """Return how far a reading would move the text, 0-1: the largest total variation of a
        column in which it sees something else than what is known."""
        shares = self._shares()
        nothing = np.eye(_CHOICES)[_NOTHING]
        apart = 0.0
        for column, digit in steps:
            known = shares[column] if column is not None else nothing
            seen = chances[digit] if digit is not None else nothing
            if known.argmax() != seen.argmax():
                apart = max(apart, float(np.abs(known - seen).sum()) / 2)
        return apart

    def _forget(self) -> None:
        """Let old evidence fade, so that the present can overrule it and sums stay small."""
        limit = _MEMORY * self._peak
        if self._weight > limit:
            fade = limit / self._weight
            self._columns = [column * fade for column in self._columns]
            self._unrest *= fade
            self._weight = limit

    def _scale(self, factor: float) -> None:
        """Multiply all weights by ``factor``: text and confidence stay what they are."""
        self._columns = [column * factor for column in self._columns]
        self._weight *= factor
        self._peak *= factor
        self._unrest *= factor
        scaled = [(string, weight * factor) for string, weight in self._readings]
        self._readings = deque(scaled, maxlen=_MEMORY)


def agrees(string: DigitString, text: str) -> bool:
    """Say whether a reading speaks for ``text``, or at least not against it: text or doubt."""
    if string.text == text:
        return True
    rivals = dict(string.alternatives)
    return rivals.get(text, 0.0) > 0.5 * string.confidence


def _chances(digit: Digit) -> np.ndarray:
    """Return what a reading's digit may be, (11,) summing to 1; the rest that it leaves open is
    shared between all digits and none."""
    chances = np.zeros(_CHOICES)
    chances[digit.value] = digit.confidence
    for value, chance in digit.alternatives:
        # Never above the digit that was read: the text of a single frame stays its own.
        chances[value] = min(chance, digit.confidence)
    rest = 1.0 - float(chances.sum())
    if rest > 0:
        chances[:_NOTHING] += rest / 20
        chances[_NOTHING] += min(rest / 2, digit.confidence)
    return chances / chances.sum()


def _log_odds(string: DigitString, text: str, prior: float) -> float:
    """Return the log odds that a reading gives to ``text`` by itself, without the ``prior`` that
    its confidence contains."""
    support = string.confidence if string.text == text else dict(string.alternatives).get(text, 0)
    if support:
        support = shift_odds(support, -prior)
    support = min(max(support, _LEAST_SUPPORT), _MOST_SUPPORT)
    return math.log(support / (1 - support))


def _align(known: np.ndarray, seen: np.ndarray) -> list[tuple[int | None, int | None]]:
    """Return the pairs (column of ``known`` (m, 11), digit of ``seen`` (n, 11)) of the alignment
    of least expected mismatch, left to right; None on one side where it has nothing there."""
    m, n = len(known), len(seen)
    if m == n and (known.argmax(axis=1) == seen.argmax(axis=1)).all():
        return [(index, index) for index in range(m)]
    pair = (1.0 - known @ seen.T).tolist()
    skip_known = (1.0 - known[:, _NOTHING]).tolist()
    skip_seen = (1.0 - seen[:, _NOTHING]).tolist()
    cost = [[0.0] * (n + 1) for _ in range(m + 1)]
    for i in range(m + 1):
        for j in range(n + 1):
            ways = []
            if i and j:
                ways.append(cost[i - 1][j - 1] + pair[i - 1][j - 1])
            if i:
                ways.append(cost[i - 1][j] + skip_known[i - 1])
            if j:
                ways.append(cost[i][j - 1] + skip_seen[j - 1])
            cost[i][j] = min(ways, default=0.0)
    steps: list[tuple[int | None, int | None]] = []
    i, j = m, n
    while i or j:
        if i and j and cost[i][j] == cost[i - 1][j - 1] + pair[i - 1][j - 1]:
            i, j = i - 1, j - 1
            steps.append((i, j))
        elif i and cost[i][j] == cost[i - 1][j] + skip_known[i - 1]:
            i -= 1
            steps.append((i, None))
        else:
            j -= 1
            steps.append((None, j))
    return steps[::-1]
