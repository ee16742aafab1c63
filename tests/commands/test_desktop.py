"""The desktop: whether a window can be shown, asked before one is opened."""

from __future__ import annotations

import pytest

from camdigits.commands import desktop


@pytest.mark.parametrize(
    ("display", "wayland", "says"),
    [
        (None, None, "there is no display"),
        (None, "wayland-0", "need X"),
        (":987", None, "the display :987 does not answer"),
        ("127.0.0.1:987", None, "does not answer"),
        ("nonsense", None, "does not answer"),
    ],
)
def test_displays_are_tried_first(
    display: str | None, wayland: str | None, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop.sys, "platform", "linux")
    for name, value in (("DISPLAY", display), ("WAYLAND_DISPLAY", wayland)):
        monkeypatch.delenv(name, raising=False)
        if value:
            monkeypatch.setenv(name, value)
    assert says in desktop.why_no_window()
