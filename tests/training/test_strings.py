"""Strings: where glyphs stand, which ink is whose, and who touches whom."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from factories import ring, slash, stem
from hypothesis import given, settings
from hypothesis import strategies as st

from camdigits.errors import DataError
from camdigits.reading import Box
from camdigits.training.strings import StringStyle, compose
from camdigits.training.texts import numbers, random_labels, spell

EXACT = StringStyle(
    gap=0.25, gap_jitter=0, box_share=0, size_jitter=0, baseline_jitter=0, space=1.0, overlap=0
)


GLYPHS = {
    "0": ring(),
    "1": stem(),
    "7": slash(),
    "dot": np.full((5, 5), 255, np.uint8),
    "comma": np.full((12, 4), 255, np.uint8),
    "minus": np.full((4, 20), 255, np.uint8),
}


class BlockHand:
    """Writes plain blocks, each label always alike."""

    kind = "print"

    def write(self, label: str, rng: np.random.Generator) -> np.ndarray | None:
        return GLYPHS.get(label)


def write(labels, style=EXACT, seed=0):
    return compose(np.random.default_rng(seed), BlockHand(), labels, style)


def touches(written, index):
    """Whether some piece of connected ink holds pixels of a glyph and of the next."""
    ink = written.ink >= 128
    _, parts = cv2.connectedComponents(ink.astype(np.uint8))
    mine = set(parts[ink & (written.owner == index)])
    return bool(mine & set(parts[ink & (written.owner == index + 1)]))


def test_two_bars_stand_ten_pixels_apart():
    written = write(["1", "1"])
    row = np.concatenate([np.full(6, 255), np.zeros(10), np.full(6, 255)])
    np.testing.assert_array_equal(written.ink, np.tile(row, (40, 1)))
    np.testing.assert_array_equal(
        written.owner, np.tile([0] * 6 + [-1] * 10 + [1] * 6, (40, 1)).astype(np.int16)
    )
    assert written.boxes == (Box(0, 0, 6, 40), Box(16, 0, 6, 40))
    assert (written.text, written.labels, written.touching) == ("11", ("1", "1"), (False,))


@pytest.mark.parametrize(
    ("text", "heights"),
    [("1.000", [40, 20, 20, 20]), ("10", [40, 40]), ("1001", [40, 20, 20, 40]), ("010", [40] * 3)],
)
def test_zeros_that_make_an_amount_round_may_be_smaller(text, heights):
    written = write(spell(text), replace(EXACT, zeros=0.5, raised=0.25))
    digits = [box for box, sign in zip(written.boxes, text, strict=True) if sign != "."]
    assert [box.height for box in digits] == pytest.approx(heights, abs=2)
    # A quarter of a digit's height above the others' foot.
    feet = [box.y + box.height for box in digits]
    assert [max(feet) - foot for foot in feet] == pytest.approx(
        [10 * (height < 40) for height in heights], abs=1
    )


def test_slanted_neighbors_share_columns_without_touching():
    first, second = write(["7", "7"]).boxes
    assert second.x < first.x + first.width - 20
    assert not touches(write(["7", "7"]), 0)


def test_spacing_by_boxes_keeps_columns_apart():
    first, second = write(["7", "7"], replace(EXACT, box_share=1.0)).boxes
    assert second.x == first.x + first.width + 10


@pytest.mark.parametrize(
    ("label", "top", "bottom"), [("dot", 35, 40), ("minus", 16, 26), ("comma", 34, 52)]
)
def test_marks_stand_where_they_are_written(label, top, bottom):
    _, mark, _ = write(["1", label, "1"]).boxes
    assert top <= mark.y
    assert mark.y + mark.height <= bottom


def test_space_is_wider_than_any_gap():
    near, far = write(["1", "1"]), write(["1", "space", "1"])
    assert far.boxes[1].x - near.boxes[1].x == 40
    assert far.labels == ("1", "1")


def test_glyph_height_scales_with_the_style():
    written = write(["1"], replace(EXACT, height=20.0))
    assert written.ink.shape == (20, 3)


def test_bars_that_touch_are_joined_at_the_foot_and_never_run_along_each_other():
    written = write(["1", "1"], replace(EXACT, touching=1.0))
    first, second = written.boxes
    assert written.touching == (True,)
    assert second.x - first.x >= 12
    between = written.ink[:, first.x + first.width : second.x]
    assert not between[:20].any()
    assert between[20:].any()


styles = st.builds(
    lambda seed, touching, ligature: replace(
        StringStyle.random(np.random.default_rng(seed), touching), ligature=ligature
    ),
    st.integers(0, 10_000),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.sampled_from([0.0, 0.5, 1.0]),
)
written_labels = st.lists(st.sampled_from(sorted(GLYPHS)), min_size=1, max_size=7)


@settings(max_examples=60, derandomize=True)
@given(written_labels, styles, st.integers(0, 1000))
def test_neighbors_touch_exactly_where_they_should(labels, style, seed):
    written = write(labels, style, seed)
    assert written.touching == tuple(touches(written, i) for i in range(len(labels) - 1))
    assert style.touching == 0.5 or set(written.touching) <= {style.touching == 1.0}


@settings(max_examples=60, derandomize=True)
@given(written_labels, styles, st.integers(0, 1000))
def test_ink_has_one_owner_and_blank_paper_none(labels, style, seed):
    written = write(labels, style, seed)
    assert written.ink.dtype == np.uint8
    assert written.owner.dtype == np.int16
    np.testing.assert_array_equal(written.owner >= 0, written.ink > 32)
    assert written.owner.max() < len(labels) == len(written.boxes)
    for side in (written.owner[0], written.owner[-1], written.owner[:, 0], written.owner[:, -1]):
        assert (side >= 0).any()
    if not any(written.touching):
        for index, box in enumerate(written.boxes):
            place = cv2.boundingRect((written.owner == index).astype(np.uint8))
            assert place == tuple(box)


def test_half_of_the_neighbors_touch_when_asked():
    rng = np.random.default_rng(4)
    pairs = [
        pair
        for _ in range(200)
        for pair in compose(rng, BlockHand(), ["0", "1"] * 3, StringStyle.random(rng, 0.5)).touching
    ]
    assert len(pairs) == 1000
    assert 0.46 < np.mean(pairs) < 0.54


def test_ink_that_two_glyphs_share_belongs_to_the_later():
    written = write(["7", "0"], replace(EXACT, touching=1.0, overlap=0.3), seed=3)
    first, second = written.boxes
    assert second.x < first.x + first.width - 3
    later = np.zeros_like(written.owner, bool)
    later[second.y :, second.x :][: second.height, : second.width] = ring() > 32
    assert (written.owner[later] == 1).all()


def test_same_seed_same_string():
    style = StringStyle.random(np.random.default_rng(1))
    first, again, other = (write(["0", "1", "7"], style, seed) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first.ink, again.ink)
    np.testing.assert_array_equal(first.owner, again.owner)
    assert first.boxes == again.boxes != other.boxes


def test_labels_without_glyph_leave_a_space_or_nothing():
    assert write(["1", "plus", "1"]).boxes == write(["1", "space", "1"]).boxes
    with pytest.raises(DataError, match="writes none of"):
        write(["plus", "Q"])


def test_a_letter_gives_way_to_one_the_hand_has():
    class OnlyT(BlockHand):
        def write(self, label, rng):
            return GLYPHS["1"] if label == "T" else None

    written = compose(np.random.default_rng(0), OnlyT(), ["Q", "T", "a"], EXACT)
    assert written.labels == ("T", "T", "T")


@pytest.mark.parametrize(
    ("text", "labels", "found"),
    [
        ("1.234", ("1", "dot", "2", "3", "4"), ["1234"]),
        ("3x4", ("3", "times", "4"), ["3", "4"]),
        ("ax 7", ("a", "x", "space", "7"), ["7"]),
        ("12-5=", ("1", "2", "minus", "5", "equals"), ["12", "5"]),
        ("(9,-", ("paren_left", "9", "comma", "minus"), ["9"]),
        ("", (), []),
    ],
)
def test_spelling(text, labels, found):
    assert spell(text) == labels
    assert numbers(labels) == found


def test_random_labels_are_mostly_digits_with_some_words():
    rng = np.random.default_rng(2)
    drawn = [random_labels(rng) for _ in range(2000)]
    digits = [sum(label.isdigit() for label in labels) for labels in drawn]
    assert min(digits) >= 1
    assert np.mean([2 <= count <= 8 for count in digits]) > 0.8
    worded = [any(len(label) == 1 and label.isalpha() for label in labels) for labels in drawn]
    assert 0.16 < np.mean(worded) < 0.24
