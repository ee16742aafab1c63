"""What to tell who holds the camera, from what frame after frame lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from camdigits.reading import DigitString
from camdigits.video.results import Guidance, GuidanceCode, LiveString

# Seconds for which the same advice must be due before it is given, and not due before it ends.
_GIVEN_AFTER, _ENDS_AFTER = 0.5, 0.4
# Pixels: digits lower than this are read badly.
_SMALL = 16
# Sharpness (see focus.Look) under which a frame with writing in it is blurred, whatever the others.
_BLURRED = 0.1


@dataclass(frozen=True)
class Sight:
    """What one frame was like: too dark, blurred (for its scene), moving, with what sharpness."""

    dark: bool
    blurred: bool
    moving: bool
    sharpness: float


class Adviser:
    """Turns what is wrong with frames into steady advice."""

    def __init__(self) -> None:
        self._given: GuidanceCode = "none"
        self._due: GuidanceCode = "none"
        self._since = float("-inf")

    def advise(
        self,
        sight: Sight,
        read: Sequence[DigitString],
        strings: Sequence[LiveString],
        time: float,
    ) -> Guidance:
        """Return the advice after a frame at ``time`` (seconds).

        ``read`` are the strings of the last frame that was read, ``strings`` those that are shown.
        """
        due = _due(sight, read, strings)
        if due != self._due:
            self._due, self._since = due, time
        if time - self._since >= (_ENDS_AFTER if due == "none" else _GIVEN_AFTER):
            self._given = due
        return Guidance(self._given)


def _due(sight: Sight, read: Sequence[DigitString], strings: Sequence[LiveString]) -> GuidanceCode:
    open_strings = [string for string in strings if string.locked_at is None]
    if sight.dark:
        return "too_dark"
    if sight.moving and (sight.blurred or open_strings):
        return "hold_still"
    if sight.blurred or (open_strings and sight.sharpness < _BLURRED):
        return "too_blurred"
    locked = len(strings) > len(open_strings)
    small = [s for s in read if not s.accepted and s.box.height < _SMALL]
    if small and not locked and len(small) > len(read) / 2:
        return "too_small"
    return "none"
