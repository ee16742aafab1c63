"""Forms of digits, marks and letters as pen strokes.

They stand in ``digit_forms.txt`` and ``mark_forms.txt``. A form is a family of shapes with the same
strokes; a hand writes a random blend of them, so the shapes are the corners of what it allows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from camdigits.errors import DataError
from camdigits.training.strokes import Shape, parse_shape

DIGITS = tuple("0123456789")

# Letters teach "this is no digit". Those in the shape of a digit (O I l S Z B q g and kin) never
# do. Others are written like a digit by some hands (A Y y u h: an open 4, P R: a 9, a e d: a
# curled 0, r: a 5, n: a 1, t: a barred 7), so only a few of our hands write these.
CLEAR_LETTERS = frozenset("CEFHKMNTVWXfkmvwx")
DOUBTFUL_LETTERS = frozenset("APRYadehnrtuy")
_DOUBTFUL_SHARE = 0.25


def draw_letters(rng: np.random.Generator) -> frozenset[str]:
    """Return the letters that a new hand writes."""
    doubtful = rng.random() < _DOUBTFUL_SHARE
    return CLEAR_LETTERS | DOUBTFUL_LETTERS if doubtful else CLEAR_LETTERS


@dataclass(frozen=True)
class Form:
    """A family of shapes that blend into each other, and how often hands use it."""

    name: str
    weight: float
    shapes: tuple[Shape, ...]

    @cached_property
    def points(self) -> np.ndarray:
        """The control points of all shapes in shares of the digit height, (shapes, n, 2)."""
        return np.stack([shape.points for shape in self.shapes]) / 100


@cache
def all_forms() -> dict[str, tuple[Form, ...]]:
    """Return the forms of each label: "0" to "9", marks such as "minus", and letters."""
    forms: dict[str, tuple[Form, ...]] = {}
    for name in ("digit_forms.txt", "mark_forms.txt"):
        forms |= parse_forms(Path(__file__).with_name(name).read_text("utf-8").splitlines(), name)
    return forms


def parse_forms(lines: Iterable[str], source: str) -> dict[str, tuple[Form, ...]]:
    """Read forms from lines in the notation explained at the top of the two files.

    Raises DataError, with the place in ``source``, for a malformed line or shapes of one form that
    cannot be blended.
    """
    forms: dict[str, list[Form]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            if not line.startswith(" "):
                label, weight, name = line.split(maxsplit=2)
                forms.setdefault(label, []).append(Form(name, float(weight), ()))
                continue
            form, shape = forms[label][-1], parse_shape(line)
        except (ValueError, UnboundLocalError) as error:
            raise DataError(f"{source}, line {number}: {error}") from error
        if form.shapes and not shape.alike(form.shapes[0]):
            raise DataError(
                f"{source}, line {number}: shape of {len(shape.points)} points has other strokes "
                f"or corners than the first shape of form '{form.name}'"
            )
        forms[label][-1] = Form(form.name, form.weight, (*form.shapes, shape))
    return {label: tuple(variants) for label, variants in forms.items()}


def scribble(rng: np.random.Generator) -> Shape:
    """Return a random scribble, about as large as a digit: a zigzag, a walk or a knot."""
    count = int(rng.integers(4, 12))
    kind = int(rng.integers(3))
    if kind == 0:
        across = np.linspace(0, rng.uniform(40, 160), count)
        up_and_down = 40 * rng.uniform(0.2, 1) * (-1.0) ** np.arange(count)
        points = np.stack([across, up_and_down], axis=1) + rng.normal(0, 8, (count, 2))
    elif kind == 1:
        points = np.cumsum(rng.normal(0, 28, (count, 2)), axis=0)
    else:
        points = rng.uniform(0, 1, (count, 2)) * rng.uniform(30, 110, 2)
    corners = np.where(rng.random(count) < rng.choice((0.0, 0.5, 1.0)), 2, 0)
    return Shape(points - points.min(axis=0), np.arange(count) == 0, corners)
