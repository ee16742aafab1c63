"""``evaluate``: how well a model reads, on every labeled set that is at hand."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import cv2

from camdigits.commands.arguments import count, new_file, seed, write_report, writing
from camdigits.commands.console import BAD_INPUT, Parser, command, say
from camdigits.commands.contact_sheet import contact_sheet
from camdigits.commands.figures_table import tables
from camdigits.errors import CamdigitsError
from camdigits.reader import Reader
from camdigits.training.collections import VARIABLE
from camdigits.training.evaluation import SETS, Evaluation
from camdigits.training.figures import Figures, worst


@command
def main(argv: list[str] | None = None) -> int:
    """Run the command. Returns 0, or 2 for bad input or a wanted set that cannot be measured."""
    args = _parser().parse_args(argv)
    named = args.data or os.environ.get(VARIABLE)
    evaluation = Evaluation(
        Reader(args.model),
        Path(named) if named else None,
        limit=args.limit,
        strings=args.strings,
        papers=args.papers,
        processes=args.processes,
        seed=args.seed,
    )
    model = evaluation.reader.model
    say(f"Model {model.folder} (accepts from {model.threshold:.3f})\n")
    sets: dict[str, Figures] = {}
    skipped: dict[str, str] = {}
    for name in args.sets or SETS:
        try:
            sets[name] = evaluation.measure(name)
        except CamdigitsError as error:
            skipped[name] = str(error)
        except ModuleNotFoundError as error:
            skipped[name] = f"{error.name} is not installed; run: pip install 'camdigits[train]'"
    figures: Figures = _plain(
        {
            "model": str(model.folder),
            "threshold": model.threshold,
            "seed": args.seed,
            "limit": args.limit,
            "sets": sets,
            "skipped": skipped,
        }
    )
    write_report(args.json, figures)
    say(tables(figures))
    for name, why in skipped.items():
        say(f"\nskipped {name}: {why}")
    if args.worst:
        _contact_sheets(evaluation, args.worst, args.out)
    return BAD_INPUT if not sets or (args.sets and skipped) else 0


def _contact_sheets(evaluation: Evaluation, number: int, folder: Path) -> None:
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name, readings in evaluation.readings.items():
        chosen = worst(readings, number)
        if not chosen:
            continue
        items = ((reading, evaluation.picture(reading)) for reading in chosen)
        path = folder / f"worst-{name}.png"
        sheet = contact_sheet(evaluation.reader, items)
        with writing(path):
            path.write_bytes(cv2.imencode(".png", sheet)[1].tobytes())
        say(f"\nthe {len(chosen)} worst of {name}: {path}")


def _plain(value: Any) -> Any:
    """Return the value with None for nan, which JSON does not know."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def _parser() -> Parser:
    parser = Parser(
        prog="camdigits evaluate",
        description="Measure how well a model reads, on every labeled set that is at hand.",
    )
    parser.add_argument(
        "--data", metavar="FOLDER", help=f"the data folder (default: the variable {VARIABLE})"
    )
    parser.add_argument(
        "--model", metavar="FOLDER", help="the model (default: CAMDIGITS_MODEL, else the shipped)"
    )
    parser.add_argument(
        "--sets", nargs="+", choices=SETS, metavar="SET", help=f"of {', '.join(SETS)} (default all)"
    )
    parser.add_argument("--json", type=new_file, metavar="FILE", help="write all figures there")
    parser.add_argument(
        "--worst", type=count, metavar="N", help="make contact sheets of the N worst pictures"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("runs/worst"),
        metavar="DIR",
        help="where --worst puts them (default runs/worst)",
    )
    parser.add_argument(
        "--limit", type=count, metavar="N", help="at most N pictures or glyphs of each set"
    )
    parser.add_argument(
        "--strings",
        "--calibration-strings",
        type=count,
        default=10_000,
        metavar="N",
        help="synthetic strings, for their accuracy and for calibration (default 10000)",
    )
    parser.add_argument(
        "--papers",
        type=count,
        default=800,
        metavar="N",
        help="synthetic pages and fields of forms, of 16 kinds in turn (default 800)",
    )
    parser.add_argument(
        "--processes", type=count, default=2, metavar="N", help="for the synthetic pictures"
    )
    parser.add_argument("--seed", type=seed, default=0, help="of the synthetic pictures")
    return parser
