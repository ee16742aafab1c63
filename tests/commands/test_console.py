"""All commands at the terminal: streams that are closed or full, bad arguments, being stopped."""

from __future__ import annotations

import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pictures import draw_number, encode
from terminal import Capture, complaint, plain

from camdigits import commands
from camdigits.commands import console
from camdigits.commands.console import BAD_INPUT
from camdigits.commands.read import main
from camdigits.reader import Reader

CALL = "import sys; from camdigits.commands import main; sys.exit(main())"
MEASURING = ("train", "evaluate", "benchmark")


def run(*arguments: str, stdout: int = subprocess.PIPE, call: str = CALL, **options: Any) -> Any:
    """Run the installed command as its own process."""
    package = Path(commands.__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-c", call, "read", *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(package)},
        timeout=60,
        check=False,
        **options,
    )


def test_standard_input_takes_bytes(folder: Path) -> None:
    done = run("-", "--json", input=(folder / "p2.png").read_bytes())
    assert done.returncode == 0
    assert done.stderr == b""
    read = json.loads(done.stdout)
    assert read["source"] == "-"
    assert [string["text"] for string in read["strings"]] == ["714"]


def test_empty_standard_input() -> None:
    done = run("-", input=b"")
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.startswith(b"camdigits: standard input: ")
    assert done.stderr.count(b"\n") == 1


def test_native_libraries_are_not_heard(folder: Path) -> None:
    data = bytearray(encode(draw_number("714"), "TIFF", compression="tiff_lzw"))
    data[200:260] = b"\xff" * 60
    (folder / "scan.tif").write_bytes(data)
    done = run("scan.tif", cwd=folder)
    assert done.returncode == 2
    assert done.stderr.startswith(b"camdigits: scan.tif: ")
    assert done.stderr.count(b"\n") == 1


def test_a_closed_pipe_ends_quietly(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = run("p2.png", "p10.png", stdout=writing, cwd=folder)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(("closed", "code"), [("stdin", 2), ("stdout", 0), ("stderr", 0)])
def test_closed_streams_are_no_trouble(
    closed: str, code: int, folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, closed, None)
    assert main(["-"] if closed == "stdin" else ["p2.png"]) == code
    printed = capsys.readouterr()
    assert plain(printed.out) == (["714"] if closed == "stderr" else [])
    assert printed.err.startswith("camdigits: standard input: ") == (closed == "stdin")


def test_a_closed_pipe_without_standard_error(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    call = f"import sys; sys.stderr = None; {CALL}"
    done = run("p2.png", stdout=writing, call=call, cwd=folder)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
@pytest.mark.parametrize("arguments", ["", "--version"])
def test_the_list_of_commands_on_a_full_disk_is_one_line(arguments: str) -> None:
    call = f"import sys; from camdigits.commands import main; sys.exit(main({arguments.split()}))"
    with open("/dev/full", "wb") as full:
        done = run(stdout=full.fileno(), call=call)
    assert done.returncode == BAD_INPUT
    assert done.stderr.startswith(b"camdigits: standard output cannot be written")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_a_full_disk_is_one_line(folder: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = run("p2.png", stdout=full.fileno(), cwd=folder)
    assert done.returncode == 2
    assert done.stderr.startswith(b"camdigits: standard output cannot be written")
    assert done.stderr.count(b"\n") == 1


def test_interrupting_is_130(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: Reader, image: np.ndarray, **options: object) -> object:
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("the interrupt was swallowed")

    monkeypatch.setattr(Reader, "trace", interrupted)
    # Python leaves SIGINT alone where it starts with it ignored, as background jobs do.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert main(["p2.png", "p10.png"]) == 130
    finally:
        signal.signal(signal.SIGINT, before)
    assert capsys.readouterr() == ("", "camdigits: stopped\n")


@pytest.mark.parametrize("arguments", [[], ["--colour", "p2.png"], ["--json", "--csv", "p2.png"]])
def test_bad_arguments_are_one_line(arguments: list[str], capsys: Capture) -> None:
    assert main(arguments) == BAD_INPUT
    assert complaint(capsys).endswith("see camdigits read --help\n")


@pytest.mark.parametrize(
    ("name", "option", "value"),
    [
        ("train", "--epochs", "abc"),
        ("train", "--dropout", "half"),
        ("train", "--learning-rate", "nan"),
        ("evaluate", "--limit", "0"),
        ("evaluate", "--worst", "two"),
        ("evaluate", "--sets", "all"),
        ("evaluate", "--json", "nowhere/report.json"),
        ("benchmark", "--repeats", "0"),
        ("benchmark", "--against-repeats", "1.5"),
        ("benchmark", "--json", "nowhere/report.json"),
        *((name, "--seed", value) for name in MEASURING for value in ("-1", "x", str(2**32))),
    ],
)
def test_a_bad_option_value_is_one_line(
    name: str, option: str, value: str, capsys: Capture
) -> None:
    assert commands.main([name, option, value]) == BAD_INPUT
    line = complaint(capsys)
    assert f"argument {option}: " in line
    assert value in line
    assert "usage" not in line
    assert line.endswith(f"; see camdigits {name} --help\n")


@pytest.mark.parametrize("name", MEASURING)
def test_an_unknown_option_is_one_line(name: str, capsys: Capture) -> None:
    assert commands.main([name, "--colour"]) == BAD_INPUT
    assert "--colour" in complaint(capsys)


def test_names_that_cannot_be_encoded(folder: Path, capsys: Capture) -> None:
    name = os.fsdecode(b"caf\xe9 714.png")
    try:
        (folder / name).write_bytes((folder / "p2.png").read_bytes())
    except OSError:
        pytest.skip("this file system takes no such name")
    for option in ([], ["--json"], ["--csv"]):
        assert main([*option, name, "p10.png"]) == 0
        printed = capsys.readouterr().out
        assert "714" in printed.replace("714.png", "")
        assert r"\udce9" in printed


def test_the_command_lists_and_finds_commands(folder: Path, capsys: Capture) -> None:
    for arguments in ([], ["--help"]):
        assert commands.main(arguments) == 0
        printed = capsys.readouterr().out
        assert all(f"  {name} " in printed for name in commands.COMMANDS)
    assert commands.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("camdigits ")
    assert commands.main(["raed", "p2.png"]) == 2
    assert capsys.readouterr().err.startswith("camdigits: there is no command 'raed'; ")
    assert commands.main(["read", "p2.png"]) == 0
    assert plain(capsys.readouterr().out) == ["714"]


@pytest.mark.parametrize("name", commands.COMMANDS)
def test_each_command_is_its_script_and_explains_itself(name: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        commands.main([name, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: camdigits {name} ")
    script = runpy.run_path(str(Path(__file__).parents[2] / "scripts" / f"{name}.py"))
    assert script["main"] is importlib.import_module(f"camdigits.commands.{name}").main


def test_errors_are_one_line_whatever_they_say(capsys: Capture) -> None:
    console.complain("first\nsecond\r\nthird")
    assert capsys.readouterr().err == "camdigits: first second third\n"
