"""The live command without a window: events, files, and how it ends."""

from __future__ import annotations

import csv
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
from pictures import draw_number, encode
from scenes import grainy, scene, write_film
from sightings import live

from camdigits import commands
from camdigits.commands import desktop
from camdigits.commands.live import main
from camdigits.commands.live_files import Film, LockTable, save_frame
from camdigits.errors import CamdigitsError, SourceError
from camdigits.reading import Box
from camdigits.video.events import EventLog
from camdigits.video.frames import Frame, FrameSource
from camdigits.video.live_reader import LiveReader
from camdigits.video.results import LiveResult
from camdigits.video.window import Status

CALL = "import sys; from camdigits.commands import main; sys.exit(main())"
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: film.avi shows 2247 for a second, then nothing; number.png says 714."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    shown, gone = scene(("2247", 80, 120)), scene()
    frames = [grainy(shown if k < 15 else gone, k) for k in range(30)]
    write_film(tmp_path / "film.avi", frames)
    (tmp_path / "number.png").write_bytes(encode(draw_number("7142"), "PNG"))
    return tmp_path


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


def told(printed: str) -> list[tuple[str, str]]:
    """The event and text of each line, all of which are JSON."""
    events = [json.loads(line) for line in printed.splitlines()]
    assert all(
        {"event", "time", "id", "text", "confidence", "box"} <= event.keys() for event in events
    )
    return [(event["event"], event["text"]) for event in events]


FILM = ["--source", "film.avi", "--headless", "--every-frame"]


def test_a_film_frame_by_frame(folder: Path, capsys: Capture) -> None:
    assert main(FILM) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert told(printed.out) == [("found", "2247"), ("locked", "2247"), ("lost", "2247")]
    times = [json.loads(line)["time"] for line in printed.out.splitlines()]
    assert times == sorted(times)
    assert 0 < times[0] < times[2] < 2


def test_frame_by_frame_is_repeatable(folder: Path, capsys: Capture) -> None:
    outputs = []
    for _ in range(2):
        main(FILM)
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]


def test_in_real_time(folder: Path, capsys: Capture) -> None:
    assert main(FILM[:3]) == 0
    events = told(capsys.readouterr().out)
    assert set(events) <= {("found", "2247"), ("locked", "2247"), ("lost", "2247")}


def test_seconds_of_film(folder: Path, capsys: Capture) -> None:
    assert main([*FILM, "--seconds", "0.8"]) == 0
    assert told(capsys.readouterr().out) == [("found", "2247"), ("locked", "2247")]


def test_seconds_end_what_has_no_end(folder: Path, capsys: Capture) -> None:
    source = ["--source", "sim:number.png", "--width", "640", "--height", "360"]
    assert main([*source, "--headless", "--seconds", "1"]) == 0
    told(capsys.readouterr().out)


def test_no_display_is_told_and_goes_on(folder: Path, capsys: Capture) -> None:
    assert main([FILM[0], FILM[1], "--every-frame"]) == 0
    printed = capsys.readouterr()
    assert printed.err.startswith("camdigits: there is no display (DISPLAY is not set); ")
    assert printed.err.count("\n") == 1
    assert ("locked", "2247") in told(printed.out)


@pytest.mark.parametrize(
    ("display", "wayland", "says"),
    [
        (None, None, "there is no display"),
        (None, "wayland-0", "need X"),
        (":987", None, "the display :987 does not answer"),
        ("127.0.0.1:987", None, "does not answer"),
        ("nonsense", None, "does not answer"),
    ],
)
def test_displays_are_tried_first(
    display: str | None, wayland: str | None, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop.sys, "platform", "linux")
    for name, value in (("DISPLAY", display), ("WAYLAND_DISPLAY", wayland)):
        monkeypatch.delenv(name, raising=False)
        if value:
            monkeypatch.setenv(name, value)
    assert says in desktop.why_no_window()


def test_region_and_length(folder: Path, capsys: Capture) -> None:
    assert main([*FILM, "--roi", "0,0.6,1,0.4"]) == 0
    assert capsys.readouterr().out == ""
    assert main([*FILM, "--expect", "5-6"]) == 0
    assert capsys.readouterr().out == ""
    assert main([*FILM, "--roi", "0,0,1,0.6", "--expect", "4"]) == 0
    assert ("locked", "2247") in told(capsys.readouterr().out)


def test_locked_numbers_are_added_to_a_table(folder: Path, capsys: Capture) -> None:
    for _ in range(2):
        assert main([*FILM, "--csv", "locked.csv"]) == 0
    with open("locked.csv", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert header == ["clock", "time", "id", "text", "confidence"]
    assert [row[3] for row in rows] == ["2247", "2247"]
    assert all(0.9 < float(row[4]) <= 1 for row in rows)


def test_a_table_begins_with_a_line_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "locked.csv"
    path.write_text("clock,time,id,text,confidence\n1,2,3,4,5")
    table = LockTable(path)
    table.write([e for e in EventLog().events(live((1, "12", 1.0))) if e["event"] == "locked"])
    table.close()
    header, first, second = path.read_text().splitlines()
    assert (header, first) == ("clock,time,id,text,confidence", "1,2,3,4,5")
    assert ",12," in second


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
def test_a_table_may_be_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    LockTable(path).close()
    assert os.read(reading, 100) == b"clock,time,id,text,confidence\n"
    os.close(reading)


def test_a_table_holds_no_formula(tmp_path: Path) -> None:
    table = LockTable(tmp_path / "locked.csv")
    result = live((1, "12", 1.0))
    (event,) = [e for e in EventLog().events(result) if e["event"] == "locked"]
    table.write([{**event, "text": "=1+1"}])
    table.close()
    assert ",'=1+1," in (tmp_path / "locked.csv").read_text()


@pytest.mark.parametrize("suffix", [".mp4", ".avi"])
def test_what_is_shown_is_saved(folder: Path, suffix: str) -> None:
    assert main([*FILM, "--save", f"seen{suffix}", "--seconds", "1"]) == 0
    film = cv2.VideoCapture(f"seen{suffix}")
    assert film.get(cv2.CAP_PROP_FPS) == pytest.approx(15)
    there, picture = film.read()
    count = 0
    while there:
        count += 1
        assert picture.shape[1] == 640
        assert picture.shape[0] > 480
        there, picture = film.read()
    assert 14 <= count <= 16


def test_a_film_keeps_its_pace_and_size(tmp_path: Path) -> None:
    film = Film(tmp_path / "seen.avi", 10.0)
    for time, size in ((5.0, 101), (5.1, 101), (5.12, 140), (6.1, 60)):
        film.write(np.full((size, size, 3), 90, np.uint8), time)
    film.close()
    capture = cv2.VideoCapture(str(tmp_path / "seen.avi"))
    shapes = []
    while True:
        there, picture = capture.read()
        if not there:
            break
        shapes.append(picture.shape)
    assert shapes == [(100, 100, 3)] * 12


def test_a_film_may_have_any_rate(tmp_path: Path) -> None:
    film = Film(tmp_path / "seen.mp4", 200 / 3)  # MPEG-4 has no 66.6667
    film.write(np.full((64, 64, 3), 90, np.uint8), 0.0)
    film.close()
    assert cv2.VideoCapture(str(tmp_path / "seen.mp4")).read()[0]


def test_a_film_without_a_window_tells_what_is_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Status] = []

    def draw(frame: np.ndarray, _result: LiveResult, status: Status) -> np.ndarray:
        told.append(status)
        return frame

    monkeypatch.setattr("camdigits.commands.live.draw_view", draw)
    options = ["--roi", "0,0,1,0.5", "--expect", "4"]
    assert main([*FILM, *options, "--save", "seen.avi"]) == 0
    last = told[-1]
    assert (last.expected, last.history) == ("4 digits", ("2247",))
    assert last.region == Box(0, 0, 640, 240)
    assert last.frames_per_second > 0
    assert last.ms > 0


def test_a_frame_and_its_reading_are_saved_side_by_side(tmp_path: Path) -> None:
    frame = scene(("2247", 80, 120))
    paths = [save_frame(frame, live((1, "2247", 0.5)), tmp_path) for _ in range(2)]
    assert len(set(paths)) == 2
    np.testing.assert_array_equal(cv2.imread(str(paths[1])), frame)
    reading = json.loads(paths[1].with_suffix(".json").read_text())
    assert reading["strings"][0]["text"] == "2247"
    with pytest.raises(CamdigitsError, match="cannot be written"):
        save_frame(frame, live(), tmp_path / "missing")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--source", "nothing.avi"], "nothing.avi: there is no such source"),
        (["--camera", "98"], "camera 98: cannot be opened"),
        ([*FILM, "--save", "seen.gif"], "seen.gif: expected a video file"),
        (
            [*FILM, "--csv", "no/where.csv"],
            "in a folder that is there",
        ),
        ([*FILM, "--roi", "1,2"], "expected four shares"),
        ([*FILM, "--roi", "0.5,0,0.7,1"], "as shares of the frame"),
        ([*FILM, "--expect", "many"], "for the expected format; give"),
        ([*FILM, "--seconds", "0"], "seconds above 0"),
        ([*FILM, "--width", "640"], "--width and --height together"),
        (["--source", "sim:number.png", "--seed", "-1"], "--seed: expected a whole number from 0"),
        ([*FILM, "--roi", "0,nan,1,1"], "as shares of the frame"),
        ([*FILM, "--roi", "0,0,1,nan"], "as shares of the frame"),
        ([*FILM, "--save", "./film.avi"], "must be different files"),
        (["--source", "sim:number.png", "--csv", "number.png"], "must be different files"),
        ([*FILM, "--csv", "new.avi", "--save", "new.avi"], "must be different files"),
        ([*FILM, "--model", "nowhere"], "nowhere: not a model folder"),
        ([*FILM, "--camera", "0"], "see camdigits live --help"),
    ],
)
def test_bad_input_is_one_line_and_2(
    arguments: list[str], says: str, folder: Path, capsys: Capture
) -> None:
    assert main([*arguments, "--headless"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err
    assert printed.err.count("\n") == 1


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
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("camdigits.commands.live.open_source", lambda *_, **__: Unplugged())
    assert main(["--headless"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "camdigits: camera 0: gives no more pictures; check that it is plugged in; waiting for it",
        "camdigits: camera 0: is back",
        "camdigits: broken",
    ]


SIGNALS = [getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]


@pytest.mark.parametrize("number", SIGNALS)
def test_signals_end_it_with_its_files_closed(
    number: int, folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
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
def test_sigterm_ends_the_process(folder: Path) -> None:
    source = ["--source", "sim:number.png", "--width", "640", "--height", "360", "--headless"]
    with start(*source) as process:
        assert process.stdout is not None
        json.loads(process.stdout.readline())
        process.terminate()
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors == "camdigits: stopped\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe is told on writing only")
def test_a_closed_pipe_ends_it_quietly(folder: Path) -> None:
    source = ["--source", "sim:number.png", "--width", "640", "--height", "360", "--headless"]
    with start(*source) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        json.loads(process.stdout.readline())
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(timeout=60) == 0
    assert errors == ""
