"""What the tests of training share."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest


class BoxHand:
    """Writes any digit as a rectangle, wider for higher digits, and no other sign."""

    kind = "handwriting"

    def write(self, label: str, rng: np.random.Generator) -> np.ndarray | None:
        if not label.isdigit():
            return None
        glyph = np.zeros((40, 12 + int(label)), np.uint8)
        cv2.rectangle(glyph, (1, 1), (glyph.shape[1] - 2, 38), 255, 3)
        return glyph


class BoxHands:
    """A mix of that one hand."""

    def pick(self, rng: np.random.Generator, kind: str | None = None) -> BoxHand:
        return BoxHand()


@pytest.fixture
def mix() -> BoxHands:
    return BoxHands()


@pytest.fixture
def tiny_mnist(tmp_path: Path) -> Path:
    """Return a data folder that holds only a made-up MNIST of 1000 and 200 drawn digits."""
    rng = np.random.default_rng(0)

    def part(count: int) -> tuple[np.ndarray, np.ndarray]:
        labels = (np.arange(count) % 10).astype(np.uint8)
        images = np.zeros((count, 28, 28), np.uint8)
        for image, label in zip(images, labels, strict=True):
            place = (int(rng.integers(5, 8)), 24)
            cv2.putText(image, str(label), place, cv2.FONT_HERSHEY_SIMPLEX, 0.9, 255, 2)
        return images, labels

    x_train, y_train = part(1000)
    x_test, y_test = part(200)
    folder = tmp_path / "tiny"
    folder.mkdir()
    np.savez(folder / "mnist.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    return folder
