"""Rings around numbers are ink of their own; zeros, frames and what touches the number are not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from factories import components_of, in_frame, pen_row

from camdigits.segment.rings import erased, ring_ink

HEIGHT, STROKE = 60, 5


def around(ink: np.ndarray, start: float = 0, end: float = 360, pen: int = 4) -> np.ndarray:
    """Return an ellipse around the digits of ``ink``, or what of it is between two angles
    (degrees), uint8 (h, w), ink 255."""
    x, y, width, height = cv2.boundingRect(ink)
    middle, axes = (x + width // 2, y + height // 2), (round(0.57 * width) + 25, height // 2 + 30)
    return cv2.ellipse(np.zeros_like(ink), middle, axes, 0, start, end, 255, pen)


def written(text: str) -> np.ndarray:
    """Return digits with room for a ring around them, uint8 (h, w), ink 255."""
    return pen_row(text, HEIGHT, stroke=STROKE, margin=80)


def rings_in(ink: np.ndarray) -> np.ndarray:
    return ring_ink(components_of(ink), float(HEIGHT))


@pytest.mark.parametrize("text", ["7", "1", "42", "20743"])
def test_a_ring_around_a_number_is_found_whole_and_alone(text: str) -> None:
    number = written(text)
    ring = around(number)
    np.testing.assert_array_equal(rings_in(ring | number), ring)


@pytest.mark.parametrize(("open_for", "is_ring"), [(11, True), (45, True), (100, False)])
@pytest.mark.parametrize("at", [0, 60, 270])
def test_a_ring_may_be_open_a_little(at: int, open_for: int, is_ring: bool) -> None:
    number = written("42")
    ring = around(number, at, at + 360 - open_for)
    np.testing.assert_array_equal(rings_in(ring | number), ring if is_ring else 0)


def test_ends_of_a_ring_may_overlap_beside_each_other() -> None:
    number = written("4")
    x, y, width, height = cv2.boundingRect(number)
    turn = np.linspace(0, 2.12 * np.pi, 80)
    grown = np.linspace(0.95, 1.08, 80)
    path = np.column_stack(
        [
            x + width / 2 + (width / 2 + 30) * grown * np.cos(turn),
            y + height / 2 + (height / 2 + 22) * grown * np.sin(turn),
        ]
    )
    ring = cv2.polylines(np.zeros_like(number), [path.astype(np.int32)], False, 255, 4)
    np.testing.assert_array_equal(rings_in(ring | number), ring)


def test_the_arcs_of_a_broken_ring_are_one() -> None:
    number = written("42")
    arcs = around(number, 0, 230) | around(number, 245, 300) | around(number, 315, 350)
    np.testing.assert_array_equal(rings_in(arcs | number), arcs)


def test_rings_that_touch_each_other_are_found_both() -> None:
    number = written("42")
    ring = around(number)
    _, top, _, height = cv2.boundingRect(ring)
    rows = np.s_[top : top + height]
    both = np.pad(np.vstack([ring[rows], ring[rows][2:]]), 9)
    numbers = np.pad(np.vstack([number[rows], number[rows][2:]]), 9)
    assert len(components_of(both)) == 1
    np.testing.assert_array_equal(rings_in(both | numbers), both)


def test_what_touches_a_ring_from_outside_stays() -> None:
    number = np.pad(written("42"), ((0, 0), (0, 200)))
    ring = around(number)
    x, y, width, height = cv2.boundingRect(ring)
    rule = np.zeros_like(ring)
    rule[y + height // 2 :][:3, x + width - 2 :] = 255
    found = rings_in(ring | number | rule)
    assert (found[ring > 0] == 255).all()
    assert np.count_nonzero(found) < np.count_nonzero(ring) + 0.1 * np.count_nonzero(rule)


@pytest.mark.parametrize("pen", [3, 8])
def test_zeros_with_dots_specks_or_slashes_are_none(pen: int) -> None:
    zero = np.zeros((100, 90), np.uint8)
    cv2.ellipse(zero, (45, 50), (22, 30), 0, 0, 360, 255, pen)
    dotted, specks, slashed = zero.copy(), zero.copy(), zero.copy()
    cv2.circle(dotted, (45, 50), 4, 255, -1)
    specks[34:70:9, 40:52:9] = 255
    cv2.line(slashed, (33, 67), (57, 33), 255, 2)
    for ink in (zero, dotted, specks, slashed):
        assert not rings_in(ink).any()


def test_frames_are_none_and_neither_is_a_ring_that_its_only_digit_touches() -> None:
    assert not rings_in(in_frame("42", attached=False)).any()
    number = written("7")
    touched = around(number) | number
    x, y, width, _ = cv2.boundingRect(number)
    touched[y : y + STROKE, x + width : x + width + 40] = 255
    assert not rings_in(touched).any()


def test_what_is_around_nothing_or_around_far_smaller_things_is_none() -> None:
    number = written("42")
    ring = around(number)
    assert not rings_in(ring).any()
    small = cv2.resize(number, None, fx=0.2, fy=0.2, interpolation=cv2.INTER_NEAREST)
    y, x = (side // 2 for side in ring.shape)
    rows, columns = small.shape
    within = ring.copy()
    within[y - rows // 2 :, x - columns // 2 :][:rows, :columns] |= small
    assert not rings_in(within).any()


def test_where_a_ring_is_erased_its_number_stays() -> None:
    number = written("42")
    ring = around(number)
    soft = cv2.blur(ring | number, (3, 3))
    left = erased(soft, ring | number, ring, STROKE)
    np.testing.assert_array_equal(left, cv2.blur(number, (3, 3)))
