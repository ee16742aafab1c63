"""``benchmark``: how fast a model reads, from the decoded picture, and what it needs for that."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from tqdm import tqdm

from camdigits.commands.arguments import count, machine, new_file, seed, write_report
from camdigits.commands.console import Parser, command, say
from camdigits.commands.figures_table import columns
from camdigits.commands.probes import HEAVY, peak_memory, startup
from camdigits.commands.second_reader import SecondReader, second_reader
from camdigits.preprocess.files import open_image
from camdigits.reader import Reader
from camdigits.reading import Page
from camdigits.training.allographs import AllographHand
from camdigits.training.metrics import find_numbers
from camdigits.training.pages import compose_page
from camdigits.training.texts import random_digits

Report = dict[str, Any]
Read = Callable[[np.ndarray], object]
PageRead = Callable[[np.ndarray], Page]

FRAME_SIZE, PHOTO_SIZE = (1280, 720), (4000, 3000)
FRAMES, PHOTOS = 12, 2
_WARM_UP = 3


class InventedHands:
    """A new invented hand for each page: it needs no data folder."""

    def pick(self, rng: np.random.Generator, kind: str | None = None) -> AllographHand:
        """Return a hand; ``kind`` plays no part."""
        return AllographHand(rng)


def synthesize(
    number: int, size: tuple[int, int], seed: int
) -> tuple[list[np.ndarray], list[list[str]]]:
    """Return pictures as a camera gives them, uint8 BGR, and the numbers on each.

    Each has three numbers of six digits, a twelfth of its height tall. ``size`` is (width,
    height).
    """
    width, height = size
    pictures, written = [], []
    for index in range(number):
        rng = np.random.default_rng([seed, index])
        a, b, c = (random_digits(rng, 6) for _ in range(3))
        picture, rows = compose_page(
            rng,
            InventedHands(),
            width,
            height,
            rows=[[a, b], [c]],
            glyph_height=height / 12,
            kind="plain",
        )
        pictures.append(picture)
        written.append([text for row in rows for text in row])
    return pictures, written


def latency(read: PageRead, pictures: Sequence[np.ndarray], repeats: int) -> Report:
    """Time ``repeats`` readings, the pictures in turn, after a warm-up.

    Returns median and 95th percentile in ms, in total and for each stage.
    """
    for turn in range(max(_WARM_UP, len(pictures))):
        read(pictures[turn % len(pictures)])
    total: list[float] = []
    stages: dict[str, list[float]] = defaultdict(list)
    for turn in range(repeats):
        before = time.perf_counter()
        page = read(pictures[turn % len(pictures)])
        total.append(1000 * (time.perf_counter() - before))
        for stage, spent in page.timings_ms.items():
            stages[stage].append(spent)
    height, width = pictures[0].shape[:2]
    return {
        "width": width,
        "height": height,
        "pictures": len(pictures),
        "repeats": repeats,
        "total": _summary(total),
        # A stage that a reading did without took no time in it.
        "stages": {
            stage: _summary(spent + [0.0] * (repeats - len(spent)))
            for stage, spent in stages.items()
        },
    }


def throughput(reader: Reader, pictures: Sequence[np.ndarray], repeats: int) -> float:
    """Return pictures a second of ``Reader.read_batch`` over ``repeats`` pictures."""
    batch = [pictures[turn % len(pictures)] for turn in range(repeats)]
    before = time.perf_counter()
    reader.read_batch(batch)
    return repeats / (time.perf_counter() - before)


def compare(
    ours: Read, second: SecondReader, pictures: Sequence[np.ndarray], repeats: int
) -> list[tuple[float, float]]:
    """Return for each picture the median ms of both readers, timed in turns in the same run."""
    medians = []
    for picture in tqdm(pictures, desc="both readers", unit="picture", leave=False, disable=None):
        ours(picture)
        second(picture)
        rounds = [(_timed(ours, picture), _timed(second, picture)) for _ in range(repeats)]
        own, other = np.median(rounds, axis=0)
        medians.append((float(own), float(other)))
    return medians


@command
def main(argv: list[str] | None = None) -> int:
    """Run the command. Returns 0, 1 where a heavy module came along, 2 for bad arguments."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["live"]:
        from camdigits.commands import benchmark_live  # noqa: PLC0415 - it imports this module

        return benchmark_live.run(arguments[1:])
    if arguments[:1] == ["site"]:
        from camdigits.commands import benchmark_site  # noqa: PLC0415 - it imports this module

        return benchmark_site.run(arguments[1:])
    args = _parser().parse_args(arguments)
    report = _run(args)
    write_report(args.json, report)
    say(_table(report))
    return 1 if report["startup"]["heavy_modules"] else 0


def _run(args: argparse.Namespace) -> Report:
    second = second_reader(args.against) if args.against else None
    own = [open_image(path) for path in args.pictures]
    reader = Reader(args.model)
    frames, on_frames = synthesize(FRAMES, FRAME_SIZE, args.seed)
    photos, on_photos = synthesize(PHOTOS, PHOTO_SIZE, args.seed)
    # A film's frames are read upright, and once.
    film, still = partial(reader.read, rotate=False, again=False), reader.read
    report: Report = {
        "model": str(reader.model.folder),
        "machine": machine(),
        "python": platform.python_version(),
        "opencv": cv2.__version__,
        "frame": {**latency(film, frames, args.repeats), **_found(film, frames, on_frames)},
        "photo": {**latency(still, photos, args.repeats), **_found(still, photos, on_photos)},
        "frames_per_second": throughput(reader, frames, args.repeats),
        "pictures": {
            str(path): latency(still, [picture], args.repeats)
            for path, picture in zip(args.pictures, own, strict=True)
        },
    }
    started = startup(reader.model.folder, args.starts)
    report["startup"] = {
        "median_s": started.median,
        "runs_s": list(started.seconds),
        "heavy_modules": list(started.heavy_modules),
    }
    with tempfile.TemporaryDirectory() as folder:
        report["peak_memory_mb"] = peak_memory(reader.model.folder, np.stack(frames), Path(folder))
    if second is not None:
        names = [str(path) for path in args.pictures] or ["frame", "photo"]
        pictures = own or [frames[0], photos[0]]
        medians = compare(reader.read, second, pictures, args.against_repeats)
        report["against"] = _against(args.against, names, medians)
    return report


def _found(
    read: PageRead, pictures: Sequence[np.ndarray], written: Sequence[Sequence[str]]
) -> Report:
    """Count the numbers found: times say little of a reader that reads nothing."""
    marks = [
        mark
        for picture, numbers in zip(pictures, written, strict=True)
        for mark in find_numbers(numbers, [s.text for s in read(picture).strings])
    ]
    return {"numbers": len(marks), "numbers_found": sum(marks)}


def _against(name: str, names: list[str], medians: list[tuple[float, float]]) -> Report:
    ratios = [other / own for own, other in medians]
    return {
        "reader": name,
        "pictures": {
            picture: {"ours_ms": own, "second_ms": other, "ratio": other / own}
            for picture, (own, other) in zip(names, medians, strict=True)
        },
        "ours_ms": float(np.median([own for own, _ in medians])),
        "second_ms": float(np.median([other for _, other in medians])),
        "median_ratio": float(np.median(ratios)),
    }


def _summary(milliseconds: Sequence[float]) -> dict[str, float]:
    median, late = np.percentile(milliseconds, [50, 95])
    return {"median_ms": float(median), "p95_ms": float(late)}


def _timed(read: Read, picture: np.ndarray) -> float:
    before = time.perf_counter()
    read(picture)
    return 1000 * (time.perf_counter() - before)


def _table(report: Report) -> str:
    timed = {"frame": report["frame"], "photo": report["photo"], **report["pictures"]}
    rows = [["ms from the decoded picture", "size", "readings", "median", "p95"]]
    for name, part in timed.items():
        size = f"{part['width']}x{part['height']}"
        rows.append([name, size, str(part["repeats"]), *_cells(part["total"])])
        rows += [[f"  {stage}", "", "", *_cells(own)] for stage, own in part["stages"].items()]
    found = [
        f"{part['numbers_found']} of {part['numbers']} on the {part['pictures']} {name}s"
        for name, part in (("frame", report["frame"]), ("photo", report["photo"]))
    ]
    started, peak = report["startup"], report["peak_memory_mb"]
    heavy = ", ".join(started["heavy_modules"])
    lines = [
        f"Model {report['model']} on {report['machine']}",
        "",
        columns(rows),
        "",
        f"numbers found: {', '.join(found)}",
        f"throughput: {report['frames_per_second']:.1f} stills of 1280x720 a second",
        f"start-up: import and model in {started['median_s']:.2f} s (median of "
        f"{len(started['runs_s'])} fresh processes)",
        f"not loaded: {', '.join(HEAVY)}" if not heavy else f"LOADED, but should not be: {heavy}",
        "peak memory at 1280x720: " + (f"{peak:.0f} MB" if peak else "unknown on this system"),
    ]
    if "against" in report:
        lines += ["", *_against_lines(report["against"])]
    return "\n".join(lines)


def _against_lines(against: Report) -> list[str]:
    rows = [["median ms", "camdigits", against["reader"], "ratio"]]
    for name, own in against["pictures"].items():
        cells = [f"{own['ours_ms']:.1f}", f"{own['second_ms']:.1f}", f"{own['ratio']:.1f}"]
        rows.append([name, *cells])
    medians = [f"{against['ours_ms']:.1f}", f"{against['second_ms']:.1f}"]
    rows.append(["median over pictures", *medians, f"{against['median_ratio']:.1f}"])
    return [columns(rows)]


def _cells(part: dict[str, float]) -> list[str]:
    return [f"{part['median_ms']:.2f}", f"{part['p95_ms']:.2f}"]


def _parser() -> Parser:
    parser = Parser(
        prog="camdigits benchmark",
        description="Time the reading of a synthesized 1280x720 frame with three numbers of six "
        "digits and of a 12-megapixel photo, and measure start-up time and memory.",
        epilog="`camdigits benchmark live --help`: the same for reading before a camera; "
        "`camdigits benchmark site --help`: for the site in a browser.",
    )
    parser.add_argument(
        "--model", metavar="FOLDER", help="the model (default: CAMDIGITS_MODEL, else the shipped)"
    )
    parser.add_argument(
        "--pictures", nargs="+", default=[], metavar="PATH", help="time these pictures too"
    )
    parser.add_argument(
        "--repeats", type=count, default=60, metavar="N", help="readings a size (default 60)"
    )
    parser.add_argument(
        "--starts", type=count, default=5, metavar="N", help="fresh processes (default 5)"
    )
    parser.add_argument(
        "--against",
        metavar="READER",
        help="time rapidocr or tesseract too, in turns, on --pictures (or on what is synthesized)",
    )
    parser.add_argument(
        "--against-repeats", type=count, default=3, metavar="N", help="rounds (default 3)"
    )
    parser.add_argument("--json", type=new_file, metavar="FILE", help="write all figures there")
    parser.add_argument("--seed", type=seed, default=0, help="of the synthesized pictures")
    return parser
