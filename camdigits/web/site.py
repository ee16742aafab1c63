"""The site's pages and how one gets from one to another."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import streamlit as st

# Each page's module, which is its path in the address, too, its name in the menu, its icon.
_PAGES = (
    ("live", "Live", ":material/videocam:"),
    ("photos", "Photos", ":material/photo_library:"),
    ("draw", "Draw", ":material/draw:"),
    ("training", "Training", ":material/school:"),
    ("history", "History", ":material/history:"),
)


def run() -> None:
    """Show the page that the address names; Live without one. Called once a script run."""
    st.set_page_config(page_title="camdigits", page_icon="🔢", layout="wide")
    pages = [
        st.Page(_show(module), url_path=module, title=title, icon=icon)
        for module, title, icon in _PAGES
    ]

    def start() -> None:
        st.switch_page(pages[0])

    # The default page has no path of its own: were it Live, /live would not be found.
    default = st.Page(start, title="camdigits", default=True, visibility="hidden")
    st.navigation([default, *pages], position="top").run()


def _show(module: str) -> Callable[[], None]:
    """Return what shows the page of this module; it is imported when it is first shown, so that
    nobody waits for the libraries of other pages."""

    def show() -> None:
        import_module(f"camdigits.web.{module}").show()

    return show
