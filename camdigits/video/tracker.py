"""Follow all strings from frame to frame. Knows no pictures, no windows and no clock."""

from __future__ import annotations

from collections.abc import Sequence

from camdigits.recognize.formats import Format
from camdigits.video.doubt import Doubt
from camdigits.video.places import Place, common_shift, in_the_way, match, reading_order
from camdigits.video.regroup import regroup
from camdigits.video.results import LiveString, State
from camdigits.video.track import Sighting, Track

# Seconds without being found after which a string is gone, while frames are read, and while none
# is (dark, blurred).
_GONE, _OUT_OF_SIGHT = 0.8, 3.0
# Strings that are followed at the same time; more than a camera shows legibly.
_MOST_TRACKS = 200
# A frame that became this much longer or shorter for its width shows another part of the scene.
_SAME_SHAPE = 0.05


class Tracker:
    """Strings with stable ids, from the readings of single frames.

    Times are seconds of any clock that does not run backwards.
    """

    def __init__(self, expected: Format | None = None) -> None:
        """Follow numbers; only those as long as ``expected`` are shown, and of these only those
        that have its format are locked."""
        self.expected = expected or Format.parse("any")
        self._tracks: list[Track] = []
        self._ids = 0
        self._updated = 0.0
        self._doubt = Doubt()

    @property
    def strings(self) -> tuple[LiveString, ...]:
        """The strings worth showing, in reading order."""
        shown = self._shown()
        return tuple(
            LiveString(t.id, t.text, t.confidence, t.quad, t.box, t.locked_at, t.fits)
            for t in (shown[index] for index in reading_order([t.box for t in shown]))
        )

    @property
    def state(self) -> State:
        """Searching without strings to show; reading while one is open; else locked."""
        shown = self._shown()
        if not shown:
            return "searching"
        decided = any(track.locked_at is not None for track in shown)
        waiting = any(track.locked_at is None and track.busy for track in shown)
        return "locked" if decided and not waiting else "reading"

    @property
    def busy(self) -> bool:
        """Whether more frames of the same sight may still decide something."""
        return any(track.busy for track in self._tracks)

    def update(self, sightings: Sequence[Sighting], time: float, letters: int = 0) -> None:
        """Take in what a frame shows, all its strings, at ``time``; ``letters`` counts the glyphs
        that it shows and that look like letters."""
        shift = common_shift([track.place for track in self._tracks], _places(sightings))
        for track in self._tracks:
            track.move(shift)
        self._part_with_mistaken(sightings)
        sightings = regroup([track.place for track in self._tracks], sightings)
        now = _places(sightings)
        pairs = match([track.place for track in self._tracks], now)
        self._doubt.note([track.said for track in self._tracks], pairs, sightings, letters)
        for index, track in enumerate(self._tracks):
            if index not in pairs:
                track.miss()
                continue
            sighting = sightings[pairs[index]]
            if track.see(sighting, time, self._doubt.demand(sighting.string.text)):
                track.id = self._next_id()
        self._tracks = [track for track in self._tracks if time - track.last_seen <= _GONE]
        self._updated = time
        known = set(pairs.values())
        for index, sighting in enumerate(sightings):
            if index not in known and sighting.whole and len(self._tracks) < _MOST_TRACKS:
                self._start(sighting, time)

    def hold(self, time: float) -> None:
        """Take a frame that shows the same as the last one read: what was there is there."""
        for track in self._tracks:
            if track.last_seen >= self._updated:
                track.last_seen = time
        self._updated = time
        self._tracks = [track for track in self._tracks if time - track.last_seen <= _GONE]

    def wait(self, time: float) -> None:
        """Let ``time`` pass without anything having been looked at."""
        self._tracks = [track for track in self._tracks if time - track.last_seen <= _OUT_OF_SIGHT]

    def rescale(self, old: tuple[int, int], new: tuple[int, int]) -> None:
        """Go on in frames of another size, (width, height) in pixels.

        Strings keep their ids where the shape is the same; otherwise all are forgotten.
        """
        x, y = new[0] / old[0], new[1] / old[1]
        if abs(x / y - 1) > _SAME_SHAPE:
            self.clear()
        for track in self._tracks:
            track.rescale(x, y)

    def clear(self) -> None:
        """Forget all strings. Ids are not used again."""
        self._tracks = []
        self._doubt = Doubt()

    def _shown(self) -> list[Track]:
        return [track for track in self._tracks if track.shown and track.wanted]

    def _part_with_mistaken(self, sightings: Sequence[Sighting]) -> None:
        """Forget strings that most frames join or split, where the frame at hand does so again."""
        self._tracks = [
            track
            for track in self._tracks
            if not track.mistaken
            or all(
                sighting.string.text == track.text
                for sighting in sightings
                if in_the_way(sighting.string.box, track.box)
            )
        ]

    def _start(self, sighting: Sighting, time: float) -> None:
        """Follow a new string, unless one that is still believed to be there is in its way."""
        rivals = [t for t in self._tracks if in_the_way(sighting.string.box, t.box)]
        if not any(track.believed for track in rivals):
            self._tracks = [track for track in self._tracks if track not in rivals]
            self._tracks.append(Track(sighting, self._next_id(), time, self.expected))

    def _next_id(self) -> int:
        self._ids += 1
        return self._ids


def _places(sightings: Sequence[Sighting]) -> list[Place]:
    return [Place(sighting.string.text, sighting.string.box) for sighting in sightings]
