"""What varies from writer to writer: how glyphs are set side by side, drawn at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from camdigits.training.chains import Chain

HAND_HEIGHT = 40.0  # a hand writes its digits about this tall, in pixels

_CHAINED = 0.35  # of the hands write zeros that follow each other in one go


@dataclass(frozen=True)
class StringStyle:
    """How one writer sets glyphs side by side; lengths are shares of the digit height.

    ``touching`` is the probability of each pair of neighbors to touch, ``ligature`` the share of
    those that are joined by a stroke of the pen from the start; the others are pushed together
    until their boxes overlap by about ``overlap`` of the narrower one's width (negative: apart),
    and joined by a stroke where their ink does not meet so.
    ``box_share`` 0 spaces by contours, 1 by boxes. ``slant`` is the shear (dx per height,
    positive leans right), ``slope`` the rise of the baseline from glyph to glyph. ``zeros`` is how
    tall the zeros of a round amount are, ``raised`` how far these stand above the baseline;
    ``chain`` is how zeros that follow each other are written in one go, None where they are not.
    """

    height: float = HAND_HEIGHT
    gap: float = 0.2
    gap_jitter: float = 0.05
    space: float = 0.9
    touching: float = 0.0
    overlap: float = 0.1
    ligature: float = 0.0
    box_share: float = 0.2
    size_jitter: float = 0.05
    wobble: float = 0.0
    baseline_jitter: float = 0.02
    slope: float = 0.0
    slant: float = 0.0
    zeros: float = 1.0
    raised: float = 0.0
    chain: Chain | None = None

    @classmethod
    def random(
        cls, rng: np.random.Generator, touching: float | None = None, kind: str = "handwriting"
    ) -> StringStyle:
        """Draw a style; ``touching`` 0-1 fixes the probability of neighbors to touch. No zeros are
        chained then, nor by a hand of another ``kind`` than handwriting."""
        chain = None
        if touching is None and kind == "handwriting" and rng.random() < _CHAINED:
            chain = Chain.draw(rng)
        if touching is None:
            touching = 0.0 if rng.random() < 0.3 else float(rng.uniform(0.1, 0.9))
        loose = rng.random() < 0.12
        zeros = float(rng.uniform(0.35, 0.8)) if rng.random() < 0.2 else 1.0
        return cls(
            chain=chain,
            zeros=zeros,
            raised=float(rng.uniform(0.0, 0.6)) * (1.0 - zeros) if rng.random() < 0.4 else 0.0,
            gap=float(rng.uniform(0.3, 0.8) if loose else rng.uniform(0.02, 0.25)),
            gap_jitter=float(rng.uniform(0.01, 0.12)),
            space=float(rng.uniform(0.4, 1.3)),
            touching=touching,
            overlap=float(rng.uniform(-0.1, 0.25)),
            ligature=float(rng.choice([0.0, 0.2, 0.6])),
            box_share=float(rng.uniform(0.0, 0.6)),
            size_jitter=float(rng.uniform(0.02, 0.17)),
            wobble=float(rng.uniform(0.0, 4.0)),
            baseline_jitter=float(rng.uniform(0.01, 0.13)),
            slope=float(rng.normal(0.0, 0.025)),
            slant=float(rng.normal(0.07, 0.14)),
        )
