"""Sheets held up in scenes fill frames of a camera, and hold the numbers of their kind."""

from __future__ import annotations

import pytest

from camdigits.training.held_up import FRAMES, KINDS, held_tasks
from camdigits.training.pages import WriterMix


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_holds_the_numbers_of_its_kind(mix: WriterMix, kind: str) -> None:
    (task,) = (task for task in held_tasks(len(KINDS)) if task.source == kind)
    picture, numbers = task.write(mix, seed=1)
    rows, digits = KINDS[kind]
    assert [len(number) for number in numbers] == rows * [digits]
    assert (picture.shape[1], picture.shape[0]) in FRAMES
