"""What a model's card tells, checked and ready to be shown. Needs no TensorFlow."""

from __future__ import annotations

import hashlib
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from camdigits.errors import ModelError
from camdigits.recognize.model import (
    ADDED,
    DIGITS,
    LABELS,
    LARGEST_FILE,
    find_model,
    models_folder,
    read_card,
)

TEN = len(DIGITS)
FILES = ("model.keras", "model.tflite")


@dataclass(frozen=True)
class ModelFile:
    """A file of a model: its size and, where the card tells it, its SHA-256 in hex."""

    path: Path
    size: int
    sha256: str

    def whole(self) -> bool:
        """Say whether the file still is what the card says; reads all of it."""
        if self.size > LARGEST_FILE:
            return False
        try:
            return hashlib.sha256(self.path.read_bytes()).hexdigest() == self.sha256
        except OSError:
            return False


@dataclass(frozen=True)
class PartFacts:
    """How a network beside that of glyphs was made; ``loss`` and ``accuracy`` (of frames of a line,
    of pixels of ink) as in :class:`ModelFacts`."""

    loss: tuple[list[float], list[float]]
    accuracy: tuple[list[float], list[float]]
    hyperparameters: dict[str, Any]
    seconds: float
    samples: int
    parameters: int
    multiply_adds: int


@dataclass(frozen=True)
class ModelFacts:
    """How a model was made and how well it did on samples that it was not trained with.

    ``loss`` and ``accuracy`` hold a pair each: the training data's and the validation data's
    figures, epoch by epoch. ``confusion`` (13, 13) counts what a sample is (rows) and was taken for
    (columns); ``reliability`` has rows of mean confidence, share right, count. ``parts`` are the
    networks beside that of glyphs, by their names in ``ADDED``.
    """

    folder: Path
    created: str
    loss: tuple[list[float], list[float]]
    accuracy: tuple[list[float], list[float]]
    confusion: np.ndarray
    reliability: list[tuple[float, float, int]]
    held_out: str
    hyperparameters: dict[str, Any]
    plan: dict[str, Any]
    versions: dict[str, str]
    data: list[tuple[str, str]]
    seconds: float
    samples: int
    parameters: int
    multiply_adds: int
    ms_per_glyph: float
    files: tuple[ModelFile, ...]
    parts: dict[str, PartFacts]

    @property
    def name(self) -> str:
        """The folder's name; where it is not in ``models/``, that is said with it."""
        folder = self.folder.resolve()
        inside = folder.parent == models_folder().resolve()
        return folder.name if inside else f"{folder.name}, outside models/"

    @property
    def running(self) -> int:
        """Bytes of the files that run."""
        return sum(file.size for file in self.files if file.path.suffix == ".tflite")

    @property
    def mistakes(self) -> Path:
        """The picture of the most confident mistakes; it may be missing."""
        return self.folder / "mistakes.png"

    @property
    def right(self) -> float:
        """Share of the digits (0-1) that were read right."""
        return float(np.trace(self._digits) / max(1, self._digits.sum()))

    @property
    def refused(self) -> float:
        """Share of the digits (0-1) that were taken for something else than a digit."""
        return float(self._digits[:, TEN:].sum() / max(1, self._digits.sum()))

    @property
    def others_refused(self) -> float:
        """Share (0-1) of what is no digit that was taken for none."""
        others = self.confusion[TEN:]
        return float(others[:, TEN:].sum() / max(1, others.sum()))

    @property
    def precision(self) -> list[float]:
        """Of what was read as each digit, the share that is; nan where nothing was."""
        return _shares(np.diag(self.confusion)[:TEN], self.confusion.sum(axis=0)[:TEN])

    @property
    def recall(self) -> list[float]:
        """Of each digit, the share that was read right; nan where there was none."""
        return _shares(np.diag(self.confusion)[:TEN], self.confusion.sum(axis=1)[:TEN])

    @property
    def _digits(self) -> np.ndarray:
        return self.confusion[:TEN]


def model_folders() -> list[Path]:
    """Return the folders of the models to choose from, the one in use first.

    Those are the model in use, wherever it is, and all folders in ``models/``, whole or broken.
    Raises ModelError where there is no model in use.
    """
    used = find_model()
    try:
        others = sorted(path for path in models_folder().iterdir() if path.is_dir())
    except OSError:
        others = []
    return [used, *(path for path in others if path.resolve() != used.resolve())]


def facts_of(folder: Path) -> ModelFacts:
    """Return the facts on a model's card. Raises ModelError for a broken or foreign folder."""
    card = read_card(folder / "card.json")
    try:
        history, metrics = card["history"], card["metrics"]
        return ModelFacts(
            folder=folder,
            created=str(card["created"])[:10],
            loss=(_numbers(history["loss"]), _numbers(history["val_loss"])),
            accuracy=(_numbers(history["accuracy"]), _numbers(history["val_accuracy"])),
            confusion=_confusion(metrics["confusion"]),
            reliability=[(_number(c), _number(r), int(n)) for c, r, n in metrics["reliability"]],
            held_out=str(metrics["held_out"]),
            hyperparameters=dict(card["hyperparameters"]),
            plan=dict(card["plan"]),
            versions={str(name): str(which) for name, which in card["versions"].items()},
            data=[(str(source["name"]), str(source["license"])) for source in card["data"]],
            seconds=_number(card["training_seconds"]),
            samples=int(card["training_samples"]),
            parameters=int(card["parameters"]),
            multiply_adds=int(card["multiply_adds"]),
            ms_per_glyph=_number(card["ms_per_glyph"]),
            files=_files(folder, card["files"]),
            parts={name: _part(card[name]) for name in ADDED if name in card},
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ModelError(
            f"{folder}: its card.json lacks or garbles {error}; train the model again"
        ) from None
    except OSError as error:
        raise ModelError(
            f"{error.filename}: cannot be read ({error.strerror}); copy the model folder whole"
        ) from None


def _files(folder: Path, listed: dict[str, Any]) -> tuple[ModelFile, ...]:
    """Return the networks' files, which must be there, with what the card says of them."""
    added = (name for names in ADDED.values() for name in names if name in listed)
    return tuple(
        ModelFile(folder / name, os.stat(folder / name).st_size, str(listed[name]["sha256"]))
        for name in (*FILES, *added)
    )


def _part(card: dict[str, Any]) -> PartFacts:
    history = card["history"]
    return PartFacts(
        loss=(_numbers(history["loss"]), _numbers(history["val_loss"])),
        accuracy=(_numbers(history["accuracy"]), _numbers(history["val_accuracy"])),
        hyperparameters=dict(card["hyperparameters"]),
        seconds=_number(card["training_seconds"]),
        samples=int(card["training_samples"]),
        parameters=int(card["parameters"]),
        multiply_adds=int(card["multiply_adds"]),
    )


def _confusion(data: Any) -> np.ndarray:
    counts = np.array(data, dtype=np.int64)
    if counts.shape != (len(LABELS), len(LABELS)) or (counts < 0).any():
        raise ValueError(f"confusion of shape {counts.shape}")
    return counts


def _numbers(data: Any) -> list[float]:
    return [_number(value) for value in data]


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"number {value!r}")
    return number


def _shares(hits: np.ndarray, of: np.ndarray) -> list[float]:
    return [float(h / n) if n else math.nan for h, n in zip(hits, of, strict=True)]
