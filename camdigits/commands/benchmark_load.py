"""How many frames a live reader takes flat out, how soon it answers, and whether it grows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from camdigits.video.results import LiveResult

Update = Callable[[np.ndarray, float], LiveResult]

_WARM_UP = 10  # frames until the reader's buffers and the lock are there
# Frames after which a long run turns to its other film, so that strings come and go.
_TURN = 150
# Share of a long run after which its memory is compared: by then all buffers have their size.
_SETTLED = 0.1


def there_and_back(frames: Sequence[np.ndarray]) -> Iterator[np.ndarray]:
    """Yield a film forwards and backwards without end, so that it never jumps."""
    while True:
        yield from frames
        yield from reversed(frames[1:-1])


def speed(update: Update, frames: Sequence[np.ndarray], count: int, fps: float) -> dict[str, Any]:
    """Time ``count`` frames one after the other; for the reader they come at ``fps``.

    Returns frames a second, and median and 95th percentile of the ms from frame to result, of all
    frames and of those that were read and not skipped.
    """
    film = there_and_back(frames)
    for turn in range(_WARM_UP):
        update(next(film), turn / fps)
    spent: list[float] = []
    read: list[bool] = []
    begin = time.perf_counter()
    for turn in range(_WARM_UP, _WARM_UP + count):
        before = time.perf_counter()
        result = update(next(film), turn / fps)
        spent.append(1000 * (time.perf_counter() - before))
        read.append(not result.skipped)
    total = time.perf_counter() - begin
    reading = [ms for ms, was_read in zip(spent, read, strict=True) if was_read]
    height, width = frames[0].shape[:2]
    return {
        "width": width,
        "height": height,
        "frames": count,
        "frames_per_second": count / total,
        "median_ms": float(np.median(spent)),
        "p95_ms": float(np.percentile(spent, 95)),
        "read": len(reading),
        "read_median_ms": float(np.median(reading)) if reading else None,
        "strings_locked": len(result.locked),
    }


def memory(
    update: Update,
    films: Sequence[Sequence[np.ndarray]],
    count: int,
    fps: float,
    resident: Callable[[], float | None] | None = None,
) -> dict[str, Any]:
    """Show ``count`` frames flat out, of each film in turns, and compare the memory held.

    Returns the resident MB after a tenth of the frames and at the end (None where the system does
    not tell) and their difference.
    """
    resident = resident or resident_mb
    loops = [there_and_back(film) for film in films]
    settled = max(1, round(_SETTLED * count))
    early: float | None = None
    for turn in tqdm(range(count), desc="memory", unit="frame", leave=False, disable=None):
        update(next(loops[turn // _TURN % len(loops)]), turn / fps)
        if turn + 1 == settled:
            early = resident()
    late = resident()
    growth = None if early is None or late is None else late - early
    return {
        "frames": count,
        "settled_after": settled,
        "settled_mb": early,
        "end_mb": late,
        "growth_mb": growth,
    }


def resident_mb(process: int | None = None) -> float | None:
    """Return the resident memory of a process, by default this one, in MB; None on systems without
    /proc."""
    try:
        lines = Path(f"/proc/{process or 'self'}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(x.split()[1]) / 1024 for x in lines if x.startswith("VmRSS")), None)
