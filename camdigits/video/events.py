"""What happens in a live reading, as events: found, locked, lost, and advice."""

from __future__ import annotations

from typing import Any

from camdigits.video.results import LiveResult, LiveString

Event = dict[str, Any]


class EventLog:
    """Turns results, one after the other, into events.

    Each event has the keys ``event``, ``time`` (seconds), ``id``, ``text``, ``confidence``,
    ``fits`` (whether the text has the format that was expected, if one was) and ``box``
    ([x, y, width, height] in pixels), ready for JSON. ``found``: a string is there, with its
    likeliest text; ``locked``: its text is certain, and fits; ``lost``: it is gone, or its writing
    changed. ``guidance``: the advice changed; ``code`` names it, ``text`` has it in words (empty
    when it ended), and what belongs to a string is None.
    """

    def __init__(self) -> None:
        self._strings: dict[int, LiveString] = {}
        self._advice = "none"

    def events(self, result: LiveResult) -> list[Event]:
        """Return what ``result`` brings that was not so before; nearly always nothing."""
        now = {string.id: string for string in result.strings}
        happened = [
            _event("lost", result.time, string)
            for ident, string in self._strings.items()
            if ident not in now
        ]
        for ident, string in now.items():
            before = self._strings.get(ident)
            if before is None:
                happened.append(_event("found", result.time, string))
            if string.locked_at is not None and (before is None or before.locked_at is None):
                happened.append(_event("locked", result.time, string))
        self._strings = now
        if result.guidance.code != self._advice:
            self._advice = result.guidance.code
            happened.append(
                {
                    "event": "guidance",
                    "time": round(result.time, 3),
                    "id": None,
                    "text": result.guidance.words,
                    "confidence": None,
                    "fits": None,
                    "box": None,
                    "code": result.guidance.code,
                }
            )
        return happened


def _event(kind: str, time: float, string: LiveString) -> Event:
    return {
        "event": kind,
        "time": round(time, 3),
        "id": string.id,
        "text": string.text,
        "confidence": round(string.confidence, 4),
        "fits": string.fits,
        "box": list(string.box),
    }
