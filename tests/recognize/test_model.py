"""Model folders: found by path, name or environment, checked, and safe to share."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from factories import pen_row

from camdigits.errors import ModelError
from camdigits.preprocess.view import STEP
from camdigits.reading import Evidence
from camdigits.recognize import model as module
from camdigits.recognize.model import LABELS, Model, find_model, models_folder

REMEDY = r"copy|train|pass"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(models_folder() / "default")


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the default model's folder, to be broken."""
    monkeypatch.delenv("CAMDIGITS_MODEL", raising=False)
    folder = tmp_path / "copied"
    folder.mkdir()
    for name in ("card.json", "model.tflite"):
        shutil.copyfile(models_folder() / "default" / name, folder / name)
    return folder


def glyphs(count: int) -> np.ndarray:
    return np.random.default_rng(3).random((count, 28, 28, 1), np.float32)


def change_card(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    change(card)
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")


def refusal(folder: Path, *expected: str) -> str:
    """Check that the folder is refused in one line with these words and a remedy; return it."""
    with pytest.raises(ModelError, match=REMEDY) as caught:
        Model(folder)
    message = str(caught.value)
    assert "\n" not in message
    for words in (str(folder), *expected):
        assert words in message
    return message


def test_a_folder_is_found_by_path(copied: Path) -> None:
    assert find_model(copied) == copied
    assert find_model(str(copied)) == copied


@pytest.mark.parametrize("name", ["card.json", "model.tflite"])
def test_a_file_of_a_model_stands_for_its_folder(copied: Path, name: str) -> None:
    assert find_model(copied / name) == copied


def test_a_name_is_looked_up_among_the_shipped_models(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "models_folder", lambda: tmp_path)
    assert find_model("copied") == copied


def test_without_a_name_the_environment_then_the_default_decides(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_model() == models_folder() / "default"
    monkeypatch.setenv("CAMDIGITS_MODEL", str(copied))
    assert find_model() == copied
    assert find_model("default") == models_folder() / "default"
    monkeypatch.setenv("CAMDIGITS_MODEL", "")
    assert find_model() == models_folder() / "default"


def test_a_model_named_by_the_environment_must_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAMDIGITS_MODEL", str(tmp_path / "gone"))
    with pytest.raises(ModelError, match="gone: not a model folder"):
        Model()


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    refusal(tmp_path / "nowhere", "not a model folder")


def test_a_name_too_long_for_a_folder_is_refused() -> None:
    with pytest.raises(ModelError, match="model folder"):
        find_model("x" * 300)


def test_a_folder_is_found_deep_down(copied: Path) -> None:
    deep = copied.joinpath(*["a folder with a long name"] * 12)
    deep.mkdir(parents=True)
    shutil.copyfile(copied / "card.json", deep / "card.json")
    assert len(str(deep)) > 300
    assert find_model(deep) == deep


def test_a_folder_without_a_card_is_refused(copied: Path) -> None:
    (copied / "card.json").unlink()
    refusal(copied, "no card.json")


def test_a_folder_without_a_network_is_refused(copied: Path) -> None:
    (copied / "model.tflite").unlink()
    refusal(copied, "model.tflite", "cannot be read")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe\x00", b'{"format": 1', b"[" * 100_000],
    ids=["empty", "brace", "binary", "truncated", "nested"],
)
def test_a_card_that_is_no_json_is_refused(copied: Path, content: bytes) -> None:
    (copied / "card.json").write_bytes(content)
    refusal(copied, "card.json", "JSON")


@pytest.mark.parametrize("content", ["[]", "null", '"model"', "{}", '{"format": 99}'])
def test_a_card_of_another_program_is_refused(copied: Path, content: str) -> None:
    (copied / "card.json").write_text(content, encoding="utf-8")
    refusal(copied, "card.json", "format")


def test_a_card_with_other_labels_is_refused(copied: Path) -> None:
    change_card(copied, lambda card: card.update(labels=["cat", "dog"]))
    refusal(copied, "card.json", "labels")


def test_an_oversized_card_is_refused(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_FILE", 100)
    with pytest.raises(ModelError, match=r"card\.json: larger than"):
        Model(copied)


def test_a_model_may_do_without_an_ink_network(copied: Path, model: Model) -> None:
    assert model.finds_ink
    lone = Model(copied)
    assert not lone.finds_ink
    with pytest.raises(ModelError, match="has no ink network"):
        lone.writing(np.zeros((8, 8), np.uint8))


def test_writing_is_told_of_views_of_any_size(model: Model) -> None:
    view = pen_row("274", 36, margin=9)
    assert view.shape[0] % STEP
    told = model.writing(view)
    assert told.shape == view.shape
    assert told.dtype == np.uint8
    assert told[view > 200].mean() > 200
    assert told[view == 0].mean() < 20


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda card: card.pop("calibration"), "calibration"),
        (lambda card: card.pop("preprocessing"), "preprocessing"),
        (lambda card: card.pop("acceptance_threshold"), "acceptance_threshold"),
        (lambda card: card["preprocessing"]["segment"].pop("glyph_height"), "glyph_height"),
        (lambda card: card["preprocessing"]["ink"].update(floor="much"), "floor"),
        (lambda card: card["preprocessing"]["ink"].update(floor=True), "floor"),
        (lambda card: card["preprocessing"]["ink"].update(floor=float("nan")), "floor"),
        (lambda card: card["calibration"].update(temperature=0), "number 0"),
        (lambda card: card["calibration"].update(temperature=-1), "number -1"),
        (lambda card: card["calibration"]["string"].update(shift=float("inf")), "number inf"),
        (lambda card: card["calibration"]["string"].pop("glyphs"), "glyphs"),
        (lambda card: card["calibration"].update(temperature="warm"), "warm"),
        (lambda card: card.update(preprocessing=[]), "list"),
        (lambda card: card.update(acceptance_threshold=None), "None"),
        (lambda card: card.update(acceptance_threshold=float("nan")), "number nan"),
    ],
)
def test_a_garbled_card_is_refused(
    copied: Path, change: Callable[[dict[str, Any]], object], named: str
) -> None:
    change_card(copied, change)
    refusal(copied, "card.json", named)


@pytest.mark.parametrize(
    ("room", "name", "value"),
    [
        ("segment", "glyph_height", 0),
        ("segment", "glyph_height", -40),
        ("segment", "max_components", 1.5),
        ("segment", "max_lines", -1),
        ("ink", "max_pixels", -1),
    ],
)
def test_a_setting_that_cannot_be_is_refused(
    copied: Path, room: str, name: str, value: float
) -> None:
    change_card(copied, lambda card: card["preprocessing"][room].update({name: value}))
    refusal(copied, "card.json", name)


def test_numbers_past_all_bounds_are_refused(copied: Path) -> None:
    change_card(copied, lambda card: card["calibration"].update(temperature=10**400))
    refusal(copied, "card.json")
    change_card(copied, lambda card: card["calibration"].update(temperature=1.0))
    change_card(copied, lambda card: card["preprocessing"]["ink"].update(floor=10**400))
    refusal(copied, "card.json")


def test_a_network_with_other_classes_is_refused(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As a later version with one label more would see this network.
    monkeypatch.setattr(module, "LABELS", (*LABELS, "snail"))
    change_card(copied, lambda card: card["labels"].append("snail"))
    refusal(copied, "model.tflite", "13", "14")


@pytest.mark.parametrize("count", [0, 1, 16, 37])
def test_probabilities_sum_to_one(model: Model, count: int) -> None:
    probabilities = model.classify(glyphs(count))
    assert probabilities.shape == (count, len(LABELS))
    assert probabilities.dtype == np.float32
    assert (probabilities >= 0).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_the_temperature_divides_the_logits(copied: Path) -> None:
    change_card(copied, lambda card: card["calibration"].update(temperature=2.0))
    warm = Model(copied)
    halved = np.exp(warm.logits(glyphs(5)) / 2)
    expected = halved / halved.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(warm.classify(glyphs(5)), expected, rtol=1e-4, atol=1e-7)


def test_string_confidence_is_logistic_in_the_evidence(copied: Path) -> None:
    def set_weights(card: dict[str, Any]) -> None:
        card["calibration"]["string"] = {
            "posterior": 2.0,
            "glyphs": 0.5,
            "lines": 0.25,
            "alone": -1.5,
            "shift": 1.0,
        }

    change_card(copied, set_weights)
    scaled = Model(copied)
    assert scaled.string_confidence(Evidence(), 4) == pytest.approx(1 / (1 + np.exp(-1)))
    given = Evidence(posterior=1.5, glyphs=2.0, lines=-4.0)
    assert scaled.string_confidence(given, 4) == pytest.approx(1 / (1 + np.exp(-4.0)))
    assert scaled.string_confidence(given, 1) == pytest.approx(1 / (1 + np.exp(-2.5)))


def test_extreme_weights_do_not_overflow(copied: Path) -> None:
    def set_weights(card: dict[str, Any]) -> None:
        card["calibration"]["string"] = {
            "posterior": 1e6,
            "glyphs": 0.0,
            "lines": 0.0,
            "alone": 0.0,
            "shift": 0.0,
        }

    change_card(copied, set_weights)
    steep = Model(copied)
    assert 0 < steep.string_confidence(Evidence(-13.0), 4) < 1e-6
    assert 1 - 1e-6 < steep.string_confidence(Evidence(13.0), 4) <= 1
