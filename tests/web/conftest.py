"""A running site and a browser that looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright
from scenes import scene

from camdigits.commands.site_process import (
    Site,
    chromium_arguments,
    find_chromium,
    running_site,
    write_mjpeg,
)
from camdigits.video.simulated import SimulatedCamera

REPO = Path(__file__).resolve().parents[2]
FILM_FRAMES = 90  # three seconds as Chromium plays them

# A machine that does other work besides is no reason to fail.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a running site that the tests of this run share."""
    with running_site(REPO, tmp_path_factory.mktemp("site") / "log.txt") as running:
        yield running


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a running site that the tests of one module have for themselves."""
    with running_site(REPO, tmp_path_factory.mktemp("site") / "log.txt") as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the system's Chromium; skip where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine; install the package chromium")
    return path


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """Return a headless browser; open a new context of it for each person."""
    with playwright.chromium.launch(executable_path=chromium, args=chromium_arguments()) as running:
        yield running


@pytest.fixture(scope="session")
def filmed(playwright: Playwright, chromium: str, tmp_path_factory: pytest.TempPathFactory):
    """Return a function that launches a browser whose camera is a simulated one: it films a page
    with a number on it, again and again."""
    with ExitStack() as stack:

        @cache
        def launch(number: str) -> Browser:
            camera = SimulatedCamera(scene((number, 150, 180), height=70), 640, 480, seed=3)
            film = write_mjpeg(
                tmp_path_factory.mktemp("film") / "film.mjpeg",
                (camera.frame(k) for k in range(FILM_FRAMES)),
            )
            return stack.enter_context(
                playwright.chromium.launch(executable_path=chromium, args=chromium_arguments(film))
            )

        yield launch
