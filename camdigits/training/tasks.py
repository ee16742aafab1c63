"""Pictures to measure with, which are written by the hands of the test split and read.

Every picture follows from the seed and its index alone, so that one process or several, now or
later, make the same.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from camdigits.reader import Reader
from camdigits.training.figures import Reading
from camdigits.training.hands import hands
from camdigits.training.pages import WriterMix

_CHUNK = 25
_LEAST_TO_SHARE = 400

Written = tuple[np.ndarray, tuple[str, ...]]
"""A picture, uint8 BGR (h, w, 3) or gray (h, w), and its numbers in reading order."""
Write = Callable[[np.random.Generator, WriterMix, str], Written]
"""Writes a picture of a kind."""


class Task(Protocol):
    """One picture to be written, and read."""

    @property
    def name(self) -> str:
        """What readings and contact sheets call it."""

    @property
    def source(self) -> str:
        """The condition, as the tables name it."""

    def write(self, mix: WriterMix, seed: int) -> Written:
        """Return the picture and its numbers."""


@dataclass(frozen=True)
class KindTask:
    """One picture of a set to be written: the ``source`` is its kind."""

    index: int
    name: str
    source: str
    make: Write

    def write(self, mix: WriterMix, seed: int) -> Written:
        """Return the picture and its numbers."""
        return self.make(np.random.default_rng([seed, self.index]), mix, self.source)


def in_turn(name: str, kinds: Iterable[str], make: Write, count: int) -> list[KindTask]:
    """Return ``count`` tasks of the set ``name`` that take all ``kinds`` in turn."""
    sources = list(kinds)
    return [KindTask(i, f"{name} {i}", sources[i % len(sources)], make) for i in range(count)]


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
