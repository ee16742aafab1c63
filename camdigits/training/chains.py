"""Zeros written in one go: 000 without lifting the pen, as many hands end round amounts.

The pen goes round and round while the hand moves on. When it moves, in which part of each round,
makes the kind of chain: loops that stand on the line like eee, rings that hang together at the
top, or rings with a stroke through their middles.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from camdigits.training.treatment import FAINT, stroke_width

_STEPS, _MOVE = 40, 12  # points of a ring, and of the way to the next
_SMOOTH = 5  # points over which the pen's turns are rounded
_FINE = 16  # points are drawn to this part of a pixel
_FAINTEST = 110  # the faintest pen is drawn as dark, so that something of each ring is left


@dataclass(frozen=True)
class Chain:
    """How a hand chains its zeros; lengths in shares of their height.

    ``width`` of a ring, ``pitch`` from ring to ring, the angle ``at`` (radians, 0 right, pi/2 top)
    where rings begin; ``early`` is the share of a round that a ring lacks when the hand moves on
    (negative: the pen goes beyond), ``open`` that of the last ring; ``turn`` is 1 where the pen
    goes counterclockwise, -1 clockwise; ``shrink`` is how much each ring is smaller than the one
    before, ``slant`` the shear (dx per height, positive leans right).
    """

    width: float = 0.8
    pitch: float = 0.9
    at: float = np.pi / 2
    early: float = 0.0
    turn: int = 1
    shrink: float = 0.0
    open: float = 0.0
    slant: float = 0.1

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Chain:
        """Draw the habit of a hand."""
        width = float(np.exp(rng.normal(-0.2, 0.25)))
        return cls(
            width=width,
            pitch=width * float(rng.uniform(0.8, 1.5)),
            at=float(rng.choice((0.5, 0.5, 0.25, 0.0, -0.5, 1.0)) * np.pi + rng.normal(0, 0.3)),
            early=float(rng.normal(0, 0.05) if rng.random() < 0.6 else rng.uniform(0, 0.27)),
            turn=1 if rng.random() < 0.75 else -1,
            shrink=float(rng.normal(0.04, 0.06)),
            open=float(rng.normal(0.0, 0.08)),
            slant=float(rng.normal(0.15, 0.2)),
        )


@dataclass(frozen=True)
class Link:
    """A zero of a chain: its patch, uint8 (h, w) ink cropped tight, and the column and row of its
    top left corner as seen from that of the first one."""

    patch: np.ndarray
    left: int
    top: int


def chained(zero: np.ndarray, count: int, chain: Chain, rng: np.random.Generator) -> list[Link]:
    """Return ``count`` zeros, as tall and drawn with such a pen as ``zero``, uint8 (h, w) ink."""
    pen, height = stroke_width(zero), float(zero.shape[0])
    level = max(int(zero.max()), _FAINTEST)
    points, owners = _path(count, chain, rng)
    points[:, 0] -= chain.slant * points[:, 1]
    points *= max(height - pen, 1.0)
    margin = pen + 2
    points -= points.min(axis=0) - margin
    across, down = np.ceil(points.max(axis=0) + margin).astype(int).tolist()
    thick = max(1, round(pen * float(rng.uniform(0.85, 1.1))))
    links: list[tuple[int, int, np.ndarray]] = []
    for ring in range(count):
        canvas = np.zeros((down, across), np.uint8)
        own = np.flatnonzero(owners == ring)
        # Up to the first point of the next ring, so that the stroke does not break.
        run = points[own[0] : own[-1] + 2]
        fixed = np.rint(run * _FINE).astype(np.int32)
        cv2.polylines(canvas, [fixed], False, level, thick, cv2.LINE_AA, 4)
        left, top, width, tall = cv2.boundingRect((canvas > FAINT).view(np.uint8))
        links.append((left, top, canvas[top : top + tall, left : left + width]))
    first_left, first_top, _ = links[0]
    return [Link(patch, left - first_left, top - first_top) for left, top, patch in links]


def _path(count: int, chain: Chain, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the pen's path (n, 2), in shares of the height with y down, and of each point the
    ring (n,) it belongs to."""
    sizes = np.exp(-chain.shrink * np.arange(count) + rng.normal(0, 0.05, count))
    widths = chain.width * sizes * np.exp(rng.normal(0, 0.08, count))
    pitch = np.append(0.0, chain.pitch * (sizes[1:] + sizes[:-1]) / 2)
    centers = np.cumsum(pitch * np.exp(rng.normal(0, 0.06, count)))
    middles = -sizes / 2 + rng.normal(0, 0.03, count)
    turned, ring, moved = [], [], []
    for k, beyond in enumerate([*rng.normal(-chain.early, 0.04, count - 1), -chain.open]):
        away = np.linspace(0, 1, _MOVE if k < count - 1 else 0)
        turned += [np.linspace(0, 1 + beyond, _STEPS), 1 + beyond * (1 - away)]
        moved += [np.zeros(_STEPS), away]
        ring += [np.full(_STEPS + len(away), k)]
    angle = chain.at + chain.turn * 2 * np.pi * np.concatenate(turned)
    here, move = np.concatenate(ring), np.concatenate(moved)
    there = np.minimum(here + 1, count - 1)

    def between(values: np.ndarray) -> np.ndarray:
        mixed: np.ndarray = values[here] * (1 - move) + values[there] * move
        return mixed

    x = between(centers) + between(widths) / 2 * np.cos(angle)
    y = between(middles) - between(sizes) / 2 * np.sin(angle)
    path = cv2.blur(np.stack([x, y], axis=1), (1, _SMOOTH), borderType=cv2.BORDER_REPLICATE)
    borders = (centers[here] + widths[here] / 2 + centers[there] - widths[there] / 2) / 2
    owners = np.where((move > 0) & (path[:, 0] > borders), there, here)
    return path, np.maximum.accumulate(owners)
