"""Benchmark of the site: what it tells of visits, its refusals, and one real visit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from terminal import Capture, complaint

from camdigits.commands import benchmark_site, site_process
from camdigits.commands.benchmark import main
from camdigits.commands.site_process import find_chromium, running_site
from camdigits.errors import CamdigitsError

REPO = Path(__file__).resolve().parents[2]


def visit(**changed: object) -> dict:
    told = {
        "title_s": 1.0,
        "usable_s": 2.0,
        "first_frame_s": 0.5,
        "number_s": 0.25,
        "written": "3240",
        "read": "3240",
        "frames_per_second": 30.0,
        "server_frames_per_second": 29.0,
        "read_within_ms": 60.0,
        "closed_s": 8.0,
        "memory_mb": 250.0,
        "complaints": [],
    }
    return {**told, **changed}


def report(*visits: dict) -> dict:
    return {
        "machine": "a machine",
        "video": {"size": [640, 480], "seconds": 20.0},
        "up_s": 1.5,
        "visits": list(visits),
        "log_troubles": [],
    }


def row(table: str, words: str) -> list[str]:
    return next(x for x in table.splitlines() if x.startswith(words)).removeprefix(words).split()


def test_the_first_visitor_the_later_ones_and_the_worst_are_told_apart() -> None:
    table = benchmark_site._table(
        report(
            visit(title_s=4.0, read_within_ms=10.0),
            visit(title_s=1.0, frames_per_second=20.0, read="3248"),
            visit(title_s=1.5, frames_per_second=25.0, read_within_ms=90.0),
            visit(title_s=1.25, frames_per_second=24.0, complaints=["it broke"], memory_mb=256.4),
        )
    )
    assert row(table, "page asked for to its title") == ["4.00", "1.25", "4.00"]
    assert row(table, "frames shown a second") == ["30.0", "24.0", "20.0"]
    assert row(table, "ms from a frame to its reading") == ["10.0", "60.0", "90.0"]
    assert "numbers read rightly: 3 of 4" in table
    assert "memory after the first visit 250 MB, after the last 256 MB" in table
    assert "in the browsers' consoles: 1\n  it broke" in table


def test_what_cannot_be_told_is_a_dash() -> None:
    table = benchmark_site._table(report(visit(closed_s=None, memory_mb=None)))
    assert row(table, "tab closed to its last thread gone") == ["-", "-", "-"]
    assert "memory unknown on this system" in table
    assert row(table, "page asked for to its title") == ["1.00", "-", "1.00"]


def test_the_caption_of_the_page_is_understood() -> None:
    told = benchmark_site._told("24 frames a second · read within 95 ms")
    assert told == {"server_frames_per_second": 24.0, "read_within_ms": 95.0}


@pytest.mark.parametrize("seconds", ["0", "nan", "601", "soon"])
def test_seconds_are_checked(seconds: str, capsys: Capture) -> None:
    assert main(["site", "--seconds", seconds]) == 2
    assert f"expected seconds from 1 to 600, got '{seconds}'" in complaint(capsys)


def test_without_a_browser_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Capture
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["site"]) == 2
    assert "no Chromium on the PATH; install it" in complaint(capsys)


def test_the_site_is_sought_in_the_working_folder(tmp_path: Path) -> None:
    with (
        pytest.raises(CamdigitsError, match=r"streamlit_app\.py: not there; run this in the proj"),
        running_site(tmp_path, tmp_path / "log.txt"),
    ):
        pass


def test_a_site_that_ends_as_it_starts_tells_why(tmp_path: Path) -> None:
    (tmp_path / site_process.SCRIPT).write_text("")
    with (
        pytest.raises(CamdigitsError, match=r"(?s)site ended as it started: .*not a valid integer"),
        running_site(tmp_path, tmp_path / "log.txt", "--server.port", "none"),
    ):
        pass


@pytest.mark.skipif(find_chromium() is None, reason="no Chromium; install the package chromium")
def test_a_visit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.chdir(REPO)
    file = tmp_path / "site.json"
    assert main(["site", "--visits", "1", "--seconds", "1", "--json", str(file)]) == 0
    (told,) = json.loads(file.read_text())["visits"]
    assert told["read"] == told["written"]
    assert told["complaints"] == []
    assert 0 < told["title_s"] <= told["usable_s"]
    assert told["frames_per_second"] > 0
    assert "numbers read rightly: 1 of 1" in capsys.readouterr().out
