"""Small parts that several pages share."""

from __future__ import annotations

import re

import cv2
import numpy as np
import streamlit as st

from camdigits.reading import Quad
from camdigits.records.kept import Kept
from camdigits.web.session import readings

# The most a kept crop measures, in pixels, and the share of its height left around the writing.
CROP_HEIGHT, CROP_WIDTH, CROP_MARGIN = 96, 480, 0.15
_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """Return ``text`` as markdown that shows it as it is: no link, picture, color or formula."""
    return _MARKDOWN.sub(r"\\\1", text)


def crop_png(picture: np.ndarray, quad: Quad) -> bytes:
    """Return the number in ``quad`` as a small upright picture, a PNG file.

    ``picture`` is uint8 BGR (h, w, 3) or gray (h, w); the quad's corners go clockwise from the
    top left of the writing, in its pixels.
    """
    corners = np.array(quad, np.float32)
    width = max(1.0, float(np.linalg.norm(corners[1] - corners[0])))
    height = max(1.0, float(np.linalg.norm(corners[3] - corners[0])))
    edge = CROP_MARGIN * height
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) + edge
    size = (round(width + 2 * edge), round(height + 2 * edge))
    turn = cv2.getPerspectiveTransform(corners, target)
    crop = cv2.warpPerspective(picture, turn, size, borderMode=cv2.BORDER_REPLICATE)
    crop = within(crop, CROP_WIDTH, CROP_HEIGHT)
    return to_png(crop)


def to_png(picture: np.ndarray) -> bytes:
    """Return a picture, uint8 gray (h, w), BGR (h, w, 3) or BGRA (h, w, 4), as a PNG file."""
    return cv2.imencode(".png", picture)[1].tobytes()


def within(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    """Return a picture shrunk, if need be, to fit into ``width`` x ``height`` pixels."""
    scale = min(width / picture.shape[1], height / picture.shape[0])
    if scale >= 1:
        return picture
    size = (max(1, round(scale * picture.shape[1])), max(1, round(scale * picture.shape[0])))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def offer_files(name: str, table: str, records: str) -> None:
    """Offer the same as two files of this name: ``table`` is CSV, ``records`` JSON."""
    for kind, data, mime in (("CSV", table, "text/csv"), ("JSON", records, "application/json")):
        st.download_button(
            kind,
            data,
            f"{name}.{kind.lower()}",
            mime,
            icon=":material/download:",
            on_click="ignore",
        )


def keep(*kept: Kept) -> None:
    """Keep readings in this session's history and say so."""
    for one in kept:
        readings().add(one)
    what = "1 number" if len(kept) == 1 else f"{len(kept)} numbers"
    st.toast(f"Kept {what}. See the page History.", icon=":material/bookmark_added:")
