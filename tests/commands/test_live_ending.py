"""How the live command ends: unplugged cameras, signals, closed pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from scenes import FILM, scene

from camdigits import commands
from camdigits.commands.live import main
from camdigits.errors import CamdigitsError, SourceError
from camdigits.video.frames import Frame, FrameSource
from camdigits.video.live_reader import LiveReader

CALL = "import sys; from camdigits.commands import main; sys.exit(main())"
Capture = pytest.CaptureFixture[str]
SIGNALS = [getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]


def start(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    """Start the installed command as its own process, without a display."""
    package = Path(commands.__file__).parents[2]
    env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.Popen(
        [sys.executable, "-c", CALL, "live", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**env, "PYTHONPATH": str(package)},
        **options,
    )


class Unplugged(FrameSource):
    """A camera that is unplugged after two frames, found again, and broken after two more."""

    live = True
    name = "camera 0"

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    @property
    def ended(self) -> bool:
        return False

    def read(self) -> Frame | None:
        self.reads += 1
        if self.reads == 3:
            raise SourceError("camera 0: gives no more pictures; check that it is plugged in")
        if self.reads > 5:
            raise CamdigitsError("broken")
        return Frame(scene(), 1000.0 + self.reads)

    def reopen(self) -> None:
        """It is there at once."""

    def close(self) -> None:
        """Nothing is held."""


def test_an_unplugged_camera_is_waited_for(
    film_folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("camdigits.commands.live.open_source", lambda *_, **__: Unplugged())
    assert main(["--headless"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "camdigits: camera 0: gives no more pictures; check that it is plugged in; waiting for it",
        "camdigits: camera 0: is back",
        "camdigits: broken",
    ]


@pytest.mark.parametrize("number", SIGNALS)
def test_signals_end_it_with_its_files_closed(
    number: int, film_folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    update, calls = LiveReader.update, []

    def interrupted(self: LiveReader, frame: np.ndarray, time: float) -> object:
        calls.append(time)
        if len(calls) == 12:
            signal.raise_signal(number)
        return update(self, frame, time)

    monkeypatch.setattr(LiveReader, "update", interrupted)
    if signal.getsignal(number) is signal.SIG_IGN and number != signal.SIGINT:
        pytest.skip("these tests were started with nohup")
    # Python leaves SIGINT alone where it starts with it ignored, as background jobs do.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    handlers = [signal.getsignal(n) for n in SIGNALS[1:]]
    try:
        assert main([*FILM, "--csv", "locked.csv", "--save", "seen.avi"]) == 130
    finally:
        signal.signal(signal.SIGINT, before)
    assert [signal.getsignal(n) for n in SIGNALS[1:]] == handlers
    assert capsys.readouterr().err == "camdigits: stopped\n"
    assert len(calls) == 12
    assert cv2.VideoCapture("seen.avi").read()[0]
    assert len(Path("locked.csv").read_text().splitlines()) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals of other processes are POSIX")
def test_sigterm_ends_the_process(film_folder: Path) -> None:
    source = ["--source", "sim:number.png", "--width", "640", "--height", "360", "--headless"]
    with start(*source) as process:
        assert process.stdout is not None
        json.loads(process.stdout.readline())
        process.terminate()
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors == "camdigits: stopped\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe is told on writing only")
def test_a_closed_pipe_ends_it_quietly(film_folder: Path) -> None:
    source = ["--source", "sim:number.png", "--width", "640", "--height", "360", "--headless"]
    with start(*source) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        json.loads(process.stdout.readline())
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(timeout=60) == 0
    assert errors == ""
