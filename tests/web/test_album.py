from __future__ import annotations

import numpy as np
import pytest
from pictures import draw_number, encode, encode_pdf

from camdigits.reader import Reader
from camdigits.web import album as module
from camdigits.web.album import Album


def read_all(album: Album, reader: Reader) -> Album:
    while album.waiting:
        album.read_next(reader)
    return album


def an_album(reader: Reader, **files: bytes) -> Album:
    album = Album()
    for name, data in files.items():
        album.add(f"{name}.png", data)
    return read_all(album, reader)


def test_a_picture_is_read(reader: Reader) -> None:
    album = an_album(reader, a=encode(draw_number("2034"), "PNG"))
    (sheet,) = album.sheets
    assert (sheet.name, album.texts(sheet)) == ("a.png", ["2034"])
    assert [crop[:4] for crop in sheet.crops] == [b"\x89PNG"]
    assert album.problems == []


def test_one_bad_file_loses_no_other(reader: Reader) -> None:
    good = encode(draw_number("347"), "PNG")
    album = an_album(reader, a=good, b=b"no picture", c=good[:200], d=good)
    assert [sheet.name for sheet in album.sheets] == ["a.png", "d.png"]
    assert [problem.split(":")[0] for problem in album.problems] == ["b.png", "c.png"]


def test_pages_of_a_document_are_read_one_by_one(reader: Reader) -> None:
    album = Album()
    album.add("scan.pdf", encode_pdf([draw_number("34"), draw_number("207")]))
    assert album.reading == "scan.pdf"
    album.read_next(reader)
    assert album.reading == "scan.pdf, page 2"
    read_all(album, reader)
    assert [sheet.name for sheet in album.sheets] == ["scan.pdf, page 1", "scan.pdf, page 2"]
    assert [album.texts(sheet) for sheet in album.sheets] == [["34"], ["207"]]
    album.remove(album.sheets[0].photo)
    assert album.sheets == []


def test_stopping_leaves_the_rest_unread(reader: Reader) -> None:
    album = Album()
    for name in "ab":
        album.add(name, encode(draw_number("34"), "PNG"))
    album.read_next(reader)
    album.stop()
    assert [sheet.name for sheet in album.sheets] == ["a"]
    assert album.waiting == []


def test_corrections_are_in_all_that_leaves_the_page(reader: Reader) -> None:
    album = an_album(reader, a=encode(draw_number("2034"), "PNG"))
    (sheet,) = album.sheets
    album.correct(sheet.number_id(0), "2039")
    assert album.corrected(sheet).strings[0].text == "2039"
    assert album.corrected(sheet).strings[0].accepted
    assert [row[3] for row in album.rows()] == ["2039"]
    assert [string["text"] for string in album.records()[0]["strings"]] == ["2039"]
    (kept,) = album.kept()
    assert (kept.text, kept.read_as, kept.source) == ("2039", "2034", "a.png")
    assert kept.id == album.kept()[0].id


def test_an_emptied_number_is_none(reader: Reader) -> None:
    album = an_album(reader, a=encode(draw_number("2034"), "PNG"))
    (sheet,) = album.sheets
    album.correct(sheet.number_id(0), "")
    assert album.corrected(sheet).strings == ()
    assert album.rows() == album.kept() == []


def test_pictures_over_the_limit_are_refused_in_words(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = encode(draw_number("34"), "PNG")
    monkeypatch.setattr(module, "MAX_BYTES", len(data) + 10)
    album = an_album(reader, a=data, b=data)
    assert [sheet.name for sheet in album.sheets] == ["a.png"]
    assert "remove some" in album.problems[0]


def test_what_is_shown_is_bounded(reader: Reader) -> None:
    album = an_album(reader, a=encode(np.full((2000, 3000), 255, np.uint8), "PNG"))
    (sheet,) = album.sheets
    for shown in sheet.views(sheet.page):
        assert shown[:2] == b"\xff\xd8"
        assert len(shown) < 200_000
