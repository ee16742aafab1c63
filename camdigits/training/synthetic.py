"""Written numbers to measure with: strings of 2 to 10 digits by the hands of the test split.

Every picture follows from the seed and its index alone, so that one process or several, now or
later, make the same.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from camdigits.reader import Reader
from camdigits.training.figures import Reading
from camdigits.training.hands import hands
from camdigits.training.pages import WriterMix
from camdigits.training.paper import photograph
from camdigits.training.paper_style import PaperStyle
from camdigits.training.strings import StringStyle, compose

LENGTHS = tuple(range(2, 11))
PAPERS = ("plain", "mixed")
TOUCHING = (0.0, 0.5)
_CHUNK = 25
_LEAST_TO_SHARE = 400
_HEIGHTS = (26.0, 64.0)


class Task(Protocol):
    """One picture to be written, and read."""

    @property
    def name(self) -> str:
        """What readings and contact sheets call it."""

    @property
    def source(self) -> str:
        """The condition, as the tables name it."""

    def write(self, mix: WriterMix, seed: int) -> tuple[np.ndarray, tuple[str, ...]]:
        """Return the picture, uint8 BGR or gray, and its numbers in reading order."""


@dataclass(frozen=True)
class StringTask:
    """One string to be written: its length, paper, and the share of neighbors that touch."""

    index: int
    length: int
    paper: str
    touching: float

    @property
    def name(self) -> str:
        """What readings and contact sheets call it."""
        return f"string {self.index}"

    @property
    def source(self) -> str:
        """The condition, as the tables name it."""
        return f"{self.paper}, {self.touching:.0%} touching"

    def write(self, mix: WriterMix, seed: int) -> tuple[np.ndarray, tuple[str, ...]]:
        """Return the picture, uint8 gray (h, w), and its one number.

        Digits are 26 to 64 pixels tall.
        """
        rng = np.random.default_rng([seed, self.index])
        height = float(np.exp(rng.uniform(*np.log(_HEIGHTS))))
        style = replace(StringStyle.random(rng, touching=self.touching), height=height)
        labels = [str(digit) for digit in rng.integers(0, 10, self.length)]
        written = compose(rng, mix.pick(rng, "handwriting"), labels, style)
        sheet = around(written.ink, height, rng)
        kind = None if self.paper == "mixed" else self.paper
        picture = photograph(sheet, rng, PaperStyle.random(rng, kind, size=height))
        return picture, (written.text,)


def around(ink: np.ndarray, height: float, rng: np.random.Generator) -> np.ndarray:
    """Return ``ink``, uint8 (h, w), with about one digit ``height`` of paper around it."""
    top, bottom, left, right = (round(height * share) for share in rng.uniform(0.6, 1.4, 4))
    return cv2.copyMakeBorder(ink, top, bottom, left, right, cv2.BORDER_CONSTANT)


def string_tasks(count: int) -> list[StringTask]:
    """Return ``count`` tasks that take all papers, shares and lengths in turn."""
    conditions = [
        (length, paper, touching) for length in LENGTHS for paper in PAPERS for touching in TOUCHING
    ]
    return [StringTask(i, *conditions[i % len(conditions)]) for i in range(count)]


def read_tasks(
    tasks: Sequence[Task],
    data: Path | None,
    model: Path,
    *,
    seed: int,
    processes: int = 2,
    progress: Callable[[int], object] = lambda done: None,
) -> list[Reading]:
    """Write and read all pictures; the readings come in the order of the tasks.

    ``model`` is the model's folder; ``progress`` is called with the number of pictures done since
    its last call. Few are read in this process, many in ``processes`` of their own.
    Raises DataError where there are no hands to write with.
    """
    chunks = [tasks[i : i + _CHUNK] for i in range(0, len(tasks), _CHUNK)]
    if len(tasks) < _LEAST_TO_SHARE:
        processes = 1
    readings: list[Reading] = []
    for part in _parts(chunks, data, model, seed, processes):
        readings.extend(part)
        progress(len(part))
    return readings


def _parts(
    chunks: list[Sequence[Task]], data: Path | None, model: Path, seed: int, processes: int
) -> Iterator[list[Reading]]:
    read = partial(_read_chunk, data, model, seed)
    if processes <= 1:
        yield from map(read, chunks)
        return
    # A forked child would share the interpreter's and OpenCV's threads in an unknown state.
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _start) as pool:
        yield from pool.map(read, chunks)


def _start() -> None:
    """Run once in each process of the pool: the processes share the cores, not the threads."""
    cv2.setNumThreads(1)


def _read_chunk(data: Path | None, model: Path, seed: int, tasks: Sequence[Task]) -> list[Reading]:
    mix, reader = _tools(data, model)
    readings = []
    for task in tasks:
        picture, numbers = task.write(mix, seed)
        page = reader.read(picture)
        readings.append(Reading.of(task.name, task.source, numbers, page))
    return readings


@lru_cache(maxsize=1)
def _tools(data: Path | None, model: Path) -> tuple[WriterMix, Reader]:
    """Return what a process needs to write and read strings, loaded once."""
    return hands(data, "test"), Reader(model)
