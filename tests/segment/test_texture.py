"""Texture: many pieces alike go, the few that stand out are ink."""

import cv2
import numpy as np
import pytest
from factories import blocks

from camdigits.preprocess.binarize import Ink
from camdigits.segment.components import find_components
from camdigits.segment.texture import CROWD, least_darkness, without_texture

SIZE = (300, 400)
DIGITS = [(60 + 60 * i, 100, 24, 60) for i in range(4)]
SQUARES = [
    (8 * column, 8 * row, 3, 3)
    for row in range(37)
    for column in range(50)
    if not (10 < row < 22 and 5 < column < 36)
]


def ink_of(pieces: list[tuple[int, int, int, int]], texture: int, pen: int) -> Ink:
    """Return strokes of darkness ``pen`` among ``pieces`` of darkness ``texture``, all strong."""
    print_, digits = blocks(SIZE, *pieces), blocks(SIZE, *DIGITS)
    mask = cv2.bitwise_or(print_, digits)
    darkness = np.where(digits > 0, pen, np.where(print_ > 0, texture, 0)).astype(np.uint8)
    return Ink(mask, mask, darkness, np.full(SIZE, 255, np.uint8), mask, 1.0)


def test_ink_stands_out_from_texture():
    ink = ink_of(SQUARES, 40, 200)
    kept, components = without_texture(ink, find_components(ink.mask, ink.strong))
    assert components.textured
    assert sorted(components.boxes[:, 3].tolist()) == [60, 60, 60, 60]
    assert kept.stroke == 24.0
    assert not kept.faint[blocks(SIZE, *SQUARES) > 0].any()
    assert kept.faint[110:150, 70].all()


@pytest.mark.parametrize(("pieces", "texture"), [(SQUARES, 120), (SQUARES[: CROWD - 50], 40)])
def test_what_is_nearly_as_dark_or_not_many_is_no_texture(pieces, texture):
    ink = ink_of(pieces, texture, 200)
    components = find_components(ink.mask, ink.strong)
    kept, same = without_texture(ink, components)
    assert kept is ink
    assert same is components


def test_pieces_of_all_kinds_of_darkness_are_no_texture():
    ink = ink_of(SQUARES, 40, 200)
    shades = np.random.default_rng(0).integers(5, 100, SIZE).astype(np.uint8)[::8, ::8]
    varied = np.where(ink.darkness == 40, np.kron(shades, np.ones((8, 8)))[:300, :400], 200)
    components = find_components(ink.mask, ink.strong)
    assert least_darkness(components, varied.astype(np.uint8)) == 0


def test_texture_alone_stays():
    ink = ink_of(SQUARES, 40, 40)
    assert least_darkness(find_components(ink.mask, ink.strong), ink.darkness) == 0
