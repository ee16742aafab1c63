"""Draw a reading on its picture: a frame around each number and its text beside it."""

from __future__ import annotations

import cv2
import numpy as np

from camdigits.reading import DigitString, Page

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_WHITE = (255, 255, 255)
_ACCEPTED = (50, 130, 0)
_LIKELY = (0, 110, 225)
_UNLIKELY = (40, 20, 200)


def draw_page(image: np.ndarray, page: Page) -> np.ndarray:
    """Return a copy of a picture with the numbers of its page drawn on it.

    ``image`` is uint8 BGR (height, width, 3) or gray (height, width), the picture that was read;
    the result is uint8 BGR of the same size. Accepted numbers are green; the others go from
    orange to red as their confidence falls, and end in `` ?``. A text stands above its number,
    or below or upon it where there is no room. Lines and letters grow with the picture.
    """
    canvas = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR) if image.ndim == 2 else image.copy()
    thickness = max(1, round(max(canvas.shape) / 700))
    for string in page.strings:
        outline = [np.round(np.array(string.quad)).astype(np.int32)]
        cv2.polylines(canvas, outline, True, _WHITE, 3 * thickness, cv2.LINE_AA)
        cv2.polylines(canvas, outline, True, _color(string), thickness, cv2.LINE_AA)
    text_height = _text_height(page, max(canvas.shape[:2]))
    for string in page.strings:
        _draw_label(canvas, string, text_height, gap=2 * thickness)
    return canvas


def _color(string: DigitString) -> tuple[int, ...]:
    if string.accepted:
        return _ACCEPTED
    mixed = np.add(
        np.multiply(_LIKELY, string.confidence), np.multiply(_UNLIKELY, 1 - string.confidence)
    )
    return tuple(round(float(level)) for level in mixed)


def _text_height(page: Page, side: int) -> float:
    """Two fifths of the height of the page's writing, within what suits a picture of this side."""
    edges = [np.subtract(string.quad[3], string.quad[0]) for string in page.strings]
    writing = float(np.median([np.hypot(*edge) for edge in edges])) if edges else 0.0
    return float(np.clip(0.4 * writing, max(8, side / 100), max(8, side / 30)))


def _draw_label(canvas: np.ndarray, string: DigitString, text_height: float, gap: int) -> None:
    """Write a number's text in white on a plate of its color, inside the picture."""
    height, width = canvas.shape[:2]
    text = string.label
    scale = text_height / _cap_height()
    text_width = cv2.getTextSize(text, _FONT, scale, 1)[0][0]
    scale *= min(1.0, 0.9 * width / max(text_width, 1))
    stroke = max(1, round(2 * scale))
    (text_width, _), _ = cv2.getTextSize(text, _FONT, scale, stroke)
    cap = round(scale * _cap_height())
    margin = max(1, cap // 4)
    plate_width, plate_height = text_width + 2 * margin, cap + 2 * margin

    corners = np.array(string.quad)
    left = int(np.clip(corners[:, 0].min(), 0, max(0, width - plate_width)))
    top = round(float(corners[:, 1].min())) - gap - plate_height
    if top < 0:
        top = round(float(corners[:, 1].max())) + gap
    top = int(np.clip(top, 0, max(0, height - plate_height)))

    corner = (left + plate_width - 1, top + plate_height - 1)
    cv2.rectangle(canvas, (left, top), corner, _color(string), cv2.FILLED)
    origin = (left + margin, top + margin + cap)
    cv2.putText(canvas, text, origin, _FONT, scale, _WHITE, stroke, cv2.LINE_AA)


def _cap_height() -> int:
    """Height of a digit in pixels at scale 1."""
    return int(cv2.getTextSize("0", _FONT, 1.0, 1)[0][1])
