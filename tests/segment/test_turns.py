"""Turns: what stands alone, of the usual size, as glyphs."""

import numpy as np
from factories import blocks, pen_row

from camdigits.segment.components import find_components
from camdigits.segment.turns import MOST, free_glyphs


def test_specks_and_slabs_are_left_out():
    ink = blocks((200, 400), (10, 10, 20, 30), (60, 12, 18, 30), (100, 10, 22, 32), (150, 40, 3, 3))
    ink[100:190, 10:390] = 255
    ink[100:190, 20:380] = 255
    assert len(free_glyphs(find_components(ink, ink))) in (1, 3)


def test_digits_become_glyphs_in_reading_order():
    ink = pen_row("111", height=60)
    glyphs = free_glyphs(find_components(ink, ink))
    assert glyphs.shape == (3, 28, 28, 1)
    assert glyphs.max() == 1.0


def test_no_more_than_the_most():
    boxes = [(10 + 20 * (i % 20), 10 + 40 * (i // 20), 8, 24) for i in range(80)]
    ink = blocks((200, 420), *boxes)
    assert len(free_glyphs(find_components(ink, ink))) == MOST


def test_paper_has_none():
    ink = np.zeros((50, 70), np.uint8)
    assert free_glyphs(find_components(ink, ink)).shape == (0, 28, 28, 1)
