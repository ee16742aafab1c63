"""How commands meet the terminal: one line an error, results that are never lost, quiet ends."""

from __future__ import annotations

import argparse
import functools
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from tqdm import tqdm

from camdigits.errors import CamdigitsError

BAD_INPUT = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells report it

Main = Callable[[list[str] | None], int]


class OutputError(Exception):
    """Standard output takes no more, for another reason than a closed pipe."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, raised as CamdigitsError."""

    def error(self, message: str) -> NoReturn:
        """Raise CamdigitsError with what is wrong and where help is."""
        raise CamdigitsError(f"{message}; see {self.prog} --help")


def say(text: str) -> None:
    """Print a result at once, above a progress bar where there is one.

    Raises BrokenPipeError where nobody reads any more, OutputError where the disk is full.
    """
    try:
        with tqdm.external_write_mode(file=sys.stdout):
            print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(error.strerror) from error


def complain(message: str) -> None:
    """Print one line of trouble on standard error, above a progress bar where there is one."""
    line = " ".join(message.split())
    # Trouble that nobody wants to hear of must not cost the results.
    with suppress(OSError), tqdm.external_write_mode(file=sys.stderr):
        if sys.stderr is not None:
            print(f"camdigits: {line}", file=sys.stderr, flush=True)


def command(main: Callable[[list[str] | None], int]) -> Main:
    """Give a command its ends: bad input is a line and 2, Ctrl-C 130, a closed pipe quiet.

    Output that cannot be written for another reason is a line and 2 as well. File names that the
    terminal cannot show are printed with escapes instead of failing.
    """

    @functools.wraps(main)
    def run(argv: list[str] | None = None) -> int:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        try:
            code = main(argv)
            if sys.stdout is not None:
                sys.stdout.flush()
            return code
        except CamdigitsError as error:
            complain(str(error))
            return BAD_INPUT
        except KeyboardInterrupt:
            complain("stopped")
            return INTERRUPTED
        except BrokenPipeError:
            _forget_output()
            return 0
        except OutputError as error:
            complain(f"standard output cannot be written ({error}); make room or send it elsewhere")
            _forget_output()
            return BAD_INPUT

    return run


def _forget_output() -> None:
    """Let the interpreter's last flush go nowhere instead of failing once more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except OSError:
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
