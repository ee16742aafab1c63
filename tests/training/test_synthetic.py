"""Synthetic strings: every condition has its share, and the seed and index alone decide."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from camdigits.training.pages import WriterMix
from camdigits.training.synthetic import (
    LENGTHS,
    PAPERS,
    TOUCHING,
    StringTask,
    string_tasks,
)

CONDITIONS = len(LENGTHS) * len(PAPERS) * len(TOUCHING)


def test_tasks_share_all_conditions_evenly() -> None:
    tasks = string_tasks(3 * CONDITIONS)
    counts = Counter((task.length, task.paper, task.touching) for task in tasks)
    assert len(counts) == CONDITIONS
    assert set(counts.values()) == {3}
    assert [task.index for task in tasks] == list(range(len(tasks)))
    assert len({task.source for task in tasks}) == len(PAPERS) * len(TOUCHING)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_string_follows_from_seed_and_index_alone(mix: WriterMix, paper: str) -> None:
    task = StringTask(7, 6, paper, 0.5)
    first, (text,) = task.write(mix, seed=1)
    again, (text_again,) = task.write(mix, seed=1)
    np.testing.assert_array_equal(first, again)
    assert text == text_again
    assert len(text) == 6
    assert text.isdigit()
    assert first.dtype == np.uint8
    assert first.ndim == 2
    assert task.write(mix, seed=2)[1] != (text,)


def test_paper_lies_around_the_string(mix: WriterMix) -> None:
    heights = [task.write(mix, 0)[0].shape[0] for task in string_tasks(12)]
    # Digits of 26 to 64 pixels, and 0.6 to 1.4 of that above and below.
    assert min(heights) >= 2 * 26
    assert max(heights) <= 5 * 64
