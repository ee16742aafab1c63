"""Writing stands on even ground: what is among things, as a wheel or a window is, hardly is any."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

import cv2
import numpy as np

from camdigits.reading import Box, DigitString
from camdigits.recognize.context import with_odds
from camdigits.recognize.outlines import seen_around
from camdigits.segment.components import Components

SHORT = 2  # digits of strings that things may look like; three in a row they hardly do
# Shares of a digit's height: how wide the rim of its ink is, and how far around it ground is seen.
RIM, AROUND = 1 / 12, 1 / 3
# Ground is uneven whose lighter and darker tenths differ by more than this share of the contrast
# of the ink, or if so much of the rim is nearer to the ink than to the ground. Of 1,467 digits and
# pairs read rightly on photos, spoiled ones and synthesized paper 1 in 100 stands on such, of 276
# that were read in scenes without any 7 in 10: their odds fall by the ratio, or less.
UNEVEN, INKED, UNLIKELIER = 0.7, 0.05, 20.0


def holds_writing(strings: Sequence[DigitString]) -> bool:
    """Say whether a longer string is sure: what else stands on its page is likely written, too."""
    return any(string.accepted and len(string.text) > SHORT for string in strings)


def doubt_on_uneven_ground(
    strings: Sequence[DigitString], gray: np.ndarray, components: Components, threshold: float
) -> list[DigitString]:
    """Return the strings, short ones on uneven ground less confident; see ``with_odds``.

    ``gray`` is the picture that they were read in, uint8 (h, w), dark ink on light, and
    ``components`` its ink.
    """
    return [
        with_odds(string, -math.log(UNLIKELIER), threshold)
        if len(string.text) <= SHORT and _on_uneven_ground(string, gray, components)
        else string
        for string in strings
    ]


def _on_uneven_ground(string: DigitString, gray: np.ndarray, components: Components) -> bool:
    around = [_ground(digit.box, gray, components) for digit in string.digits]
    uneven, inked = (median(values) for values in zip(*around, strict=True))
    return uneven > UNEVEN or inked > INKED


def _ground(box: Box, gray: np.ndarray, components: Components) -> tuple[float, float]:
    """Return by which share of the ink's contrast the ground around a digit varies, and which
    share of its rim is nearer to the ink."""
    place, own, light = seen_around(box, AROUND, gray, components)
    taken = (components.labels[place] > 0).astype(np.uint8)
    reach = 2 * max(2, round(RIM * box.height)) + 1
    wide = np.ones((reach, reach), np.uint8)
    ground, inside = light[cv2.dilate(taken, wide) == 0], light[own > 0]
    if not len(ground) or not len(inside):
        return 0.0, 0.0
    tenth = len(ground) // 10
    ends = np.partition(ground, (tenth, len(ground) // 2, -1 - tenth))
    dark, level, bright = ends[tenth], ends[len(ground) // 2], ends[-1 - tenth]
    contrast = float(level - np.median(inside))
    if contrast <= 0:  # more of the ground is in the shade than of the ink
        return 0.0, 0.0
    rim = (cv2.dilate(own, wide) > 0) & (cv2.dilate(taken, np.ones((3, 3), np.uint8)) == 0)
    nearer = np.count_nonzero(level - light[rim] > 0.5 * contrast)
    return float(bright - dark) / contrast, nearer / max(int(np.count_nonzero(rim)), 1)
