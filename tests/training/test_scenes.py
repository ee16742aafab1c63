"""Photographs without digits: each in color and in three sizes."""

from __future__ import annotations

import numpy as np

from camdigits.training.scenes import PHOTOGRAPHS, SIZES, scenes


def test_each_photograph_comes_in_each_size() -> None:
    shapes: dict[str, list[tuple[int, ...]]] = {}
    for scene in scenes():
        picture = scene.picture()
        assert picture.dtype == np.uint8
        assert picture.std() > 5
        shapes.setdefault(scene.photograph, []).append(picture.shape)
        assert scene.name.startswith(scene.photograph)
    assert tuple(shapes) == PHOTOGRAPHS
    assert len({scene.name for scene in scenes()}) == len(PHOTOGRAPHS) * len(SIZES)
    for (height, width, channels), half, twice in shapes.values():
        assert channels == 3
        assert half == (round(height / 2), round(width / 2), 3)
        assert twice == (2 * height, 2 * width, 3)
