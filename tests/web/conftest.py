"""A running site and a browser that looks at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright
from scenes import scene

from camdigits.video.simulated import SimulatedCamera

REPO = Path(__file__).resolve().parents[2]
STARTING_SECONDS = 60
FILM_FRAMES = 90  # three seconds as Chromium plays them

# A machine that does other work besides is no reason to fail.
expect.set_options(timeout=30_000)


@dataclass(frozen=True)
class Site:
    """A server of the site: its address without a slash at the end, its log, its process."""

    address: str
    log: Path
    process: subprocess.Popen[bytes]

    def log_text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


def start_site(log: Path, *options: str) -> Site:
    """Start the site on a free port and return once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    command += ["--server.port", str(port), "--server.headless", "true", *options]
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=REPO, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    site = Site(f"http://127.0.0.1:{port}", log, process)
    _await_health(site)
    return site


def stop_site(site: Site) -> None:
    site.process.terminate()
    try:
        site.process.wait(20)
    except subprocess.TimeoutExpired:
        site.process.kill()
        site.process.wait()


def _await_health(site: Site) -> None:
    """Return when the server answers; fail with its log when it ends or takes too long."""
    request = f"{site.address}/_stcore/health"
    for _ in range(STARTING_SECONDS * 5):
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            try:
                site.process.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
            pytest.fail(f"the site ended:\n{site.log_text()}")
    stop_site(site)
    pytest.fail(f"the site does not answer:\n{site.log_text()}")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a running site that the tests of this run share."""
    running = start_site(tmp_path_factory.mktemp("site") / "log.txt")
    yield running
    stop_site(running)


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a running site that the tests of one module have for themselves."""
    running = start_site(tmp_path_factory.mktemp("site") / "log.txt")
    yield running
    stop_site(running)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the system's Chromium; skip where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    pytest.skip("no Chromium on this machine; install the package chromium")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """Return a headless browser; open a new context of it for each person."""
    with playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) as running:
        yield running


@pytest.fixture(scope="session")
def filmed(playwright: Playwright, chromium: str, tmp_path_factory: pytest.TempPathFactory):
    """Return a function that launches a browser whose camera is a simulated one: it films a page
    with a number on it, again and again."""
    with ExitStack() as stack:

        @cache
        def launch(number: str) -> Browser:
            film = tmp_path_factory.mktemp("film") / "film.mjpeg"
            camera = SimulatedCamera(scene((number, 150, 180), height=70), 640, 480, seed=3)
            frames = (cv2.imencode(".jpg", camera.frame(k))[1] for k in range(FILM_FRAMES))
            film.write_bytes(b"".join(frame.tobytes() for frame in frames))
            arguments = ["--no-sandbox", f"--use-file-for-fake-video-capture={film}"]
            arguments += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
            return stack.enter_context(
                playwright.chromium.launch(executable_path=chromium, args=arguments)
            )

        yield launch
