"""Frames and films that tests draw themselves: numbers on paper as a camera shows them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from pictures import draw_number

# Options of the live command for the film of the fixture film_folder.
FILM = ["--source", "film.avi", "--headless", "--every-frame"]


def scene(
    *numbers: tuple[str, int, int], size: tuple[int, int] = (640, 480), height: int = 60
) -> np.ndarray:
    """Return a frame (width, height) with numbers at (x, y), the corner of their first digit."""
    frame = np.full((size[1], size[0], 3), 235, np.uint8)
    for text, x, y in numbers:
        part = draw_number(text, height)[height // 2 : -height // 2, height // 2 :]
        top, left = y - height // 2, x - height // 2
        area = frame[top : top + part.shape[0], left : left + part.shape[1]]
        np.minimum(area, part[: area.shape[0], : area.shape[1]], out=area)
    return frame


def grainy(frame: np.ndarray, seed: int) -> np.ndarray:
    grain = np.random.default_rng(seed).normal(0, 3, frame.shape)
    return np.clip(frame + grain, 0, 255).astype(np.uint8)


def write_film(path: Path, frames: Iterable[np.ndarray], fps: float = 15.0) -> Path:
    """Write frames of one size as an .avi file; return its path."""
    frames = list(frames)
    height, width = frames[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), fps, (width, height))
    for frame in frames:
        writer.write(frame)
    writer.release()
    return path
