"""What a live reading is: a state, strings with stable ids, and advice to who holds the camera."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from camdigits.reading import Box, Quad

State = Literal["searching", "reading", "locked"]
Skipped = Literal["", "unchanged", "resting", "blurred", "dark"]
GuidanceCode = Literal["none", "too_dark", "too_blurred", "too_small", "hold_still"]

WORDS: dict[GuidanceCode, str] = {
    "none": "",
    "too_dark": "too dark: more light, please",
    "too_blurred": "too blurred: wait for the focus, or change the distance",
    "too_small": "too small: come closer",
    "hold_still": "hold still",
}


@dataclass(frozen=True)
class LiveString:
    """One string that is followed.

    ``id`` stays with it for as long as it is in view and its writing is the same. ``confidence``
    is the probability (0-1) that ``text`` is right. ``quad`` and ``box`` are pixels of the newest
    frame. ``locked_at`` is the time, in seconds, at which its text became certain, or None.
    ``fits`` says whether the text has the format that was expected, if one was.
    """

    id: int
    text: str
    confidence: float
    quad: Quad
    box: Box
    locked_at: float | None
    fits: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "id": self.id,
            "text": self.text,
            "confidence": round(self.confidence, 4),
            "box": list(self.box),
            "quad": [[round(x, 1), round(y, 1)] for x, y in self.quad],
            "locked_at": self.locked_at,
            "fits": self.fits,
        }


@dataclass(frozen=True)
class Guidance:
    """What would make the camera's sight better, as a code for programs and as words."""

    code: GuidanceCode = "none"

    @property
    def words(self) -> str:
        """The advice for a person; empty for ``none``."""
        return WORDS[self.code]


@dataclass(frozen=True)
class LiveResult:
    """What is known after a frame.

    ``state`` is ``searching`` without any string, ``reading`` while one is not decided yet, else
    ``locked``. ``skipped`` says why the frame was not read, if so: the strings are then those
    of earlier frames. ``timings_ms`` maps ``look``, ``read`` and ``track`` to milliseconds.
    """

    state: State
    guidance: Guidance
    strings: tuple[LiveString, ...]
    time: float
    skipped: Skipped = ""
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def locked(self) -> tuple[LiveString, ...]:
        """The strings whose text is certain."""
        return tuple(string for string in self.strings if string.locked_at is not None)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "time": self.time,
            "state": self.state,
            "guidance": self.guidance.code,
            "strings": [string.to_dict() for string in self.strings],
            "skipped": self.skipped,
            "timings_ms": {name: round(ms, 3) for name, ms in self.timings_ms.items()},
        }
