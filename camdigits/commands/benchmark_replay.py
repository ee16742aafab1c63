"""Films replayed as a live reader meets them: its own delay drops frames, while the film runs on.

Plain functions of results and times, so that what they count can be checked by hand.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from camdigits.reading import Box, DigitString, Page
from camdigits.recognize.formats import Format
from camdigits.training.metrics import exact_matches
from camdigits.video.live_reader import LiveReader, PageReader
from camdigits.video.results import LiveResult, LiveString
from camdigits.video.simulated import SimulatedCamera

# A frame is sharp where nothing is spread further than this, in heights of the frame: two pixels
# at 1280x720, about half the stroke of the benchmark's digits.
_SHARP = 1 / 360


@dataclass(frozen=True)
class Film:
    """A rendered film: ``frames`` at ``fps``, which of them are ``sharp``, and for each of them
    the float64 (3, 3) homography from the picture to the frame in ``places``."""

    frames: Sequence[np.ndarray]
    fps: float
    sharp: Sequence[bool]
    places: Sequence[np.ndarray]

    @property
    def seconds(self) -> float:
        """The length of the film."""
        return len(self.frames) / self.fps

    @property
    def sharp_at(self) -> float | None:
        """When the first sharp frame comes, in seconds; None where none does."""
        return next((k / self.fps for k, sharp in enumerate(self.sharp) if sharp), None)


@dataclass(frozen=True)
class Shot:
    """A frame that was not dropped: its ``index``, its result, and the film's time, in seconds,
    at which that result was there."""

    index: int
    there: float
    result: LiveResult


@dataclass
class FilmFigures:
    """What one film showed. ``None`` in ``delays`` stands for a number that never locked.

    ``still``, ``singles`` and ``locks`` say of each string in the still picture, in the sharp
    frames that were read and at each lock whether it is right; ``confidences`` (0-1) how likely
    each was taken to be at its lock; ``where_right`` whether the locks are right at places where
    the still picture is read right. ``numbers`` stand in the picture, of which ``still_numbers``
    and ``locked_numbers`` were found exactly, and ``single_numbers`` on average over the frames.
    ``delays`` are seconds from the first sharp frame to the lock, one for each text that is right
    in the still picture. ``changes`` were shown in ``locked_seconds``.
    """

    seconds: float
    shots: int
    numbers: int
    still: list[bool]
    still_numbers: int
    singles: list[bool] = field(default_factory=list)
    single_numbers: float = 0.0
    locks: list[bool] = field(default_factory=list)
    locked_texts: list[str] = field(default_factory=list)
    confidences: list[float] = field(default_factory=list)
    locked_numbers: int = 0
    where_right: list[bool] = field(default_factory=list)
    delays: list[float | None] = field(default_factory=list)
    changes: int = 0
    locked_seconds: float = 0.0


class Recorder:
    """A reader that keeps what it reads: the single frames to compare locked strings with."""

    def __init__(self, reader: PageReader) -> None:
        self._reader = reader
        self.pages: list[Page] = []

    def read(
        self,
        image: np.ndarray,
        rotate: bool = True,
        expected: Format | None = None,
        again: bool = True,
    ) -> Page:
        """Read as the reader does."""
        page = self._reader.read(image, rotate, expected, again)
        self.pages.append(page)
        return page


def render(
    camera: SimulatedCamera,
    seconds: float,
    start: float = 0.0,
    cover: Callable[[np.ndarray, float], np.ndarray] | None = None,
) -> Film:
    """Film ``seconds`` from ``start`` on; takes more time than reading does.

    ``cover`` puts on a frame what is before the picture at a time in seconds.
    """
    first = round(start * camera.fps)
    indices = range(first, first + max(1, round(seconds * camera.fps)))
    frames = [camera.frame(k) for k in indices]
    if cover is not None:
        frames = [cover(frame, k / camera.fps) for k, frame in zip(indices, frames, strict=True)]
    return Film(
        frames,
        camera.fps,
        [camera.blur(k) <= _SHARP * camera.height for k in indices],
        [camera.homography(k) for k in indices],
    )


def replay(
    update: Callable[[np.ndarray, float], LiveResult],
    frames: Sequence[np.ndarray],
    fps: float,
    clock: Callable[[], float] = time.perf_counter,
) -> list[Shot]:
    """Show a film to ``update``, as LiveReader's, in the film's own time.

    Frame k comes at k / ``fps`` seconds. The next frame taken is the first that does not come
    before the last one's result was there; those between are dropped.
    """
    shots: list[Shot] = []
    free = 0.0
    for index, frame in enumerate(frames):
        shown = index / fps
        if shown < free:
            continue
        before = clock()
        result = update(frame, shown)
        free = shown + clock() - before
        shots.append(Shot(index, free, result))
    return shots


def film_figures(
    reader: PageReader, film: Film, numbers: Sequence[str], still: Page
) -> FilmFigures:
    """Replay a film of a picture on which ``numbers`` stand and measure what comes of it.

    ``still`` is the reading of the picture itself.
    """
    recorder = Recorder(reader)
    shots = replay(LiveReader(recorder).update, film.frames, film.fps)
    found, right = exact_matches(numbers, [s.text for s in still.strings])
    figures = FilmFigures(film.seconds, len(shots), len(numbers), right, sum(found))
    _compare_single_frames(figures, film, shots, recorder.pages, numbers)
    sure = [s for s, is_right in zip(still.strings, right, strict=True) if is_right]
    for shot, string in first_locks(shots):
        figures.locks.append(string.text in numbers)
        figures.locked_texts.append(string.text)
        figures.confidences.append(string.confidence)
        expected = _string_at(string, film.places[shot.index], sure)
        if expected is not None:
            figures.where_right.append(string.text == expected.text)
    figures.locked_numbers = sum(number in figures.locked_texts for number in numbers)
    if film.sharp_at is not None:
        figures.delays = lock_delays(shots, {s.text for s in sure}, film.sharp_at)
    figures.changes, figures.locked_seconds = changes_after_lock([shot.result for shot in shots])
    return figures


def first_locks(shots: Sequence[Shot]) -> list[tuple[Shot, LiveString]]:
    """Return each lock, by the id of its string, with the shot that first shows it."""
    first: dict[int, tuple[Shot, LiveString]] = {}
    for shot in shots:
        for string in shot.result.locked:
            first.setdefault(string.id, (shot, string))
    return list(first.values())


def lock_delays(shots: Sequence[Shot], texts: set[str], sharp_at: float) -> list[float | None]:
    """Return for each of ``texts`` the seconds from ``sharp_at`` until a lock on it was there.

    0 for a lock that comes before the frames are sharp, None where there is none.
    """
    there: dict[str, float] = {}
    for shot, string in first_locks(shots):
        there.setdefault(string.text, shot.there)
    return [max(0.0, there[t] - sharp_at) if t in there else None for t in sorted(texts)]


def changes_after_lock(results: Sequence[LiveResult]) -> tuple[int, float]:
    """Return how many locked strings came to say something else or lost their lock, and the
    seconds of film from the first lock on.

    The film's picture never changes nor leaves the frame, so that each of them is an error.
    """
    changes, begun = 0, None
    before: dict[int, str] = {}
    for result in results:
        now = {string.id: string.text for string in result.locked}
        changes += sum(now.get(ident) != text for ident, text in before.items())
        before = now
        if begun is None and now:
            begun = result.time
    return changes, 0.0 if begun is None else results[-1].time - begun


def poisson_upper(count: int, confidence: float = 0.95) -> float:
    """Return the largest mean of a Poisson variable that ``count`` events do not rule out.

    It solves P(X <= count | mean) = 1 - ``confidence``, one-sided (Garwood 1936,
    doi:10.1093/biomet/28.3-4.437): 3.0 for no event at all.
    """
    low, high = float(count), count + 10.0 * math.sqrt(count + 1.0)
    for _ in range(100):
        middle = (low + high) / 2
        if _poisson_at_most(count, middle) > 1.0 - confidence:
            low = middle
        else:
            high = middle
    return high


def _poisson_at_most(count: int, mean: float) -> float:
    if mean <= 0:
        return 1.0
    return sum(math.exp(i * math.log(mean) - mean - math.lgamma(i + 1)) for i in range(count + 1))


def _compare_single_frames(
    figures: FilmFigures,
    film: Film,
    shots: Sequence[Shot],
    pages: Sequence[Page],
    numbers: Sequence[str],
) -> None:
    read = [shot for shot in shots if not shot.result.skipped]
    found_in: list[int] = []
    for shot, page in zip(read, pages, strict=True):
        if film.sharp[shot.index]:
            found, right = exact_matches(numbers, [s.text for s in page.strings])
            figures.singles += right
            found_in.append(sum(found))
    figures.single_numbers = float(np.mean(found_in)) if found_in else 0.0


def _string_at(
    string: LiveString, place: np.ndarray, still: Sequence[DigitString]
) -> DigitString | None:
    """Return the string of the still picture in whose box the middle of ``string`` lies, by the
    homography from the picture to the frame."""
    x, y, w = np.linalg.inv(place) @ (*np.mean(string.quad, axis=0), 1.0)
    return next((s for s in still if _inside(s.box, float(x / w), float(y / w))), None)


def _inside(box: Box, x: float, y: float) -> bool:
    return box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height
