"""The loaders of the glyph collections: layouts, splits by writer, and damaged files."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import numpy as np
import pytest

from camdigits.errors import DataError
from camdigits.training import datasets


def test_find_file_looks_in_the_folder_and_in_its_data_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "a.npz").write_bytes(b"")
    (tmp_path / "data" / "b.npz").write_bytes(b"")
    assert datasets.find_file(tmp_path, "a.npz") == tmp_path / "a.npz"
    assert datasets.find_file(tmp_path, "b.npz") == tmp_path / "data" / "b.npz"
    assert datasets.find_file(tmp_path, "c.npz") is None
    assert datasets.find_file(None, "a.npz") is None


def test_mnist_splits_share_no_writer(tiny_mnist: Path) -> None:
    train = datasets.mnist_glyphs(tiny_mnist, "train")
    validation = datasets.mnist_glyphs(tiny_mnist, "validation")
    test = datasets.mnist_glyphs(tiny_mnist, "test")
    assert len(train) + len(validation) == 1000
    assert len(validation) == 100
    assert len(test) == 200
    assert not set(train.writers) & set(validation.writers)


def test_mnist_splits_follow_named_writers(tiny_mnist: Path) -> None:
    rng = np.random.default_rng(1)
    np.savez(
        tiny_mnist / "mnist_writers.npz",
        writer_train=rng.integers(0, 40, 1000).astype(np.int32),
        writer_test=rng.integers(100, 110, 200).astype(np.int32),
    )
    train = datasets.mnist_glyphs(tiny_mnist, "train")
    validation = datasets.mnist_glyphs(tiny_mnist, "validation")
    assert len(set(validation.writers)) == 4
    assert not set(train.writers) & set(validation.writers)
    assert min(datasets.mnist_glyphs(tiny_mnist, "test").writers) >= 100


def test_writers_that_do_not_fit_mnist_are_refused(tiny_mnist: Path) -> None:
    np.savez(tiny_mnist / "mnist_writers.npz", writer_train=np.zeros(3, np.int32))
    with pytest.raises(DataError, match="writer_train"):
        datasets.mnist_glyphs(tiny_mnist, "train")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("text", "cannot be read"),
        ("npy", "cannot be read"),
        ("empty", "cannot be read"),
        ("truncated", "cannot be read"),
        ("pickle", "cannot be read"),
        ("lacking", "has no array 'x_test'"),
        ("shape", "expected kind 'u' of shape nx28x28"),
        ("kind", "expected kind 'u' of shape nx28x28"),
        ("lengths", "differ in length"),
    ],
)
def test_damaged_files_are_refused(tiny_mnist: Path, damage: str, message: str) -> None:
    path = tiny_mnist / "mnist.npz"
    with np.load(path) as file:
        arrays = dict(file)
    if damage == "text":
        path.write_text("hello")
    elif damage == "npy":
        with path.open("wb") as stream:
            np.save(stream, np.zeros(3))
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "truncated":
        path.write_bytes(path.read_bytes()[:2000])
    else:
        if damage == "pickle":
            arrays["x_train"] = np.array([{"a": 1}], dtype=object)
        elif damage == "lacking":
            del arrays["x_test"]
        elif damage == "shape":
            arrays["x_train"] = arrays["x_train"][:, :20]
        elif damage == "kind":
            arrays["x_train"] = arrays["x_train"].astype(np.float32)
        else:
            arrays["y_train"] = arrays["y_train"][:-1]
        np.savez(path, **arrays)
    with pytest.raises(DataError, match=message) as caught:
        datasets.load_mnist(tiny_mnist)
    assert str(path) in str(caught.value)


def test_mnist_comes_from_keras_where_the_folder_lacks_it(
    tmp_path: Path, tiny_mnist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrays = datasets.load_mnist(tiny_mnist)
    _stand_in_for_keras(
        monkeypatch,
        lambda: (
            (arrays["x_train"], arrays["y_train"]),
            (arrays["x_test"], arrays["y_test"]),
        ),
    )
    for data in (None, tmp_path / "elsewhere"):
        loaded = datasets.load_mnist(data)
        np.testing.assert_array_equal(loaded["y_train"], arrays["y_train"])


def test_a_failed_download_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("no route to host")

    _stand_in_for_keras(monkeypatch, fail)
    with pytest.raises(DataError, match=r"no route to host.*mnist\.npz"):
        datasets.load_mnist(None)


@pytest.mark.parametrize(
    "load",
    [
        datasets.bhmsds_glyphs,
        datasets.paper_glyphs,
        datasets.optdigits_glyphs,
        datasets.semeion_glyphs,
        lambda data: datasets.emnist_letters(data, "train"),
        lambda data: datasets.pendigits_traces(data, "train"),
    ],
)
def test_a_missing_file_is_named(load, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"\.npz is not in the data folder"):
        load(tmp_path)


def test_paper_glyphs_become_ink_on_nothing(tmp_path: Path) -> None:
    crop = np.full((30, 24), 200, np.uint8)
    crop[5:25, 10:13] = 60
    blank = np.full((30, 24), 200, np.uint8)
    crops = [crop, blank, crop, crop]
    np.savez(
        tmp_path / "paper_glyphs.npz",
        pixels=np.concatenate([each.ravel() for each in crops]),
        shapes=np.array([each.shape for each in crops], np.int32),
        labels=np.array(["1", "1", "l", "T"]),
    )
    glyphs = datasets.paper_glyphs(tmp_path)
    assert glyphs.labels.tolist() == ["1", "T"]
    assert glyphs.images[0][15, 11] == 255
    assert glyphs.images[0][:, :8].max() == 0


def test_paper_glyphs_whose_shapes_do_not_fit_are_refused(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "paper_glyphs.npz",
        pixels=np.zeros(10, np.uint8),
        shapes=np.array([[3, 3]], np.int32),
        labels=np.array(["1"]),
    )
    with pytest.raises(DataError, match="'shapes' does not fit"):
        datasets.paper_glyphs(tmp_path)


def test_look_alikes_are_left_out(tmp_path: Path) -> None:
    images = np.zeros((12, 28, 28), np.uint8)
    images[:, 5:20, 10:20] = 255
    np.savez(tmp_path / "bhmsds.npz", images=images, labels=np.array(["7", "z", "x"] * 4))
    assert set(datasets.bhmsds_glyphs(tmp_path).labels) == {"7", "x"}
    np.savez(
        tmp_path / "emnist_letters_abcdft.npz", images=images, labels=np.array([*"ABCDFT"] * 2)
    )
    letters = [datasets.emnist_letters(tmp_path, split).labels for split in datasets.SPLITS]
    assert set(np.concatenate(letters)) == set("ACFT")


def test_pendigits_are_split_between_its_two_groups_of_writers(tmp_path: Path) -> None:
    strokes = np.zeros((7500, 8, 2), np.uint8)
    strokes[:, 0] = (25, 100)
    np.savez(tmp_path / "pendigits.npz", strokes=strokes, labels=np.zeros(7500, np.uint8))
    train, validation, test = (
        datasets.pendigits_traces(tmp_path, split) for split in datasets.SPLITS
    )
    assert (len(train), len(validation), len(test)) == (7494, 0, 6)
    assert not set(train.writers) & set(test.writers)
    np.testing.assert_allclose(test.strokes[0, 0], (0.25, 0.0))
    np.testing.assert_allclose(test.strokes[0, 1], (0.0, 1.0))


def test_pendigits_without_its_second_part_are_refused(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "pendigits.npz",
        strokes=np.zeros((5, 8, 2), np.uint8),
        labels=np.zeros(5, np.uint8),
    )
    with pytest.raises(DataError, match="expected 10992"):
        datasets.pendigits_traces(tmp_path, "train")


def test_the_data_folder_loads_and_its_splits_are_disjoint(data_folder: Path) -> None:
    writers = [set(datasets.mnist_glyphs(data_folder, split).writers) for split in datasets.SPLITS]
    assert not writers[0] & writers[1]
    assert not writers[0] & writers[2]
    assert not writers[1] & writers[2]
    for load in (datasets.bhmsds_glyphs, datasets.optdigits_glyphs, datasets.semeion_glyphs):
        glyphs = load(data_folder)
        assert set("0123456789") <= set(glyphs.labels)
        assert all(image.dtype == np.uint8 and image.max() > 127 for image in glyphs.images)


def _stand_in_for_keras(monkeypatch: pytest.MonkeyPatch, load_data) -> None:
    keras = types.ModuleType("keras")
    folder = types.ModuleType("keras.datasets")
    folder.mnist = types.SimpleNamespace(load_data=load_data)
    monkeypatch.setitem(sys.modules, "keras", keras)
    monkeypatch.setitem(sys.modules, "keras.datasets", folder)
