"""``camdigits train``: train, calibrate and store a model."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import fields, replace
from pathlib import Path

from camdigits.commands.arguments import count
from camdigits.errors import CamdigitsError

HELP = "train a model from MNIST and what else is in the data folder"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    parser = argparse.ArgumentParser(
        prog="camdigits train", description=HELP[0].upper() + HELP[1:] + "."
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
    parser.add_argument("--quick", action="store_true", help="a usable model in five minutes")
    parser.add_argument("--seed", type=int, default=0, help="seed of all that is random")
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


def main(argv: list[str] | None = None) -> int:
    """Run the command; return 0, or 2 where an input was bad."""
    args = build_parser().parse_args(argv)
    for path in (args.init, args.export):
        if path is not None and path.suffix not in {".h5", ".keras"}:
            print(f"camdigits: {path}: expected a file name in .h5 or .keras", file=sys.stderr)
            return 2
    if args.init is not None and not args.init.is_file():
        print(f"camdigits: {args.init}: no such file to start from", file=sys.stderr)
        return 2
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        from camdigits.training.recipe import train  # noqa: PLC0415 - TensorFlow takes seconds
    except ModuleNotFoundError as error:
        print(
            f"camdigits: training needs {error.name}; "
            "install it with: pip install 'camdigits[train]'",
            file=sys.stderr,
        )
        return 2
    from camdigits.training.fit import QUICK, Plan  # noqa: PLC0415 - TensorFlow takes seconds
    from camdigits.training.network import Hyperparameters  # noqa: PLC0415

    chosen = {
        field.name: getattr(args, field.name)
        for field in fields(Hyperparameters)
        if getattr(args, field.name, None) is not None
    }
    plan = QUICK if args.quick else Plan()
    if args.epochs:
        plan = replace(plan, epochs=args.epochs)
    if args.processes:
        plan = replace(plan, processes=args.processes)
    try:
        card = train(
            args.data,
            args.output,
            replace(Hyperparameters(), **chosen),
            plan,
            args.seed,
            initial=args.init,
            export=args.export,
        )
    except CamdigitsError as error:
        print(f"camdigits: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(
            "camdigits: stopped; the last epoch's weights are kept beside the output",
            file=sys.stderr,
        )
        return 130
    print(
        f"{args.output}: {100 * card['metrics']['digit_accuracy']:.2f}% of "
        f"{card['metrics']['samples']} held-out samples that are digits, "
        f"{card['multiply_adds'] / 1e6:.2f} million multiply-adds, "
        f"{card['ms_per_glyph']:.3f} ms a glyph, {card['training_seconds'] / 60:.1f} minutes"
    )
    return 0


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return value


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 0 to below 1")
    return value
