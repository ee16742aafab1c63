"""The pictures that a person put on the page Photos, what was read in them, and corrections."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import cv2
import numpy as np

from camdigits.errors import READING_ERRORS, in_words
from camdigits.overlay import draw_page
from camdigits.preprocess.documents import Pages
from camdigits.preprocess.files import open_pages, printable
from camdigits.reader import Reader
from camdigits.reading import Page
from camdigits.records.kept import Kept
from camdigits.records.tables import Row, corrected_record, corrected_rows
from camdigits.trace import Trace
from camdigits.web.parts import crop_png, within

# Bytes of files, as they came, that one person's album holds at most.
MAX_BYTES = 200_000_000
# Longer side of the pictures that are shown, in pixels.
SHOWN_SIDE = 1600
_JPEG_QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 88]

# Decoded pictures are large: there is one at a time, whoever's it is.
_turn = threading.Lock()


@dataclass(frozen=True)
class Photo:
    """A file as it came."""

    name: str
    data: bytes = field(repr=False)
    id: str = field(default_factory=lambda: uuid4().hex)

    def open(self, number: int) -> Pages:
        """Return its pages, so that the next is that of this ``number``. Raises PictureError."""
        pages = open_pages(self.data, self.name)
        pages.number = number - 1
        return pages


@dataclass(frozen=True)
class Sheet:
    """A picture, or one page of a document, as it was read.

    ``number`` counts the pages of a document of several from 1 and is None for others. ``crops``
    are PNG files of the page's strings.
    """

    photo: Photo
    number: int | None
    page: Page
    crops: tuple[bytes, ...] = field(repr=False)

    @property
    def id(self) -> str:
        """Its name within the program."""
        return f"{self.photo.id}-{self.number or 1}"

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.photo.name if self.number is None else f"{self.photo.name}, page {self.number}"

    def number_id(self, index: int) -> str:
        """Return the name of its number of this ``index`` within the program."""
        return f"{self.id}-{index}"

    def trace(self, reader: Reader) -> Trace:
        """Return what each stage of reading makes of it at first sight. Raises one of
        READING_ERRORS."""
        with _turn:
            return reader.trace(self._picture())

    def views(self, page: Page) -> tuple[bytes, bytes]:
        """Return the picture, and the picture with ``page`` drawn on it, as JPEG files to look at.

        Raises one of READING_ERRORS.
        """
        with _turn:
            picture = self._picture()
            return _to_jpeg(picture), _to_jpeg(draw_page(picture, page))

    def _picture(self) -> np.ndarray:
        return next(self.photo.open(self.number or 1))


class Album:
    """One person's pictures: what waits to be read, what was read, what is wrong with the rest."""

    def __init__(self) -> None:
        self.waiting: list[Photo] = []
        self.sheets: list[Sheet] = []
        self.problems: list[str] = []
        self._next_page = 1
        self._texts: dict[str, str] = {}

    def add(self, name: str, data: bytes) -> None:
        """Take a file to be read; where there is no room for it, say so in ``problems``."""
        photo = Photo(printable(name), data)
        photos = {sheet.photo.id: sheet.photo for sheet in self.sheets}.values()
        held = sum(len(other.data) for other in (*photos, *self.waiting))
        if held + len(data) <= MAX_BYTES:
            self.waiting.append(photo)
        else:
            self.problems.append(
                f"{photo.name}: all pictures together are over {MAX_BYTES // 1_000_000} MB; "
                "remove some, then add it again"
            )

    def read_next(self, reader: Reader) -> None:
        """Read a page of the file that waits longest; what is wrong goes into ``problems``."""
        photo, number = self.waiting[0], self._next_page
        count = 1
        name = photo.name
        try:
            with _turn:
                pages = photo.open(number)
                count = pages.count
                name = f"{photo.name}, page {number}" if count > 1 else photo.name
                picture = next(pages)
                page = reader.read(picture)
                crops = tuple(crop_png(picture, string.quad) for string in page.strings)
            self.sheets.append(Sheet(photo, number if count > 1 else None, page, crops))
        except READING_ERRORS as error:
            self.problems.append(in_words(error, name))
        if number < count:
            self._next_page += 1
        else:
            self.waiting.pop(0)
            self._next_page = 1

    def stop(self) -> None:
        """Leave what waits unread."""
        self.waiting.clear()
        self._next_page = 1

    @property
    def reading(self) -> str:
        """What a person calls the page that :meth:`read_next` will read."""
        name = self.waiting[0].name
        return name if self._next_page == 1 else f"{name}, page {self._next_page}"

    def remove(self, photo: Photo) -> None:
        """Forget a file and all that was read in it."""
        self.sheets = [sheet for sheet in self.sheets if sheet.photo is not photo]

    def correct(self, number_id: str, text: str) -> None:
        """Set what a number says; an empty ``text`` says that it is none."""
        self._texts[number_id] = text

    def texts(self, sheet: Sheet) -> list[str]:
        """Return what the numbers of a sheet say after corrections."""
        return [
            self._texts.get(sheet.number_id(index), string.text)
            for index, string in enumerate(sheet.page.strings)
        ]

    def corrected(self, sheet: Sheet) -> Page:
        """Return a sheet's page as the person corrected it; corrections are beyond doubt."""
        strings = [
            string if text == string.text else replace(string, text=text, accepted=True)
            for string, text in zip(sheet.page.strings, self.texts(sheet), strict=True)
            if text
        ]
        return replace(sheet.page, strings=tuple(strings))

    def rows(self) -> list[Row]:
        """Return all numbers, corrected, as rows of CORRECTED_COLUMNS."""
        return [
            row
            for sheet in self.sheets
            for row in corrected_rows(sheet.photo.name, sheet.number, sheet.page, self.texts(sheet))
        ]

    def records(self) -> list[dict[str, Any]]:
        """Return all sheets, corrected, as plain values, ready for JSON."""
        return [
            corrected_record(sheet.photo.name, sheet.number, sheet.page, self.texts(sheet))
            for sheet in self.sheets
        ]

    def kept(self) -> list[Kept]:
        """Return all numbers, corrected, as readings to keep; always with the same ids."""
        return [
            Kept(
                text=text,
                read_as=string.text,
                confidence=string.confidence,
                source=sheet.name,
                crop=crop,
                id=sheet.number_id(index),
            )
            for sheet in self.sheets
            for index, (string, text, crop) in enumerate(
                zip(sheet.page.strings, self.texts(sheet), sheet.crops, strict=True)
            )
            if text
        ]


def _to_jpeg(picture: np.ndarray) -> bytes:
    shown = within(picture, SHOWN_SIDE, SHOWN_SIDE)
    return cv2.imencode(".jpg", shown, _JPEG_QUALITY)[1].tobytes()
