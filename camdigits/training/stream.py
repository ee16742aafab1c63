"""A stream of fresh training samples, made by other processes while the network trains."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

Block = TypeVar("Block")
Block_co = TypeVar("Block_co", covariant=True)


class Maker(Protocol[Block_co]):
    """Makes samples; the same seed gives the same ones."""

    def block(self, seed: tuple[int, ...], count: int) -> Block_co:
        """Return ``count`` samples."""


_makers: list[Maker[Any]] = []


class SampleStream(Generic[Block]):
    """Blocks of ``size`` samples in a fixed order, whatever the number of processes.

    ``make`` is called once in each process. Use as a context manager; leaving it ends the
    processes.
    """

    def __init__(
        self, make: Callable[[], Maker[Block]], size: int, seed: int, processes: int, ahead: int
    ) -> None:
        # Spawned, not forked: a fork of a process that has loaded TensorFlow may hang.
        self._pool = ProcessPoolExecutor(
            processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start,
            initargs=(make,),
        )
        self._size, self._seed = size, seed
        self._next = 0
        self._waiting: deque[Future[Block]] = deque()
        for _ in range(ahead):
            self._submit()

    def __enter__(self) -> SampleStream[Block]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def take(self) -> Block:
        """Return the next block; waits until it is made."""
        block = self._waiting.popleft().result()
        self._submit()
        return block

    def _submit(self) -> None:
        seed = (self._seed, self._next)
        self._waiting.append(self._pool.submit(_make, seed, self._size))
        self._next += 1


def _start(make: Callable[[], Maker[Any]]) -> None:
    import cv2  # noqa: PLC0415 - a process of its own, with the trainer on the other cores

    cv2.setNumThreads(1)
    _makers.append(make())


def _make(seed: tuple[int, ...], size: int) -> Any:
    return _makers[0].block(seed, size)
