"""Faint strokes: what is written with less pressure joins its number, patterns do not."""

from dataclasses import replace

import numpy as np
import pytest
from factories import blocks

from camdigits.preprocess.binarize import Ink
from camdigits.segment.components import Components, find_components
from camdigits.segment.faint import MANY, with_faint

SIZE = (120, 300)
HEIGHT, PEN, PALE = 40.0, 200, 60
STRONG = [(20 + 40 * i, 40, 6, 40) for i in range(3)]

Box = tuple[int, int, int, int]


def ink_of(faint: list[Box], strong: list[Box], size: tuple[int, int] = SIZE) -> Ink:
    """Return ink where all but the ``faint`` strokes are above the thresholds."""
    mask, all_of_it = blocks(size, *strong), blocks(size, *strong, *faint)
    darkness = np.where(mask > 0, PEN, np.where(all_of_it > 0, PALE, 0)).astype(np.uint8)
    return Ink(mask, mask, darkness, np.full(size, PEN, np.uint8), all_of_it, 6.0)


def read(faint: list[Box], kept: int = 3) -> tuple[Ink, Components]:
    """Return what is ink where STRONG strokes, of which some were ``kept``, and ``faint`` are."""
    ink = ink_of(faint, STRONG)
    found = find_components(ink.mask, ink.strong)
    return with_faint(ink, found, found.chosen(np.arange(kept)), HEIGHT)


def boxes(components: Components) -> set[Box]:
    return {tuple(box) for box in components.boxes.tolist()}


def test_without_faint_strokes_all_is_as_it_was():
    ink, components = read([])
    assert boxes(components) == set(STRONG)
    assert (ink.level == PEN).all()


def test_a_faint_glyph_in_the_row_is_one_as_dark_as_the_others():
    glyph = (140, 40, 6, 40)
    ink, components = read([glyph])
    assert boxes(components) == {*STRONG, glyph}
    assert ink.level[60, 142] == pytest.approx(1.1 * PALE, abs=1)
    assert ink.level[60, 62] == PEN


def test_a_stroke_that_fades_goes_on():
    _, components = read([(26, 74, 20, 6)])
    assert boxes(components) == {(20, 40, 26, 40), *STRONG[1:]}


def test_a_faint_glyph_with_a_scrap_of_strong_ink_is_one_beside_others():
    ink = ink_of([(140, 50, 6, 30), (230, 2, 6, 30)], [*STRONG, (140, 46, 6, 4), (230, 0, 6, 4)])
    found = find_components(ink.mask, ink.strong)
    _, components = with_faint(ink, found, found, HEIGHT)
    assert boxes(components) == {*STRONG, (140, 46, 6, 34), (230, 0, 6, 4)}


def test_texture_is_still_known_for_such():
    ink = ink_of([(140, 40, 6, 40)], STRONG)
    found = replace(find_components(ink.mask, ink.strong), textured=True)
    _, components = with_faint(ink, found, found, HEIGHT)
    assert len(components) == len(STRONG) + 1
    assert components.textured


@pytest.mark.parametrize(
    "faint",
    [(140, 40, 6, 12), (140, 0, 6, 120), (262, 40, 6, 40), (22, 84, 120, 4)],
    ids=["too small", "too tall", "far away", "a rule"],
)
def test_what_is_no_glyph_of_the_row_stays_out(faint: Box):
    assert boxes(read([faint])[1]) == set(STRONG)


def test_what_was_left_out_before_stays_out():
    assert boxes(read([], kept=2)[1]) == set(STRONG[:2])


def test_pages_full_of_pieces_are_left_alone():
    dots = [(8 * (i % 30), 8 * (i // 30), 2, 2) for i in range(MANY)]
    ink = ink_of([(100, 500, 6, 40)], [*dots, (60, 500, 6, 40)], (600, 300))
    found = find_components(ink.mask, ink.strong)
    same, components = with_faint(ink, found, found, HEIGHT)
    assert same is ink
    assert components is found
