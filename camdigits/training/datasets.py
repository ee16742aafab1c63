"""Loaders of the glyph collections that training learns from, with writer-disjoint splits.

Each loader takes the data folder, looks for its file there and in its ``data/`` subfolder, checks
that the arrays are laid out as expected, and returns :class:`Glyphs` (pictures) or :class:`Traces`
(pen strokes). MNIST alone can also come from Keras, which downloads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from camdigits.errors import DataError
from camdigits.preprocess.labels import connected
from camdigits.training.arrays import find_file, needed_file, read_arrays, same_length
from camdigits.training.forms import CLEAR_LETTERS, DIGITS, DOUBTFUL_LETTERS

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")

_VALIDATION_SHARE = 0.1
_WRITER_SEED = 20240229
_PENDIGITS_TRAINING = 7494
_MNIST_LAYOUT = {
    "x_train": ("u", (None, 28, 28)),
    "y_train": ("u", (None,)),
    "x_test": ("u", (None, 28, 28)),
    "y_test": ("u", (None,)),
}


@dataclass(frozen=True)
class Glyphs:
    """Pictures of single glyphs, ink 255 on 0.

    ``images[i]`` is uint8 (h, w); ``labels[i]`` its name ("0".."9", a letter, or a mark such as
    "minus"); ``writers[i]`` a number for who wrote it. Where the source doesn't name its writers,
    the number stands for a stretch of neighbors in the file's own order, which follows the sheets.
    """

    name: str
    images: Sequence[np.ndarray] | np.ndarray
    labels: np.ndarray
    writers: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, chosen: np.ndarray) -> Glyphs:
        """Return the glyphs where the given bool mask (n,) is true."""
        indices = np.flatnonzero(chosen)
        images = [self.images[int(i)] for i in indices]
        return Glyphs(self.name, images, self.labels[indices], self.writers[indices])


@dataclass(frozen=True)
class Traces:
    """Digits as pen traces: ``strokes`` float32 (n, points, 2), x and y in 0..1 with y down."""

    name: str
    strokes: np.ndarray
    labels: np.ndarray
    writers: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


def load_mnist(data: Path | None) -> dict[str, np.ndarray]:
    """Return MNIST as Keras lays it out: x_train uint8 (60000, 28, 28) ink 255, y_train, ...

    Taken from ``mnist.npz`` of the data folder, else downloaded by Keras (CC BY-SA 3.0).
    Raises DataError where the file is damaged or the download fails.
    """
    path = find_file(data, "mnist.npz")
    if path is not None:
        return _checked_pairs(path, read_arrays(path, _MNIST_LAYOUT))
    from keras.datasets import mnist  # noqa: PLC0415 - seconds to import, needed only here

    try:
        (x_train, y_train), (x_test, y_test) = mnist.load_data()
    except Exception as error:
        raise DataError(
            f"MNIST is not in the data folder and could not be downloaded ({error}); "
            "go online or put mnist.npz into the folder given by --data."
        ) from error
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def mnist_glyphs(data: Path | None, split: Split) -> Glyphs:
    """Return the MNIST digits of a split; no writer is in two splits.

    Validation holds about a tenth of the training writers (named by ``mnist_writers.npz``, made
    from QMNIST, arXiv:1905.10498; without that file by runs of neighbors in MNIST's order).
    """
    arrays = load_mnist(data)
    part = "test" if split == "test" else "train"
    images, labels = arrays[f"x_{part}"], arrays[f"y_{part}"]
    path = find_file(data, "mnist_writers.npz")
    if path is None:
        writers = _runs(len(labels), 100)
    else:
        writers = read_arrays(path, {f"writer_{part}": ("iu", (len(labels),))})[f"writer_{part}"]
    glyphs = Glyphs("mnist", images, labels.astype(str), writers.astype(np.int64))
    if split == "test":
        return glyphs
    kept_aside = np.isin(glyphs.writers, _validation_writers(glyphs.writers))
    return glyphs.take(kept_aside if split == "validation" else ~kept_aside)


def bhmsds_glyphs(data: Path | None) -> Glyphs:
    """Return the digits, marks and letters w x y of BHMSDS (few writers, training only; MIT).

    The z is left out: written so, it is also a 2. Raises DataError if the file is missing or odd.
    """
    path = needed_file(data, "bhmsds.npz")
    arrays = read_arrays(path, {"images": ("u", (None, 28, 28)), "labels": ("U", (None,))})
    same_length(path, arrays)
    keep = arrays["labels"] != "z"
    labels = arrays["labels"][keep]
    return Glyphs("bhmsds", arrays["images"][keep], labels, _runs_of_each_label(labels, 25))


def paper_glyphs(data: Path | None) -> Glyphs:
    """Return digits and letters cropped from phone photos (training only; MIT).

    The crops are grey photographs of many sizes; here their paper is evened out to 0 and their ink
    stretched to 255. Letters that pass for digits and crops without a clear glyph are dropped.
    Raises DataError if missing or odd.
    """
    path = needed_file(data, "paper_glyphs.npz")
    arrays = read_arrays(
        path, {"pixels": ("u", (None,)), "shapes": ("iu", (None, 2)), "labels": ("U", (None,))}
    )
    shapes, labels = arrays["shapes"].astype(np.int64), arrays["labels"]
    areas = shapes.prod(axis=1)
    if len(shapes) != len(labels) or areas.sum() != len(arrays["pixels"]) or (shapes < 1).any():
        raise DataError(
            f"{path}: 'shapes' does not fit 'pixels' and 'labels'; copy the file again."
        )
    starts = np.concatenate([[0], np.cumsum(areas)])
    writers = _runs_of_each_label(labels, 8)
    wanted = CLEAR_LETTERS | DOUBTFUL_LETTERS | set(DIGITS)
    images, keep = [], []
    for i in np.flatnonzero(np.isin(labels, sorted(wanted))):
        crop = arrays["pixels"][starts[i] : starts[i + 1]].reshape(shapes[i])
        ink = _ink_of_crop(crop)
        if ink is not None:
            images.append(ink)
            keep.append(i)
    return Glyphs("paper_glyphs", images, labels[keep], writers[keep])


def optdigits_glyphs(data: Path | None) -> Glyphs:
    """Return the training part of UCI optdigits (CC BY 4.0, doi:10.24432/C50P49).

    Its other part is by the same writers and is therefore no test set. Glyphs blown up to solid
    blocks by that set's normalization are dropped. Raises DataError if missing or odd.
    """
    path = needed_file(data, "optdigits.npz")
    arrays = read_arrays(path, {"x_train": ("u", (None, 32, 32)), "y_train": ("u", (None,))})
    same_length(path, arrays)
    writers = _runs(len(arrays["y_train"]), 64)
    glyphs = Glyphs("optdigits", arrays["x_train"], arrays["y_train"].astype(str), writers)
    return glyphs.take(np.array([not _is_block(image) for image in arrays["x_train"]]))


def semeion_glyphs(data: Path | None) -> Glyphs:
    """Return UCI Semeion, about 80 Italian writers (CC BY 4.0, doi:10.24432/C5SC8V).

    Training only: the file doesn't say whose a digit is, and everyone wrote each digit twice.
    """
    path = needed_file(data, "semeion.npz")
    arrays = read_arrays(path, {"images": ("u", (None, 16, 16)), "labels": ("u", (None,))})
    same_length(path, arrays)
    labels = arrays["labels"].astype(str)
    return Glyphs("semeion", arrays["images"], labels, _runs_of_each_label(labels, 10))


def emnist_letters(data: Path | None, split: Split) -> Glyphs:
    """Return the EMNIST letters A C F T of a split (80, 10 and 10% by order; public domain).

    B and D are left out: they pass for 8 and 0. Raises DataError if missing or odd.
    """
    path = needed_file(data, "emnist_letters_abcdft.npz")
    arrays = read_arrays(path, {"images": ("u", (None, 28, 28)), "labels": ("U", (None,))})
    same_length(path, arrays)
    images, labels = arrays["images"], arrays["labels"]
    part = {"train": (0.0, 0.8), "validation": (0.8, 0.9), "test": (0.9, 1.0)}[split]
    chosen = np.zeros(len(labels), bool)
    for letter in "ACFT":
        of_letter = np.flatnonzero(labels == letter)
        first, last = (round(share * len(of_letter)) for share in part)
        chosen[of_letter[first:last]] = True
    glyphs = Glyphs("emnist", images, labels, _runs_of_each_label(labels, 60))
    return glyphs.take(chosen)


def pendigits_traces(data: Path | None, split: Split) -> Traces:
    """Return the pen traces of UCI pendigits (CC BY 4.0, doi:10.24432/C5MG6K).

    Train: the 30 writers of its first part; test: the 14 others of its second. Validation is empty,
    because the order inside the first part doesn't tell its writers apart.
    """
    path = needed_file(data, "pendigits.npz")
    arrays = read_arrays(path, {"strokes": ("u", (None, 8, 2)), "labels": ("u", (None,))})
    same_length(path, arrays)
    count = len(arrays["labels"])
    if count <= _PENDIGITS_TRAINING:
        raise DataError(
            f"{path} has {count} digits, expected 10992 of which the last 3498 are for testing; "
            "copy the file again."
        )
    first, last = {
        "train": (0, _PENDIGITS_TRAINING),
        "validation": (0, 0),
        "test": (_PENDIGITS_TRAINING, count),
    }[split]
    strokes = arrays["strokes"][first:last].astype(np.float32) / 100
    strokes[..., 1] = 1 - strokes[..., 1]
    labels = arrays["labels"][first:last].astype(str)
    return Traces("pendigits", strokes, labels, first + _runs(len(labels), 250))


def _checked_pairs(path: Path, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    for part in ("train", "test"):
        same_length(path, {name: arrays[f"{name}_{part}"] for name in "xy"})
    return arrays


def _runs(count: int, length: int) -> np.ndarray:
    return np.arange(count, dtype=np.int64) // length


def _runs_of_each_label(labels: np.ndarray, length: int) -> np.ndarray:
    runs = np.zeros(len(labels), np.int64)
    for label in np.unique(labels):
        of_label = labels == label
        runs[of_label] = _runs(int(of_label.sum()), length)
    return runs


def _validation_writers(writers: np.ndarray) -> np.ndarray:
    names = np.unique(writers)
    count = max(1, round(_VALIDATION_SHARE * len(names)))
    return np.random.default_rng(_WRITER_SEED).permutation(names)[:count]


def _is_block(image: np.ndarray) -> bool:
    x, y, width, height = cv2.boundingRect(image)
    return width * height == 0 or float((image[y : y + height, x : x + width] > 127).mean()) > 0.62


def _ink_of_crop(crop: np.ndarray) -> np.ndarray | None:
    """Return the ink of a grey photo crop as uint8, ink 255, or None where there is none clear."""
    if min(crop.shape) < 12:
        return None
    paper = cv2.blur(cv2.dilate(crop, np.ones((15, 15), np.uint8)), (15, 15))
    depth = cv2.subtract(paper, crop)
    mask = cv2.threshold(depth, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1]
    contrast = cv2.mean(depth, mask)[0] - cv2.mean(depth, cv2.bitwise_not(mask))[0]
    if contrast < 25:
        return None
    parts, stats = connected(mask)
    areas = stats[1:, cv2.CC_STAT_AREA]
    solid = np.concatenate([[False], areas >= 0.05 * areas.max()])
    _, _, width, height = cv2.boundingRect(solid[parts].astype(np.uint8))
    if width > 1.5 * height:  # a rule of the paper runs through it
        return None
    near = cv2.dilate(solid[parts].astype(np.uint8), np.ones((3, 3), np.uint8))
    ink = np.clip((depth.astype(np.float32) / contrast - 0.2) / 0.6, 0, 1) * 255 * near
    return ink.astype(np.uint8)
