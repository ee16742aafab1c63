"""What a person names on the command line, as the list of files it stands for."""

from __future__ import annotations

import glob
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from camdigits.errors import CamdigitsError, PictureError
from camdigits.preprocess.documents import Pages
from camdigits.preprocess.files import open_pages, printable
from camdigits.preprocess.folders import natural, pictures_in

STANDARD_INPUT = "-"


@dataclass(frozen=True)
class Input:
    """One file to read; ``source`` is its path as given, or ``-`` for standard input."""

    source: str

    @property
    def name(self) -> str:
        """What messages call it: one line of printable characters."""
        return "standard input" if self.source == STANDARD_INPUT else printable(self.source)

    @property
    def stem(self) -> str:
        """The name for pictures made of it, without folder and suffix."""
        return "stdin" if self.source == STANDARD_INPUT else Path(self.source).stem

    def open(self) -> Pages:
        """Return its pages. Raises PictureError."""
        if self.source != STANDARD_INPUT:
            return open_pages(self.source, self.name)
        if sys.stdin is None:
            raise PictureError(f"{self.name}: it is closed; send a picture to it")
        return open_pages(sys.stdin.buffer, self.name)


def gather(arguments: list[str]) -> tuple[list[Input], list[CamdigitsError]]:
    """Return the files that the arguments stand for, in order, and what was wrong with some.

    A folder stands for the pictures directly in it (by suffix or content, hidden files left
    out), a pattern that the shell left alone for the paths that match it; both in natural order
    (``p2`` before ``p10``).
    """
    inputs: list[Input] = []
    errors: list[CamdigitsError] = []
    for argument in arguments:
        sources: dict[str, None] = {}
        for path in _matches(argument):
            try:
                sources |= dict.fromkeys(_files(path))
            except PictureError as error:
                errors.append(error)
        inputs += map(Input, sources)
    return inputs, errors


def _matches(argument: str) -> list[str]:
    """Return the paths that a pattern matches, or the argument where it is none or matches none."""
    if argument == STANDARD_INPUT or os.path.lexists(argument) or not glob.has_magic(argument):
        return [argument]
    matches = sorted(glob.glob(argument, recursive=True), key=natural)
    if "**" in argument:  # it matches what is in the folders as well
        matches = [match for match in matches if not os.path.isdir(match)]
    return matches or [argument]


def _files(path: str) -> list[str]:
    if path == STANDARD_INPUT:
        return [path]
    if os.path.isdir(path):
        return pictures_in(path)
    if glob.has_magic(path) and not os.path.lexists(path):
        raise PictureError(f"{printable(path)}: no file matches; check the pattern")
    return [path]
