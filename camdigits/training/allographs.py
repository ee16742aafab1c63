"""Invented hands: digits, marks and letters written as strokes, in the forms of the whole world.

An invented hand settles on one form for each label (now and then on two), on its own blend of the
form's shapes, and on slant, proportion, curvature, roundness and pen. Every glyph it then writes
differs a little again. Nothing here is taken from pictures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from camdigits.training.forms import Form, all_forms, draw_letters, scribble
from camdigits.training.pens import Pen
from camdigits.training.strokes import SOFT, Smoother, smoother_of
from camdigits.training.treatment import GLYPH_HEIGHT, crop_to_ink

# Cosine modes by which planes of writing bend: counts of half waves across and down.
_MODES = np.array([(1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (2, 1), (1, 2)], float)
_STRENGTH = 1 / _MODES.sum(axis=1)
_PURITY = 0.5  # small: hands keep near one of a form's shapes; large: all write their mean
_WIDEST = 0.7  # x at which a mode across has made its half wave, in shares of the height


@dataclass(frozen=True)
class Habits:
    """What an invented hand keeps from glyph to glyph; lengths in shares of the digit height.

    ``slant`` dx per height (positive leans right), ``aspect`` stretch of the width, ``warp`` and
    ``wobble`` the smooth and the pointwise deviation of its shapes from the model, ``unrest`` how
    much of that changes again from glyph to glyph, ``overshoot`` what strokes run beyond their
    ends, ``roundness`` 0..1 the share of corners it rounds.
    """

    pen: Pen
    slant: float = 0.0
    aspect: float = 1.0
    size: float = 1.0
    warp: float = 0.05
    wobble: float = 0.02
    unrest: float = 0.5
    overshoot: float = 0.0
    roundness: float = 0.2
    variety: float = 0.15

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Habits:
        """Draw the habits of a hand."""
        return cls(
            pen=Pen.draw(rng),
            slant=float(np.clip(rng.normal(0.1, 0.22), -0.45, 0.7)),
            aspect=float(np.exp(np.clip(rng.normal(0, 0.2), -0.35, 0.5))),
            size=float(np.exp(rng.normal(0, 0.05))),
            warp=float(min(rng.gamma(4.0, 0.0095), 0.065)),
            wobble=float(min(rng.gamma(3.0, 0.004), 0.03)),
            unrest=float(rng.uniform(0.25, 0.9)),
            overshoot=float(rng.gamma(1.5, 0.012)),
            roundness=float(rng.beta(0.6, 1.2)),
            variety=float(rng.choice((0.0, 0.1, 0.35))),
        )


@dataclass(frozen=True)
class Model:
    """A shape as one hand has settled on it: control points in shares of the digit height.

    ``modes`` holds the bending modes' values at the points, see :func:`modes_at`.
    """

    points: np.ndarray
    strokes: Smoother
    modes: np.ndarray
    size: float


class AllographHand:
    """An invented hand; see the module. All that it writes follows from the two ``rng``."""

    def __init__(self, rng: np.random.Generator, habits: Habits | None = None) -> None:
        self.kind = "handwriting"
        self.habits = habits or Habits.draw(rng)
        self.letters = draw_letters(rng)
        self._rng = np.random.default_rng(int(rng.integers(1 << 62)))
        self._models: dict[tuple[str, bool], Model] = {}

    def write(self, label: str, rng: np.random.Generator) -> np.ndarray | None:
        """See :class:`camdigits.training.hands.Hand`. Costs about 0.2 ms."""
        if label == "scribble":
            return self.draw(self._settle(Form(label, 1.0, (scribble(rng),))), rng)
        forms = all_forms().get(label)
        if forms is None or (label.isalpha() and len(label) == 1 and label not in self.letters):
            return None
        second = bool(self.habits.variety) and rng.random() < self.habits.variety
        model = self._models.get((label, second))
        if model is None:
            model = self._settle(_pick(forms, self._rng))
            self._models[label, second] = model
        return self.draw(model, rng)

    def _settle(self, form: Form) -> Model:
        """Return this hand's own version of a form."""
        habits, rng, shape = self.habits, self._rng, form.shapes[0]
        blend = rng.dirichlet(np.full(len(form.shapes), _PURITY))
        points = (blend @ form.points.reshape(len(blend), -1)).reshape(-1, 2)
        corners = shape.corners
        if habits.roundness:
            rounded = (corners == SOFT) & (rng.random(len(points)) < habits.roundness)
            corners = np.where(rounded, 0, corners)
        strokes = smoother_of(shape.starts, corners)
        modes = modes_at(points)
        points += _deviation(rng, modes, habits.warp, habits.wobble)
        beyond = rng.normal(0.5, 1, 2) * habits.overshoot
        _run_over(points, strokes.begins, strokes.begins + 1, beyond[0])
        _run_over(points, strokes.ends, strokes.ends - 1, beyond[1])
        points[:, 0] *= math.exp(min(max(rng.normal(0, 0.1), -0.15), 0.25))
        return Model(points, strokes, modes, math.exp(rng.normal(0, 0.05)))

    def draw(self, model: Model, rng: np.random.Generator) -> np.ndarray:
        """Write the model once, a little differently each time: uint8 (h, w) ink, tight."""
        habits = self.habits
        turns = (rng.standard_normal(4) * habits.unrest).tolist()
        points = model.points + _deviation(
            rng, model.modes, habits.warp * habits.unrest, habits.wobble * habits.unrest
        )
        height = habits.size * model.size * (1 + 0.04 * turns[0])
        width = height * habits.aspect * (1 + 0.06 * turns[1])
        shear = height * (habits.slant + 0.05 * turns[2])
        turn = 0.03 * turns[3]
        points = points @ np.array([[width, turn * width], [-shear, height]])
        path = model.strokes.path(points)
        return crop_to_ink(habits.pen.ink(path, model.strokes, GLYPH_HEIGHT, rng))


def modes_at(points: np.ndarray) -> np.ndarray:
    """Return float64 (n, modes): each bending mode at points (n, 2) in shares of the height."""
    places = np.pi * points * (1 / _WIDEST, 1)
    return np.cos(places[:, :1] * _MODES[:, 0]) * np.cos(places[:, 1:] * _MODES[:, 1]) * _STRENGTH


def _deviation(
    rng: np.random.Generator, modes: np.ndarray, warp: float, wobble: float
) -> np.ndarray:
    count = modes.shape[1]
    noise = rng.standard_normal((count + len(modes), 2))
    deviation: np.ndarray = modes @ (noise[:count] * warp) + noise[count:] * wobble
    return deviation


def _run_over(points: np.ndarray, edges: np.ndarray, inner: np.ndarray, length: float) -> None:
    """Move the points at the edges of strokes on by a length, away from their inner neighbors."""
    ahead = points[edges] - points[inner]
    ahead *= length / (np.hypot(ahead[:, :1], ahead[:, 1:]) + 1e-6)
    points[edges] += ahead


def _pick(forms: Sequence[Form], rng: np.random.Generator) -> Form:
    left = rng.random() * sum(form.weight for form in forms)
    for form in forms:
        left -= form.weight
        if left < 0:
            return form
    return forms[-1]
