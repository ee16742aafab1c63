"""Components: what hangs together."""

import numpy as np
from factories import blocks, components_of
from hypothesis import given
from hypothesis.extra.numpy import array_shapes, arrays
from skimage.morphology import reconstruction

from camdigits.segment.components import borders_touched, find_components


def test_diagonal_neighbors_hang_together():
    ink = np.array([[255, 0, 0, 0], [0, 255, 0, 255], [0, 0, 0, 255]], np.uint8)
    components = components_of(ink)
    assert components.boxes.tolist() == [[0, 0, 2, 2], [3, 1, 1, 2]]
    assert components.areas.tolist() == [2, 2]


def test_only_components_with_strong_ink_are_found():
    ink = blocks((20, 40), (2, 2, 5, 9), (20, 2, 6, 9))
    strong = np.zeros_like(ink)
    strong[5, 22] = 255
    components = find_components(ink, strong)
    assert len(components) == 1
    assert components.boxes.tolist() == [[20, 2, 6, 9]]
    assert (components.mask == blocks((20, 40), (20, 2, 6, 9))).all()


@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=12)))
def test_hysteresis_is_that_of_the_reference(dark: np.ndarray):
    mask, strong = (np.where(dark > border, np.uint8(255), np.uint8(0)) for border in (90, 170))
    expected = reconstruction(strong, mask, footprint=np.ones((3, 3)))
    assert (find_components(mask, strong).mask == expected).all()


def test_strong_ink_outside_the_mask_finds_nothing():
    ink = blocks((20, 40), (2, 2, 5, 9))
    strong = blocks((20, 40), (20, 2, 6, 9))
    assert len(find_components(ink, strong)) == 0


def test_color_takes_the_ids_asked_for():
    components = components_of(blocks((20, 40), (2, 2, 5, 9), (20, 2, 6, 9)))
    first = components.color(components.ids[:1])
    assert (first == blocks((20, 40), (2, 2, 5, 9))).all()


def test_empty_mask_has_no_components():
    components = components_of(np.zeros((12, 9), np.uint8))
    assert len(components) == 0
    assert not components.mask.any()
    assert len(borders_touched(components)) == 0


def test_borders_are_touched_from_a_pixel_away():
    ink = blocks((40, 60), (1, 10, 8, 20), (12, 2, 8, 36), (25, 0, 8, 40), (40, 38, 20, 2))
    found = components_of(ink)
    left_to_right = np.argsort(found.boxes[:, 0])
    assert borders_touched(found)[left_to_right].tolist() == [1, 0, 2, 2]


def test_inside_of_a_box_is_what_is_clear_of_its_sides() -> None:
    ink = blocks((40, 40), (2, 2, 4, 4), (10, 10, 4, 4), (20, 20, 4, 4), (35, 5, 4, 4))
    inside = components_of(ink).inside(np.array([2, 2, 23, 23]))
    np.testing.assert_array_equal(components_of(ink).boxes[inside, 0], [10, 20])
