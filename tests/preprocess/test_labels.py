from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from skimage.measure import label

from camdigits.preprocess.labels import colored, connected

COLORS = st.sampled_from([0, 255])


def test_diagonal_neighbors_hang_together() -> None:
    mask = np.array([[255, 0, 0, 0], [0, 255, 0, 255], [0, 0, 0, 255]], np.uint8)
    labels, stats = connected(mask)
    assert labels.tolist() == [[1, 0, 0, 0], [0, 1, 0, 2], [0, 0, 0, 2]]
    assert stats[1:].tolist() == [[0, 0, 2, 2, 2], [3, 1, 1, 2, 2]]


@pytest.mark.parametrize("shape", [(510, 512), (512, 512), (514, 512)])
def test_as_many_parts_as_a_picture_can_hold_are_told_apart(shape: tuple[int, int]) -> None:
    mask = np.zeros(shape, np.uint8)
    mask[::2, ::2] = 255
    labels, stats = connected(mask)
    parts = shape[0] * shape[1] // 4
    assert len(stats) == parts + 1
    assert len(np.unique(labels[::2, ::2])) == parts
    assert labels.max() == parts
    assert (stats[1:, cv2.CC_STAT_AREA] == 1).all()


@pytest.mark.parametrize("step", [8, 6])
def test_parts_of_a_large_picture_are_told_apart(step: int) -> None:
    """With few pixels of ink and with more than labels of 16 bits."""
    mask = np.zeros((1600, 2400), np.uint8)
    mask[::step, ::step] = 255
    labels, stats = connected(mask)
    parts = np.count_nonzero(mask)
    assert len(stats) == parts + 1
    assert len(np.unique(labels[::step, ::step])) == parts
    assert (stats[1:, cv2.CC_STAT_AREA] == 1).all()


@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, min_side=2), elements=COLORS))
def test_parts_are_those_of_the_reference(mask: np.ndarray) -> None:
    labels, stats = connected(mask)
    expected = label(mask, connectivity=2)
    assert len(stats) == expected.max() + 1
    both = np.unique(np.stack([labels.ravel(), expected.ravel()]), axis=1)
    assert len(np.unique(both[0])) == len(np.unique(both[1])) == both.shape[1]


@pytest.mark.parametrize("kind", [np.uint16, np.int32])
@pytest.mark.parametrize(
    ("labels", "ids", "expected"),
    [
        ([[0, 1, 2], [3, 1, 0]], [1, 3], [[0, 255, 0], [255, 255, 0]]),
        ([[0, 1, 2], [3, 1, 0]], [], [[0, 0, 0], [0, 0, 0]]),
        ([[0, 1]], [9], [[0, 0]]),  # a part that stands elsewhere
        ([[7]], [7], [[255]]),
        ([[]], [1], [[]]),
    ],
)
def test_the_pixels_of_some_parts(
    labels: list[list[int]], ids: list[int], expected: list[list[int]], kind: type
) -> None:
    mask = colored(np.array(labels, kind), np.array(ids, np.int64))
    assert mask.dtype == np.uint8
    assert mask.tolist() == expected
