"""Train: bad arguments are told in one line, before any training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from terminal import Capture, complaint

from camdigits.commands.console import say
from camdigits.commands.train import main
from camdigits.errors import DataError
from camdigits.training import recipe
from camdigits.training.fit import QUICK, Plan
from camdigits.training.ink_network import InkHyperparameters
from camdigits.training.line_network import LineHyperparameters
from camdigits.training.network import Hyperparameters
from camdigits.training.recipe import INK_PLAN, LINE_PLAN

CARD = {
    "metrics": {"digit_accuracy": 0.987, "samples": 4000},
    "multiply_adds": 1_500_000,
    "ms_per_glyph": 0.0123,
    "training_seconds": 90.0,
    "line": {
        "metrics": {"accuracy": 0.963, "samples": 1500},
        "multiply_adds": 33_600_000,
        "training_seconds": 3300.0,
    },
    "ink": {
        "metrics": {"accuracy": 0.994, "samples": 600},
        "multiply_adds": 125_000_000,
        "training_seconds": 2700.0,
    },
}


class Recorder:
    """Stands for the recipe: keeps what it was called with."""

    def __init__(self) -> None:
        self.calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def __call__(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self.calls.append((args, kwargs))
        return CARD


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    monkeypatch.delenv("CAMDIGITS_DATA", raising=False)
    found = Recorder()
    monkeypatch.setattr(recipe, "train", found)
    monkeypatch.setattr(recipe, "train_line", found)
    monkeypatch.setattr(recipe, "train_ink", found)
    return found


@pytest.mark.parametrize("option", ["--init", "--export"])
@pytest.mark.parametrize("name", ["weights.npz", "weights", "weights.h5.txt"])
def test_weights_of_another_kind_are_refused(
    recorder: Recorder, capsys: Capture, option: str, name: str
) -> None:
    assert main([option, name]) == 2
    line = complaint(capsys)
    assert name in line
    assert ".h5 or .keras" in line
    assert recorder.calls == []


def test_weights_to_start_from_must_be_there(
    recorder: Recorder, tmp_path: Path, capsys: Capture
) -> None:
    assert main(["--init", str(tmp_path / "gone.h5")]) == 2
    assert "gone.h5: no such file" in complaint(capsys)
    assert recorder.calls == []


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--epochs", "0"),
        ("--epochs", "two"),
        ("--epochs", "1.5"),
        ("--processes", "-1"),
        ("--filters", "0"),
        ("--widening", "0"),
        ("--widening", "inf"),
        ("--learning-rate", "nan"),
        ("--dropout", "1"),
        ("--dropout", "-0.1"),
        ("--label-smoothing", "nan"),
        ("--seed", "x"),
        ("--widening", "wide"),
        ("--weight-decay", "light"),
    ],
)
def test_numbers_out_of_range_are_refused(
    recorder: Recorder, capsys: Capture, option: str, value: str
) -> None:
    assert main([option, value]) == 2
    line = complaint(capsys)
    assert f"argument {option}: expected a " in line
    assert value in line
    assert recorder.calls == []


def test_damaged_data_are_told_in_one_line(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "mnist.npz").write_bytes(b"no archive")
    arguments = ["--data", str(tmp_path), "--output", str(tmp_path / "out" / "mine"), "--quick"]
    assert main(arguments) == 2
    assert "mnist.npz" in complaint(capsys)
    assert not (tmp_path / "out" / "mine").exists()


def test_an_output_that_cannot_be_written_is_told_before_training(
    tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert main(["--output", str(tmp_path / "file" / "models" / "mine")]) == 2
    assert "cannot be written" in complaint(capsys)


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [(DataError("no digits"), 2, "no digits"), (KeyboardInterrupt(), 130, "stopped")],
)
def test_failures_of_the_recipe_are_told(
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    failure: BaseException,
    code: int,
    said: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(recipe, "train", fail)
    assert main([]) == code
    assert said in complaint(capsys)


def test_arguments_reach_the_recipe(recorder: Recorder, tmp_path: Path, capsys: Capture) -> None:
    start = tmp_path / "start.keras"
    start.write_bytes(b"")
    arguments = "--quick --epochs 2 --processes 1 --seed 5 --filters 4 --dropout 0 --dense 8"
    paths = ["--data", "d", "--output", "o", "--init", str(start), "--export", "x.h5"]
    assert main([*arguments.split(), *paths]) == 0
    hyper = Hyperparameters(filters=4, dropout=0.0, dense=8)
    ((args, kwargs),) = recorder.calls
    assert args == (Path("d"), Path("o"), hyper, replace(QUICK, epochs=2, processes=1), 5)
    assert kwargs == {"initial": start, "export": Path("x.h5"), "keep": False, "say": say}
    printed = capsys.readouterr().out
    for figure in ("98.70%", "4000", "1.50 million", "0.012 ms", "1.5 minutes"):
        assert figure in printed


def test_without_arguments_the_whole_plan_is_followed(recorder: Recorder, capsys: Capture) -> None:
    assert main([]) == 0
    # Lines are learned in the ink that the ink network leaves.
    (args, kwargs), (ink_args, ink_kwargs), (line_args, line_kwargs) = recorder.calls
    assert args == (None, Path("models/mine"), Hyperparameters(), Plan(), 0)
    assert kwargs == {"initial": None, "export": None, "keep": False, "say": say}
    assert line_args == (None, Path("models/mine"), LineHyperparameters(), LINE_PLAN, 0, None)
    assert ink_args == (None, Path("models/mine"), InkHyperparameters(), INK_PLAN, 0, None)
    assert line_kwargs == ink_kwargs == {"say": say}
    printed = capsys.readouterr().out
    for figure in (
        "98.70%",
        "96.30%",
        "1500",
        "33.6 million",
        "55.0 minutes",
        "99.40%",
        "45.0 minutes",
    ):
        assert figure in printed


@pytest.mark.parametrize(
    ("part", "hyper", "plan"),
    [
        ("glyphs", Hyperparameters(filters=6), Plan()),
        ("lines", LineHyperparameters(filters=6), LINE_PLAN),
        ("ink", InkHyperparameters(filters=6), INK_PLAN),
    ],
)
def test_one_network_can_be_trained_alone(
    recorder: Recorder, tmp_path: Path, part: str, hyper: object, plan: Plan
) -> None:
    start = tmp_path / "start.keras"
    start.write_bytes(b"")
    assert main(["--part", part, "--filters", "6", "--epochs", "3", "--init", str(start)]) == 0
    ((args, kwargs),) = recorder.calls
    assert args[2:5] == (hyper, replace(plan, epochs=3), 0)
    assert (kwargs["initial"] if part == "glyphs" else args[5]) == start
    assert kwargs.get("keep", True)
