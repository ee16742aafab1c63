"""Hands and their mix: splits, kinds, sizes, treatment, and work without the other data sets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from camdigits.errors import DataError
from camdigits.training import hands as hands_module
from camdigits.training.datasets import Glyphs
from camdigits.training.forms import DIGITS
from camdigits.training.hands import HandMix, SeveralHands, Source, SourceHand, hands
from camdigits.training.treatment import Treatment, change_thickness, crop_to_ink, stroke_width


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
    glyphs = Source(hands_module.datasets.mnist_glyphs(tiny_mnist, "train"))
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


def test_treatment_scales_slants_and_never_repeats() -> None:
    stem = np.full((20, 3), 255, np.uint8)
    rng = np.random.default_rng(0)
    upright = [Treatment(unrest=0.3).apply(stem, 40.0, rng) for _ in range(5)]
    assert all(36 <= glyph.shape[0] <= 45 for glyph in upright)
    assert len({glyph.tobytes() for glyph in upright}) == 5
    slanted = Treatment(slant=0.5, unrest=0.0).apply(stem, 40.0, rng)
    assert slanted.shape[1] == pytest.approx(6 + 20, abs=3)
    rows = np.arange(slanted.shape[1]) @ slanted.T / slanted.sum(axis=1)
    assert rows[2] > rows[-3]


@pytest.mark.parametrize("pixels", [-1.0, 0.0, 0.5, 1.0, 2.0])
def test_thickness_changes_by_the_given_pixels(pixels: float) -> None:
    stem = np.zeros((60, 40), np.uint8)
    stem[5:55, 15:22] = 255
    changed = change_thickness(stem, pixels).astype(float)[30].sum() / 255
    assert changed == pytest.approx(7 + pixels, abs=0.6)


def test_thinning_never_wipes_out_a_hairline() -> None:
    hairline = np.zeros((40, 20), np.uint8)
    hairline[5:35, 10] = 255
    np.testing.assert_array_equal(change_thickness(hairline, -2.0), hairline)


def test_crops_are_tight_and_drop_faint_fringes() -> None:
    picture = np.full((20, 20), 30, np.uint8)
    picture[5:9, 6:12] = 200
    assert crop_to_ink(picture).shape == (4, 6)
    assert crop_to_ink(picture, 0.5).max() == 100


@pytest.mark.parametrize("width", [3, 5, 8])
def test_stroke_width(width: int) -> None:
    stem = np.zeros((80, 40), np.uint8)
    stem[5:75, 10 : 10 + width] = 255
    assert stroke_width(stem) == pytest.approx(width, rel=0.25)


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
