"""Hands: sources that write single glyphs, and the mix from which training draws them.

A hand keeps its habits: all that it writes has one slant, one proportion, one pen, and comes from
one writer as far as the source tells writers apart. One hand writes one string.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from camdigits.errors import DataError
from camdigits.training import datasets
from camdigits.training.allographs import AllographHand
from camdigits.training.bars import Bar
from camdigits.training.datasets import Glyphs, Split, Traces
from camdigits.training.fonts import FontHand
from camdigits.training.treatment import Treatment
from camdigits.training.writers import PenHand, Source, SourceHand


class Hand(Protocol):
    """One writer."""

    kind: str
    """"handwriting" or "print"."""

    def write(self, label: str, rng: np.random.Generator) -> np.ndarray | None:
        """Return one glyph: uint8 (h, w), ink up to 255 with grey edges, cropped tight.

        A digit is about 40 pixels tall, other labels in proportion; None for an unknown label.
        """


class SeveralHands:
    """Writers who take turns at one string, each with a pen of its own: numbers that were begun by
    one and ended or corrected by another."""

    def __init__(self, writers: Sequence[Hand]) -> None:
        self.kind = writers[0].kind
        self._writers = tuple(writers)

    def write(self, label: str, rng: np.random.Generator) -> np.ndarray | None:
        """See :class:`Hand`."""
        return self._writers[int(rng.integers(len(self._writers)))].write(label, rng)


@dataclass(frozen=True)
class Choice:
    """An entry of a mix: how often it is picked, what kind it is, and how to make a hand."""

    name: str
    weight: float
    kind: str
    make: Callable[[np.random.Generator], Hand]
    on_request: bool = False
    """Picked only when its kind is asked for."""


class HandMix:
    """Hands to pick from at random, by weight."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        self.choices = tuple(choices)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that can be picked."""
        return tuple(sorted({choice.kind for choice in self.choices}))

    def pick(self, rng: np.random.Generator, kind: str | None = None) -> Hand:
        """Return a new hand, of the given kind ("handwriting", "print") if one is given.

        Raises DataError for a kind that the mix doesn't hold.
        """
        choices = [
            choice
            for choice in self.choices
            if choice.kind == kind or (kind is None and not choice.on_request)
        ]
        if not choices:
            raise DataError(f"no hand of kind {kind!r} here; expected one of {self.kinds}.")
        weights = np.array([choice.weight for choice in choices])
        return choices[int(rng.choice(len(choices), p=weights / weights.sum()))].make(rng)


# What of the training mix each source makes up. Invented hands have the forms that the collections
# lack; the sets with few writers or coarse pictures count less than they hold.
_WEIGHTS = {
    "mnist": 0.22,
    "bhmsds": 0.10,
    "paper_glyphs": 0.06,
    "optdigits": 0.03,
    "semeion": 0.06,
    "pendigits": 0.03,
    "allographs": 0.43,
    "fonts": 0.07,
}
_BARRED = 0.4  # of MNIST's hands bar their sevens in training, as hardly any does by itself
_SEVERAL, _FEWEST, _MOST = 0.1, 2, 5  # how often several hands write a string, and how many


def hands(data: Path | None, split: Split) -> HandMix:
    """Return the hands of a split; writers and glyphs of the splits are disjoint.

    Training mixes all sources that the data folder has, invented hands and print. Validation and
    test hold MNIST writers of their own; print, in which the splits don't differ, comes only when
    asked for by kind. Raises DataError where a data set is damaged.
    """
    letters: tuple[Source, ...] = ()
    if datasets.find_file(data, "emnist_letters_abcdft.npz"):
        letters = (Source(datasets.emnist_letters(data, split)),)
    barred = _BARRED if split == "train" else 0.0
    choices = [_of_source(datasets.mnist_glyphs(data, split), letters, barred)]
    fonts = Choice("fonts", _WEIGHTS["fonts"], "print", FontHand)
    if split != "train":
        return HandMix([*choices, replace(fonts, on_request=True)])
    for name, load in (
        ("bhmsds", datasets.bhmsds_glyphs),
        ("paper_glyphs", datasets.paper_glyphs),
        ("optdigits", datasets.optdigits_glyphs),
        ("semeion", datasets.semeion_glyphs),
    ):
        if datasets.find_file(data, f"{name}.npz"):
            choices.append(_of_source(load(data), letters))
    if datasets.find_file(data, "pendigits.npz"):
        choices.append(_of_traces(datasets.pendigits_traces(data, split)))
    choices.append(Choice("allographs", _WEIGHTS["allographs"], "handwriting", AllographHand))
    return HandMix([*choices, fonts, _of_several(HandMix(choices))])


def _of_source(glyphs: Glyphs, letters: Sequence[Source], barred: float = 0.0) -> Choice:
    sources = (Source(glyphs), *letters)
    writers = sources[0].writers

    def make(rng: np.random.Generator) -> Hand:
        writer = writers[int(rng.integers(len(writers)))]
        bar = Bar.draw(rng) if barred and rng.random() < barred else None
        return SourceHand(sources, writer, Treatment.draw(rng), rng, bar)

    return Choice(glyphs.name, _WEIGHTS[glyphs.name], "handwriting", make)


def _of_several(mix: HandMix) -> Choice:
    def make(rng: np.random.Generator) -> Hand:
        count = int(rng.integers(_FEWEST, _MOST + 1))
        return SeveralHands([mix.pick(rng) for _ in range(count)])

    return Choice("several", _SEVERAL, "handwriting", make)


def _of_traces(traces: Traces) -> Choice:
    writers = np.unique(traces.writers).tolist()

    def make(rng: np.random.Generator) -> Hand:
        return PenHand(traces, writers[int(rng.integers(len(writers)))], rng)

    return Choice(traces.name, _WEIGHTS[traces.name], "handwriting", make)
