"""``benchmark live``: how soon, how steadily and how rightly numbers lock before a camera."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from tqdm import tqdm

from camdigits.commands.arguments import count, machine, new_file, seconds, seed, write_report
from camdigits.commands.benchmark import synthesize
from camdigits.commands.benchmark_load import memory, speed
from camdigits.commands.benchmark_pictures import written_letters
from camdigits.commands.benchmark_replay import FilmFigures, film_figures, poisson_upper, render
from camdigits.commands.benchmark_scenes import (
    Scene,
    empty_scenes,
    page_scenes,
    photo_scenes,
)
from camdigits.commands.console import Parser, say
from camdigits.commands.figures_table import columns, percent
from camdigits.reader import Reader
from camdigits.reading import Page
from camdigits.training.collections import VARIABLE, LabeledPicture, load_photos
from camdigits.video.live_reader import LiveReader
from camdigits.video.simulated import SimulatedCamera

Report = dict[str, Any]

FILM_SIZE, FPS = (1280, 720), 30.0
SPEED_SIZES = ((640, 480), (1280, 720), (1920, 1080))
SPEED_FRAMES = 90
# The films for speed and memory begin when the focus has settled, and last so long.
_LOAD_START, _LOAD_SECONDS = 2.0, 1.0
# A second of film takes 83 MB at 1280x720.
_LONGEST = 20.0
# Times to lock as the table calls them.
_TIMES = {
    "median_s": "seconds to lock, median",
    "p95_s": "seconds to lock, p95",
    "films_median_s": "  medians of films, median",
    "films_p95_s": "  medians of films, p95",
}


def run(argv: list[str]) -> int:
    """Run the command. Returns 0; raises CamdigitsError for bad input."""
    args = _parser().parse_args(argv)
    photos = load_photos(args.data) if args.data else []
    reader = Reader(args.model)
    report = _measure(reader, photos, args)
    write_report(args.json, report)
    say(_table(report))
    return 0


def _measure(reader: Reader, photos: Sequence[LabeledPicture], args: argparse.Namespace) -> Report:
    # Memory comes first: what long films leave behind when they are freed would hide its growth.
    grown = memory(LiveReader(reader).update, _memory_films(args.seed), args.frames, FPS)
    speeds = [_speed(reader, size, args.seed) for size in SPEED_SIZES]
    pages, written = synthesize(args.films, FILM_SIZE, args.seed)
    with_digits = [photo for photo in photos if photo.numbers]
    without = [photo for photo in photos if not photo.numbers]
    kinds = {
        "pages": page_scenes(pages, written, args.seed),
        "photos": photo_scenes(with_digits, args.films, args.seed) if with_digits else [],
        "without_digits": empty_scenes(without, args.without or args.films, FILM_SIZE, args.seed),
    }
    films: dict[str, list[tuple[str, FilmFigures]]] = {name: [] for name in kinds}
    jobs = [(name, scene) for name, scenes in kinds.items() for scene in scenes]
    for name, scene in tqdm(jobs, desc="films", unit="film", leave=False, disable=None):
        films[name].append((scene.name, _film(reader, scene, args.seconds)))
    numbered = {name: [own for _, own in films[name]] for name in ("pages", "photos")}
    numbered["all"] = numbered["pages"] + numbered["photos"]
    return {
        "model": str(reader.model.folder),
        "machine": machine(),
        "seed": args.seed,
        "film": {"size": list(FILM_SIZE), "fps": FPS, "seconds": args.seconds},
        "numbers": {name: number_figures(own) for name, own in numbered.items() if own},
        "without_digits": false_lock_figures(films["without_digits"]),
        "speed": speeds,
        "memory": grown,
    }


def number_figures(films: Sequence[FilmFigures]) -> Report:
    """Sum up films of pictures with numbers; shares are 0-1, None where there is nothing.

    Times to lock are told over all numbers, and over the films in which something locked, each of
    which counts once: of the former a page of a hundred numbers is a hundred.
    """
    by_film = [[d for d in film.delays if d is not None] for film in films]
    locked = [delay for own in by_film for delay in own]
    typical = [float(np.median(own)) for own in by_film if own]
    awaited = sum(len(film.delays) for film in films)
    changes, seconds = sum(f.changes for f in films), sum(f.locked_seconds for f in films)
    numbers = sum(film.numbers for film in films)
    found = {
        "still": sum(film.still_numbers for film in films),
        "single_frames": sum(film.single_numbers for film in films),
        "locked": sum(film.locked_numbers for film in films),
    }
    sure = [each for film in films for each in film.confidences]
    marks = {
        "still": [mark for film in films for mark in film.still],
        "single_frames": [mark for film in films for mark in film.singles],
        "locked": [mark for film in films for mark in film.locks],
        "locked_where_still_right": [mark for film in films for mark in film.where_right],
    }
    return {
        "films": len(films),
        "seconds": sum(film.seconds for film in films),
        "frames_taken_per_second": sum(f.shots for f in films) / sum(f.seconds for f in films),
        "numbers": numbers,
        "numbers_found": {name: _share(own, numbers) for name, own in found.items()},
        "strings": {name: len(own) for name, own in marks.items()},
        "right": {name: _share(sum(own), len(own)) for name, own in marks.items()},
        "locked_confidence": _share(sum(sure), len(sure)),
        "to_lock": {
            "awaited": awaited,
            "never": awaited - len(locked),
            "median_s": _percentile(locked, 50),
            "p95_s": _percentile(locked, 95),
            "films_median_s": _percentile(typical, 50),
            "films_p95_s": _percentile(typical, 95),
        },
        "changes": changes,
        "locked_seconds": seconds,
        "changes_per_second": _share(changes, seconds),
    }


def false_lock_figures(films: Sequence[tuple[str, FilmFigures]]) -> Report:
    """Sum up films without digits, given with their names: every lock in them is a false one."""
    minutes = sum(film.seconds for _, film in films) / 60
    false = sum(len(film.locks) for _, film in films)
    return {
        "films": len(films),
        "minutes": minutes,
        "false_locks": false,
        "per_minute": false / minutes,
        "per_minute_at_most": poisson_upper(false) / minutes,
        "texts": {name: film.locked_texts for name, film in films if film.locks},
    }


def _film(reader: Reader, scene: Scene, seconds: float) -> FilmFigures:
    picture = scene.open()
    camera = SimulatedCamera(picture, *FILM_SIZE, fps=FPS, seed=scene.seed)
    still = reader.read(picture) if scene.numbers else Page((), *FILM_SIZE)
    film = render(camera, seconds, cover=scene.cover)
    return film_figures(reader, film, scene.numbers, still)


def _speed(reader: Reader, size: tuple[int, int], seed: int) -> Report:
    (page,), _ = synthesize(1, size, seed)
    frames = _load_frames(page, size, seed)
    return speed(LiveReader(reader).update, frames, SPEED_FRAMES, FPS)


def _memory_films(seed: int) -> list[Sequence[np.ndarray]]:
    (page,), _ = synthesize(1, FILM_SIZE, seed)
    letters = written_letters(np.random.default_rng([seed, 7]), *FILM_SIZE)
    return [_load_frames(picture, FILM_SIZE, seed) for picture in (page, letters)]


def _load_frames(picture: np.ndarray, size: tuple[int, int], seed: int) -> Sequence[np.ndarray]:
    camera = SimulatedCamera(picture, *size, fps=FPS, seed=seed)
    return render(camera, _LOAD_SECONDS, _LOAD_START).frames


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _percentile(values: Sequence[float], percent: float) -> float | None:
    return float(np.percentile(values, percent)) if values else None


def _table(report: Report) -> str:
    width, height = report["film"]["size"]
    film = f"{report['film']['seconds']:g} s, {width}x{height} at {report['film']['fps']:g}"
    parts = [
        f"Model {report['model']} on {report['machine']}",
        f"Simulated films of {film} frames a second, times in the film's own time",
        "",
        _number_rows(report["numbers"]),
        "right: equal to a number on the picture; at still places: where the still picture is "
        "read right",
        "",
        _false_locks(report["without_digits"]),
        "",
        _speed_rows(report["speed"]),
        "",
        _memory_line(report["memory"]),
    ]
    return "\n".join(parts)


def _number_rows(kinds: Report) -> str:
    names = {
        "still": "still picture",
        "single_frames": "single sharp frames",
        "locked": "locked",
        "locked_where_still_right": "locked at still places",
    }
    own = list(kinds.values())
    rows = [["Films of numbers", *kinds]]
    rows.append(["films", *(str(k["films"]) for k in own)])
    rows.append(["frames taken a second", *(f"{k['frames_taken_per_second']:.1f}" for k in own)])
    rows.append(["numbers on the pictures", *(str(k["numbers"]) for k in own)])
    for name in ("still", "single_frames", "locked"):
        shares = (percent(k["numbers_found"][name]) for k in own)
        rows.append([f"  found, {names[name]}", *shares])
    for name, words in names.items():
        rows.append([f"strings, {words}", *(str(k["strings"][name]) for k in own)])
        rows.append(["  right", *(percent(k["right"][name]) for k in own)])
        if name == "locked":
            rows.append(["  confidence, mean", *(percent(k["locked_confidence"]) for k in own)])
    locks = [k["to_lock"] for k in own]
    for name, words in _TIMES.items():
        rows.append([words, *(_number(k[name]) for k in locks)])
    rows.append(["never locked", *(f"{k['never']} of {k['awaited']}" for k in locks)])
    rows.append(["changes a second after lock", *(_number(k["changes_per_second"]) for k in own)])
    rows.append(["  seconds after lock", *(f"{k['locked_seconds']:.1f}" for k in own)])
    return columns(rows)


def _false_locks(part: Report) -> str:
    lines = [
        f"false locks: {part['false_locks']} in {part['minutes']:.2f} minutes without digits "
        f"({part['films']} films): {part['per_minute']:.2f} a minute, "
        f"at most {part['per_minute_at_most']:.2f} with 95% confidence"
    ]
    lines += [f"  {name}: {', '.join(texts)}" for name, texts in part["texts"].items()]
    return "\n".join(lines)


def _speed_rows(parts: Sequence[Report]) -> str:
    rows = [["Flat out, 18 digits", "frames/s", "ms median", "ms p95", "frames read", "ms if read"]]
    for part in parts:
        cells = [part["frames_per_second"], part["median_ms"], part["p95_ms"]]
        rows.append(
            [
                f"{part['width']}x{part['height']}",
                *(f"{cell:.1f}" for cell in cells),
                f"{part['read']} of {part['frames']}",
                _number(part["read_median_ms"], 1),
            ]
        )
    return columns(rows)


def _memory_line(part: Report) -> str:
    if part["growth_mb"] is None:
        return "memory: unknown on this system"
    return (
        f"memory: {part['growth_mb']:+.1f} MB from frame {part['settled_after']} "
        f"({part['settled_mb']:.0f} MB) to frame {part['frames']} ({part['end_mb']:.0f} MB)"
    )


def _number(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _parser() -> Parser:
    parser = Parser(
        prog="camdigits benchmark live",
        description="Film pages, photos and pictures without digits with a simulated hand-held "
        "camera, read the films live and measure how soon, how steadily and how rightly numbers "
        "lock; then speed, latency and memory flat out.",
    )
    parser.add_argument(
        "--model", metavar="FOLDER", help="the model (default: CAMDIGITS_MODEL, else the shipped)"
    )
    parser.add_argument(
        "--data",
        metavar="FOLDER",
        default=os.environ.get(VARIABLE),
        help=f"film its photos too (default: {VARIABLE}; without it only synthesized pages)",
    )
    parser.add_argument(
        "--films", type=count, default=4, metavar="N", help="films of each kind (default 4)"
    )
    parser.add_argument(
        "--without",
        type=count,
        metavar="N",
        help="films without digits, if other than --films: many are needed to see a false lock",
    )
    parser.add_argument(
        "--seconds",
        type=seconds(0.1, _LONGEST, "; for more film raise --films"),
        default=4.0,
        metavar="S",
        help="of each film (default 4)",
    )
    parser.add_argument(
        "--frames", type=count, default=2000, metavar="N", help="for the memory (default 2000)"
    )
    parser.add_argument("--json", type=new_file, metavar="FILE", help="write all figures there")
    parser.add_argument("--seed", type=seed, default=0, help="of pages and films (default 0)")
    return parser
