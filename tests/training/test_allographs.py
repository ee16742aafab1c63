"""Invented hands: the forms' notation, smooth strokes, pens, and what the hands write."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from camdigits.errors import DataError
from camdigits.training.allographs import AllographHand, Habits
from camdigits.training.forms import DIGITS, all_forms, parse_forms, scribble
from camdigits.training.pens import Pen
from camdigits.training.strokes import parse_shape, smoother_of
from camdigits.training.treatment import stroke_width

EXPECTED_MARKS = (
    *("dot", "comma", "minus", "plus", "slash", "times", "equals", "paren_left", "paren_right"),
    *("colon", "hash", "percent", "euro", "dollar", "underscore", "tilde", "check", "ditto"),
)


def test_shape_notation() -> None:
    shape = parse_shape("0,0 50,10! 20,-5* | 1,2 3,4")
    assert shape.points.tolist() == [[0, 0], [50, 10], [20, -5], [1, 2], [3, 4]]
    assert shape.starts.tolist() == [True, False, False, True, False]
    assert shape.corners.tolist() == [0, 1, 2, 0, 0]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["0 1 ring", "    0,0"], "line 2: a stroke needs at least two points"),
        (["0 1 ring", "    0,0 a,1"], "line 2: could not convert"),
        (["0 1"], "line 1: not enough values"),
        (["0 often ring"], "line 1: could not convert"),
        (["    0,0 1,1"], "line 1"),
        (["0 1 ring", "    0,0 1,1", "    0,0 1,1 2,2"], "line 3: shape of 3 points"),
        (["0 1 ring", "    0,0 1,1! 2,2", "    0,0 1,1 2,2"], "line 3: shape of 3 points"),
    ],
)
def test_malformed_forms_are_refused(lines: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse_forms(lines, "some.txt")


def test_every_digit_has_many_forms_and_marks_are_there() -> None:
    forms = all_forms()
    for digit in DIGITS:
        assert len(forms[digit]) >= 4
        assert sum(len(form.shapes) for form in forms[digit]) >= 15
    assert set(EXPECTED_MARKS) <= set(forms)
    assert not set("OolISsZzBbqgGDJi") & set(forms)


def test_slashes_lean_more_than_ones_and_plus_signs_stand_tall() -> None:
    # What is written alike must not be taught as two things.
    slashes = [shape.points for form in all_forms()["slash"] for shape in form.shapes]
    assert min(np.ptp(points[:, 0]) / np.ptp(points[:, 1]) for points in slashes) > 0.45
    pluses = [shape.points for form in all_forms()["plus"] for shape in form.shapes]
    heights = [np.ptp(points[:, 1]) for points in pluses]
    assert min(heights) < 60
    assert max(heights) > 90


def test_straight_strokes_stay_straight_and_pass_their_points() -> None:
    shape = parse_shape("0,0 0,50 0,100 | 10,0 60,0")
    smoother = smoother_of(shape.starts, shape.corners)
    path = smoother.path(shape.points)
    down, across = path[smoother.first == 0], path[smoother.first > 0]
    assert np.abs(down[:, 0]).max() < 1e-9
    assert (np.diff(down[:, 1]) > -1e-9).all()
    np.testing.assert_allclose(down[[0, -1]], [[0, 0], [0, 100]])
    np.testing.assert_allclose(across[[0, -1]], [[10, 0], [60, 0]])


def test_corners_are_sharp_and_the_rest_is_round() -> None:
    def sharpest(text: str) -> float:
        shape = parse_shape(text)
        steps = np.diff(smoother_of(shape.starts, shape.corners).path(shape.points), axis=0)
        steps = steps[np.hypot(*steps.T) > 1e-6]
        headings = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
        return float(np.abs(np.diff(headings)).max())

    assert sharpest("0,0 50,0 50,50") < 0.5
    assert sharpest("0,0 50,0! 50,50") == pytest.approx(np.pi / 2, abs=1e-6)


@pytest.mark.parametrize("width", [0.05, 0.1, 0.2])
def test_pen_width_in_shares_of_the_height(width: float) -> None:
    shape = parse_shape("0,0 0,100")
    smoother = smoother_of(shape.starts, shape.corners)
    path = smoother.path(shape.points / 100)
    ink = Pen(width).ink(path, smoother, 40.0, np.random.default_rng(0))
    assert ink.dtype == np.uint8
    assert (ink[20].astype(float) / 255).sum() == pytest.approx(40 * width, abs=0.7)
    rows = np.flatnonzero(ink.max(axis=1))
    assert np.ptp(rows) + 1 == pytest.approx(40 + 40 * width, abs=2)


def test_a_tapering_pen_thins_the_ends() -> None:
    shape = parse_shape("0,0 0,100")
    smoother = smoother_of(shape.starts, shape.corners)
    pen = Pen(0.15, taper=0.8)
    widths = pen.widths(smoother.path(shape.points / 100), smoother, np.random.default_rng(0))
    assert widths[0] < 0.3 * widths[len(widths) // 2]
    assert widths[-1] < 0.3 * widths[len(widths) // 2]


@pytest.mark.parametrize("label", [*DIGITS, *EXPECTED_MARKS, "F", "x", "scribble"])
def test_glyphs_are_tight_ink_of_the_right_size(label: str) -> None:
    rng = np.random.default_rng(3)
    heights = []
    for _ in range(12):
        glyph = AllographHand(rng).write(label, rng)
        assert glyph is not None
        assert glyph.dtype == np.uint8
        assert glyph.max() >= 180
        assert all(edge.any() for edge in (glyph[0], glyph[-1], glyph[:, 0], glyph[:, -1]))
        heights.append(glyph.shape[0])
    if label in DIGITS:
        assert 34 <= np.median(heights) <= 50
    if label in ("dot", "minus", "underscore"):
        assert np.median(heights) < 14


def test_a_hand_keeps_its_slant_pen_and_form() -> None:
    rng = np.random.default_rng(5)
    habits = Habits(Pen(0.06), slant=0.5, warp=0.02, wobble=0.005, variety=0.0)
    hand = AllographHand(rng, habits)
    eights = [glyph for _ in range(6) if (glyph := hand.write("8", rng)) is not None]
    assert np.std([stroke_width(glyph) for glyph in eights]) < 0.5
    assert len({glyph.tobytes() for glyph in eights}) == 6
    other = AllographHand(np.random.default_rng(99)).write("1", rng)
    assert other is not None
    own = _thumbnail(eights[0])
    within = max(np.abs(_thumbnail(glyph) - own).mean() for glyph in eights[1:])
    assert within < 0.7 * np.abs(_thumbnail(other) - own).mean()


def test_slant_leans_the_stem() -> None:
    def lean(slant: float) -> float:
        rng = np.random.default_rng(8)
        hand = AllographHand(rng, Habits(Pen(0.08), slant=slant, warp=0.0, wobble=0.0, unrest=0.0))
        glyph = hand.write("slash", rng)
        assert glyph is not None
        return glyph.shape[1] / glyph.shape[0]

    assert lean(0.5) > lean(0.0) + 0.3


def test_everything_follows_from_the_seed() -> None:
    def page(seed: int) -> bytes:
        rng = np.random.default_rng(seed)
        hand = AllographHand(rng)
        written = [hand.write(label, rng) for label in [*DIGITS, "comma", "scribble"]]
        return b"".join(glyph.tobytes() for glyph in written if glyph is not None)

    assert page(1) == page(1)
    assert page(1) != page(2)


def test_unknown_labels_are_not_written() -> None:
    rng = np.random.default_rng(0)
    assert AllographHand(rng).write("O", rng) is None


def test_few_hands_write_letters_that_pass_for_digits() -> None:
    rng = np.random.default_rng(4)
    pages = [AllographHand(rng) for _ in range(200)]
    assert all(hand.write("K", rng) is not None for hand in pages)
    writing = sum(hand.write("P", rng) is not None for hand in pages)
    assert 20 < writing < 80


def test_scribbles_differ() -> None:
    rng = np.random.default_rng(0)
    shapes = [scribble(rng) for _ in range(20)]
    assert len({len(shape.points) for shape in shapes}) > 3
    assert all((shape.points >= 0).all() for shape in shapes)


def _thumbnail(glyph: np.ndarray) -> np.ndarray:
    return cv2.resize(glyph, (8, 8), interpolation=cv2.INTER_AREA).astype(float).ravel()
