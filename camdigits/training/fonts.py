"""Printed digits, letters and marks, drawn from the fonts of matplotlib and of the system.

Fonts stand for print (meters, labels, forms), not for handwriting. A :class:`FontHand` is one font
at one weight, width and slant; a little jitter stands for how print is photographed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from camdigits.training.forms import DIGITS
from camdigits.training.treatment import GLYPH_HEIGHT, Treatment, crop_to_ink, stroke_width

_DRAWN_HEIGHT = 64.0  # digits are drawn this tall once, and resampled for every use

PRINTED = {
    **{digit: digit for digit in DIGITS},
    **{letter: letter for letter in "ACEFHJKLMNRTUVWXacdefhkmnrtuvwx"},
    **{
        "dot": ".", "comma": ",", "minus": "-", "plus": "+", "slash": "/", "times": "\u00d7",
        "equals": "=", "paren_left": "(", "paren_right": ")", "colon": ":", "hash": "#",
        "percent": "%", "euro": "\u20ac", "dollar": "$", "underscore": "_", "asterisk": "*",
        "ampersand": "&", "semicolon": ";", "exclamation": "!", "tilde": "~", "divide": "\u00f7",
        "quote": "'", "ditto": '"',
    },
}  # fmt: skip
"""The signs that print knows: label to character. Letters in the shape of a digit are missing."""


@cache
def usable_fonts() -> tuple[Path, ...]:
    """Return the font files that draw digits as digits, in a stable order.

    A symbol font keeps something else in their places; it is known by shapes that are nearer to
    other digits of a known font than to their own. Files that hold the same drawings (a copy on
    the system of what matplotlib ships) count once.
    """
    from matplotlib import font_manager, get_data_path  # noqa: PLC0415 - half a second to import

    shipped = Path(get_data_path(), "fonts", "ttf")
    found = {Path(path) for path in font_manager.findSystemFonts()}
    known = _digit_shapes(shipped / "DejaVuSans.ttf")
    fonts: dict[bytes, Path] = {}
    for path in [*sorted(shipped.glob("*.ttf")), *sorted(found)]:
        shapes = _digit_shapes(path)
        if shapes is not None and known is not None and _same_digits(shapes, known):
            fonts.setdefault(shapes.tobytes(), path)
    return tuple(fonts.values())


def _digit_shapes(path: Path) -> np.ndarray | None:
    """Return the ten digits as uint8 (10, 256) thumbnails, None if one is missing or no text."""
    try:
        font = ImageFont.truetype(str(path), 32)
        digits, point = [_draw(font, digit) for digit in DIGITS], _draw(font, ".")
    except (OSError, ValueError):
        return None
    drawn = [digit for digit in digits if digit is not None]
    if len(drawn) < len(DIGITS) or point is None or point.shape[0] > 0.4 * drawn[8].shape[0]:
        return None
    return np.stack(
        [cv2.resize(digit, (16, 16), interpolation=cv2.INTER_AREA).ravel() for digit in drawn]
    )


def _same_digits(shapes: np.ndarray, known: np.ndarray) -> bool:
    distance = np.abs(shapes[:, None].astype(int) - known[None]).mean(axis=2)
    return int((distance.argmin(axis=1) == np.arange(len(DIGITS))).sum()) >= 8


def _draw(font: ImageFont.FreeTypeFont, text: str) -> np.ndarray | None:
    left, top, right, bottom = (int(edge) for edge in font.getbbox(text))
    if right <= left or bottom <= top:
        return None
    canvas = Image.new("L", (right - left + 8, bottom - top + 8))
    ImageDraw.Draw(canvas).text((4 - left, 4 - top), text, fill=255, font=font)
    picture = np.asarray(canvas)
    return crop_to_ink(picture) if picture.max() > 127 else None


class Typeface:
    """One font file, its glyphs drawn when first asked for. Raises OSError for a broken file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        trial = _draw(ImageFont.truetype(str(path), 64), "8")
        if trial is None:
            raise OSError(f"{path} draws no 8")
        self._font = ImageFont.truetype(str(path), round(64 * _DRAWN_HEIGHT / trial.shape[0]))
        self._drawn: dict[str, np.ndarray | None] = {}
        missing = _draw(self._font, "\uffff")
        self._missing = b"" if missing is None else missing.tobytes()

    def glyph(self, label: str) -> np.ndarray | None:
        """Return uint8 ink, digits about 64 px tall; None where the font has no such sign."""
        if label not in self._drawn:
            sign = PRINTED.get(label)
            drawn = None if sign is None else _draw(self._font, sign)
            if drawn is not None and drawn.tobytes() == self._missing:
                drawn = None
            self._drawn[label] = drawn
        return self._drawn[label]


@cache
def typeface(path: Path) -> Typeface:
    """Return the typeface of a font file, loaded once."""
    return Typeface(path)


class FontHand:
    """Print in one font; ``fonts`` are the files to choose from, by default all usable ones."""

    def __init__(self, rng: np.random.Generator, fonts: Sequence[Path] | None = None) -> None:
        self.kind = "print"
        paths = usable_fonts() if fonts is None else fonts
        self.face = typeface(paths[int(rng.integers(len(paths)))])
        eight = self.face.glyph("8")
        stroke = 4.0 if eight is None else stroke_width(eight) * GLYPH_HEIGHT / _DRAWN_HEIGHT
        self.treatment = Treatment(
            slant=float(rng.normal(0, 0.08)),
            aspect=float(np.exp(rng.normal(0, 0.12))),
            size=float(np.exp(rng.normal(0, 0.04))),
            thickness=float(np.clip(rng.normal(0, 0.8), -0.35 * stroke, 1.5)),
            unrest=0.12,
            darkness=float(rng.uniform(0.7, 1.0)),
        )

    def write(self, label: str, rng: np.random.Generator) -> np.ndarray | None:
        """See :class:`camdigits.training.hands.Hand`."""
        glyph = self.face.glyph(label)
        if glyph is None:
            return None
        height = GLYPH_HEIGHT * glyph.shape[0] / _DRAWN_HEIGHT
        return self.treatment.apply(glyph, height, rng)
