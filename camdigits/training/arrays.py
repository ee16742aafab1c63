"""Reading arrays from the .npz files of a data folder, with checks of their layout."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np

from camdigits.errors import DataError

Layout = dict[str, tuple[str, tuple[int | None, ...]]]
"""For each array the kinds of number it may hold (numpy's letters) and its shape."""


def find_file(data: Path | None, name: str) -> Path | None:
    """Return the path of ``name`` in the data folder or its ``data/`` subfolder, None if absent."""
    if data is None:
        return None
    for path in (Path(data) / name, Path(data) / "data" / name):
        if path.is_file():
            return path
    return None


def read_arrays(path: Path, layout: Layout) -> dict[str, np.ndarray]:
    """Read the named arrays of an .npz file and check kind and shape (None: any length).

    Raises DataError for a file that is no .npz, lacks an array, or has one of another layout.
    """
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {name: file[name] for name in layout if name in file.files}
    except (OSError, ValueError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(
            f"{path} cannot be read as an .npz file ({error}); copy it again from its source."
        ) from error
    for name, (kinds, shape) in layout.items():
        if name not in arrays:
            raise DataError(f"{path} has no array '{name}'; expected {', '.join(layout)}.")
        array = arrays[name]
        fits = array.ndim == len(shape) and all(
            want is None or want == got for want, got in zip(shape, array.shape, strict=True)
        )
        if array.dtype.kind not in kinds or not fits:
            wanted = "x".join("n" if length is None else str(length) for length in shape)
            raise DataError(
                f"{path}: array '{name}' is {array.dtype} of shape {array.shape}, expected "
                f"kind '{kinds}' of shape {wanted}; copy the file again from its source."
            )
    return arrays


def needed_file(data: Path | None, name: str) -> Path:
    """Return the path of a file of the data folder; raises DataError where it is absent."""
    path = find_file(data, name)
    if path is None:
        raise DataError(
            f"{name} is not in the data folder {data}; point --data or CAMDIGITS_DATA at the "
            "folder that holds it, or train without it."
        )
    return path


def same_length(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Raise DataError, naming the file, unless all arrays have the same length."""
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) != 1:
        raise DataError(f"{path}: arrays differ in length ({lengths}); copy the file again.")
