"""The desktop that a command may run on: whether windows can be shown, and its clipboard."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys

# Seconds: an X server answers at once or is not there.
_PATIENCE = 2.0
_X_PORT = 6000
_CLIPBOARDS = (
    ("pbcopy",),
    ("clip",),
    ("wl-copy",),
    ("xclip", "-selection", "clipboard"),
    ("xsel", "--clipboard", "--input"),
)


def why_no_window() -> str:
    """Return why no window can be shown here, in a few words; empty where one can.

    To be asked before OpenCV is: on Linux its windows end the process where no X server answers.
    """
    if sys.platform in ("win32", "darwin"):
        return ""
    display = os.environ.get("DISPLAY", "")
    if not display:
        if os.environ.get("WAYLAND_DISPLAY"):
            return "OpenCV's windows need X, and XWayland is not running (DISPLAY is not set)"
        return "there is no display (DISPLAY is not set)"
    if not _answers(display):
        return f"the display {display} does not answer"
    return ""


def copy_to_clipboard(text: str) -> bool:
    """Put ``text`` on the clipboard by the desktop's own program; False where there is none."""
    for program, *options in _CLIPBOARDS:
        path = shutil.which(program)
        if path is None:
            continue
        try:
            subprocess.run(
                [path, *options],
                input=text.encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_PATIENCE,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            continue
        return True
    return False


def _answers(display: str) -> bool:
    """Say whether an X server listens at ``display``, such as ``:0`` or ``localhost:10.0``."""
    parts = re.fullmatch(r"(?:unix/)?(.*):([0-9]{1,4})(?:\.[0-9]+)?", display)
    if not parts:
        return False
    host, number = parts[1], int(parts[2])
    try:
        if host and host != "unix":
            socket.create_connection((host, _X_PORT + number), _PATIENCE).close()
            return True
    except OSError:
        return False
    # Linux servers listen at a file and at a name without one; either may be missing.
    path = f"/tmp/.X11-unix/X{number}"
    return any(_listens(address) for address in (path, f"\0{path}"))


def _listens(address: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(_PATIENCE)
        try:
            probe.connect(address)
        except OSError:
            return False
    return True
