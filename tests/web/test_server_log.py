"""The server's log: closed tabs are no errors, all else is told."""

from __future__ import annotations

import logging

import pytest
from starlette.websockets import WebSocketDisconnected

from camdigits.web.server_log import hush_closed_tabs


@pytest.mark.parametrize(
    ("error", "told"), [(WebSocketDisconnected("closed"), 0), (RuntimeError("broken"), 1)]
)
def test_only_closed_tabs_are_hushed(
    error: Exception, told: int, caplog: pytest.LogCaptureFixture
) -> None:
    logger = logging.getLogger("uvicorn.error")
    before = list(logger.filters)
    hush_closed_tabs()
    hush_closed_tabs()
    try:
        assert len(logger.filters) == len(before) + 1
        logger.error("Exception in ASGI application", exc_info=error)
        logger.error("without an exception")
        assert len(caplog.records) == told + 1
    finally:
        logger.filters = before
