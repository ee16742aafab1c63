"""Evaluate: the whole command on small sets, made here or drawn from the data folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import pytest
from terminal import Capture

from camdigits.commands import evaluate
from camdigits.commands.benchmark import synthesize
from camdigits.commands.contact_sheet import caption
from camdigits.commands.evaluate import main
from camdigits.commands.figures_table import columns, percent
from camdigits.reader import Reader
from camdigits.training import tasks
from camdigits.training.collections import VARIABLE
from camdigits.training.evaluation import Evaluation
from camdigits.training.figures import Reading
from camdigits.training.spoiled import KINDS
from camdigits.training.synthetic import string_tasks


@pytest.fixture(scope="module")
def photo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of three synthesized photos from two sources and one without digits."""
    root = tmp_path_factory.mktemp("data")
    folder = root / "photos"
    folder.mkdir()
    pictures, written = synthesize(3, (640, 360), seed=5)
    lines = ["file\trepo\tlines"]
    for index, (picture, numbers) in enumerate(zip(pictures, written, strict=True)):
        cv2.imwrite(str(folder / f"{index}.png"), picture)
        lines.append(f"{index}.png\tsource {index // 2}\t{' '.join(numbers[:2])} | {numbers[2]}")
    blank = pictures[0].copy()
    blank[:] = 230
    cv2.imwrite(str(folder / "blank.png"), blank)
    lines.append("blank.png\tnone\t")
    (folder / "labels.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root


def test_photos(photo_folder: Path, tmp_path: Path, capsys: Capture) -> None:
    report = tmp_path / "report.json"
    arguments = ["--data", str(photo_folder), "--sets", "photos", "--json", str(report)]
    assert main(arguments) == 0
    photos = json.loads(report.read_text(encoding="utf-8"))["sets"]["photos"]
    assert (photos["pictures"], photos["numbers"], photos["pictures_without_digits"]) == (3, 9, 1)
    assert 0 < photos["numbers_found"] <= 1
    assert photos["strict"] <= photos["numbers_found"]
    assert photos["false_digits_per_picture"] == 0
    shares = [own["numbers_found"] for own in photos["sources"].values()]
    assert photos["numbers_found_mean_over_sources"] == pytest.approx(sum(shares) / 2)
    printed = capsys.readouterr().out
    for expected in ("source 0", "source 1", "mean over sources", "false digits: 0.00"):
        assert expected in printed


def test_photos_in_bad_light_and_unsteady_hands(
    photo_folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    report, out = tmp_path / "report.json", tmp_path / "worst"
    arguments = ["--data", str(photo_folder), "--sets", "spoiled", "--json", str(report)]
    assert main([*arguments, "--worst", "1", "--out", str(out)]) == 0
    spoiled = json.loads(report.read_text(encoding="utf-8"))["sets"]["spoiled"]
    assert set(spoiled["sources"]) == set(KINDS)
    assert spoiled["numbers"] == 9 * len(KINDS)
    assert spoiled["pictures_without_digits"] == len(KINDS)
    assert 0.8 < spoiled["numbers_found"] <= 1
    assert "Photos spoiled" in capsys.readouterr().out
    assert cv2.imread(str(out / "worst-spoiled.png")) is not None


def test_photographs_without_digits(tmp_path: Path, capsys: Capture) -> None:
    report = tmp_path / "report.json"
    assert main(["--sets", "scenes", "--limit", "5", "--json", str(report)]) == 0
    figures = json.loads(report.read_text(encoding="utf-8"))["sets"]["scenes"]
    assert figures["pictures_without_digits"] == 5
    assert sum(figures["sources"].values()) == 5 * figures["false_digits_per_picture"]
    assert figures["accepted_per_picture"] <= figures["false_digits_per_picture"] < 1
    assert "Photographs without digits" in capsys.readouterr().out


def test_the_worst_pictures_are_shown(photo_folder: Path, tmp_path: Path) -> None:
    # Labels that nobody could read make every picture a mistake.
    shutil.copytree(photo_folder, tmp_path / "data")
    table = tmp_path / "data" / "photos" / "labels.tsv"
    table.write_text("file\trepo\tlines\n0.png\ts\t1111111 | 22\n1.png\ts\t33\n", encoding="utf-8")
    out = tmp_path / "new" / "worst"
    arguments = ["--data", str(tmp_path / "data"), "--sets", "photos"]
    assert main([*arguments, "--worst", "2", "--out", str(out)]) == 0
    both = cv2.imread(str(out / "worst-photos.png"))
    assert main([*arguments, "--worst", "1", "--out", str(out)]) == 0
    one = cv2.imread(str(out / "worst-photos.png"))
    assert both.shape[0] > one.shape[0] > 360
    assert both.shape[1] == one.shape[1]


def test_sets_of_the_data_folder(data_folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    limits = ["--limit", "36", "--strings", "36", "--papers", "32", "--json", str(report)]
    glyphs = ["mnist", "optdigits", "pendigits", "letters"]
    sets = [*glyphs, "cheques", "held", "marked", "arranged", "synthetic", "papers"]
    assert main(["--data", str(data_folder), *limits, "--sets", *sets]) == 0
    figures = json.loads(report.read_text(encoding="utf-8"))["sets"]
    assert list(figures) == sets
    for name in glyphs:
        assert figures[name]["glyphs"] == 36
    assert figures["mnist"]["accuracy"] >= 0.9
    assert 0 < figures["letters"]["refused"] <= 1
    assert figures["cheques"]["pictures"] == 36
    assert figures["cheques"]["whole_string_exact"] > 0.3
    strings = figures["synthetic"]
    assert len(strings["conditions"]) == 4
    assert set(strings["conditions"]["plain, 0% touching"]["by_length"]) == {
        str(length) for length in range(2, 11)
    }
    assert strings["calibration"]["low"] <= strings["calibration"]["ece"]
    assert sum(own["pictures"] for own in strings["conditions"].values()) == 36
    held = figures["held"]
    assert sorted(own["pictures"] for own in held["sources"].values()) == [7, 7, 7, 7, 8]
    assert held["numbers_found"] > 0.7
    marked = figures["marked"]
    assert sorted(own["pictures"] for own in marked["sources"].values()) == 4 * [3] + 6 * [4]
    assert marked["numbers_found"] > 0.6
    arranged = figures["arranged"]
    assert [own["pictures"] for own in arranged["sources"].values()] == 12 * [3]
    assert arranged["numbers_found"] > 0.5
    papers = figures["papers"]
    assert {source.split(":")[0] for source in papers["sources"]} == {"page", "field"}
    assert [own["pictures"] for own in papers["sources"].values()] == 16 * [2]
    assert papers["numbers_found"] > 0.5


def test_synthetic_strings_come_out_the_same_from_several_processes(data_folder: Path) -> None:
    model = Reader().model.folder
    strings = string_tasks(8)
    alone = tasks.read_tasks(strings, data_folder, model, seed=1, processes=1)
    halves = [strings[:4], strings[4:]]
    shared = list(tasks._parts(halves, data_folder, model, seed=1, processes=2))
    assert [reading for part in shared for reading in part] == alone


def test_what_is_not_at_hand_is_skipped_and_said(photo_folder: Path, capsys: Capture) -> None:
    arguments = ["--data", str(photo_folder), "--sets", "optdigits", "cheques", "photos"]
    assert main(arguments) == 2
    printed = capsys.readouterr().out
    assert "skipped optdigits: optdigits.npz is not in the data folder" in printed
    assert "skipped cheques:" in printed
    assert "Photos by source" in printed


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [(["--model", "nowhere"], "nowhere"), (["--data", "nowhere", "--sets", "photos"], "nowhere")],
)
def test_bad_places_are_named(arguments: list[str], complaint: str, capsys: Capture) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert complaint in printed.out + printed.err
    assert "Traceback" not in printed.out + printed.err


def test_no_data_folder_at_all(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert main(["--sets", "photos", "cheques", "letters"]) == 2
    assert capsys.readouterr().out.count("--data") >= 2


def test_a_closed_pipe_costs_no_report(
    photo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def closed(figures: object) -> str:
        raise BrokenPipeError

    monkeypatch.setattr(evaluate, "tables", closed)
    report = tmp_path / "report.json"
    arguments = ["--data", str(photo_folder), "--sets", "photos", "--limit", "1"]
    assert main([*arguments, "--json", str(report)]) == 0
    assert "photos" in json.loads(report.read_text(encoding="utf-8"))["sets"]
    assert "camdigits: " not in capsys.readouterr().err


def test_interrupting_is_130(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def interrupted(self: Evaluation, name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Evaluation, "measure", interrupted)
    assert main(["--sets", "photos"]) == 130
    assert capsys.readouterr().err == "camdigits: stopped\n"


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (Reading("a.png", "s", ("12", "5"), ("12",), (0.875,)), "a.png: 12 5, read 12 (0.88)"),
        (Reading("a.png", "s", (), (), ()), "a.png: no digits, read nothing"),
    ],
)
def test_captions(reading: Reading, expected: str) -> None:
    assert caption(reading) == expected


def test_columns_align() -> None:
    assert columns([["name", "n"], ["a", "10"], ["long name", ""]]) == (
        "name        n\na          10\nlong name"
    )
    assert (percent(0.5), percent(0.99567, 2), percent(None)) == ("50.0%", "99.57%", "-")
