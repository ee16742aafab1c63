"""Readings that a person keeps: what was read, what it was corrected to, and its picture."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol
from uuid import uuid4


@dataclass(frozen=True)
class Kept:
    """One number that a person kept.

    ``text`` is what it says after corrections and ``read_as`` what was read; ``source`` says
    where it comes from (``camera``, ``drawing`` or a file's name); ``crop`` is a PNG of its part of
    the picture, or empty; ``at`` is the time of keeping, with its zone.
    """

    text: str
    read_as: str
    confidence: float
    source: str
    crop: bytes = b""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    id: str = field(default_factory=lambda: uuid4().hex)


class Readings(Protocol):
    """Where a person's readings are kept."""

    def add(self, kept: Kept) -> None:
        """Keep one more, or again: it takes the place of one of the same ``id``."""
        ...

    def all(self) -> tuple[Kept, ...]:
        """Return what is kept, oldest first."""
        ...

    def correct(self, id: str, text: str) -> None:
        """Change what one says. Raises KeyError where there is none of this ``id``."""
        ...

    def remove(self, id: str) -> None:
        """Forget one. Raises KeyError where there is none of this ``id``."""
        ...


class ReadingsInMemory:
    """Readings that are gone with the object that holds them."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}

    def add(self, kept: Kept) -> None:
        """Keep one more, or again: it takes the place of one of the same ``id``."""
        self._kept[kept.id] = kept

    def all(self) -> tuple[Kept, ...]:
        """Return what is kept, oldest first."""
        return tuple(self._kept.values())

    def correct(self, id: str, text: str) -> None:
        """Change what one says. Raises KeyError where there is none of this ``id``."""
        self._kept[id] = replace(self._kept[id], text=text)

    def remove(self, id: str) -> None:
        """Forget one. Raises KeyError where there is none of this ``id``."""
        del self._kept[id]
