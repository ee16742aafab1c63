"""From places in a straightened line to places in the picture that it came from."""

from __future__ import annotations

import numpy as np

from camdigits.reading import Box, Quad
from camdigits.segment.cuts import INK
from camdigits.segment.straighten import LineImage


def ink_box(line: LineImage, box: np.ndarray) -> Box:
    """Return the upright box, in the picture, of the ink in a box of the line: the line's shear
    would make the box of its corners wider than the glyph."""
    x, y, width, height = box.tolist()
    ink = line.picture[y : y + height, x : x + width] >= INK
    rows = np.flatnonzero(ink.any(axis=1))
    ink = ink[rows]
    # Of each row's ink, its two ends lie farthest out, whichever way the line runs.
    ends = np.concatenate([ink.argmax(axis=1), width - 1 - ink[:, ::-1].argmax(axis=1)])
    rows = np.concatenate([rows, rows])
    (a, b, c), (d, e, f) = line.to_source.tolist()
    across, down = a * ends + b * rows, d * ends + e * rows
    # Pixels are as large as the map makes them, and their middles half a pixel in.
    wide, tall = (abs(a) + abs(b)) / 2, (abs(d) + abs(e)) / 2
    left, top = a * (x + 0.5) + b * (y + 0.5) + c, d * (x + 0.5) + e * (y + 0.5) + f
    x0, y0 = round(left + float(across.min()) - wide), round(top + float(down.min()) - tall)
    x1, y1 = round(left + float(across.max()) + wide), round(top + float(down.max()) + tall)
    return Box(x0, y0, max(x1 - x0, 1), max(y1 - y0, 1))


def union(boxes: list[Box]) -> Box:
    """Return the box around ``boxes``, at least one."""
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right = max(box.x + box.width for box in boxes)
    return Box(left, top, right - left, max(box.y + box.height for box in boxes) - top)


def to_quad(matrix: np.ndarray, left: float, top: float, right: float, bottom: float) -> Quad:
    """Return the corners of a rectangle, clockwise from the top left, taken through an affine
    ``matrix`` (2, 3)."""
    corners = np.array([[left, right, right, left], [top, top, bottom, bottom], [1, 1, 1, 1]])
    a, b, c, d = ((float(x), float(y)) for x, y in (matrix @ corners).T)
    return a, b, c, d
