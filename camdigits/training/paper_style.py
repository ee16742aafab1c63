"""What varies from picture to picture: paper, pen and camera, drawn at random."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

KINDS = ("plain", "cheque", "ruled", "squared", "form", "chalk", "binary", "photo")
_WEIGHTS = (0.14, 0.30, 0.10, 0.09, 0.12, 0.05, 0.08, 0.12)

_LEAST_HEIGHT = 13.0  # pixels that are left of a digit at the lowest resolution


@dataclass(frozen=True)
class PaperStyle:
    """How the writing looks on its paper and in its picture.

    ``size`` is the digit height in pixels, to which all lengths below relate. ``tone`` is the
    paper's gray 0-255, ``pen`` the share of light that full ink takes away, 0-1; shares of light
    too are ``pattern``, ``rules``, ``words``, ``residue``, ``bleed``, ``grain``, ``gradient`` and
    ``shadow``. ``erased``: what is drawn was taken away again, in part, with strokes across it.
    ``blur`` and ``motion`` are in pixels, ``shrink`` is the factor of a loss of
    resolution (1 none), ``noise`` in gray levels, ``jpeg`` a quality (0 none).
    """

    kind: str = "plain"
    size: float = 40.0
    tone: float = 235.0
    pen: float = 0.7
    texture: float = 0.0
    pressure: float = 0.0
    dropout: float = 0.0
    grain: float = 0.0
    grain_scale: float = 1.0
    pattern: float = 0.0
    rules: float = 0.0
    squares: float = 0.0
    frame: float = 0.0
    cells: bool = False
    erased: bool = False
    margin: float = 0.0
    words: float = 0.0
    residue: float = 0.0
    bleed: float = 0.0
    gradient: float = 0.0
    shadow: float = 0.0
    edge: bool = False
    blur: float = 0.0
    motion: float = 0.0
    shrink: float = 1.0
    noise: float = 0.0
    jpeg: int = 0

    @classmethod
    def random(
        cls, rng: np.random.Generator, kind: str | None = None, size: float = 40.0
    ) -> PaperStyle:
        """Draw a style of the given kind, or of any; ``kind`` is one of KINDS (else ValueError)."""
        kind = kind or str(rng.choice(KINDS, p=_WEIGHTS))
        if kind not in KINDS:
            raise ValueError(f"No paper of kind {kind!r}; choose one of {', '.join(KINDS)}.")
        return _legible(_MAKERS[kind](replace(_anywhere(rng, size), kind=kind), rng))

    def readable(self) -> PaperStyle:
        """Return the style without what would make a known reading wrong: heads and feet of other
        rows, what shines through, and holes in strokes."""
        return replace(self, residue=0.0, dropout=0.0, bleed=0.0, erased=False)


def _maybe(rng: np.random.Generator, chance: float, low: float, high: float) -> float:
    """A uniform value with probability ``chance``, else 0."""
    return float(rng.uniform(low, high)) if rng.random() < chance else 0.0


def _legible(style: PaperStyle) -> PaperStyle:
    """Keep faults from adding up to what nobody could read: it would teach guessing."""
    contrast = style.pen * (255.0 if style.kind == "chalk" else style.tone)
    return replace(
        style,
        noise=min(style.noise, 0.14 * contrast),
        grain=min(style.grain, 0.15 * style.pen),
        shrink=max(1.0, min(style.shrink, style.size / _LEAST_HEIGHT)),
        blur=style.blur * (0.5 if style.shrink > 1.9 or style.motion else 1.0),
    )


def _anywhere(rng: np.random.Generator, size: float) -> PaperStyle:
    """What all kinds of paper share: pen, camera and file."""
    pen = float(rng.uniform(0.25, 0.5) if rng.random() < 0.3 else rng.uniform(0.45, 0.92))
    return PaperStyle(
        size=size,
        tone=float(rng.uniform(140, 250)),
        pen=pen,
        texture=float(rng.uniform(0.0, 0.35)),
        pressure=_maybe(rng, 0.6, 0.05, 0.35),
        dropout=_maybe(rng, 0.15, 0.1, 0.5),
        grain=float(rng.uniform(0.003, 0.04)),
        grain_scale=float(rng.uniform(1.0, 2.5)),
        rules=_maybe(rng, 0.06, 0.2, 0.8) * pen,
        margin=_maybe(rng, 0.04, 0.2, 0.9) * pen,
        words=_maybe(rng, 0.06, 0.4, 1.0) * pen,
        residue=_maybe(rng, 0.15, 0.6, 1.0) * pen,
        bleed=_maybe(rng, 0.06, 0.04, 0.18) * pen,
        gradient=_maybe(rng, 0.5, 0.05, 0.25),
        blur=float(rng.uniform(0.0, 1.2)) * size / 40.0,
        motion=_maybe(rng, 0.08, 2.0, 5.0) * size / 40.0,
        shrink=float(rng.uniform(1.0, 1.8) if rng.random() < 0.6 else rng.uniform(1.8, 3.0)),
        noise=_maybe(rng, 0.7, 0.5, 6.0),
        jpeg=int(rng.integers(35, 96)) if rng.random() < 0.5 else 0,
    )


def _plain(style: PaperStyle, rng: np.random.Generator) -> PaperStyle:
    """White paper, or a drawing on a screen that has no grain at all."""
    if rng.random() < 0.3:
        return replace(
            style,
            tone=255.0,
            pen=float(rng.uniform(0.7, 1.0)),
            texture=0.0,
            pressure=0.0,
            dropout=0.0,
            grain=0.0,
            gradient=0.0,
            bleed=0.0,
            motion=0.0,
            noise=0.0,
            blur=style.blur * 0.4,
        )
    return style


def _cheque(style: PaperStyle, rng: np.random.Generator) -> PaperStyle:
    """A fine printed background and ends of the form's rules, scanned sharp at low resolution."""
    pen = float(rng.uniform(0.5, 0.95))
    return replace(
        style,
        tone=float(rng.uniform(125, 235)),
        pen=pen,
        grain=float(rng.uniform(0.02, 0.09)),
        grain_scale=float(rng.uniform(1.0, 1.8)),
        pattern=float(rng.uniform(0.12, 0.45)) * pen,
        rules=_maybe(rng, 0.55, 0.2, 0.9) * pen,
        margin=_maybe(rng, 0.08, 0.4, 1.0) * pen,
        words=_maybe(rng, 0.06, 0.5, 1.0) * pen,
        blur=_maybe(rng, 0.6, 0.2, 0.9) * style.size / 40.0,
        shrink=float(rng.uniform(1.0, 2.0) if rng.random() < 0.4 else 1.0),
        noise=float(rng.uniform(1.0, 7.0)),
        motion=0.0,
    )


def _ruled(style: PaperStyle, rng: np.random.Generator) -> PaperStyle:
    """Lined paper."""
    return replace(
        style,
        rules=float(rng.uniform(0.15, 1.0)) * style.pen,
        margin=_maybe(rng, 0.2, 0.3, 1.0) * style.pen,
    )


def _squared(style: PaperStyle, rng: np.random.Generator) -> PaperStyle:
    """Squared paper."""
    return replace(
        style,
        squares=float(rng.uniform(0.1, 0.75)) * style.pen,
        frame=_maybe(rng, 0.15, 0.6, 1.0) * style.pen,
    )


def _form(style: PaperStyle, rng: np.random.Generator) -> PaperStyle:
    """The field of a form: a box or a row of cells, with printed words about."""
    return replace(
        style,
        frame=float(rng.uniform(0.3, 1.0)) * style.pen,
        cells=bool(rng.random() < 0.5),
        words=_maybe(rng, 0.35, 0.5, 1.0) * style.pen,
        pattern=_maybe(rng, 0.1, 0.1, 0.3) * style.pen,
    )


def _chalk(style: PaperStyle, rng: np.random.Generator) -> PaperStyle:
    """Chalk on a board: ``tone`` is the board, ``pen`` the share of white that chalk adds."""
    return replace(
        style,
        tone=float(rng.uniform(20, 95)),
        pen=float(rng.uniform(0.4, 0.95)),
        texture=float(rng.uniform(0.3, 0.9)),
        grain=float(rng.uniform(0.02, 0.12)),
        bleed=_maybe(rng, 0.5, 0.03, 0.2),
        words=0.0,
        rules=_maybe(rng, 0.08, 0.2, 0.7),
    )


def _binary(style: PaperStyle, rng: np.random.Generator) -> PaperStyle:
    """A scan thresholded to black and white, with broken strokes and remnants of its frame."""
    return replace(
        _form(style, rng),
        cells=bool(rng.random() < 0.4),
        frame=_maybe(rng, 0.5, 0.6, 1.0) * style.pen,
        rules=_maybe(rng, 0.25, 0.6, 1.0) * style.pen,
        residue=_maybe(rng, 0.35, 0.7, 1.0) * style.pen,
        erased=bool(rng.random() < 0.3),
        dropout=_maybe(rng, 0.5, 0.1, 0.45),
        texture=0.5 * style.texture,
        grain=float(rng.uniform(0.01, 0.08)),
        gradient=_maybe(rng, 0.3, 0.02, 0.12),
        motion=0.0,
    )


def _photo(style: PaperStyle, rng: np.random.Generator) -> PaperStyle:
    """A hand-held picture: shadows, blur, noise, at times the edge of the sheet."""
    dim = float(rng.uniform(0.6, 1.0))
    return replace(
        style,
        tone=max(170.0, style.tone) * dim,
        pen=style.pen * float(rng.uniform(0.75, 1.0)),
        gradient=float(rng.uniform(0.1, 0.5)),
        shadow=_maybe(rng, 0.65, 0.15, 0.6),
        edge=bool(rng.random() < 0.12),
        rules=_maybe(rng, 0.15, 0.2, 0.8) * style.pen,
        blur=float(rng.uniform(0.3, 2.2)) * style.size / 40.0,
        motion=_maybe(rng, 0.2, 2.0, 6.0) * style.size / 40.0,
        noise=float(rng.uniform(1.0, 10.0)),
        jpeg=int(rng.integers(30, 95)) if rng.random() < 0.7 else 0,
    )


_MAKERS = {
    "plain": _plain,
    "cheque": _cheque,
    "ruled": _ruled,
    "squared": _squared,
    "form": _form,
    "chalk": _chalk,
    "binary": _binary,
    "photo": _photo,
}
