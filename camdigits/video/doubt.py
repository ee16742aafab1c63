"""How far a scene can be trusted to hold numbers at all.

Letters, textures and edges pass for digits now and then, some of them steadily. But where they do,
much else is read that changes from frame to frame or that the reader itself doubts, while numbers
on a page are read alike each time. So a scene's other strings are evidence about each one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from camdigits.video.track import Sighting

# How fast the trust follows the frames.
_RATE = 0.3
# Trust from which a scene is above suspicion, and below which nothing in it is believed.
_TRUSTED, _DISTRUSTED = 0.85, 0.5
# Times the usual evidence that is asked for more, for each tenth of trust that lacks.
_MORE = 0.5


class Doubt:
    """The trust in a scene, from how well each frame's reading repeats the last."""

    def __init__(self) -> None:
        self._trust: float | None = None

    @property
    def demand(self) -> float:
        """How many times the usual evidence a string must bring here: 1, more, or infinity."""
        trust = 0.0 if self._trust is None else self._trust
        if trust < _DISTRUSTED:
            return math.inf
        return 1.0 + 10 * _MORE * max(0.0, _TRUSTED - trust)

    def note(
        self, said: Sequence[str], pairs: Mapping[int, int], sightings: Sequence[Sighting]
    ) -> None:
        """Take in a frame: what each known string ``said`` when it was last seen, what the frame
        shows, and which is which (indices of ``said`` to indices of ``sightings``)."""
        strings = [sighting.string for sighting in sightings]
        total = sum(len(string.text) for string in strings)
        if not total or not said:
            return
        repeated = [strings[j] for i, j in pairs.items() if strings[j].text == said[i]]
        share = sum(len(string.text) * string.confidence for string in repeated) / total
        if self._trust is None:
            self._trust = share
        self._trust += _RATE * (share - self._trust)
