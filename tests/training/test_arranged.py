"""Pages of tables, lists, labels and the like: each kind in turn, by seed and index alone."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from camdigits.training.arranged import KINDS, ArrangedTask, arranged_tasks
from camdigits.training.pages import WriterMix


def test_tasks_take_all_kinds_in_turn() -> None:
    counts = Counter(task.source for task in arranged_tasks(3 * len(KINDS)))
    assert counts == dict.fromkeys(KINDS, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_follows_from_seed_and_index_alone(mix: WriterMix, kind: str) -> None:
    task = ArrangedTask(4, kind)
    first, found = task.write(mix, seed=1)
    again, found_again = task.write(mix, seed=1)
    np.testing.assert_array_equal(first, again)
    assert found == found_again
    assert first.dtype == np.uint8
    assert first.shape == (720, 1280, 3)
    assert all(number.isdigit() for number in found)
    assert found
    assert not np.array_equal(task.write(mix, seed=2)[0], first)


@pytest.mark.parametrize(
    ("kind", "lengths"),
    [
        ("board of a game", {1}),
        ("ledger", {3, 4, 5, 6}),
        ("list with points", {1, 2, 3, 4}),
        ("label", {1, 2, 3, 4}),
        ("circled", {1, 2}),
    ],
)
def test_numbers_have_the_lengths_of_their_kind(
    mix: WriterMix, kind: str, lengths: set[int]
) -> None:
    pages = [ArrangedTask(i, kind).write(mix, seed=0)[1] for i in range(6)]
    assert {len(number) for page in pages for number in page} == lengths
