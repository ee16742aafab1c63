"""One string followed through the frames: what it says, and when that is certain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from camdigits.reading import Box, DigitString, Quad
from camdigits.recognize.formats import Format
from camdigits.video.fusion import Fusion, agrees
from camdigits.video.places import Place, Shift, covers, map_quad, move_box, scale_box

# A string is certain after so many sharp frames, at such a confidence, by its count of digits and
# of those in its company (the last entry holds for more). Scraps of letters and pictures look like
# one digit or two, but not beside numbers.
_LEAST_FRAMES = (7.0, 4.0, 3.0, 2.5)
_LEAST_CONFIDENCE = (0.8, 0.8, 0.75, 0.75)
# Seconds that a string must have been in view: at first a lens looks for its focus.
_SEEN = 0.1
# Share of a digit that one more frame may still be expected to move (see Fusion).
_STEADY = 0.03
# Share of the recent frames in which a string must have been found, by the same count: an edge
# comes and goes as a 1. Its start value, and how fast that share follows.
_PRESENT = (0.8, 0.7, 0.6)
_PRESENT_AT_FIRST, _PRESENT_RATE = 0.5, 0.15
# A string is worth showing from so many frames and such a confidence.
_SHOWN_FRAMES, _SHOWN_CONFIDENCE = 1.8, 0.5
# Seconds that other writing must have stood in a locked string's place: seen whole, or in part, as
# when a hand covers the rest.
_CHANGED_AFTER, _PARTLY_AFTER = 0.25, 1.0
# Sharp frames of contradiction without any agreement after which a lock is given up.
_CONTRADICTED = 10.0
# Share of the evidence that must have it stand alone for a string to lock, and below which it is
# taken for a part of another or for several; and how much of that evidence a frame leaves.
_ALONE, _MISTAKEN, _KEPT = 0.67, 0.33, 0.9
# Sharp frames after which a string that is not certain yet is not likely to become so.
_HOPELESS = 16.0
# Share of its new place that a string takes at once; the rest follows, against trembling.
_FOLLOW = 0.7


@dataclass(frozen=True)
class Sighting:
    """One string as one frame shows it.

    ``weights`` above 0, one a digit, grow with sharpness (only their ratios between the frames of
    a scene matter). ``whole`` is False where it may go on beyond the border of the frame,
    ``regrouped`` True where the frame itself has it as a part of another string or as several.
    ``company`` counts the digits of likely numbers beside it in its row.
    """

    string: DigitString
    weights: tuple[float, ...]
    whole: bool = True
    regrouped: bool = False
    company: int = 0


class Track:
    """A string's place, evidence and lock; it locks where it has the format ``expected``."""

    def __init__(self, sighting: Sighting, ident: int, time: float, expected: Format) -> None:
        self.id = ident
        self.box: Box = sighting.string.box
        self.quad: Quad = sighting.string.quad
        self._since = self.last_seen = time
        self.said = sighting.string.text
        self.shown = False
        self.locked_at: float | None = None
        self._locked_text = ""
        self._expected = expected
        self._fusion = Fusion(expected)
        self._challenger: Fusion | None = None
        self._challenged_at = time
        self._presence = _PRESENT_AT_FIRST
        self._for_alone, self._against = sighting.string.confidence, 0.0
        self._fusion.add(sighting.string, sighting.weights)

    @property
    def text(self) -> str:
        """The locked text, else the likeliest so far."""
        return self._locked_text if self.locked_at is not None else self._fusion.text

    @property
    def wanted(self) -> bool:
        """Whether it has as many digits as are expected, be they the right ones or not."""
        return len(self.text) in self._expected.lengths

    @property
    def fits(self) -> bool:
        """Whether the text has the expected format."""
        return self._expected.fits(self.text)

    @property
    def confidence(self) -> float:
        """Probability (0-1) that the text is right."""
        return self._fusion.confidence(self.text)

    @property
    def place(self) -> Place:
        """Text and box, for matching."""
        return Place(self.text, self.box)

    @property
    def busy(self) -> bool:
        """Whether more frames of the same sight may still decide something."""
        if self.locked_at is not None:
            return self._challenger is not None
        return self._fusion.frames < _HOPELESS

    @property
    def alone(self) -> float:
        """Share (0-1) of the evidence of late that it neither is a part of another string nor
        several."""
        both = self._for_alone + self._against
        return self._for_alone / both if both else 1.0

    @property
    def mistaken(self) -> bool:
        """Whether the frames of late hardly ever have it as a string of its own."""
        return self.alone < _MISTAKEN

    @property
    def believed(self) -> bool:
        """Whether it was found often enough of late to be still there."""
        return self._presence >= _PRESENT_AT_FIRST

    def move(self, shift: Shift) -> None:
        """Follow the camera's movement, ``shift`` (x, y) in pixels."""
        self.box = move_box(self.box, shift)
        self.quad = map_quad(self.quad, (1.0, 1.0), shift)

    def rescale(self, x: float, y: float) -> None:
        """Go on in frames whose width and height changed by these factors."""
        self.box = scale_box(self.box, x, y)
        self.quad = map_quad(self.quad, (x, y), (0.0, 0.0))
        self._fusion.change_scale()
        if self._challenger is not None:
            self._challenger.change_scale()

    def miss(self) -> None:
        """Count a frame that was read and does not show the string."""
        self._presence -= _PRESENT_RATE * self._presence

    def see(self, sighting: Sighting, time: float, demand: float = 1.0) -> bool:
        """Take in a sighting at ``time`` (seconds); return whether it is another string by now.

        It is where a lock ended because the writing changed: the track then wants a new id.
        ``demand`` is how many times the usual evidence is asked for (see Doubt).
        """
        self.last_seen, self.said = time, sighting.string.text
        self._presence += _PRESENT_RATE * (1.0 - self._presence)
        if sighting.string.text == self.text:
            self._weigh_grouping(sighting)
        speaks_for = agrees(sighting.string, self.text)
        if speaks_for or self.locked_at is None:
            self._follow(sighting.string)
        if not sighting.whole:
            return False
        part = len(sighting.string.text) < len(self.text) and not covers(
            sighting.string.box, self.box
        )
        if not part or self.locked_at is None:
            self._fusion.add(sighting.string, sighting.weights)
        changed = self._challenge(sighting, time, speaks_for, part, demand)
        if sighting.string.text == self._fusion.text:
            self._settle(time, demand, sighting.company)
        return changed

    def _weigh_grouping(self, sighting: Sighting) -> None:
        confidence = sighting.string.confidence
        self._for_alone *= _KEPT
        self._against *= _KEPT
        if sighting.regrouped:
            self._against += confidence
        else:
            self._for_alone += confidence

    def _follow(self, string: DigitString) -> None:
        mixed = [
            tuple(a + _FOLLOW * (b - a) for a, b in zip(old, new, strict=True))
            for old, new in zip(self.quad, string.quad, strict=True)
        ]
        (a, b, c, d) = ((float(x), float(y)) for x, y in mixed)
        self.quad = (a, b, c, d)
        self.box = Box(
            *(round(a + _FOLLOW * (b - a)) for a, b in zip(self.box, string.box, strict=True))
        )

    def _challenge(
        self, sighting: Sighting, time: float, speaks_for: bool, part: bool, demand: float
    ) -> bool:
        """Weigh what contradicts the text; return whether a lock ended by it."""
        if speaks_for:
            self._challenger = None
            return self._outvoted(sighting, demand)
        if self._challenger is None:
            self._challenger, self._challenged_at = Fusion(self._expected), time
        challenger = self._challenger
        challenger.add(sighting.string, sighting.weights)
        stood = time - self._challenged_at
        certain = is_certain(challenger, demand, sighting.company)
        if certain and stood >= (_PARTLY_AFTER if part else _CHANGED_AFTER):
            return self._restart(challenger)
        if challenger.frames >= _CONTRADICTED and stood >= _PARTLY_AFTER:
            return self._restart(challenger)
        return self._outvoted(sighting, demand)

    def _outvoted(self, sighting: Sighting, demand: float) -> bool:
        """End a lock whose text the whole of the evidence no longer bears out."""
        if self.locked_at is None or self._fusion.text == self._locked_text:
            return False
        if sighting.string.text != self._fusion.text:
            return False
        if not is_certain(self._fusion, demand, sighting.company):
            return False
        return self._restart(self._fusion)

    def _restart(self, fusion: Fusion) -> bool:
        was_locked = self.locked_at is not None
        self._fusion, self._challenger = fusion, None
        self._locked_text, self.locked_at = "", None
        self.shown = self.shown and not was_locked
        return was_locked

    def _settle(self, time: float, demand: float, company: int) -> None:
        """Show the string where its evidence suffices, and lock it where its text fits."""
        if not self.wanted or not self.believed:
            return
        frames, confidence = self._fusion.frames, self._fusion.confidence()
        if frames >= _SHOWN_FRAMES and confidence >= _SHOWN_CONFIDENCE:
            self.shown = True
        present = self._presence >= _for_length(_PRESENT, len(self._fusion.text) + company)
        ready = present and self.alone >= _ALONE and self.fits and time - self._since >= _SEEN
        if self.locked_at is None and ready and is_certain(self._fusion, demand, company):
            self._locked_text, self.locked_at, self.shown = self._fusion.text, time, True


def is_certain(fusion: Fusion, demand: float = 1.0, company: int = 0) -> bool:
    """Say whether the evidence about a string suffices to stop reading it.

    ``demand`` is how many times the usual number of frames is asked for, ``company`` that of the
    digits beside it.
    """
    if not fusion.text:
        return False
    length = len(fusion.text) + company
    return (
        fusion.frames >= demand * _for_length(_LEAST_FRAMES, length)
        and fusion.expected_change <= _STEADY
        and fusion.confidence() >= _for_length(_LEAST_CONFIDENCE, length)
    )


def _for_length(values: Sequence[float], length: int) -> float:
    return values[min(length, len(values)) - 1]
