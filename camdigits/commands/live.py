"""``camdigits live``: read numbers before a camera, in a window or as lines of JSON."""

from __future__ import annotations

import argparse
import json
import math
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from camdigits.commands.arguments import count, new_file, seed
from camdigits.commands.console import Parser, command, complain, say
from camdigits.commands.desktop import why_no_window
from camdigits.commands.live_figures import Figures
from camdigits.commands.live_files import Film, LockTable
from camdigits.commands.live_window import Tracer, Window, WindowError
from camdigits.errors import CamdigitsError
from camdigits.preprocess.files import printable
from camdigits.reader import Reader
from camdigits.recognize.formats import EXPECT_HELP, Format
from camdigits.video.events import Event, EventLog
from camdigits.video.frames import Frame
from camdigits.video.live_reader import LiveReader, Region
from camdigits.video.newest import NewestFrame
from camdigits.video.results import LiveResult
from camdigits.video.sources import SIMULATED, open_source
from camdigits.video.window import draw_view

_EXIT_CODES = (
    "exit code: 0 at the end of a film, after --seconds, on q and where standard output is closed; "
    "130 on Ctrl-C, SIGTERM and SIGHUP; 2 where the camera, a file or an option was bad"
)
# Seconds to wait for a frame before looking at the clock and the keys again.
_WAIT, _WINDOW_WAIT = 0.2, 0.02


@command
def main(argv: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    args = _parser().parse_args(argv)
    if (args.width is None) != (args.height is None):
        raise CamdigitsError("give --width and --height together, or neither")
    tracer = Tracer(Reader(args.model))
    live = LiveReader(tracer, region=args.roi, expected=args.expect)
    text = args.source if args.source is not None else str(args.camera or 0)
    _check_files(text, args.csv, args.save)
    with ExitStack() as stack:
        stack.enter_context(_ended_by_signals())
        source = open_source(text, args.width, args.height, seed=args.seed)
        frames = stack.enter_context(NewestFrame(source, every_frame=args.every_frame))
        window = None if args.headless else _open_window(tracer, live)
        run = _Run(frames, live, args, stack)
        if window is None:
            run.headless()
        else:
            run.windowed(stack.enter_context(window))
    return 0


class _Run:
    """One live reading from its first frame to its end, with all that it writes."""

    def __init__(
        self, frames: NewestFrame, live: LiveReader, args: argparse.Namespace, stack: ExitStack
    ) -> None:
        self._frames, self._live = frames, live
        self._log = EventLog()
        self._table = LockTable(args.csv) if args.csv else None
        if self._table:
            stack.callback(self._table.close)
        self._film = Film(args.save, frames.source.fps) if args.save else None
        if self._film:
            stack.callback(self._film.close)
        self._seconds: float | None = args.seconds
        self._film_time: bool = args.every_frame and not frames.source.live
        self._begin = time.monotonic()
        self._first: float | None = None
        self._now = 0.0
        self._problem = ""

    def headless(self) -> None:
        """Read until the end, printing events."""
        figures = Figures()
        while not self._over() and not _output_closed():
            frame = self._next(_WAIT)
            if frame is None:
                continue
            result, events = self._read(frame)
            for event in events:
                say(json.dumps(event))
            if self._film:
                figures.note(result, events)
                status = figures.status(self._live, frame.image)
                self._film.write(draw_view(frame.image, result, status), result.time)

    def windowed(self, window: Window) -> None:
        """Read until the end or until the window is closed, showing all of it."""
        while not self._over():
            frame = None if window.frozen else self._next(_WINDOW_WAIT)
            if frame is not None:
                result, events = self._read(frame)
                picture = window.show(frame.image, result, events, self._problem)
                if self._film:
                    self._film.write(picture, result.time)
            if not window.handle_keys(self._problem):
                return

    def _read(self, frame: Frame) -> tuple[LiveResult, list[Event]]:
        if self._first is None:
            # The clock of a camera began when the computer did.
            self._first = frame.time if self._frames.source.live else 0.0
        self._now = frame.time - self._first
        result = self._live.update(frame.image, self._now)
        events = self._log.events(result)
        if self._table:
            self._table.write(events)
        return result, events

    def _next(self, timeout: float) -> Frame | None:
        frame = self._frames.get(timeout)
        problem = self._frames.problem
        if problem is not None and str(problem) != self._problem:
            complain(f"{problem}; waiting for it")
        elif problem is None and self._problem:
            complain(f"{self._frames.source.name}: is back")
        self._problem = "" if problem is None else str(problem)
        return frame

    def _over(self) -> bool:
        if self._frames.ended:
            self._frames.get(0.0)  # raises what ended it, if that was not the end of the film
            for line in self._frames.source.skipped:
                complain(line)
            return True
        if self._seconds is None:
            return False
        passed = self._now if self._film_time else time.monotonic() - self._begin
        return passed >= self._seconds


def _open_window(tracer: Tracer, live: LiveReader) -> Window | None:
    """Return the window, or None where none can be shown, telling why."""
    reason = why_no_window()
    if not reason:
        try:
            return Window(tracer, live)
        except WindowError as error:
            reason = str(error)
    complain(f"{reason}; reading without a window, one JSON object a line")
    return None


def _check_files(source: str, *outputs: Path | None) -> None:
    """Raise CamdigitsError where a file would be written over another, or over the source."""
    taken = {os.path.realpath(source.removeprefix(SIMULATED))}
    for path in filter(None, outputs):
        if os.path.realpath(path) in taken:
            raise CamdigitsError(
                f"{printable(str(path))}: --source, --csv and --save must be different files; "
                "give another name"
            )
        taken.add(os.path.realpath(path))


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGTERM, and a terminal that is closed, end the command as Ctrl-C does: files are
    finished, the camera is released."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")]  # Windows lacks one
    handlers = {number: signal.getsignal(number) for number in numbers if number is not None}
    # Under nohup a closed terminal is ignored.
    before = {n: handler for n, handler in handlers.items() if handler is not signal.SIG_IGN}
    for number in before:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _output_closed() -> bool:
    """Say whether nobody reads standard output any more, though nothing may be due for hours."""
    if not hasattr(select, "poll") or sys.stdout is None:  # Windows tells on writing only
        return False
    try:
        handle = sys.stdout.fileno()
    except (OSError, ValueError):  # not a file of the system
        return False
    watch = select.poll()
    watch.register(handle, 0)
    return any(
        state & (select.POLLERR | select.POLLHUP | select.POLLNVAL) for _, state in watch.poll(0)
    )


def _parser() -> Parser:
    parser = Parser(
        prog="camdigits live",
        description="Read handwritten numbers before a camera: finds them, steadies, locks.",
        epilog=_EXIT_CODES,
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--camera", type=int, metavar="N", help="number of the camera (default: 0)")
    source.add_argument(
        "--source",
        metavar="WHAT",
        help="instead of a camera: a video file, a folder of pictures, an rtsp:// or http:// "
        "address, or sim:PICTURE, which films a picture as a hand would",
    )
    parser.add_argument("--width", type=count, metavar="W", help="wished width of frames, pixels")
    parser.add_argument("--height", type=count, metavar="H", help="wished height of frames, pixels")
    parser.add_argument("--seed", type=seed, default=0, help="seed of sim:PICTURE (default: 0)")
    parser.add_argument(
        "--roi",
        type=_region,
        metavar="X,Y,W,H",
        help="read only this part: left, top, width, height as shares of the frame (0-1)",
    )
    parser.add_argument(
        "--expect",
        type=Format.parse,
        metavar="FORMAT",
        help=f"show only numbers of a format: {EXPECT_HELP} (default: any)",
    )
    parser.add_argument(
        "--csv", type=new_file, metavar="FILE", help="add each locked number to this table"
    )
    parser.add_argument(
        "--save", type=new_file, metavar="VIDEO", help="write what is shown as .mp4 or .avi"
    )
    parser.add_argument(
        "--headless",
        action="store_true",
        help="without a window: one JSON object an event on standard output",
    )
    parser.add_argument("--seconds", type=_seconds, metavar="N", help="end after N seconds")
    parser.add_argument(
        "--every-frame",
        action="store_true",
        help="read a film frame by frame instead of in real time; --seconds is then film time",
    )
    parser.add_argument(
        "--model",
        metavar="PATH",
        help="model folder (default: CAMDIGITS_MODEL, else the one that is shipped)",
    )
    return parser


def _region(text: str) -> Region:
    try:
        x, y, width, height = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected four shares of the frame such as 0.1,0.2,0.5,0.5, got {text!r}"
        ) from None
    return Region(x, y, width, height)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"expected a number of seconds above 0, got {text!r}")
    return value
