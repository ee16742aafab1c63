"""Samples of the line network: strips of real lines, and which frames belong to which digit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from factories import Asked

from camdigits.segment.glyphs import Writing
from camdigits.segment.straighten import LineImage
from camdigits.segment.strips import FRAMES, HEIGHT, WIDTH
from camdigits.training.line_samples import DOUBTFUL, NONE, WRONG, LineMaker, LineSamples
from camdigits.training.strings import Composition
from camdigits.training.written import Written

LEVEL = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


@pytest.fixture
def maker(tiny_mnist: Path) -> LineMaker:
    return LineMaker(tiny_mnist, "train")


def frames(
    maker: LineMaker,
    labels: tuple[str, ...],
    lost: slice | None = None,
    width: int = 20,
    step: int = 30,
) -> list[int]:
    """The targets of a line of solid glyphs, ``width`` by 40 pixels at 10, 10 + ``step``, ...; of
    the columns ``lost`` nothing came through."""
    ink = np.zeros((40, 10 + step * len(labels)), np.uint8)
    owner = np.full(ink.shape, -1, np.int16)
    for index in range(len(labels)):
        left = 10 + step * index
        columns = np.s_[:, left : left + width]
        ink[columns], owner[columns] = 255, index
    if lost:
        ink[:, lost] = 0
    written = Composition(ink, owner, labels, (), "", ())
    line = LineImage(ink, LEVEL, 0)
    return maker._frames(line, Written(ink, owner, written)).tolist()


def test_the_frames_by_the_middle_of_a_digit_are_that_digit(maker: LineMaker) -> None:
    found = frames(maker, ("3", "7"))
    # Glyphs have their middles at 20 and 50; frames are 4 pixels wide, and those whose middle is at
    # most 2 pixels away (18, 22 and 50) are that digit, up to 8 away they may be.
    assert {i: sign for i, sign in enumerate(found) if sign != NONE} == {
        **{3: DOUBTFUL + 3, 4: 3, 5: 3, 6: DOUBTFUL + 3},
        **{10: DOUBTFUL + 7, 11: DOUBTFUL + 7, 12: 7, 13: DOUBTFUL + 7, 14: DOUBTFUL + 7},
    }


def test_nothing_parts_a_digit_that_stands_alone(maker: LineMaker) -> None:
    edge = DOUBTFUL + 1
    assert frames(maker, ("1",), width=4)[:6] == [NONE, edge, 1, 1, edge, NONE]


@pytest.mark.parametrize("apart", [11, 12, 13, 14])
def test_a_frame_parts_digits_that_are_hardly_apart(maker: LineMaker, apart: int) -> None:
    found = frames(maker, ("1", "1", "1"), width=6, step=apart)
    runs = [sign for sign, before in zip(found, [NONE, *found], strict=False) if sign != before]
    read = [sign for sign in runs if sign in (1, NONE)]
    assert read.count(1) == 3
    assert all(sign == NONE for sign in read[1:-1:2]), found


def test_marks_and_letters_are_none(maker: LineMaker) -> None:
    assert set(frames(maker, ("A", "comma", "plus"))) == {NONE}


@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        (slice(40, 43), {7, DOUBTFUL + 7, NONE}),
        (slice(40, 52), {DOUBTFUL + 7, NONE}),
        (slice(40, 58), {NONE}),
    ],
)
def test_a_digit_that_lost_ink_is_doubtful_then_none(
    maker: LineMaker, lost: slice, expected: set[int]
) -> None:
    assert set(frames(maker, ("3", "7"), lost)) - {3, DOUBTFUL + 3} == expected


def test_a_block_follows_its_seed_and_shows_digits(maker: LineMaker) -> None:
    first, again = maker.block((4, 1), 40), maker.block((4, 1), 40)
    assert len(first) == 40
    assert first.strips.shape == (40, HEIGHT, WIDTH)
    assert first.frames.shape == (40, FRAMES)
    np.testing.assert_array_equal(first.strips, again.strips)
    np.testing.assert_array_equal(first.frames, again.frames)
    digits = first.frames < NONE
    assert digits.any(axis=1).mean() > 0.7
    # Where a digit is, there is ink: strips and frames tell of the same places.
    inked = first.strips.any(axis=1).reshape(40, FRAMES, -1).any(axis=2)
    assert inked[digits].mean() > 0.8
    assert inked[~digits].mean() < 0.6


def test_targets_name_all_that_may_be_right() -> None:
    marks = np.full((1, FRAMES), NONE, np.uint8)
    marks[0, 3], marks[0, 4] = 5, DOUBTFUL + 7
    samples = LineSamples(np.zeros((1, HEIGHT, WIDTH), np.uint8), marks)
    targets = samples.targets(np.array([0]))
    assert targets.shape == (1, FRAMES, 11)
    assert set(np.unique(targets)) == {np.float32(WRONG), np.float32(1)}
    right = [np.flatnonzero(targets[0, frame] == 1).tolist() for frame in range(5)]
    assert right == [[NONE], [NONE], [NONE], [5], [7, NONE]]


def test_inputs_are_varied_in_training_alone() -> None:
    strips = np.random.default_rng(0).integers(0, 256, (3, HEIGHT, WIDTH)).astype(np.uint8)
    samples = LineSamples(strips, np.full((3, FRAMES), NONE, np.uint8))
    chosen = np.array([2, 0])
    plain = samples.inputs(chosen)
    np.testing.assert_allclose(plain[..., 0] * 255, strips[chosen], atol=1e-3)
    varied = samples.inputs(chosen, np.random.default_rng(1))
    assert varied.shape == plain.shape
    assert not np.allclose(varied, plain)
    np.testing.assert_array_equal(samples.strips, strips)


def test_lines_are_made_of_what_is_written(tiny_mnist: Path, maker: LineMaker) -> None:
    asked = Asked(written=False)
    bare = LineMaker(tiny_mnist, "train", Writing(asked))
    found, usual = bare.block((3,), 12), maker.block((3,), 12)
    assert asked.views
    assert not np.array_equal(found.strips, usual.strips)
