"""Strings: their text, places in the picture, posteriors and rivals."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from lattices import TALL, distribution, make_lattice

from camdigits.reading import DigitString, Evidence
from camdigits.recognize.decode import REFUSE, SUREST, best_path, least_sure, make_edges
from camdigits.recognize.formats import Format
from camdigits.recognize.gaps import SURE_SPLIT
from camdigits.recognize.numbers import Number, split_numbers
from camdigits.recognize.strings import (
    LEAST_DIGITNESS,
    doubt_misfits,
    least_digitness,
    make_strings,
)
from camdigits.segment.components import Components
from camdigits.segment.straighten import LineImage

# Half size, moved by (100, 50).
TO_SOURCE = np.array([[0.5, 0.0, 100.0], [0.0, 0.5, 50.0]])


@dataclass
class PlainModel:
    """A model without calibration."""

    threshold: float = 0.9

    def string_confidence(self, evidence: Evidence, digits: int) -> float:
        return 1 / (1 + math.exp(-evidence.posterior))


def apart(count: int) -> list[tuple[int, int, int, int]]:
    """Boxes of glyphs, the first far from the others."""
    return [(0, 0, 30, TALL), *((30 + 2 * TALL + 32 * i, 0, 30, TALL) for i in range(count - 1))]


def strings_of(
    rows: list[np.ndarray],
    spans: list[tuple[int, int]] | None = None,
    threshold: float = 0.9,
    expected: str = "any",
    boxes: list[tuple[int, int, int, int]] | None = None,
) -> list[DigitString]:
    spans = spans or list(pairwise(range(len(rows) + 1)))
    lattice = make_lattice(max(end for _, end in spans) + 1, spans, boxes=boxes)
    probabilities = np.array(rows)
    edges = make_edges(lattice, probabilities, 0.45 * TALL)
    path = best_path(edges)
    (numbers,) = split_numbers([path], [lattice], [probabilities], TALL)
    picture = np.full((TALL, 30 * len(lattice.cuts) + 90), 255, np.uint8)
    line = LineImage(picture=picture, to_source=TO_SOURCE, row=4)
    model = PlainModel(threshold)
    return make_strings(line, lattice, edges, numbers, model, Format.parse(expected))  # type: ignore[arg-type]


def test_a_clear_number_is_read_with_its_place() -> None:
    (found,) = strings_of([distribution(d4=0.99), distribution(d2=0.98)])
    assert (found.text, found.row, found.accepted) == ("42", 4, True)
    assert [digit.value for digit in found.digits] == [4, 2]
    assert found.box == (100, 50, 30, 20)
    assert [digit.box for digit in found.digits] == [(100, 50, 15, 20), (115, 50, 15, 20)]
    assert found.quad == ((100, 50), (130, 50), (130, 70), (100, 70))


def test_the_confidence_is_the_share_of_all_paths_that_spell_the_text() -> None:
    # One glyph or two halves: the two cuts of a line are rivals for its ink.
    seven, one, scrap = distribution(d7=0.7), distribution(d1=0.3), distribution(scrap=1.0)
    spans = [(0, 1), (0, 2), (1, 2)]
    (found,) = strings_of([one, seven, scrap], spans)
    lattice = make_lattice(3, spans)
    edges = make_edges(lattice, np.array([one, seven, scrap]), 0.45 * TALL)
    total = {int(s): math.exp(t) for s, t in zip(edges.span, edges.total, strict=True)}
    share = {
        (int(s), d): math.exp(row[d])
        for s, row in zip(edges.span, edges.digit, strict=True)
        for d in range(10)
    }
    refused = {int(s): math.exp(o) for s, o in zip(edges.span, edges.other, strict=True)}
    everything = total[1] + total[0] * total[2]
    spelled = share[1, 7] + share[0, 7] * refused[2] + refused[0] * share[2, 7]
    assert found.text == "7"
    assert found.confidence == pytest.approx(spelled / everything, abs=1e-3)
    # A digit is as sure as the string that needs it.
    assert found.digits[0].confidence == pytest.approx(found.confidence)


def test_the_confidence_of_a_digit_is_the_posterior_of_its_edge() -> None:
    # Whole or in two digits: the network is sure of each glyph, the cuts are in doubt.
    spans = [(0, 1), (0, 2), (1, 2)]
    rows = [distribution(d1=0.9), distribution(d0=0.9), distribution(d1=0.9)]
    (found,) = strings_of(rows, spans)
    assert found.text == "0"
    assert found.digits[0].confidence == pytest.approx(0.9 / (0.9 + 0.81), abs=0.02)
    assert found.alternatives[0][0] == "11"


def test_no_rival_is_likelier_than_the_text() -> None:
    # The best single path reads 7; two other cuts together make 11 likelier than that.
    spans = [(0, 1), (0, 2), (0, 3), (1, 3), (2, 3)]
    one = distribution(**{f"d{d}": 0.55 if d == 1 else 0.05 for d in range(10)})
    seven = distribution(**{f"d{d}": 0.46 if d == 7 else 0.06 for d in range(10)})
    (found,) = strings_of([one, one, seven, one, one], spans)
    assert found.text not in dict(found.alternatives)
    assert all(share <= found.confidence for _, share in found.alternatives)


def test_rivals_are_listed_likeliest_first() -> None:
    (found,) = strings_of([distribution(d1=0.5, d7=0.3, d2=0.15), distribution(d0=0.99)])
    assert found.text == "10"
    assert [text for text, _ in found.alternatives][:2] == ["70", "20"]
    shares = [share for _, share in found.alternatives]
    assert shares == sorted(shares, reverse=True)
    assert found.text not in dict(found.alternatives)
    assert [digit for digit, _ in found.digits[0].alternatives] == [7, 2]
    assert found.digits[0].alternatives[0][1] == pytest.approx(0.3, abs=0.03)


def test_shares_of_a_string_and_its_rivals_add_up_to_at_most_one() -> None:
    rows = [distribution(d1=0.4, d7=0.35, d4=0.2), distribution(d3=0.5, d8=0.4)]
    (found,) = strings_of(rows)
    assert found.confidence + sum(share for _, share in found.alternatives) <= 1 + 1e-9
    for digit in found.digits:
        assert digit.confidence + sum(share for _, share in digit.alternatives) <= 1 + 1e-9


@pytest.mark.parametrize("threshold", [0.2, 0.99])
def test_acceptance_follows_the_threshold(threshold: float) -> None:
    (found,) = strings_of([distribution(d1=0.6, d7=0.4)], threshold=threshold)
    assert found.accepted == (found.confidence >= threshold)


def test_what_may_be_a_digit_beside_a_number_is_a_rival_of_it() -> None:
    nearly_refused = distribution(letter=0.98, d1=0.012)
    (found,) = strings_of([nearly_refused, distribution(d0=0.99), distribution(d0=0.99)])
    assert found.text == "00"
    assert found.alternatives[0][0] == "100"
    refused = 0.98 * math.exp(-REFUSE[1])
    assert found.confidence == pytest.approx(refused / (refused + 0.012), abs=0.06)


def test_a_number_that_may_end_elsewhere_is_doubted() -> None:
    clear = [distribution(d4=1.0), distribution(d2=1.0)]
    far, near = round(2 * TALL), round(SURE_SPLIT * TALL) - 1
    (one, _) = strings_of(clear, boxes=[(0, 0, 30, TALL), (30 + far, 0, 30, TALL)])
    (both,) = strings_of(clear, boxes=[(0, 0, 30, TALL), (30 + near, 0, 30, TALL)])
    assert (one.text, both.text) == ("4", "42")
    assert one.confidence > 0.99
    assert 0.5 < both.confidence < 0.75


def test_what_is_hardly_a_digit_is_not_shown() -> None:
    assert strings_of([distribution(d3=0.3, scrap=0.7)]) == []


@pytest.mark.parametrize(
    ("likely", "company", "texts"),
    [(0.3, "42", ["3", "42"]), (0.1, "42", ["42"]), (0.3, "4", ["4"])],
)
def test_in_the_company_of_digits_less_is_enough(
    likely: float, company: str, texts: list[str]
) -> None:
    boxes = apart(1 + len(company))
    clear = [distribution(**{f"d{digit}": 1.0}) for digit in company]
    found = strings_of([distribution(d3=likely, scrap=1 - likely), *clear], boxes=boxes)
    assert [string.text for string in found] == texts


def test_beside_what_may_be_digits_and_is_not_shown_a_string_is_doubted() -> None:
    clear = [distribution(d4=1.0), distribution(d2=1.0)]
    doubtful = distribution(d3=0.15, scrap=0.85)
    (alone,) = strings_of([distribution(mark=1.0), *clear], boxes=apart(3))
    (beside,) = strings_of([doubtful, *clear], boxes=apart(3))
    assert (alone.text, beside.text) == ("42", "42")
    assert alone.confidence > 0.99
    assert beside.confidence == pytest.approx(0.85 * alone.confidence, rel=0.01)
    assert not beside.accepted
    # The same where a format is expected.
    (expected,) = strings_of([doubtful, *clear], boxes=apart(3), expected="2")
    assert expected.confidence < 0.9


def test_two_digits_in_doubt_between_digits_are_shown() -> None:
    (found,) = strings_of([distribution(d1=0.5, d7=0.5)])
    assert found.text in {"1", "7"}
    assert found.confidence == pytest.approx(0.5, abs=0.01)


def test_a_digit_inside_a_word_is_not_shown() -> None:
    letter, zero = distribution(letter=1.0), distribution(d0=0.99)
    assert strings_of([letter, letter, zero, letter, letter]) == []


def test_no_numbers_no_strings() -> None:
    lattice = make_lattice(0, [])
    edges = make_edges(lattice, np.zeros((0, 13)), 1.0)
    line = LineImage(picture=np.zeros((TALL, 9), np.uint8), to_source=TO_SOURCE, row=0)
    none: list[Number] = []
    assert make_strings(line, lattice, edges, none, PlainModel()) == []  # type: ignore[arg-type]


def code(text: str, place: int, doubt: float) -> list[np.ndarray]:
    """Glyphs of ``text``, read surely but for one, which may be a 1 as well."""
    rows = [distribution(**{f"d{digit}": 0.99}) for digit in text]
    rows[place] = distribution(**{f"d{text[place]}": 0.98 - doubt, "d1": doubt})
    return rows


def test_a_doubtful_digit_gives_way_to_one_that_fits() -> None:
    # 73513537 is an EAN-8; the 4 was a 1.
    (found,) = strings_of(code("73543537", 3, 0.3), expected="ean8")
    assert (found.text, found.fits) == ("73513537", True)
    assert [digit.value for digit in found.digits] == [7, 3, 5, 1, 3, 5, 3, 7]
    assert found.alternatives[0][0] == "73543537"
    assert found.confidence > 0.6 > found.alternatives[0][1]


def test_a_confident_reading_stays_and_is_doubted() -> None:
    (found,) = strings_of(code("73543537", 3, 0.15), threshold=0.8, expected="ean8")
    assert (found.text, found.fits, found.accepted) == ("73543537", False, True)
    assert "73513537" in dict(found.alternatives)
    (doubted,) = doubt_misfits([found], Format.parse("ean8"), 0.8)
    assert (doubted.text, doubted.label) == ("73543537", "73543537 ?!")
    assert doubted.confidence < found.confidence


def test_where_nothing_near_fits_the_reading_stays() -> None:
    (found,) = strings_of(code("735", 1, 0.1), expected="ean8")
    assert (found.text, found.fits) == ("735", False)


def test_what_fits_is_surer_with_a_check_digit() -> None:
    (free,) = strings_of(code("73513537", 0, 0.3))
    (found,) = strings_of(code("73513537", 0, 0.3), expected="ean8")
    assert (free.text, found.text, found.fits) == ("73513537", "73513537", True)
    assert found.confidence > free.confidence


def groups(text: str, gap: int) -> list[tuple[int, int, int, int]]:
    """Boxes of digits 20 wide, ``gap`` pixels further apart in the middle."""
    return [(30 * i + (gap if i >= len(text) // 2 else 0), 0, 20, TALL) for i in range(len(text))]


@pytest.mark.parametrize(
    ("text", "gap", "expected", "texts"),
    [
        ("73513537", 50, "any", ["7351", "3537"]),
        ("73513537", 50, "ean8", ["73513537"]),  # its groups
        ("73513536", 50, "ean8", ["7351", "3536"]),  # no EAN: two numbers
        ("73513537", 90, "ean8", ["7351", "3537"]),  # too far apart
        ("73513537", 50, "4-8", ["7351", "3537"]),  # each fits by itself
        ("123456789", 50, "zip", ["123456789"]),
        ("1234567890", 50, "zip", ["12345", "67890"]),
    ],
)
def test_groups_that_fit_together_are_one_number(
    text: str, gap: int, expected: str, texts: list[str]
) -> None:
    rows = [distribution(**{f"d{digit}": 0.999}) for digit in text]
    found = strings_of(rows, expected=expected, boxes=groups(text, gap))
    assert [string.text for string in found] == texts


def test_evidence_is_that_of_the_least_sure_digit() -> None:
    (found,) = strings_of([distribution(d4=0.99), distribution(d2=0.8)])
    odds = 0.8 / 0.2
    assert found.evidence.glyphs == pytest.approx(math.log(odds))
    assert found.evidence.posterior == pytest.approx(
        math.log(found.confidence / (1 - found.confidence))
    )
    assert found.evidence.lines == 0.0


def test_the_network_of_lines_is_asked_for_digits_against_each_other() -> None:
    rows = [distribution(d4=0.99), distribution(d2=0.8)]
    edges = make_edges(make_lattice(3, [(0, 1), (1, 2)]), np.array(rows), 0.45 * TALL)
    path = best_path(edges)
    lines = np.full((2, 10), -9.0)
    lines[0, [4, 7]], lines[1, [2, 3]] = (-0.1, -30.0), (-2.0, -0.5)
    asked = replace(edges, lines=lines)
    assert least_sure(asked, path)[1] == pytest.approx(-1.5)
    assert least_sure(asked, path[:1])[1] == SUREST
    assert least_sure(replace(asked, glyphs=None, lines=None), path) == (0.0, 0.0)
    assert lines[0, 4] == -0.1


@pytest.mark.parametrize(
    ("sizes", "plain", "lower"),
    [
        ([(10, 40)], True, True),
        ([(10, 40)] * 4, True, True),
        ([(10, 40)] * 5, True, False),
        ([(10, 40), (20, 40)], True, False),
        ([(10, 40)], False, False),
    ],
)
def test_a_few_stems_on_plain_paper_need_not_look_like_digits(
    sizes: list[tuple[int, int]], plain: bool, lower: bool
) -> None:
    boxes = np.array([(20 * i, 5, *size) for i, size in enumerate(sizes)])
    count = len(sizes)
    stems = Components(np.zeros((50, 99), int), np.arange(count), boxes, np.full(count, 300))
    assert (least_digitness(stems, plain) < LEAST_DIGITNESS) == lower
