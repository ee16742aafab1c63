"""Brackets stand out among the digits of their line, points and commas at the foot: doubted."""

from __future__ import annotations

import numpy as np
import pytest
from lattices import distribution, make_lattice

from camdigits.recognize.decode import best_path, make_edges
from camdigits.recognize.punctuation import FEW, PRICE, SMALL_PRICE, doubt_punctuation

SMALL = 12.0


def texts(
    heads: list[tuple[str, int, int]], share: float = 0.6, width: int = 25
) -> tuple[str, np.ndarray]:
    """Read a line of glyphs (digit, top, bottom), ``width`` wide, each a mark by what is left of
    ``share`` where it is tall, of 0.99 elsewhere."""
    boxes = [(30 * i, top, width, bottom - top) for i, (_, top, bottom) in enumerate(heads)]
    spans = [(i, i + 1) for i in range(len(heads))]
    lattice = make_lattice(len(heads) + 1, spans, boxes=boxes)
    seen = {d: share if bottom - top > 60 else 0.99 for d, top, bottom in heads}
    rows = [distribution(**{f"d{d}": seen[d], "mark": 1 - seen[d]}) for d, _, _ in heads]
    edges = make_edges(lattice, np.stack(rows), SMALL)
    (doubted,), (path,) = doubt_punctuation([edges], [lattice])
    assert path == best_path(doubted)
    read = "".join("-" if step.digit is None else str(step.digit) for step in path)
    return read, edges.digit - doubted.digit


DIGITS = [("2", 20, 60), ("5", 22, 60), ("3", 20, 62)]


TALL = ("1", 5, 80)


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        ([TALL, *DIGITS, TALL], "-253-"),
        ([*DIGITS, TALL], "253-"),
        ([*DIGITS, TALL, *DIGITS], "253-253"),
    ],
    ids=["around", "behind", "between"],
)
def test_doubtful_ones_that_stand_out_are_brackets(
    heads: list[tuple[str, int, int]], expected: str
) -> None:
    read, lowered = texts(heads, share=0.05)
    assert read == expected
    for head, prices in zip(heads, lowered, strict=False):
        price = PRICE if head == TALL else 0
        assert prices.tolist() == pytest.approx([0, price, 0, 0, 0, 0, 0, price, 0, 0])


def test_a_bracket_that_opens_a_line_is_closed() -> None:
    assert not texts([TALL, *DIGITS], share=0.05)[1].any()
    assert texts([TALL, *DIGITS], share=0.6)[0] == "1253"


def test_sure_ones_may_stand_out() -> None:
    assert texts([TALL, *DIGITS, TALL], share=0.99)[0] == "12531"


@pytest.mark.parametrize(
    ("top", "bottom"),
    [(20, 90), (0, 60), (14, 66)],
    ids=["only below", "only above", "hardly taller"],
)
def test_what_does_not_stand_out_is_read_as_it_looks(top: int, bottom: int) -> None:
    assert not texts([*DIGITS, ("7", top, bottom)], share=0.05)[1].any()


def test_other_digits_than_ones_and_sevens_look_like_no_bracket() -> None:
    assert texts([*DIGITS, ("6", 5, 80)], share=0.3)[0] == "2536"


def test_few_digits_do_not_tell_how_tall_digits_are() -> None:
    assert not texts([*DIGITS[: FEW - 2], TALL], share=0.05)[1].any()


@pytest.mark.parametrize(("top", "read"), [(46, "-253"), (42, "1253")])
def test_what_begins_at_the_foot_is_a_comma(top: int, read: str) -> None:
    found, lowered = texts([("1", top, 110), *DIGITS], share=0.6)
    assert found == read
    price = SMALL_PRICE if read == "-253" else 0.0
    assert lowered[0].tolist() == pytest.approx([0.0, *[price] * 9])


@pytest.mark.parametrize(("bottom", "read"), [(53, "-253"), (56, "1253")])
def test_what_is_wide_and_flat_is_a_dash(bottom: int, read: str) -> None:
    found, lowered = texts([("1", 30, bottom), *DIGITS], width=29)
    assert found == read
    price = SMALL_PRICE if read == "-253" else 0.0
    assert lowered[0].tolist() == pytest.approx([0.0, *[price] * 9])


def test_raised_cents_may_be_half_as_tall() -> None:
    assert texts([*DIGITS, ("5", 20, 40), ("9", 20, 40)], width=12)[0] == "25359"


def test_zeros_may_be_small_and_low() -> None:
    found, lowered = texts([*DIGITS, ("0", 48, 62)], share=0.6)
    assert found == "2530"
    assert lowered[3, 0] == 0.0
