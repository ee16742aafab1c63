"""What the rest of the page says about a string: a lone digit among letters is likely a letter."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

import numpy as np

from camdigits.reading import Box, DigitString

# A string is shown from these confidences, by its number of digits (one, two, more), together with
# those of likely strings in its row: one glyph that looks like a digit is easily something else,
# three in a row hardly are. CLUTTERED holds for pages with more, and at least MUCH, that is no
# digit: words, textures.
CLEAN, CLUTTERED = (0.3, 0.25, 0.15), (0.8, 0.65, 0.65)
MUCH = 8
ALIKE = 2.0  # factor up to which heights are of one size
LIKELY = 0.5  # confidence from which a string's digits are company to others of its row
# Neighbors in a row that are nearer than this (heights of their digits), though their writing
# differs in size or slope so much that they count as different lines, are mostly parts of one
# number (of 25 on photos and synthesized paper 20 were): where no other look joins them, about a
# quarter of their confidence is lost once these have voted.
NEAR, OF_ONE = 1.3, 0.5


def in_context(
    strings: list[DigitString],
    refused: Sequence[float],
    threshold: float,
    size: tuple[int, int],
    textured: bool = False,
) -> list[DigitString]:
    """Return the strings that hold up on their page, with confidences that take it into account.

    ``size`` is the picture's (width, height): bare strokes that leave it are edges, not ones,
    unless there are likely digits in their row, and so are they where the page is ``textured``,
    unless it has other digits. On a page without clutter a string in such company
    counts as that much longer, for numbers are often split at gaps and marks.
    ``refused`` are the heights (pixels) of full-size glyphs of the page that were read as letters
    or scraps; with the digits that are expected to be misread, they are its clutter. Where that of
    a digit's size outnumbers such digits, by Bayes' rule the odds of a single digit fall by the
    ratio. A string of n digits is evidence of its own, and the more so the longer: its odds fall by
    the ratio to the power of 1 / sqrt(n).
    """
    heights = np.array([_digit_height(string) for string in strings])
    digits = np.array([sum(d.confidence for d in string.digits) for string in strings])
    doubtful = np.array([len(string.text) for string in strings]) - digits
    others = np.array(refused, np.float64)
    beside = company(strings)
    bare = textured and all(set(string.text) == {"1"} for string in strings)
    kept = []
    for string, height, others_beside in zip(strings, heights.tolist(), beside, strict=True):
        near = _alike(heights, height)
        clutter = float(doubtful[near].sum()) + int(_alike(others, height).sum())
        ratio = (
            min(1.0, (float(digits[near].sum()) + 1) / (clutter + 1)) if clutter >= MUCH else 1.0
        )
        least = CLEAN if ratio == 1.0 else CLUTTERED
        length = len(string.text)
        counted = others_beside if ratio == 1.0 else 0
        lone = set(string.text) == {"1"} and not counted
        if lone and (bare or _leaves(string.box, size)):
            continue
        shifted = with_odds(string, math.log(ratio) / math.sqrt(length), threshold)
        if shifted.confidence >= _least(least, length + counted):
            kept.append(shifted)
    return kept


def shown(strings: Sequence[DigitString]) -> list[DigitString]:
    """Return the strings that hold up on a page without clutter, once they were looked at again."""
    lengths = (len(s.text) + others for s, others in zip(strings, company(strings), strict=True))
    return [s for s, n in zip(strings, lengths, strict=True) if s.confidence >= _least(CLEAN, n)]


def doubt_near(
    strings: Sequence[DigitString], lines: Mapping[Box, int], threshold: float
) -> list[DigitString]:
    """Return the strings of a page, those less confident that stand so close beside one of another
    line, in the same row, that both may be one number.

    ``lines`` tells for the box of each string, as it was read, in which line that was. Made for
    strings that are looked at again: only then it may turn out that both are apart.
    """
    in_rows = sorted(strings, key=lambda s: (s.row, s.box.x))
    near = {
        string.box
        for one, other in pairwise(in_rows)
        if lines[one.box] != lines[other.box] and _adjoin(one, other)
        for string in (one, other)
    }
    return [
        with_confidence(s, OF_ONE * s.confidence, threshold) if s.box in near else s
        for s in strings
    ]


def _adjoin(one: DigitString, other: DigitString) -> bool:
    """Say whether two strings stand close beside each other in one row."""
    height = max(_digit_height(one), _digit_height(other))
    return one.row == other.row and apart(one, other) < NEAR * height


def apart(one: DigitString, other: DigitString) -> int:
    """Return how far two strings stand apart across, in pixels; negative where they overlap."""
    right = min(s.box.x + s.box.width for s in (one, other))
    return max(one.box.x, other.box.x) - right


def _digit_height(string: DigitString) -> float:
    """Return the usual height of a string's digits, in pixels."""
    return median(digit.box.height for digit in string.digits)


def _least(steps: Sequence[float], digits: int) -> float:
    return steps[min(digits, len(steps)) - 1]


def _alike(heights: np.ndarray, height: float) -> np.ndarray:
    """Say which of the heights (n,) are those of writing of the same size as ``height``."""
    return (heights >= height / ALIKE) & (heights <= height * ALIKE)


def company(strings: Sequence[DigitString]) -> list[int]:
    """Return for each string of a page how many digits of likely others stand in its row."""
    likely = [len(s.text) if s.confidence > LIKELY else 0 for s in strings]
    rows = Counter[int]()
    for string, digits in zip(strings, likely, strict=True):
        rows[string.row] += digits
    return [rows[s.row] - digits for s, digits in zip(strings, likely, strict=True)]


def with_odds(string: DigitString, log_factor: float, threshold: float) -> DigitString:
    """Return ``string`` with the odds of its confidence times a factor; it is accepted from
    ``threshold`` on, and none of its alternatives is likelier than itself."""
    return with_confidence(string, shift_odds(string.confidence, log_factor), threshold)


def with_confidence(string: DigitString, confidence: float, threshold: float) -> DigitString:
    """Return ``string`` with another confidence; see :func:`with_odds`."""
    rivals = tuple((text, min(p, confidence)) for text, p in string.alternatives)
    accepted = confidence >= threshold
    return replace(string, confidence=confidence, accepted=accepted, alternatives=rivals)


def _leaves(box: Box, size: tuple[int, int]) -> bool:
    """Say whether a box touches the border of a picture of ``size``."""
    right, bottom = size[0] - box.x - box.width, size[1] - box.y - box.height
    return min(box.x, box.y, right, bottom) <= 1


def shift_odds(probability: float, log_factor: float) -> float:
    """Return the probability (0-1) whose odds are those of ``probability`` times a factor."""
    if log_factor == 0 or probability in (0.0, 1.0):
        return probability
    logit = math.log(probability / (1 - probability)) + log_factor
    return 1 / (1 + math.exp(-logit))
