"""Training: every model's card is shown, broken ones in a sentence, two side by side."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from streamlit.testing.v1 import AppTest

from camdigits.errors import ModelError
from camdigits.recognize import model as models
from camdigits.recognize.model import ADDED
from camdigits.web import model_facts
from camdigits.web.model_facts import FILES, facts_of

CHARTS = 9  # of a model with all networks
ADDED_FILES = [name for names in ADDED.values() for name in names]
DEFAULT = models.models_folder() / "default"


def page() -> None:
    from camdigits.web import training  # noqa: PLC0415 - AppTest runs this function's text alone

    training.show()


def shown() -> AppTest:
    test = AppTest.from_function(page, default_timeout=30).run()
    assert not test.exception
    return test


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a ``models/`` folder that holds a copy of the default model."""
    monkeypatch.delenv("CAMDIGITS_MODEL", raising=False)
    for module in (models, model_facts):
        monkeypatch.setattr(module, "models_folder", lambda: tmp_path)
    shutil.copytree(DEFAULT, tmp_path / "default")
    return tmp_path


def change(**facts: Any) -> Callable[[Path], None]:
    """Return what changes a model's card."""
    return lambda model: change_card(model, lambda card: card.update(facts))


def change_card(model: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    card = json.loads((model / "card.json").read_text(encoding="utf-8"))
    edit(card)
    (model / "card.json").write_text(json.dumps(card), encoding="utf-8")


def charts(test: AppTest) -> list[bytes]:
    """Return all charts, each with its data."""
    return [chart.proto.SerializeToString() for chart in test.get("vega_lite_chart")]


def downloads(test: AppTest) -> list[str]:
    return [button.label.split()[0] for button in test.get("download_button")]


def test_one_model_is_shown_whole_and_the_page_says_how_to_get_another(folder: Path) -> None:
    test = shown()
    assert len(charts(test)) == CHARTS
    assert test.selectbox(key="model").options == ["default (in use)"]
    assert any("camdigits train --output models/NAME" in c.value for c in test.caption)
    assert downloads(test) == [*FILES, *ADDED_FILES, "card.json"]
    card = json.loads((DEFAULT / "card.json").read_text(encoding="utf-8"))
    assert test.metric[0].value == f"{100 * card['metrics']['digit_accuracy']:.1f}%"
    assert not test.warning


@pytest.mark.parametrize("part", list(ADDED))
def test_a_model_without_one_of_its_networks_is_shown(folder: Path, part: str) -> None:
    change_card(folder / "default", lambda card: card.pop(part))
    for name in ADDED[part]:
        (folder / "default" / name).unlink()
        change_card(folder / "default", lambda card, name=name: card["files"].pop(name))
    test = shown()
    assert len(charts(test)) == CHARTS - 2
    left = [name for name in ADDED_FILES if name not in ADDED[part]]
    assert downloads(test) == [*FILES, *left, "card.json"]
    assert not test.warning


def test_two_models_stand_side_by_side(folder: Path) -> None:
    shutil.copytree(DEFAULT, folder / "mine")
    change(ms_per_glyph=7.0)(folder / "mine")
    test = shown()
    assert len(charts(test)) == CHARTS
    test.selectbox(key="other").select("mine").run()
    assert not test.exception
    assert len(charts(test)) == 2 * CHARTS
    shipped = json.loads((DEFAULT / "card.json").read_text(encoding="utf-8"))["ms_per_glyph"]
    assert {f"{shipped:.2f} ms", "7.00 ms"} <= {metric.value for metric in test.metric}


def test_another_model_than_the_one_in_use_can_be_looked_at(folder: Path) -> None:
    shutil.copytree(DEFAULT, folder / "mine")
    change(ms_per_glyph=7.0)(folder / "mine")
    test = shown()
    test.selectbox(key="model").select("mine").run()
    assert [metric.value for metric in test.metric if metric.label == "Time a sign"] == ["7.00 ms"]


def test_a_model_in_use_that_is_elsewhere_comes_first(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "default"
    shutil.copytree(DEFAULT, elsewhere)
    monkeypatch.setenv("CAMDIGITS_MODEL", str(elsewhere))
    assert shown().selectbox(key="model").options == [
        "default, outside models/ (in use)",
        "default",
    ]


def test_the_confusion_matrix_changes_to_counts(folder: Path) -> None:
    test = shown()
    before = charts(test)
    test.segmented_control(key="unit").select("Counts").run()
    assert len(set(charts(test)) - set(before)) == 1


@pytest.mark.parametrize(
    ("ruin", "told"),
    [
        (lambda mine: (mine / "card.json").unlink(), "cannot be read"),
        (lambda mine: (mine / "card.json").write_text("[1,"), "not valid JSON"),
        (lambda mine: (mine / "model.keras").unlink(), "cannot be read"),
        (change(history={}), "loss"),
        (change(metrics={"confusion": [[1]]}), "(1"),
        (change(ms_per_glyph="fast"), "fast"),
        (change(data=["MNIST"]), "lacks"),
    ],
)
def test_a_broken_model_is_told_in_a_sentence_and_the_others_show(
    folder: Path, ruin: Callable[[Path], object], told: str
) -> None:
    shutil.copytree(DEFAULT, folder / "mine")
    ruin(folder / "mine")
    test = shown()
    (warning,) = test.warning
    assert told in warning.value.replace("\\", "")
    assert len(charts(test)) == CHARTS


def test_a_changed_file_is_not_offered(folder: Path) -> None:
    with (folder / "default" / "model.tflite").open("ab") as file:
        file.write(b"more")
    test = shown()
    assert downloads(test) == ["model.keras", *ADDED_FILES, "card.json"]
    assert "differs" in test.warning[0].value


def test_a_model_without_a_picture_of_mistakes_is_shown(folder: Path) -> None:
    (folder / "default" / "mistakes.png").write_bytes(b"no picture")
    assert len(shown().warning) == 1
    (folder / "default" / "mistakes.png").unlink()
    test = shown()
    assert not test.warning
    assert any("without a picture" in info.value for info in test.info)


def test_without_a_model_in_use_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMDIGITS_MODEL", "no/such/model")
    assert "not a model folder" in shown().error[0].value


def test_figures_come_from_the_confusion_matrix(folder: Path) -> None:
    def count(card: dict[str, Any]) -> None:
        matrix = [[0] * 13 for _ in range(13)]
        matrix[1][1], matrix[1][7], matrix[1][10], matrix[7][7], matrix[11][1] = 6, 1, 1, 4, 3
        card["metrics"]["confusion"] = matrix

    change_card(folder / "default", count)
    facts = facts_of(folder / "default")
    assert facts.recall[1] == pytest.approx(6 / 8)
    assert facts.precision[1] == pytest.approx(6 / 9)
    assert facts.recall[0] != facts.recall[0]
    assert facts.right == pytest.approx(10 / 12)
    assert facts.refused == pytest.approx(1 / 12)
    assert facts.others_refused == 0


def test_a_foreign_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(ModelError, match="not a camdigits card"):
        facts_of(tmp_path)


def test_the_page_needs_no_tensorflow() -> None:
    code = (
        "import sys, camdigits.web.training, camdigits.web.draw;"
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_browser_shows_the_curves_and_downloads_the_network(site, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site.address}/training")
        expect(page.get_by_text("Epoch (rounds of training)").first).to_be_attached()
        expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(CHARTS)
        with page.expect_download() as download:
            page.get_by_role("button", name="model.tflite").click()
        content = Path(download.value.path()).read_bytes()
        listed = json.loads((DEFAULT / "card.json").read_text(encoding="utf-8"))["files"]
        assert hashlib.sha256(content).hexdigest() == listed["model.tflite"]["sha256"]
