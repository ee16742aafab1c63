"""Pages: rows of numbers where they should be, with the readings they should give."""

import numpy as np
import pytest

from camdigits.training.pages import compose_page
from camdigits.training.paper_style import PaperStyle


class BarHand:
    """Writes every digit as one upright bar and every mark as a short dash."""

    kind = "print"

    def write(self, label, rng):
        return np.full((40, 8) if label.isdigit() else (5, 16), 255, np.uint8)


class BarMix:
    def pick(self, rng, kind=None):
        return BarHand()


def page(seed=0, **options):
    width, height = options.pop("shape", (640, 360))
    return compose_page(np.random.default_rng(seed), BarMix(), width, height, **options)


CLEAN = PaperStyle(tone=250.0, pen=1.0)


def dark_runs(line):
    """How many stretches of dark pixels there are along a line."""
    dark = np.concatenate([[0], (line < 100).astype(int)])
    return int((np.diff(dark) == 1).sum())


def test_rows_and_numbers_are_as_given():
    picture, lines = page(rows=[["123", "1.045"], ["12+7="]])
    assert lines == [["123", "1045"], ["12", "7"]]
    assert picture.shape == (360, 640, 3)
    assert picture.dtype == np.uint8


def test_rows_lie_below_each_other():
    picture, _ = page(rows=[["123"], ["45"], ["6"]], glyph_height=30, paper=CLEAN)
    assert dark_runs(picture.max(axis=2).min(axis=1)) == 3


def test_writing_has_the_height_asked_for():
    picture, _ = page(rows=[["7"]], glyph_height=50, paper=CLEAN)
    rows = np.flatnonzero(picture.max(axis=2).min(axis=1) < 100)
    assert 38 <= rows[-1] - rows[0] + 1 <= 64


def test_too_large_writing_is_made_to_fit():
    picture, _ = page(rows=[["1234567890"] * 3] * 4, glyph_height=200, skew=10, paper=CLEAN)
    dark = picture.max(axis=2) < 100
    assert dark.any()
    assert not dark[[0, -1]].any()
    assert not dark[:, [0, -1]].any()


def test_positive_skew_lifts_the_right_end():
    picture, _ = page(rows=[["1111111111"]], glyph_height=30, skew=15, paper=CLEAN)
    rows, columns = np.nonzero(picture.max(axis=2) < 100)
    ends = np.percentile(columns, [20, 80])
    assert rows[columns > ends[1]].mean() < rows[columns < ends[0]].mean() - 10


def test_random_rows_are_digits():
    for seed in range(5):
        _, lines = page(seed)
        assert 1 <= len(lines) <= 4
        assert all(number.isdigit() for line in lines for number in line)


def test_same_seed_same_page():
    (first, lines), (again, same), (other, _) = page(1), page(1), page(2)
    np.testing.assert_array_equal(first, again)
    assert lines == same
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"rows": []}, "Cannot write 0 rows"), ({"shape": (9, 9)}, "9x9 px")],
)
def test_nothing_to_write_or_no_room_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        page(**options)
