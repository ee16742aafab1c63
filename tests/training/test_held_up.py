"""Sheets held up in scenes: each kind in turn, and the seed and index alone decide."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from camdigits.training.held_up import FRAMES, KINDS, HeldTask, held_tasks
from camdigits.training.pages import WriterMix


def test_tasks_take_all_kinds_in_turn() -> None:
    counts = Counter(task.source for task in held_tasks(3 * len(KINDS)))
    assert counts == dict.fromkeys(KINDS, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_follows_from_seed_and_index_alone(mix: WriterMix, kind: str) -> None:
    task = HeldTask(4, kind)
    first, numbers = task.write(mix, seed=1)
    again, numbers_again = task.write(mix, seed=1)
    np.testing.assert_array_equal(first, again)
    assert numbers == numbers_again
    assert [len(number) for number in numbers] == KINDS[kind][0] * [KINDS[kind][1]]
    assert first.dtype == np.uint8
    assert (first.shape[1], first.shape[0]) in FRAMES
    other, _ = task.write(mix, seed=2)
    assert other.shape != first.shape or not np.array_equal(other, first)
