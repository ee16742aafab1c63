"""``camdigits read``: print the numbers in pictures, folders of pictures and PDF scans."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from camdigits.commands.console import BAD_INPUT, Parser, command, complain, say
from camdigits.commands.inputs import Input, gather
from camdigits.commands.outputs import (
    PictureFolder,
    Result,
    as_csv,
    as_json,
    as_text,
)
from camdigits.errors import READING_ERRORS, in_words
from camdigits.explain import explain_sheet
from camdigits.overlay import draw_page
from camdigits.quiet import quiet_stderr
from camdigits.reader import Reader
from camdigits.reading import Page
from camdigits.recognize.formats import EXPECT_HELP, Format
from camdigits.records.tables import PAGE_COLUMNS, csv_lines

_NOTHING_FOUND = 1
_EXIT_CODES = (
    "exit code: 2 where an input was bad (the others are read all the same), else 1 where no "
    "number was found, else 0"
)


@dataclass
class _Task:
    """What is done with each picture, and how it went so far."""

    reader: Reader
    expected: Format | None
    min_confidence: float
    write: Callable[[Result], str]
    overlay: PictureFolder | None
    explain: PictureFolder | None
    found: bool = False
    bad: bool = False

    def fail(self, message: str) -> None:
        self.bad = True
        complain(message)

    @contextmanager
    def passing_by(self, name: str) -> Iterator[None]:
        """Say what goes wrong with the picture called ``name``, for the next ones to be read."""
        try:
            yield
        except READING_ERRORS as error:
            self.fail(in_words(error, name))

    @property
    def exit_code(self) -> int:
        if self.bad:
            return BAD_INPUT
        return 0 if self.found else _NOTHING_FOUND


@command
def main(argv: list[str] | None = None) -> int:
    """Read what the arguments name and print it. Returns the exit code: 2, 1 or 0."""
    args = _parser().parse_args(argv)
    inputs, errors = gather(args.paths)
    headed = len(inputs) > 1 or len(args.paths) > 1
    overlay = PictureFolder(args.overlay, "overlay", inputs) if args.overlay else None
    explain = PictureFolder(args.explain, "explain", inputs) if args.explain else None
    task = _Task(
        Reader(args.model),
        args.expect,
        args.min_confidence,
        _writer(args, headed),
        overlay,
        explain,
    )
    if args.csv:
        say(csv_lines([PAGE_COLUMNS]))
    for error in errors:
        task.fail(str(error))
    watched = len(inputs) > 1 and sys.stderr is not None and sys.stderr.isatty()
    for item in tqdm(inputs, unit="file", leave=False, disable=not watched):
        _read_input(task, item)
    return task.exit_code


def _writer(args: argparse.Namespace, headed: bool) -> Callable[[Result], str]:
    if args.json:
        return as_json
    if args.csv:
        return as_csv
    return lambda result: as_text(result, headed)


def _read_input(task: _Task, item: Input) -> None:
    """Read and print each page of one file."""
    with task.passing_by(item.name):
        with quiet_stderr():
            pages = item.open()
        for number in range(1, pages.count + 1):
            several = pages.count > 1
            name = f"{item.name}, page {number}" if several else item.name
            with task.passing_by(name):
                with quiet_stderr():
                    picture = next(pages)
                _read_picture(task, item, number if several else None, picture)


def _read_picture(task: _Task, item: Input, number: int | None, picture: np.ndarray) -> None:
    trace = task.reader.trace(picture, expected=task.expected)
    page = _confident(trace.page, task.min_confidence)
    task.found = task.found or bool(page.strings)
    result = Result(item, number, page)
    lines = task.write(result)
    if lines:
        say(lines)
    if task.overlay is not None:
        task.overlay.write(result, draw_page(picture, page), ".jpg")
    if task.explain is not None:
        sheet = explain_sheet(trace, task.reader.model.labels)
        task.explain.write(result, sheet, ".png")


def _confident(page: Page, least: float) -> Page:
    return replace(page, strings=tuple(s for s in page.strings if s.confidence >= least))


def _parser() -> Parser:
    parser = Parser(
        prog="camdigits read",
        description="Print the numbers in pictures: a row a line, each number that is not "
        "certain enough followed by ' ?', and by '!' if it is of another format than expected.",
        epilog=_EXIT_CODES,
    )
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="picture or PDF file, folder (the pictures directly in it), pattern such as "
        "'scans/*.jpg', or - for a picture on standard input",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json",
        action="store_true",
        help="one JSON object a picture on one line; documents of several pages give their "
        'page number as "page"',
    )
    form.add_argument("--csv", action="store_true", help="a header, then one line a number")
    parser.add_argument(
        "--min-confidence",
        type=_probability,
        default=0.0,
        metavar="P",
        help="leave out numbers less confident than P, 0 to 1",
    )
    parser.add_argument(
        "--expect",
        type=Format.parse,
        metavar="FORMAT",
        help=f"read with an eye to a format: {EXPECT_HELP}",
    )
    parser.add_argument(
        "--overlay",
        type=Path,
        metavar="DIR",
        help="write each picture with what was read drawn on it, as NAME.overlay.jpg",
    )
    parser.add_argument(
        "--explain",
        type=Path,
        metavar="DIR",
        help="write the ink, the cuts and the glyphs that the network saw, as NAME.explain.png",
    )
    parser.add_argument(
        "--model",
        metavar="PATH",
        help="model folder (default: CAMDIGITS_MODEL, else the one that is shipped)",
    )
    return parser


def _probability(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"expected a probability from 0 to 1, got {text!r}")
    return value
