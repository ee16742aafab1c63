"""Hand-made lines of signs that look like ones: slashes and brackets."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from lattices import TALL, distribution, make_lattice

from camdigits.recognize.decode import best_path, make_edges
from camdigits.recognize.marks import numbers_between_marks
from camdigits.segment.lattice import Lattice

SMALL = 12.0
UPRIGHT, SLASH, ODD = "1", "/", "|"  # ODD leans a little
LEANS = {UPRIGHT: 0, SLASH: 6, ODD: 3}  # pixels of 28 to either side
BOWS = {"(": -5, ")": 5, "[": -5, "]": 5}  # pixels of 28 to the right in the middle
REFUSED = "[]*"  # brackets and a mark that the network tells from ones
MARK = {UPRIGHT: 0.01, SLASH: 0.7, ODD: 0.1, "(": 0.1, ")": 0.1} | dict.fromkeys(REFUSED, 0.99)


def bar(lean: int) -> np.ndarray:
    """Return a stroke, float32 (28, 28, 1), that leans to the right by so many pixels."""
    glyph = np.zeros((28, 28), np.float32)
    cv2.line(glyph, (14 - lean, 24), (14 + lean, 4), 1.0, 3)
    return glyph[..., None]


def arc(bow: int) -> np.ndarray:
    """Return a stroke, float32 (28, 28, 1), whose middle lies so many pixels to the right."""
    glyph = np.zeros((28, 28), np.float32)
    y = np.arange(4, 25)
    x = 14 + bow * (1 - ((y - 14) / 10) ** 2) - bow / 2
    cv2.polylines(glyph, [np.stack([x, y], 1).round().astype(np.int32)], False, 1.0, 3)
    return glyph[..., None]


def glyph_of(sign: str) -> np.ndarray:
    """Return what a sign looks like, float32 (28, 28, 1); digits other than 1 are all ink."""
    if sign in BOWS:
        return arc(BOWS[sign])
    return bar(LEANS[sign]) if sign in LEANS else np.ones((28, 28, 1), np.float32)


def line(text: str) -> tuple[Lattice, np.ndarray]:
    """Return the lattice of a line of one hypothesis a sign, and what each may be."""
    boxes, rows = [], []
    for i, sign in enumerate(text):
        tall = round(1.25 * TALL) if sign == SLASH else TALL
        boxes.append((30 * i, TALL - tall, 24, tall))
        mark = MARK.get(sign)
        one = {} if mark is None else {"d1": 0.99 * (1 - mark), "mark": mark}
        rows.append(distribution(**(one or {f"d{sign}": 0.99})))
    spans = [(i, i + 1) for i in range(len(text))]
    lattice = make_lattice(len(text) + 1, spans, boxes=boxes)
    return replace(lattice, glyphs=np.stack([glyph_of(sign) for sign in text])), np.stack(rows)


def read(*texts: str) -> list[list[str]]:
    """Return the numbers of each line of a page."""
    lattices, rows = zip(*map(line, texts), strict=True)
    edges = [make_edges(own, p, SMALL) for own, p in zip(lattices, rows, strict=True)]
    paths = [best_path(own) for own in edges]
    _, after, numbers = numbers_between_marks(edges, paths, list(lattices), list(rows), TALL)
    assert len(after) == len(texts)
    return [
        ["".join(str(step.digit) for step in number.digits) for number in own] for own in numbers
    ]
