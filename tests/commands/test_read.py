"""The read command through its own door: what it prints, writes and returns."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from pictures import draw_number, encode, encode_pdf
from terminal import Capture, complaint, plain

from camdigits.commands import outputs
from camdigits.commands.inputs import Input
from camdigits.commands.outputs import Result, as_csv, as_text
from camdigits.commands.read import main
from camdigits.errors import CamdigitsError
from camdigits.reader import Reader
from camdigits.reading import Box, Digit, DigitString, Page
from camdigits.recognize.formats import Format
from camdigits.records.tables import PAGE_COLUMNS


def number(text: str, confidence: float, accepted: bool, row: int) -> DigitString:
    box = Box(1, 2, 30, 40)
    quad = ((1.0, 2.0), (31.0, 2.0), (31.0, 42.0), (1.0, 42.0))
    digits = tuple(Digit(int(digit), confidence, box, ((0, 0.1),)) for digit in text)
    return DigitString(text, confidence, accepted, row, box, quad, digits, (("77", 0.25),))


PAGE = Page(
    (number("12", 0.99, True, 0), number("5", 0.5, False, 0), number("007", 0.75, False, 1)),
    *(100, 80),
)


def test_one_picture_prints_its_rows_alone(folder: Path, capsys: Capture) -> None:
    assert main(["p2.png"]) == 0
    printed = capsys.readouterr()
    assert plain(printed.out) == ["714"]
    assert printed.err == ""


def test_an_expected_format_marks_what_has_another(folder: Path, capsys: Capture) -> None:
    assert main(["--expect", "3", "p2.png"]) == 0
    assert plain(capsys.readouterr().out) == ["714"]
    assert main(["--json", "--expect", "4-6", "p2.png"]) == 0
    (string,) = json.loads(capsys.readouterr().out)["strings"]
    assert (string["text"], string["fits"]) == ("714", False)
    assert main(["--csv", "--expect", "4-6", "p2.png"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (row["text"], row["fits"]) == ("714", "no")
    assert main(["--expect", "nothing", "p2.png"]) == 2
    assert "for the expected format; give a count of digits" in complaint(capsys)


def test_several_pictures_are_headed(folder: Path, capsys: Capture) -> None:
    assert main(["p10.png", "blank.png", "p2.png"]) == 0
    assert plain(capsys.readouterr().out) == ["p10.png:", "123", "blank.png:", "p2.png:", "714"]


def test_nothing_found_is_1(folder: Path, capsys: Capture) -> None:
    assert main(["blank.png"]) == 1
    assert capsys.readouterr() == ("", "")


def test_a_folder_is_its_pictures_in_natural_order(folder: Path, capsys: Capture) -> None:
    (folder / "labels.tsv").write_text("no picture")
    (folder / ".p3.png").write_bytes(b"hidden")
    (folder / "deeper").mkdir()
    (folder / "deeper" / "p4.png").write_bytes(b"not looked at")
    (folder / "nameless").write_bytes((folder / "p2.png").read_bytes())
    assert main(["."]) == 0
    headers = [line for line in capsys.readouterr().out.splitlines() if line.endswith(":")]
    names = ["blank.png", "nameless", "p2.png", "p10.png"]
    assert headers == [os.path.join(".", name) + ":" for name in names]


def test_patterns_are_expanded(folder: Path, capsys: Capture) -> None:
    assert main(["p*.png"]) == 0
    assert plain(capsys.readouterr().out) == ["p2.png:", "714", "p10.png:", "123"]


def test_deep_patterns_take_each_file_once(folder: Path, capsys: Capture) -> None:
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "p2.png").rename(folder / "deep" / "er" / "p2.png")
    (folder / "p10.png").rename(folder / "deep" / "p10.png")
    assert main(["deep/**"]) == 0
    assert plain(capsys.readouterr().out) == [
        *(os.path.join("deep", "er", "p2.png") + ":", "714"),
        *(os.path.join("deep", "p10.png") + ":", "123"),
    ]


def test_a_name_that_looks_like_a_pattern_is_itself(folder: Path, capsys: Capture) -> None:
    (folder / "p[1].png").write_bytes((folder / "p2.png").read_bytes())
    assert main(["p[1].png"]) == 0
    assert plain(capsys.readouterr().out) == ["714"]


def test_bad_inputs_do_not_hide_the_good(folder: Path, capsys: Capture) -> None:
    (folder / "cut.png").write_bytes((folder / "p2.png").read_bytes()[:300])
    (folder / "empty.jpg").touch()
    (folder / "barren").mkdir()
    bad = ["cut.png", "empty.jpg", "absent.png", "no*match", "barren"]
    assert main(["p10.png", *bad, "p2.png"]) == 2
    printed = capsys.readouterr()
    assert plain(printed.out) == ["p10.png:", "123", "p2.png:", "714"]
    lines = printed.err.splitlines()
    assert len(lines) == len(bad)
    assert all(any(line.startswith(f"camdigits: {name}: ") for line in lines) for name in bad)


def test_json(folder: Path, capsys: Capture) -> None:
    assert main(["--json", "p2.png", "blank.png"]) == 0
    read, blank = map(json.loads, capsys.readouterr().out.splitlines())
    keys = ["source", "width", "height", "rotation", "strings", "timings_ms", "letters"]
    assert list(read) == keys
    assert read["source"] == "p2.png"
    height, width = draw_number("714").shape[:2]
    assert (read["width"], read["height"], read["rotation"]) == (width, height, 0)
    assert all(ms >= 0 for ms in read["timings_ms"].values())
    assert read["timings_ms"]
    (string,) = read["strings"]
    assert list(string) == [
        *("text", "confidence", "accepted", "fits", "row", "box", "quad", "digits"),
        "alternatives",
    ]
    assert string["text"] == "714"
    assert string["row"] == 0
    x, y, w, h = string["box"]
    assert 60 < x < x + w < width - 60
    assert 60 < y < y + h < height - 60
    assert np.shape(string["quad"]) == (4, 2)
    assert [digit["value"] for digit in string["digits"]] == [7, 1, 4]
    assert all(set(digit) == {"value", "confidence", "box"} for digit in string["digits"])
    assert blank["strings"] == []


def test_csv(folder: Path, capsys: Capture) -> None:
    (folder / "=p2.png").write_bytes((folder / "p2.png").read_bytes())
    assert main(["--csv", "=p2.png", "blank.png", "p10.png"]) == 0
    header, *rows = csv.reader(io.StringIO(capsys.readouterr().out))
    assert tuple(header) == PAGE_COLUMNS
    assert [(row[0], row[3]) for row in rows] == [("'=p2.png", "714"), ("p10.png", "123")]
    assert all(row[5] in ("yes", "no") and 0 <= float(row[4]) <= 1 for row in rows)


def test_text_marks_what_is_not_accepted() -> None:
    result = Result(Input("scan.pdf"), None, PAGE)
    assert as_text(result, headed=False) == "12 5 ?\n007 ?"
    assert as_text(result, headed=True) == "scan.pdf:\n12 5 ?\n007 ?"
    assert as_text(Result(Input("-"), 3, PAGE), headed=False).startswith("standard input, page 3:")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_csv_cells_are_no_formulas(start: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(Result(Input(f"{start}1+1"), 2, PAGE)))))
    assert rows[0] == [f"'{start}1+1", "2", "0", "12", "0.99", "yes", "yes", "1", "2", "30", "40"]
    assert [row[3] for row in rows] == ["12", "5", "007"]


def test_documents_are_read_page_by_page(folder: Path, capsys: Capture) -> None:
    pages = [draw_number("714"), draw_number(""), draw_number("123")]
    (folder / "scan.pdf").write_bytes(encode_pdf(pages))
    (folder / "single.pdf").write_bytes(encode_pdf(pages[:1]))
    assert main(["scan.pdf"]) == 0
    assert plain(capsys.readouterr().out) == [
        *("scan.pdf, page 1:", "714", "scan.pdf, page 2:", "scan.pdf, page 3:", "123")
    ]
    assert main(["--json", "scan.pdf", "single.pdf"]) == 0
    read = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [page["source"] for page in read] == [*["scan.pdf"] * 3, "single.pdf"]
    assert [page.get("page") for page in read] == [1, 2, 3, None]
    assert list(read[0])[:2] == ["source", "page"]


def test_min_confidence_leaves_out_the_doubtful(folder: Path, capsys: Capture) -> None:
    assert main(["--min-confidence", "0", "p2.png"]) == 0
    assert plain(capsys.readouterr().out) == ["714"]
    assert main(["--min-confidence", "1", "p2.png"]) == 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("value", ["1.5", "-0.1", "nan", "half"])
def test_min_confidence_is_a_probability(value: str, capsys: Capture) -> None:
    assert main([f"--min-confidence={value}", "p2.png"]) == 2
    assert "from 0 to 1" in complaint(capsys)


def test_overlay_and_explain_write_one_picture_each(folder: Path, capsys: Capture) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "p2.jpg").write_bytes(encode(draw_number("123"), "JPEG"))
    (folder / "two.pdf").write_bytes(encode_pdf([draw_number("714")] * 2))
    names = ["p2.png", "other/p2.jpg", "two.pdf"]
    assert main([*names, "--overlay", "seen/it", "--explain", "seen/why"]) == 0
    stems = ["p2", "p2-2", "two-page1", "two-page2"]
    overlays = sorted(path.name for path in Path("seen/it").iterdir())
    assert overlays == sorted(f"{stem}.overlay.jpg" for stem in stems)
    sheets = sorted(path.name for path in Path("seen/why").iterdir())
    assert sheets == sorted(f"{stem}.explain.png" for stem in stems)
    drawn = cv2.imread("seen/it/p2.overlay.jpg")
    assert drawn.shape == draw_number("714").shape
    assert np.abs(drawn.astype(int) - draw_number("714")).max() > 100
    assert cv2.imread("seen/why/p2.explain.png").shape[0] > drawn.shape[0]
    assert "714" in capsys.readouterr().out


def test_output_never_replaces_an_input(folder: Path) -> None:
    original = (folder / "p10.png").read_bytes()
    (folder / "p2.overlay.jpg").write_bytes(original)
    assert main(["p2.png", "p2.overlay.jpg", "--overlay", "."]) == 0
    assert (folder / "p2.overlay.jpg").read_bytes() == original
    assert (folder / "p2-2.overlay.jpg").is_file()


@pytest.mark.parametrize("option", ["--overlay", "--explain"])
@pytest.mark.parametrize("place", ["p10.png", "p10.png/inside"])
def test_a_bad_folder_is_said_before_reading(
    option: str, place: str, folder: Path, capsys: Capture
) -> None:
    assert main(["p2.png", option, place]) == 2
    assert complaint(capsys).startswith(f"camdigits: {place}: cannot be written")


def test_a_picture_too_long_for_jpeg_becomes_png(tmp_path: Path) -> None:
    pictures = outputs.PictureFolder(tmp_path, "overlay", [])
    long = np.zeros((66_000, 2, 3), np.uint8)
    pictures.write(Result(Input("receipt.tif"), None, PAGE), long, ".jpg")
    np.testing.assert_array_equal(cv2.imread(str(tmp_path / "receipt.overlay.png")), long)


def test_a_bad_model_is_one_line(folder: Path, capsys: Capture) -> None:
    (folder / "foreign").mkdir()
    (folder / "foreign" / "card.json").write_text("{}")
    for place in ("foreign", "nowhere"):
        assert main(["p2.png", "--model", place]) == 2
        line = complaint(capsys)
        assert line.startswith(f"camdigits: {place}: ") or "foreign" in line


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (MemoryError(), "not enough memory"),
        (cv2.error("bad\nargument"), "OpenCV"),
        (CamdigitsError("too odd; turn it"), "too odd; turn it"),
    ],
)
def test_trouble_with_one_picture_passes_by(
    error: Exception, says: str, folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = Reader.trace
    small = draw_number("714").shape

    def failing(
        self: Reader,
        image: np.ndarray,
        rotate: bool = True,
        expected: Format | None = None,
        again: bool = True,
    ) -> object:
        if image.shape != small:
            raise error
        return trace(self, image, rotate, expected, again)

    (folder / "odd.png").write_bytes(encode(draw_number("1472"), "PNG"))
    monkeypatch.setattr(Reader, "trace", failing)
    assert main(["odd.png", "p2.png"]) == 2
    printed = capsys.readouterr()
    assert plain(printed.out) == ["p2.png:", "714"]
    assert printed.err.startswith("camdigits: odd.png: ")
    assert says in printed.err
    assert printed.err.count("\n") == 1
