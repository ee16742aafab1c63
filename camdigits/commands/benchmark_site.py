"""``benchmark site``: the site in a real browser, from the first page to a closed tab."""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from camdigits.commands.arguments import count, machine, new_file, seconds, seed, write_report
from camdigits.commands.benchmark import InventedHands
from camdigits.commands.benchmark_load import resident_mb
from camdigits.commands.console import Parser, say
from camdigits.commands.figures_table import columns
from camdigits.commands.site_process import (
    Site,
    chromium_arguments,
    find_chromium,
    running_site,
    write_mjpeg,
)
from camdigits.errors import CamdigitsError
from camdigits.reader import Reader
from camdigits.training.pages import compose_page
from camdigits.training.texts import random_digits
from camdigits.video.simulated import SimulatedCamera

if TYPE_CHECKING:
    from playwright.sync_api import BrowserType

Report = dict[str, Any]

_SIZE, _FILM_FRAMES = (640, 480), 90
_DIGITS, _GLYPH_HEIGHT = 4, 70
_PATIENCE = 60_000  # milliseconds after which a visit has failed
_CLOSING = 15.0  # seconds in which the threads of a closed tab are looked for
_FRAMES_SHOWN = "() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames"
_FIRST_FRAME = (
    "() => document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames > 0"
)


def run(argv: list[str]) -> int:
    """Run the command. Returns 0; raises CamdigitsError for bad input or a visit that fails."""
    args = _parser().parse_args(argv)
    report = _measure(args)
    write_report(args.json, report)
    say(_table(report))
    return 0


def _measure(args: argparse.Namespace) -> Report:
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - of [test] alone
    except ImportError:
        raise CamdigitsError(
            "the site's benchmark drives a browser with playwright, which is not installed; "
            "run: pip install -e '.[test]'"
        ) from None
    program = find_chromium()
    if program is None:
        raise CamdigitsError(
            "no Chromium on the PATH; install it: apt-get install chromium (or Google Chrome)"
        )
    reader = Reader()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = time.perf_counter()
        with running_site(Path.cwd(), folder / "log.txt") as site:
            up = time.perf_counter() - before
            visits = []
            try:
                with sync_playwright() as playwright:
                    for visit in tqdm(range(args.visits), desc="visits", leave=False, disable=None):
                        film, number = _film(reader, folder, args.seed + visit)
                        visits.append(
                            _visit(playwright.chromium, program, site, film, number, args.seconds)
                        )
            except Error as error:
                raise CamdigitsError(f"a visit to the site failed: {error.message}") from error
            return {
                "machine": machine(),
                "video": {"size": list(_SIZE), "seconds": args.seconds},
                "up_s": up,
                "visits": visits,
                "log_troubles": site.troubles(),
            }


def _film(reader: Reader, folder: Path, seed: int) -> tuple[Path, str]:
    """Write a film of a page with one number on it in an invented hand; return both.

    The hand is one that is read for sure: this is about the site, not about the reading.
    """
    rng = np.random.default_rng(seed)
    read: list[str] = []
    number = ""
    while read != [number]:
        number = random_digits(rng, _DIGITS)
        page, _ = compose_page(
            rng, InventedHands(), *_SIZE, rows=[[number]], glyph_height=_GLYPH_HEIGHT, kind="plain"
        )
        read = [string.text for string in reader.read(page).strings if string.accepted]
    camera = SimulatedCamera(page, *_SIZE, seed=seed)
    frames = (camera.frame(index) for index in range(_FILM_FRAMES))
    return write_mjpeg(folder / f"{seed}.mjpeg", frames), number


def _visit(
    browsers: BrowserType, program: str, site: Site, film: Path, number: str, seconds: float
) -> Report:
    """Return what one visitor sees of the page Live, in seconds from one step to the next."""
    arguments = chromium_arguments(film)
    with browsers.launch(executable_path=program, args=arguments) as browser:
        page = browser.new_page()
        page.set_default_timeout(_PATIENCE)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        lap = _laps()
        page.goto(site.address)
        page.get_by_role("heading", level=1).wait_for()
        title = lap()
        component = page.frame_locator('iframe[title*="webrtc"]')
        button = component.get_by_role("button", name="Start the camera")
        button.wait_for()
        usable = title + lap()
        button.click()
        video = next(frame for frame in page.frames if "webrtc" in frame.url)
        video.wait_for_function(_FIRST_FRAME)
        first = lap()
        page.get_by_test_id("stCode").first.wait_for()
        locked = lap()
        read = page.get_by_test_id("stCode").first.inner_text().strip()
        shown, begin = video.evaluate(_FRAMES_SHOWN), time.perf_counter()
        page.wait_for_timeout(1000 * seconds)
        rate = (video.evaluate(_FRAMES_SHOWN) - shown) / (time.perf_counter() - begin)
        told = page.get_by_text("frames a second").inner_text()
    return {
        "title_s": title,
        "usable_s": usable,
        "first_frame_s": first,
        "number_s": locked,
        "written": number,
        "read": read,
        "frames_per_second": rate,
        **_told(told),
        "closed_s": _until_closed(site),
        "memory_mb": resident_mb(site.process.pid),
        "complaints": complaints,
    }


def _laps() -> Callable[[], float]:
    """Return a function that tells the seconds since it was last called."""
    last = time.perf_counter()

    def lap() -> float:
        nonlocal last
        spent, last = time.perf_counter() - last, time.perf_counter()
        return spent

    return lap


def _told(caption: str) -> Report:
    """Return the server's own count, from the page's "24 frames a second · read within 90 ms"."""
    rate, late = re.findall(r"\d+", caption)
    return {"server_frames_per_second": float(rate), "read_within_ms": float(late)}


def _until_closed(site: Site) -> float | None:
    """Return the seconds until a closed tab's last thread is gone; None where that can't be seen.

    The first visit leaves threads that serve all later ones, so that is till their number falls
    no further.
    """
    begin = time.perf_counter()
    fell, least = 0.0, site.threads()
    if least is None:
        return None
    while time.perf_counter() - begin < _CLOSING:
        now = site.threads()
        if now is not None and now < least:
            least, fell = now, time.perf_counter() - begin
        time.sleep(0.05)
    return fell


def _table(report: Report) -> str:
    width, height = report["video"]["size"]
    visits = report["visits"]
    rows = [["seconds", "first visitor", "later, median", "worst"]]
    for key, words in (
        ("title_s", "page asked for to its title"),
        ("usable_s", "page asked for to its Start button"),
        ("first_frame_s", "click to the first frame"),
        ("number_s", "first frame to a locked number"),
        ("closed_s", "tab closed to its last thread gone"),
    ):
        rows.append([words, *_three([visit[key] for visit in visits], 2)])
    rows.append(["", "", "", ""])
    rows.append([f"at {width}x{height}", "first visitor", "later, median", "worst"])
    for key, words in (
        ("frames_per_second", "frames shown a second"),
        ("server_frames_per_second", "frames a second, as the page tells"),
        ("read_within_ms", "ms from a frame to its reading"),
    ):
        least = key != "read_within_ms"
        rows.append([words, *_three([visit[key] for visit in visits], 1, least)])
    right = sum(visit["read"] == visit["written"] for visit in visits)
    complaints = [line for visit in visits for line in visit["complaints"]]
    memory = [visit["memory_mb"] for visit in visits]
    lines = [
        f"The site on {report['machine']}, its visitors' Chromium beside it",
        "",
        columns(rows),
        "",
        f"numbers read rightly: {right} of {len(visits)}",
        f"server up in {report['up_s']:.1f} s; memory "
        + (
            f"after the first visit {memory[0]:.0f} MB, after the last {memory[-1]:.0f} MB"
            if all(memory)
            else "unknown on this system"
        ),
        f"errors in the server's log: {len(report['log_troubles'])}, "
        f"in the browsers' consoles: {len(complaints)}",
        *(f"  {line}" for line in (*report["log_troubles"], *complaints)),
    ]
    return "\n".join(lines)


def _three(values: list[float | None], digits: int, least: bool = False) -> list[str]:
    """Return the first value, the median of the others, and the worst: the largest, or least."""
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return ["-", "-", "-"]
    later = known[1:]
    worst = min(known) if least else max(known)
    median = f"{float(np.median(later)):.{digits}f}" if later else "-"
    return [f"{known[0]:.{digits}f}", median, f"{worst:.{digits}f}"]


def _parser() -> Parser:
    parser = Parser(
        prog="camdigits benchmark site",
        description="Start the site and visit its page Live with Chromium, whose camera is a film "
        "of a page with a number in an invented hand: how soon the page, the video and the number "
        "are there, how many frames a second come back, what it leaves behind. Run it in the "
        "project's folder.",
    )
    parser.add_argument(
        "--visits", type=count, default=4, metavar="N", help="one after the other (default 4)"
    )
    parser.add_argument(
        "--seconds",
        type=seconds(1, 600),
        default=20.0,
        metavar="S",
        help="over which frames are counted, from the lock on (default 20)",
    )
    parser.add_argument("--json", type=new_file, metavar="FILE", help="write all figures there")
    parser.add_argument("--seed", type=seed, default=0, help="of numbers, hands and films")
    return parser
