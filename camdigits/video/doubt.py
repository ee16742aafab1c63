"""How far a scene can be trusted to hold numbers at all.

Letters, textures and edges pass for digits now and then, some of them steadily. But where they do,
much else is read that changes from frame to frame or that the reader itself doubts, while numbers
on a page are read alike each time. And where printed words are read as numbers, other glyphs look
like letters, and hardly any of the digits is a 3, a 4 or a 7, which no letter looks like. So a
scene's other strings are evidence about each one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from camdigits.reading import DigitString
from camdigits.video.track import Sighting

# How fast the trust follows the frames.
_RATE = 0.3
# Trust from which a scene is above suspicion, and below which nothing in it is believed.
_TRUSTED, _DISTRUSTED = 0.6, 0.3
# Times the usual evidence that is asked for more, for each tenth of trust that lacks.
_MORE = 0.5
# Log odds that a scene's strings are words: at first, and what each of its digits (by its string's
# confidence) and glyphs like letters (up to so many) adds; digits alone, however many, make no
# word. Of the digits of numbers 30% are unlike any letter, of words 2%. Near the logistic fit to
# 600 frames of numbers and 180 of letters: of the strings of numbers 1.3% are distrusted, nearly
# all of them on one page of words and numbers, of words 99.7%.
_UNLIKE_LETTERS = frozenset("347")
_WORDS, _LIKE, _UNLIKE, _LETTER, _MOST_LETTERS = -4.5, 0.5, -6.0, 0.8, 8
# What a digit unlike any letter in it adds for a string itself.
_HARDLY_A_WORD = -3.0


class Doubt:
    """The trust in a scene, from how well each frame's reading repeats the last, by how sharp it
    was, and how much its strings look like words."""

    def __init__(self) -> None:
        self._repeated = self._sharpness = 0.0  # their ratio is the trust
        self._words: float | None = None

    def demand(self, text: str) -> float:
        """Return how many times the usual evidence a string that reads ``text`` must bring here:
        1, more, or infinity."""
        trust = self._repeated / self._sharpness if self._sharpness else 0.0
        words = _WORDS if self._words is None else self._words
        words += 0.0 if _UNLIKE_LETTERS.isdisjoint(text) else _HARDLY_A_WORD
        if trust < _DISTRUSTED or words > 0:
            return math.inf
        return 1.0 + 10 * _MORE * max(0.0, _TRUSTED - trust)

    def note(
        self,
        said: Sequence[str],
        pairs: Mapping[int, int],
        sightings: Sequence[Sighting],
        letters: int,
    ) -> None:
        """Take in a frame: what each known string ``said`` when it was last seen, what the frame
        shows, which is which (indices of ``said`` to indices of ``sightings``), and how many
        glyphs of the frame look like letters."""
        strings = [sighting.string for sighting in sightings]
        read = "".join(string.text for string in strings)
        if read:
            self._words = _followed(self._words, _words(strings, letters))
        if read and said:
            repeated = [strings[j] for i, j in pairs.items() if strings[j].text == said[i]]
            share = sum(len(string.text) * string.confidence for string in repeated) / len(read)
            sharp = float(np.mean([weight for s in sightings for weight in s.weights]))
            self._repeated = (1 - _RATE) * self._repeated + sharp * share
            self._sharpness = (1 - _RATE) * self._sharpness + sharp


def _words(strings: Sequence[DigitString], letters: int) -> float:
    """Return the log odds that what is read in a frame are words."""
    like = unlike = 0.0
    for string in strings:
        own = sum(digit in _UNLIKE_LETTERS for digit in string.text)
        unlike += own * string.confidence**2  # a doubtful one may be a misread letter
        like += (len(string.text) - own) * string.confidence
    of_digits = _LIKE * like + _UNLIKE * unlike
    if not letters:
        of_digits = min(of_digits, -_WORDS)
    return _WORDS + of_digits + _LETTER * min(letters, _MOST_LETTERS)


def _followed(before: float | None, now: float) -> float:
    return now if before is None else before + _RATE * (now - before)
