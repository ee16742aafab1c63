"""The site as a process of its own, and a Chromium whose camera is a film."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from camdigits.errors import CamdigitsError

SCRIPT = "streamlit_app.py"
# Seconds until a starting server answers at the latest, and between two questions.
_STARTING, _PAUSE = 60.0, 0.1
_ENDING = 20.0


@dataclass(frozen=True)
class Site:
    """A server of the site: its ``address`` without a slash at the end, its ``log``, its
    ``process``."""

    address: str
    log: Path
    process: subprocess.Popen[bytes]

    def log_text(self) -> str:
        """Return what the server has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def troubles(self) -> list[str]:
        """Return the lines of the log that tell of an error or a warning."""
        words = ("error", "traceback", "exception", "warning")
        return [x for x in self.log_text().splitlines() if any(w in x.lower() for w in words)]

    def threads(self) -> int | None:
        """Return how many threads the server has; None on systems without /proc."""
        try:
            return len(os.listdir(f"/proc/{self.process.pid}/task"))
        except OSError:
            return None


@contextmanager
def running_site(folder: Path, log: Path, *options: str) -> Iterator[Site]:
    """Run the site of the checkout ``folder`` on a free port of this machine while the block lasts.

    ``log`` takes what the server prints, ``options`` are streamlit's. The site is up when the block
    begins. Raises CamdigitsError where there is no site or it does not come up.
    """
    if not (folder / SCRIPT).is_file():
        raise CamdigitsError(f"{folder / SCRIPT}: not there; run this in the project's folder")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", SCRIPT, "--server.port", str(port)]
    command += ["--server.headless", "true", *options]
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    site = Site(f"http://127.0.0.1:{port}", log, process)
    try:
        _await_health(site)
        yield site
    finally:
        process.terminate()
        try:
            process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_health(site: Site) -> None:
    request = f"{site.address}/_stcore/health"
    for _ in range(round(_STARTING / _PAUSE)):
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            try:
                site.process.wait(_PAUSE)
            except subprocess.TimeoutExpired:
                continue
            raise CamdigitsError(f"the site ended as it started: {site.log_text()}") from None
    raise CamdigitsError(f"the site does not answer within {_STARTING:.0f} s: {site.log_text()}")


def find_chromium() -> str | None:
    """Return the path of the system's Chromium, None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def chromium_arguments(film: Path | None = None) -> list[str]:
    """Return Chromium's arguments on this machine; its camera shows ``film`` (MJPEG) for ever."""
    # Chromium's sandbox refuses to work for root, as whom containers run.
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = ["--no-sandbox"] if root else []
    if film is not None:
        arguments += [
            f"--use-file-for-fake-video-capture={film}",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
        ]
    return arguments


def write_mjpeg(path: Path, frames: Iterable[np.ndarray]) -> Path:
    """Write frames, uint8 BGR (h, w, 3), as a film that Chromium takes for a camera."""
    with path.open("wb") as film:
        for frame in frames:
            film.write(cv2.imencode(".jpg", frame)[1].tobytes())
    return path
