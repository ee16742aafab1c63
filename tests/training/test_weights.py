"""Weights leave and come back as .h5 and .keras files, and only where they fit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from camdigits.errors import ModelError
from camdigits.training.network import Hyperparameters, build_network, multiply_adds
from camdigits.training.weights import load_weights, save_weights

SMALL = Hyperparameters(filters=4, dense=8, layers=1)


def network_of(seed: int, hyper: Hyperparameters = SMALL) -> keras.Model:
    keras.utils.set_random_seed(seed)
    return build_network(hyper)


@pytest.mark.parametrize("name", ["weights.h5", "whole.keras", "odd name.weights.h5"])
def test_weights_come_back(tmp_path: Path, name: str) -> None:
    written, read = network_of(1), network_of(2)
    save_weights(written, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert any(
        (a != b).any() for a, b in zip(written.get_weights(), read.get_weights(), strict=True)
    )
    load_weights(read, tmp_path / name)
    for a, b in zip(written.get_weights(), read.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("name", ["weights.h5", "whole.keras"])
@pytest.mark.parametrize("change", [{"filters": 6}, {"dense": 9}, {"layers": 2}])
def test_weights_of_another_network_are_refused(
    tmp_path: Path, name: str, change: dict[str, int]
) -> None:
    path = tmp_path / name
    save_weights(network_of(1), path)
    with pytest.raises(ModelError, match="do not fit") as caught:
        load_weights(network_of(1, replace(SMALL, **change)), path)
    message = str(caught.value)
    assert str(path) in message
    assert "hyperparameters" in message
    assert "\n" not in message


@pytest.mark.parametrize("name", ["weights.h5", "whole.keras"])
@pytest.mark.parametrize("content", [b"", b"no weights at all", b"PK\x03\x04 cut short"])
def test_a_file_that_holds_no_weights_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ModelError, match=name):
        load_weights(network_of(1), path)


@pytest.mark.parametrize("name", ["weights.h5", "whole.keras"])
def test_a_truncated_file_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    save_weights(network_of(1), path)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(ModelError, match=name):
        load_weights(network_of(1), path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.h5"):
        load_weights(network_of(1), tmp_path / "gone.h5")


@pytest.mark.parametrize("name", ["weights.h5", "whole.keras"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / "no folder" / name
    with pytest.raises(ModelError, match=name):
        save_weights(network_of(1), path)


def test_multiply_adds_are_counted() -> None:
    # 5x5 to 4 channels at 14x14, 3x3 to 8 channels at 7x7, 392 to 8, 8 to 13.
    expected = 25 * 4 * 196 + 9 * 4 * 8 * 49 + 392 * 8 + 8 * 13
    assert multiply_adds(network_of(1)) == expected
