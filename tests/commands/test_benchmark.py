"""Benchmark: tiny runs of the whole command, and second readers that are not there."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from terminal import Capture, complaint

from camdigits.commands import benchmark, second_reader
from camdigits.commands.benchmark import compare, main, synthesize


def test_the_frame_is_the_one_that_the_figures_are_about() -> None:
    (first,), (written,) = synthesize(1, (640, 360), seed=3)
    (again,), _ = synthesize(1, (640, 360), seed=3)
    assert (first.shape, first.dtype) == ((360, 640, 3), np.uint8)
    np.testing.assert_array_equal(first, again)
    assert [len(number) for number in written] == [6, 6, 6]


def test_the_whole_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(benchmark, "PHOTO_SIZE", (800, 600))
    monkeypatch.setattr(benchmark, "FRAMES", 1)
    monkeypatch.setattr(benchmark, "PHOTOS", 1)
    monkeypatch.setattr(benchmark, "second_reader", lambda name: lambda picture: ["12"])
    own = tmp_path / "own.png"
    cv2.imwrite(str(own), synthesize(1, (640, 360), seed=3)[0][0])
    report_file = tmp_path / "report.json"
    arguments = ["--repeats", "3", "--starts", "1", "--json", str(report_file)]
    assert main([*arguments, "--pictures", str(own), "--against", "tesseract"]) == 0
    report = json.loads(report_file.read_text(encoding="utf-8"))
    for part in (report["frame"], report["photo"], report["pictures"][str(own)]):
        assert 0 < part["total"]["median_ms"] <= part["total"]["p95_ms"]
        stages = sum(stage["median_ms"] for stage in part["stages"].values())
        assert 0 < stages < 3 * part["total"]["p95_ms"]
    assert (report["frame"]["width"], report["frame"]["height"]) == (1280, 720)
    assert report["frame"]["numbers"] == 3
    assert 0 < report["frame"]["numbers_found"] <= report["frame"]["numbers"]
    assert report["startup"]["heavy_modules"] == []
    assert 0 < report["startup"]["median_s"] < 60
    # The process loads numpy and OpenCV at the very least.
    assert 30 < report["peak_memory_mb"] < 2000
    against = report["against"]
    assert list(against["pictures"]) == [str(own)]
    assert against["median_ratio"] < 1  # the second reader is a fake that takes no time
    printed = capsys.readouterr().out
    for expected in (
        "throughput",
        "not loaded: tensorflow, keras, streamlit",
        str(own),
        "median over pictures",
    ):
        assert expected in printed


def test_both_readers_take_turns() -> None:
    calls: list[tuple[str, int]] = []
    pictures = [np.full((2, 2, 3), value, np.uint8) for value in (1, 2)]

    def reader(name: str) -> object:
        def read(picture: np.ndarray) -> list[str]:
            calls.append((name, int(picture[0, 0, 0])))
            return []

        return read

    medians = compare(reader("ours"), reader("second"), pictures, repeats=2)  # type: ignore[arg-type]
    turn = [("ours", 1), ("second", 1)] * 3 + [("ours", 2), ("second", 2)] * 3
    assert calls == turn
    assert len(medians) == 2
    assert all(own > 0 and other > 0 for own, other in medians)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("rapidocr", "pip install rapidocr onnxruntime"),
        ("tesseract", "apt-get install tesseract-ocr"),
        ("other", "expected rapidocr or tesseract"),
    ],
)
def test_a_second_reader_that_is_not_there(
    name: str, remedy: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda module: None)
    monkeypatch.setattr(shutil, "which", lambda program: None)
    assert main(["--against", name]) == 2
    assert remedy in complaint(capsys)


def test_tesseract_reads_what_its_program_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nhead -c 2\necho\necho ' 12  345'\n")
    program.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(program))
    read = second_reader.second_reader("tesseract")
    assert read(np.zeros((4, 4, 3), np.uint8)) == ["BM", "12", "345"]


def test_tesseract_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\ncat >/dev/null\necho 'no language data' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(program))
    read = second_reader.second_reader("tesseract")
    with pytest.raises(second_reader.SecondReaderError, match="no language data"):
        read(np.zeros((4, 4, 3), np.uint8))


@pytest.mark.parametrize("arguments", [["--pictures", "nowhere.png"], ["--model", "nowhere"]])
def test_bad_input_is_one_line(arguments: list[str], capsys: Capture) -> None:
    assert main(arguments) == 2
    assert arguments[1] in complaint(capsys)


@pytest.mark.parametrize("there", [True, False])
def test_a_report_that_cannot_be_written_stops_the_run_before_it_begins(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    report = tmp_path / "report.json"
    if there:
        report.touch()
    locked = report if there else tmp_path
    # Locks do not hold the administrator, who may be running this.
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != locked)
    assert main(["--json", str(report)]) == 2
    assert "expected a file that can be written" in complaint(capsys)


def test_interrupting_is_130(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(benchmark, "synthesize", interrupted)
    assert main([]) == 130
    assert capsys.readouterr() == ("", "camdigits: stopped\n")


def test_a_heavy_module_is_1(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    report = {"startup": {"heavy_modules": ["keras"]}}
    monkeypatch.setattr(benchmark, "_run", lambda args: report)
    monkeypatch.setattr(benchmark, "_table", lambda report: "the figures")
    assert main([]) == 1
    assert capsys.readouterr() == ("the figures\n", "")
