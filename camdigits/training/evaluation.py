"""Evaluation: a reader against every labeled set, and what it read along the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from tqdm import tqdm

from camdigits.preprocess.files import open_image
from camdigits.reader import Reader
from camdigits.recognize.decode import refuses
from camdigits.recognize.line_evidence import classify_alone
from camdigits.training import glyph_sets, synthetic
from camdigits.training.arranged import arranged_tasks
from camdigits.training.collections import LabeledPicture, load_cheques, load_photos
from camdigits.training.figures import (
    Figures,
    Reading,
    calibration_figures,
    false_figures,
    glyph_figures,
    photo_figures,
    string_figures,
)
from camdigits.training.hands import HandMix, hands
from camdigits.training.held_up import held_tasks
from camdigits.training.marked import marked_tasks
from camdigits.training.papers import paper_tasks
from camdigits.training.scenes import scenes
from camdigits.training.spoiled import KINDS, Spoiled
from camdigits.training.tasks import Task, read_tasks

T = TypeVar("T")
SETS = (
    *glyph_sets.NAMES,
    "photos",
    "cheques",
    "spoiled",
    "scenes",
    "held",
    "marked",
    "arranged",
    "synthetic",
    "papers",
)
# Pictures of sheets that are held up, pages of dates and the like, of tables and the like.
HELD, MARKED, ARRANGED = 400, 400, 360


@dataclass
class Evaluation:
    """What to measure with, and the pictures read so far (for the contact sheets)."""

    reader: Reader
    data: Path | None
    limit: int | None = None
    strings: int = 10_000
    papers: int = 800
    processes: int = 2
    seed: int = 0
    readings: dict[str, list[Reading]] = field(default_factory=dict)
    _pictures: dict[str, Callable[[], np.ndarray]] = field(default_factory=dict)

    def measure(self, name: str) -> Figures:
        """Return the figures of one set. Raises DataError where it is not at hand."""
        if name in glyph_sets.NAMES:
            return self._glyphs(name)
        measures: dict[str, Callable[[], Figures]] = {
            "photos": self._photos,
            "cheques": self._cheques,
            "spoiled": self._spoiled,
            "scenes": self._scenes,
            "held": partial(self._pages, "held", held_tasks, HELD),
            "marked": partial(self._pages, "marked", marked_tasks, MARKED),
            "arranged": partial(self._pages, "arranged", arranged_tasks, ARRANGED),
            "synthetic": self._synthetic,
            "papers": partial(self._pages, "papers", paper_tasks, self.papers),
        }
        return measures[name]()

    def picture(self, reading: Reading) -> np.ndarray:
        """Return the picture of a reading again: uint8 BGR, or gray for what was made."""
        return self._pictures[reading.name]()

    @cached_property
    def _hands(self) -> HandMix:
        return hands(self.data, "test")

    def _glyphs(self, name: str) -> Figures:
        glyphs = glyph_sets.load(name, self.data)
        chosen = _spread(range(len(glyphs.labels)), self.limit)
        model = self.reader.model
        return {
            "title": glyphs.title,
            **glyph_figures(
                partial(classify_alone, model),
                model.labels,
                glyphs.batch[chosen],
                [glyphs.labels[i] for i in chosen],
                partial(refuses, small=model.segment.small),
            ),
        }

    def _photos(self) -> Figures:
        readings = self._read_photographed("photos", load_photos(self.data))
        return photo_figures(readings, self.reader.model.threshold)

    def _cheques(self) -> Figures:
        readings = self._read_photographed("cheques", load_cheques(self.data))
        return {
            **string_figures(readings, self.reader.model.threshold),
            "calibration": calibration_figures(readings),
        }

    def _read_photographed(self, name: str, pictures: Sequence[LabeledPicture]) -> list[Reading]:
        return self._read(
            name,
            [
                (p.path.name, p.source, p.numbers, partial(open_image, p.path))
                for p in _spread(pictures, self.limit)
            ],
        )

    def _spoiled(self) -> Figures:
        photos = list(enumerate(load_photos(self.data)))
        spoiled = [Spoiled(i, photo, kind) for kind in KINDS for i, photo in photos]
        readings = self._read(
            "spoiled",
            [
                (s.name, s.kind, s.photo.numbers, partial(s.picture, self.seed))
                for s in _spread(spoiled, self.limit)
            ],
        )
        return photo_figures(readings, self.reader.model.threshold)

    def _scenes(self) -> Figures:
        readings = self._read(
            "scenes",
            [(s.name, s.photograph, [], s.picture) for s in _spread(scenes(), self.limit)],
        )
        return false_figures(readings, self.reader.model.threshold)

    def _read(
        self, name: str, pictures: Sequence[tuple[str, str, list[str], Callable[[], np.ndarray]]]
    ) -> list[Reading]:
        """Read ``pictures``: of each its name, its source, its numbers, and how it is made."""
        readings = []
        for title, source, numbers, picture in tqdm(
            pictures, desc=name, unit="picture", leave=False, disable=None
        ):
            readings.append(Reading.of(title, source, numbers, self.reader.read(picture())))
            self._pictures[title] = picture
        self.readings[name] = readings
        return readings

    def _synthetic(self) -> Figures:
        tasks = synthetic.string_tasks(min(self.strings, self.limit or self.strings))
        readings = self._write_and_read("synthetic", tasks)
        threshold = self.reader.model.threshold
        conditions: dict[str, Figures] = {}
        for source in sorted({reading.source for reading in readings}):
            own = [reading for reading in readings if reading.source == source]
            by_length = {
                str(length): string_figures(group, threshold)["whole_string_exact"]
                for length in synthetic.LENGTHS
                if (group := [r for r in own if len(r.labeled_digits) == length])
            }
            conditions[source] = {**string_figures(own, threshold), "by_length": by_length}
        return {
            **string_figures(readings, threshold),
            "conditions": conditions,
            "calibration": calibration_figures(readings),
        }

    def _pages(self, name: str, tasks: Callable[[int], Sequence[Task]], count: int) -> Figures:
        readings = self._write_and_read(name, tasks(min(count, self.limit or count)))
        return photo_figures(readings, self.reader.model.threshold)

    def _write_and_read(self, name: str, tasks: Sequence[Task]) -> list[Reading]:
        with tqdm(total=len(tasks), desc=name, unit="picture", leave=False, disable=None) as bar:
            readings = read_tasks(
                tasks,
                self.data,
                self.reader.model.folder,
                seed=self.seed,
                processes=self.processes,
                progress=bar.update,
            )
        self.readings[name] = readings
        self._pictures |= {task.name: partial(self._written, task) for task in tasks}
        return readings

    def _written(self, task: Task) -> np.ndarray:
        return task.write(self._hands, self.seed)[0]


def _spread(items: Sequence[T], limit: int | None) -> list[T]:
    """Return at most ``limit`` of the items, evenly spread, so that all sources have a part."""
    if limit is None or len(items) <= limit:
        return list(items)
    return [items[i * len(items) // limit] for i in range(limit)]
