"""The public door: pictures in, pages out; what it refuses, bounds and shares."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw
from prints import PAPER, PEN, draw

import camdigits
from camdigits.errors import PictureError
from camdigits.preprocess.gray import clearer_channel
from camdigits.reader import Reader
from camdigits.reading import Page
from camdigits.trace import Trace


def untimed(page: Page) -> Page:
    return replace(page, timings_ms={})


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


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_stems_that_are_all_there_is_on_plain_paper_are_ones(
    reader: Reader, count: int, share: float
) -> None:
    half = round(140 * share)
    stems, bar = np.full((2, 280, 400), 255, np.uint8)
    for left in range(200, 200 + 60 * count, 60):
        cv2.line(stems, (left, 140 - half), (left - 10, 140 + half), 0, 12, cv2.LINE_AA)
    cv2.line(bar, (200 - half, 140), (200 + half, 140), 0, 12, cv2.LINE_AA)
    assert reader.read(stems).text == "1" * count
    assert reader.read(255 - stems).text == "1" * count
    assert reader.read(bar).text == ""


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


def test_a_pen_that_color_alone_sets_off_is_read(reader: Reader) -> None:
    share = (PAPER - draw([("2024", 60, 60)]).astype(np.float64)) / (PAPER - PEN)
    board, chalk = np.array((85, 110, 60)), np.array((60, 60, 150))
    light = board + share * (chalk - board)
    picture = np.random.default_rng(3).normal(light, 3).clip(0, 255).astype(np.uint8)
    assert reader.read(picture).text == "2024"
    assert reader.read(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)).text == ""


def test_a_highlighter_does_not_hide_what_it_marks(reader: Reader) -> None:
    paper = np.full((360, 640, 3), (240, 245, 245), np.float64)
    paper[60:130, 40:200] = paper[220:290, 400:560] = (40, 220, 250)
    numbers = [("204", 50, 60), ("32", 60, 220), ("170", 400, 220)]
    ink = (PAPER - draw(numbers, (640, 360), font=60).astype(np.float64)) / (PAPER - PEN)
    light = np.where(ink > 0, np.minimum(paper, 245 - 85 * ink), paper)
    picture = np.random.default_rng(4).normal(light, 2.5).clip(0, 255).astype(np.uint8)
    assert clearer_channel(picture) is not None
    assert reader.read(picture).text == "204\n32 170"


@pytest.mark.parametrize("seed", [1, 3, 6, 9])
def test_round_things_that_fade_are_no_digits(reader: Reader, seed: int) -> None:
    things = np.random.default_rng(seed).uniform(0, 1, (360, 480)).astype(np.float32)
    things = cv2.GaussianBlur(things, (0, 0), 14)
    low, high = np.percentile(things, (2, 98))
    light = 50 + 170 * np.clip((things - low) / (high - low), 0, 1)
    assert reader.read(light.astype(np.uint8)).text == ""


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


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("scale", [8, 10, 14])
def test_a_large_zero_of_coarse_pixels_is_no_sheet_of_paper(
    reader: Reader, scale: int, invert: bool
) -> None:
    drawn = cv2.ellipse(
        np.zeros((28, 28), np.uint8), (14, 14), (7, 9), 0, 0, 360, 255, 2, cv2.LINE_AA
    )
    picture = cv2.resize(drawn, None, fx=scale, fy=scale, interpolation=cv2.INTER_NEAREST)
    assert reader.read(255 - picture if invert else picture).text == "0"
