"""Sets of pictures to measure with: each kind in turn, and the seed and index alone decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from camdigits.training import arranged, held_up, marked, papers
from camdigits.training.pages import WriterMix
from camdigits.training.tasks import KindTask

PAPERS = [f"page: {kind}" for kind in papers.PAGES] + [f"field: {kind}" for kind in papers.FIELDS]
SETS: dict[str, tuple[Callable[[int], list[KindTask]], list[str]]] = {
    "arranged": (arranged.arranged_tasks, list(arranged.KINDS)),
    "held": (held_up.held_tasks, list(held_up.KINDS)),
    "marked": (marked.marked_tasks, list(marked.KINDS)),
    "paper": (papers.paper_tasks, PAPERS),
}


@pytest.mark.parametrize("name", SETS)
def test_tasks_take_all_kinds_in_turn(name: str) -> None:
    tasks_of, kinds = SETS[name]
    tasks = tasks_of(3 * len(kinds))
    assert Counter(task.source for task in tasks) == dict.fromkeys(kinds, 3)
    assert [task.name for task in tasks] == [f"{name} {i}" for i in range(len(tasks))]
    assert tasks_of(5) == tasks[:5]


@pytest.mark.parametrize(
    "task",
    [task for tasks_of, kinds in SETS.values() for task in tasks_of(len(kinds))],
    ids=lambda task: f"{task.name}: {task.source}",
)
def test_a_picture_follows_from_seed_and_index_alone(mix: WriterMix, task: KindTask) -> None:
    first, found = task.write(mix, seed=1)
    again, found_again = task.write(mix, seed=1)
    np.testing.assert_array_equal(first, again)
    assert found == found_again
    assert first.dtype == np.uint8
    assert first.ndim == 2 if task.source.startswith("field") else first.shape[2:] == (3,)
    assert found
    assert all(number.isdigit() for number in found)
    other, _ = task.write(mix, seed=2)
    assert other.shape != first.shape or not np.array_equal(other, first)
