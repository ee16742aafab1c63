"""Words beside numbers: how often a letter passes for a digit on a page, its words tell.

Many letters look like digits, and short words of these alone read as numbers. A word in which some
letters were refused, and others read as digits, tells how likely that is: on a page of labels most
letters are refused, in print hardly half.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from camdigits.reading import DigitString
from camdigits.recognize.context import with_odds
from camdigits.recognize.decode import LETTER, TEN, Step
from camdigits.segment.lattice import Lattice

APART = 0.65  # glyph heights: letters of a word, and printed words, stand no farther apart
LONGEST = 3  # letters of a word that all pass for digits: more hardly ever do
PRIOR = 0.1  # the share of letters that pass for digits, as if seen in one letter


class Word(NamedTuple):
    """How many ``digits`` were read in a word, and how many ``letters`` were refused."""

    digits: int
    letters: int


def word_numbers(path: Sequence[Step], lattice: Lattice, height: float) -> np.ndarray:
    """Return the number (n,), from 0 on, of the word in which each step of a path stands.

    ``height`` is the glyph height (pixels) that lines are scaled to."""
    word, edge = 0, math.inf
    found = []
    for step in path:
        if step.span >= 0:
            x, _, width, _ = lattice.boxes[step.span].tolist()
            word += x - edge > APART * height
            edge = x + width
        found.append(word)
    return np.array(found, np.int64)


def words_of(
    path: Sequence[Step], lattice: Lattice, probabilities: np.ndarray, height: float
) -> list[Word]:
    """Return the words of a line's path; ``probabilities`` (n, 13) are those of its hypotheses."""
    numbers = word_numbers(path, lattice, height)
    digits = Counter(n for n, step in zip(numbers, path, strict=True) if step.digit is not None)
    letters = Counter(
        n for n, step in zip(numbers, path, strict=True) if is_letter(step, probabilities)
    )
    return [Word(digits[n], letters[n]) for n in np.unique(numbers)]


def is_letter(step: Step, probabilities: np.ndarray) -> bool:
    """Say whether a step of a path was refused, as a letter most of all."""
    if step.digit is not None or step.span < 0:
        return False
    refused = probabilities[step.span, TEN:]
    return int(refused.argmax()) + TEN == LETTER


def doubt_among_words(
    strings: Sequence[DigitString], words: Sequence[Word], threshold: float
) -> list[DigitString]:
    """Return the ``strings`` of a page with the odds that they are no words themselves.

    Of ``words`` in which a share p of the letters passes for digits, a share p^n passes for a
    number, if of n letters. How many strings of n digits there are beyond as many as that makes is
    how many are numbers; their odds fall by the ratio of these to those.
    """
    among = [word for word in words if word.letters]
    glyphs = sum(word.digits + word.letters for word in among)
    share = (PRIOR + sum(word.digits for word in among)) / (1 + glyphs)
    lengths = Counter(len(string.text) for string in strings)
    doubted = []
    for string in strings:
        length = len(string.text)
        false = len(among) * share**length if length <= LONGEST else 0.0
        ratio = (max(lengths[length] - false, 0.0) + 1) / (false + 1)
        doubted.append(with_odds(string, min(0.0, math.log(ratio)), threshold))
    return doubted
