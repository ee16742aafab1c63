"""Pens: what turns the lines of a stroke into ink."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from camdigits.training.strokes import Smoother

SUPERSAMPLING = 3


@dataclass(frozen=True)
class Pen:
    """A pen; ``width`` is its mean stroke in shares of the digit height (0.03 fine, 0.18 marker).

    ``pressure`` 0..0.5 is how much the width swells along a stroke, ``taper`` 0..1 how thin the
    ends get, ``chisel`` 0..0.8 how much thinner strokes along ``angle`` (radians) are than those
    across it, ``darkness`` 0..1 the ink's peak value.
    """

    width: float = 0.09
    pressure: float = 0.0
    taper: float = 0.0
    chisel: float = 0.0
    angle: float = 0.0
    darkness: float = 1.0

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Pen:
        """Draw a pen: mostly ball pens, some felt tips, chisel tips and hairlines."""
        width = float(np.clip(np.exp(rng.normal(np.log(0.085), 0.4)), 0.03, 0.18))
        chisel = float(rng.uniform(0.3, 0.75)) if rng.random() < 0.15 else 0.0
        return cls(
            width=width * (1 + 0.5 * chisel),
            pressure=float(rng.uniform(0, 0.3)) if rng.random() < 0.7 else 0.0,
            taper=float(rng.uniform(0.2, 0.8)) if rng.random() < 0.35 else 0.0,
            chisel=chisel,
            angle=float(rng.uniform(-1.2, 0.2)),
            darkness=float(rng.uniform(0.75, 1.0)),
        )

    def widths(self, path: np.ndarray, strokes: Smoother, rng: np.random.Generator) -> np.ndarray:
        """Return the width of the stroke at each point of a path (m, 2), in shares, float (m,)."""
        wide = np.full(len(path), self.width)
        if not (self.pressure or self.taper or self.chisel):
            return wide
        pieces = np.diff(path, axis=0, append=path[-1:])
        lengths = np.hypot(pieces[:, 0], pieces[:, 1]) + 1e-6
        place = np.cumsum(lengths)
        place = (place - place[strokes.first]) / (place[strokes.last] - place[strokes.first])
        if self.pressure:
            phases = rng.uniform(0, 2 * np.pi, 2)
            swell = 0.6 * np.sin(4 * place + phases[0]) + 0.4 * np.sin(9 * place + phases[1])
            wide *= 1 + self.pressure * swell
        if self.taper:
            edge = np.minimum(np.minimum(place, 1 - place) * 5.5, 1)
            wide *= 1 - self.taper * (1 - edge) ** 2
        if self.chisel:
            across = pieces @ (math.sin(self.angle), -math.cos(self.angle)) / lengths
            wide *= np.sqrt(across**2 + (1 - self.chisel) ** 2 * (1 - across**2))
        return wide

    def ink(
        self, path: np.ndarray, strokes: Smoother, height: float, rng: np.random.Generator
    ) -> np.ndarray:
        """Draw a path given in shares of the digit height, which is ``height`` pixels.

        Returns uint8 (h, w), anti-aliased ink, with a margin of at most a few empty pixels.
        """
        scale = height * SUPERSAMPLING
        # Widths in steps of a tenth: long runs of one width are drawn by one call.
        step = max(1.0, 0.1 * self.width * scale)
        steps = np.rint(self.widths(path, strokes, rng) * (scale / step))
        thick = np.maximum(np.rint(steps * step), 2).astype(np.int32)
        room = int(thick.max()) // 2 + SUPERSAMPLING
        low = path.min(axis=0) * scale - room
        size = np.ceil((path.max(axis=0) * scale + room - low) / SUPERSAMPLING).astype(int)
        across, down = size.tolist()
        canvas = np.zeros((down * SUPERSAMPLING, across * SUPERSAMPLING), np.uint8)
        places = np.rint(path * scale - low).astype(np.int32)
        changes = (thick[1:] != thick[:-1]) | (strokes.first[1:] != strokes.first[:-1])
        begin = 0
        for end in [*np.flatnonzero(changes).tolist(), len(path) - 1]:
            # A run goes on to the first point of the next one, unless another stroke begins there.
            joined = end + 1 < len(path) and strokes.first[end + 1] == strokes.first[end]
            run = places[begin : end + 2 if joined else end + 1]
            cv2.polylines(canvas, [run], False, 255, int(thick[begin]))
            begin = end + 1
        ink = cv2.resize(canvas, (across, down), interpolation=cv2.INTER_AREA)
        return ink if self.darkness >= 1 else cv2.convertScaleAbs(ink, alpha=self.darkness)
