"""Which way up a page is: by what was read, and by how glyphs that stand alone look turned."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from camdigits.reading import DigitString, Page
from camdigits.recognize.second_look import expected_digits
from camdigits.segment.components import Components
from camdigits.segment.turns import free_glyphs

# What digits are confident of at least on a page that stands upright, and on one that was turned,
# in TURNED_DIGITS digits of LONG strings, at most a share MONOTONY of them the same: an e upside
# down is a fine 2.
UPRIGHT_EVIDENCE, TURNED_EVIDENCE, LONG, TURNED_DIGITS, MONOTONY = 0.8, 0.7, 2, 3, 0.75
# What a turn must gain on upright reading where looks tell nothing: sideways, and over, for most
# digits are digits upside down.
TURNED_GAIN, OVER_GAIN = 0.1, 0.5
# How much like digits free-standing glyphs look (0-1), if there are ENOUGH_GLYPHS: on a page that
# is upright beyond doubt, what they must gain by a turn sideways or over, and where they tell
# nothing (MANY_GLYPHS that tell nothing are texture).
UPRIGHT_LOOK, TURNED_LOOK, OVER_LOOK, NO_LOOK = 0.8, 0.15, 0.22, 0.3
ENOUGH_GLYPHS, MANY_GLYPHS = 3, 12
# So many digits that look like no digit in any other turn, each as sure as that, settle the matter.
TELLING, TELLING_DIGITS, TELLING_CONFIDENCE = {3, 4, 7}, 3, 0.9
# What rings and strokes are read as, however they lie; so many sure digits of other forms hold
# against a turn sideways that reads no more.
ANY_TURN, STANDING_DIGITS = {0, 1}, 2
# What digits say upside down.
OVER = str.maketrans("69", "96")


def likely_turns(
    page: Page, components: Components, look: Callable[[np.ndarray], float]
) -> dict[int, float]:
    """Return the clockwise quarter turns to try, and the evidence that each must exceed.

    ``page`` is what was read as if the picture with these ``components`` stood upright; ``look``
    says how much glyphs (float32, n x 28 x 28 x 1) look like digits (0-1).
    """
    if _tells(page):
        return {}
    glyphs = free_glyphs(components)
    evidence = _evidence(page.strings)
    sideways = max(TURNED_EVIDENCE, evidence + TURNED_GAIN)
    over = max(TURNED_EVIDENCE, evidence + OVER_GAIN)
    unclear = {1: sideways, 3: sideways, 2: over} if evidence < UPRIGHT_EVIDENCE else {}
    if len(glyphs) < ENOUGH_GLYPHS:
        return unclear
    upright = look(glyphs)
    if upright >= UPRIGHT_LOOK:
        return {}
    looks = [upright] + [look(np.rot90(glyphs, -turns, (1, 2))) for turns in (1, 2, 3)]
    best = int(np.argmax(looks))
    # Many digits look like others upside down, few do sideways.
    if looks[best] >= upright + (OVER_LOOK if best == 2 else TURNED_LOOK):
        return {best: TURNED_EVIDENCE}
    if evidence >= UPRIGHT_EVIDENCE and _rings_and_strokes(page):
        return {1: TURNED_EVIDENCE, 3: TURNED_EVIDENCE}
    known = looks[best] >= NO_LOOK or len(glyphs) >= MANY_GLYPHS
    return {} if known else unclear


def turned_evidence(page: Page) -> float:
    """Return the mean confidence (0-1) of the digits in the long strings of a page that was turned,
    0 where they are fewer or less varied than letters upside down may give."""
    long = [string for string in page.strings if len(string.text) >= LONG]
    text = "".join(string.text for string in long)
    most = max((text.count(digit) for digit in set(text)), default=0)
    varied = len(text) >= TURNED_DIGITS and most <= MONOTONY * len(text)
    return _evidence(long) if varied else 0.0


def same_over(upright: Page, over: Page) -> bool:
    """Say whether a page reads ``over``, upside down, what its ``upright`` reading says turned: the
    text does not tell how it lies, so it is taken to stand."""
    return over.text == upright.text[::-1].translate(OVER)


def stands(upright: Page, turned: Page) -> bool:
    """Say whether ``upright`` reading holds against that of a page that was ``turned`` sideways:
    most of its digits are sure, some of them of forms that lie on their side in no digit, and no
    fewer are expected to be right."""
    sure = [
        digit
        for string in upright.strings
        for digit in string.digits
        if digit.value not in ANY_TURN and digit.confidence >= TELLING_CONFIDENCE
    ]
    if len(sure) < STANDING_DIGITS or not mostly_sure(upright):
        return False
    return expected_digits(upright.strings) >= expected_digits(turned.strings)


def mostly_sure(page: Page) -> bool:
    """Say whether more than half of the page's digits are as sure as upright ones should be."""
    digits = [digit.confidence for string in page.strings for digit in string.digits]
    return bool(digits) and float(np.median(digits)) >= UPRIGHT_EVIDENCE


def _tells(page: Page) -> bool:
    """Say whether the page's digits leave no doubt that it stands upright."""
    telling = (
        digit.value in TELLING and digit.confidence >= TELLING_CONFIDENCE
        for string in page.strings
        for digit in string.digits
    )
    return sum(telling) >= TELLING_DIGITS


def _rings_and_strokes(page: Page) -> bool:
    """Say whether the page's digits, some at least, are such that may as well lie on their side."""
    values = {digit.value for string in page.strings for digit in string.digits}
    return bool(values) and values <= ANY_TURN


def _evidence(strings: Sequence[DigitString]) -> float:
    """Return the mean confidence (0-1) of the strings' digits, 0 without any."""
    digits = [digit.confidence for string in strings for digit in string.digits]
    return float(np.mean(digits)) if digits else 0.0
