"""Pictures by kind of paper: pages of numbers, and fields that hold one."""

from __future__ import annotations

import numpy as np
import pytest

from camdigits.training.pages import WriterMix
from camdigits.training.papers import FIELDS, HEIGHT, PAGES, WIDTH, paper_tasks
from camdigits.training.tasks import KindTask

TASKS = {task.source: task for task in paper_tasks(len(PAGES) + len(FIELDS))}


@pytest.mark.parametrize("task", [TASKS[f"page: {kind}"] for kind in PAGES])
def test_a_page_is_as_large_as_a_frame(mix: WriterMix, task: KindTask) -> None:
    assert task.write(mix, seed=1)[0].shape == (HEIGHT, WIDTH, 3)


@pytest.mark.parametrize("kind", FIELDS)
def test_a_field_holds_one_number_and_its_frame(mix: WriterMix, kind: str) -> None:
    picture, (number,) = TASKS[f"field: {kind}"].write(mix, seed=1)
    assert picture.ndim == 2
    assert 3 <= len(number) < 8
    if kind.endswith("black and white"):
        assert set(np.unique(picture)) <= {0, 255}
