"""Weights of a network out to and in from files, .h5 or .keras."""

from __future__ import annotations

import shutil
import tempfile
import warnings
import zipfile
from pathlib import Path

import keras

from camdigits.errors import ModelError


def save_weights(network: keras.Model, path: Path) -> None:
    """Write a whole network (.keras) or its weights alone (.h5) to ``path``.

    Raises ModelError where it cannot be written.
    """
    try:
        if path.suffix == ".keras":
            network.save(path)
            return
        # Keras takes no other ending than this for weights.
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            written = Path(folder) / "network.weights.h5"
            network.save_weights(written)
            shutil.move(written, path)
    except OSError as error:
        raise ModelError(f"{path}: cannot be written ({error.strerror})") from None


def load_weights(network: keras.Model, path: Path) -> None:
    """Set the weights of ``network`` from a .keras or .h5 file.

    Only numbers are read, no code. Raises ModelError for another kind of file or network.
    """
    try:
        with tempfile.TemporaryDirectory() as folder:
            ending = ".keras" if path.suffix == ".keras" else ".weights.h5"
            copy = Path(folder) / f"network{ending}"
            shutil.copyfile(path, copy)
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # Keras warns of layers that it leaves as they are
                network.load_weights(copy)
    except (OSError, ValueError, KeyError, UserWarning, zipfile.BadZipFile) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ModelError(
            f"{path}: its weights do not fit this network ({reason}); "
            "pass the hyperparameters that it was trained with"
        ) from None
