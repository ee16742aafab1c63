"""Formats: what each takes, and what it says about a reading."""

from __future__ import annotations

import datetime
import math
import pickle

import pytest

from camdigits.errors import CamdigitsError
from camdigits.recognize.formats import NAMES, Format, exactly


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("any", ["7", "0" * 40], ["", "0" * 41]),
        ("5", ["12345"], ["1234", "123456", ""]),
        ("4-6", ["1234", "123456"], ["123", "1234567"]),
        ("zip", ["90210", "123456789"], ["1234", "123456", "1234567890"]),
        ("ean8", ["73513537", "96385074"], ["73513536", "7351353"]),
        ("upc", ["036000291452"], ["036000291453", "36000291452"]),
        ("ean13", ["4006381333931", "9780306406157"], ["4006381333913", "400638133393"]),
        ("isbn10", ["0306406152"], ["0306406125", "030640615"]),
        ("isbn13", ["9780306406157"], ["9780306406158", "4006381333931"]),
        ("card", ["4111111111111111", "378282246310005"], ["4111111111111112", "18"]),
        ("ddmmyyyy", ["31122025", "29021999"], ["31042025", "00012025", "31122125", "3112202"]),
        ("mmddyyyy", ["12312025", "02291999"], ["31122025", "12311899"]),
        ("yyyymmdd", ["20251231", "19990228"], ["20251301", "20250230", "202512311"]),
        ("ddmmyy", ["311225", "010100"], ["311325", "320125"]),
    ],
)
def test_what_each_format_takes(name: str, good: list[str], bad: list[str]) -> None:
    expected = Format.parse(name)
    assert [text for text in good + bad if expected.fits(text)] == good


@pytest.mark.parametrize("name", ["ean8", "upc", "ean13", "isbn10", "isbn13", "card"])
def test_one_wrong_digit_never_passes(name: str) -> None:
    right = {
        "ean8": "73513537",
        "upc": "036000291452",
        "ean13": "4006381333931",
        "isbn10": "0306406152",
        "isbn13": "9780306406157",
        "card": "4111111111111111",
    }[name]
    expected = Format.parse(name)
    wrong = {
        right[:place] + digit + right[place + 1 :]
        for place in range(len(right))
        for digit in "0123456789"
    } - {right}
    assert expected.fits(right)
    assert not any(map(expected.fits, wrong))


def test_every_day_is_a_date() -> None:
    day, expected = datetime.date(2023, 12, 25), Format.parse("ddmmyyyy")
    for _ in range(800):
        assert expected.fits(f"{day:%d%m%Y}")
        day += datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "words", "lengths"),
    [
        ("any", "any", tuple(range(1, 41))),
        ("1", "1 digit", (1,)),
        ("05", "5 digits", (5,)),
        ("4-6", "4-6 digits", (4, 5, 6)),
        ("zip", "ZIP code", (5, 9)),
        ("ean13", "EAN-13", (13,)),
        ("yyyymmdd", "date yyyymmdd", (8,)),
    ],
)
def test_words_and_lengths(name: str, words: str, lengths: tuple[int, ...]) -> None:
    expected = Format.parse(name)
    assert (str(expected), expected.lengths) == (words, lengths)


@pytest.mark.parametrize("text", ["", "0", "5-3", "41", "-3", "4-", "five", "1e1", "EAN13"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(CamdigitsError, match="a range such as 4-6, or one of any, zip, ean8"):
        Format.parse(text)


@pytest.mark.parametrize("name", [*NAMES, "7", "4-6"])
def test_formats_are_equal_by_name_and_travel(name: str) -> None:
    expected = Format.parse(name)
    assert expected == Format.parse(expected.name) == pickle.loads(pickle.dumps(expected))
    assert expected.free == (name == "any")


def test_one_text_exactly() -> None:
    assert [text for text in ("", "40", "407", "4077", "408") if exactly("407").accepts(text)] == [
        "407"
    ]


def test_what_fits_gains_and_what_does_not_loses() -> None:
    expected = Format.parse("ean8")
    right, wrong = "73513537", "73513536"
    assert expected.prior(right) > 0 > expected.prior(wrong)
    # Nothing else among the readings fits.
    alone = expected.evidence(right, share=0.6, fitting=0.6)
    assert alone == pytest.approx(expected.prior(right))
    # Most others fit as well: the format tells little.
    assert 0 < expected.evidence(right, share=0.6, fitting=0.95) < 0.3 * alone
    assert expected.evidence(wrong, share=0.6, fitting=0.3) < expected.prior(wrong)
    # No reading is as sure that the sum of probabilities exceeds 1.
    one, other = (
        math.log(share / (1 - share)) + expected.evidence(text, share, 0.95)
        for text, share in ((right, 0.55), ("96385074", 0.4))
    )
    assert 1 / (1 + math.exp(-one)) + 1 / (1 + math.exp(-other)) <= 1 + 1e-9


def test_where_nothing_is_expected_nothing_changes() -> None:
    free = Format.parse("any")
    assert (free.prior("12"), free.evidence("12", 0.5, 0.9)) == (0.0, 0.0)
