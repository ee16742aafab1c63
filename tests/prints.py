"""Pictures of printed numbers, and where their ink is."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from camdigits.reading import Box

FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
PAPER, PEN = 235, 30
Texts = list[tuple[str, int, int]]


def draw(
    texts: Texts,
    size: tuple[int, int] = (640, 240),
    font: int = 80,
    paper: int = PAPER,
    pen: int = PEN,
) -> np.ndarray:
    """Return a picture (uint8 BGR) of texts at (left, top) on plain paper; size is (w, h)."""
    picture = Image.new("L", size, paper)
    canvas = ImageDraw.Draw(picture)
    for text, left, top in texts:
        canvas.text((left, top), text, fill=pen, font=ImageFont.truetype(str(FONT), font))
    return np.repeat(np.asarray(picture)[..., None], 3, axis=2)


def ink_box(picture: np.ndarray, paper: int = PAPER) -> Box:
    """The box around all drawn ink."""
    rows, columns = np.nonzero(np.abs(picture[..., 0].astype(int) - paper) > 60)
    left, top = int(columns.min()), int(rows.min())
    return Box(left, top, int(columns.max()) + 1 - left, int(rows.max()) + 1 - top)


def overlap(first: Box, second: Box) -> float:
    """Intersection over union of two boxes."""
    width = min(first.x + first.width, second.x + second.width) - max(first.x, second.x)
    height = min(first.y + first.height, second.y + second.height) - max(first.y, second.y)
    common = max(width, 0) * max(height, 0)
    return common / (first.width * first.height + second.width * second.height - common)
