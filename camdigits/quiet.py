"""Silence for native libraries that write to the terminal past Python."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Of two at once, the second would take the first one's silence for standard error and leave it.
_turn = threading.RLock()


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Send file descriptor 2 nowhere for a while: of all threads, so keep the while short.
    Threads that ask for it take turns.

    For libraries without a switch, whose errors arrive as exceptions all the same: libtiff
    prints each damaged strip, LiteRT a greeting.
    """
    with _turn:
        try:
            kept = os.dup(2)
        except OSError:  # a windowed program may have no standard error
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(nowhere)
