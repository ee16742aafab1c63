"""What the tests of the commands share."""

from __future__ import annotations

from pathlib import Path

import pytest
from pictures import draw_number, encode
from scenes import grainy, scene, write_film


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: p2.png says 714, p10.png says 123, blank.png nothing."""
    monkeypatch.chdir(tmp_path)
    for name, text in {"p2": "714", "p10": "123", "blank": ""}.items():
        (tmp_path / f"{name}.png").write_bytes(encode(draw_number(text), "PNG"))
    return tmp_path


@pytest.fixture
def film_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: film.avi shows 2247 for a second, then nothing; number.png says 7142."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    shown, gone = scene(("2247", 80, 120)), scene()
    frames = [grainy(shown if k < 15 else gone, k) for k in range(30)]
    write_film(tmp_path / "film.avi", frames)
    (tmp_path / "number.png").write_bytes(encode(draw_number("7142"), "PNG"))
    return tmp_path
