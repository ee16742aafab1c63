"""Samples of the line network: strips of real lines, and which frames belong to which digit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from factories import Asked

from camdigits.segment.glyphs import Writing
from camdigits.segment.straighten import LineImage
from camdigits.segment.strips import FRAMES, HEIGHT, WIDTH
from camdigits.training.line_samples import DOUBTFUL, NONE, SMOOTHING, LineMaker, LineSamples
from camdigits.training.strings import Composition
from camdigits.training.written import Written

LEVEL = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


@pytest.fixture
def maker(tiny_mnist: Path) -> LineMaker:
    return LineMaker(tiny_mnist, "train")


def frames(maker: LineMaker, labels: tuple[str, ...], lost: slice | None = None) -> list[int]:
    """The targets of a line of solid glyphs, 20 by 40 pixels at 10, 40, 70, ...; of the columns
    ``lost`` nothing came through."""
    ink = np.zeros((40, 10 + 30 * len(labels)), np.uint8)
    owner = np.full(ink.shape, -1, np.int16)
    for index in range(len(labels)):
        columns = np.s_[:, 10 + 30 * index : 30 + 30 * index]
        ink[columns], owner[columns] = 255, index
    if lost:
        ink[:, lost] = 0
    written = Composition(ink, owner, labels, (), "", ())
    line = LineImage(ink, LEVEL, 0)
    return maker._frames(line, Written(ink, owner, written)).tolist()


def test_the_frames_by_the_middle_of_a_digit_are_that_digit(maker: LineMaker) -> None:
    found = frames(maker, ("3", "7"))
    # Glyphs have their middles at 20 and 50; frames are 4 pixels wide, and those count whose middle
    # (18, 22 and 46, 50, 54) is at most 4 pixels away.
    assert [i for i, sign in enumerate(found) if sign == 3] == [4, 5]
    assert [i for i, sign in enumerate(found) if sign == 7] == [11, 12, 13]
    assert found.count(NONE) == len(found) - 5


def test_marks_and_letters_are_none(maker: LineMaker) -> None:
    assert set(frames(maker, ("A", "comma", "plus"))) == {NONE}


@pytest.mark.parametrize(
    ("lost", "expected"),
    [(slice(40, 43), {7, NONE}), (slice(40, 52), {DOUBTFUL + 7, NONE}), (slice(40, 58), {NONE})],
)
def test_a_digit_that_lost_ink_is_doubtful_then_none(
    maker: LineMaker, lost: slice, expected: set[int]
) -> None:
    assert set(frames(maker, ("3", "7"), lost)) - {3} == expected


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


def test_targets_are_smooth_and_half_none_where_doubtful() -> None:
    marks = np.full((1, FRAMES), NONE, np.uint8)
    marks[0, 3], marks[0, 4] = 5, DOUBTFUL + 7
    samples = LineSamples(np.zeros((1, HEIGHT, WIDTH), np.uint8), marks)
    targets = samples.targets(np.array([0]))
    assert targets.shape == (1, FRAMES, 11)
    np.testing.assert_allclose(targets.sum(axis=2), 1, rtol=1e-6)
    assert targets[0, 3, 5] == pytest.approx(1 - SMOOTHING * 10 / 11)
    assert targets[0, 4, 7] == targets[0, 4, NONE] == pytest.approx(0.5, abs=SMOOTHING)
    assert targets[0, 0].argmax() == NONE


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
