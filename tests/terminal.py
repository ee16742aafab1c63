"""What commands print, as tests look at it."""

from __future__ import annotations

import pytest

Capture = pytest.CaptureFixture[str]


def plain(printed: str) -> list[str]:
    """Return the printed lines without the marks of doubt, which depend on the model."""
    return printed.replace(" ?", "").splitlines()


def complaint(capsys: Capture) -> str:
    """Return the one line of complaint; check that nothing else was printed."""
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("camdigits: ")
    assert printed.err.count("\n") == 1
    assert printed.err.endswith("\n")
    return printed.err
