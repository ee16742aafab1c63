"""What the live window shows: a frame with its reading, as one picture. Opens no window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from camdigits.overlay import draw_page
from camdigits.reading import Box, DigitString, Page
from camdigits.video.results import LiveResult, LiveString, State

HELP = (
    ("q, Esc", "quit"),
    ("space", "freeze, and go on"),
    ("s", "save the frame and its reading"),
    ("c", "copy the number to the clipboard"),
    ("r", "drag a region to read; r again: all"),
    ("d", "debug view: ink, cuts, glyphs"),
    ("m", "mirror the picture on the screen"),
    ("f", "expected length or format: next"),
    ("h", "this help"),
)

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_WHITE = (255, 255, 255)
_PANEL = (40, 36, 32)
_DIM = (170, 165, 160)
_ADVICE = (0, 190, 255)
_STATE_COLORS: dict[State, tuple[int, int, int]] = {
    "searching": (170, 165, 160),
    "reading": (0, 160, 255),
    "locked": (80, 200, 60),
}
# Pixels: room and height of letters below which nothing is legible.
_LEAST_ROOM, _LEAST_HEIGHT = 8, 3.0
# Height of the frame on the screen; larger frames are shown scaled down.
_TALLEST = 900


@dataclass(frozen=True)
class Status:
    """What the window tells beside the reading.

    ``frames_per_second`` and ``ms`` (a frame's whole way) are shown as numbers; ``expected`` and
    ``message`` as words; ``history`` are locked numbers, oldest first; ``region`` is in pixels of
    the frame.
    """

    frames_per_second: float = 0.0
    ms: float = 0.0
    expected: str = "any"
    message: str = ""
    history: Sequence[str] = ()
    region: Box | None = None
    frozen: bool = False
    mirrored: bool = False
    helping: bool = False


def draw_view(
    frame: np.ndarray, result: LiveResult, status: Status, debug: np.ndarray | None = None
) -> np.ndarray:
    """Return the window's picture, uint8 BGR, for ``frame``, uint8 BGR (h, w, 3).

    The frame with its boxes and digits lies at the top left, unscaled up to a height of 900, so
    that a place in it is a place in the frame; below it are the state, the locked numbers in
    large and the history. ``debug``, a sheet uint8 BGR, takes the frame's place.
    """
    region = status.region
    height, width = frame.shape[:2]
    view = draw_strings(frame, result.strings, status.mirrored)
    if region is not None:
        _draw_region(view, _mirrored_box(region, width) if status.mirrored else region)
    scale = view_scale(height)
    if scale < 1:
        view = cv2.resize(view, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    if debug is not None:
        view = _in_columns(debug, view.shape[1], view.shape[0])
    if status.helping:
        _draw_help(view)
    return np.vstack([view, _panel(view.shape[1], view.shape[0], result, status)])


def draw_strings(
    frame: np.ndarray, strings: Sequence[LiveString], mirrored: bool = False
) -> np.ndarray:
    """Return a copy of ``frame``, uint8 BGR (h, w, 3), with its strings drawn on it; if
    ``mirrored``, what a mirror would show of the frame, with legible texts."""
    height, width = frame.shape[:2]
    if mirrored:
        frame = cv2.flip(frame, 1)
        strings = [_mirrored(string, width) for string in strings]
    return draw_page(frame, _as_page(strings, width, height))


def view_scale(height: int) -> float:
    """Return the scale at which a frame of ``height`` pixels is shown."""
    return min(1.0, _TALLEST / height)


def _as_page(strings: Sequence[LiveString], width: int, height: int) -> Page:
    """Return live strings as a page to draw: what is locked counts as accepted."""
    drawn = tuple(
        DigitString(
            s.text, s.confidence, s.locked_at is not None, 0, s.box, s.quad, (), fits=s.fits
        )
        for s in strings
    )
    return Page(drawn, width, height)


def _mirrored(string: LiveString, width: int) -> LiveString:
    a, b, c, d = ((width - x, y) for x, y in string.quad)
    return replace(string, quad=(b, a, d, c), box=_mirrored_box(string.box, width))


def _mirrored_box(box: Box, width: int) -> Box:
    return Box(width - box.x - box.width, box.y, box.width, box.height)


def _draw_region(view: np.ndarray, region: Box) -> None:
    """Dim what lies outside ``region`` and frame it."""
    left, top, right, bottom = (
        max(region.x, 0),
        max(region.y, 0),
        region.x + region.width,
        region.y + region.height,
    )
    inside = view[top:bottom, left:right].copy()
    view[:] = view // 2
    view[top:bottom, left:right] = inside
    cv2.rectangle(view, (left, top), (right - 1, bottom - 1), _WHITE, 2)


def _in_columns(sheet: np.ndarray, width: int, height: int) -> np.ndarray:
    """Return ``sheet`` as a picture of ``width`` x ``height``: cut into as many columns as let it
    be largest."""
    rows, columns = sheet.shape[:2]
    scale, count = max(
        (min(1.0, width / count / columns, count * height / rows), count) for count in range(1, 5)
    )
    size = (max(1, int(columns * scale)), max(1, int(rows * scale)))
    small = cv2.resize(sheet, size, interpolation=cv2.INTER_AREA)
    view = np.full((height, width, 3), _WHITE, np.uint8)
    for index in range(count):
        part = small[index * height : (index + 1) * height]
        left = index * width // count
        view[: part.shape[0], left : left + part.shape[1]] = part
    return view


def _panel(width: int, height: int, result: LiveResult, status: Status) -> np.ndarray:
    """Return the strip below the frame: state and figures, locked numbers, history."""
    unit = max(12, round(height / 36))
    panel = np.full((7 * unit, width, 3), _PANEL, np.uint8)
    color = _STATE_COLORS[result.state]
    cv2.circle(panel, (unit, unit), unit // 3, color, cv2.FILLED, cv2.LINE_AA)
    words = "frozen" if status.frozen else result.state
    figures = f"{status.frames_per_second:.0f} fps  {status.ms:.0f} ms  expected: {status.expected}"
    end = _write(panel, words, (2 * unit, round(1.4 * unit)), unit, color, width // 4)
    advice = status.message or result.guidance.words
    if advice:
        _write(panel, advice, (end + unit, round(1.4 * unit)), unit, _ADVICE, width // 2)
    size = _text_width(figures, 0.7 * unit)
    left = max(0, width - size - unit)
    if left > end or not advice:
        _write(panel, figures, (left, round(1.4 * unit)), 0.7 * unit, _DIM, width)
    locked = "   ".join(string.text for string in result.locked)
    _write(panel, locked or "-", (unit, 4 * unit), 2 * unit, _WHITE, width - 2 * unit)
    history = "   ".join(reversed(status.history))
    _write(panel, f"history: {history}", (unit, 6 * unit), 0.8 * unit, _DIM, width - 2 * unit)
    return panel


def _draw_help(view: np.ndarray) -> None:
    unit = max(12, view.shape[0] // 30)
    bottom = min(view.shape[0], round((len(HELP) + 1) * 1.7 * unit))
    right = min(view.shape[1], 26 * unit)
    view[:bottom, :right] = view[:bottom, :right] // 4
    for row, (key, words) in enumerate(HELP, 1):
        base = round(row * 1.7 * unit)
        _write(view, key, (unit, base), unit, _ADVICE, 6 * unit)
        _write(view, words, (7 * unit, base), unit, _WHITE, right - 7 * unit)


def _write(
    canvas: np.ndarray,
    text: str,
    origin: tuple[int, int],
    height: float,
    color: tuple[int, int, int],
    room: int,
) -> int:
    """Write ``text`` of ``height`` pixels, smaller where it would not fit into ``room``, from the
    left end of its base line; return the column at which it ends."""
    if not text or room < _LEAST_ROOM:
        return origin[0]
    # OpenCV 5 ends the process on a scale of 0 or less.
    height = max(_LEAST_HEIGHT, height * min(1.0, room / max(_text_width(text, height), 1)))
    scale = _scale(height)
    cv2.putText(canvas, text, origin, _FONT, scale, color, max(1, round(2 * scale)), cv2.LINE_AA)
    return origin[0] + _text_width(text, height)


def _scale(height: float) -> float:
    return float(height / cv2.getTextSize("0", _FONT, 1.0, 1)[0][1])


def _text_width(text: str, height: float) -> int:
    scale = _scale(height)
    return int(cv2.getTextSize(text, _FONT, scale, max(1, round(2 * scale)))[0][0])
