"""Texts as dates, times and the like have the parts of their kind."""

from __future__ import annotations

import numpy as np
import pytest

from camdigits.training.marked import KINDS
from camdigits.training.texts import numbers, spell


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("date with slashes", {3}),
        ("date with points", {1}),
        ("date with hyphens", {3}),
        ("time", {2}),
        ("score with colon", {2}),
        ("score with hyphen", {2}),
        ("amount", {1}),
        ("fraction", {2}),
        ("telephone number", {2, 3, 4}),
        ("sum", {3}),
    ],
)
def test_texts_have_the_parts_of_their_kind(kind: str, parts: set[int]) -> None:
    rng = np.random.default_rng(0)
    assert {len(numbers(spell(KINDS[kind](rng)))) for _ in range(50)} == parts
