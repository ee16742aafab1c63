"""The line network's evidence for the edges of a lattice, on hand-made frames."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lattices import distribution, make_lattice

from camdigits.recognize.decode import make_edges
from camdigits.recognize.line_evidence import (
    GLYPH_CUT,
    LEAST,
    SAME,
    WEIGHT,
    WEIGHT_CUT,
    claims,
    middles_of,
    with_evidence,
)
from camdigits.segment.strips import FRAME, SCALE

NONE = 10


def told(*signs: int) -> np.ndarray:
    """Return frames, float32 (n, 11), that are sure of a digit or of NONE each."""
    return np.eye(11, dtype=np.float32)[list(signs)]


def claim(frames: np.ndarray, start: int, end: int) -> tuple[np.ndarray, float]:
    digit, none = claims(frames, np.array([start]), np.array([end]))
    return np.exp(digit[0]), float(np.exp(none[0]))


def test_one_run_of_a_digit_is_that_digit() -> None:
    frames = told(NONE, 7, 7, NONE, NONE, 2, NONE)
    digit, none = claim(frames, 0, 4)
    assert digit.argmax() == 7
    assert digit[7] == pytest.approx(0.9336, abs=1e-4)  # LEAST leaves others a little
    assert np.delete(digit, 7).max() < 0.05
    assert none < 0.01
    digit, none = claim(frames, 4, 7)
    assert digit.argmax() == 2
    digit, none = claim(frames, 3, 5)
    assert digit.max() < 0.05
    assert none == 1.0


def test_two_runs_are_not_one_digit() -> None:
    digit, none = claim(told(NONE, 7, NONE, 7, NONE), 0, 5)
    assert max(digit.max(), none) < 0.05
    digit, none = claim(told(NONE, 7, 2, NONE), 0, 4)
    assert max(digit.max(), none) < 0.05


def test_an_edge_narrower_than_a_frame_takes_that_frame() -> None:
    digit, none = claim(told(NONE, 1, NONE), 1, 1)
    assert digit.argmax() == 1
    assert none == 1.0
    digit, _ = claim(told(NONE, 1), 2, 2)  # beyond the last frame nothing is known
    assert np.ptp(digit) == 0.0


@settings(max_examples=30)
@given(st.integers(0, 2**31), st.integers(1, 6))
def test_a_claim_is_the_sum_over_all_runs(seed: int, length: int) -> None:
    rng = np.random.default_rng(seed)
    frames = rng.dirichlet(np.ones(11), 9).astype(np.float32)
    start = int(rng.integers(0, 10 - length))
    digit, none = claim(frames, start, start + length)
    trusted = LEAST + (1 - 11 * LEAST) * frames[start : start + length].astype(np.float64)
    some, empty = trusted[:, :NONE].sum(axis=1), trusted[:, NONE]
    likelier = np.maximum(some, empty)
    digits = (some / likelier)[:, None] * (trusted[:, :NONE] / some[:, None]) ** SAME
    empty = empty / likelier
    expected = np.zeros(10)
    for first, last in itertools.combinations(range(length + 1), 2):
        around = empty[:first].prod() * empty[last:].prod()
        expected += around * digits[first:last].prod(axis=0)
    assert digit == pytest.approx(np.clip(expected, LEAST**4, 1), rel=1e-6)
    assert none == pytest.approx(empty.prod(), rel=1e-6)


def test_a_digit_that_may_be_one_of_many_is_one_all_the_same() -> None:
    frames = told(NONE, NONE, NONE)
    frames[1] = [0.07] * 10 + [0.3]  # each digit is less likely than none, all together are not
    digit, none = claim(frames, 0, 3)
    assert none < 0.5
    assert digit.sum() > 1.0
    frames[1] = [0.03] * 10 + [0.7]
    assert claim(frames, 0, 3)[1] == pytest.approx(1.0, abs=1e-6)


def test_edges_of_any_length_are_told_at_once() -> None:
    frames = np.random.default_rng(1).dirichlet(np.ones(11), 12).astype(np.float32)
    start, end = np.triu_indices(13, 1)
    together = claims(frames, start, end)
    for i, (a, b) in enumerate(zip(start, end, strict=True)):
        alone = claims(frames, np.array([a]), np.array([b]))
        assert together[0][i] == pytest.approx(alone[0][0])
        assert together[1][i] == pytest.approx(alone[1][0])


def test_middles_are_those_of_runs_of_likely_digits() -> None:
    frames = told(NONE, 7, 7, NONE, 2, 3, 3, 3, NONE)
    # A frame is four pixels of the line wide: runs from frame 1 to 3, 4 to 5 and 5 to 8.
    assert middles_of(frames).tolist() == [8.0, 18.0, 26.0]
    assert middles_of(told(NONE, NONE)).tolist() == []
    assert middles_of(told(5)).tolist() == [2.0]


def test_evidence_is_weighted_by_whether_a_cut_was_needed() -> None:
    lattice = make_lattice(3, [(0, 1), (1, 2)], whole=[True, False], blanks=[(0, 1)])
    rows = np.array([distribution(d3=0.9, d8=0.1), distribution(d3=0.9, d8=0.1)])
    edges = make_edges(lattice, rows, 1.0)
    frames = np.full((20, 11), 0.02, np.float32)
    frames[:, NONE] = 0.8
    told = with_evidence(edges, lattice, frames)
    places = np.rint(lattice.cuts * (SCALE / FRAME)).astype(int)
    digit, none = claims(frames, places[edges.start], places[edges.end])
    for e, span in enumerate(edges.span.tolist()):
        weight, trust = (WEIGHT_CUT, GLYPH_CUT) if span == 1 else (WEIGHT, 1.0)
        assert told.other[e] == pytest.approx(edges.other[e] + weight * none[e])
        if span >= 0:
            assert told.digit[e] == pytest.approx(trust * edges.digit[e] + weight * digit[e])
        else:
            assert np.isneginf(told.digit[e]).all()
