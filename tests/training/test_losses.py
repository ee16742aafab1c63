"""Losses: exact values of a few answers."""

from __future__ import annotations

import numpy as np
import pytest

from camdigits.training.losses import any_of, hits, one_of, smoothed


def test_the_cross_entropy_of_smoothed_targets() -> None:
    targets = smoothed(np.array([[0, 1, 0, 0]], np.float32), 0.2)
    np.testing.assert_allclose(targets, [[0.05, 0.85, 0.05, 0.05]])
    chances = np.array([[0.5, 0.25, 0.125, 0.125]], np.float32)
    loss = one_of(targets, np.log(chances))
    assert float(loss[0]) == pytest.approx(-(targets * np.log(chances)).sum(), abs=1e-6)


def test_any_right_answer_is_as_good_as_another() -> None:
    chances = np.array([[0.5, 0.3, 0.2]], np.float32)
    wrong = 0.01
    for targets, expected in (
        ([1, wrong, wrong], 0.5 + wrong * 0.5),
        ([1, wrong, 1], 0.7 + wrong * 0.3),
        ([1, 1, 1], 1.0),
    ):
        loss = any_of(np.array([targets], np.float32), np.log(chances))
        assert float(loss[0]) == pytest.approx(-np.log(expected), abs=1e-6)
    several = np.array([[1, wrong, 1], [wrong, 1, 1], [0.2, 0.7, 0.1], [0.6, 0.3, 0.1]], np.float32)
    logits = np.tile(chances, (4, 1))
    assert np.asarray(hits(several, logits)).tolist() == [1, 0, 0, 1]
