"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pylibsrtp  # noqa: F401 - crashes where TensorFlow came first; the tests need both
import pytest
from hypothesis import settings

from camdigits.reader import Reader

# Speed is watched by the benchmark: a busy machine fails no test.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Return the folder of the data sets; skip where it is absent."""
    named = os.environ.get("CAMDIGITS_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared"
    if not (folder / "data" / "mnist.npz").is_file() and not (folder / "mnist.npz").is_file():
        pytest.skip(f"no data sets in {folder}; set CAMDIGITS_DATA to measure on them")
    return folder


@pytest.fixture(scope="session")
def reader() -> Reader:
    """Return a reader with the model that is shipped."""
    return Reader("default")
