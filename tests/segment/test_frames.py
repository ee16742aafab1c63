"""Frames: what stands around glyphs, and what is closed on all sides."""

import numpy as np
import pytest
from factories import blocks, components_of, in_frame, pen_row

from camdigits.segment.frames import THIN, holders

STROKE = 5


@pytest.mark.parametrize(
    ("hole", "tall", "holds"),
    [
        (np.s_[14:66, 14:106], 30, True),
        (np.s_[14:66, 14:110], 30, True),  # open on the right
        (np.s_[14:66, 14:110], 10, False),
        (np.s_[22:58, 40:80], 30, False),  # too thick for a frame
    ],
)
def test_a_thin_frame_closed_or_open_holds_what_is_as_tall_as_glyphs(hole, tall, holds):
    ink = blocks((80, 120), (10, 10, 100, 60))
    ink[hole] = 0
    ink[25 : 25 + tall, 50:54] = ink[25 : 25 + tall, 70:74] = 255
    components = components_of(ink)
    frame = components.boxes[:, 2] == 100
    np.testing.assert_array_equal(holders(components, 30.0), frame & holds)


@pytest.mark.parametrize("text", ["204", "42"])
def test_a_frame_that_digits_touch_is_one_and_round_or_open_digits_are_none(text):
    assert holders(components_of(in_frame(text, attached=True)), 60.0).all()
    assert not holders(components_of(pen_row("012347", stroke=STROKE)), 60.0).any()


def test_a_wide_frame_is_one_however_much_its_cells_fill_it():
    cells = in_frame("204", attached=True, pen=9)
    cells[40:141, 100:107] = cells[40:141, 150:157] = 255
    components = components_of(cells)
    assert (components.areas > THIN * components.boxes[:, 2:].prod(axis=1)).all()
    assert holders(components, 60.0).all()
    # So much of a narrow one is a bold zero, of a full one a slab with a hole.
    narrow, full = blocks((120, 120), (20, 20, 60, 80)), blocks((120, 240), (20, 20, 200, 80))
    narrow[32:88, 32:68] = full[50:70, 60:180] = 0
    assert not holders(components_of(narrow), 60.0).any()
    assert not holders(components_of(full), 60.0).any()
