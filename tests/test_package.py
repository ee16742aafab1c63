"""What imports what: the engine starts without TensorFlow, and its rooms know only those before."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import camdigits

PACKAGE = Path(camdigits.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
HEAVY = {"tensorflow", "keras", "h5py"}


def imports(source: Path) -> Iterator[str]:
    """Every module that a source file imports anywhere, names taken from packages included."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{source}: imports are absolute"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importing(under: str, *unwanted: str) -> list[str]:
    """The imports below a package of ours that are, or lie in, an unwanted module."""
    return [
        f"{source.relative_to(PACKAGE)}: {name}"
        for source in sorted((PACKAGE / under).rglob("*.py"))
        for name in imports(source)
        if any(name == module or name.startswith(f"{module}.") for module in unwanted)
    ]


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, camdigits\n"
        "heavy = {'tensorflow', 'keras', 'streamlit', 'matplotlib', 'skimage', 'pypdfium2'}\n"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    call = [sys.executable, "-c", code]
    done = subprocess.run(call, capture_output=True, text=True, cwd=PACKAGE.parent, check=True)
    assert done.stdout.split() == []
    assert done.stderr == ""


def test_only_training_knows_tensorflow() -> None:
    users = {
        source.relative_to(PACKAGE).parts[0]
        for source in SOURCES
        for name in imports(source)
        if name.split(".")[0] in HEAVY
    }
    assert users == {"training"}


def test_only_the_site_knows_streamlit() -> None:
    users = {
        source.relative_to(PACKAGE).parts[0]
        for source in SOURCES
        for name in imports(source)
        if name.split(".")[0] in {"streamlit", "streamlit_webrtc"}
    }
    assert users <= {"web"}


@pytest.mark.parametrize(
    ("room", "unwanted"),
    [
        ("preprocess", ("segment", "recognize", "reader", "training", "commands")),
        ("segment", ("recognize", "reader", "training", "commands")),
        ("recognize", ("reader", "training", "commands")),
        ("training", ("commands",)),
    ],
)
def test_a_room_knows_only_those_before_it(room: str, unwanted: tuple[str, ...]) -> None:
    assert (PACKAGE / room).is_dir()
    assert importing(room, *(f"camdigits.{name}" for name in unwanted)) == []


@pytest.mark.parametrize("name", ["reading.py", "errors.py", "quiet.py"])
def test_the_ground_stands_alone(name: str) -> None:
    assert [module for module in imports(PACKAGE / name) if module.startswith("camdigits")] == []


def test_the_public_names_are_there() -> None:
    assert all(hasattr(camdigits, name) for name in camdigits.__all__)
    assert camdigits.__all__ == sorted(camdigits.__all__)


def test_every_error_of_ours_is_a_camdigits_error() -> None:
    for error in (camdigits.PictureError, camdigits.ModelError, camdigits.DataError):
        assert issubclass(error, camdigits.CamdigitsError)
