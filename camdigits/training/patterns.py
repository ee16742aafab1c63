"""What lies under the writing: noise fields and the fine printed patterns of cheques.

Everything returns float32 (height, width) and costs a few passes over the picture.
"""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np

_BANK = 1024  # side of the stored noise; larger pictures draw their own


@lru_cache(maxsize=1)
def _bank() -> np.ndarray:
    """White noise of unit variance, the same in every run: only the place in it is random."""
    bank = np.random.default_rng(20_14).standard_normal((_BANK, _BANK), dtype=np.float32)
    bank.flags.writeable = False
    return bank


def noise(
    rng: np.random.Generator, height: int, width: int, scale: float = 1.0, down: float | None = None
) -> np.ndarray:
    """Noise of about unit variance whose grains are ``scale`` px across (``down`` px tall)."""
    down = scale if down is None else down
    rows = height if down <= 1 else math.ceil(height / down) + 3
    columns = width if scale <= 1 else math.ceil(width / scale) + 3
    if rows > _BANK or columns > _BANK:
        field = rng.standard_normal((rows, columns), dtype=np.float32)
    else:
        y, x = rng.integers(0, (_BANK - rows + 1, _BANK - columns + 1))
        field = _bank()[y : y + rows, x : x + columns]
    if scale <= 1 and down <= 1:
        return field
    size = (max(width, round(columns * scale)), max(height, round(rows * down)))
    smooth = cv2.resize(field, size, interpolation=cv2.INTER_CUBIC)
    top, left = (size[1] - height) // 2, (size[0] - width) // 2
    return smooth[top : top + height, left : left + width]


def guilloche(rng: np.random.Generator, height: int, width: int, size: float) -> np.ndarray:
    """A security background, 0 paper to 1 print, for figures ``size`` px tall.

    One of: dense wavy lines, crossing families of arcs, hatching, contour rings, dot screens.
    """
    kind = rng.choice(5, p=(0.3, 0.27, 0.13, 0.12, 0.18))
    if kind == 0:
        pitch = size * rng.uniform(0.09, 0.17)
        print_ = _waves(rng, height, width, pitch, rng.normal(0.0, 0.06), size=size)
    elif kind == 1:
        pitch = size * rng.uniform(0.13, 0.3)
        turn = rng.uniform(0.25, 1.2)
        print_ = _waves(rng, height, width, pitch, turn, size=size)
        pitch *= rng.uniform(0.6, 1.4)
        other = _waves(rng, height, width, pitch, -turn * rng.uniform(0.4, 1.2), size=size)
        print_ = np.maximum(print_, other)
    elif kind == 2:
        pitch = size * rng.uniform(0.1, 0.25)
        print_ = _waves(rng, height, width, pitch, rng.uniform(-1.3, 1.3), size=size, calm=0.1)
    elif kind == 3:
        print_ = _rings(rng, height, width, size)
        if rng.random() < 0.6:
            pitch = size * rng.uniform(0.1, 0.2)
            print_ = np.maximum(print_, 0.6 * _waves(rng, height, width, pitch, 0.0, size=size))
    else:
        print_ = _dots(rng, height, width, size)
    if rng.random() < 0.5:
        print_ = print_ * (0.75 + 0.25 * noise(rng, height, width, size * 0.6)).clip(0.2, 1.3)
    return print_


def _lines(rng: np.random.Generator, phase: np.ndarray, sharp: float) -> np.ndarray:
    """Turn a phase (one line per unit) into lines, the wider the smaller ``sharp``."""
    angle = np.linspace(0.0, 2.0 * math.pi, 256, endpoint=False)
    profile = ((0.5 + 0.5 * np.cos(angle)) ** sharp).astype(np.float32)
    index = (phase * np.float32(256.0)).astype(np.int32).astype(np.uint8)
    return cv2.LUT(index, profile)


def _swing(rng: np.random.Generator, steps: np.ndarray, size: float, calm: float) -> np.ndarray:
    """A slow bend along one axis, in pixels."""
    first, second = size * rng.uniform(1.5, 7.0), size * rng.uniform(0.4, 1.5)
    a, b = calm * size * rng.uniform(0.0, 0.35), calm * size * rng.uniform(0.0, 0.03)
    swing = a * np.sin(2.0 * math.pi * (steps / first + rng.random()))
    swing += b * np.sin(2.0 * math.pi * (steps / second + rng.random()))
    return swing.astype(np.float32)


def _waves(
    rng: np.random.Generator,
    height: int,
    width: int,
    pitch: float,
    turn: float,
    *,
    size: float,
    calm: float = 1.0,
) -> np.ndarray:
    """Parallel lines ``pitch`` px apart, turned by ``turn`` radians, gently bent."""
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    across = math.sin(turn) * x + _swing(rng, x, size, calm)
    down = math.cos(turn) * y + _swing(rng, y, size, calm)
    phase = (across[None, :] + down[:, None] + np.float32(8 * _BANK)) / np.float32(pitch)
    return _lines(rng, phase, rng.uniform(0.8, 5.0))


def _rings(rng: np.random.Generator, height: int, width: int, size: float) -> np.ndarray:
    """Rings around a far or near point, like the contours of a hill."""
    x = np.arange(width, dtype=np.float32) - width * np.float32(rng.uniform(-0.2, 1.2))
    y = np.arange(height, dtype=np.float32) - height * np.float32(rng.uniform(-1.0, 2.0))
    far = cv2.sqrt((x * x)[None, :] * np.float32(rng.uniform(0.2, 1.0)) + (y * y)[:, None])
    far += _swing(rng, x, size, 0.5)[None, :]
    pitch = np.float32(size * rng.uniform(0.12, 0.25))
    return _lines(rng, far / pitch + np.float32(64.0), rng.uniform(1.0, 5.0))


def _dots(rng: np.random.Generator, height: int, width: int, size: float) -> np.ndarray:
    """A screen of dots or short dashes, every other row set off by half a step."""
    pitch = max(2.5, size * rng.uniform(0.06, 0.16))
    stretch = pitch * rng.uniform(1.0, 2.0)
    turn = rng.choice([0.0, 0.4, 0.785])
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    u = (math.cos(turn) * x)[None, :] + (math.sin(turn) * y)[:, None]
    v = (math.cos(turn) * y)[:, None] - (math.sin(turn) * x)[None, :]
    shift = np.float32(8 * _BANK)
    u, v = (u + shift) / np.float32(stretch), (v + shift) / np.float32(pitch)
    sharp = rng.uniform(0.6, 2.0)
    return _lines(rng, u + np.float32(0.5) * v, sharp) * _lines(rng, v, sharp)
