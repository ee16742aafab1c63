"""Evaluation: a reader against every labeled set, and what it read along the way."""

from __future__ import annotations

from collections.abc import Sequence
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
from camdigits.training.collections import LabeledPicture, load_cheques, load_photos
from camdigits.training.figures import (
    Figures,
    Reading,
    calibration_figures,
    glyph_figures,
    photo_figures,
    string_figures,
)
from camdigits.training.hands import HandMix, hands
from camdigits.training.papers import paper_tasks
from camdigits.training.synthetic import Task

T = TypeVar("T")
SETS = (*glyph_sets.NAMES, "photos", "cheques", "synthetic", "papers")


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
    _paths: dict[str, Path] = field(default_factory=dict)
    _tasks: dict[str, Task] = field(default_factory=dict)

    def measure(self, name: str) -> Figures:
        """Return the figures of one set. Raises DataError where it is not at hand."""
        if name in glyph_sets.NAMES:
            return self._glyphs(name)
        if name == "photos":
            return self._photos()
        if name == "cheques":
            return self._cheques()
        return self._synthetic() if name == "synthetic" else self._papers()

    def picture(self, reading: Reading) -> np.ndarray:
        """Return the picture of a reading again: uint8 BGR, or gray for a synthetic one."""
        if reading.name in self._paths:
            return open_image(self._paths[reading.name])
        return self._tasks[reading.name].write(self._hands, self.seed)[0]

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
        readings = self._read("photos", load_photos(self.data))
        return photo_figures(readings, self.reader.model.threshold)

    def _cheques(self) -> Figures:
        readings = self._read("cheques", load_cheques(self.data))
        return {
            **string_figures(readings, self.reader.model.threshold),
            "calibration": calibration_figures(readings),
        }

    def _read(self, name: str, pictures: Sequence[LabeledPicture]) -> list[Reading]:
        readings = []
        for picture in tqdm(
            _spread(pictures, self.limit), desc=name, unit="picture", leave=False, disable=None
        ):
            page = self.reader.read(open_image(picture.path))
            readings.append(Reading.of(picture.path.name, picture.source, picture.numbers, page))
            self._paths[picture.path.name] = picture.path
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

    def _papers(self) -> Figures:
        tasks = paper_tasks(min(self.papers, self.limit or self.papers))
        readings = self._write_and_read("papers", tasks)
        return photo_figures(readings, self.reader.model.threshold)

    def _write_and_read(self, name: str, tasks: Sequence[Task]) -> list[Reading]:
        with tqdm(total=len(tasks), desc=name, unit="picture", leave=False, disable=None) as bar:
            readings = synthetic.read_tasks(
                tasks,
                self.data,
                self.reader.model.folder,
                seed=self.seed,
                processes=self.processes,
                progress=bar.update,
            )
        self.readings[name] = readings
        self._tasks |= {task.name: task for task in tasks}
        return readings


def _spread(items: Sequence[T], limit: int | None) -> list[T]:
    """Return at most ``limit`` of the items, evenly spread, so that all sources have a part."""
    if limit is None or len(items) <= limit:
        return list(items)
    return [items[i * len(items) // limit] for i in range(limit)]
