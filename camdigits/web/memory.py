"""Video takes tens of megabytes a person; this sees to it that they go back when it ends."""

from __future__ import annotations

import ctypes
import gc
import sys
import threading

# GNU's name for the size, in bytes, from which an allocation has pages of its own, which return to
# the system when it is freed. By itself malloc raises it to the largest block that was ever freed;
# then frames of video lie among all else, and the process grows with each start (mallopt(3)).
_M_MMAP_THRESHOLD, _APART = -3, 256 * 1024
# Seconds that a connection takes to end, with room to spare.
_ENDING = 3.0


def set_frames_apart() -> None:
    """Let memory of frames return to the system when they are freed, where malloc is GNU's."""
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_M_MMAP_THRESHOLD, _APART)


def sweep_soon() -> None:
    """Free in a while what a connection leaves behind: codecs in a ring of objects, which Python
    itself would notice late. Runs on a thread of its own."""
    sweep = threading.Timer(_ENDING, gc.collect)
    sweep.daemon = True
    sweep.start()
