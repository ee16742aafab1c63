"""``camdigits train``: train, calibrate and store a model."""

from __future__ import annotations

import argparse
import math
import os
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from camdigits.commands.arguments import count, seed
from camdigits.commands.console import INTERRUPTED, Parser, command, complain, say
from camdigits.errors import CamdigitsError

if TYPE_CHECKING:
    from camdigits.training.ink_network import InkHyperparameters
    from camdigits.training.line_network import LineHyperparameters
    from camdigits.training.network import Hyperparameters

    Tuned = TypeVar("Tuned", Hyperparameters, LineHyperparameters, InkHyperparameters)


@command
def main(argv: list[str] | None = None) -> int:
    """Run the command; return 0, 2 where an input was bad, or 130 where it was stopped."""
    args = _parser().parse_args(argv)
    for path in (args.init, args.export):
        if path is not None and path.suffix not in {".h5", ".keras"}:
            raise CamdigitsError(f"{path}: expected a file name in .h5 or .keras")
    if args.init is not None and not args.init.is_file():
        raise CamdigitsError(f"{args.init}: no such file to start from")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        from camdigits.training.recipe import (  # noqa: PLC0415 - TensorFlow takes seconds
            INK_PLAN,
            LINE_PLAN,
            train,
            train_ink,
            train_line,
        )
    except ModuleNotFoundError as error:
        raise CamdigitsError(
            f"training needs {error.name}; install it with: pip install 'camdigits[train]'"
        ) from None
    from camdigits.training.fit import QUICK, Plan  # noqa: PLC0415 - TensorFlow takes seconds
    from camdigits.training.ink_network import InkHyperparameters  # noqa: PLC0415
    from camdigits.training.line_network import LineHyperparameters  # noqa: PLC0415
    from camdigits.training.network import Hyperparameters  # noqa: PLC0415

    def plan(usual: Plan) -> Plan:
        return replace(
            usual,
            epochs=args.epochs or usual.epochs,
            processes=args.processes or usual.processes,
        )

    try:
        whole = args.part == "all"
        if whole or args.part == "glyphs":
            card = train(
                args.data,
                args.output,
                _chosen(Hyperparameters(), args),
                plan(QUICK if args.quick else Plan()),
                args.seed,
                initial=args.init,
                export=args.export,
                keep=not whole,
                say=say,
            )
            say(_of_glyphs(args.output, card))
        # What the command line names is the glyphs' where all are trained.
        start = None if whole else args.init
        if args.part == "ink" or (whole and not args.quick):
            inks = InkHyperparameters() if whole else _chosen(InkHyperparameters(), args)
            card = train_ink(
                args.data, args.output, inks, plan(INK_PLAN), args.seed, start, say=say
            )
            say(_of_part(args.output, card["ink"], "pixels", "sheets", "sample"))
        if args.part == "lines" or (whole and not args.quick):
            lines = LineHyperparameters() if whole else _chosen(LineHyperparameters(), args)
            card = train_line(
                args.data, args.output, lines, plan(LINE_PLAN), args.seed, start, say=say
            )
            say(_of_part(args.output, card["line"], "frames", "lines", "strip"))
    except KeyboardInterrupt:
        complain("stopped; the last whole epoch's weights, if any, are beside the output")
        return INTERRUPTED
    return 0


def _of_glyphs(folder: Path, card: dict[str, Any]) -> str:
    return (
        f"{folder}: {100 * card['metrics']['digit_accuracy']:.2f}% of "
        f"{card['metrics']['samples']} held-out samples that are digits, "
        f"{card['multiply_adds'] / 1e6:.2f} million multiply-adds, "
        f"{card['ms_per_glyph']:.3f} ms a glyph, {card['training_seconds'] / 60:.1f} minutes"
    )


def _of_part(folder: Path, part: dict[str, Any], unit: str, samples: str, sample: str) -> str:
    return (
        f"{folder}: {100 * part['metrics']['accuracy']:.2f}% of the {unit} of "
        f"{part['metrics']['samples']} held-out {samples}, {part['multiply_adds'] / 1e6:.1f} "
        f"million multiply-adds a {sample}, {part['training_seconds'] / 60:.1f} minutes"
    )


def _chosen(usual: Tuned, args: argparse.Namespace) -> Tuned:
    """Return hyperparameters with those that the command line names."""
    names = [field.name for field in fields(usual)]
    given = {name: getattr(args, name) for name in names if getattr(args, name, None) is not None}
    return replace(usual, **given)


def _parser() -> Parser:
    parser = Parser(
        prog="camdigits train",
        description="Train a model from MNIST and what else is in the data folder.",
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("CAMDIGITS_DATA"),
        help="folder of the data sets (default: CAMDIGITS_DATA; without it MNIST is downloaded)",
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("models/mine"),
        help="model folder to write (default: models/mine)",
    )
    parser.add_argument(
        "--part",
        choices=("all", "glyphs", "lines", "ink"),
        default="all",
        help="networks to train: those of glyphs, lines or ink, for the model in --output, whose "
        "others are kept, or all in turn (default: all)",
    )
    parser.add_argument("--quick", action="store_true", help="a usable model in five minutes")
    parser.add_argument("--seed", type=seed, default=0, help="seed of all that is random")
    parser.add_argument("--epochs", type=count, help="epochs instead of the plan's")
    parser.add_argument("--processes", type=count, help="processes that make samples (default: 2)")
    parser.add_argument(
        "--init", type=Path, metavar="FILE", help="start from .h5 or .keras weights"
    )
    parser.add_argument(
        "--export", type=Path, metavar="FILE", help="also write the weights to a .h5 or .keras file"
    )
    tuned = parser.add_argument_group("hyperparameters")
    tuned.add_argument("--filters", type=count, help="channels of the first stage")
    tuned.add_argument("--widening", type=_positive, help="channels of the second stage, times")
    tuned.add_argument("--kernel-size", type=count, help="side of the first kernels")
    tuned.add_argument("--layers", type=count, help="convolutions a stage")
    tuned.add_argument("--dense", type=count, help="units before the classes")
    tuned.add_argument("--dropout", type=_share, help="share of units dropped, 0 to below 1")
    tuned.add_argument("--learning-rate", type=_positive, help="peak learning rate")
    tuned.add_argument("--batch-size", type=count, help="samples a step")
    tuned.add_argument("--weight-decay", type=_share, help="decoupled weight decay")
    tuned.add_argument("--label-smoothing", type=_share, help="share of a label given to all")
    return parser


def _positive(text: str) -> float:
    value = _number(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return value


def _share(text: str) -> float:
    value = _number(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to below 1, got {text!r}")
    return value


def _number(text: str) -> float:
    """Return the number that the text is; nan, which lies in no range, where it is none."""
    try:
        return float(text)
    except ValueError:
        return math.nan
