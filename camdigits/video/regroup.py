"""Where one number ends and the next begins, kept as it was before.

Single frames disagree about gaps: ``93 17`` may come as ``9317`` in the next frame. The digits are
the same, so such a sighting speaks for the strings that are known, as long as not most frames have
it the other way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from camdigits.reading import Box, Digit, DigitString, Quad
from camdigits.video.places import Place
from camdigits.video.track import Sighting


def regroup(known: Sequence[Place], seen: Sequence[Sighting]) -> list[Sighting]:
    """Return ``seen`` with sightings joined or split so that they are the ``known`` strings.

    Only where the digits agree exactly: sightings are joined if their texts in a row make up one
    known string where they stand, and one is split if known strings make up all of it.
    """
    texts = {place.text for place in known}
    left = list(seen)
    for place in known:
        if not any(s.string.text == place.text and _inside(s, place.box) for s in left):
            left = _joined(place, left)
    result = []
    for sighting in left:
        parts = [] if sighting.string.text in texts else _parts(sighting, known)
        result += parts or [sighting]
    return result


def _joined(place: Place, seen: list[Sighting]) -> list[Sighting]:
    row = sorted(
        (s for s in seen if s.whole and _inside(s, place.box)), key=lambda s: s.string.box.x
    )
    if len(row) < 2 or "".join(s.string.text for s in row) != place.text:
        return seen
    first, last = row[0].string.quad, row[-1].string.quad
    quad: Quad = (first[0], last[1], last[2], first[3])
    digits = tuple(digit for s in row for digit in s.string.digits)
    weights = tuple(weight for s in row for weight in s.weights)
    confidence = min(s.string.confidence for s in row)
    whole = Sighting(_part(row[0].string, digits, quad, confidence), weights, regrouped=True)
    return [*(s for s in seen if s not in row), whole]


def _parts(sighting: Sighting, known: Sequence[Place]) -> list[Sighting]:
    """Return the sighting cut into the known strings that make it up; [] where they don't."""
    places = sorted(
        (place for place in known if place.text and _inside(place, sighting.string.box)),
        key=lambda place: place.box.x,
    )
    if len(places) < 2 or "".join(p.text for p in places) != sighting.string.text:
        return []
    parts = []
    start = 0
    for place in places:
        end = start + len(place.text)
        digits = sighting.string.digits[start:end]
        box = _around(digits)
        quad = _corners(box)
        string = _part(sighting.string, digits, quad, sighting.string.confidence)
        weights = sighting.weights[start:end]
        parts.append(replace(sighting, string=string, weights=weights, regrouped=True))
        start = end
    return parts


def _part(
    string: DigitString, digits: tuple[Digit, ...], quad: Quad, confidence: float
) -> DigitString:
    text = "".join(str(digit.value) for digit in digits)
    return replace(
        string,
        text=text,
        confidence=confidence,
        box=_around(digits),
        quad=quad,
        digits=digits,
        alternatives=(),
    )


def _inside(inner: Sighting | Place, outer: Box) -> bool:
    """Say whether the middle of ``inner`` lies in ``outer``, and most of it."""
    box = inner.box if isinstance(inner, Place) else inner.string.box
    x, y = box.x + box.width / 2, box.y + box.height / 2
    within = outer.x <= x <= outer.x + outer.width and outer.y <= y <= outer.y + outer.height
    return within and box.width <= 1.3 * outer.width


def _around(digits: Sequence[Digit]) -> Box:
    left = min(digit.box.x for digit in digits)
    top = min(digit.box.y for digit in digits)
    right = max(digit.box.x + digit.box.width for digit in digits)
    bottom = max(digit.box.y + digit.box.height for digit in digits)
    return Box(left, top, right - left, bottom - top)


def _corners(box: Box) -> Quad:
    right, bottom = float(box.x + box.width), float(box.y + box.height)
    left, top = float(box.x), float(box.y)
    return (left, top), (right, top), (right, bottom), (left, bottom)
