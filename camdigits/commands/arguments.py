"""What the commands share: checked numbers, and files that may not be writable."""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from camdigits.errors import CamdigitsError
from camdigits.preprocess.files import printable

_SEEDS = 2**32  # Keras also seeds NumPy's old generator, which takes no more


def count(text: str) -> int:
    """Return a whole number from 1. Raises argparse.ArgumentTypeError for anything else."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, got {text!r}")
    return int(text)


def seed(text: str) -> int:
    """Return a whole number that is a seed. Raises argparse.ArgumentTypeError for anything else."""
    if not (text.isascii() and text.isdigit() and int(text) < _SEEDS):
        raise argparse.ArgumentTypeError(
            f"expected a whole number from 0 to {_SEEDS - 1}, got {text!r}"
        )
    return int(text)


def seconds(least: float, most: float, hint: str = "") -> Callable[[str], float]:
    """Return what reads a number of seconds between two, both allowed, and raises
    argparse.ArgumentTypeError, which ends with ``hint``, for anything else."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(
                f"expected seconds from {least:g} to {most:g}, got {text!r}{hint}"
            )
        return value

    return read


def new_file(text: str) -> Path:
    """Return the path of a file that can be written, so that a long run's result is not lost.

    Raises argparse.ArgumentTypeError for a folder, or where it or its folder is missing or locked.
    """
    path = Path(text)
    place = path if path.exists() else path.parent
    if path.is_dir() or not path.parent.is_dir() or not os.access(place, os.W_OK):
        raise argparse.ArgumentTypeError(
            f"{text}: expected a file that can be written, in a folder that is there"
        )
    return path


@contextmanager
def writing(path: str | Path) -> Iterator[None]:
    """Turn a failure to write ``path`` into a CamdigitsError of one plain line."""
    try:
        yield
    except OSError as error:
        raise CamdigitsError(
            f"{printable(str(path))}: cannot be written ({error.strerror}); "
            "give a place where files may be"
        ) from None


def machine() -> str:
    """Return what a report says of the machine that it was made on."""
    return f"{platform.machine()}, {os.cpu_count()} CPUs, {platform.system()}"


def write_report(path: Path | None, report: Mapping[str, Any]) -> None:
    """Write a report as JSON, if a path is given. Raises CamdigitsError where that fails.

    For calling before anything is printed: a closed pipe ends a command there.
    """
    if path:
        with writing(path):
            text = json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False)
            path.write_text(text + "\n", encoding="utf-8")
