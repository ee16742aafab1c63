"""Other people's readers, to be timed beside ours: RapidOCR and Tesseract, where installed."""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import subprocess
from collections.abc import Callable

import cv2
import numpy as np

from camdigits.errors import CamdigitsError

SecondReader = Callable[[np.ndarray], list[str]]
"""Takes a picture, uint8 BGR (height, width, 3), and returns the texts that it reads."""


class SecondReaderError(CamdigitsError):
    """A second reader that is not installed or that failed."""


def second_reader(name: str) -> SecondReader:
    """Return the reader called ``name``, ready to be timed.

    Raises SecondReaderError where it is not installed, saying how to install it, or unknown.
    """
    makers = {"rapidocr": _rapidocr, "tesseract": _tesseract}
    if name not in makers:
        raise SecondReaderError(
            f"no second reader is called {name!r}; expected {' or '.join(makers)}"
        )
    return makers[name]()


def _rapidocr() -> SecondReader:
    missing = [m for m in ("rapidocr", "onnxruntime") if importlib.util.find_spec(m) is None]
    if missing:
        raise SecondReaderError(
            f"RapidOCR cannot run without {' and '.join(missing)}; "
            "run: pip install rapidocr onnxruntime"
        )
    engine = importlib.import_module("rapidocr").RapidOCR()

    def read(picture: np.ndarray) -> list[str]:
        return list(engine(picture).txts or ())

    return read


def _tesseract() -> SecondReader:
    program = shutil.which("tesseract")
    if program is None:
        raise SecondReaderError(
            "Tesseract cannot run: no program called tesseract is on the PATH; "
            "run: apt-get install tesseract-ocr (or brew install tesseract)"
        )
    # One uniform block of text, digits only: the setting usually given for numbers.
    settings = ["--psm", "6", "-c", "tessedit_char_whitelist=0123456789"]

    def read(picture: np.ndarray) -> list[str]:
        # Uncompressed, so that encoding costs next to nothing beside reading.
        _, encoded = cv2.imencode(".bmp", picture)
        run = subprocess.run(
            [program, "stdin", "stdout", *settings],
            input=encoded.tobytes(),
            capture_output=True,
            check=False,
        )
        if run.returncode:
            complaint = run.stderr.decode(errors="replace").strip().splitlines()
            raise SecondReaderError(f"tesseract failed: {complaint[-1] if complaint else ''}")
        return run.stdout.decode(errors="replace").split()

    return read
