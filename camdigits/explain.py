"""One sheet that shows what each stage made of a picture: ink, cuts, glyphs, chosen path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from camdigits.trace import LineTrace, Trace

STANDARD_LABELS = (*"0123456789", "mark", "letter", "scrap")

MAX_LINES = 30

_MAX_WIDTH = 1600
_MAX_INK_HEIGHT = 1200
_MARGIN = 12
_LINE_ZOOM = 2.0
_BRACKET = 26  # height of the brackets and labels below a line
_TILE = 56  # a glyph at twice its 28 pixels
_CELL_WIDTH = 78
_CELL_HEIGHT = 82
_TILE_ROWS = 3

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_BLACK = (0, 0, 0)
_GRAY = (150, 150, 150)
_CUT = (230, 150, 40)
_CHOSEN = (50, 130, 0)
_REFUSED = (40, 20, 200)


def explain_sheet(trace: Trace, labels: tuple[str, ...] = STANDARD_LABELS) -> np.ndarray:
    """Return a sheet of the stages of one reading: uint8 BGR (height, width, 3).

    From the top: the ink mask; then each text line with its candidate cuts (blue) and the chosen
    path (brackets, green for digits, red for what was refused), and below it the 28x28 glyphs as
    the network saw them, each with its likeliest label and that label's probability, the chosen
    ones framed. ``labels`` names the columns of the probabilities, as the model's card does.
    The sheet is bounded: at most 30 lines, three rows of glyphs each (the chosen ones and the
    likeliest others), and about 1600 x 13,000 pixels.
    """
    changed = f" of the picture {' and '.join(trace.changes)}" if trace.changes else ""
    blocks = [_caption("ink" + changed), ink_picture(trace)]
    for line in trace.lines[:MAX_LINES]:
        blocks.append(_caption(f"row {line.row}: {' '.join(line.texts)}"))
        blocks.append(cuts_picture(line))
        blocks.extend(_glyph_rows(line, labels))
    if len(trace.lines) > MAX_LINES:
        blocks.append(_caption(f"and {len(trace.lines) - MAX_LINES} more lines"))
    return _stack(blocks)


def ink_picture(trace: Trace) -> np.ndarray:
    """Return the ink mask as black ink on white paper: uint8 BGR, at most 1600 x 1200 pixels."""
    return _fit(255 - trace.ink, _MAX_WIDTH, _MAX_INK_HEIGHT)


def _caption(text: str) -> np.ndarray:
    text = text[:120]
    width = cv2.getTextSize(text, _FONT, 0.5, 1)[0][0] + 8
    strip = np.full((24, min(width, _MAX_WIDTH), 3), 255, np.uint8)
    cv2.putText(strip, text, (0, 16), _FONT, 0.5, _BLACK, 1, cv2.LINE_AA)
    return strip


def _fit(gray: np.ndarray, width: int, height: int, zoom: float = 1.0) -> np.ndarray:
    """Scale a gray picture by ``zoom``, or less so that it fits; return it as BGR."""
    scale = min(zoom, width / gray.shape[1], height / gray.shape[0])
    size = (max(1, int(gray.shape[1] * scale)), max(1, int(gray.shape[0] * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
    return cv2.cvtColor(cv2.resize(gray, size, interpolation=method), cv2.COLOR_GRAY2BGR)


def cuts_picture(line: LineTrace) -> np.ndarray:
    """Return a text line with its cuts and a labelled bracket below each glyph of the chosen path.

    uint8 BGR on white, at most 1600 pixels wide; colors as on the sheet.
    """
    strip = _fit(255 - line.picture, _MAX_WIDTH, 4 * _CELL_HEIGHT, _LINE_ZOOM)
    height, width = strip.shape[:2]
    scale = width / line.picture.shape[1]
    block = np.full((height + _BRACKET, width, 3), 255, np.uint8)
    block[:height] = strip
    columns = np.clip(np.round(np.asarray(line.cuts) * scale), 0, width - 1).astype(int)
    for column in columns:
        cv2.line(block, (int(column), 0), (int(column), height - 1), _CUT, 1)
    for hypothesis, text in zip(line.path, line.texts, strict=True):
        left, right = (int(columns[cut]) for cut in line.spans[hypothesis])
        color = _path_color(text)
        cv2.line(block, (left + 1, height + 2), (right - 1, height + 2), color, 3)
        text_width = cv2.getTextSize(text, _FONT, 0.45, 1)[0][0]
        origin = ((left + right - text_width) // 2, height + 20)
        cv2.putText(block, text, origin, _FONT, 0.45, color, 1, cv2.LINE_AA)
    return block


def _path_color(text: str) -> tuple[int, int, int]:
    return _CHOSEN if text.isdigit() else _REFUSED


def _glyph_rows(line: LineTrace, labels: tuple[str, ...]) -> list[np.ndarray]:
    """Tile the hypotheses' glyphs left to right as rows of captioned cells."""
    per_row = _MAX_WIDTH // _CELL_WIDTH
    chosen = dict(zip(line.path, line.texts, strict=True))
    best = line.probabilities.max(axis=1) if len(line.glyphs) else np.zeros(0)
    ranked = sorted(range(len(line.glyphs)), key=lambda i: (i not in chosen, -best[i]))
    shown = sorted(ranked[: per_row * _TILE_ROWS], key=lambda i: tuple(line.spans[i]))
    cells = []
    for i in shown:
        top = int(line.probabilities[i].argmax())
        caption = f"{labels[top]} {100 * float(best[i]):.0f}%"
        cells.append(
            _cell(line.glyphs[i], caption, _path_color(chosen[i]) if i in chosen else None)
        )
    return [np.hstack(cells[start : start + per_row]) for start in range(0, len(cells), per_row)]


def _cell(glyph: np.ndarray, caption: str, frame: tuple[int, int, int] | None) -> np.ndarray:
    """Draw one 28x28 glyph (ink 1.0) with its caption, framed where it was chosen."""
    gray = np.round(255 * (1 - np.clip(glyph.reshape(glyph.shape[:2]), 0, 1))).astype(np.uint8)
    cell = np.full((_CELL_HEIGHT, _CELL_WIDTH, 3), 255, np.uint8)
    left = (_CELL_WIDTH - _TILE) // 2
    cell[4 : 4 + _TILE, left : left + _TILE] = _fit(gray, _TILE, _TILE, _TILE)
    corner = (left + _TILE, 4 + _TILE)
    cv2.rectangle(cell, (left - 1, 3), corner, frame or _GRAY, 3 if frame else 1)
    width = cv2.getTextSize(caption, _FONT, 0.4, 1)[0][0]
    origin = ((_CELL_WIDTH - width) // 2, _CELL_HEIGHT - 7)
    cv2.putText(cell, caption, origin, _FONT, 0.4, frame or _BLACK, 1, cv2.LINE_AA)
    return cell


def _stack(blocks: list[np.ndarray]) -> np.ndarray:
    """Put blocks below each other on white, left edges aligned."""
    width = max(block.shape[1] for block in blocks) + 2 * _MARGIN
    height = sum(block.shape[0] + _MARGIN // 2 for block in blocks) + 2 * _MARGIN
    sheet = np.full((height, width, 3), 255, np.uint8)
    top = _MARGIN
    for block in blocks:
        sheet[top : top + block.shape[0], _MARGIN : _MARGIN + block.shape[1]] = block
        top += block.shape[0] + _MARGIN // 2
    return sheet
