"""LiveReader on frames drawn here, read by the real reader; and by one that counts its calls."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from scenes import grainy, scene
from sightings import number

from camdigits.errors import CamdigitsError, PictureError
from camdigits.reader import Reader
from camdigits.reading import Page
from camdigits.recognize.formats import Format
from camdigits.video.live_reader import LiveReader, Region
from camdigits.video.results import LiveResult

STEP = 1 / 15


class Script:
    """A reader that finds the same strings in every frame and counts how often it is asked."""

    def __init__(self, *texts: str, letters: int = 0, in_a_row: bool = False) -> None:
        self.texts, self.letters, self.in_a_row = texts, letters, in_a_row
        self.calls = 0
        self.expected: Format | None = None

    def read(
        self,
        image: np.ndarray,
        rotate: bool = True,
        expected: Format | None = None,
        again: bool = True,
    ) -> Page:
        self.calls += 1
        self.expected = expected
        assert not rotate
        assert not again
        strings = tuple(
            replace(number(text, 100, 60 + 100 * i), row=0 if self.in_a_row else i)
            for i, text in enumerate(self.texts)
        )
        return Page(strings, image.shape[1], image.shape[0], letters=self.letters)


def film(live: LiveReader, frame: np.ndarray, frames: int, start: float = 0.0) -> LiveResult:
    """Show a frame with fresh noise for some frames from ``start`` on; return the last result."""
    for k in range(frames):
        result = live.update(grainy(frame, k), start + k * STEP)
    return result


def test_numbers_are_found_and_locked(reader: Reader) -> None:
    result = film(LiveReader(reader), scene(("3240", 80, 80), ("2247", 80, 260)), 12)
    assert result.state == "locked"
    assert [s.text for s in result.locked] == ["3240", "2247"]
    assert len({s.id for s in result.strings}) == 2
    first = result.strings[0]
    assert first.confidence > 0.9
    assert abs(first.box.x - 80) < 12
    assert abs(first.box.y - 80) < 12
    assert abs(first.box.height - 60) < 20
    assert result.guidance.code == "none"


def test_nothing_is_found_where_nothing_is(reader: Reader) -> None:
    live = LiveReader(reader)
    for k in range(8):
        result = live.update(grainy(scene(), k), k * STEP)
        assert (result.state, result.strings, result.guidance.code) == ("searching", (), "none")


def test_a_moving_page_keeps_its_ids(reader: Reader) -> None:
    live = LiveReader(reader)
    for k in range(14):
        frame = grainy(scene(("3140", 60 + 14 * k, 80 + 9 * k)), k)
        result = live.update(frame, k * STEP)
    assert [(s.id, s.text) for s in result.locked] == [(1, "3140")]
    assert abs(result.strings[0].box.x - (60 + 14 * 13)) < 14


@pytest.mark.parametrize("size", [(960, 720), (320, 240)])
def test_another_frame_size_in_mid_stream(reader: Reader, size: tuple[int, int]) -> None:
    live = LiveReader(reader)
    frame = scene(("3140", 80, 80))
    before = film(live, frame, 10)
    scaled = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
    after = film(live, scaled, 4, 10 * STEP)
    assert [(s.id, s.text) for s in before.locked] == [(s.id, s.text) for s in after.locked]
    assert abs(after.locked[0].box.x - 80 * size[0] / 640) < 12


def test_another_shape_in_mid_stream_starts_anew(reader: Reader) -> None:
    live = LiveReader(reader)
    film(live, scene(("3140", 80, 80)), 10)
    result = film(live, scene(("3140", 80, 80), size=(640, 360)), 10, 10 * STEP)
    assert [(s.id > 1, s.text) for s in result.locked] == [(True, "3140")]


def test_only_the_region_is_read(reader: Reader) -> None:
    live = LiveReader(reader, region=Region(0.0, 0.45, 1.0, 0.5))
    result = film(live, scene(("3140", 80, 80), ("2247", 80, 290)), 10)
    assert [s.text for s in result.strings] == ["2247"]
    assert abs(result.strings[0].box.y - 290) < 12
    live.region = None
    assert live.update(scene(), 10 * STEP).strings == ()


def test_only_the_expected_is_shown() -> None:
    script = Script("31405", "22")
    live = LiveReader(script, expected=Format.parse("2"))
    frame = scene(("3140", 80, 80))
    assert [s.text for s in film(live, frame, 12).strings] == ["22"]
    assert script.expected == Format.parse("2")
    live.expected = Format.parse("5")
    assert [s.text for s in film(live, frame, 12, 12 * STEP).strings] == ["31405"]


@pytest.mark.parametrize(("in_a_row", "locked"), [(True, 3), (False, 0)])
def test_digits_in_a_row_keep_each_other_company(in_a_row: bool, locked: int) -> None:
    live = LiveReader(Script("3", "4", "7", in_a_row=in_a_row))
    assert len(film(live, scene(("3140", 80, 80)), 4).locked) == locked


@pytest.mark.parametrize(("letters", "locked"), [(0, 3), (8, 0)])
def test_letters_beside_the_strings_make_words_of_them(letters: int, locked: int) -> None:
    live = LiveReader(Script("5010", "1110", "2001", letters=letters))
    assert len(film(live, scene(("3140", 80, 80)), 12).locked) == locked


def test_frames_are_skipped_and_strings_stay() -> None:
    script = Script("31405")
    live = LiveReader(script)
    sharp = scene(("3140", 80, 80))
    locked = film(live, sharp, 5)
    calls = script.calls
    unchanged = live.update(grainy(sharp, 99), 5 * STEP)
    blurred = live.update(cv2.GaussianBlur(sharp, (0, 0), 7), 6 * STEP)
    dark = live.update(sharp // 8, 7 * STEP)
    assert [r.skipped for r in (unchanged, blurred, dark)] == ["unchanged", "blurred", "dark"]
    assert script.calls == calls
    assert locked.strings == unchanged.strings == blurred.strings == dark.strings


def test_guidance_is_given_when_due_for_a_while_and_ends() -> None:
    live = LiveReader(Script())
    sharp = scene(("3140", 80, 80))
    dark = [live.update(sharp // 8, k * STEP).guidance.code for k in range(10)]
    assert dark[0] == "none"
    assert dark[-1] == "too_dark"
    light = [live.update(sharp, 1 + k * STEP).guidance for k in range(10)]
    assert light[-1].code == "none"
    assert (dark[-1] != "none", light[0].words) == (True, "too dark: more light, please")


def test_shaking_and_blur_are_told_apart() -> None:
    soft = cv2.GaussianBlur(scene(("3140", 80, 80)), (0, 0), 7)
    shaken, still = LiveReader(Script()), LiveReader(Script())
    for live in (shaken, still):
        live.update(scene(("3140", 80, 80)), 0.0)
    for k in range(1, 12):
        moved = np.roll(soft, 90 * (k % 2), axis=1)
        codes = (
            shaken.update(moved, k * STEP).guidance.code,
            still.update(soft, k * STEP).guidance.code,
        )
    assert codes == ("hold_still", "too_blurred")


def test_small_writing_is_told() -> None:
    class Small(Script):
        def read(
            self,
            image: np.ndarray,
            rotate: bool = True,
            expected: Format | None = None,
            again: bool = True,
        ) -> Page:
            return Page((number("314", 100, 100, 0.5, height=11),), 640, 480)

    assert film(LiveReader(Small()), scene(("3140", 80, 80)), 12).guidance.code == "too_small"


@pytest.mark.parametrize(
    "frame", [None, np.zeros((4, 4), np.float32), np.zeros((0, 5, 3), np.uint8)]
)
def test_what_is_no_picture_is_refused(frame: np.ndarray) -> None:
    with pytest.raises(PictureError, match="expected a picture"):
        LiveReader(Script()).update(frame, 0.0)


def test_frames_of_a_pixel_are_taken() -> None:
    live = LiveReader(Script(), region=Region(0.5, 0.5, 0.1, 0.1))
    for k, shape in enumerate([(1, 1, 3), (2, 700, 3), (480, 640), (1, 1, 3)]):
        assert live.update(np.full(shape, 128, np.uint8), float(k)).state == "searching"


@pytest.mark.parametrize("values", [(0, 0, 0, 0), (-0.1, 0, 1, 1), (0.5, 0, 0.6, 1)])
def test_regions_lie_in_the_frame(values: tuple[float, ...]) -> None:
    with pytest.raises(CamdigitsError, match="as shares of the frame"):
        Region(*values)
