"""Photographs without digits, to see how often things pass for them: those of scikit-image."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

# Photographs that lie in the package itself, without text.
PHOTOGRAPHS = (
    "astronaut",
    "brick",
    "camera",
    "cell",
    "chelsea",
    "coffee",
    "coins",
    "grass",
    "gravel",
    "hubble_deep_field",
    "immunohistochemistry",
    "moon",
    "retina",
    "rocket",
)
SIZES = (1.0, 0.5, 2.0)


@dataclass(frozen=True)
class Scene:
    """One of ``PHOTOGRAPHS`` and how many times as large it is shown."""

    photograph: str
    size: float

    @property
    def name(self) -> str:
        """What readings and contact sheets call it."""
        return f"{self.photograph}, {self.size:g} times as large"

    def picture(self) -> np.ndarray:
        """Return the picture, uint8 BGR (h, w, 3). Raises ModuleNotFoundError without
        scikit-image, which training needs, too."""
        seen = taken(self.photograph)
        method = cv2.INTER_AREA if self.size < 1 else cv2.INTER_CUBIC
        return cv2.resize(seen, None, fx=self.size, fy=self.size, interpolation=method)


def taken(photograph: str) -> np.ndarray:
    """Return one of ``PHOTOGRAPHS``, uint8 BGR (h, w, 3). Raises ModuleNotFoundError without
    scikit-image."""
    from skimage import data  # noqa: PLC0415 - other sets do without

    seen = np.asarray(getattr(data, photograph)())
    return cv2.cvtColor(seen, cv2.COLOR_RGB2BGR if seen.ndim == 3 else cv2.COLOR_GRAY2BGR)


def scenes() -> list[Scene]:
    """Return each photograph in each of the sizes."""
    return [Scene(photograph, size) for photograph in PHOTOGRAPHS for size in SIZES]
