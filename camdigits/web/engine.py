"""The readers that all sessions of the site share, one a model."""

from __future__ import annotations

import streamlit as st

from camdigits.reader import Reader


@st.cache_resource(show_spinner=False, max_entries=4)
def reader(model: str | None = None) -> Reader:
    """Return the reader with this model, a folder or a name in ``models/``; it holds nothing of
    a person's, and any thread may use it. Raises ModelError."""
    return Reader(model)
