"""Writers of collections: own glyphs, borrowed ones, and marks and letters that a source lacks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from camdigits.training.datasets import Glyphs, mnist_glyphs
from camdigits.training.treatment import Treatment, stroke_width
from camdigits.training.writers import Source, SourceHand


def test_a_writer_writes_own_glyphs_and_borrows_what_is_missing() -> None:
    images = [np.full((20, width), 255, np.uint8) for width in (4, 8, 12)]
    glyphs = Glyphs("made up", images, np.array(["1", "1", "2"]), np.array([5, 6, 6]))
    source = Source(glyphs)
    rng = np.random.default_rng(0)
    own = [source.crop(5, "1", rng) for _ in range(10)]
    assert {crop.shape[1] for crop in own if crop is not None} == {4}
    borrowed = source.crop(5, "2", rng)
    assert borrowed is not None
    assert borrowed.shape[1] == 12
    assert source.crop(5, "3", rng) is None


def test_steep_slashes_are_not_learned_as_slashes() -> None:
    steep, flat = np.full((28, 4), 255, np.uint8), np.full((28, 20), 255, np.uint8)
    writers = np.zeros(2, int)
    source = Source(Glyphs("made up", [steep, flat], np.array(["slash", "slash"]), writers))
    rng = np.random.default_rng(0)
    crops = [source.crop(0, "slash", rng) for _ in range(20)]
    assert all(crop is not None and crop.shape[1] == 20 for crop in crops)


def test_marks_that_a_source_lacks_are_written_with_a_like_pen(tiny_mnist: Path) -> None:
    glyphs = Source(mnist_glyphs(tiny_mnist, "train"))
    rng = np.random.default_rng(1)
    hand = SourceHand([glyphs], glyphs.writers[0], Treatment(), rng)
    eight, plus = hand.write("8", rng), hand.write("plus", rng)
    assert eight is not None
    assert plus is not None
    assert stroke_width(plus) == pytest.approx(stroke_width(eight), rel=0.5)
    assert hand.write("no such label", rng) is None


def test_missing_digits_are_never_invented() -> None:
    images = [np.full((20, 6), 255, np.uint8)]
    source = Source(Glyphs("made up", images, np.array(["1"]), np.array([0])))
    rng = np.random.default_rng(0)
    assert SourceHand([source], 0, Treatment(), rng).write("2", rng) is None


def test_few_hands_write_letters_that_pass_for_digits() -> None:
    images = [np.full((20, 6), 255, np.uint8)] * 2
    source = Source(Glyphs("made up", images, np.array(["A", "C"]), np.zeros(2, int)))
    rng = np.random.default_rng(0)
    pages = [SourceHand([source], 0, Treatment(), rng) for _ in range(100)]
    assert all(hand.write("C", rng) is not None for hand in pages)
    assert 10 < sum(hand.write("A", rng) is not None for hand in pages) < 45
