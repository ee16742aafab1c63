"""Where the reader finds numbers: turned pages, and boxes around their ink."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from prints import FONT, PAPER, PEN, draw, ink_box, overlap

from camdigits.look import Look
from camdigits.reader import Reader
from camdigits.reading import Box, DigitString, Page
from camdigits.recognize.second_look import ENOUGH, Looks
from camdigits.recognize.views import turned
from camdigits.trace import ENLARGED, LEVEL, SHARPENED, Trace


def assert_inside(page: Page) -> None:
    """All boxes lie in the picture, give or take the pixel that soft edges cost."""
    for string in page.strings:
        for x, y, width, height in (string.box, *(digit.box for digit in string.digits)):
            assert -2 <= x < x + width <= page.width + 2
            assert -2 <= y < y + height <= page.height + 2


def downhill(string: DigitString) -> float:
    """Return by how many degrees a string runs down to the right."""
    (left, y0), (right, y1) = string.quad[:2]
    return math.degrees(math.atan2(y1 - y0, right - left))


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


@pytest.mark.parametrize("turns", [0, 1])
def test_second_looks_see_numbers_in_their_places(
    reader: Reader, turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader.model, "threshold", 1.1)
    settled: list[DigitString] = []

    def told(group: list[DigitString], others: object, looks: Looks, *_: object) -> object:
        (string,) = group
        assert len(looks) == ENOUGH
        for look in looks:
            (seen,) = (other for other in look if other.text == string.text)
            assert overlap(seen.box, string.box) > 0.7
            pairs = zip(seen.digits, string.digits, strict=True)
            assert all(overlap(one.box, other.box) > 0.6 for one, other in pairs)
        settled.append(string)
        return group

    monkeypatch.setattr("camdigits.recognize.second_look.vote", told)
    picture = draw([("2024", 60, 20), ("7356", 60, 150)], size=(640, 280))
    page = reader.read(np.ascontiguousarray(np.rot90(picture, turns)))
    assert [string.text for string in settled] == ["2024", "7356"]
    assert page.text == "2024\n7356"
    assert "again" in page.timings_ms


def test_what_only_second_looks_see_is_shown_in_its_place(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Look.of

    def blind(look: Look, picture: np.ndarray) -> Trace:
        trace = first(look, picture)
        return replace(trace, page=replace(trace.page, strings=()))

    monkeypatch.setattr(Look, "of", blind)
    picture = draw([("2024", 60, 60)])
    assert reader.read(picture, again=False).strings == ()
    (string,) = reader.read(picture).strings
    assert (string.text, string.row) == ("2024", 0)
    assert overlap(string.box, ink_box(picture)) > 0.8


def test_a_page_that_reads_the_same_upside_down_is_not_turned(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("camdigits.reader.likely_turns", lambda *_: {2: 0.0})
    page = reader.read(draw([("80808", 60, 60)]))
    assert (page.text, page.rotation) == ("80808", 0)


def test_sure_digits_hold_against_a_turn_sideways(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("camdigits.reader.likely_turns", lambda *_: {1: 0.0, 3: 0.0})
    monkeypatch.setattr("camdigits.reader.turned_evidence", lambda _: 1.0)
    page = reader.read(draw([("5962", 60, 60)]))
    assert (page.text, page.rotation) == ("5962", 0)


def test_neighbors_of_two_sizes_are_doubted_where_they_are_looked_at_again(reader: Reader) -> None:
    small = draw([("5263", 60, 92)], font=40)
    picture = np.minimum(small, draw([("4872", 190, 60)], font=80))
    apart = reader.read(picture, again=False).strings
    assert [s.text for s in apart] == ["5263", "4872"]
    assert all(s.accepted for s in apart)
    gray = picture[..., 0]
    doubted = Look(reader.model, again=True).of(gray).page.strings
    assert [s.confidence for s in doubted] == pytest.approx([0.5 * s.confidence for s in apart])
    settled = reader.read(picture).strings
    assert [s.text for s in settled] == ["5263", "4872"]
    assert all(0.5 < s.confidence < a.confidence for s, a in zip(settled, apart, strict=True))


def test_dark_ink_is_read_where_light_ink_seemed_likely_and_there_is_none(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("camdigits.look.light_ink_evidence", lambda ground: 0.9)
    assert reader.read(draw([("2024", 60, 60)], paper=255)).text == "2024"


def test_a_film_s_frame_is_read_once(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader.model, "threshold", 1.1)
    once = reader.read(draw([("2024", 60, 60)]), again=False)
    assert once.text == "2024"
    assert "again" not in once.timings_ms


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


def test_a_page_askew_is_laid_level_and_read_in_place(reader: Reader) -> None:
    level = draw([("2024", 60, 20), ("7356", 60, 150)], size=(640, 280))
    level[100:102, 10:630] = level[230:232, 10:630] = 120  # rules below the middles
    askew, _ = turned(level[..., 0], 9)
    trace = reader.trace(askew)
    page = trace.page
    assert (page.text, page.rotation, trace.changes) == ("2024\n7356", 0, (LEVEL,))
    assert (page.height, page.width) == askew.shape
    assert_inside(page)
    for string, alone in zip(page.strings, [("2024", 60, 20), ("7356", 60, 150)], strict=True):
        seen, _ = turned(draw([alone], size=(640, 280))[..., 0], 9)
        assert overlap(string.box, ink_box(np.repeat(seen[..., None], 3, axis=2))) > 0.8
        assert downhill(string) == pytest.approx(-9, abs=0.7)
    unturned = reader.read(askew, rotate=False).strings
    assert all(downhill(string) > -6 for string in unturned)


def test_a_picture_out_of_focus_is_sharpened_and_read_in_place(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("camdigits.reader.SHARP_GAIN", -9.0)
    picture = draw([("2024", 60, 60)])
    blurred = cv2.GaussianBlur(picture, (0, 0), 5)
    seen = reader.trace(blurred)
    assert seen.page.text == "2024"
    assert overlap(seen.page.strings[0].box, ink_box(picture)) > 0.7
    once = reader.trace(blurred, again=False)
    assert (once.changes, seen.changes) == ((), (SHARPENED,))
    assert once.picture.shape == seen.picture.shape
    steepest = [np.abs(np.diff(trace.picture.astype(int))).max() for trace in (once, seen)]
    assert steepest[1] > 1.5 * steepest[0]
    assert "blur" not in once.page.timings_ms


def test_tiny_digits_are_enlarged_and_read_in_place(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("camdigits.reader.LARGE_GAIN", -9.0)
    tiny = draw([("2024", 60, 60)], size=(160, 120), font=16)
    seen, once = reader.trace(tiny), reader.trace(tiny, again=False)
    assert (seen.page.text, seen.changes, once.changes) == ("2024", (ENLARGED,), ())
    assert seen.picture.shape == (240, 320)
    assert (seen.page.width, seen.page.height) == (160, 120)
    assert overlap(seen.page.strings[0].box, ink_box(tiny)) > 0.7
    assert reader.trace(draw([("2024", 60, 60)])).changes == ()


def test_a_large_picture_is_never_enlarged(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("camdigits.reader.LARGE_GAIN", -9.0)
    blank = np.full((800, 700), 230, np.uint8)
    assert 4 * blank.size > reader.model.ink.max_pixels
    assert reader.trace(blank).changes == ()
