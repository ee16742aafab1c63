"""Calibration: known temperatures and scales come back."""

from __future__ import annotations

import numpy as np
import pytest

from camdigits.training.calibrate import fit_platt, fit_temperature


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_is_recovered(temperature: float) -> None:
    rng = np.random.default_rng(1)
    honest = rng.normal(0, 2.0, (20_000, 13))
    # Gumbel noise draws a class from the softmax of honest logits.
    classes = (honest + rng.gumbel(size=honest.shape)).argmax(axis=1)
    assert fit_temperature(honest * temperature, classes) == pytest.approx(temperature, rel=0.04)


@pytest.mark.parametrize("scale", [0.5, 3.0])
def test_scaled_logits_scale_the_temperature(scale: float) -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(0, 2.0, (3000, 13))
    classes = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)
    found = fit_temperature(logits * scale, classes) / fit_temperature(logits, classes)
    assert found == pytest.approx(scale, rel=1e-3)


def test_a_flawless_network_keeps_a_bounded_temperature() -> None:
    assert fit_temperature(20 * np.eye(13), np.arange(13)) == pytest.approx(0.2, rel=1e-3)


@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (0.6, -0.8), (1.7, 1.2)])
def test_platt_is_recovered(scale: float, shift: float) -> None:
    rng = np.random.default_rng(3)
    logit = rng.normal(0.5, 2.0, 40_000)
    right = (rng.random(logit.size) < sigmoid(scale * logit + shift)).astype(np.float64)
    found = fit_platt(sigmoid(logit), right)
    assert found == pytest.approx((scale, shift), abs=0.06)


def test_a_reader_without_mistakes_does_not_become_certain() -> None:
    posterior = np.linspace(0.9, 0.999, 50)
    scale, shift = fit_platt(posterior, np.ones(50))
    confidence = sigmoid(scale * np.log(posterior / (1 - posterior)) + shift)
    assert scale > 0
    assert 0.9 < confidence.mean() < 0.999


@pytest.mark.parametrize("right", [0.0, 1.0])
def test_certain_posteriors_do_no_harm(right: float) -> None:
    scale, shift = fit_platt(np.array([0.0, 1.0, 1.0]), np.array([0.0, 1.0, right]))
    assert np.isfinite([scale, shift]).all()
    assert scale > 0


def test_posteriors_that_mislead_do_not_turn_the_order() -> None:
    posterior = np.array([0.1, 0.2, 0.8, 0.9] * 20)
    scale, _ = fit_platt(posterior, np.array([1.0, 1.0, 0.0, 0.0] * 20))
    assert scale > 0
