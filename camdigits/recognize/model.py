"""A trained model on disk: its card and its LiteRT network."""

from __future__ import annotations

import json
import math
import os
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np

from camdigits.errors import ModelError
from camdigits.preprocess.binarize import InkSettings
from camdigits.preprocess.view import STEP, padded
from camdigits.reading import Evidence
from camdigits.recognize.network import LARGEST_FILE, Network, PixelNetwork
from camdigits.segment.normalize import SIDE
from camdigits.segment.settings import SegmentSettings
from camdigits.segment.strips import FRAMES, HEIGHT, WIDTH

CARD_FORMAT = 1
DIGITS = tuple("0123456789")
REFUSED = ("mark", "letter", "scrap")
LABELS = DIGITS + REFUSED
TEN = len(DIGITS)
GLYPHS, LINES, INKS = "model.tflite", "line.tflite", "ink.tflite"  # files of a model's networks
# Files of the networks that a model may have beside, by their part in its card.
ADDED = {"line": ("line.keras", LINES), "ink": ("ink.keras", INKS)}
BATCH = 4

Settings = TypeVar("Settings", InkSettings, SegmentSettings)


def models_folder() -> Path:
    """Return the folder that holds the shipped models: inside a wheel, or beside the package."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "models"
    return inside if inside.is_dir() else package.parent / "models"


def find_model(name: str | Path | None = None) -> Path:
    """Return the folder of a model: a path, a name in ``models/``, ``CAMDIGITS_MODEL``, or the
    default. Raises ModelError where there is none."""
    wanted = name if name is not None else os.environ.get("CAMDIGITS_MODEL") or None
    if wanted is None:
        wanted = models_folder() / "default"
    folder = Path(wanted)
    try:
        if not folder.is_dir() and (models_folder() / folder).is_dir():
            folder = models_folder() / folder
        if folder.is_file() and folder.name in {"card.json", "model.tflite", "model.keras"}:
            folder = folder.parent
        found = (folder / "card.json").is_file()
    except OSError:  # a name that no file system takes
        found = False
    if not found:
        raise ModelError(
            f"{wanted}: not a model folder (no card.json in it); "
            "pass a folder that `camdigits train` wrote, or leave --model out for the default"
        )
    return folder


class Model:
    """A model folder ready to classify: ``card`` (its facts), ``labels``, preprocessing settings.

    Safe to use from several threads; raises ModelError for a missing, broken or foreign folder.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = find_model(folder)
        self.card = read_card(self.folder / "card.json")
        self.labels: tuple[str, ...] = LABELS
        try:
            preprocessing = self.card["preprocessing"]
            self.ink = _settings(InkSettings, preprocessing["ink"])
            self.segment = _settings(SegmentSettings, preprocessing["segment"])
            self.temperature = _positive(self.card["calibration"]["temperature"])
            string = self.card["calibration"]["string"]
            self.string_weights = Evidence(
                _finite(string["posterior"]), _finite(string["glyphs"]), _finite(string["lines"])
            )
            self.string_shifts = (_finite(string["alone"]), _finite(string["shift"]))
            self.threshold = _finite(self.card["acceptance_threshold"])
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise ModelError(
                f"{self.folder}: its card.json lacks or garbles {error}; train the model again"
            ) from None
        self._glyphs = Network(self.folder / GLYPHS, (SIDE, SIDE), (len(LABELS),), BATCH)
        line = self.folder / LINES
        self._lines = (
            Network(line, (HEIGHT, WIDTH), (FRAMES, TEN + 1), 1) if line.exists() else None
        )
        ink = self.folder / INKS
        self._inks = PixelNetwork(ink, STEP, 2) if ink.exists() else None

    @property
    def reads_lines(self) -> bool:
        """Whether the model has a line network; the quick recipe leaves it out."""
        return self._lines is not None

    @property
    def finds_ink(self) -> bool:
        """Whether the model has an ink network; the quick recipe leaves it out."""
        return self._inks is not None

    def logits(self, glyphs: np.ndarray) -> np.ndarray:
        """Return float32 (n, 13) logits for ``glyphs`` float32 (n, 28, 28, 1), ink 1.0."""
        return self._glyphs.logits(glyphs)

    def frames(self, strips: np.ndarray) -> np.ndarray:
        """Return probabilities, float32 (n, FRAMES, 11), of each digit, and last of none, to have
        its middle in a frame of ``strips``, uint8 (n, HEIGHT, WIDTH)."""
        if self._lines is None:
            raise ModelError(f"{self.folder}: has no line network")
        return _softmax(self._lines.logits(strips[..., None].astype(np.float32) / 255))

    def writing(self, view: np.ndarray) -> np.ndarray:
        """Return how likely each pixel of a ``view``, uint8 (h, w), is writing, uint8 (h, w), 255
        surely; see :func:`camdigits.preprocess.view.view_scale`."""
        if self._inks is None:
            raise ModelError(f"{self.folder}: has no ink network")
        rows, columns = view.shape
        logits = self._inks.logits(padded(view).astype(np.float32) / 255)[:rows, :columns]
        against = cv2.exp(logits[..., 0] - logits[..., 1])
        return cv2.convertScaleAbs(255 / (1 + against))

    def classify(self, glyphs: np.ndarray) -> np.ndarray:
        """Return calibrated probabilities float32 (n, 13) over ``labels`` for ``glyphs``."""
        return _softmax(self.logits(glyphs) / self.temperature)

    def string_confidence(self, evidence: Evidence, digits: int) -> float:
        """Return the calibrated probability (0-1) that a string of ``digits`` digits is right.

        Logistic in the evidence (Platt 1999), with the card's weights, and a shift for a digit that
        stands alone, which is more often than any a mark or half of something. That the posterior
        is not all: where no path is good, the best of them is not to be trusted, and what only one
        of the networks sees is doubtful.
        """
        alone, shift = self.string_shifts
        pairs = zip(self.string_weights, evidence, strict=True)
        logit = sum(weight * odds for weight, odds in pairs) + alone * (digits == 1) + shift
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))


def _softmax(logits: np.ndarray) -> np.ndarray:
    odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True))


def logit_of(probability: float) -> float:
    """Return the log odds of a probability, which is first kept off 0 and 1 by a millionth."""
    clipped = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(clipped / (1 - clipped))


def read_card(path: Path) -> dict[str, Any]:
    """Return a model's card. Raises ModelError unless it is one of this format and labels."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ModelError(f"{path}: larger than {LARGEST_FILE >> 20} MB; not a model card")
        card = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError):
        raise ModelError(f"{path}: is not valid JSON; copy or train the model again") from None
    if not isinstance(card, dict) or card.get("format") != CARD_FORMAT:
        raise ModelError(
            f"{path}: not a camdigits card of format {CARD_FORMAT}; "
            "train the model with this version of camdigits"
        )
    if card.get("labels") != list(LABELS):
        raise ModelError(
            f"{path}: made for other labels than {'/'.join(LABELS)}; "
            "train the model with this version of camdigits"
        )
    return card


def _settings(kind: type[Settings], data: dict[str, Any]) -> Settings:
    """Return settings from a card; every field must be there as a finite number."""
    values: dict[str, Any] = {}
    for item in fields(kind):
        value = data[item.name]
        whole = isinstance(item.default, int)
        known = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if not known or not math.isfinite(value) or value <= 0:
            raise ValueError(f"preprocessing {item.name}={value!r}")
        values[item.name] = value
    return kind(**values)


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"number {value!r}")
    return number


def _positive(value: Any) -> float:
    number = _finite(value)
    if number <= 0:
        raise ValueError(f"number {value!r}")
    return number
