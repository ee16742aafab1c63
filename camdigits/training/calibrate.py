"""Calibration on writers that the network has never seen: glyphs, strings, and the threshold."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np

from camdigits.reader import Reader
from camdigits.recognize.model import Model
from camdigits.training.confidence import threshold_for_precision
from camdigits.training.hands import hands
from camdigits.training.synthetic import string_tasks

# Share of the accepted synthetic strings that must be right. Three in four of those surely misread
# say to anyone what was read, for there are hands that write a 7 like a 1 or a 9 like a 4; of what
# is written in earnest, on photos and rightly labeled cheques, 98 in 100 and more are right then.
PRECISION = 0.97
TOUCHING = 0.15  # share of neighbors that touch in half of the strings, as in everyday writing
_ROUNDS = 60
NO_CALIBRATION = {"posterior": 1.0, "glyphs": 0.0, "lines": 0.0, "alone": 0.0, "shift": 0.0}


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


def fit_platt(logits: np.ndarray, right: np.ndarray, free: int = 0) -> np.ndarray:
    """Return weights (k,) and a shift, joined (k + 1,), of the logistic regression of ``right``
    (n,) on ``logits`` (n, k) with the least loss.

    Platt scaling (1999) by Newton's method, with his smoothed targets, so that a reader without
    mistakes doesn't become certain, and a slight pull toward the mean of the logits. Only the
    last ``free`` weights may be negative.
    """
    used = np.ones(logits.shape[1], bool)
    rising = np.arange(logits.shape[1]) < logits.shape[1] - free
    while True:
        weights = _logistic(logits[:, used], right)
        # A surer reader is never the less trusted for it, whatever the sample says.
        falling = (weights[:-1] < 0) & rising[used]
        if not falling.any():
            break
        used[np.flatnonzero(used)[falling]] = False
    full = np.zeros(logits.shape[1] + 1)
    full[np.append(used, True)] = weights
    return full


def _logistic(logits: np.ndarray, right: np.ndarray) -> np.ndarray:
    x = np.column_stack([logits, np.ones(len(logits))])
    start = np.append(np.full(logits.shape[1], 1 / max(logits.shape[1], 1)), 0.0)
    positive, negative = float(right.sum()), float(len(right) - right.sum())
    target = np.where(right > 0, (positive + 1) / (positive + 2), 1 / (negative + 2))
    weights = start.copy()
    ridge = 1e-3 * np.eye(len(weights))
    for _ in range(_ROUNDS):
        p = 1 / (1 + np.exp(-(x @ weights)))
        gradient = x.T @ (p - target) + ridge @ (weights - start)
        curvature = (x * (p * (1 - p))[:, None]).T @ x + ridge
        step = np.linalg.solve(curvature, gradient)
        weights = weights - step * min(1.0, 1.0 / max(float(np.abs(step).max()), 1e-9))
    return weights


def rightly_read(parts: list[str], text: str) -> list[bool]:
    """Say of each part, in reading order, whether it stands in ``text`` where the parts put it.

    A number that was split at a wide gap is read rightly all the same: grouping is not what a
    string's confidence speaks of. Aligned by longest matching blocks.
    """
    matcher = SequenceMatcher(None, "".join(parts), text, autojunk=False)
    blocks = [(block.a, block.a + block.size) for block in matcher.get_matching_blocks()]
    right, start = [], 0
    for part in parts:
        end = start + len(part)
        right.append(any(first <= start and end <= last for first, last in blocks))
        start = end
    return right


def calibrate_strings(
    folder: Path, data: Path | None, seed: int, count: int
) -> tuple[dict[str, float], float]:
    """Return the card's string weights and acceptance threshold, from ``count`` synthetic strings.

    They are written by the validation hands and read with the model in ``folder``, whose own
    weights must be those of NO_CALIBRATION.
    """
    reader = Reader(Model(folder))
    mix = hands(data, "validation")
    logits, right = [], []
    for task in string_tasks(count):
        usual = replace(task, touching=min(task.touching, TOUCHING))
        picture, (text,) = usual.write(mix, seed)
        strings = reader.read(picture, rotate=False, again=False).strings
        # Whether a number ends where it should is doubted apart from what it says.
        if len(strings) > 1 and "".join(string.text for string in strings) == text:
            continue
        for string in strings:
            logits.append([*string.evidence, float(len(string.text) == 1)])
        right += rightly_read([string.text for string in strings], text)
    if not any(right):
        return NO_CALIBRATION, 1.0
    outcome = np.array(right, np.float64)
    weights = fit_platt(np.array(logits), outcome, free=1)
    confidence = 1 / (1 + np.exp(-(np.array(logits) @ weights[:-1] + weights[-1])))
    threshold = min(threshold_for_precision(confidence, outcome, PRECISION), 1.0)
    names = tuple(NO_CALIBRATION)
    return dict(zip(names, map(float, weights), strict=True)), threshold
