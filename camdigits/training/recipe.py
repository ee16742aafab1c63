"""The whole recipe: data in, model folder out."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from camdigits.errors import ModelError
from camdigits.recognize.model import Model, read_card
from camdigits.segment.glyphs import Writing
from camdigits.training import datasets
from camdigits.training.fit import Lesson, Plan, fit
from camdigits.training.ink_network import InkHyperparameters, build_ink_network
from camdigits.training.ink_samples import InkMaker, InkSamples
from camdigits.training.line_network import LineHyperparameters, build_line_network
from camdigits.training.line_samples import LineMaker, LineSamples
from camdigits.training.losses import any_of
from camdigits.training.network import Hyperparameters, build_network
from camdigits.training.samples import SampleMaker, Samples
from camdigits.training.store import add_network, check_folder, save_model
from camdigits.training.weights import save_weights

LINE_PLAN = Plan(epochs=20, blocks=14, fresh=2, validation=1500, block=2000)
INK_PLAN = Plan(epochs=12, blocks=20, fresh=8, validation=600, block=400)

SOURCES = {
    "mnist.npz": ("MNIST", "CC BY-SA 3.0"),
    "bhmsds.npz": ("bhmsds", "MIT"),
    "paper_glyphs.npz": ("Hand-Written", "MIT"),
    "optdigits.npz": ("UCI optdigits", "CC BY 4.0"),
    "pendigits.npz": ("UCI pendigits", "CC BY 4.0"),
    "semeion.npz": ("UCI Semeion", "CC BY 4.0"),
    "emnist_letters_abcdft.npz": ("EMNIST letters", "public domain"),
}


def train(
    data: Path | None,
    output: Path,
    hyper: Hyperparameters,
    plan: Plan,
    seed: int,
    initial: Path | None = None,
    export: Path | None = None,
    keep: bool = False,
    say: Callable[[str], object] = lambda line: print(line, flush=True),
) -> dict[str, Any]:
    """Train, calibrate and store a model in ``output``; return its card.

    ``keep`` keeps the networks of lines and ink of a model that is there; that of ink is then
    used to make the samples. Raises DataError for data that are damaged, ModelError for weights
    that don't fit or a folder that cannot be written.
    """
    checkpoint = output.parent / f"{output.name}.weights.h5"
    check_folder(output)
    keep = keep and (output / "card.json").is_file()
    if export is not None and not os.access(export.absolute().parent, os.W_OK):
        raise ModelError(f"{export}: its folder is missing or locked; choose another with --export")
    lesson: Lesson[Samples] = Lesson(
        partial(build_network, hyper), partial(glyph_maker, data, output if keep else None), hyper
    )
    fitted = fit(lesson, plan, seed, initial, checkpoint, say)
    card = save_model(fitted, output, hyper, plan, seed, data, _sources(data), keep)
    if export is not None:
        save_weights(fitted.network, export)
    checkpoint.unlink(missing_ok=True)
    return card


def train_line(
    data: Path | None,
    output: Path,
    hyper: LineHyperparameters,
    plan: Plan,
    seed: int,
    initial: Path | None = None,
    say: Callable[[str], object] = lambda line: print(line, flush=True),
) -> dict[str, Any]:
    """Train a line network for the model in ``output`` and add it there; return the model's card.

    The samples are made with the model's ink network, if it has one. Raises DataError for data that
    are damaged, ModelError where there is no model.
    """
    lesson: Lesson[LineSamples] = Lesson(
        partial(build_line_network, hyper), partial(line_maker, data, output), hyper, any_of
    )
    return _train_part("line", lesson, hyper, data, output, plan, seed, initial, say)


def train_ink(
    data: Path | None,
    output: Path,
    hyper: InkHyperparameters,
    plan: Plan,
    seed: int,
    initial: Path | None = None,
    say: Callable[[str], object] = lambda line: print(line, flush=True),
) -> dict[str, Any]:
    """Train an ink network for the model in ``output`` and add it there; return the model's card.

    Raises DataError for data that are damaged, ModelError where there is no model.
    """
    lesson: Lesson[InkSamples] = Lesson(
        partial(build_ink_network, hyper), partial(InkMaker, data), hyper
    )
    return _train_part("ink", lesson, hyper, data, output, plan, seed, initial, say)


def _train_part(
    part: str,
    lesson: Lesson[Any],
    hyper: LineHyperparameters | InkHyperparameters,
    data: Path | None,
    output: Path,
    plan: Plan,
    seed: int,
    initial: Path | None,
    say: Callable[[str], object],
) -> dict[str, Any]:
    """Train a network and add it to the model in ``output`` as its ``part``; return its card."""
    read_card(output / "card.json")
    checkpoint = output.parent / f"{output.name}.{part}.weights.h5"
    fitted = fit(lesson, plan, seed, initial, checkpoint, say)
    card = add_network(part, fitted, output, hyper, plan, seed, data)
    checkpoint.unlink(missing_ok=True)
    return card


def glyph_maker(data: Path | None, model: Path | None, split: datasets.Split) -> SampleMaker:
    """Return the maker of single glyphs that works with the ink network of ``model``, if any."""
    return SampleMaker(data, split, _writing(model))


def line_maker(data: Path | None, model: Path | None, split: datasets.Split) -> LineMaker:
    """Return the maker of lines that works with the ink network of ``model``, if any."""
    return LineMaker(data, split, _writing(model))


def _writing(folder: Path | None) -> Writing | None:
    model = Model(folder) if folder else None
    return Writing(model.writing) if model and model.finds_ink else None


def _sources(data: Path | None) -> list[dict[str, str]]:
    """Return name and license of each data set in use, the project's own synthesis included."""
    found = [
        {"name": name, "license": terms}
        for file, (name, terms) in SOURCES.items()
        if file == "mnist.npz" or datasets.find_file(data, file)
    ]
    own = {"name": "strokes, strings and paper synthesized by camdigits", "license": "Apache-2.0"}
    return [*found, own]
