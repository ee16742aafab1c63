"""Strings as frames show them, made by hand: for the tests of the live reading."""

from __future__ import annotations

from camdigits.reading import Alternatives, Box, Digit, DigitString
from camdigits.video.results import Guidance, LiveResult, LiveString, State
from camdigits.video.track import Sighting


def number(
    text: str,
    x: int = 100,
    y: int = 100,
    confidence: float = 0.95,
    *,
    height: int = 40,
    digit: float | None = None,
    alternatives: Alternatives = (),
) -> DigitString:
    """Return a string whose digits are 0.6 heights wide and 0.7 apart; ``digit`` is the digits'
    confidence, 0.97 unless told."""
    width = round(0.6 * height)
    step = round(0.7 * height)
    sure = 0.97 if digit is None else digit
    digits = tuple(
        Digit(int(sign), sure, Box(x + i * step, y, width, height)) for i, sign in enumerate(text)
    )
    whole = (len(text) - 1) * step + width
    box = Box(x, y, whole, height)
    return DigitString(text, confidence, False, 0, box, quad(box), digits, alternatives)


def quad(box: Box) -> tuple[tuple[float, float], ...]:
    """Return the corners of a box, clockwise from the top left."""
    left, top, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return tuple((float(x), float(y)) for x, y in corners)


def seen(
    text: str,
    x: int = 100,
    y: int = 100,
    confidence: float = 0.95,
    *,
    weight: float = 1.0,
    whole: bool = True,
    height: int = 40,
    digit: float | None = None,
) -> Sighting:
    """Return a sighting of such a string, all digits equally sharp."""
    string = number(text, x, y, confidence, height=height, digit=digit)
    return Sighting(string, (weight,) * len(text), whole)


def live(
    *strings: tuple[int, str, float | None],
    time: float = 1.0,
    state: State = "reading",
    guidance: Guidance | None = None,
) -> LiveResult:
    """Return a result with strings (id, text, time of their lock), one below the other."""
    made = []
    for row, (ident, text, locked_at) in enumerate(strings):
        box = number(text, 100, 60 + 80 * row).box
        made.append(LiveString(ident, text, 0.9, quad(box), box, locked_at))
    return LiveResult(state, guidance or Guidance(), tuple(made), time)
