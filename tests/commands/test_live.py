"""The live command without a window: its events, its options, bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scenes import FILM

from camdigits.commands.live import main

Capture = pytest.CaptureFixture[str]


def told(printed: str) -> list[tuple[str, str]]:
    """The event and text of each line, all of which are JSON."""
    events = [json.loads(line) for line in printed.splitlines()]
    keys = {"event", "time", "id", "text", "confidence", "fits", "box"}
    assert all(keys <= event.keys() for event in events)
    return [(event["event"], event["text"]) for event in events]


def test_a_film_frame_by_frame(film_folder: Path, capsys: Capture) -> None:
    assert main(FILM) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert told(printed.out) == [("found", "2247"), ("locked", "2247"), ("lost", "2247")]
    times = [json.loads(line)["time"] for line in printed.out.splitlines()]
    assert times == sorted(times)
    assert 0 < times[0] < times[2] < 2


def test_frame_by_frame_is_repeatable(film_folder: Path, capsys: Capture) -> None:
    outputs = []
    for _ in range(2):
        main(FILM)
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]


def test_in_real_time(film_folder: Path, capsys: Capture) -> None:
    assert main(FILM[:3]) == 0
    events = told(capsys.readouterr().out)
    assert set(events) <= {("found", "2247"), ("locked", "2247"), ("lost", "2247")}


def test_seconds_of_film(film_folder: Path, capsys: Capture) -> None:
    assert main([*FILM, "--seconds", "0.8"]) == 0
    assert told(capsys.readouterr().out) == [("found", "2247"), ("locked", "2247")]


def test_seconds_end_what_has_no_end(film_folder: Path, capsys: Capture) -> None:
    source = ["--source", "sim:number.png", "--width", "640", "--height", "360"]
    assert main([*source, "--headless", "--seconds", "1"]) == 0
    told(capsys.readouterr().out)


def test_no_display_is_told_and_goes_on(film_folder: Path, capsys: Capture) -> None:
    assert main([FILM[0], FILM[1], "--every-frame"]) == 0
    printed = capsys.readouterr()
    assert printed.err.startswith("camdigits: there is no display (DISPLAY is not set); ")
    assert printed.err.count("\n") == 1
    assert ("locked", "2247") in told(printed.out)


def test_region_and_length(film_folder: Path, capsys: Capture) -> None:
    assert main([*FILM, "--roi", "0,0.6,1,0.4"]) == 0
    assert capsys.readouterr().out == ""
    assert main([*FILM, "--expect", "5-6"]) == 0
    assert capsys.readouterr().out == ""
    assert main([*FILM, "--roi", "0,0,1,0.6", "--expect", "4"]) == 0
    assert ("locked", "2247") in told(capsys.readouterr().out)


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
    arguments: list[str], says: str, film_folder: Path, capsys: Capture
) -> None:
    assert main([*arguments, "--headless"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err
    assert printed.err.count("\n") == 1
