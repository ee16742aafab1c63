"""The site's pages and how one gets from one to another."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from importlib import import_module

import streamlit as st

from camdigits.web.server_log import hush_closed_tabs

# Each page's module, which is its path in the address, too, its name in the menu, its icon.
_PAGES = (
    ("live", "Live", ":material/videocam:"),
    ("photos", "Photos", ":material/photo_library:"),
    ("draw", "Draw", ":material/draw:"),
    ("training", "Training", ":material/school:"),
    ("history", "History", ":material/history:"),
)
# Seconds in which the server sends a page's title: while libraries are imported, which takes some
# for the first visitor, it hardly gets a turn.
_A_MOMENT = 0.05


def run() -> None:
    """Show the page that the address names; Live without one. Called once a script run."""
    hush_closed_tabs()
    st.set_page_config(page_title="camdigits", page_icon="🔢", layout="wide")
    pages = [
        st.Page(_show(module, title), url_path=module, title=title, icon=icon)
        for module, title, icon in _PAGES
    ]

    def start() -> None:
        st.switch_page(pages[0])

    # The default page has no path of its own: were it Live, /live would not be found.
    default = st.Page(start, title="camdigits", default=True, visibility="hidden")
    st.navigation([default, *pages], position="top").run()


def _show(module: str, title: str) -> Callable[[], None]:
    """Return what shows a page: its title at once, then what its module shows, which is imported
    when it is first shown, so that nobody waits for the libraries of other pages."""

    def show() -> None:
        st.title(title)
        name = f"camdigits.web.{module}"
        if name not in sys.modules:
            time.sleep(_A_MOMENT)
        import_module(name).show()

    return show
