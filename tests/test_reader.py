"""The public door: pictures of printed numbers in, pages out."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import camdigits
from camdigits.errors import PictureError
from camdigits.reader import Reader, Trace
from camdigits.reading import Box, Page
from camdigits.recognize.formats import Format

FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
PAPER, PEN = 235, 30
Texts = list[tuple[str, int, int]]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader("default")


def draw(
    texts: Texts,
    size: tuple[int, int] = (640, 240),
    font: int = 80,
    paper: int = PAPER,
    pen: int = PEN,
) -> np.ndarray:
    """Return a picture (uint8 BGR) of texts at (left, top) on plain paper; size is (w, h)."""
    picture = Image.new("L", size, paper)
    canvas = ImageDraw.Draw(picture)
    for text, left, top in texts:
        canvas.text((left, top), text, fill=pen, font=ImageFont.truetype(str(FONT), font))
    return np.repeat(np.asarray(picture)[..., None], 3, axis=2)


def ink_box(picture: np.ndarray, paper: int = PAPER) -> Box:
    """The box around all drawn ink."""
    rows, columns = np.nonzero(np.abs(picture[..., 0].astype(int) - paper) > 60)
    left, top = int(columns.min()), int(rows.min())
    return Box(left, top, int(columns.max()) + 1 - left, int(rows.max()) + 1 - top)


def overlap(first: Box, second: Box) -> float:
    """Intersection over union of two boxes."""
    width = min(first.x + first.width, second.x + second.width) - max(first.x, second.x)
    height = min(first.y + first.height, second.y + second.height) - max(first.y, second.y)
    common = max(width, 0) * max(height, 0)
    return common / (first.width * first.height + second.width * second.height - common)


def untimed(page: Page) -> Page:
    return replace(page, timings_ms={})


def assert_inside(page: Page) -> None:
    """All boxes lie in the picture, give or take the pixel that soft edges cost."""
    for string in page.strings:
        for x, y, width, height in (string.box, *(digit.box for digit in string.digits)):
            assert -2 <= x < x + width <= page.width + 2
            assert -2 <= y < y + height <= page.height + 2


@pytest.mark.parametrize("text", ["2024", "713", "5069", "1848"])
@pytest.mark.parametrize("font", [60, 90])
def test_dark_on_light(reader: Reader, text: str, font: int) -> None:
    page = reader.read(draw([(text, 60, 60)], font=font))
    assert page.text == text
    assert (page.width, page.height, page.rotation) == (640, 240, 0)


@pytest.mark.parametrize("text", ["2024", "5069"])
def test_light_on_dark(reader: Reader, text: str) -> None:
    assert reader.read(draw([(text, 60, 60)], paper=30, pen=230)).text == text


@pytest.mark.parametrize("text", ["8", "0", "90", "3582"])
@pytest.mark.parametrize("font", [40, 90, 140])
@pytest.mark.parametrize(("paper", "pen"), [(235, 30), (30, 235)], ids=["dark", "light"])
def test_digits_that_fill_the_picture(
    reader: Reader, text: str, font: int, paper: int, pen: int
) -> None:
    wide = draw([(text, 40, 40)], (600, 240), font, paper, pen)
    x, y, width, height = ink_box(wide, paper)
    tight = wide[y - 15 : y + height + 15, x - 15 : x + width + 15]
    assert reader.read(tight).text == text


def test_under_a_shadow(reader: Reader) -> None:
    picture = draw([("2024", 60, 60)])
    shadow = np.linspace(1.0, 0.35, picture.shape[1])[None, :, None]
    assert reader.read((picture * shadow).astype(np.uint8)).text == "2024"


def test_on_ruled_lines(reader: Reader) -> None:
    picture = draw([("2024", 60, 60)])
    for top in range(30, 240, 52):
        picture[top : top + 2] = np.minimum(picture[top : top + 2], 150)
    assert reader.read(picture).text == "2024"


def test_in_color(reader: Reader) -> None:
    picture = draw([("2024", 60, 60)])
    blue = picture.copy()
    blue[..., 0] = np.maximum(picture[..., 0], 140)
    assert reader.read(blue).text == "2024"


def test_rows_in_reading_order(reader: Reader) -> None:
    page = reader.read(draw([("305", 60, 150), ("2024", 60, 20)], size=(640, 280)))
    assert page.text == "2024\n305"
    assert [string.row for string in page.strings] == [0, 1]


def test_two_numbers_beside_each_other(reader: Reader) -> None:
    page = reader.read(draw([("58", 520, 60), ("2024", 40, 60)], size=(760, 240)))
    assert page.text == "2024 58"
    assert [string.row for string in page.strings] == [0, 0]


def test_the_space_of_a_font_splits_numbers(reader: Reader) -> None:
    page = reader.read(draw([("24 35", 60, 20), ("36 48", 60, 150)], size=(640, 280)))
    assert page.text == "24 35\n36 48"


def test_operators_stand_between_numbers(reader: Reader) -> None:
    assert reader.read(draw([("12 - 5 =", 60, 60)])).text == "12 5"


def test_points_stand_inside_numbers(reader: Reader) -> None:
    assert reader.read(draw([("1.234", 60, 60)])).text == "1234"


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_turned_pages_are_read_in_place(reader: Reader, turns: int) -> None:
    upright = draw([("2024", 60, 20), ("7356", 60, 150)], size=(640, 280))
    picture = np.ascontiguousarray(np.rot90(upright, turns))
    page = reader.read(picture)
    assert page.text == "2024\n7356"
    assert page.rotation == 90 * turns
    assert (page.height, page.width) == picture.shape[:2]
    assert_inside(page)
    for string, alone in zip(page.strings, [("2024", 60, 20), ("7356", 60, 150)], strict=True):
        drawn = np.rot90(draw([alone], size=(640, 280)), turns)
        assert overlap(string.box, ink_box(drawn)) > 0.8


@pytest.mark.parametrize("turns", [1, 3])
def test_a_single_turned_number_is_turned_back(reader: Reader, turns: int) -> None:
    page = reader.read(np.ascontiguousarray(np.rot90(draw([("3574", 60, 60)]), turns)))
    assert (page.text, page.rotation) == ("3574", 90 * turns)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_is_not_turned_unless_asked_to(reader: Reader, turns: int) -> None:
    picture = np.ascontiguousarray(np.rot90(draw([("2024", 60, 60)]), turns))
    assert reader.read(picture, rotate=False).rotation == 0


def test_boxes_hold_the_drawn_ink(reader: Reader) -> None:
    picture = draw([("2047", 60, 60)])
    (string,) = reader.read(picture).strings
    assert overlap(string.box, ink_box(picture)) > 0.85
    xs, ys = zip(*string.quad, strict=True)
    around = Box(round(min(xs)), round(min(ys)), round(max(xs) - min(xs)), round(max(ys) - min(ys)))
    assert overlap(around, string.box) > 0.9
    left = 60.0
    font = ImageFont.truetype(str(FONT), 80)
    for sign, digit in zip("2047", string.digits, strict=True):
        alone = Image.new("L", (640, 240), PAPER)
        ImageDraw.Draw(alone).text((left, 60), sign, fill=PEN, font=font)
        drawn = ink_box(np.asarray(alone)[..., None])
        assert overlap(digit.box, drawn) > 0.75
        left += font.getlength(sign)


@pytest.mark.parametrize("margin", [0, 1, 3])
@pytest.mark.parametrize("text", ["2047", "7741"])
def test_boxes_of_ink_at_the_edge_stay_inside(reader: Reader, text: str, margin: int) -> None:
    wide = draw([(text, 60, 60)], font=60)
    x, y, width, height = ink_box(wide)
    tight = wide[y - margin : y + height + margin, x - margin : x + width + margin]
    page = reader.read(tight)
    assert page.text == text
    for string in page.strings:
        for box in (string.box, *(digit.box for digit in string.digits)):
            assert 0 <= box.x < box.x + box.width <= page.width
            assert 0 <= box.y < box.y + box.height <= page.height


def test_places_of_a_large_picture_are_in_its_own_pixels(reader: Reader) -> None:
    small = draw([("2024", 60, 60)])
    large = np.repeat(np.repeat(small, 4, axis=0), 4, axis=1)
    assert large.shape[0] * large.shape[1] > reader.model.ink.max_pixels
    page = reader.read(large)
    assert page.text == "2024"
    assert (page.width, page.height) == (2560, 960)
    assert overlap(page.strings[0].box, ink_box(large)) > 0.85


def test_confidences_are_probabilities(reader: Reader) -> None:
    page = reader.read(draw([("2024", 40, 20), ("317", 40, 150)], size=(640, 280)))
    for string in page.strings:
        assert 0 <= string.confidence <= 1
        assert string.accepted == (string.confidence >= reader.model.threshold)
        assert string.text == "".join(str(digit.value) for digit in string.digits)
        assert all(0 <= digit.confidence <= 1 for digit in string.digits)
        assert string.text not in dict(string.alternatives)


@pytest.mark.parametrize("value", [0, 128, 255])
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (2, 2), (480, 640)])
def test_an_empty_picture_holds_nothing(reader: Reader, value: int, size: tuple[int, int]) -> None:
    page = reader.read(np.full((*size, 3), value, np.uint8))
    assert (page.strings, page.height, page.width) == ((), *size)


def test_noise_is_bounded(reader: Reader) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (600, 800, 3), np.uint8)
    trace = reader.trace(noise, rotate=False)
    segment = reader.model.segment
    spans = [len(line.spans) for line in trace.lines]
    assert len(trace.components) <= segment.max_components
    assert len(spans) <= segment.max_lines
    # The last line may pass the cap for the page.
    assert sum(spans[:-1]) <= segment.max_spans
    for line, count in zip(trace.lines, spans, strict=True):
        assert count <= max(segment.max_line_spans, len(line.cuts) - 1)


def test_a_picture_full_of_strokes_is_bounded(reader: Reader) -> None:
    rng = np.random.default_rng(6)
    picture = Image.new("L", (1000, 700), PAPER)
    canvas = ImageDraw.Draw(picture)
    for x, y in zip(rng.integers(0, 980, 1500), rng.integers(0, 680, 1500), strict=True):
        dx, dy = rng.integers(-20, 21, 2)
        canvas.line((int(x), int(y), int(x + dx), int(y + dy)), fill=PEN, width=2)
    trace = reader.trace(np.asarray(picture), rotate=False)
    segment = reader.model.segment
    assert trace.lines
    assert sum(len(line.spans) for line in trace.lines[:-1]) <= segment.max_spans
    assert len(trace.components) <= segment.max_components


def test_gray_is_read_like_color(reader: Reader) -> None:
    picture = draw([("2024", 60, 60)])
    assert untimed(reader.read(picture[..., 0])) == untimed(reader.read(picture))


@pytest.mark.parametrize("layout", [lambda p: p[::-1][::-1], np.asfortranarray, lambda p: p[:, :]])
def test_any_layout_in_memory_is_read_alike(reader: Reader, layout: object) -> None:
    picture = draw([("2024", 60, 60)])
    assert callable(layout)
    assert untimed(reader.read(layout(picture))) == untimed(reader.read(picture))


def test_a_read_only_picture_is_read_and_none_is_changed(reader: Reader) -> None:
    picture = draw([("2024", 60, 60)])
    before = picture.copy()
    picture.flags.writeable = False
    reader.read(picture)
    np.testing.assert_array_equal(picture, before)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((20, 20, 3), np.float32),
        np.zeros((20, 20), np.uint16),
        np.zeros((20, 20), bool),
        np.zeros((20, 20, 4), np.uint8),
        np.zeros((20, 20, 1), np.uint8),
        np.zeros((20,), np.uint8),
        np.zeros((2, 20, 20, 3), np.uint8),
        np.zeros((0, 20, 3), np.uint8),
        np.zeros((20, 0), np.uint8),
        np.array(7, np.uint8),
        [[1, 2], [3, 4]],
        None,
        "photo.jpg",
    ],
    ids=lambda image: f"{getattr(image, 'dtype', type(image).__name__)}{np.shape(image)}",
)
def test_what_is_no_picture_is_refused(reader: Reader, image: object) -> None:
    with pytest.raises(PictureError, match="expected") as caught:
        reader.read(image)  # type: ignore[arg-type]
    message = str(caught.value)
    assert "\n" not in message
    assert "open_image" in message


def test_a_batch_is_read_one_by_one(reader: Reader) -> None:
    pictures = [draw([(text, 60, 60)]) for text in ("2024", "713")]
    pages = reader.read_batch(iter(pictures))
    assert [untimed(page) for page in pages] == [untimed(reader.read(p)) for p in pictures]
    assert reader.read_batch([]) == []


def test_the_same_picture_is_read_alike_twice(reader: Reader) -> None:
    picture = draw([("2024", 60, 20), ("12 - 5 =", 60, 150)], size=(640, 280))
    assert untimed(reader.read(picture)) == untimed(reader.read(picture))


def test_the_trace_holds_what_was_read(reader: Reader) -> None:
    picture = draw([("2024", 60, 20), ("12 - 5 =", 60, 150)], size=(640, 280))
    trace: Trace = reader.trace(picture)
    assert untimed(trace.page) == untimed(reader.read(picture))
    assert trace.picture.shape == trace.ink.shape == (280, 640)
    assert set(np.unique(trace.ink)) == {0, 255}
    labels = {*reader.model.labels}
    for line in trace.lines:
        count = len(line.spans)
        assert line.glyphs.shape == (count, 28, 28, 1)
        assert line.probabilities.shape == (count, len(reader.model.labels))
        assert (np.diff(line.cuts) > 0).all()
        assert (line.spans[:, 0] < line.spans[:, 1]).all()
        assert len(line.path) == len(line.texts)
        assert set(line.texts) <= labels
        for left, right in itertools.pairwise(line.path):
            assert line.spans[left][1] <= line.spans[right][0]
    read = "".join(text for line in trace.lines for text in line.texts if text.isdigit())
    assert read == trace.page.text.replace(" ", "").replace("\n", "")


def test_timings_name_the_stages(reader: Reader) -> None:
    timings = reader.read(draw([("2024", 60, 60)])).timings_ms
    assert {"prepare", "ink", "classify", "decode"} <= timings.keys()
    assert all(value >= 0 for value in timings.values())


def test_a_reader_shares_a_model_or_loads_its_own(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert Reader(reader.model).model is reader.model
    monkeypatch.setenv("CAMDIGITS_MODEL", str(reader.model.folder))
    assert camdigits.Reader().model.folder == reader.model.folder
    with pytest.raises(camdigits.ModelError, match="nowhere"):
        Reader(tmp_path / "nowhere")


def test_groups_of_an_expected_number_are_joined(reader: Reader) -> None:
    picture = draw([("4006", 30, 60), ("3813", 290, 60), ("33931", 550, 60)], (900, 240))
    assert reader.read(picture).text == "4006 3813 33931"
    (found,) = reader.read(picture, expected=Format.parse("ean13")).strings
    assert (found.text, found.fits, len(found.digits)) == ("4006381333931", True, 13)
    assert overlap(found.box, ink_box(picture)) > 0.9


def test_a_clear_number_of_another_format_stays_and_is_marked(reader: Reader) -> None:
    picture = draw([("73513536", 30, 60)])
    (found,) = reader.read(picture, expected=Format.parse("ean8")).strings
    assert (found.text, found.fits) == ("73513536", False)


def test_letters_are_counted(reader: Reader) -> None:
    assert reader.read(draw([("2024", 60, 60)])).letters == 0
    assert reader.read(draw([("FATE", 30, 60), ("24", 400, 60)])).letters >= 2
