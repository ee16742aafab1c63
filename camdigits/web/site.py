"""The site's pages and how one gets from one to another."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from camdigits.web import draw, history, live, photos, training

# Page, its path in the address, its name in the menu, its icon.
_PAGES: tuple[tuple[Callable[[], None], str, str, str], ...] = (
    (live.show, "live", "Live", ":material/videocam:"),
    (photos.show, "photos", "Photos", ":material/photo_library:"),
    (draw.show, "draw", "Draw", ":material/draw:"),
    (training.show, "training", "Training", ":material/school:"),
    (history.show, "history", "History", ":material/history:"),
)


def run() -> None:
    """Show the page that the address names; Live without one. Called once a script run."""
    st.set_page_config(page_title="camdigits", page_icon="🔢", layout="wide")
    pages = [
        st.Page(show, url_path=path, title=title, icon=icon) for show, path, title, icon in _PAGES
    ]

    def start() -> None:
        st.switch_page(pages[0])

    # The default page has no path of its own: were it Live, /live would not be found.
    default = st.Page(start, title="camdigits", default=True, visibility="hidden")
    st.navigation([default, *pages], position="top").run()
