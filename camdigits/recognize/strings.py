"""From the numbers on a line's best path to digit strings with places and confidences."""

from __future__ import annotations

import math

import cv2
import numpy as np

from camdigits.reading import Box, Digit, DigitString, Quad
from camdigits.recognize.decode import Edges, Step, forward_backward, texts_between
from camdigits.recognize.model import Model
from camdigits.recognize.numbers import Number
from camdigits.segment.cuts import INK
from camdigits.segment.lattice import Lattice
from camdigits.segment.straighten import LineImage

# Mean probability of being a digit at all that a string's glyphs must reach to be shown. Which
# digits they are may stay in doubt: that is what the confidence tells.
LEAST_DIGITNESS = 0.5
ALTERNATIVES = 4


def make_strings(
    line: LineImage, lattice: Lattice, edges: Edges, numbers: list[Number], model: Model
) -> list[DigitString]:
    """Return the strings of one line's numbers, boxes in pixels of the picture it came from.

    A string's confidence is the share of all paths of the line that spell it between its cuts,
    calibrated by the model.
    """
    if not numbers:
        return []
    alpha, beta = forward_backward(edges)
    total = edges.total
    strings = []
    for number in numbers:
        around = float(alpha[number.first] + beta[number.last] - alpha[-1])
        text = "".join(str(step.digit) for step in number.digits)
        posterior = {
            rival: float(np.exp(min(around + score, 0.0)))
            for rival, score in texts_between(edges, alpha, beta, number.first, number.last)
        }
        chosen = [step.edge for step in number.digits]
        digitness = float(np.exp(np.logaddexp.reduce(edges.digit[chosen], axis=1)).mean())
        if digitness < LEAST_DIGITNESS or number.letters > len(text):
            continue
        boxes = lattice.boxes[[step.span for step in number.digits]]
        left, top = boxes[:, :2].min(axis=0)
        right, bottom = (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
        quad = to_quad(line.to_source, left, top, right, bottom)
        digits = tuple(
            _digit(step, edges, total, alpha, beta, line, box)
            for step, box in zip(number.digits, boxes, strict=True)
        )
        weakest = min(digit.confidence for digit in digits)
        confidence = model.string_confidence(posterior.get(text, 0.0), weakest, len(text))
        rivals = [rival for rival in posterior if rival not in ("", text)][:ALTERNATIVES]
        strings.append(
            DigitString(
                text=text,
                confidence=confidence,
                accepted=confidence >= model.threshold,
                row=line.row,
                box=_union([digit.box for digit in digits]),
                quad=quad,
                digits=digits,
                alternatives=tuple(
                    (r, min(confidence, model.string_confidence(posterior[r], weakest, len(r))))
                    for r in rivals
                ),
            )
        )
    return strings


def _digit(
    step: Step,
    edges: Edges,
    total: np.ndarray,
    alpha: np.ndarray,
    beta: np.ndarray,
    line: LineImage,
    box: np.ndarray,
) -> Digit:
    """Return one digit; its confidence is the posterior of its edge reading it, and never more
    than the network's own probability for the glyph."""
    assert step.digit is not None
    passing = alpha[step.start] + total[step.edge] + beta[step.end] - alpha[-1]
    shares = np.exp(np.minimum(edges.digit[step.edge] - total[step.edge] + passing, 0.0)).tolist()
    order = sorted(range(len(shares)), key=shares.__getitem__, reverse=True)
    rivals = [d for d in order if d != step.digit and shares[d] > 0.001][:ALTERNATIVES]
    return Digit(
        value=step.digit,
        confidence=min(shares[step.digit], math.exp(edges.digit[step.edge, step.digit])),
        box=_ink_box(line, box),
        alternatives=tuple((d, shares[d]) for d in rivals),
    )


def _ink_box(line: LineImage, box: np.ndarray) -> Box:
    """Return the upright box, in the picture, of the ink in a box of the line: the line's shear
    would make the box of its corners wider than the glyph."""
    x, y, width, height = box.tolist()
    ink = cv2.compare(line.picture[y : y + height, x : x + width], INK, cv2.CMP_GE)
    points = cv2.findNonZero(ink).reshape(-1, 1, 2).astype(np.float32)
    places = cv2.transform(points, line.to_source)
    (a, b, _), (d, e, _) = line.to_source.tolist()
    left, top = places.min(axis=(0, 1)).tolist()
    right, bottom = places.max(axis=(0, 1)).tolist()
    # Pixels are as large as the map makes them, and their middles half a pixel in.
    wide, tall = (abs(a) + abs(b)) / 2, (abs(d) + abs(e)) / 2
    shift_x, shift_y = a * (x + 0.5) + b * (y + 0.5), d * (x + 0.5) + e * (y + 0.5)
    x0, y0 = round(left + shift_x - wide), round(top + shift_y - tall)
    x1, y1 = round(right + shift_x + wide), round(bottom + shift_y + tall)
    return Box(x0, y0, max(x1 - x0, 1), max(y1 - y0, 1))


def _union(boxes: list[Box]) -> Box:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right = max(box.x + box.width for box in boxes)
    return Box(left, top, right - left, max(box.y + box.height for box in boxes) - top)


def to_quad(matrix: np.ndarray, left: float, top: float, right: float, bottom: float) -> Quad:
    """Return the corners of a rectangle, clockwise from the top left, taken through an affine
    ``matrix`` (2, 3)."""
    corners = np.array([[left, right, right, left], [top, top, bottom, bottom], [1, 1, 1, 1]])
    a, b, c, d = ((float(x), float(y)) for x, y in (matrix @ corners).T)
    return a, b, c, d
