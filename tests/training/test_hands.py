"""Hands and their mix: splits, kinds, several at one string, without the other data sets too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from camdigits.errors import DataError
from camdigits.training.datasets import Glyphs
from camdigits.training.forms import DIGITS
from camdigits.training.hands import HandMix, SeveralHands, hands
from camdigits.training.treatment import Treatment
from camdigits.training.writers import Source, SourceHand


def test_mnist_alone_gives_handwriting_and_print(tiny_mnist: Path) -> None:
    mix = hands(tiny_mnist, "train")
    assert {choice.name for choice in mix.choices} == {"mnist", "allographs", "fonts", "several"}
    rng = np.random.default_rng(0)
    assert {mix.pick(rng).kind for _ in range(60)} == {"handwriting", "print"}
    assert {mix.pick(rng, "print").kind for _ in range(5)} == {"print"}
    assert {mix.pick(rng, "handwriting").kind for _ in range(20)} == {"handwriting"}


@pytest.mark.parametrize("split", ["validation", "test"])
def test_held_out_splits_are_handwriting_of_their_own_writers(tiny_mnist: Path, split) -> None:
    mix = hands(tiny_mnist, split)
    rng = np.random.default_rng(0)
    picked = [mix.pick(rng) for _ in range(30)]
    assert all(isinstance(hand, SourceHand) for hand in picked)
    assert mix.pick(rng, "print").kind == "print"


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(DataError, match="no hand of kind 'print'"):
        HandMix([]).pick(np.random.default_rng(0), "print")


def test_strings_of_a_hand_follow_from_the_seed(tiny_mnist: Path) -> None:
    mix = hands(tiny_mnist, "train")

    def page(seed: int) -> list[bytes]:
        rng = np.random.default_rng(seed)
        written = []
        for _ in range(8):
            hand = mix.pick(rng)
            glyphs = [hand.write(label, rng) for label in (*DIGITS, "minus", "F")]
            written.append(b"".join(glyph.tobytes() for glyph in glyphs if glyph is not None))
        return written

    assert page(1) == page(1)
    assert page(1) != page(2)


def test_several_hands_take_turns_at_one_string() -> None:
    images = [np.full((20, width), 255, np.uint8) for width in (4, 12)]
    writers = [
        SourceHand([Source(Glyphs("made up", [image], np.array(["1"]), np.zeros(1, int)))], 0, t, r)
        for image, t, r in zip(
            images, [Treatment(unrest=0.0)] * 2, map(np.random.default_rng, range(2)), strict=True
        )
    ]
    rng = np.random.default_rng(0)
    hand = SeveralHands(writers)
    written = [hand.write("1", rng) for _ in range(20)]
    widths = [0 if glyph is None else glyph.shape[1] for glyph in written]
    narrow = sum(width < 14 for width in widths)
    assert 4 <= narrow <= 16
    assert hand.kind == "handwriting"
    assert hand.write("2", rng) is None


def test_all_sources_of_the_data_folder_write(data_folder: Path) -> None:
    mix = hands(data_folder, "train")
    rng = np.random.default_rng(6)
    for choice in mix.choices:
        for _ in range(3):
            hand = choice.make(rng)
            heights = []
            for label in (*DIGITS, "dot", "minus", "plus", "comma", "F"):
                glyph = hand.write(label, rng)
                assert glyph is not None, (choice.name, label)
                assert glyph.dtype == np.uint8
                assert glyph.max() > 120
                edges = (glyph[0], glyph[-1], glyph[:, 0], glyph[:, -1])
                assert all(edge.any() for edge in edges), (choice.name, label)
                if label in DIGITS:
                    heights.append(glyph.shape[0])
            assert 30 <= np.median(heights) <= 50, choice.name
