"""How honest confidences are: calibration error, and coverage at a wanted precision.

Everything takes two arrays of equal length n: ``confidence``, the claimed probability 0-1 that a
string is right, and ``right``, whether it was.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
BINS = 15


def _pair(confidence: ArrayLike, right: ArrayLike) -> tuple[Floats, Floats]:
    """Return both as float64 (n,). Raises ValueError unless they pair up and n > 0."""
    claimed = np.asarray(confidence, dtype=np.float64).ravel()
    outcome = np.asarray(right, dtype=np.float64).ravel()
    if claimed.size != outcome.size or claimed.size == 0:
        raise ValueError(
            f"got {claimed.size} confidences and {outcome.size} outcomes; "
            "expected as many of the one as of the other, and at least one"
        )
    return claimed, outcome


def reliability(
    confidence: ArrayLike, right: ArrayLike, bins: int = BINS
) -> list[tuple[float, float, int]]:
    """Return (mean confidence, share right, count) of each equal-mass bin, confidence ascending.

    The n strings, sorted by confidence, are cut into ``bins`` parts whose counts differ by one at
    most. Strings of the same confidence count with the share right of them all, so that the
    order in which they came plays no part.
    """
    claimed, outcome = _pair(confidence, right)
    values, group, counts = np.unique(claimed, return_inverse=True, return_counts=True)
    shares = np.bincount(group, weights=outcome) / counts
    order = np.sort(group)
    parts = np.array_split(order, min(bins, order.size))
    return [(float(values[p].mean()), float(shares[p].mean()), p.size) for p in parts]


def expected_calibration_error(confidence: ArrayLike, right: ArrayLike, bins: int = BINS) -> float:
    """ECE = sum over equal-mass bins of count / n * abs(share right - mean confidence).

    Naeini, Cooper and Hauskrecht, 2015 (doi:10.1609/aaai.v29i1.9602), with the bins of equal mass
    of Nguyen and O'Connor, 2015 (doi:10.18653/v1/D15-1182): most strings claim nearly 1, and bins
    of equal width would hide what happens there.
    """
    parts = reliability(confidence, right, bins)
    total = sum(count for _, _, count in parts)
    return sum(count * abs(share - claimed) for claimed, share, count in parts) / total


@dataclass(frozen=True)
class Calibration:
    """An ECE with what is needed to judge it.

    ``low`` and ``high`` bound the bootstrap interval (95%). A finite sample scores above 0 even
    from a perfectly calibrated reader: ``perfect`` is that reader's mean ECE on these very
    confidences, ``perfect_high`` what it stays under 95 times of 100.
    """

    strings: int
    ece: float
    low: float
    high: float
    perfect: float
    perfect_high: float
    mean_confidence: float
    share_right: float

    def to_dict(self) -> dict[str, float]:
        """Return plain values, ready for JSON."""
        return asdict(self)


def calibration(
    confidence: ArrayLike,
    right: ArrayLike,
    bins: int = BINS,
    rounds: int = 1000,
    seed: int = 0,
) -> Calibration:
    """Measure calibration: the ECE, its interval, and what a perfect reader would score.

    The interval holds the 2.5th to 97.5th percentile of the ECE over ``rounds`` resamples of the
    strings with replacement (bootstrap; Efron, 1979, doi:10.1214/aos/1176344552), shifted so that
    their mean falls on the ECE itself: resampling adds chance a second time, and chance only ever
    raises an ECE. The perfect reader keeps the confidences and is right with just that
    probability: its outcomes are drawn ``rounds`` times.
    """
    claimed, outcome = _pair(confidence, right)
    rng = np.random.default_rng(seed)
    resampled, perfect = np.empty(rounds), np.empty(rounds)
    for turn in range(rounds):
        drawn = rng.integers(0, claimed.size, claimed.size)
        resampled[turn] = expected_calibration_error(claimed[drawn], outcome[drawn], bins)
        lucky = rng.random(claimed.size) < claimed
        perfect[turn] = expected_calibration_error(claimed, lucky, bins)
    ece = expected_calibration_error(claimed, outcome, bins)
    low, high = np.percentile(resampled, [2.5, 97.5]) - resampled.mean() + ece
    return Calibration(
        strings=claimed.size,
        ece=ece,
        low=max(0.0, float(low)),
        high=float(high),
        perfect=float(perfect.mean()),
        perfect_high=float(np.percentile(perfect, 95)),
        mean_confidence=float(claimed.mean()),
        share_right=float(outcome.mean()),
    )


@dataclass(frozen=True)
class Coverage:
    """What a threshold lets through: share of all strings accepted, and share right of those.

    ``precision`` is nan where nothing is accepted.
    """

    threshold: float
    share: float
    precision: float

    def to_dict(self) -> dict[str, float | None]:
        """Return plain values, ready for JSON (which knows no nan)."""
        precision = None if np.isnan(self.precision) else self.precision
        return {"threshold": self.threshold, "share": self.share, "precision": precision}


def coverage_at_threshold(confidence: ArrayLike, right: ArrayLike, threshold: float) -> Coverage:
    """Return the coverage of the rule: accept where confidence >= threshold."""
    claimed, outcome = _pair(confidence, right)
    accepted = claimed >= threshold
    precision = float(outcome[accepted].mean()) if accepted.any() else float("nan")
    return Coverage(float(threshold), float(accepted.mean()), precision)


def threshold_for_precision(confidence: ArrayLike, right: ArrayLike, precision: float) -> float:
    """Return the lowest threshold at which the accepted strings are right often enough.

    min { t in confidences : sum(right and confidence >= t) / sum(confidence >= t) >= precision }.
    Where no threshold reaches the precision, the next number above 1, which accepts nothing.
    For validation data: chosen on the pictures it is reported on, it flatters.
    """
    claimed, outcome = _pair(confidence, right)
    order = np.argsort(-claimed, kind="stable")
    claimed, outcome = claimed[order], outcome[order]
    precise = np.cumsum(outcome) / np.arange(1, claimed.size + 1) >= precision
    # Equal confidences are accepted together, so only the last of them can be the limit.
    last_of_equals = np.append(claimed[1:] != claimed[:-1], True)
    limits = np.flatnonzero(precise & last_of_equals)
    return float(claimed[limits[-1]]) if limits.size else float(np.nextafter(1.0, 2.0))


def coverage_at_precision(
    confidence: ArrayLike, right: ArrayLike, precision: float = 0.99
) -> Coverage:
    """Return the largest share of strings that can be accepted at the wanted precision.

    The threshold is chosen on these very strings (:func:`threshold_for_precision`): a bound on
    what a threshold from other data can reach, not a promise.
    """
    return coverage_at_threshold(
        confidence, right, threshold_for_precision(confidence, right, precision)
    )
