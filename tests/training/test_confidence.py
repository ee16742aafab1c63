"""Confidence figures: exact small cases, and readers whose calibration is known."""

from __future__ import annotations

import json

import numpy as np
import pytest

from camdigits.training.confidence import (
    calibration,
    coverage_at_precision,
    coverage_at_threshold,
    expected_calibration_error,
    reliability,
    threshold_for_precision,
)


@pytest.mark.parametrize(
    ("confidence", "right", "bins", "expected"),
    [
        ([1.0, 1.0], [1, 1], 1, 0.0),
        ([1.0, 1.0], [0, 0], 1, 1.0),
        ([0.5, 0.5], [1, 0], 2, 0.0),  # equals share one outcome, whatever their order
        ([0.5, 0.5], [0, 1], 2, 0.0),
        ([0.2, 0.4, 0.6, 0.8], [0, 0, 1, 1], 2, 0.3),
        ([0.2, 0.4, 0.6, 0.8], [0, 0, 1, 1], 1, 0.0),
        ([0.9, 0.6, 0.3], [1, 1, 1], 3, 0.4),
    ],
)
def test_expected_calibration_error(
    confidence: list[float], right: list[int], bins: int, expected: float
) -> None:
    assert expected_calibration_error(confidence, right, bins) == pytest.approx(expected)


def test_reliability_bins_hold_equal_counts() -> None:
    parts = reliability([0.1, 0.2, 0.3, 0.7, 0.9], [0, 0, 1, 1, 1], bins=2)
    assert parts == [
        (pytest.approx(0.2), pytest.approx(1 / 3), 3),
        (pytest.approx(0.8), pytest.approx(1.0), 2),
    ]


def test_a_calibrated_reader_scores_as_the_perfect_one() -> None:
    rng = np.random.default_rng(1)
    confidence = rng.beta(8, 1, 4000)
    result = calibration(confidence, rng.random(4000) < confidence, rounds=200)
    assert result.ece < result.perfect_high * 1.2
    assert result.low <= result.ece <= result.high
    assert result.strings == 4000


def test_an_overconfident_reader_scores_far_above_the_perfect_one() -> None:
    rng = np.random.default_rng(2)
    confidence = rng.beta(8, 1, 4000)
    result = calibration(confidence, rng.random(4000) < confidence - 0.1, rounds=200)
    assert result.ece == pytest.approx(0.1, abs=0.02)
    assert result.perfect_high < result.low


def test_calibration_repeats_with_its_seed() -> None:
    confidence, right = [0.9, 0.8, 0.7, 0.6], [1, 1, 0, 1]
    first = calibration(confidence, right, rounds=20, seed=3)
    assert first == calibration(confidence, right, rounds=20, seed=3)
    assert set(json.loads(json.dumps(first.to_dict()))) >= {"ece", "low", "high", "perfect"}


@pytest.mark.parametrize(
    ("confidence", "right", "precision", "threshold", "share"),
    [
        ([0.9, 0.8, 0.7], [1, 1, 1], 0.99, 0.7, 1.0),
        ([0.9, 0.8, 0.7], [1, 1, 0], 0.99, 0.8, 2 / 3),
        ([0.9, 0.8, 0.7, 0.6], [1, 0, 1, 1], 0.75, 0.6, 1.0),  # a dip on the way does not stop
        ([0.9, 0.8, 0.8], [1, 1, 0], 0.99, 0.9, 1 / 3),  # equals go in together
        ([0.9, 0.8], [0, 1], 0.99, np.nextafter(1.0, 2.0), 0.0),
    ],
)
def test_coverage_at_precision(
    confidence: list[float], right: list[int], precision: float, threshold: float, share: float
) -> None:
    assert threshold_for_precision(confidence, right, precision) == threshold
    coverage = coverage_at_precision(confidence, right, precision)
    assert coverage.share == pytest.approx(share)


def test_ninety_nine_of_a_hundred_is_precise_enough() -> None:
    confidence = np.linspace(0.99, 0.5, 101)
    right = np.ones(101)
    right[[50, 100]] = 0
    assert coverage_at_precision(confidence, right).share == pytest.approx(100 / 101)


def test_a_threshold_that_accepts_nothing_has_no_precision() -> None:
    assert coverage_at_threshold([0.2], [1], 0.5).to_dict() == {
        "threshold": 0.5,
        "share": 0.0,
        "precision": None,
    }


@pytest.mark.parametrize(("confidence", "right"), [([], []), ([0.5], [1, 0])])
def test_unpaired_or_empty_input_is_refused(confidence: list[float], right: list[int]) -> None:
    with pytest.raises(ValueError, match="expected as many"):
        expected_calibration_error(confidence, right)
