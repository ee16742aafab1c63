"""Pages of dates, times and the like: each kind in turn, and the seed and index alone decide."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from camdigits.training.marked import KINDS, MarkedTask, marked_tasks
from camdigits.training.pages import WriterMix
from camdigits.training.texts import numbers, spell


def test_tasks_take_all_kinds_in_turn() -> None:
    counts = Counter(task.source for task in marked_tasks(3 * len(KINDS)))
    assert counts == dict.fromkeys(KINDS, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_follows_from_seed_and_index_alone(mix: WriterMix, kind: str) -> None:
    task = MarkedTask(4, kind)
    first, found = task.write(mix, seed=1)
    again, found_again = task.write(mix, seed=1)
    np.testing.assert_array_equal(first, again)
    assert found == found_again
    assert first.dtype == np.uint8
    assert first.shape == (720, 1280, 3)
    assert not np.array_equal(task.write(mix, seed=2)[0], first)


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
