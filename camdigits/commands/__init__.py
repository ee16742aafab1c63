"""The installed command: ``camdigits NAME arguments...``, the same as ``scripts/NAME.py``."""

from __future__ import annotations

import importlib
import importlib.metadata
import sys

from camdigits.commands.console import BAD_INPUT, command, complain, say

COMMANDS = {
    "read": "read the numbers in pictures, folders and PDF scans",
    "live": "read numbers before a camera, in a window or as JSON",
    "train": "train a model from MNIST and what else is in the data folder",
    "evaluate": "measure how well a model reads",
    "benchmark": "measure how fast a model reads",
}


@command
def main(argv: list[str] | None = None) -> int:
    """Run the command that the first argument names; without one, list the commands.

    Each command is imported when it is asked for, so that none waits for another's libraries.
    Returns the exit code: the command's own, or 2 for a name that is no command.
    """
    arguments = sys.argv[1:] if argv is None else argv
    if not arguments or arguments[0] in ("-h", "--help"):
        say(_overview())
        return 0
    if arguments[0] == "--version":
        say(f"camdigits {_version()}")
        return 0
    name, *rest = arguments
    if name not in COMMANDS:
        complain(f"there is no command {name!r}; the commands are {', '.join(COMMANDS)}")
        return BAD_INPUT
    return int(importlib.import_module(f"camdigits.commands.{name}").main(rest))


def _overview() -> str:
    commands = "\n".join(f"  {name:<10} {text}" for name, text in COMMANDS.items())
    return (
        "usage: camdigits COMMAND ...\n\n"
        f"Read handwritten numbers in photos and before a camera.\n\ncommands:\n{commands}\n\n"
        "`camdigits COMMAND --help` explains one of them; `camdigits --version` tells the version."
    )


def _version() -> str:
    try:
        return importlib.metadata.version("camdigits")
    except importlib.metadata.PackageNotFoundError:
        return "(not installed, run from its source)"
