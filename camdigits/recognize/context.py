"""What the rest of the page says about a string: a lone digit among letters is likely a letter."""

from __future__ import annotations

import math
from dataclasses import replace

from camdigits.reading import DigitString

# A string is shown from these confidences, by its number of digits: one glyph that looks like a
# digit is easily something else, three in a row hardly are.
LEAST_CONFIDENCE = {1: 0.75, 2: 0.4}
LEAST_OF_LONG = 0.05


def in_context(strings: list[DigitString], refused: int, threshold: float) -> list[DigitString]:
    """Return the strings that hold up on their page, with confidences that take it into account.

    ``refused`` counts full-size glyphs of the page that were read as letters or scraps. Where they
    outnumber the digits, by Bayes' rule the odds of a single digit fall by that ratio; a string of
    n digits is evidence of its own, and its odds fall by the n-th root.
    """
    digits = sum(len(string.text) for string in strings)
    ratio = min(1.0, (digits + 1) / (refused + 1))
    kept = []
    for string in strings:
        length = len(string.text)
        confidence = shift_odds(string.confidence, math.log(ratio) / length)
        if confidence >= LEAST_CONFIDENCE.get(length, LEAST_OF_LONG):
            accepted = confidence >= threshold
            kept.append(replace(string, confidence=confidence, accepted=accepted))
    return kept


def shift_odds(probability: float, log_factor: float) -> float:
    """Return the probability (0-1) whose odds are those of ``probability`` times a factor."""
    if log_factor == 0 or probability in (0.0, 1.0):
        return probability
    logit = math.log(probability / (1 - probability)) + log_factor
    return 1 / (1 + math.exp(-logit))
