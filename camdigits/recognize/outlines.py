"""Outlines of things look like strokes where a dark one meets a light one: edges of a sheet on a
desk, of a card, of a shadow. But a stroke has paper on both sides, an outline only on one."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import cv2
import numpy as np

from camdigits.reading import Box, DigitString
from camdigits.segment.components import Components

SHORT = 3  # digits of strings that may be outlines; more of them in a row hardly are
# Shares of a digit's height: how far around it paper is looked for, how wide beside its ink, and
# how far away the other side of an outline is.
AROUND, BESIDE, ACROSS = 1 / 6, 1 / 12, 1 / 4
# Dark is what differs from the ink by less than this share of the contrast, as factors of light:
# shadows take the same factor of ink and of paper. Strings are outlines whose digits (their median)
# have more than so much of it beside them. On 557 strings read rightly on photos, shaded and askew
# too, it was at most 0.04, of digits across the edges of deep shadows up to 0.14; of 352 wrong
# strings 19 had more, half of these above 0.4.
DARK, MUCH = 0.25, 0.16
FAINT = 8.0  # gray levels added to all light, for the logarithm of what is nearly black is noise


def without_outlines(
    strings: Sequence[DigitString], gray: np.ndarray, components: Components
) -> list[DigitString]:
    """Return the strings that are written, not outlines of things.

    ``gray`` is the picture that they were read in, uint8 (h, w), dark ink on light, and
    ``components`` its ink.
    """
    return [
        string
        for string in strings
        if len(string.text) > SHORT
        or median(_dark_beside(d.box, gray, components) for d in string.digits) <= MUCH
    ]


def seen_around(
    box: Box, share: float, gray: np.ndarray, components: Components
) -> tuple[tuple[slice, slice], np.ndarray, np.ndarray]:
    """Return what is up to a ``share`` of a digit's height around its ``box``: the rows and columns
    of ``gray``, uint8 (h, w); the ink of ``components`` there, uint8 of 0 and 1; and the logarithm
    of the light there, float32."""
    margin = max(3, round(share * box.height))
    place = np.s_[
        max(0, box.y - margin) : box.y + box.height + margin,
        max(0, box.x - margin) : box.x + box.width + margin,
    ]
    ink = np.minimum(components.color(components.ids, place), np.uint8(1))
    return place, ink, np.log(gray[place] + np.float32(FAINT))


def _dark_beside(box: Box, gray: np.ndarray, components: Components) -> float:
    """Return the share (0-1) of what is beside a digit's ink that is as dark as that."""
    _, own, around = seen_around(box, AROUND, gray, components)
    reach = 2 * max(2, round(BESIDE * box.height)) + 1
    ring = cv2.dilate(own, np.ones((reach, reach), np.uint8)) > cv2.dilate(own, np.ones((3, 3)))
    beside = around[ring]
    if not len(beside):
        return 0.0
    # Of the ink the nearest counts: where the edge of a shadow crosses a digit, it is darker too.
    near = (2 * reach + 1, 2 * reach + 1)
    inked = own.astype(np.float32)
    dark = cv2.boxFilter(around * inked, -1, near)[ring] / cv2.boxFilter(inked, -1, near)[ring]
    # Of the paper the brightest does, but for glare and specks, and unless it is farther away than
    # an outline's other side.
    across = np.ones((2 * round(ACROSS * box.height) + 1,) * 2, np.uint8)
    bright = cv2.dilate(cv2.blur(around, (3, 3)), across)[ring]
    light = np.minimum(bright, _share_below(beside, 0.9))
    return np.count_nonzero(beside <= dark + DARK * (light - dark)) / len(beside)


def _share_below(values: np.ndarray, share: float) -> float:
    """Return the value (of one of ``values``) below which such a share (0-1) of them lies; numpy's
    own takes ten times as long for so few."""
    place = int(share * (len(values) - 1))
    return float(np.partition(values, place)[place])
