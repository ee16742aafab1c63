"""A single picture from the camera, read on the page Live where no video comes through."""

from __future__ import annotations

import streamlit as st

from camdigits.errors import PictureError
from camdigits.overlay import draw_page
from camdigits.preprocess.files import open_image
from camdigits.reader import Reader
from camdigits.recognize.formats import Format
from camdigits.web.numbers import number, number_list


def show_still(reader: Reader, expected: Format) -> None:
    """Take a picture, show it with its reading, and its numbers that fit ``expected``."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        shot = st.camera_input("Take a picture of the numbers")
    if shot is None:
        right.caption("The numbers of the picture appear here, to copy and to keep.")
        return
    try:
        picture = open_image(shot.getvalue(), "the picture")
    except PictureError as error:
        right.error(str(error))
        return
    page = reader.read(picture, expected=expected)
    left.image(draw_page(picture, page), channels="BGR", width="stretch")
    found = [string for string in page.strings if expected.fits(string.text)]
    with right:
        if not found:
            st.caption("No number was found. More light helps, and coming closer.")
            return
        with number_list():
            for index, string in enumerate(found):
                note = "" if string.accepted else "please check"
                ident = f"{shot.file_id}-{index}"
                number(ident, string.text, string.confidence, note, picture, string.quad)
