"""The pictures of a folder, in the order in which a person counts."""

from __future__ import annotations

import os
import re

from camdigits.errors import PictureError
from camdigits.preprocess.files import printable, seems_picture


def pictures_in(folder: str) -> list[str]:
    """Return the paths of the pictures directly in a folder, in natural order.

    What is a picture is told by suffix or content; hidden files are left out. Raises
    PictureError for a folder that has none or cannot be read.
    """
    try:
        listed = [name for name in os.listdir(folder) if not name.startswith(".")]
    except OSError as error:
        raise PictureError(
            f"{printable(folder)}: the folder cannot be read ({error.strerror}); "
            "change its permissions or name the files"
        ) from error
    paths = [os.path.join(folder, name) for name in sorted(listed, key=natural)]
    pictures = [path for path in paths if os.path.isfile(path) and seems_picture(path)]
    if not pictures:
        raise PictureError(f"{printable(folder)}: no picture is in this folder; name another")
    return pictures


def natural(name: str) -> list[tuple[int, str]]:
    """Return a sorting key by which numbers in names count as numbers: p2 before p10."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(int(part), "") if part.isdigit() and part.isascii() else (-1, part) for part in parts]
