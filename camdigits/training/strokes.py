"""Pen strokes: control points become smooth lines.

Shapes are written as text: points ``x,y`` in percent of the digit height (x right, y down, 0 the
top line and 100 the base line), strokes parted by ``|``. A point with ``!`` is a corner that a
quick hand may round, with ``*`` one that stays sharp.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

_SAMPLES = 6  # line pieces per span between two control points
SOFT, HARD = 1, 2


@dataclass(frozen=True)
class Shape:
    """Control points float64 (n, 2) in percent, and which of them start strokes or are corners.

    ``starts`` is bool (n,); ``corners`` int (n,): 0 smooth, 1 may be rounded, 2 stays sharp.
    """

    points: np.ndarray
    starts: np.ndarray
    corners: np.ndarray

    def alike(self, other: Shape) -> bool:
        """Tell whether both have the same strokes and corners, so that they can be blended."""
        return np.array_equal(self.starts, other.starts) and np.array_equal(
            self.corners > 0, other.corners > 0
        )


def parse_shape(text: str) -> Shape:
    """Read a shape from its text, see the module; raises ValueError for a malformed one."""
    points, starts, corners = [], [], []
    for stroke in text.split("|"):
        marks = stroke.split()
        if len(marks) < 2:
            raise ValueError(f"a stroke needs at least two points, got {stroke!r}")
        for i, mark in enumerate(marks):
            x, y = mark.rstrip("!*").split(",")
            points.append((float(x), float(y)))
            starts.append(i == 0)
            corners.append(HARD if mark.endswith("*") else SOFT if mark.endswith("!") else 0)
    return Shape(np.array(points), np.array(starts), np.array(corners))


class Smoother:
    """Turns control points into smooth lines for all shapes with the same strokes and corners.

    Centripetal Catmull-Rom splines (Yuksel et al. 2011, doi:10.1016/j.cad.2010.08.008), which have
    no loops of their own; ends and corners take the tangent of a natural parabola. What depends
    only on strokes and corners is worked out once, see :func:`smoother_of`.

    The lines come as one path of points; ``first`` and ``last``, int (m,), give for each point of
    the path the index at which its stroke begins and ends; ``begins`` and ``ends``, int (strokes,),
    are the first and last control point of each stroke.
    """

    def __init__(self, starts: np.ndarray, corners: np.ndarray) -> None:
        ends = np.append(starts[1:], True)
        self.begins, self.ends = np.flatnonzero(starts), np.flatnonzero(ends)
        free = starts | ends | (corners > 0)
        self._spans = np.flatnonzero(~starts[1:])
        self._weights = _span_weights(free[self._spans], free[self._spans + 1])
        stroke = np.repeat(np.cumsum(starts)[self._spans], _SAMPLES + 1)
        firsts = np.flatnonzero(np.diff(stroke, prepend=-1))
        sizes = np.diff(np.append(firsts, len(stroke)))
        self.first = np.repeat(firsts, sizes)
        self.last = self.first + np.repeat(sizes, sizes) - 1

    def path(self, points: np.ndarray) -> np.ndarray:
        """Return the path float64 (m, 2) through control points float (n, 2)."""
        chord = points[1:] - points[:-1]
        knot = np.sqrt(np.hypot(chord[:, 0], chord[:, 1]) + 1e-6)[:, None]
        speed = chord / knot
        tangent = np.zeros_like(points)
        tangent[1:-1] = speed[:-1] + speed[1:] - (points[2:] - points[:-2]) / (knot[:-1] + knot[1:])
        here, there = self._spans, self._spans + 1
        step = knot[here]
        controls = np.stack(
            [points[here], points[there], tangent[here] * step, tangent[there] * step], axis=1
        )
        path: np.ndarray = (self._weights @ controls).reshape(-1, 2)
        return path


def smoother_of(starts: np.ndarray, corners: np.ndarray) -> Smoother:
    """Return the smoother for strokes starting at bool (n,) with corners at int (n,), see Shape."""
    return _smoother(starts.tobytes(), (corners > 0).tobytes())


@lru_cache(maxsize=4096)
def _smoother(starts: bytes, corners: bytes) -> Smoother:
    return Smoother(np.frombuffer(starts, bool), np.frombuffer(corners, bool))


def _span_weights(free_leave: np.ndarray, free_arrive: np.ndarray) -> np.ndarray:
    """Return float64 (spans, samples + 1, 4): weights of both ends and both tangents of a span.

    A free tangent is replaced by that of the parabola through the ends that meets the other one.
    """
    u = np.linspace(0, 1, _SAMPLES + 1)
    hermite = np.stack(
        [2 * u**3 - 3 * u**2 + 1, -2 * u**3 + 3 * u**2, u**3 - 2 * u**2 + u, u**3 - u**2], axis=1
    )
    straight = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [-1, 1, 0, 0], [-1, 1, 0, 0]], float)
    from_arrive = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [-1.5, 1.5, 0, -0.5], [0, 0, 0, 1]], float)
    from_leave = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [-1.5, 1.5, -0.5, 0]], float)
    kinds = np.stack([np.eye(4), from_leave, from_arrive, straight])
    weights: np.ndarray = hermite @ kinds[2 * free_leave.astype(int) + free_arrive]
    return weights
