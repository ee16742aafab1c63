"""The model folder: network files, card and contact sheet of mistakes, written all or nothing."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np

from camdigits.errors import ModelError
from camdigits.preprocess.binarize import InkSettings
from camdigits.recognize.model import ADDED, CARD_FORMAT, LABELS, Model, read_card
from camdigits.segment.settings import SegmentSettings
from camdigits.training.calibrate import NO_CALIBRATION, calibrate_strings, fit_temperature
from camdigits.training.fit import Fitted, Plan, logits_of
from camdigits.training.held_out import metrics_of, mistakes_sheet
from camdigits.training.ink_network import InkHyperparameters
from camdigits.training.line_network import LineHyperparameters
from camdigits.training.network import Hyperparameters, multiply_adds, sized
from camdigits.training.samples import Samples

FILES = ("model.keras", "model.tflite", "mistakes.png")
PACKAGES = ("tensorflow", "keras", "numpy", "opencv-python", "ai-edge-litert")


def save_model(
    fitted: Fitted[Samples],
    folder: Path,
    hyper: Hyperparameters,
    plan: Plan,
    seed: int,
    data: Path | None,
    sources: list[dict[str, str]],
    keep: bool = False,
) -> dict[str, Any]:
    """Write the model folder and return its card.

    All is made in a temporary folder beside it, which takes its place at the end: a failure
    leaves an older model as it was, whose networks of lines and ink are kept where ``keep`` is
    set. Raises ModelError where the folder cannot be written, or holds no model to keep them of.
    """
    older = read_card(folder / "card.json") if keep else {}
    kept = _added_to(folder, older)
    with _in_place_of(folder) as work:
        card = _write(fitted, work, hyper, plan, seed, sources)
        card |= {part: older[part] for part in kept}
        beside = _copy_files(kept, folder, work)
        _finish(work, card, data, seed, plan.strings, (*FILES, *beside))
    return card


def add_network(
    part: str,
    fitted: Fitted[Any],
    folder: Path,
    hyper: LineHyperparameters | InkHyperparameters,
    plan: Plan,
    seed: int,
    data: Path | None,
) -> dict[str, Any]:
    """Add a network to the model in ``folder`` as its ``part``, one of ``ADDED``, calibrate its
    strings anew, return its card.

    A failure leaves the model as it was. Raises ModelError where there is none.
    """
    card = read_card(folder / "card.json")
    kept = _added_to(folder, card)
    card = {key: value for key, value in card.items() if key not in ADDED or key in kept}
    with _in_place_of(folder) as work:
        for name in FILES:
            shutil.copyfile(folder / name, work / name)
        beside = _copy_files([other for other in kept if other != part], folder, work)
        trained, converted = ADDED[part]
        fitted.network.save(work / trained)
        (work / converted).write_bytes(to_litert(fitted.network))
        card[part] = {
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "hyperparameters": asdict(hyper),
            "plan": asdict(plan),
            "seed": seed,
            "initial": fitted.initial,
            "initial_share": fitted.initial_share,
            "precision": fitted.precision,
            "versions": _versions(),
            "history": fitted.history,
            "training_seconds": round(fitted.seconds, 1),
            "training_samples": fitted.samples,
            "parameters": int(fitted.network.count_params()),
            "multiply_adds": multiply_adds(fitted.network),
            "metrics": {
                "samples": len(fitted.validation),
                "accuracy": fitted.accuracy,
            },
        }
        _finish(work, card, data, seed, plan.strings, (*FILES, *beside, trained, converted))
    return card


def _added_to(folder: Path, card: dict[str, Any]) -> list[str]:
    """Return which parts, of ``ADDED``, the model in ``folder`` has by its card and files."""
    return [
        part
        for part, names in ADDED.items()
        if part in card and all((folder / name).is_file() for name in names)
    ]


def _copy_files(parts: list[str], folder: Path, work: Path) -> list[str]:
    """Copy files of ``parts``, of ``ADDED``, from ``folder`` to ``work``; return their names."""
    names = [name for part in parts for name in ADDED[part]]
    for name in names:
        shutil.copyfile(folder / name, work / name)
    return names


@contextmanager
def _in_place_of(folder: Path) -> Iterator[Path]:
    """Give a new folder that takes the place of ``folder`` if nothing fails."""
    check_folder(folder)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield work
        os.chmod(work, 0o755)
        older = work.with_name(f"{work.name}-older")
        if folder.exists():
            folder.rename(older)
        work.rename(folder)
        shutil.rmtree(older, ignore_errors=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _finish(
    work: Path,
    card: dict[str, Any],
    data: Path | None,
    seed: int,
    strings: int,
    files: tuple[str, ...],
) -> None:
    """Calibrate the strings of the model in ``work``, list its files and write its card."""
    card["calibration"] |= {"string": NO_CALIBRATION, "strings": strings}
    card["acceptance_threshold"] = 1.0
    _write_card(work, card)
    card["calibration"]["string"], card["acceptance_threshold"] = calibrate_strings(
        work, data, seed + 17, strings
    )
    card["ms_per_glyph"] = round(_milliseconds(Model(work)), 4)
    card["files"] = {
        name: {
            "bytes": (work / name).stat().st_size,
            "sha256": hashlib.sha256((work / name).read_bytes()).hexdigest(),
        }
        for name in files
    }
    _write_card(work, card)


def check_folder(folder: Path) -> None:
    """Raise ModelError unless a model can be written to ``folder``: new, empty or a model's."""
    if folder.exists() and not folder.is_dir():
        raise ModelError(f"{folder}: is a file; choose a folder with --output")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "card.json").is_file():
        raise ModelError(
            f"{folder}: holds other files than a model's, which would be lost; "
            "choose a new folder with --output"
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(
            f"{folder}: cannot be written ({error.strerror}); choose another with --output"
        ) from None
    if not os.access(folder.parent, os.W_OK):
        raise ModelError(f"{folder.parent}: cannot be written to; choose another with --output")


def _write(
    fitted: Fitted[Samples],
    work: Path,
    hyper: Hyperparameters,
    plan: Plan,
    seed: int,
    sources: list[dict[str, str]],
) -> dict[str, Any]:
    """Write the glyph network to ``work`` and return a card of all but the calibrated strings."""
    fitted.network.save(work / "model.keras")
    (work / "model.tflite").write_bytes(to_litert(fitted.network))
    held = fitted.validation
    logits = logits_of(fitted.network, held)
    temperature = fit_temperature(logits, held.classes)
    probabilities = _softmax(logits / temperature)
    mistakes = mistakes_sheet(held.glyphs, held.classes, probabilities)
    cv2.imwrite(str(work / "mistakes.png"), mistakes)
    return {
        "format": CARD_FORMAT,
        "name": "camdigits",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "labels": list(LABELS),
        "preprocessing": {"ink": asdict(InkSettings()), "segment": asdict(SegmentSettings())},
        "calibration": {"temperature": temperature},
        "hyperparameters": asdict(hyper),
        "plan": asdict(plan),
        "seed": seed,
        "initial": fitted.initial,
        "initial_share": fitted.initial_share,
        "precision": fitted.precision,
        "data": sources,
        "versions": _versions(),
        "history": fitted.history,
        "training_seconds": round(fitted.seconds, 1),
        "training_samples": fitted.samples,
        "parameters": int(fitted.network.count_params()),
        "multiply_adds": multiply_adds(fitted.network),
        "metrics": metrics_of(probabilities, held.classes),
    }


def to_litert(network: keras.Model) -> bytes:
    """Return the network as a LiteRT flat buffer: weights in 8 bits, input and result float32.

    Activations are rounded to 8 bits as they come (dynamic range quantization), which takes a
    quarter of the file and of the time, and moves about one class in 200 glyphs. A network for
    pictures of any size is converted at one size, and runs at any: while sizes are unknown,
    convolutions with holes become a dozen steps.
    """
    import tensorflow as tf  # noqa: PLC0415 - five seconds that only an export needs

    converter = tf.lite.TFLiteConverter.from_keras_model(sized(network))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    return bytes(converter.convert())


def _milliseconds(model: Model) -> float:
    """Return the median milliseconds a glyph in batches of 64."""
    glyphs = np.zeros((64, 28, 28, 1), np.float32)
    times = []
    for _ in range(30):
        start = time.perf_counter()
        model.logits(glyphs)
        times.append(1000 * (time.perf_counter() - start) / len(glyphs))
    return float(np.median(times))


def _softmax(logits: np.ndarray) -> np.ndarray:
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def _versions() -> dict[str, str]:
    return {name: _version(name) for name in PACKAGES} | {"python": platform.python_version()}


def _version(name: str) -> str:
    for candidate in (name, f"{name}-cpu"):
        try:
            return version(candidate)
        except ModuleNotFoundError:
            continue
    return "unknown"


def _write_card(folder: Path, card: dict[str, Any]) -> None:
    text = json.dumps(card, indent=1, ensure_ascii=False)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")
