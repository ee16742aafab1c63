from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from camdigits.reading import Box, Digit, DigitString, Page
from camdigits.recognize.upright import (
    likely_turns,
    mostly_sure,
    same_over,
    stands,
    turned_evidence,
)
from camdigits.segment.components import Components, find_components

PLACE = Box(0, 0, 10, 20)
QUAD = ((0.0, 0.0), (10.0, 0.0), (10.0, 20.0), (0.0, 20.0))


def page(*texts: str, confidence: float = 0.95) -> Page:
    strings = [
        DigitString(
            text, confidence, True, row, PLACE, QUAD,
            tuple(Digit(int(value), confidence, PLACE) for value in text),
        )
        for row, text in enumerate(texts)
    ]  # fmt: skip
    return Page(tuple(strings), 200, 100)


def bars(number: int) -> Components:
    """Return the components of as many upright bars."""
    mask = np.zeros((60, 30 * number + 10), np.uint8)
    for i in range(number):
        cv2.rectangle(mask, (30 * i + 10, 10), (30 * i + 16, 50), 255, cv2.FILLED)
    return find_components(mask, mask)


def looks(*values: float) -> Callable[[np.ndarray], float]:
    """Return a judge that gives these values in turn: upright, then by 90, 180, 270 degrees."""
    given = iter(values)
    return lambda _: next(given)


def never(glyphs: np.ndarray) -> float:
    raise AssertionError("nobody was to be asked")


def test_digits_that_only_stand_upright_settle_the_matter() -> None:
    assert likely_turns(page("347"), bars(5), never) == {}


@pytest.mark.parametrize("texts", [("34",), ("2581",), ("3", "4")])
def test_few_or_symmetric_digits_do_not(texts: tuple[str, ...]) -> None:
    assert likely_turns(page(*texts), bars(5), looks(0.9)) == {}
    with pytest.raises(StopIteration):
        likely_turns(page(*texts), bars(5), looks())


def test_unsure_digits_settle_nothing() -> None:
    unsure = page("347", confidence=0.5)
    assert likely_turns(unsure, bars(5), looks(0.2, 0.8, 0.2, 0.2)) == {1: pytest.approx(0.7)}


def test_without_looks_a_page_is_turned_over_only_for_far_more_evidence() -> None:
    unsure = page("66", confidence=0.4)
    assert likely_turns(unsure, bars(2), never) == pytest.approx({1: 0.7, 3: 0.7, 2: 0.9})


@pytest.mark.parametrize(
    ("values", "turns"),
    [
        ((0.5, 0.6, 0.5, 0.5), []),  # too little gained sideways
        ((0.5, 0.66, 0.5, 0.5), [1]),
        ((0.5, 0.5, 0.7, 0.5), []),  # many digits look like others upside down
        ((0.5, 0.5, 0.73, 0.5), [2]),
        ((0.5, 0.5, 0.5, 0.7), [3]),
        ((0.1, 0.2, 0.1, 0.1), [1, 3, 2]),  # looks tell nothing
    ],
)
def test_the_turn_that_looks_more_like_digits_is_tried(
    values: tuple[float, ...], turns: list[int]
) -> None:
    assert list(likely_turns(page(), bars(5), looks(*values))) == turns


def test_texture_is_not_turned() -> None:
    assert likely_turns(page(), bars(14), looks(0.1, 0.2, 0.1, 0.1)) == {}


def test_rings_and_strokes_alone_do_not_tell_that_a_page_stands() -> None:
    sideways = {1: pytest.approx(0.7), 3: pytest.approx(0.7)}
    assert likely_turns(page("00", "01"), bars(14), looks(0.5, 0.6, 0.5, 0.5)) == sideways
    assert likely_turns(page("00", "01"), bars(14), looks(0.9)) == {}
    assert likely_turns(page("00", "61"), bars(14), looks(0.5, 0.6, 0.5, 0.5)) == {}
    # Where they are unsure as well, there may be no digits at all.
    unsure = page("00", "01", confidence=0.4)
    assert likely_turns(unsure, bars(14), looks(0.5, 0.6, 0.5, 0.5)) == {}
    assert list(likely_turns(unsure, bars(5), looks(0.1, 0.2, 0.1, 0.1))) == [1, 3, 2]


def test_two_glyphs_are_too_few_to_look_at() -> None:
    assert list(likely_turns(page(), bars(2), never)) == [1, 3, 2]
    assert likely_turns(page("21"), bars(2), never) == {}


@pytest.mark.parametrize(
    ("texts", "evidence"),
    [
        (("204",), 0.95),
        (("1000",), 0.95),
        (("20", "41"), 0.95),
        (("20",), 0.0),  # too few
        (("2", "0", "4", "1"), 0.0),  # none is long
        (("2222",), 0.0),  # letters e upside down
        (("22", "222", "28"), 0.0),
    ],
)
def test_evidence_of_a_turned_page(texts: tuple[str, ...], evidence: float) -> None:
    assert turned_evidence(page(*texts)) == pytest.approx(evidence)


def test_mostly_sure() -> None:
    assert mostly_sure(page("12", confidence=0.9))
    assert not mostly_sure(page("12", confidence=0.7))
    assert not mostly_sure(page())


@pytest.mark.parametrize(
    ("upright", "over", "same"),
    [
        (("111000",), ("000111",), True),
        (("69", "15"), ("51", "69"), True),
        (("16",), ("91",), True),
        (("16",), ("61",), False),
        (("16", "2"), ("91", "2"), False),
        ((), ("2024",), False),
    ],
)
def test_a_page_that_reads_the_same_upside_down(
    upright: tuple[str, ...], over: tuple[str, ...], same: bool
) -> None:
    assert same_over(page(*upright), page(*over)) == same


@pytest.mark.parametrize(
    ("upright", "confidence", "turned", "holds"),
    [
        (("5980",), 0.95, ("01", "81"), True),
        (("59",), 0.95, ("01", "81"), False),  # more is read turned
        (("5980",), 0.85, ("01", "81"), False),
        (("1001", "52"), 0.95, ("75", "35"), True),
        (("1001", "50"), 0.95, ("75", "35"), False),  # one form that tells is too few
    ],
)
def test_sure_digits_hold_against_a_turn_that_reads_no_more(
    upright: tuple[str, ...], confidence: float, turned: tuple[str, ...], holds: bool
) -> None:
    assert stands(page(*upright, confidence=confidence), page(*turned, confidence=0.9)) is holds


def test_sure_digits_do_not_hold_among_many_unsure_ones() -> None:
    mixed = Page(page("59").strings + page("201811", confidence=0.5).strings, 200, 100)
    assert not stands(mixed, page("01"))
