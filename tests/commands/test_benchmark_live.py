"""Benchmark of the live reading: what it counts, by hand, and a tiny run of the whole command."""

from __future__ import annotations

import json
import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from sightings import live, number
from terminal import Capture, complaint

from camdigits.commands import benchmark_live
from camdigits.commands.benchmark import main
from camdigits.commands.benchmark_live import number_figures
from camdigits.commands.benchmark_load import memory, speed, there_and_back
from camdigits.commands.benchmark_replay import (
    Film,
    FilmFigures,
    Shot,
    changes_after_lock,
    film_figures,
    first_locks,
    lock_delays,
    poisson_upper,
    replay,
)
from camdigits.commands.benchmark_scenes import empty_scenes, spread
from camdigits.reading import Page
from camdigits.recognize.formats import Format
from camdigits.video.results import LiveResult

FRAMES = [np.full((48, 64, 3), 200, np.uint8)] * 8


class Slow:
    """Takes as long for each frame as it is told, on its own clock."""

    def __init__(self, *seconds: float) -> None:
        self.seconds = list(seconds)
        self.now = 100.0
        self.times: list[float] = []

    def update(self, frame: np.ndarray, time: float) -> LiveResult:
        self.times.append(time)
        self.now += self.seconds.pop(0)
        return live(time=time)


@pytest.mark.parametrize(
    ("seconds", "taken"),
    [
        ([0.125] * 8, [0, 1, 2, 3, 4, 5, 6, 7]),  # free just as the next frame comes
        ([0.0] * 8, [0, 1, 2, 3, 4, 5, 6, 7]),
        ([0.1875] * 4, [0, 2, 4, 6]),
        ([0.375, 0.0625, 0.5], [0, 3, 4]),
        ([9.0], [0]),
    ],
)
def test_the_delay_drops_frames(seconds: list[float], taken: list[int]) -> None:
    slow = Slow(*seconds)
    shots = replay(slow.update, FRAMES, 8.0, lambda: slow.now)
    assert [shot.index for shot in shots] == taken
    assert slow.times == [k / 8 for k in taken]
    assert [shot.there for shot in shots] == [
        k / 8 + s for k, s in zip(taken, seconds, strict=True)
    ]


@pytest.mark.parametrize(
    ("count", "mean"), [(0, -math.log(0.05)), (1, 4.743865), (2, 6.295794), (10, 16.962219)]
)
def test_the_upper_bound_of_a_poisson_mean(count: int, mean: float) -> None:
    assert poisson_upper(count) == pytest.approx(mean, abs=1e-6)


@pytest.mark.parametrize(
    ("results", "changes", "seconds"),
    [
        ([], 0, 0.0),
        ([live((1, "12", None), time=1.0), live(time=2.0)], 0, 0.0),
        ([live((1, "12", 1.0), time=1.0), live((1, "12", 1.0), time=3.0)], 0, 2.0),
        # A lock lost, another string in its place: one change.
        ([live((1, "12", 1.0), time=1.0), live((2, "13", 2.0), time=2.0)], 1, 1.0),
        ([live((1, "12", 1.0), time=1.0), live((1, "13", 1.0), time=2.0)], 1, 1.0),
        ([live((1, "12", 1.0), time=1.0), live((1, "12", None), time=2.0)], 1, 1.0),
        # A second lock beside the first is none; both gone are two.
        (
            [
                live((1, "12", 0.5), time=0.5),
                live((1, "12", 0.5), (2, "3", 1.0), time=1.0),
                live(time=1.5),
                live(time=4.5),
            ],
            2,
            4.0,
        ),
    ],
)
def test_changes_after_lock(results: list[LiveResult], changes: int, seconds: float) -> None:
    assert changes_after_lock(results) == (changes, seconds)


def test_the_first_lock_of_each_string_and_its_delay() -> None:
    shots = [
        Shot(0, 0.25, live((1, "12", None), (2, "3", 0.0), time=0.0)),
        Shot(4, 0.75, live((1, "12", 0.5), (2, "3", 0.0), time=0.5)),
        Shot(8, 1.25, live((3, "12", 1.0), (2, "3", 0.0), time=1.0)),
    ]
    assert [(s.index, string.text) for s, string in first_locks(shots)] == [
        (0, "3"),
        (4, "12"),
        (8, "12"),
    ]
    assert lock_delays(shots, {"12", "3", "77"}, 0.5) == [0.25, 0.0, None]


class Steady:
    """A reader that finds the same two numbers in every frame."""

    def read(
        self,
        image: np.ndarray,
        rotate: bool = True,
        expected: Format | None = None,
        again: bool = True,
    ) -> Page:
        return Page((number("1274", 20, 10), number("345", 20, 150)), 320, 240)


def test_locks_are_judged_by_the_place_in_the_still_picture() -> None:
    rng = np.random.default_rng(1)
    frames = [rng.integers(100, 200, (240, 320, 3), dtype=np.uint8) for _ in range(40)]
    # The frame shows the picture at half its size.
    places = [np.diag([0.5, 0.5, 1.0])] * 40
    film = Film(frames, 2.0, [False, *[True] * 39], places)
    still = Page((number("1274", 40, 20, height=80), number("945", 40, 300, height=80)), 640, 480)
    figures = film_figures(Steady(), film, ["1274", "945", "6"], still)
    assert (film.sharp_at, film.seconds, figures.shots) == (0.5, 20.0, 40)
    assert sorted(figures.locked_texts) == ["1274", "345"]
    assert sorted(figures.locks) == [False, True]
    assert sorted(figures.where_right) == [False, True]
    assert figures.confidences == pytest.approx([0.95, 0.95])
    assert (figures.numbers, figures.still_numbers, figures.locked_numbers) == (3, 2, 1)
    assert figures.single_numbers == 1.0
    assert sum(figures.singles) * 2 == len(figures.singles)
    delay, never = figures.delays
    assert delay is not None
    assert delay >= 0
    assert never is None
    assert figures.changes == 0


def test_each_film_counts_once_among_the_films() -> None:
    delays: list[list[float | None]] = [[1.0] * 5, [0.25, 0.5], [0.125], [None]]
    films = [FilmFigures(3.0, 90, len(own), [], 0, delays=own) for own in delays]

    told = number_figures(films)["to_lock"]

    assert (told["awaited"], told["never"]) == (9, 1)
    assert (told["median_s"], told["films_median_s"]) == (1.0, 0.375)
    assert told["films_p95_s"] == pytest.approx(0.9375)


def test_flat_out_counts_what_was_read() -> None:
    frames = [np.full((48, 64, 3), level, np.uint8) for level in (1, 2, 3)]
    film = there_and_back(frames)
    assert [int(next(film)[0, 0, 0]) for _ in range(9)] == [1, 2, 3, 2, 1, 2, 3, 2, 1]
    times: list[float] = []

    def update(frame: np.ndarray, time: float) -> LiveResult:
        times.append(time)
        return live((1, "12", 0.5), time=time)

    figures = speed(update, frames, 5, 10.0)
    assert times == [turn / 10 for turn in range(15)]
    assert (figures["width"], figures["height"], figures["read"]) == (64, 48, 5)
    assert figures["median_ms"] <= figures["p95_ms"]
    assert figures["strings_locked"] == 1


def test_memory_is_compared_from_a_tenth_on() -> None:
    held = iter([50.0, 53.5])
    figures = memory(lambda frame, time: live(), [FRAMES, FRAMES], 40, 30.0, lambda: next(held))
    assert figures == {
        "frames": 40,
        "settled_after": 4,
        "settled_mb": 50.0,
        "end_mb": 53.5,
        "growth_mb": 3.5,
    }
    assert memory(lambda f, t: live(), [FRAMES], 2, 30.0, lambda: None)["growth_mb"] is None


def test_pictures_without_digits() -> None:
    scenes = empty_scenes([], 7, (320, 180), seed=2)
    assert [scene.name for scene in scenes] == [
        *("blank paper 0", "written letters 1", "printed letters 2", "printed words 3"),
        *("dark desk 4", "hand 5", "blank paper 6"),
    ]
    for scene in scenes:
        picture = scene.open()
        assert (picture.shape, picture.dtype, scene.numbers) == ((180, 320, 3), np.uint8, ())
        assert (scene.cover is not None) == scene.name.startswith("hand")


def test_the_hand_moves_before_the_picture() -> None:
    cover = empty_scenes([], 6, (320, 180), seed=3)[-1].cover
    assert cover is not None
    white = np.full((180, 320, 3), 255, np.uint8)
    seen = [cover(white, time) for time in (0.0, 0.0, 0.5)]
    np.testing.assert_array_equal(seen[0], seen[1])
    for frame in seen:
        covered = (frame != white).any(axis=2)
        assert 0.02 < covered.mean() < 0.7
    assert (seen[0] != seen[2]).any()


def test_films_are_spread_over_the_pictures() -> None:
    assert spread("abcdef", 3) == ["a", "c", "e"]
    assert spread("ab", 3) == ["a", "b", "a"]
    assert spread("", 3) == []


def test_the_whole_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.delenv("CAMDIGITS_DATA", raising=False)
    monkeypatch.setattr(benchmark_live, "FILM_SIZE", (320, 240))
    monkeypatch.setattr(benchmark_live, "SPEED_SIZES", ((160, 120),))
    monkeypatch.setattr(benchmark_live, "SPEED_FRAMES", 3)
    photos = tmp_path / "photos"
    photos.mkdir()
    for name in ("number.png", "nothing.png"):
        cv2.imwrite(str(photos / name), np.full((60, 80, 3), 230, np.uint8))
    (photos / "labels.tsv").write_text("file\tlines\nnumber.png\t12\nnothing.png\t\n")
    report_file = tmp_path / "report.json"
    arguments = ["live", "--films", "2", "--without", "3", "--seconds", "0.2", "--frames", "5"]
    assert main([*arguments, "--data", str(tmp_path), "--json", str(report_file)]) == 0
    report = json.loads(report_file.read_text(encoding="utf-8"))
    assert list(report["numbers"]) == ["pages", "photos", "all"]
    assert report["numbers"]["all"]["films"] == 4
    assert report["numbers"]["photos"]["numbers"] == 2
    assert report["numbers"]["all"]["seconds"] == pytest.approx(0.8)
    assert report["without_digits"]["films"] == 3
    assert report["without_digits"]["minutes"] == pytest.approx(0.6 / 60)
    assert [(part["width"], part["frames"]) for part in report["speed"]] == [(160, 3)]
    assert report["memory"]["frames"] == 5
    printed = capsys.readouterr().out
    for expected in ("seconds to lock, median", "photos", "false locks: ", "160x120", "memory: "):
        assert expected in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--seconds", "0"], "expected seconds from 0.1 to 20, got '0'"),
        (["--seconds", "nan"], "expected seconds from 0.1 to 20"),
        (["--films", "0"], "expected a whole number from 1"),
        (["--data", "nowhere"], "nowhere holds no photos"),
        (["--model", "nowhere"], "nowhere"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], message: str, capsys: Capture) -> None:
    assert main(["live", *arguments]) == 2
    assert message in complaint(capsys)
