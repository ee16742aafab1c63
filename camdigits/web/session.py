"""What belongs to one person's session. Nothing here is shared with another's."""

from __future__ import annotations

import streamlit as st

from camdigits.records.kept import Readings, ReadingsInMemory

_READINGS = "camdigits.readings"


def readings() -> Readings:
    """Return where this session keeps its readings; they are gone when it ends."""
    if _READINGS not in st.session_state:
        st.session_state[_READINGS] = ReadingsInMemory()
    kept: Readings = st.session_state[_READINGS]
    return kept
