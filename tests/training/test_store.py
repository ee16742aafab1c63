"""Model folders: all files there, hashes right, readable, and an older one safe from failures."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
import pytest

from camdigits.errors import ModelError
from camdigits.preprocess.view import STEP
from camdigits.reader import Reader
from camdigits.recognize.model import ADDED, Model
from camdigits.recognize.network import PixelNetwork
from camdigits.training import store
from camdigits.training.fit import Fitted, Plan, logits_of
from camdigits.training.ink_network import CLASSES, InkHyperparameters, build_ink_network
from camdigits.training.ink_samples import InkMaker, InkSamples
from camdigits.training.line_network import LineHyperparameters, build_line_network
from camdigits.training.line_samples import LineMaker, LineSamples
from camdigits.training.network import Hyperparameters, build_network, multiply_adds
from camdigits.training.samples import SampleMaker
from camdigits.training.store import FILES, add_network, save_model, to_litert

TINY_LINE, TINY_INK = LineHyperparameters(filters=4), InkHyperparameters(filters=4)
LINE_FILES, INK_FILES = ADDED["line"], ADDED["ink"]
PLAN = Plan(epochs=1, strings=20)
TINY = Hyperparameters(filters=4, dense=8, layers=1)
SOURCES = [{"name": "MNIST", "license": "CC BY-SA 3.0"}]
LARGEST = 2 * 1024 * 1024


@pytest.fixture
def fitted(tiny_mnist: Path) -> Fitted:
    keras.utils.set_random_seed(1)
    maker = SampleMaker(tiny_mnist, "validation")
    history = {"loss": [2.5], "val_loss": [2.6]}
    held = maker.block((1, 1), 60)
    return Fitted(
        build_network(TINY), history, held, 0.1, 1.5, 256, "start.h5", 0.25, "mixed_bfloat16"
    )


def save(fitted: Fitted, folder: Path, data: Path, hyper: Hyperparameters = TINY) -> dict[str, Any]:
    return save_model(fitted, folder, hyper, PLAN, 7, data, SOURCES)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_model_folder_is_whole(fitted: Fitted, tiny_mnist: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "mine"
    card = save(fitted, folder, tiny_mnist)
    assert {path.name for path in folder.iterdir()} == {*FILES, "card.json"}
    assert [path.name for path in folder.parent.iterdir()] == ["mine"]
    assert json.loads((folder / "card.json").read_text(encoding="utf-8")) == card
    for name in FILES:
        content = (folder / name).read_bytes()
        assert 0 < len(content) < LARGEST
        assert card["files"][name] == {
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    assert (folder / "card.json").stat().st_size < LARGEST
    assert (card["seed"], card["data"], card["history"]) == (7, SOURCES, fitted.history)
    assert (card["hyperparameters"], card["initial"]) == (vars(TINY), "start.h5")
    assert (card["initial_share"], card["precision"]) == (0.25, "mixed_bfloat16")
    assert (card["training_seconds"], card["training_samples"]) == (1.5, 256)
    assert card["parameters"] == fitted.network.count_params()
    assert card["multiply_adds"] == multiply_adds(fitted.network)
    assert card["ms_per_glyph"] > 0
    assert "unknown" not in {card["versions"][name] for name in ("numpy", "keras", "tensorflow")}
    assert np.sum(card["metrics"]["confusion"]) == card["metrics"]["samples"] == 60
    assert np.trace(card["metrics"]["confusion"]) / 60 == card["metrics"]["accuracy"]
    assert cv2.imread(str(folder / "mistakes.png")) is not None


def test_a_stored_model_is_the_trained_one(
    fitted: Fitted, tiny_mnist: Path, tmp_path: Path
) -> None:
    card = save(fitted, tmp_path / "mine", tiny_mnist)
    glyphs = fitted.validation.glyphs
    expected = logits_of(fitted.network, fitted.validation)
    model = Model(tmp_path / "mine")
    inputs = glyphs[..., None].astype(np.float32) / 255
    rounding = np.abs(model.logits(inputs) - expected).mean()  # weights and activations in 8 bits
    assert 0 < rounding < 0.05 * expected.std()
    kept = keras.models.load_model(tmp_path / "mine" / "model.keras")
    np.testing.assert_allclose(logits_of(kept, fitted.validation), expected, atol=1e-5)
    assert model.temperature == card["calibration"]["temperature"]
    assert model.threshold == card["acceptance_threshold"]
    page = Reader(tmp_path / "mine").read(np.full((80, 120), 230, np.uint8))
    assert page.strings == ()


def test_a_model_takes_the_place_of_an_older_one(
    fitted: Fitted, tiny_mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "calibrate_strings", lambda *_: (store.NO_CALIBRATION, 0.5))
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "card.json").write_text("older", encoding="utf-8")
    (folder / "older.png").write_bytes(b"older")
    save(fitted, folder, tiny_mnist)
    assert {path.name for path in folder.iterdir()} == {*FILES, "card.json"}
    assert Model(folder).threshold == 0.5


def test_a_failure_leaves_an_older_model_as_it_was(
    fitted: Fitted, tiny_mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("calibration broke")

    monkeypatch.setattr(store, "calibrate_strings", fail)
    place = tmp_path / "models"
    folder = place / "mine"
    folder.mkdir(parents=True)
    (folder / "card.json").write_text("older", encoding="utf-8")
    (folder / "model.tflite").write_bytes(b"older too")
    before = contents(folder)
    with pytest.raises(RuntimeError, match="calibration broke"):
        save(fitted, folder, tiny_mnist)
    assert contents(folder) == before
    assert [path.name for path in place.iterdir()] == ["mine"]


def test_a_place_that_cannot_be_written_is_named(
    fitted: Fitted, tiny_mnist: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(ModelError, match=r"mine: cannot be written .*--output"):
        save(fitted, tmp_path / "file" / "mine", tiny_mnist)


def fitted_lines(data: Path) -> Fitted[LineSamples]:
    maker = LineMaker(data, "validation")
    history = {"val_accuracy": [0.25, 0.75]}
    return Fitted(build_line_network(TINY_LINE), history, maker.block((1, 1), 20), 0.7, 2.5, 640)


def fitted_inks(data: Path) -> Fitted[InkSamples]:
    held = InkMaker(data, "validation").block((1, 1), 3)
    return Fitted(build_ink_network(TINY_INK), {"val_loss": [0.5]}, held, 0.9, 2.5, 640)


def with_lines(fitted: Fitted, folder: Path, data: Path) -> Path:
    """Return the folder, with a model of the networks of glyphs and lines in it."""
    save(fitted, folder, data)
    add_network("line", fitted_lines(data), folder, TINY_LINE, PLAN, 8, data)
    return folder


def test_a_line_network_joins_a_model(fitted: Fitted, tiny_mnist: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    before = save(fitted, folder, tiny_mnist)
    assert not Model(folder).reads_lines
    glyphs = contents(folder)
    lines = fitted_lines(tiny_mnist)
    card = add_network("line", lines, folder, TINY_LINE, PLAN, 8, tiny_mnist)
    assert json.loads((folder / "card.json").read_text(encoding="utf-8")) == card
    assert {path.name for path in folder.iterdir()} == {*FILES, *LINE_FILES, "card.json"}
    for name in FILES:
        assert (folder / name).read_bytes() == glyphs[name]
    for name in (*FILES, *LINE_FILES):
        content = (folder / name).read_bytes()
        assert card["files"][name]["sha256"] == hashlib.sha256(content).hexdigest()
    assert card["history"] == before["history"]
    assert card["line"]["hyperparameters"] == vars(TINY_LINE)
    assert card["line"]["metrics"] == {"samples": 20, "accuracy": 0.7}
    assert (card["line"]["seed"], card["line"]["training_samples"]) == (8, 640)
    model = Model(folder)
    strips = lines.validation.strips[:6]
    expected = logits_of(lines.network, lines.validation)[:6]
    expected = np.exp(expected) / np.exp(expected).sum(axis=2, keepdims=True)
    np.testing.assert_allclose(model.frames(strips), expected, atol=0.05)


def test_a_line_network_needs_a_model(tiny_mnist: Path, tmp_path: Path) -> None:
    lines = fitted_lines(tiny_mnist)
    with pytest.raises(ModelError, match=r"card\.json: cannot be read"):
        add_network("line", lines, tmp_path / "none", TINY_LINE, PLAN, 8, tiny_mnist)
    assert not (tmp_path / "none").exists()


def test_an_ink_network_joins_a_model_beside_that_of_lines(
    fitted: Fitted, tiny_mnist: Path, tmp_path: Path
) -> None:
    folder = with_lines(fitted, tmp_path / "mine", tiny_mnist)
    before = contents(folder)
    inks = fitted_inks(tiny_mnist)
    assert not Model(folder).finds_ink
    card = add_network("ink", inks, folder, TINY_INK, PLAN, 8, tiny_mnist)
    names = {*FILES, *LINE_FILES, *INK_FILES}
    assert {path.name for path in folder.iterdir()} == {*names, "card.json"}
    assert set(card["files"]) == names
    for name in (*FILES, *LINE_FILES):
        assert (folder / name).read_bytes() == before[name]
    assert card["ink"]["hyperparameters"] == vars(TINY_INK)
    assert card["ink"]["multiply_adds"] > 0
    held = inks.validation
    expected = logits_of(inks.network, held)
    assert card["ink"]["metrics"] == {"samples": 3, "accuracy": 0.9}
    told = Model(folder).writing(held.views[0])
    likely = 1 / (1 + np.exp(expected[..., 0] - expected[..., 1]))
    assert told.shape == held.views[0].shape
    np.testing.assert_allclose(told / 255, likely[0], atol=0.05)


def test_a_network_whose_file_is_gone_is_not_kept(
    fitted: Fitted, tiny_mnist: Path, tmp_path: Path
) -> None:
    folder = with_lines(fitted, tmp_path / "mine", tiny_mnist)
    (folder / LINE_FILES[0]).unlink()
    inks = fitted_inks(tiny_mnist)
    card = add_network("ink", inks, folder, TINY_INK, PLAN, 8, tiny_mnist)
    assert "line" not in card
    assert set(contents(folder)) == {*FILES, *INK_FILES, "card.json"}
    assert set(card["files"]) == {*FILES, *INK_FILES}


def test_the_networks_beside_that_of_glyphs_are_kept_on_request(
    fitted: Fitted, tiny_mnist: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    save(fitted, folder, tiny_mnist)
    lines = fitted_lines(tiny_mnist)
    older = add_network("line", lines, folder, TINY_LINE, PLAN, 8, tiny_mnist)
    before = contents(folder)
    fitted.network.set_weights([weights + 0.1 for weights in fitted.network.get_weights()])
    card = save_model(fitted, folder, TINY, PLAN, 7, tiny_mnist, SOURCES, keep=True)
    after = contents(folder)
    assert set(after) == set(before)
    assert {name for name in after if after[name] == before[name]} == set(LINE_FILES)
    assert card["line"] == older["line"]
    assert set(card["files"]) == {*FILES, *LINE_FILES}
    assert Model(folder).reads_lines
    save(fitted, folder, tiny_mnist)
    assert not Model(folder).reads_lines


@pytest.mark.parametrize("size", [(8, 8), (40, 24), (96, 200)])
def test_a_network_for_any_size_tells_the_same_as_litert_in_each(
    size: tuple[int, int], tmp_path: Path
) -> None:
    network = build_ink_network(InkHyperparameters(filters=2))
    rng = np.random.default_rng(3)
    network.set_weights([rng.uniform(0.1, 1.0, w.shape) for w in network.get_weights()])
    path = tmp_path / "ink.tflite"
    path.write_bytes(to_litert(network))
    picture = rng.random(size, np.float32)
    expected = np.asarray(network(picture[None, :, :, None]))[0]
    told = PixelNetwork(path, STEP, CLASSES).logits(picture)
    np.testing.assert_allclose(told, expected, atol=0.02 * np.abs(expected).max())


def test_the_multiply_adds_of_a_network_for_any_size_are_those_of_a_sample() -> None:
    network = build_ink_network(InkHyperparameters(filters=2))
    half, quarter, eighth = 80 * 80, 40 * 40, 20 * 20
    down = half * (25 * 2 + 9 * 4) + quarter * 9 * (2 * 4 + 4 * 4) + eighth * 9 * 4 * 8
    bottom = 3 * eighth * 9 * 8 * 8
    up = eighth * 8 * 16 + quarter * (9 * 4 * 4 + 4 * 8) + half * (9 * 2 * 2 + 9 * 2 * 8)
    assert multiply_adds(network) == down + bottom + up
