"""Views of a picture: turned, stretched or slanted, and where in it lies what they show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np

from camdigits.reading import Box, DigitString, Page, Point, Quad
from camdigits.segment.glyphs import OTHER


class View(NamedTuple):
    """How a picture is seen: turned by ``degrees`` counterclockwise, ``across`` times as wide and
    ``down`` times as tall, slanted; and from which share of ``other`` ink the ink network is asked
    (see :class:`camdigits.segment.glyphs.Writing`)."""

    degrees: float = 0.0
    across: float = 1.0
    down: float = 1.0
    slant: float = 0.0
    other: float = OTHER


def view_of(
    picture: np.ndarray, area: Box, view: View, by: int = cv2.INTER_CUBIC
) -> tuple[np.ndarray, np.ndarray]:
    """Return an ``area`` of ``picture`` (h, w) as a ``view`` sees it, ``by`` one of OpenCV's
    interpolations, and the matrix (3, 3) that leads from it back to the picture."""
    turn = math.radians(view.degrees)
    rotation = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    to_view = rotation @ np.array([[view.across, view.slant], [0.0, view.down]])
    width, height = np.ceil(np.abs(to_view) @ area[2:]).astype(int).tolist()
    back = np.linalg.inv(to_view)
    middle = np.array([area.x + area.width / 2, area.y + area.height / 2])
    to_picture = np.column_stack([back, middle - back @ [width / 2, height / 2]])
    # OpenCV counts from the middle of the first pixel.
    half = np.array([0.5, 0.5])
    centers = np.column_stack([back, to_picture[:, 2] + back @ half - half])
    flags = by | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(
        picture, centers, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    return seen, np.vstack([to_picture, [0.0, 0.0, 1.0]])


def turned(picture: np.ndarray, degrees: float) -> tuple[np.ndarray, np.ndarray]:
    """Return all of ``picture`` (uint8, h x w) turned by ``degrees`` counterclockwise, in a larger
    one, and the matrix (3, 3) that leads from it back to the picture."""
    rows, columns = picture.shape
    return view_of(picture, Box(0, 0, columns, rows), View(degrees))


def enlarged(picture: np.ndarray, times: float) -> tuple[np.ndarray, np.ndarray]:
    """Return all of ``picture`` (uint8, h x w) with its sides so many ``times`` as long, and the
    matrix (3, 3) that leads from it back to the picture."""
    rows, columns = picture.shape
    return view_of(picture, Box(0, 0, columns, rows), View(across=times, down=times))


def moved(
    strings: Sequence[DigitString], matrix: np.ndarray, size: tuple[int, int]
) -> list[DigitString]:
    """Return ``strings`` with their places moved by the affine ``matrix`` (3, 3) into a picture of
    ``size`` (width, height)."""
    (a, b, c), (d, e, f), _ = matrix.tolist()
    width, height = size

    def place(x: float, y: float) -> Point:
        return a * x + b * y + c, d * x + e * y + f

    def box(old: Box) -> Box:
        right, bottom = old.x + old.width, old.y + old.height
        corners = [place(x, y) for x in (old.x, right) for y in (old.y, bottom)]
        (left, *_, last), (top, *_, lowest) = (sorted(side) for side in zip(*corners, strict=True))
        x, y = min(max(math.floor(left), 0), width - 1), min(max(math.floor(top), 0), height - 1)
        x1, y1 = min(max(math.ceil(last), x + 1), width), min(max(math.ceil(lowest), y + 1), height)
        return Box(x, y, x1 - x, y1 - y)

    def quad(old: Quad) -> Quad:
        return place(*old[0]), place(*old[1]), place(*old[2]), place(*old[3])

    return [
        replace(
            string,
            quad=quad(string.quad),
            box=box(string.box),
            digits=tuple(replace(digit, box=box(digit.box)) for digit in string.digits),
        )
        for string in strings
    ]


def resized(shape: tuple[int, ...], to: tuple[int, ...]) -> np.ndarray:
    """Return the matrix (3, 3) from a picture of ``shape`` (height, width) to the same of another
    size."""
    return np.diag([to[1] / shape[1], to[0] / shape[0], 1.0])


def turned_back(page: Page, shape: tuple[int, ...]) -> np.ndarray:
    """Return the matrix (3, 3) that leads from a ``page`` to the picture of ``shape`` (height,
    width) that was turned by its rotation, perhaps made smaller, and read."""
    height, width = shape[:2]
    read = (width, height) if page.rotation in (90, 270) else (height, width)
    back = {
        0: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        90: [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
        180: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
        270: [[0, -1, width], [1, 0, 0], [0, 0, 1]],
    }[page.rotation]
    return np.array(back) @ resized((page.height, page.width), read)
