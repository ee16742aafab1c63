"""Calibration on writers that the network has never seen: glyphs, strings, and the threshold."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from camdigits.reader import Reader
from camdigits.recognize.model import Model
from camdigits.training.confidence import threshold_for_precision
from camdigits.training.hands import hands
from camdigits.training.synthetic import string_tasks, write_string

PRECISION = 0.99
_ROUNDS = 60


def fit_temperature(logits: np.ndarray, classes: np.ndarray) -> float:
    """Return the temperature that gives ``logits`` (n, k) the least cross entropy on ``classes``.

    Guo et al. 2017 (arXiv:1706.04599); a golden-section search between 0.2 and 5.
    """
    truth = classes.astype(np.int64)

    def loss(log_temperature: float) -> float:
        scaled = logits.astype(np.float64) / np.exp(log_temperature)
        scaled -= scaled.max(axis=1, keepdims=True)
        logs = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return -float(logs[np.arange(len(truth)), truth].mean())

    low, high = np.log(0.2), np.log(5.0)
    golden = (np.sqrt(5.0) - 1) / 2
    for _ in range(_ROUNDS):
        first, second = high - golden * (high - low), low + golden * (high - low)
        if loss(first) < loss(second):
            high = second
        else:
            low = first
    return float(np.exp((low + high) / 2))


def fit_platt(posterior: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Return scale and shift of sigmoid(scale * logit(posterior) + shift) with the least loss.

    Platt scaling (1999) by Newton's method, with his smoothed targets, so that a reader without
    mistakes doesn't become certain.
    """
    clipped = np.clip(posterior, 1e-6, 1 - 1e-6)
    x = np.column_stack([np.log(clipped / (1 - clipped)), np.ones(len(clipped))])
    positive, negative = float(right.sum()), float(len(right) - right.sum())
    target = np.where(right > 0, (positive + 1) / (positive + 2), 1 / (negative + 2))
    weights = np.array([1.0, 0.0])
    ridge = np.diag([1e-3, 1e-3])
    for _ in range(_ROUNDS):
        p = 1 / (1 + np.exp(-(x @ weights)))
        gradient = x.T @ (p - target) + ridge @ (weights - [1.0, 0.0])
        curvature = (x * (p * (1 - p))[:, None]).T @ x + ridge
        step = np.linalg.solve(curvature, gradient)
        weights = weights - step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-9))
    return max(float(weights[0]), 0.05), float(weights[1])


def calibrate_strings(
    folder: Path, data: Path | None, seed: int, count: int
) -> tuple[float, float, float]:
    """Return string scale, shift and acceptance threshold from ``count`` synthetic strings.

    They are written by the validation hands and read with the model in ``folder``, whose own
    scale must be 1 and shift 0.
    """
    reader = Reader(Model(folder))
    mix = hands(data, "validation")
    posterior, right = [], []
    for task in string_tasks(count):
        picture, text = write_string(task, mix, seed)
        for string in reader.read(picture, rotate=False).strings:
            posterior.append(string.confidence)
            right.append(string.text == text)
    if not posterior:
        return 1.0, 0.0, 1.0
    scores, outcome = np.array(posterior), np.array(right, np.float64)
    scale, shift = fit_platt(scores, outcome)
    logit = np.log(np.clip(scores, 1e-6, 1 - 1e-6) / (1 - np.clip(scores, 1e-6, 1 - 1e-6)))
    confidence = 1 / (1 + np.exp(-(scale * logit + shift)))
    return scale, shift, min(threshold_for_precision(confidence, outcome, PRECISION), 1.0)
