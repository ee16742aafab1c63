"""Written numbers to measure with: strings of 2 to 10 digits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from camdigits.training.pages import WriterMix
from camdigits.training.paper import photograph
from camdigits.training.paper_style import PaperStyle
from camdigits.training.strings import StringStyle, compose

LENGTHS = tuple(range(2, 11))
PAPERS = ("plain", "mixed")
TOUCHING = (0.0, 0.5)
_HEIGHTS = (26.0, 64.0)


@dataclass(frozen=True)
class StringTask:
    """One string to be written: its length, paper, and the share of neighbors that touch."""

    index: int
    length: int
    paper: str
    touching: float

    @property
    def name(self) -> str:
        """What readings and contact sheets call it."""
        return f"string {self.index}"

    @property
    def source(self) -> str:
        """The condition, as the tables name it."""
        return f"{self.paper}, {self.touching:.0%} touching"

    def write(self, mix: WriterMix, seed: int) -> tuple[np.ndarray, tuple[str, ...]]:
        """Return the picture, uint8 gray (h, w), and its one number.

        Digits are 26 to 64 pixels tall.
        """
        rng = np.random.default_rng([seed, self.index])
        height = float(np.exp(rng.uniform(*np.log(_HEIGHTS))))
        style = replace(StringStyle.random(rng, touching=self.touching), height=height)
        labels = [str(digit) for digit in rng.integers(0, 10, self.length)]
        written = compose(rng, mix.pick(rng, "handwriting"), labels, style)
        sheet = around(written.ink, height, rng)
        kind = None if self.paper == "mixed" else self.paper
        picture = photograph(sheet, rng, PaperStyle.random(rng, kind, size=height))
        return picture, (written.text,)


def around(ink: np.ndarray, height: float, rng: np.random.Generator) -> np.ndarray:
    """Return ``ink``, uint8 (h, w), with about one digit ``height`` of paper around it."""
    top, bottom, left, right = (round(height * share) for share in rng.uniform(0.6, 1.4, 4))
    return cv2.copyMakeBorder(ink, top, bottom, left, right, cv2.BORDER_CONSTANT)


def string_tasks(count: int) -> list[StringTask]:
    """Return ``count`` tasks that take all papers, shares and lengths in turn."""
    conditions = [
        (length, paper, touching) for length in LENGTHS for paper in PAPERS for touching in TOUCHING
    ]
    return [StringTask(i, *conditions[i % len(conditions)]) for i in range(count)]
