"""What was read, as lines of text, JSON or CSV, and pictures of it in a folder."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from camdigits.commands.inputs import Input
from camdigits.errors import CamdigitsError
from camdigits.preprocess.files import printable
from camdigits.reading import Page
from camdigits.records.tables import csv_lines, page_record, page_rows

_JPEG_LIMIT = 65_500
_JPEG_QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 92]


@dataclass(frozen=True)
class Result:
    """What was read in one picture; ``number`` counts the pages of a document from 1.

    ``number`` is None for a picture and for a document of one page.
    """

    input: Input
    number: int | None
    page: Page


def as_text(result: Result, headed: bool) -> str:
    """Return a row a line, ``?`` after what is not accepted; ``headed`` puts the name above.

    The pages of a document are always headed.
    """
    lines = [" ".join(string.label for string in row) for row in result.page.rows]
    if result.number is not None:
        lines.insert(0, f"{result.input.name}, page {result.number}:")
    elif headed:
        lines.insert(0, f"{result.input.name}:")
    return "\n".join(lines)


def as_json(result: Result) -> str:
    """Return one JSON object on one line, of ASCII characters: that of ``page_record``."""
    return json.dumps(page_record(result.input.source, result.number, result.page))


def as_csv(result: Result) -> str:
    """Return one CSV line a string, its columns those of PAGE_COLUMNS; empty without strings."""
    return csv_lines(page_rows(result.input.source, result.number, result.page))


class PictureFolder:
    """A folder that takes one picture an input, none of which replaces another or an input."""

    def __init__(self, folder: Path, ending: str, inputs: list[Input]) -> None:
        """Make the folder where it is missing; ``ending`` follows the inputs' names in it.

        Raises CamdigitsError where no file can be written.
        """
        self._folder = folder
        self._ending = ending
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except (OSError, ValueError) as error:
            raise self._refusal(folder, error) from error
        here = os.path.realpath(folder)
        paths = [os.path.split(item.source) for item in inputs]
        self._taken = {name.casefold() for at, name in paths if os.path.realpath(at) == here}

    def write(self, result: Result, picture: np.ndarray, suffix: str) -> None:
        """Write a picture, uint8 BGR (height, width, 3), named after what it was read from.

        ``suffix`` is ``.jpg`` or ``.png``; pictures too long for JPEG become PNG. Raises
        CamdigitsError.
        """
        if max(picture.shape) > _JPEG_LIMIT:
            suffix = ".png"
        path = self._folder / self._unused_name(result, suffix)
        _, data = cv2.imencode(suffix, picture, _JPEG_QUALITY if suffix == ".jpg" else [])
        try:
            path.write_bytes(data.tobytes())
        except OSError as error:
            raise self._refusal(path, error) from error

    def _unused_name(self, result: Result, suffix: str) -> str:
        stem = result.input.stem
        if result.number is not None:
            stem += f"-page{result.number}"
        name = f"{stem}.{self._ending}{suffix}"
        count = 1
        while name.casefold() in self._taken:
            count += 1
            name = f"{stem}-{count}.{self._ending}{suffix}"
        self._taken.add(name.casefold())
        return name

    @staticmethod
    def _refusal(path: Path, error: Exception) -> CamdigitsError:
        reason = getattr(error, "strerror", None) or error
        return CamdigitsError(
            f"{printable(str(path))}: cannot be written ({reason}); give a folder that can be"
        )
