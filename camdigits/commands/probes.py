"""What only a process of its own can tell: start-up time, modules loaded, peak memory."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from camdigits.errors import CamdigitsError

HEAVY = ("tensorflow", "keras", "streamlit")

_STARTUP = """
import json, sys, time
before = time.perf_counter()
import camdigits
reader = camdigits.Reader(sys.argv[1])
seconds = time.perf_counter() - before
loaded = sorted(set(sys.argv[2].split(",")) & set(sys.modules))
print(json.dumps({"seconds": seconds, "heavy_modules": loaded}))
"""

# The kernel's high-water mark of this program alone: ru_maxrss would start from what the
# benchmark itself held when it forked.
_MEMORY = """
import json, sys
import numpy
import camdigits
reader = camdigits.Reader(sys.argv[1])
frames = numpy.load(sys.argv[2])
for turn in range(10):
    reader.read(frames[turn % len(frames)])
try:
    with open("/proc/self/status") as status:
        kilobytes = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
except OSError:
    try:
        import resource
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        kilobytes = peak / 1024 if sys.platform == "darwin" else peak
    except ImportError:
        kilobytes = None
print(json.dumps({"peak_mb": kilobytes and kilobytes / 1024}))
"""


@dataclass(frozen=True)
class Startup:
    """Seconds from before ``import camdigits`` to a loaded model, in fresh processes."""

    seconds: tuple[float, ...]
    heavy_modules: tuple[str, ...]

    @property
    def median(self) -> float:
        """The median of the runs."""
        return float(np.median(self.seconds))


def startup(model: Path, runs: int) -> Startup:
    """Start ``runs`` fresh processes that import camdigits and load the model.

    ``heavy_modules`` names those of HEAVY that came along; there should be none. Raises
    CamdigitsError where a process fails.
    """
    reports = [_run(_STARTUP, str(model), ",".join(HEAVY)) for _ in range(runs)]
    heavy = {name for report in reports for name in report["heavy_modules"]}
    return Startup(tuple(report["seconds"] for report in reports), tuple(sorted(heavy)))


def peak_memory(model: Path, frames: np.ndarray, folder: Path) -> float | None:
    """Return the peak of resident memory, in MB, of a fresh process that reads the frames.

    ``frames`` is uint8 BGR (n, height, width, 3), and passes through a file in ``folder``. None
    where the system does not tell. Raises CamdigitsError where the process fails.
    """
    path = folder / "frames.npy"
    np.save(path, frames)
    peak: float | None = _run(_MEMORY, str(model), str(path))["peak_mb"]
    return peak


def _run(code: str, *arguments: str) -> dict:
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    if run.returncode:
        complaint = run.stderr.strip().splitlines()
        raise CamdigitsError(
            f"a fresh process that reads failed: {complaint[-1] if complaint else run.returncode}; "
            "check that camdigits is installed for this Python"
        )
    report: dict = json.loads(run.stdout.splitlines()[-1])
    return report
