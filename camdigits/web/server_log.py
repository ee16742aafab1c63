"""The server's log, without what is no error."""

from __future__ import annotations

import logging


def hush_closed_tabs() -> None:
    """Keep out of the log that a tab was closed while the server was sending to it.

    Streamlit 1.67 takes that for a text frame, tries to close what is closed, and the server logs
    the exception with its traceback. May be called again and again.
    """
    logging.getLogger("uvicorn.error").addFilter(_is_no_closed_tab)


def _is_no_closed_tab(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return type(error).__name__ != "WebSocketDisconnected"
