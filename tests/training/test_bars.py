"""Bars cross the bare stems of sevens, and nothing else."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from camdigits.training.bars import Bar, barred
from camdigits.training.datasets import Glyphs
from camdigits.training.hands import hands
from camdigits.training.treatment import Treatment, crop_to_ink
from camdigits.training.writers import Source, SourceHand

BAR = Bar(height=0.6, left=0.3, right=0.4, slope=0.0)


def seven(waist: int = 0) -> np.ndarray:
    """Return a seven of 40 x 26 pixels, with a stroke as wide as ``waist`` through its middle."""
    ink = np.zeros((60, 60), np.uint8)
    cv2.polylines(ink, [np.array([(10, 10), (34, 10), (24, 48)])], False, 255, 3)
    if waist:
        cv2.line(ink, (27 - waist // 2, 34), (27 + waist // 2, 34), 255, 3)
    return crop_to_ink(ink)


def test_a_bar_crosses_the_stem() -> None:
    plain = seven()
    height, width = plain.shape
    rng = np.random.default_rng(0)
    drawn = [barred(plain, BAR, rng) for _ in range(40)]
    assert len({glyph.tobytes() for glyph in drawn}) > 30
    rows = []
    for glyph in drawn:
        added = cv2.subtract(glyph[:, :width], plain)
        assert glyph.shape[0] == height
        ys, xs = np.nonzero(added > 127)
        rows.append(np.median(ys))
        assert 0.3 * height < np.ptp(xs) < 1.1 * height
    assert np.mean(rows) == pytest.approx(BAR.height * height, abs=1.5)


def test_what_is_barred_already_mostly_stays() -> None:
    crossed = seven(waist=24)
    rng = np.random.default_rng(1)
    assert sum(barred(crossed, BAR, rng) is crossed for _ in range(40)) >= 34


def test_a_hand_bars_its_sevens_alone() -> None:
    images = [seven(), np.full((40, 5), 255, np.uint8)]
    source = Source(Glyphs("made up", images, np.array(["7", "1"]), np.zeros(2, int)))
    still = Treatment(unrest=0.0)
    rng = np.random.default_rng(2)
    plain, bars = (SourceHand([source], 0, still, rng, bar) for bar in (None, BAR))
    for label, more in (("7", 30), ("1", 0)):
        ink = [
            np.mean(
                [
                    np.count_nonzero(glyph)
                    for _ in range(9)
                    if (glyph := hand.write(label, rng)) is not None
                ]
            )
            for hand in (plain, bars)
        ]
        assert ink[1] - ink[0] >= more
        assert more or ink[1] == pytest.approx(ink[0], rel=0.05)


def test_some_of_those_who_train_have_bars_and_none_who_measure(tiny_mnist: Path) -> None:
    rng = np.random.default_rng(3)
    for split, least, most in (("train", 10, 30), ("validation", 0, 0), ("test", 0, 0)):
        mix = hands(tiny_mnist, split)
        (mnist,) = (choice for choice in mix.choices if choice.name == "mnist")
        made = [mnist.make(rng) for _ in range(50)]
        assert least <= sum(hand.bar is not None for hand in made) <= most
