"""From the numbers on a line's best path to digit strings with places and confidences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from camdigits.reading import Digit, DigitString, Evidence
from camdigits.recognize.boxes import ink_box, to_quad, union
from camdigits.recognize.context import shift_odds, with_confidence, with_odds
from camdigits.recognize.decode import (
    Edges,
    Step,
    best_fitting,
    fitting_sum,
    forward_backward,
    least_sure,
    texts_between,
)
from camdigits.recognize.formats import Format, exactly
from camdigits.recognize.model import Model, logit_of
from camdigits.recognize.numbers import Number
from camdigits.segment.components import Components
from camdigits.segment.lattice import Lattice
from camdigits.segment.straighten import LineImage

# Mean probability of being a digit at all that a string's glyphs must reach to be shown. Which
# digits they are may stay in doubt: that is what the confidence tells.
# In company, on a line with two or more digits that reach COMPANY, less is enough: better a number
# with a doubtful group than one without it.
LEAST_DIGITNESS, COMPANY, LEAST_IN_COMPANY = 0.4, 0.7, 0.2
# A few stems, so many times as tall as wide, that are all there is on plain paper are hardly
# anything but ones, however little they look like digits.
STEM, STEMS, LEAST_OF_STEMS = 2.5, 4, 0.01
ALTERNATIVES = 4
LEAST_REST = 1e-6  # share of the paths that spell something else, as far as it can be told
# Confidence from which a string stays though another would have the expected format.
CONFIDENT = 0.8
# Heights of digits: the widest gap between groups of one number, in which a hyphen may stand.
WIDEST_GROUP_GAP = 1.6


def make_strings(
    line: LineImage,
    lattice: Lattice,
    edges: Edges,
    numbers: list[Number],
    model: Model,
    expected: Format | None = None,
    least: float = LEAST_DIGITNESS,
) -> list[DigitString]:
    """Return the strings of one line's numbers, boxes in pixels of the picture it came from;
    ``least`` is the mean probability of being digits from which a string alone is shown.

    A string's confidence is the share of all paths of the line that spell it, and no more, between
    its neighbors, calibrated by the model. Where a format is ``expected``, a string that doesn't
    have it makes room for the best one in its place that has, if that is likelier by Bayes' rule;
    but a confident string stays. Neighbors that only have it together, as the groups of a card
    number or the parts of a date, become one string. Beside what may be digits and is not shown, a
    string is doubted.
    """
    if not numbers:
        return []
    decoder = _Decoder(line, lattice, edges, model, numbers, least)
    numbers = _up_to_neighbors(numbers, edges.count - 1)
    if expected is None or expected.free:
        read = [(number, decoder.string(number)) for number in numbers]
    else:
        read = decoder.grouped(numbers, expected)
    lost = [0.0, *(decoder.lost(number) if string is None else 0.0 for number, string in read), 0.0]
    return [
        with_confidence(string, string.confidence * (1 - max(before, after)), model.threshold)
        for (_, string), before, after in zip(read, lost[:-2], lost[2:], strict=True)
        if string is not None
    ]


def least_digitness(components: Components, plain: bool) -> float:
    """Return the mean probability of being digits from which a string alone is shown, where these
    are all ``components`` of what was looked at, and the paper is ``plain`` or not."""
    width, height = components.boxes[:, 2:].T
    stems = plain and len(components) <= STEMS and bool((height >= STEM * width).all())
    return LEAST_OF_STEMS if stems else LEAST_DIGITNESS


class _Decoder:
    """Reads the numbers of one line."""

    def __init__(
        self,
        line: LineImage,
        lattice: Lattice,
        edges: Edges,
        model: Model,
        numbers: Sequence[Number],
        least: float,
    ) -> None:
        self._line, self._lattice, self._edges, self._model = line, lattice, edges, model
        self._alpha, self._beta = forward_backward(edges)
        company = any(len(n.digits) > 1 and self._digitness(n.digits) >= COMPANY for n in numbers)
        self._least = min(LEAST_IN_COMPANY, least) if company else least

    def string(self, number: Number, expected: Format | None = None) -> DigitString | None:
        """Return what a number says; None where its glyphs are hardly digits."""
        if self._digitness(number.digits) < self._least:
            return None
        if number.letters > len(number.digits):
            return None
        around = float(self._alpha[number.first] + self._beta[number.last] - self._alpha[-1])
        found = texts_between(self._edges, self._alpha, self._beta, number.first, number.last)
        shares = {text: _share(around + score) for text, score in found}
        read = self._read(number.digits, shares, number.apart)
        return self._in_format(read, number, around, shares, expected) if expected else read

    def lost(self, number: Number) -> float:
        """Return how likely (0-1) a number that is not shown has digits all the same, which its
        neighbors then lack."""
        return 0.0 if number.letters > len(number.digits) else self._digitness(number.digits)

    def grouped(
        self, numbers: list[Number], expected: Format
    ) -> list[tuple[Number, DigitString | None]]:
        """Return what the numbers of the line say, those joined that have the format together."""
        read = []
        while numbers:
            count = self._neighbors(numbers, expected)
            number = _joined(numbers[:count])
            string = self.string(number, expected)
            while count > 1 and not (string and string.fits):
                count -= 1
                number = _joined(numbers[:count])
                string = self.string(number, expected)
            read.append((number, string))
            numbers = numbers[count:]
        return read

    def _neighbors(self, numbers: list[Number], expected: Format) -> int:
        """Return how many of the numbers, from the first, may be groups of one: near each other,
        each too short by itself, and not too long together."""
        total, end = 0, math.inf
        for count, number in enumerate(numbers):
            boxes = self._lattice.boxes[[step.span for step in number.digits]]
            length, height = len(number.digits), float(np.median(boxes[:, 3]))
            total += length
            apart = boxes[0, 0] - end > WIDEST_GROUP_GAP * height
            if apart or length >= expected.whole or total > max(expected.lengths):
                return max(count, 1)
            end = float(boxes[-1, 0] + boxes[-1, 2])
        return len(numbers)

    def _digitness(self, steps: Sequence[Step]) -> float:
        chosen = [step.edge for step in steps]
        return float(np.exp(np.logaddexp.reduce(self._edges.digit[chosen], axis=1)).mean())

    def _read(
        self, steps: Sequence[Step], shares: dict[str, float], apart: float = 1.0
    ) -> DigitString:
        """Return the string that ``steps`` read; ``shares`` are those of texts in its place,
        likeliest first, ``apart`` is how likely (0-1) it ends where it should."""
        text = _spelled(steps)
        boxes = self._lattice.boxes[[step.span for step in steps]]
        left, top = boxes[:, :2].min(axis=0)
        right, bottom = (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
        share = shares.get(text, 0.0)
        evidence = Evidence(logit_of(share), *least_sure(self._edges, steps))
        likely = self._model.string_confidence(evidence, len(text))
        confidence = apart * likely
        digits = tuple(_at_least(confidence, digit) for digit in self._digits(steps, boxes))
        # Rivals share the doubt as they share the paths that spell something else.
        doubt = (1 - likely) / max(1 - share, LEAST_REST)
        rivals = [rival for rival in shares if rival not in ("", text)][:ALTERNATIVES]
        return DigitString(
            text=text,
            confidence=confidence,
            accepted=confidence >= self._model.threshold,
            row=self._line.row,
            box=union([digit.box for digit in digits]),
            quad=to_quad(self._line.to_source, left, top, right, bottom),
            digits=digits,
            alternatives=tuple((rival, min(confidence, doubt * shares[rival])) for rival in rivals),
            evidence=evidence,
        )

    def _in_format(
        self,
        read: DigitString,
        number: Number,
        around: float,
        shares: dict[str, float],
        expected: Format,
    ) -> DigitString:
        """Return ``read``, or what fits the format in its place, if that is more probable."""
        place = (self._edges, self._alpha, self._beta, number.first, number.last)
        if expected.fits(read.text):
            fitting = _share(around + fitting_sum(*place, expected.acceptor))
            return self._weighed(read, shares, fitting, expected)
        misfit = replace(read, fits=False)
        if read.confidence >= CONFIDENT:
            return misfit
        steps = [s for s in best_fitting(*place, expected.acceptor) if s.digit is not None]
        if not steps:
            return misfit
        text = _spelled(steps)
        shares = {**shares, text: _share(around + fitting_sum(*place, exactly(text)))}
        fitting = _share(around + fitting_sum(*place, expected.acceptor))
        fit = self._weighed(self._read(steps, shares), shares, fitting, expected)
        doubted = shift_odds(read.confidence, expected.prior(read.text))
        return fit if fit.confidence > doubted else misfit

    def _weighed(
        self, read: DigitString, shares: dict[str, float], fitting: float, expected: Format
    ) -> DigitString:
        """Return ``read``, which fits, and its rivals with the format's evidence for each."""

        def weighed(text: str, confidence: float) -> float:
            evidence = expected.evidence(text, shares.get(text, 0.0), fitting)
            return shift_odds(confidence, evidence)

        confidence = weighed(read.text, read.confidence)
        return replace(
            read,
            confidence=confidence,
            accepted=confidence >= self._model.threshold,
            alternatives=tuple(
                (text, min(confidence, weighed(text, chance))) for text, chance in read.alternatives
            ),
        )

    def _digits(self, steps: Sequence[Step], boxes: np.ndarray) -> Iterator[Digit]:
        """Yield the digits that ``steps`` read in ``boxes`` (n, 4). The confidence of each is the
        posterior of its edge reading it, and never more than the network's own probability for
        the glyph."""
        edges, starts, ends = np.array([(step.edge, step.start, step.end) for step in steps]).T
        scores = self._edges.digit[edges]
        around = self._alpha[starts] + self._beta[ends] - self._alpha[-1]
        posteriors = np.exp(np.minimum(scores + around[:, None], 0.0)).tolist()
        own = np.exp(scores).tolist()
        for step, box, shares, likely in zip(steps, boxes, posteriors, own, strict=True):
            assert step.digit is not None
            order = sorted(range(len(shares)), key=shares.__getitem__, reverse=True)
            rivals = [d for d in order if d != step.digit and shares[d] > 0.001][:ALTERNATIVES]
            yield Digit(
                value=step.digit,
                confidence=min(shares[step.digit], likely[step.digit]),
                box=ink_box(self._line, box),
                alternatives=tuple((d, shares[d]) for d in rivals),
            )


def doubt_misfits(
    strings: list[DigitString], expected: Format, threshold: float
) -> list[DigitString]:
    """Return the strings of a page, those less confident that don't have the format ``expected``.

    It comes last, so that no string is left out for it.
    """
    return [s if s.fits else with_odds(s, expected.prior(s.text), threshold) for s in strings]


def _up_to_neighbors(numbers: list[Number], last: int) -> list[Number]:
    """Return the numbers, each from the end of the one before to the start of the one after: what
    else may have been read there is a rival of it. ``last`` is the line's last cut."""
    ends = [0, *(number.last for number in numbers[:-1])]
    starts = [*(number.first for number in numbers[1:]), last]
    return [
        replace(number, first=first, last=last)
        for number, first, last in zip(numbers, ends, starts, strict=True)
    ]


def _joined(numbers: list[Number]) -> Number:
    """Return numbers that follow each other on a line as one."""
    steps = tuple(step for number in numbers for step in number.steps)
    letters = max(number.letters for number in numbers)
    return Number(steps, numbers[0].first, numbers[-1].last, letters)


def _share(log_share: float) -> float:
    return math.exp(min(log_share, 0.0))


def _spelled(steps: Sequence[Step]) -> str:
    return "".join(str(step.digit) for step in steps)


def _at_least(confidence: float, digit: Digit) -> Digit:
    """Return a digit of a string of such a ``confidence``: it is right at least where all of them
    are, however its cuts disagree about where it stands."""
    if digit.confidence >= confidence:
        return digit
    less = (1 - confidence) / (1 - digit.confidence)
    rivals = tuple((value, less * chance) for value, chance in digit.alternatives)
    return replace(digit, confidence=confidence, alternatives=rivals)
