"""Measure a reader: what it read in labeled pictures, turned into the figures of metrics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from camdigits.reading import Page
from camdigits.training import confidence as honest
from camdigits.training.metrics import (
    DigitErrorRate,
    FalseDigits,
    NumbersFound,
    Strict,
    WholeString,
    edit_distance,
    exact_matches,
)

Figures = dict[str, Any]
Classify = Callable[[np.ndarray], np.ndarray]
"""Glyphs float32 (n, 28, 28, 1), ink 1.0, to probabilities float32 (n, classes)."""

DIGITS = tuple("0123456789")
_BATCH = 1000


@dataclass(frozen=True)
class Reading:
    """One labeled picture and what was read in it; numbers in reading order."""

    name: str
    source: str
    labeled: tuple[str, ...]
    read: tuple[str, ...]
    confidences: tuple[float, ...]

    @classmethod
    def of(cls, name: str, source: str, labeled: Sequence[str], page: Page) -> Reading:
        """Take what counts from a page."""
        return cls(
            name=name,
            source=source,
            labeled=tuple(labeled),
            read=tuple(string.text for string in page.strings),
            confidences=tuple(string.confidence for string in page.strings),
        )

    @property
    def labeled_digits(self) -> str:
        """All labeled digits, joined."""
        return "".join(self.labeled)

    @property
    def digits(self) -> str:
        """All digits read, joined."""
        return "".join(self.read)

    @property
    def exact(self) -> bool:
        """Whether the joined digits equal the joined labels."""
        return self.digits == self.labeled_digits

    @property
    def confidence(self) -> float:
        """Probability that the whole picture is read right: the product of its strings'.

        0 where nothing was read: silence claims nothing.
        """
        return float(np.prod(self.confidences)) if self.confidences else 0.0

    @property
    def errors(self) -> int:
        """Edit distance between the joined digits and the joined labels."""
        return edit_distance(self.labeled_digits, self.digits)


def worst(readings: Sequence[Reading], count: int) -> list[Reading]:
    """Return up to ``count`` readings with errors: most errors first, then the most confident."""
    wrong = [reading for reading in readings if reading.errors]
    return sorted(wrong, key=lambda r: (-r.errors, -r.confidence, r.name))[:count]


def glyph_figures(
    classify: Classify,
    classes: Sequence[str],
    glyphs: np.ndarray,
    labels: Sequence[str],
    refuses: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None,
) -> Figures:
    """Measure the network on single digits or on glyphs that are none.

    ``glyphs`` is float32 (n, 28, 28, 1), ink 1.0; a label that is no digit counts as right when
    refused. ``refuses`` tells from probabilities (n, classes) and glyphs which are refused, by
    default those whose P(not a digit), the sum over all other classes, is larger than the
    probability of the best digit. ``accuracy`` counts a refused digit as wrong;
    ``accuracy_without_refusal`` takes the best digit in any case and leaves out what is no digit.
    """
    columns = [list(classes).index(digit) for digit in DIGITS]
    batches = [classify(glyphs[i : i + _BATCH]) for i in range(0, len(glyphs), _BATCH)]
    probabilities = np.concatenate(batches)
    digits = probabilities[:, columns]
    if refuses is None:
        refused = 1.0 - digits.sum(axis=1) > digits.max(axis=1)
    else:
        refused = refuses(probabilities, glyphs)
    truth = np.asarray(labels)
    is_digit = np.isin(truth, DIGITS)
    hit = np.array(DIGITS)[digits.argmax(axis=1)] == truth
    right = np.where(is_digit, hit & ~refused, refused)
    return {
        "glyphs": len(truth),
        "accuracy": float(right.mean()),
        "accuracy_without_refusal": float(hit[is_digit].mean()) if is_digit.any() else None,
        "refused": float(refused.mean()),
    }


def photo_figures(readings: Sequence[Reading], threshold: float) -> Figures:
    """Measure pictures that hold several numbers, or none.

    Coverage is over all numbers read, also in pictures without digits: accepted where the
    confidence reaches ``threshold``, right where the text equals a labeled number of the picture
    (each serves once).
    """
    by_source: dict[str, list[Reading]] = defaultdict(list)
    false = FalseDigits()
    for reading in readings:
        if reading.labeled:
            by_source[reading.source].append(reading)
        else:
            false.add(reading.digits)
    found, strict, rate = NumbersFound(), Strict(), DigitErrorRate()
    sources: dict[str, Figures] = {}
    for source, members in sorted(by_source.items()):
        own = DigitErrorRate()
        for reading in members:
            found.add(reading.labeled, reading.read, source)
            strict.add(reading.labeled, reading.read, source)
            rate.add(reading.labeled_digits, reading.digits)
            own.add(reading.labeled_digits, reading.digits)
        sources[source] = {
            "pictures": len(members),
            "numbers": found.labeled[source],
            "numbers_found": found.by_source[source],
            "strict": strict.by_source[source],
            "der": own.value,
        }
    claimed = [value for reading in readings for value in reading.confidences]
    right = [hit for r in readings for hit in exact_matches(r.labeled, r.read)[1]]
    return {
        "pictures": sum(len(members) for members in by_source.values()),
        "numbers": found.labeled.total(),
        "numbers_found": found.total,
        "numbers_found_mean_over_sources": found.mean_over_sources,
        "strict": strict.total,
        "strict_mean_over_sources": strict.mean_over_sources,
        "der": rate.value,
        "pictures_without_digits": false.pictures,
        "false_digits_per_picture": false.value,
        "coverage": _coverage(claimed, right, threshold),
        "sources": sources,
    }


def string_figures(readings: Sequence[Reading], threshold: float) -> Figures:
    """Measure pictures of one number each: all digits read in it count as one string.

    Coverage is over all pictures; one in which nothing was read is not accepted.
    """
    whole, rate = WholeString(), DigitErrorRate()
    for reading in readings:
        whole.add(reading.labeled_digits, reading.digits)
        rate.add(reading.labeled_digits, reading.digits)
    claimed = [reading.confidence for reading in readings]
    return {
        "pictures": whole.pictures,
        "whole_string_exact": whole.value,
        "der": rate.value,
        "nothing_read": sum(not reading.read for reading in readings),
        "coverage": _coverage(claimed, [reading.exact for reading in readings], threshold),
    }


def false_figures(readings: Sequence[Reading], threshold: float) -> Figures:
    """Measure pictures without digits: how many are read in one, how many of them for sure, and
    how many in all of each source."""
    false, sure = FalseDigits(), FalseDigits()
    sources: dict[str, int] = defaultdict(int)
    for reading in readings:
        pairs = zip(reading.read, reading.confidences, strict=True)
        false.add(reading.digits)
        sure.add("".join(text for text, confidence in pairs if confidence >= threshold))
        sources[reading.source] += len(reading.digits)
    return {
        "pictures_without_digits": false.pictures,
        "false_digits_per_picture": false.value,
        "accepted_per_picture": sure.value,
        "sources": dict(sources),
    }


def calibration_figures(readings: Sequence[Reading], rounds: int = 1000) -> Figures | None:
    """Measure whether confidences of whole strings hold; None where nothing was read.

    Pictures in which nothing was read claim nothing and are left out.
    """
    spoken = [reading for reading in readings if reading.read]
    if not spoken:
        return None
    claimed = [reading.confidence for reading in spoken]
    right = [reading.exact for reading in spoken]
    figures: Figures = dict(honest.calibration(claimed, right, rounds=rounds).to_dict())
    figures["bins"] = [list(part) for part in honest.reliability(claimed, right)]
    return figures


def _coverage(claimed: list[float], right: list[bool], threshold: float) -> Figures | None:
    if not claimed:
        return None
    figures: Figures = dict(honest.coverage_at_threshold(claimed, right, threshold).to_dict())
    figures["strings"] = len(claimed)
    # What a threshold chosen with hindsight, on these very strings, would reach.
    figures["share_with_hindsight"] = honest.coverage_at_precision(claimed, right).share
    return figures
