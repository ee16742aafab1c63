"""Pictures by kind of paper: every kind has its share, and the seed and index alone decide."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from camdigits.training.pages import WriterMix
from camdigits.training.papers import FIELDS, HEIGHT, PAGES, WIDTH, PaperTask, paper_tasks

KINDS = len(PAGES) + len(FIELDS)


def test_tasks_take_all_kinds_in_turn() -> None:
    counts = Counter(task.source for task in paper_tasks(3 * KINDS))
    assert len(counts) == KINDS
    assert set(counts.values()) == {3}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_follows_from_seed_and_index_alone(mix: WriterMix, kind: str) -> None:
    task = PaperTask(4, kind, field=False)
    first, numbers = task.write(mix, seed=1)
    again, numbers_again = task.write(mix, seed=1)
    np.testing.assert_array_equal(first, again)
    assert numbers == numbers_again
    assert first.shape == (HEIGHT, WIDTH, 3)
    assert all(number.isdigit() for number in numbers)
    assert task.write(mix, seed=2)[1] != numbers


@pytest.mark.parametrize("kind", FIELDS)
def test_a_field_holds_one_number_and_its_frame(mix: WriterMix, kind: str) -> None:
    task = PaperTask(4, kind, field=True)
    picture, (number,) = task.write(mix, seed=1)
    assert picture.ndim == 2
    assert 3 <= len(number) < 8
    if kind.endswith("black and white"):
        assert set(np.unique(picture)) <= {0, 255}
