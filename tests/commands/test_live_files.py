"""What a live reading leaves on disk: the table, the film, single frames."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from scenes import FILM, scene
from sightings import live

from camdigits.commands.live import main
from camdigits.commands.live_files import Film, LockTable, save_frame
from camdigits.errors import CamdigitsError
from camdigits.reading import Box
from camdigits.video.events import EventLog
from camdigits.video.results import LiveResult
from camdigits.video.window import Status

Capture = pytest.CaptureFixture[str]


def test_locked_numbers_are_added_to_a_table(film_folder: Path, capsys: Capture) -> None:
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
def test_what_is_shown_is_saved(film_folder: Path, suffix: str) -> None:
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
    film_folder: Path, monkeypatch: pytest.MonkeyPatch
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
