"""Sheets that someone holds up before a camera: written numbers in the middle of a scene."""

from __future__ import annotations

import math

import cv2
import numpy as np

from camdigits.training.pages import WriterMix, compose_page
from camdigits.training.paper_style import PaperStyle
from camdigits.training.scenes import taken
from camdigits.training.tasks import KindTask, Written, in_turn
from camdigits.training.texts import random_digits

# Rows on a sheet, and digits in each.
KINDS = {
    "one digit": (1, 1),
    "two digits": (1, 2),
    "five digits": (1, 5),
    "three rows of four digits": (3, 4),
    "three rows of one digit": (3, 1),
}
# Photographs of scikit-image that are scenes, or ground that sheets lie on.
SCENES = ("astronaut", "brick", "camera", "chelsea", "coffee", "grass", "gravel", "rocket")
FRAMES = ((1280, 720), (640, 480))
PAPER = 1.5  # pixels of the sheet as it is written for each of the frame
UPRIGHT, LYING = 0.77, 1.3  # widths of sheets in their heights
THUMBS = ((110, 140, 200), (60, 80, 130), (140, 170, 220))


def held_tasks(count: int) -> list[KindTask]:
    """Return ``count`` tasks that take all kinds of sheets in turn."""
    return in_turn("held", KINDS, _write, count)


def _write(rng: np.random.Generator, mix: WriterMix, kind: str) -> Written:
    width, height = FRAMES[rng.integers(len(FRAMES))]
    seen = _behind(rng, width, height)
    tall = height * rng.uniform(0.3, 0.65)
    wide = tall * (UPRIGHT if rng.random() < 0.4 else LYING)
    sheet, numbers = _sheet(rng, mix, kind, round(PAPER * wide), round(PAPER * tall))
    corners = _place(rng, wide, tall, width, height)
    rows, columns = sheet.shape[:2]
    flat = np.array([(0, 0), (columns, 0), (columns, rows), (0, rows)], np.float32)
    view = cv2.getPerspectiveTransform(flat, corners)
    there = cv2.warpPerspective(np.ones((rows, columns), np.float32), view, (width, height))
    laid = cv2.warpPerspective(sheet, view, (width, height), borderMode=cv2.BORDER_REPLICATE)
    seen += there[..., None] * (laid - seen)
    if rng.random() < 0.7:
        _hold(rng, seen, corners, tall)
    seen = cv2.GaussianBlur(seen, (0, 0), 0.6)
    seen += rng.normal(0, rng.uniform(1, 4), seen.shape)
    return seen.clip(0, 255).astype(np.uint8), numbers


def _sheet(rng: np.random.Generator, mix: WriterMix, kind: str, width: int, height: int) -> Written:
    rows, count = KINDS[kind]
    texts = [[random_digits(rng, count)] for _ in range(rows)]
    size = min(height * rng.uniform(0.25, 0.6) / rows, 0.9 * width / count)
    paper = PaperStyle.random(rng, "plain", size=size).readable()
    sheet, found = compose_page(rng, mix, width, height, rows=texts, glyph_height=size, paper=paper)
    return sheet, tuple(number for row in found for number in row)


def _behind(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Return a scene, more or less lit and in focus, float32 BGR (height, width, 3)."""
    seen = taken(SCENES[rng.integers(len(SCENES))])
    scale = max(width / seen.shape[1], height / seen.shape[0])
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    seen = cv2.resize(seen, None, fx=scale, fy=scale, interpolation=method)
    top, left = (seen.shape[0] - height) // 2, (seen.shape[1] - width) // 2
    seen = seen[top : top + height, left : left + width].astype(np.float32)
    seen *= rng.uniform(0.5, 1.0)
    if rng.random() < 0.5:
        seen = cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.5, 4) * height / 720)
    return seen


def _place(
    rng: np.random.Generator, wide: float, tall: float, width: int, height: int
) -> np.ndarray:
    """Return the corners of a sheet that is held a little askew, nearly all of it in the frame,
    float32 (4, 2), clockwise from the upper left."""
    turn = math.radians(rng.uniform(-8, 8))
    rotation = [[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]]
    half = np.array([(-wide, -tall), (wide, -tall), (wide, tall), (-wide, tall)]) / 2
    corners = half @ np.array(rotation) * (1 + rng.uniform(-0.05, 0.05, (4, 2)))
    reach = 0.95 * np.abs(corners).max(axis=0)
    middle = rng.uniform(reach, np.array([width, height]) - reach)
    return np.asarray(corners + middle, np.float32)


def _hold(rng: np.random.Generator, seen: np.ndarray, corners: np.ndarray, tall: float) -> None:
    """Lay a thumb over the lower or the left edge of a sheet, in place."""
    edge = corners[[2, 3]] if rng.random() < 0.5 else corners[[0, 3]]
    x, y = edge.mean(axis=0).round().astype(int).tolist()
    shape = np.zeros(seen.shape[:2], np.float32)
    axes = (round(0.06 * tall), round(0.16 * tall))
    cv2.ellipse(shape, (x, y), axes, rng.uniform(-30, 30), 0, 360, 1.0, -1, cv2.LINE_AA)
    share = cv2.GaussianBlur(shape, (0, 0), 1.0)[..., None]
    seen += share * (np.array(THUMBS[rng.integers(len(THUMBS))], np.float32) - seen)
