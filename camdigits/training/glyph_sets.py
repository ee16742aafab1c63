"""Single glyphs to measure the network with: the test splits of the collections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from camdigits.errors import DataError
from camdigits.segment.normalize import as_batch, normalize
from camdigits.training import datasets
from camdigits.training.pens import Pen
from camdigits.training.strokes import Smoother

_PEN = Pen(width=0.09)
_HEIGHT = 40.0


@dataclass(frozen=True)
class GlyphSet:
    """``batch`` float32 (n, 28, 28, 1), ink 1.0, as the network sees it, and n labels."""

    title: str
    batch: np.ndarray
    labels: tuple[str, ...]


def load(name: str, data: Path | None) -> GlyphSet:
    """Return the set called ``name``, one of NAMES. Raises DataError where it is not at hand."""
    return _LOADERS[name](data)


def _mnist(data: Path | None) -> GlyphSet:
    # MNIST is laid out as the network's input already; normalizing it again would blur it.
    glyphs = datasets.mnist_glyphs(data, "test")
    return GlyphSet("MNIST test", as_batch(list(glyphs.images)), tuple(glyphs.labels))


def _optdigits(data: Path | None) -> GlyphSet:
    path = datasets.find_file(data, "optdigits.npz")
    if path is None:
        raise DataError(f"optdigits.npz is not in the data folder {data}; put it there")
    arrays = datasets.read_arrays(path, {"x_test": ("u", (None, 32, 32)), "y_test": ("u", (None,))})
    labels = tuple(arrays["y_test"].astype(str))
    title = "optdigits test (its writers are in training too)"
    return _normalized(title, arrays["x_test"], labels)


def _pendigits(data: Path | None) -> GlyphSet:
    traces = datasets.pendigits_traces(data, "test")
    points = traces.strokes.shape[1]
    # All traces have as many points in one stroke without corners: one smoother serves them all.
    smoother = Smoother(np.arange(points) == 0, np.zeros(points, int))
    rng = np.random.default_rng(0)
    drawn = [
        _PEN.ink(smoother.path(trace.astype(np.float64)), smoother, _HEIGHT, rng)
        for trace in traces.strokes
    ]
    return _normalized(
        "pendigits test, drawn; moves with the pen lifted are ink too", drawn, tuple(traces.labels)
    )


def _letters(data: Path | None) -> GlyphSet:
    glyphs = datasets.emnist_letters(data, "test")
    return _normalized("EMNIST letters A C F T test, to be refused", glyphs.images, glyphs.labels)


def _normalized(
    title: str, images: Iterable[np.ndarray], labels: Sequence[str] | np.ndarray
) -> GlyphSet:
    return GlyphSet(title, as_batch([normalize(image) for image in images]), tuple(labels))


_LOADERS = {
    "mnist": _mnist,
    "optdigits": _optdigits,
    "pendigits": _pendigits,
    "letters": _letters,
}
NAMES = tuple(_LOADERS)
