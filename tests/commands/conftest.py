"""What the tests of the commands share."""

from __future__ import annotations

from pathlib import Path

import pytest
from pictures import draw_number, encode


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: p2.png says 714, p10.png says 123, blank.png nothing."""
    monkeypatch.chdir(tmp_path)
    for name, text in {"p2": "714", "p10": "123", "blank": ""}.items():
        (tmp_path / f"{name}.png").write_bytes(encode(draw_number(text), "PNG"))
    return tmp_path
