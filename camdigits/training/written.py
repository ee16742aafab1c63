"""One synthetic picture to learn from: a string by one hand, photographed on some paper."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from camdigits.errors import DataError
from camdigits.training.hands import HandMix
from camdigits.training.paper import photograph
from camdigits.training.paper_style import PaperStyle
from camdigits.training.strings import Composition, StringStyle, compose
from camdigits.training.texts import random_labels

HEIGHTS = (20.0, 64.0)


@dataclass(frozen=True)
class Written:
    """``picture`` uint8 gray (h, w), dark on light; ``owner`` int16 (h, w): which glyph of
    ``string`` each pixel's ink belongs to, -1 where nobody's."""

    picture: np.ndarray
    owner: np.ndarray
    string: Composition


def write(mix: HandMix, rng: np.random.Generator) -> Written | None:
    """Return what one of the hands writes; None where it lacks all of the glyphs drawn for it."""
    height = float(np.exp(rng.uniform(*np.log(HEIGHTS))))
    hand = mix.pick(rng)
    style = replace(StringStyle.random(rng, kind=hand.kind), height=height)
    try:
        string = compose(rng, hand, random_labels(rng), style)
    except DataError:
        return None
    top, bottom, left, right = (round(height * m) for m in rng.uniform(0.1, 1.2, 4))
    border = (top, bottom, left, right, cv2.BORDER_CONSTANT)
    sheet = cv2.copyMakeBorder(string.ink, *border, value=0)
    owner = cv2.copyMakeBorder(string.owner, *border, value=-1)
    paper = PaperStyle.random(rng, size=height)
    picture = photograph(sheet, rng, paper)
    if paper.kind == "chalk":
        picture = 255 - picture
    return Written(picture, owner, string)


def owners_in(owner: np.ndarray, to_source: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return the owners, int16 (h, w), 0 nobody and k + 1 glyph k, in a straightened line of
    ``size`` (width, height) whose ``to_source`` (2, 3) leads to the picture."""
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(owner.astype(np.int16) + 1, to_source, size, flags=flags)
