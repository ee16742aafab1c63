"""Figures: exact values for readings and classifiers made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from camdigits.reading import Box, Digit, DigitString, Page
from camdigits.training.figures import (
    Reading,
    calibration_figures,
    false_figures,
    glyph_figures,
    photo_figures,
    string_figures,
    worst,
)

CLASSES = (*"0123456789", "mark", "letter", "scrap")


def reading(
    labeled: str, read: str, *confidences: float, source: str = "", name: str = "p"
) -> Reading:
    texts = tuple(read.split())
    return Reading(name, source, tuple(labeled.split()), texts, confidences or (0.9,) * len(texts))


def string(text: str, confidence: float) -> DigitString:
    corner = (0.0, 0.0)
    box = Box(0, 0, 1, 1)
    digits = tuple(Digit(int(value), confidence, box) for value in text)
    return DigitString(text, confidence, True, 0, box, (corner,) * 4, digits)


def test_a_reading_takes_texts_and_confidences_from_a_page() -> None:
    page = Page((string("12", 0.8), string("5", 0.5)), 10, 10)
    taken = Reading.of("p", "s", ["125"], page)
    assert taken == Reading("p", "s", ("125",), ("12", "5"), (0.8, 0.5))
    assert (taken.digits, taken.exact, taken.errors) == ("125", True, 0)
    assert taken.confidence == pytest.approx(0.4)


def test_silence_claims_nothing() -> None:
    assert reading("12", "").confidence == 0.0


def test_worst_takes_most_errors_then_the_most_confident() -> None:
    readings = [
        reading("12", "12", name="right"),
        reading("12", "13", 0.4, name="unsure"),
        reading("12", "13", 0.9, name="sure"),
        reading("1234", "9", name="far off"),
    ]
    assert [r.name for r in worst(readings, 2)] == ["far off", "sure"]
    assert len(worst(readings, 10)) == 3


def probabilities(**shares: float) -> np.ndarray:
    row = np.zeros(len(CLASSES), np.float32)
    for name, share in shares.items():
        row[CLASSES.index(name.strip("_"))] = share
    return row


@pytest.mark.parametrize(
    ("label", "row", "accuracy", "without_refusal", "refused"),
    [
        ("7", probabilities(_7=0.9, scrap=0.1), 1, 1, 0),
        ("7", probabilities(_1=0.9, scrap=0.1), 0, 0, 0),
        ("7", probabilities(_7=0.4, scrap=0.6), 0, 1, 1),
        # Together the ways of being no digit weigh more than the digit.
        ("7", probabilities(_7=0.4, mark=0.2, letter=0.2, scrap=0.2), 0, 1, 1),
        ("A", probabilities(_4=0.3, letter=0.7), 1, None, 1),
        ("A", probabilities(_4=0.7, letter=0.3), 0, None, 0),
    ],
)
def test_a_glyph_is_right_wrong_or_refused(
    label: str, row: np.ndarray, accuracy: int, without_refusal: int | None, refused: int
) -> None:
    glyphs = np.zeros((1, 28, 28, 1), np.float32)
    assert glyph_figures(lambda batch: row[None], CLASSES, glyphs, [label]) == {
        "glyphs": 1,
        "accuracy": accuracy,
        "accuracy_without_refusal": without_refusal,
        "refused": refused,
    }


def test_many_glyphs_are_classified_in_bounded_batches() -> None:
    sizes = []

    def classify(batch: np.ndarray) -> np.ndarray:
        sizes.append(len(batch))
        return np.tile(probabilities(_3=1.0), (len(batch), 1))

    glyphs = np.zeros((2300, 28, 28, 1), np.float32)
    labels = ["3"] * 1150 + ["4"] * 1150
    assert glyph_figures(classify, CLASSES, glyphs, labels)["accuracy"] == 0.5
    assert (sum(sizes), max(sizes)) == (2300, 1000)


def test_photo_figures() -> None:
    figures = photo_figures(
        [
            reading("1 2 3 4", "1 2 3 9", 0.9, 0.9, 0.9, 0.6, source="long"),
            reading("12345", "12 345", 0.95, 0.5, source="short"),
            reading("8", "8", 0.99, source="short"),
            reading("", "17", 0.3, source="none"),
            reading("", "", source="none"),
        ],
        threshold=0.8,
    )
    assert (figures["pictures"], figures["numbers"], figures["pictures_without_digits"]) == (
        3,
        6,
        2,
    )
    assert figures["numbers_found"] == pytest.approx(5 / 6)
    assert figures["numbers_found_mean_over_sources"] == pytest.approx((0.75 + 1) / 2)
    assert figures["strict"] == pytest.approx(4 / 6)
    assert figures["strict_mean_over_sources"] == pytest.approx((0.75 + 0.5) / 2)
    assert figures["der"] == pytest.approx(1 / 10)
    assert figures["false_digits_per_picture"] == pytest.approx(1.0)
    assert figures["sources"]["short"] == {
        "pictures": 2,
        "numbers": 2,
        "numbers_found": 1.0,
        "strict": 0.5,
        "der": 0.0,
    }
    # Of eight numbers read five are accepted; "12" is no labeled number, so four are right.
    assert figures["coverage"]["strings"] == 8
    assert figures["coverage"]["share"] == pytest.approx(5 / 8)
    assert figures["coverage"]["precision"] == pytest.approx(4 / 5)


def test_string_figures_count_silence_as_wrong_and_not_accepted() -> None:
    figures = string_figures(
        [
            reading("1502", "1502", 0.95),
            reading("1502", "15 02", 0.9, 0.9),
            reading("1502", "1503", 0.85),
            reading("1502", ""),
        ],
        threshold=0.8,
    )
    assert figures["whole_string_exact"] == 0.5
    assert figures["der"] == pytest.approx(5 / 16)
    assert figures["nothing_read"] == 1
    assert figures["coverage"]["share"] == pytest.approx(3 / 4)
    assert figures["coverage"]["precision"] == pytest.approx(2 / 3)
    assert figures["coverage"]["share_with_hindsight"] == pytest.approx(1 / 4)


def test_calibration_leaves_silence_out() -> None:
    readings = [reading("1", "1", 0.75)] * 3 + [reading("1", "2", 0.75), reading("1", "")]
    figures = calibration_figures(readings, rounds=20)
    assert figures is not None
    assert figures["strings"] == 4
    assert figures["ece"] == pytest.approx(0.0)
    assert sum(count for _, _, count in figures["bins"]) == 4
    assert calibration_figures([reading("1", "")]) is None


def test_pictures_without_digits_count_what_is_read_and_what_is_accepted() -> None:
    pictures = [
        reading("", "12 3", 0.95, 0.4, source="wood"),
        reading("", "", source="wood"),
        reading("", "0", 0.2, source="coins"),
        reading("", "", source="moon"),
    ]
    figures = false_figures(pictures, threshold=0.9)
    assert figures["pictures_without_digits"] == 4
    assert figures["false_digits_per_picture"] == 1.0
    assert figures["accepted_per_picture"] == 0.5
    assert figures["sources"] == {"wood": 3, "coins": 1, "moon": 0}
