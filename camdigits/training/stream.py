"""A stream of fresh training samples, made by other processes while the network trains."""

from __future__ import annotations

import multiprocessing
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from types import TracebackType

from camdigits.preprocess.binarize import InkSettings
from camdigits.segment.settings import SegmentSettings
from camdigits.training.samples import SampleMaker, Samples

BLOCK = 4000

_makers: list[SampleMaker] = []


class SampleStream:
    """Blocks of samples of the training split in a fixed order, whatever the number of processes.

    Use as a context manager; leaving it ends the processes.
    """

    def __init__(
        self,
        data: Path | None,
        ink: InkSettings,
        segment: SegmentSettings,
        seed: int,
        processes: int,
        ahead: int,
    ) -> None:
        # Spawned, not forked: a fork of a process that has loaded TensorFlow may hang.
        self._pool = ProcessPoolExecutor(
            processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start,
            initargs=(data, ink, segment),
        )
        self._seed = seed
        self._next = 0
        self._waiting: deque[Future[Samples]] = deque()
        for _ in range(ahead):
            self._submit()

    def __enter__(self) -> SampleStream:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def take(self) -> Samples:
        """Return the next block of ``BLOCK`` samples; waits until it is made."""
        block = self._waiting.popleft().result()
        self._submit()
        return block

    def _submit(self) -> None:
        self._waiting.append(self._pool.submit(_make, (self._seed, self._next)))
        self._next += 1


def _start(data: Path | None, ink: InkSettings, segment: SegmentSettings) -> None:
    import cv2  # noqa: PLC0415 - a process of its own, with the trainer on the other cores

    cv2.setNumThreads(1)
    _makers.append(SampleMaker(data, "train", ink, segment))


def _make(seed: tuple[int, ...]) -> Samples:
    return _makers[0].block(seed, BLOCK)
