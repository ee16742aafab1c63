"""The table of numbers that the pages Photos and History share: what was read, to be corrected."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import streamlit as st

from camdigits.web.parts import to_png

NUMBER = "Number"
_MAX_LENGTH = 60
_ROW_HEIGHT = 56
_PICTURE_WIDTH, _WIDEST = 150, 2.6  # pixels; width a height of a picture that its cell shows whole


@dataclass(frozen=True)
class Line:
    """A number in the table; ``sure`` is how sure its reading is, in words, ``crop`` a PNG."""

    id: str
    text: str
    sure: str
    crop: bytes


def number_table(
    name: str,
    lines: Sequence[Line],
    correct: Callable[[str, str], None],
    more: Mapping[str, tuple[Sequence[Any], Any]],
    required: bool = False,
) -> Mapping[str, Sequence[Any]]:
    """Show numbers for editing and return the table's columns as they stand.

    ``correct`` is called with a line's id and what a person made of its number before the page
    runs again. ``more`` names further columns, each with its values and its configuration.
    ``required`` forbids an empty number.
    """
    ids = tuple(line.id for line in lines)
    # Edits are kept by row: another set of rows is another table.
    key = f"{name}-{hash(ids)}"
    columns: dict[str, Sequence[Any]] = {
        "Picture": [png_url(_fitted(line.crop)) for line in lines],
        NUMBER: [line.text for line in lines],
        "Sure": [line.sure for line in lines],
    }
    configuration = {
        "Picture": st.column_config.ImageColumn("As written", width=_PICTURE_WIDTH),
        NUMBER: st.column_config.TextColumn(
            NUMBER, max_chars=_MAX_LENGTH, required=required, width="small"
        ),
        "Sure": st.column_config.TextColumn("How sure", width="small"),
    }
    shown: Mapping[str, Sequence[Any]] = st.data_editor(
        columns | {column: values for column, (values, _) in more.items()},
        key=key,
        hide_index=True,
        disabled=["Picture", "Sure"],
        column_config=configuration | {column: config for column, (_, config) in more.items()},
        row_height=_ROW_HEIGHT,
        on_change=_pass_on,
        args=(key, ids, correct),
    )
    return shown


def _fitted(png: bytes) -> bytes:
    """Return a PNG with room above and below it where it is so wide that its cell would cut it."""
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR) if png else None
    if picture is None:
        return png
    height, width = picture.shape[:2]
    room = round((width / _WIDEST - height) / 2)
    if room <= 0:
        return png
    clear = cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA)
    clear = cv2.copyMakeBorder(clear, room, room, 0, 0, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0))
    return to_png(clear)


def png_url(png: bytes) -> str | None:
    """Return a PNG file as an address that holds it; None for an empty one."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}" if png else None


def _pass_on(key: str, ids: tuple[str, ...], correct: Callable[[str, str], None]) -> None:
    for row, changes in st.session_state[key]["edited_rows"].items():
        if NUMBER in changes:
            text = " ".join(str(changes[NUMBER] or "").split())
            correct(ids[int(row)], text[:_MAX_LENGTH])
