"""Documents of several pages: PDF scans rendered page by page."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import numpy as np

from camdigits.errors import PictureError

PAGE_DPI = 200
MAX_PAGE_SIDE = 3500
_POINTS_PER_INCH = 72
_PASSWORD_ERROR = 4

# PDFium keeps global state and may not be entered from two threads at once.
_pdfium_lock = threading.Lock()


class Pages(Iterator[np.ndarray]):
    """The pages of one file, made one at a time as they are asked for; ``count`` says how many.

    A page that cannot be made raises PictureError from ``next``, and the next call goes on with
    the page after it. ``number`` is that of the page last asked for, from 1.
    """

    def __init__(self, count: int, load: Callable[[int], np.ndarray]) -> None:
        """Serve ``load(index)`` for index 0 to ``count`` - 1: uint8 BGR (height, width, 3)."""
        self.count = count
        self.number = 0
        self._load = load

    def __next__(self) -> np.ndarray:
        """Return the next page, uint8 BGR. Raises StopIteration, or PictureError for this page."""
        if self.number >= self.count:
            raise StopIteration
        self.number += 1
        return self._load(self.number - 1)


def pdf_pages(data: bytes, name: str, max_pixels: int) -> Pages:
    """Return the pages of a PDF file, each rendered when it is asked for.

    Pages are rendered at 200 dots an inch, large ones at less, so that the longer side stays
    within 3500 pixels. ``max_pixels`` bounds each picture inside a page. Raises PictureError
    where the document is broken, locked or empty.
    """
    import pypdfium2  # noqa: PLC0415 - 0.1 s that only documents need

    with _pdfium_lock:
        try:
            document = pypdfium2.PdfDocument(data)
            count = len(document)
        except pypdfium2.PdfiumError as error:
            # The code may be left over from the document before.
            if error.err_code == _PASSWORD_ERROR and b"/Encrypt" in data:
                raise PictureError(
                    f"{name}: this PDF is locked with a password; save a copy without one"
                ) from error
            raise PictureError(
                f"{name}: this PDF is damaged, ends early or has no pages; scan or save it again"
            ) from error

    def load(index: int) -> np.ndarray:
        with _pdfium_lock:
            try:
                return _render(document[index], f"{name}, page {index + 1}", max_pixels)
            except pypdfium2.PdfiumError as error:
                raise PictureError(
                    f"{name}, page {index + 1}: this page is damaged; scan or save it again"
                ) from error

    return Pages(count, load)


def _render(page, name: str, max_pixels: int) -> np.ndarray:  # type: ignore[no-untyped-def]
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE  # noqa: PLC0415 - as above

    try:
        for picture in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE]):
            width, height = picture.get_px_size()
            # PDFium would leave such a picture out without a word.
            if width * height > max_pixels:
                raise PictureError(
                    f"{name}: a picture of {width} x {height} pixels is over the limit of "
                    f"{max_pixels // 1_000_000} million; scan at a lower resolution"
                )
        longer = max(page.get_size())
        if longer <= 0:
            raise PictureError(f"{name}: this page has no area; scan or save it again")
        scale = min(PAGE_DPI / _POINTS_PER_INCH, MAX_PAGE_SIDE / longer)
        bitmap = page.render(scale=scale)
        # The bitmap's memory goes when it is closed. It has a fourth byte a pixel on some pages.
        pixels = bitmap.to_numpy()[..., :3].copy()
        bitmap.close()
        return pixels
    finally:
        page.close()
