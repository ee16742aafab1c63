"""What a source of frames is, for everything that takes frames from one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture of a film: ``image`` uint8 BGR (height, width, 3), ``time`` in seconds.

    Times rise from frame to frame of a source. Those of a live source are of
    ``time.monotonic()``, those of a recording begin near 0.
    """

    image: np.ndarray
    time: float


class FrameSource(ABC):
    """Frames one after the other, from a camera or a recording; to be used by one thread.

    ``live`` says that frames come when they come and are lost if nobody takes them; all others
    are played back, as fast as they are read. ``fps`` is the nominal frame rate, above 0.
    ``name`` is what messages call the source, ``skipped`` what was left out of it so far, one
    line each. Frames of one source may differ in size.
    """

    live: bool = False
    fps: float = 30.0
    name: str = "the source"

    def __init__(self) -> None:
        self.skipped: list[str] = []

    @property
    @abstractmethod
    def ended(self) -> bool:
        """Whether no frame will come anymore; live sources fail with SourceError instead."""

    @abstractmethod
    def read(self) -> Frame | None:
        """Return the next frame, or None: at the end, or while a live source has none yet.

        Blocks while a live source waits for its next frame. Raises SourceError for a live source
        that is gone, and for a recording of which nothing can be read.
        """

    @abstractmethod
    def reopen(self) -> None:
        """Begin again: connect to a live source anew, play a recording from its start.

        Raises SourceError where that is impossible, for a live source as long as it is away.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of the camera or file; closing twice is allowed, reading after it is not."""
