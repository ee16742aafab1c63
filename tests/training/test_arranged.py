"""Pages of tables, lists, labels and the like hold the numbers of their kind."""

from __future__ import annotations

import pytest

from camdigits.training.arranged import KINDS, arranged_tasks
from camdigits.training.pages import WriterMix


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
    own = [task for task in arranged_tasks(6 * len(KINDS)) if task.source == kind]
    pages = [task.write(mix, seed=0)[1] for task in own]
    assert {len(number) for page in pages for number in page} == lengths
