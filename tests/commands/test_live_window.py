"""The live window: its keys with OpenCV's windows stood in for, and as a whole under Xvfb."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from scenes import grainy, scene, write_film
from sightings import live as live_result
from x_windows import ask_to_close

from camdigits import commands
from camdigits.commands import live_window
from camdigits.commands.live import main
from camdigits.commands.live_window import Tracer, Window, WindowError
from camdigits.reader import Reader
from camdigits.video.expected import CHOICES
from camdigits.video.live_reader import LiveReader

Shown = tuple[subprocess.Popen[str], int, Callable[..., str]]
CALL = "import sys; from camdigits.commands import main; sys.exit(main())"
FRAME = scene(("2247", 80, 120))


class Gui:
    """Stands in for OpenCV's windows: keys to be pressed, the pictures that were shown."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.keys: deque[str] = deque()
        self.shown: list[np.ndarray] = []
        self.visible = 1.0
        self.mouse: Callable[..., None] = lambda *_: None
        for name in ("namedWindow", "resizeWindow", "destroyWindow"):
            monkeypatch.setattr(cv2, name, lambda *_: None)
        monkeypatch.setattr(cv2, "setMouseCallback", self._listen)
        monkeypatch.setattr(cv2, "imshow", lambda _, picture: self.shown.append(picture))
        monkeypatch.setattr(cv2, "waitKey", lambda _: ord(self.keys.popleft()) if self.keys else -1)
        monkeypatch.setattr(cv2, "getWindowProperty", lambda *_: self.visible)
        monkeypatch.setattr(live_window, "copy_to_clipboard", self._copy)
        self.copied: list[str] = []
        self.clipboard = True

    def _listen(self, _: str, mouse: Callable[..., None]) -> None:
        self.mouse = mouse

    def _copy(self, text: str) -> bool:
        self.copied.append(text)
        return self.clipboard


@pytest.fixture
def gui(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Gui:
    monkeypatch.chdir(tmp_path)
    return Gui(monkeypatch)


@pytest.fixture
def tracer(reader: Reader) -> Tracer:
    return Tracer(reader)


@pytest.fixture
def live(tracer: Tracer) -> LiveReader:
    return LiveReader(tracer)


@pytest.fixture
def window(gui: Gui, tracer: Tracer, live: LiveReader) -> Window:
    return Window(tracer, live)


LOCKED = live_result((1, "2247", 1.0), (2, "93", 1.5), (3, "5", None))
EVENTS = [{"event": "locked", "text": "2247"}, {"event": "locked", "text": "93"}]


def press(gui: Gui, window: Window, keys: str) -> np.ndarray:
    """Press keys one after the other, then show a frame; return the picture shown."""
    gui.keys.extend(keys)
    for _ in keys:
        assert window.handle_keys("")
    return window.show(FRAME, LOCKED, [], "")


@pytest.mark.parametrize("key", ["q", "\x1b"])
def test_q_and_escape_quit(gui: Gui, window: Window, key: str) -> None:
    assert window.handle_keys("")
    gui.keys.append(key)
    assert not window.handle_keys("")


def test_closing_the_window_quits(gui: Gui, window: Window) -> None:
    gui.visible = 0.0
    assert not window.handle_keys("")


def test_a_frozen_window_is_drawn_anew_only_where_it_changes(gui: Gui, window: Window) -> None:
    press(gui, window, " ")
    assert window.handle_keys("")
    shown = len(gui.shown)
    for _ in range(3):
        assert window.handle_keys("")
    assert len(gui.shown) == shown
    for key in "hd":
        gui.keys.append(key)
        for _ in range(3):
            assert window.handle_keys("")
    assert len(gui.shown) == shown + 2


def test_space_freezes(gui: Gui, window: Window) -> None:
    press(gui, window, " ")
    assert window.frozen
    press(gui, window, " ")
    assert not window.frozen


def test_s_saves_the_frame_and_its_reading(gui: Gui, window: Window) -> None:
    press(gui, window, "s")
    assert list(Path.cwd().iterdir()) == []  # nothing was shown yet
    press(gui, window, "s")
    picture, reading = sorted(Path.cwd().iterdir(), key=lambda path: path.suffix, reverse=True)
    np.testing.assert_array_equal(cv2.imread(str(picture)), FRAME)
    assert [s["text"] for s in json.loads(reading.read_text())["strings"]] == ["2247", "93", "5"]


def test_c_copies_what_is_locked_or_was_last(gui: Gui, window: Window) -> None:
    press(gui, window, "c")
    assert gui.copied == []
    press(gui, window, "c")
    window.show(FRAME, live_result(), EVENTS, "")
    gui.keys.append("c")
    window.handle_keys("")
    assert gui.copied == ["2247 93", "93"]


def test_a_missing_clipboard_is_told(gui: Gui, window: Window) -> None:
    before = press(gui, window, "")
    gui.clipboard = False
    assert (press(gui, window, "c") != before).any()


def test_the_debug_view_shows_what_was_read_without_reading_again(
    gui: Gui, window: Window, tracer: Tracer, live: LiveReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = press(gui, window, "d")
    live.update(FRAME, 0.0)
    assert tracer.trace is not None
    assert tracer.trace.page.text == "2247"
    monkeypatch.setattr(Reader, "trace", lambda *_: pytest.fail("read again"))
    assert (press(gui, window, "")[:480] != plain[:480]).any()


def test_d_m_and_h_change_the_view(gui: Gui, window: Window, live: LiveReader) -> None:
    live.update(FRAME, 0.0)
    plain = press(gui, window, "")
    assert (press(gui, window, "d")[:480] != plain[:480]).any()
    np.testing.assert_array_equal(press(gui, window, "d")[:480], plain[:480])
    mirrored = press(gui, window, "m")
    np.testing.assert_array_equal(mirrored[400:480], cv2.flip(plain[400:480], 1))
    press(gui, window, "m")
    helped = press(gui, window, "h")
    assert helped[2:200, 2:200].mean() < plain[2:200, 2:200].mean() / 2
    assert press(gui, window, "h")[2:200, 2:200].mean() == plain[2:200, 2:200].mean()


def test_f_cycles_through_lengths_and_formats(gui: Gui, window: Window, live: LiveReader) -> None:
    chosen = []
    for _ in CHOICES:
        press(gui, window, "f")
        chosen.append(str(live.expected))
    assert chosen[:2] == ["3 digits", "4 digits"]
    assert {"ZIP code", "EAN-13", "date ddmmyyyy"} < set(chosen)
    assert chosen[-1] == "any"
    assert len(set(chosen)) == len(CHOICES)


def drag(gui: Gui, start: tuple[int, int], end: tuple[int, int]) -> None:
    gui.mouse(cv2.EVENT_LBUTTONDOWN, *start, 0, None)
    gui.mouse(cv2.EVENT_MOUSEMOVE, *end, 0, None)
    gui.mouse(cv2.EVENT_LBUTTONUP, *end, 0, None)


def test_r_and_the_mouse_choose_a_region(gui: Gui, window: Window, live: LiveReader) -> None:
    press(gui, window, "")
    drag(gui, (64, 48), (320, 240))
    assert live.region is None
    press(gui, window, "r")
    drag(gui, (320, 240), (64, 48))
    assert live.region is not None
    assert live.region.pixels(640, 480) == (64, 48, 256, 192)
    press(gui, window, "r")
    assert live.region is None
    press(gui, window, "mr")
    drag(gui, (0, 0), (160, 700))
    assert live.region is not None
    assert live.region.pixels(640, 480) == (480, 0, 160, 480)


def test_a_click_is_no_region(gui: Gui, window: Window, live: LiveReader) -> None:
    press(gui, window, "r")
    press(gui, window, "r")
    press(gui, window, "r")
    drag(gui, (64, 48), (65, 48))
    assert live.region is None


def test_opencv_without_windows_goes_on_headless(
    gui: Gui, tracer: Tracer, live: LiveReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise cv2.error("The function is not implemented")

    monkeypatch.setattr(cv2, "namedWindow", refuse)
    with pytest.raises(WindowError, match="install opencv-python"):
        Window(tracer, live)


def test_the_command_shows_and_saves_until_q(
    gui: Gui, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("camdigits.commands.live.why_no_window", lambda: "")
    write_film(Path("film.avi"), [grainy(FRAME, k) for k in range(30)])
    film = ["--source", "film.avi", "--every-frame"]
    assert main([*film, "--save", "seen.avi", "--csv", "locked.csv"]) == 0
    assert len(gui.shown) == 30
    gui.keys.extend("hhh" + "q")
    assert main(film) == 0
    assert len(gui.shown) == 34
    assert capsys.readouterr() == ("", "")
    assert "2247" in Path("locked.csv").read_text()
    assert cv2.VideoCapture("seen.avi").read()[0]


def wait_for(told: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Wait until ``told`` says something true; fail where the process ends or after a minute."""
    end = time.monotonic() + 60
    while not told():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def display() -> Iterator[str]:
    """An X server of its own, without a screen."""
    for program in ("Xvfb", "xdotool"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: apt-get install xvfb xdotool")
    options = ["-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), *options],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(timeout=30)


@pytest.fixture
def shown(tmp_path: Path, display: str) -> Iterator[Shown]:
    """The command with its window open on a simulated camera: the process, the window's number,
    and a function that runs xdotool."""
    cv2.imwrite(str(tmp_path / "page.png"), FRAME)
    env = {**os.environ, "DISPLAY": display}
    env["PYTHONPATH"] = str(Path(commands.__file__).parents[2])
    source = ["--source", "sim:page.png", "--width", "640", "--height", "480"]
    process = subprocess.Popen(
        [sys.executable, "-c", CALL, "live", *source, "--csv", "locked.csv"],
        *(-1, None, None, subprocess.PIPE, subprocess.PIPE),
        cwd=tmp_path,
        env=env,
        text=True,
    )

    def xdotool(*words: str) -> str:
        run = subprocess.run(
            ["xdotool", *words], env=env, capture_output=True, text=True, timeout=60, check=True
        )
        return run.stdout.strip()

    try:
        ident = xdotool("search", "--sync", "--onlyvisible", "--name", "camdigits").split()[-1]
        xdotool("windowfocus", "--sync", ident)
        yield process, int(ident), xdotool
    finally:
        process.kill()
        process.communicate()


def test_under_an_x_server_keys_do_what_they_say(shown: Shown, tmp_path: Path) -> None:
    process, window, xdotool = shown
    wait_for(lambda: "2247" in (tmp_path / "locked.csv").read_text(), process)
    xdotool("key", "--window", str(window), "s")
    wait_for(lambda: list(tmp_path.glob("camdigits-*.json")), process)
    (picture,) = tmp_path.glob("camdigits-*.png")
    assert cv2.imread(str(picture)).shape == (480, 640, 3)
    xdotool("key", "--window", str(window), "q")
    printed, errors = process.communicate(timeout=60)
    assert (process.returncode, printed, errors) == (0, "", "")


def test_under_an_x_server_closing_the_window_ends_it(
    shown: Shown, display: str, tmp_path: Path
) -> None:
    process, window, _ = shown
    wait_for(lambda: "2247" in (tmp_path / "locked.csv").read_text(), process)
    ask_to_close(display, window)
    _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    assert process.returncode == 0
