"""Calibration: known temperatures and scales come back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from camdigits.recognize.model import logit_of, models_folder
from camdigits.training import calibrate
from camdigits.training.calibrate import (
    NO_CALIBRATION,
    calibrate_strings,
    fit_platt,
    fit_temperature,
    rightly_read,
)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def logit(p: np.ndarray) -> np.ndarray:
    return np.log(p / (1 - p))


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


@pytest.mark.parametrize(("sureness", "least", "most"), [(3.0, 0.2, 0.2002), (20.0, 0.2, 1.0)])
def test_a_flawless_network_keeps_a_bounded_temperature(
    sureness: float, least: float, most: float
) -> None:
    assert least <= fit_temperature(sureness * np.eye(13), np.arange(13)) <= most


@pytest.mark.parametrize(
    "weights", [(1.0, 0.0), (0.6, -0.8), (1.7, 1.2), (0.7, 0.4, -0.5), (1.2, 0.0, 0.8)]
)
def test_platt_is_recovered(weights: tuple[float, ...]) -> None:
    rng = np.random.default_rng(3)
    logits = rng.normal(0.5, 2.0, (40_000, len(weights) - 1))
    chance = sigmoid(logits @ weights[:-1] + weights[-1])
    right = (rng.random(len(logits)) < chance).astype(np.float64)
    assert fit_platt(logits, right) == pytest.approx(np.array(weights), abs=0.06)


def test_a_reader_without_mistakes_does_not_become_certain() -> None:
    posterior = np.linspace(0.9, 0.999, 50)
    logits = logit(np.column_stack([posterior, posterior**2]))
    weights = fit_platt(logits, np.ones(50))
    confidence = sigmoid(logits @ weights[:2] + weights[2])
    # Platt's target for the right ones of 50 without a wrong one is 51 / 52.
    assert confidence == pytest.approx(np.full(50, 51 / 52), abs=0.005)


@pytest.mark.parametrize("right", [0.0, 1.0])
def test_certain_posteriors_do_no_harm(right: float) -> None:
    certain = logit_of(1.0)
    logits = np.array([[-certain, -certain], [certain, certain], [certain, certain]])
    weights = fit_platt(logits, np.array([0.0, 1.0, right]))
    assert np.isfinite(weights).all()
    assert weights[:2].sum() > 0


def test_what_tells_the_same_shares_the_weight() -> None:
    rng = np.random.default_rng(6)
    once = rng.normal(0, 2.0, 5000)
    right = (rng.random(5000) < sigmoid(once)).astype(np.float64)
    first, second, shift = fit_platt(np.column_stack([once, once]), right)
    assert first == pytest.approx(second)
    assert (first + second, shift) == pytest.approx((1.0, 0.0), abs=0.1)


@pytest.mark.parametrize(
    ("parts", "text", "expected"),
    [
        (["1234"], "1234", [True]),
        (["12", "34"], "1234", [True, True]),  # split at a wide gap
        (["12"], "1234", [True]),  # the rest was missed
        (["19", "34"], "1234", [False, True]),
        (["128"], "1238", [False]),
        (["34", "12"], "1234", [True, False]),  # not in this order
        (["12", "12"], "12", [True, False]),  # written once only
        (["7"], "", [False]),
        ([], "12", []),
    ],
)
def test_rightly_read(parts: list[str], text: str, expected: list[bool]) -> None:
    assert rightly_read(parts, text) == expected


@pytest.fixture
def uncalibrated(tmp_path: Path) -> Path:
    """A copy of the default model without string calibration."""
    folder = tmp_path / "model"
    folder.mkdir()
    default = models_folder() / "default"
    shutil.copyfile(default / "model.tflite", folder / "model.tflite")
    card = json.loads((default / "card.json").read_text(encoding="utf-8"))
    card["calibration"]["string"] = NO_CALIBRATION
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


def test_strings_calibrate_a_model(uncalibrated: Path, tiny_mnist: Path) -> None:
    weights, threshold = calibrate_strings(uncalibrated, tiny_mnist, 5, 40)
    assert list(weights) == list(NO_CALIBRATION)
    assert weights != NO_CALIBRATION
    assert np.isfinite(list(weights.values())).all()
    assert 0 < threshold <= 1
    assert calibrate_strings(uncalibrated, tiny_mnist, 5, 40) == (weights, threshold)


def test_a_model_that_reads_nothing_rightly_accepts_nothing_short_of_certainty(
    uncalibrated: Path, tiny_mnist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibrate, "rightly_read", lambda parts, text: [False] * len(parts))
    assert calibrate_strings(uncalibrated, tiny_mnist, 5, 12) == (NO_CALIBRATION, 1.0)


def test_only_free_weights_may_fall() -> None:
    rng = np.random.default_rng(7)
    alone = (rng.random(4000) < 0.5).astype(np.float64)
    logits = rng.normal(1, 2.0, 4000)
    right = (rng.random(4000) < sigmoid(logits - 1.5 * alone)).astype(np.float64)
    features = np.column_stack([logits, alone])
    assert fit_platt(features, right, free=1)[1] == pytest.approx(-1.5, abs=0.3)
    assert fit_platt(features, right)[1] == 0
