"""Collections: tiny folders as the labels describe them, and the real ones where they lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from camdigits.errors import DataError
from camdigits.reading import Box
from camdigits.training.collections import (
    VARIABLE,
    load_cheques,
    load_photos,
    measuring_folder,
)

PHOTO_HEADER = "file\trepo\tlines\ttags\tnotes\n"
CHEQUE_HEADER = "file\tlines\ttags\tboxes_x_y_w_h\n"


def make_folder(root: Path, photos: str = "", cheques: str = "") -> Path:
    for part, table in (("photos", photos), ("strings/orand_car_a", cheques)):
        folder = root / part
        folder.mkdir(parents=True)
        (folder / "labels.tsv").write_text(table, encoding="utf-8")
        for line in table.splitlines()[1:]:
            (folder / line.split("\t")[0]).write_bytes(b"")
    return root


def test_photos_come_with_rows_source_and_tags(tmp_path: Path) -> None:
    table = (
        PHOTO_HEADER
        + 'a.png\tme/one\t12 5 | 7\tsymbols,shadow\t"a ""quoted"" note"\n'
        + "b.png\tme/two\t\tnegative letters-present\t\n"
    )
    first, second = load_photos(make_folder(tmp_path, photos=table))
    assert first.rows == [["12", "5"], ["7"]]
    assert (first.numbers, first.digits) == (["12", "5", "7"], "1257")
    assert (first.source, first.tags) == ("me/one", {"symbols", "shadow"})
    assert second.rows == []
    assert second.tags == {"negative", "letters-present"}


def test_cheques_come_with_a_box_a_digit(tmp_path: Path) -> None:
    table = CHEQUE_HEADER + "c.jpg\t50\tcheque\t4,10,32,36;36,16,34,30\n"
    (picture,) = load_cheques(make_folder(tmp_path, cheques=table))
    assert picture.boxes == (Box(4, 10, 32, 36), Box(36, 16, 34, 30))
    assert picture.source == "orand_car_a"


def test_the_training_folder_beside_the_pictures_serves_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_folder(tmp_path)
    (tmp_path / "data").mkdir()
    assert measuring_folder(tmp_path / "data") == tmp_path
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert measuring_folder() == tmp_path


def test_no_folder_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(DataError, match="--data FOLDER"):
        load_photos()


def test_a_folder_without_pictures_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=str(tmp_path)):
        load_photos(tmp_path)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("file\trepo\nx.png\tme\n", "lacks its file or lines"),
        (PHOTO_HEADER + "x.png\tme\t12a\t\t\n", "'12a'"),
        (PHOTO_HEADER + "x.png\tme\t\u0661\u0662\t\t\n", "expected digits 0-9"),
    ],
)
def test_photo_labels_that_are_off(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        load_photos(make_folder(tmp_path, photos=table))


@pytest.mark.parametrize(
    ("boxes", "message"),
    [("1,2,3,4", "1 boxes"), ("1,2,3;4,5,6", "x,y,w,h"), ("1,2,3,a;1,2,3,4", "x,y,w,h")],
)
def test_cheque_boxes_that_are_off(tmp_path: Path, boxes: str, message: str) -> None:
    table = CHEQUE_HEADER + f"c.jpg\t50\tcheque\t{boxes}\n"
    with pytest.raises(DataError, match=message):
        load_cheques(make_folder(tmp_path, cheques=table))


def test_a_missing_picture_and_a_missing_table(tmp_path: Path) -> None:
    make_folder(tmp_path, photos=PHOTO_HEADER + "x.png\tme\t12\t\t\n")
    (tmp_path / "photos" / "x.png").unlink()
    with pytest.raises(DataError, match=r"x\.png is missing"):
        load_photos(tmp_path)
    (tmp_path / "photos" / "labels.tsv").unlink()
    with pytest.raises(DataError, match=r"labels\.tsv is missing"):
        load_photos(tmp_path)


def test_the_real_collections(data_folder: Path) -> None:
    photos, cheques = load_photos(data_folder), load_cheques(data_folder)
    assert sum(not picture.rows for picture in photos) == 10
    assert (len(photos), len(cheques)) == (78, 600)
