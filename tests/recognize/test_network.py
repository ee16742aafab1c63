"""LiteRT networks: what is damaged or another's is refused; threads don't disturb each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from camdigits.errors import ModelError
from camdigits.recognize import network
from camdigits.recognize.model import models_folder
from camdigits.recognize.network import Network, PixelNetwork

FOLDER = models_folder() / "default"
GLYPHS, INKS = FOLDER / "model.tflite", FOLDER / "ink.tflite"
SIZE, RESULT, STEP = (28, 28), (13,), 8


def glyphs(count: int) -> np.ndarray:
    return np.random.default_rng(3).random((count, *SIZE, 1), np.float32)


def refusal(path: Path, result: tuple[int, ...] = RESULT) -> str:
    """Check that a file is refused in one line with its name and a remedy; return it."""
    with pytest.raises(ModelError, match=r"copy|train|not a camdigits model") as caught:
        Network(path, SIZE, result, 4)
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    return message


@pytest.fixture(scope="module")
def glyph_network() -> Network:
    return Network(GLYPHS, SIZE, RESULT, 4)


@pytest.fixture(scope="module")
def ink_network() -> PixelNetwork:
    return PixelNetwork(INKS, STEP, 2)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "none.tflite")


def test_an_oversized_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "LARGEST_FILE", 100)
    assert "larger than" in refusal(GLYPHS)


@pytest.mark.parametrize("length", [0, 1, 20, 1000, 100_000])
def test_a_truncated_network_is_refused(tmp_path: Path, length: int) -> None:
    path = tmp_path / "cut.tflite"
    path.write_bytes(GLYPHS.read_bytes()[:length])
    assert "damaged" in refusal(path)


def test_a_file_that_is_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.tflite"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(5000))
    assert "damaged" in refusal(path)


class ForeignInterpreter:
    """A LiteRT network of another program, as far as loading looks at it."""

    shape: tuple[int, ...] = (1, 28, 28, 1)
    dtype: type = np.float32
    result: tuple[int, ...] = (1, *RESULT)

    def __init__(self, **options: object) -> None:
        self.batch = 1

    def get_input_details(self) -> list[dict[str, Any]]:
        shape = np.array((self.batch, *self.shape[1:]), np.int32)
        return [{"index": 0, "shape": shape, "dtype": self.dtype}]

    def get_output_details(self) -> list[dict[str, Any]]:
        shape = np.array((self.batch, *self.result[1:]), np.int32)
        return [{"index": 1, "shape": shape, "dtype": np.float32}]

    def resize_tensor_input(self, index: int, shape: list[int]) -> None:
        self.batch = shape[0]

    def allocate_tensors(self) -> None:
        pass

    def invoke(self) -> None:
        pass


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("shape", (1, 32, 32, 1)),
        ("shape", (1, 28, 28, 3)),
        ("dtype", np.uint8),
        ("result", (1, 26, 26, *RESULT)),
    ],
)
def test_a_network_for_other_pictures_is_refused(
    monkeypatch: pytest.MonkeyPatch, attribute: str, value: object
) -> None:
    monkeypatch.setattr(network, "Interpreter", ForeignInterpreter)
    Network(GLYPHS, SIZE, RESULT, 4)
    monkeypatch.setattr(ForeignInterpreter, attribute, value)
    refusal(GLYPHS)


def test_a_network_with_other_classes_is_refused() -> None:
    assert "tells 13 classes apart, expected 14" in refusal(GLYPHS, (14,))


@pytest.mark.parametrize("content", [b"no network", GLYPHS.read_bytes()])
def test_another_file_than_a_network_of_pixels_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.tflite"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"other\.tflite: (is damaged|takes other|tells)"):
        PixelNetwork(path, STEP, 2)


def test_a_picture_is_told_of_alike_in_any_batch(glyph_network: Network) -> None:
    many = glyphs(37)
    together = glyph_network.logits(many)
    alone = [glyph_network.logits(many[i : i + 1]) for i in range(len(many))]
    np.testing.assert_allclose(together, np.concatenate(alone), atol=1e-4)


def test_threads_get_the_same_result(glyph_network: Network) -> None:
    inputs = [np.roll(glyphs(40), shift, axis=0) for shift in range(16)]
    expected = [glyph_network.logits(one) for one in inputs]
    with ThreadPoolExecutor(8) as pool:
        for found, alone in zip(pool.map(glyph_network.logits, inputs), expected, strict=True):
            np.testing.assert_array_equal(found, alone)


def test_pixels_are_told_of_in_pictures_of_any_size_from_any_thread(
    ink_network: PixelNetwork,
) -> None:
    pictures = []
    for rows, columns in ((48, 64), (96, 120), (48, 64), (8, 16)):
        picture = np.zeros((rows, columns), np.float32)
        picture[10:40, 12:15] = 0.8
        pictures.append(picture)
    alone = [ink_network.logits(picture) for picture in pictures]
    assert [told.shape for told in alone] == [(*picture.shape, 2) for picture in pictures]
    np.testing.assert_array_equal(alone[0], alone[2])
    with ThreadPoolExecutor(4) as pool:
        for told, expected in zip(
            pool.map(ink_network.logits, 5 * pictures), 5 * alone, strict=True
        ):
            np.testing.assert_array_equal(told, expected)
