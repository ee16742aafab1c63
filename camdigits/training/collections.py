"""The labeled pictures to measure with: photos of numbers, and the amounts of real cheques.

They lie in the data folder as ``photos/`` and ``strings/NAME/``, each with a ``labels.tsv``.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path

from camdigits.errors import DataError
from camdigits.reading import Box

PHOTOS = Path("photos")
CHEQUES = Path("strings") / "orand_car_a"
VARIABLE = "CAMDIGITS_DATA"


@dataclass(frozen=True)
class LabeledPicture:
    """One picture and the numbers that stand in it.

    ``rows`` holds the numbers of each text row in reading order, none for a picture without
    digits. ``source`` names the collection that the picture comes from. ``boxes`` holds a box for
    each digit, in reading order, where the labels give them.
    """

    path: Path
    source: str
    rows: list[list[str]]
    boxes: tuple[Box, ...] = ()
    tags: frozenset[str] = frozenset()

    @property
    def numbers(self) -> list[str]:
        """All numbers in reading order."""
        return [number for row in self.rows for number in row]

    @property
    def digits(self) -> str:
        """All digits in reading order, joined."""
        return "".join(self.numbers)


def measuring_folder(data: str | Path | None = None) -> Path:
    """Return the folder that holds ``photos`` and ``strings``.

    ``data`` (or else the environment variable CAMDIGITS_DATA) may name that folder itself, or the
    folder ``data`` of training sets that lies beside the two. Raises DataError where there is
    none.
    """
    named = data or os.environ.get(VARIABLE)
    if not named:
        raise DataError(
            f"no data folder is named; expected one that holds {PHOTOS} and {CHEQUES.parent}: "
            f"give --data FOLDER or set {VARIABLE}"
        )
    folder = Path(named)
    for candidate in (folder, folder.parent):
        if (candidate / PHOTOS).is_dir() or (candidate / CHEQUES.parent).is_dir():
            return candidate
    raise DataError(
        f"{folder} holds no {PHOTOS} and no {CHEQUES.parent}, nor does the folder above it: "
        f"give --data FOLDER or set {VARIABLE} to the folder that does"
    )


def load_photos(data: str | Path | None = None) -> list[LabeledPicture]:
    """Load the labels of the photos; a picture's source is the ``repo`` it was taken from.

    Raises DataError where the folder, its ``labels.tsv`` or a labeled picture is missing, or a
    label is no number.
    """
    return _load(measuring_folder(data) / PHOTOS)


def load_cheques(data: str | Path | None = None) -> list[LabeledPicture]:
    """Load the labels of the cheque amounts, with the box of every digit.

    Raises DataError where the folder, its ``labels.tsv`` or a labeled picture is missing, a label
    is no number, or its boxes are not as many as its digits.
    """
    pictures = _load(measuring_folder(data) / CHEQUES)
    for picture in pictures:
        if len(picture.boxes) != len(picture.digits):
            raise DataError(
                f"{picture.path}: labels.tsv gives {len(picture.boxes)} boxes to the "
                f"{len(picture.digits)} digits of {picture.digits!r}; expected one for each"
            )
    return pictures


def _load(folder: Path) -> list[LabeledPicture]:
    table = folder / "labels.tsv"
    try:
        with table.open(encoding="utf-8", newline="") as file:
            records = list(csv.DictReader(file, delimiter="\t"))
    except FileNotFoundError:
        raise DataError(f"{table} is missing; expected the labels of its pictures") from None
    return [_picture(folder, record) for record in records]


def _picture(folder: Path, record: dict[str, str | None]) -> LabeledPicture:
    name, lines = record.get("file"), record.get("lines")
    if not name or lines is None:
        raise DataError(f"{folder / 'labels.tsv'}: a line lacks its file or lines column")
    path = folder / name
    if not path.is_file():
        raise DataError(f"{path} is missing; labels.tsv beside it names it")
    rows = [row.split() for row in lines.split("|")] if lines.strip() else []
    for number in (number for row in rows for number in row):
        if not (number.isascii() and number.isdigit()):
            raise DataError(f"{path}: labels.tsv says {number!r}; expected digits 0-9")
    return LabeledPicture(
        path=path,
        source=record.get("repo") or folder.name,
        rows=rows,
        boxes=_boxes(path, record.get("boxes_x_y_w_h") or ""),
        tags=frozenset((record.get("tags") or "").replace(",", " ").split()),
    )


def _boxes(path: Path, text: str) -> tuple[Box, ...]:
    try:
        return tuple(Box(*map(int, box.split(","))) for box in text.split(";") if box)
    except (TypeError, ValueError):
        raise DataError(
            f"{path}: labels.tsv gives the boxes {text!r}; expected x,y,w,h;x,y,w,h..."
        ) from None
