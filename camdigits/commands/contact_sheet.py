"""Contact sheets: the worst pictures of a set, each with its ink, cuts and glyphs."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from camdigits.explain import explain_sheet
from camdigits.reader import Reader
from camdigits.training.figures import Reading

_WIDTH = 1400
_MAX_HEIGHT = 3000  # of one picture's part: a whole page of small writing is cut off there
_PADDING = 10
_FONT_SCALE = 0.6


def contact_sheet(reader: Reader, items: Iterable[tuple[Reading, np.ndarray]]) -> np.ndarray:
    """Return one sheet, uint8 BGR (h, 1400, 3): caption, picture and explained reading per item.

    An item is a reading and its picture (uint8 BGR, or gray (h, w)), which is read again to see
    what each stage made of it. Needs at least one item.
    """
    parts = []
    for reading, picture in items:
        trace = reader.trace(picture)
        explained = explain_sheet(trace, reader.model.labels)
        parts += [_caption(reading), _picture(trace.picture), _fitted(explained)]
    return np.vstack(parts)


def caption(reading: Reading) -> str:
    """Return one line: the picture's name, its labels and what was read (confidence of each)."""
    pairs = zip(reading.read, reading.confidences, strict=True)
    read = " ".join(f"{text} ({share:.2f})" for text, share in pairs) or "nothing"
    return f"{reading.name}: {' '.join(reading.labeled) or 'no digits'}, read {read}"


def _caption(reading: Reading) -> np.ndarray:
    # OpenCV's fonts have no letters beyond ASCII.
    text = caption(reading).encode("ascii", "replace").decode()
    (_, height), below = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, _FONT_SCALE, 1)
    bar = np.full((height + below + 2 * _PADDING, _WIDTH, 3), 225, np.uint8)
    place = (_PADDING, _PADDING + height)
    cv2.putText(bar, text, place, cv2.FONT_HERSHEY_SIMPLEX, _FONT_SCALE, (0, 0, 0), 1, cv2.LINE_AA)
    return bar


def _picture(gray: np.ndarray) -> np.ndarray:
    """Return the picture itself, uint8 BGR, small enough to stand above its explanation."""
    height, width = gray.shape
    scale = min(1.0, _WIDTH / 2 / width, _WIDTH / 2 / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    return _fitted(cv2.cvtColor(small, cv2.COLOR_GRAY2BGR))


def _fitted(sheet: np.ndarray) -> np.ndarray:
    """Shrink to the sheet's width or fill up with white on the right, and cut off at the end."""
    height, width = sheet.shape[:2]
    if width > _WIDTH:
        size = (_WIDTH, max(1, round(height * _WIDTH / width)))
        return cv2.resize(sheet, size, interpolation=cv2.INTER_AREA)[:_MAX_HEIGHT]
    right = _WIDTH - width
    return cv2.copyMakeBorder(sheet, 0, 0, 0, right, cv2.BORDER_CONSTANT, value=(255, 255, 255))
