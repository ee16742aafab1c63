"""What a reading is: a page of strings of digits, each with its place and confidence.

Boxes and quads are in pixels of the picture as a viewer shows it. All types are frozen and
round-trip through ``to_dict`` and ``from_dict`` (plain numbers, strings, lists: ready for JSON).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
Alternatives = tuple[tuple[str, float], ...]


class Box(NamedTuple):
    """An upright rectangle: left, top, width, height in pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Digit:
    """One digit: value 0-9, confidence 0-1, and other readings of it, likeliest first."""

    value: int
    confidence: float
    box: Box
    alternatives: tuple[tuple[int, float], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "value": self.value,
            "confidence": self.confidence,
            "box": list(self.box),
            "alternatives": [list(pair) for pair in self.alternatives],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Digit:
        """Inverse of :meth:`to_dict`. Raises KeyError or TypeError on other data."""
        return cls(
            value=int(data["value"]),
            confidence=float(data["confidence"]),
            box=Box(*data["box"]),
            alternatives=tuple((int(v), float(p)) for v, p in data.get("alternatives", ())),
        )


class Evidence(NamedTuple):
    """What a string's confidence is made of, as log odds, 0.0 where there is none.

    ``posterior``: of what was read against all else that may have been read in its place.
    ``glyphs``, ``lines``: of what was read at the string's least sure digit, by the network of
    glyphs alone and, against other digits, by the network of lines alone.
    """

    posterior: float = 0.0
    glyphs: float = 0.0
    lines: float = 0.0


NO_EVIDENCE = Evidence()


@dataclass(frozen=True)
class DigitString:
    """One number as it stands on the page.

    ``confidence`` is the calibrated probability that the whole text is right; ``accepted`` says
    whether it reaches the model's threshold, from which 97% of synthetic strings by unseen hands
    are right, and nearly all of what a person could read.
    ``row`` counts text rows from the top, from 0. ``quad`` holds the corners clockwise from the
    top left of the writing. ``fits`` says whether the text has the format that was expected, if
    one was. ``evidence`` is what the model made the confidence of, before the page and a format
    had their say.
    """

    text: str
    confidence: float
    accepted: bool
    row: int
    box: Box
    quad: Quad
    digits: tuple[Digit, ...]
    alternatives: Alternatives = ()
    fits: bool = True
    evidence: Evidence = NO_EVIDENCE

    @property
    def label(self) -> str:
        """The text, followed by ``?`` where it is not accepted and by ``!`` where it doesn't have
        the expected format."""
        marks = ("" if self.accepted else "?") + ("" if self.fits else "!")
        return f"{self.text} {marks}" if marks else self.text

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "text": self.text,
            "confidence": self.confidence,
            "accepted": self.accepted,
            "fits": self.fits,
            "row": self.row,
            "box": list(self.box),
            "quad": [list(point) for point in self.quad],
            "digits": [digit.to_dict() for digit in self.digits],
            "alternatives": [list(pair) for pair in self.alternatives],
            "evidence": self.evidence._asdict(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> DigitString:
        """Inverse of :meth:`to_dict`. Raises KeyError, TypeError or ValueError on other data."""
        a, b, c, d = ((float(x), float(y)) for x, y in data["quad"])
        return cls(
            text=str(data["text"]),
            confidence=float(data["confidence"]),
            accepted=bool(data["accepted"]),
            row=int(data["row"]),
            box=Box(*data["box"]),
            quad=(a, b, c, d),
            digits=tuple(Digit.from_dict(digit) for digit in data["digits"]),
            alternatives=tuple((str(t), float(p)) for t, p in data.get("alternatives", ())),
            fits=bool(data.get("fits", True)),
            evidence=Evidence(**data.get("evidence", {})),
        )


@dataclass(frozen=True)
class Page:
    """All numbers of one picture in reading order: rows top to bottom, left to right in a row.

    ``rotation`` is the clockwise turn in degrees (0, 90, 180, 270) that put the writing upright.
    ``letters`` counts the glyphs, as tall as digits, that look like letters.
    ``timings_ms`` maps a stage's name to the milliseconds it took.
    """

    strings: tuple[DigitString, ...]
    width: int
    height: int
    rotation: int = 0
    timings_ms: dict[str, float] = field(default_factory=dict)
    letters: int = 0

    @property
    def rows(self) -> list[list[DigitString]]:
        """The strings row by row."""
        rows: dict[int, list[DigitString]] = {}
        for string in self.strings:
            rows.setdefault(string.row, []).append(string)
        return list(rows.values())

    @property
    def text(self) -> str:
        """The numbers as text: a row a line, a space between numbers."""
        return "\n".join(" ".join(string.text for string in row) for row in self.rows)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "width": self.width,
            "height": self.height,
            "rotation": self.rotation,
            "strings": [string.to_dict() for string in self.strings],
            "timings_ms": dict(self.timings_ms),
            "letters": self.letters,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Page:
        """Inverse of :meth:`to_dict`. Raises KeyError, TypeError or ValueError on other data."""
        return cls(
            strings=tuple(DigitString.from_dict(string) for string in data["strings"]),
            width=int(data["width"]),
            height=int(data["height"]),
            rotation=int(data.get("rotation", 0)),
            timings_ms={str(k): float(v) for k, v in data.get("timings_ms", {}).items()},
            letters=int(data.get("letters", 0)),
        )
