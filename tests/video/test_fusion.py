"""Fusing the readings of one string: exact votes, weights, lengths, memory."""

from __future__ import annotations

import math

import pytest
from sightings import number

from camdigits.recognize.context import shift_odds
from camdigits.recognize.formats import Format
from camdigits.recognize.model import logit_of
from camdigits.video.fusion import Fusion, agrees


def fused(*readings: tuple[str, float], expected: str = "any") -> Fusion:
    """Fuse readings of (text, weight of all digits)."""
    fusion = Fusion(Format.parse(expected))
    for text, weight in readings:
        fusion.add(number(text), (weight,) * len(text))
    return fusion


@pytest.mark.parametrize(
    ("readings", "text"),
    [
        ([("123", 1.0)], "123"),
        ([("123", 1.0), ("123", 1.0), ("128", 1.0)], "123"),
        ([("128", 1.0), ("123", 1.5)], "123"),  # the sharper one
        ([("128", 1.0), ("123", 0.6), ("123", 0.6)], "123"),  # two blurred ones against one
        ([("123", 1.0), ("1123", 1.0), ("123", 1.0)], "123"),  # a digit too many
        ([("123", 1.0), ("13", 1.0), ("123", 1.0)], "123"),  # a digit missed
        ([("13", 1.0), ("123", 1.0), ("123", 1.0)], "123"),  # a digit missed at first
        ([("723", 1.0), ("173", 1.0), ("124", 1.0), ("123", 0.5)], "123"),  # each has one wrong
        ([("55555", 1.0), ("5555", 1.0), ("5555", 1.0)], "5555"),
    ],
)
def test_readings_vote(readings: list[tuple[str, float]], text: str) -> None:
    assert fused(*readings).text == text


def test_digits_are_weighted_one_by_one() -> None:
    fusion = Fusion()
    fusion.add(number("17"), (3.0, 1.0))
    fusion.add(number("41"), (1.0, 3.0))
    assert fusion.text == "11"


def test_a_doubtful_digit_gives_way_to_a_sure_one() -> None:
    fusion = Fusion()
    fusion.add(number("128", digit=0.4), (1.0,) * 3)
    fusion.add(number("123", digit=0.9), (1.0,) * 3)
    assert fusion.text == "123"


def test_frames_count_as_the_sharpest() -> None:
    assert fused(("12", 1.0), ("12", 1.0)).frames == 2.0
    assert fused(("12", 1.0), ("12", 4.0)).frames == 1.25
    assert Fusion().frames == 0.0


def test_nothing_is_known_before_the_first_reading() -> None:
    assert (Fusion().text, Fusion().confidence(), Fusion().expected_change) == ("", 0.0, 1.0)


def test_many_frames_are_as_sure_as_each_and_contradiction_makes_unsure() -> None:
    assert fused(*[("123", 1.0)] * 9).confidence() == pytest.approx(0.95)
    torn = fused(("123", 1.0), ("123", 1.0), ("128", 1.0)).confidence()
    odds = (2 * logit_of(0.95) + logit_of(0.02)) / 3
    assert torn == pytest.approx(1 / (1 + math.exp(-odds)))


def test_confidence_of_another_text() -> None:
    fusion = fused(("123", 1.0))
    assert fusion.confidence("124") == pytest.approx(0.02)


def test_listed_alternatives_support_a_text() -> None:
    fusion = Fusion()
    fusion.add(number("123", confidence=0.6, alternatives=(("128", 0.3),)), (1.0,) * 3)
    assert fusion.confidence("128") == pytest.approx(0.3)


def test_expected_change_falls_with_every_agreeing_frame() -> None:
    changes = [fused(*[("123", 1.0)] * count).expected_change for count in (1, 2, 4, 8)]
    assert changes == sorted(changes, reverse=True)
    assert changes[0] == pytest.approx(0.15 / 4)


def test_expected_change_is_larger_where_frames_contradict() -> None:
    steady = fused(*[("123", 1.0)] * 4)
    torn = fused(("123", 1.0), ("128", 1.0), ("123", 1.0), ("128", 1.0))
    assert torn.expected_change > 5 * steady.expected_change


def test_the_present_overrules_a_long_past() -> None:
    fusion = fused(*[("123", 1.0)] * 500)
    assert fusion.frames == 24.0
    for _ in range(30):
        fusion.add(number("456"), (1.0,) * 3)
    assert fusion.text == "456"
    assert fusion.confidence() == pytest.approx(0.95)


def test_weights_must_match_the_digits() -> None:
    with pytest.raises(ValueError, match="got 2 weights for 3 digits"):
        Fusion().add(number("123"), (1.0, 1.0))


def test_a_close_rival_is_no_contradiction() -> None:
    torn = number("123", confidence=0.5, alternatives=(("128", 0.4),))
    assert agrees(torn, "123")
    assert agrees(torn, "128")
    assert not agrees(torn, "129")
    assert not agrees(number("123", alternatives=(("128", 0.2),)), "128")


def test_frames_of_another_size_count_as_much_as_those_before() -> None:
    fusion = fused(("123", 64.0), ("123", 64.0), ("128", 64.0))
    assert (fusion.text, fusion.frames) == ("123", 3.0)
    before = fusion.confidence()
    fusion.change_scale()
    fusion.add(number("123"), (1.0,) * 3)
    assert fusion.frames == 4.0
    assert fusion.confidence() > before
    for _ in range(4):
        fusion.add(number("128"), (1.0,) * 3)
    assert fusion.text == "128"
    assert fusion.frames == 8.0


def test_a_format_decides_between_readings_that_disagree() -> None:
    readings = [("73543537", 1.0), ("73543537", 1.0), ("73513537", 1.0)]
    assert fused(*readings).text == "73543537"
    assert fused(*readings, expected="ean8").text == "73513537"
    assert fused(*readings, expected="6").text == "73543537"


def test_a_format_overrules_no_steady_reading() -> None:
    readings = [("73543537", 1.0)] * 8
    assert fused(*readings, expected="ean8").text == "73543537"


def test_a_format_counts_once_and_not_with_every_frame() -> None:
    expected = Format.parse("ean8")
    free, weighed = Fusion(), Fusion(expected)
    for _ in range(8):
        free.add(number("73513537", confidence=0.6), (1.0,) * 8)
        # As the reader gives it with the format in mind.
        sure = shift_odds(0.6, expected.prior("73513537"))
        weighed.add(number("73513537", confidence=sure), (1.0,) * 8)
    gain = logit_of(weighed.confidence()) - logit_of(free.confidence())
    assert gain == pytest.approx(expected.prior("73513537"))
