"""LiteRT networks on disk, ready to run; what they take and tell is checked as they load."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from camdigits.errors import ModelError
from camdigits.quiet import quiet_stderr

LARGEST_FILE = 64 * 1024 * 1024
THREADS = min(4, os.cpu_count() or 1)  # more gain nothing on networks this small


class Network:
    """Runs ``batch`` pictures of ``size`` (height, width) at a time; safe in several threads.

    ``result`` is the shape of what it tells of one. Raises ModelError for a file that is missing,
    damaged or another network.
    """

    def __init__(self, path: Path, size: tuple[int, int], result: tuple[int, ...], batch: int):
        self._shape, self._result = (batch, *size, 1), result
        self._lock = threading.Lock()
        self._interpreter, self._given, self._told = _load(path, self._shape, result)

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        """Return float32 (n, *result) logits for ``pictures`` float32 (n, height, width, 1)."""
        logits = np.empty((len(pictures), *self._result), np.float32)
        step = self._shape[0]
        batch = np.zeros(self._shape, np.float32)
        with self._lock:
            for start in range(0, len(pictures), step):
                part = pictures[start : start + step]
                batch[: len(part)] = part
                self._interpreter.set_tensor(self._given, batch)
                self._interpreter.invoke()
                told = self._interpreter.get_tensor(self._told)
                logits[start : start + step] = told[: len(part)]
        return logits


class PixelNetwork:
    """Tells ``classes`` of each pixel of one picture at a time, whose sides are multiples of
    ``step`` pixels; safe in several threads. Raises ModelError as :class:`Network` does."""

    def __init__(self, path: Path, step: int, classes: int) -> None:
        self._shape = (1, step, step, 1)
        self._lock = threading.Lock()
        result = (step, step, classes)
        self._interpreter, self._given, self._told = _load(path, self._shape, result)

    def logits(self, picture: np.ndarray) -> np.ndarray:
        """Return float32 (h, w, classes) logits for a ``picture`` float32 (h, w)."""
        given = picture[None, :, :, None]
        with self._lock:
            if given.shape != self._shape:
                self._interpreter.resize_tensor_input(self._given, list(given.shape))
                self._interpreter.allocate_tensors()
                self._shape = given.shape
            self._interpreter.set_tensor(self._given, given)
            self._interpreter.invoke()
            return np.asarray(self._interpreter.get_tensor(self._told)[0])


def _load(
    path: Path, shape: tuple[int, ...], result: tuple[int, ...]
) -> tuple[Interpreter, int, int]:
    """Return an interpreter for inputs of ``shape`` (batch, height, width, 1), and the indices of
    its input and of its output, which tells ``result`` of each."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ModelError(f"{path}: larger than {LARGEST_FILE >> 20} MB; not a camdigits model")
        content = path.read_bytes()
        with quiet_stderr():
            interpreter = Interpreter(model_content=content, num_threads=THREADS)
            given = interpreter.get_input_details()[0]
            interpreter.resize_tensor_input(given["index"], list(shape))
            interpreter.allocate_tensors()
            interpreter.invoke()  # a size that follows from the input's is known only then
        (given,), (told,) = interpreter.get_input_details(), interpreter.get_output_details()
    except OSError as error:
        raise ModelError(
            f"{path}: cannot be read ({error.strerror}); copy the model folder whole"
        ) from None
    except (ValueError, RuntimeError, IndexError):
        raise ModelError(
            f"{path}: is damaged or not a camdigits network; copy or train the model again"
        ) from None
    fits = given["dtype"] == told["dtype"] == np.float32
    if not fits or tuple(given["shape"]) != shape:
        raise ModelError(
            f"{path}: takes other pictures than float32 ({shape[1]}, {shape[2]}, 1); "
            "train the model with this version of camdigits"
        )
    if tuple(told["shape"][1:]) != result:
        classes = int(told["shape"][-1])
        raise ModelError(
            f"{path}: tells {classes} classes apart, expected {result[-1]}; "
            "train the model with this version of camdigits"
        )
    return interpreter, given["index"], told["index"]
