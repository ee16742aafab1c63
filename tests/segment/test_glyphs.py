"""From darkness to glyphs: where rules or texture stand, what is asked which ink is writing."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from factories import Asked, on_paper, pen_row

from camdigits.preprocess.binarize import Ink, InkSettings
from camdigits.preprocess.lighting import look_at
from camdigits.preprocess.view import view_scale
from camdigits.segment.components import Components
from camdigits.segment.glyphs import OTHER, Writing, find_glyphs
from camdigits.segment.settings import SegmentSettings

INK, SETTINGS = InkSettings(), SegmentSettings()
PALE = 130  # ink of what is drawn beside the writing


def found(gray: np.ndarray, asked: Asked | None, other: float = OTHER) -> Components:
    stages: list[str] = []
    writing = Writing(asked, other) if asked else None
    picture, ink, glyphs = find_glyphs(gray, look_at(gray), INK, SETTINGS, stages.append, writing)
    assert ink.mask.shape == picture.shape == glyphs.labels.shape
    assert ("writing" in stages) == (asked is not None)
    return glyphs


def framed(ink: np.ndarray) -> np.ndarray:
    """Return the ink with a pale dashed frame around it, and a rule below that is taken out."""
    drawn = np.zeros_like(ink)
    height, width = ink.shape
    for x in range(20, width - 20, 14):
        drawn[18:20, x : x + 7] = drawn[height - 40 : height - 38, x : x + 7] = PALE
    drawn[20 : height - 40, 20:22] = drawn[20 : height - 40, width - 22 : width - 20] = PALE
    drawn[height - 20 : height - 18, 10 : width - 10] = PALE
    return np.maximum(drawn, ink)


@pytest.fixture
def ink() -> np.ndarray:
    """Return a row of digits with room around it, uint8."""
    return cv2.copyMakeBorder(pen_row("2742"), 40, 60, 60, 60, cv2.BORDER_CONSTANT)


def test_where_nothing_but_writing_stands_nothing_is_asked(ink: np.ndarray) -> None:
    asked = Asked()
    assert len(found(on_paper(ink), asked)) == 4
    assert asked.views == []


def test_how_much_other_ink_is_a_reason_to_ask_is_told(ink: np.ndarray) -> None:
    drawn = np.zeros_like(ink)
    drawn[-20:-14, 30:36] = PALE
    gray = on_paper(np.maximum(drawn, ink))
    seldom, soon = Asked(), Asked()
    assert (len(found(gray, seldom)), len(found(gray, soon, other=0.0))) == (5, 4)
    assert seldom.views == []
    assert len(soon.views) == 1


def test_where_rules_stand_what_is_not_written_goes(ink: np.ndarray) -> None:
    gray = on_paper(framed(ink))
    asked = Asked()
    glyphs = found(gray, asked)
    assert len(glyphs) == 4
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    np.testing.assert_allclose(
        np.sort(glyphs.boxes, axis=0), np.sort(stats[1:, :4], axis=0), atol=2
    )
    assert len(asked.views) == 1
    assert len(found(gray, None)) > 4


def test_small_squares_that_hang_together_are_a_reason_to_ask(
    ink: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    mask = cv2.copyMakeBorder(ink, 0, 260, 0, 0, cv2.BORDER_CONSTANT)
    for start in range(0, 240, 9):
        mask[-240 + start : -236 + start] = 255
    for start in range(0, mask.shape[1], 9):
        mask[-240:, start : start + 4] = 255
    drawn = Ink(mask, mask, mask, np.full_like(mask, 255), mask, 8.0)
    monkeypatch.setattr("camdigits.segment.glyphs.find_ink", lambda *_: drawn)
    asked = Asked()
    found(on_paper(mask), asked)
    assert len(asked.views) == 1


def test_only_what_is_near_the_writing_is_looked_at(ink: np.ndarray) -> None:
    page = cv2.copyMakeBorder(framed(ink), 100, 300, 50, 600, cv2.BORDER_CONSTANT)
    page[-40:-37] = PALE
    asked = Asked()
    glyphs = found(on_paper(page), asked)
    assert len(glyphs) == 4
    assert asked.views
    for rows, columns in asked.views:
        assert rows < 0.8 * page.shape[0]
        assert columns < 0.7 * page.shape[1]


def test_writing_that_is_smaller_than_it_seemed_is_looked_at_in_its_size() -> None:
    written = np.zeros((480, 960), np.uint8)
    row = pen_row("2742", 40, margin=4)
    written[400 : 400 + row.shape[0], 40 : 40 + row.shape[1]] = row
    drawn = np.zeros_like(written)
    large = pen_row("742", 200, stroke=8)
    drawn[: large.shape[0], 100 : 100 + large.shape[1]] = large
    drawn[470:473, 10:950] = 255
    asked = Asked()
    drawn = np.maximum(cv2.min(drawn, PALE), written)
    assert len(found(on_paper(drawn), asked)) == 4
    first, second = asked.views
    closer = view_scale(written.shape, 45) / view_scale(written.shape, 200)
    assert second[0] == pytest.approx(closer * first[0], abs=2)
    assert closer > 1.5


def test_writing_that_is_large_in_a_small_picture_is_looked_at_in_its_size() -> None:
    large = cv2.copyMakeBorder(pen_row("274", 150, stroke=12), 40, 60, 60, 60, cv2.BORDER_CONSTANT)
    asked = Asked()
    assert len(found(on_paper(framed(large)), asked)) == 3
    first, second = asked.views
    assert second[0] == pytest.approx(28 / 150 * large.shape[0], rel=0.1)
    assert first[0] > 2 * second[0]


def test_nothing_written_is_nothing_found(ink: np.ndarray) -> None:
    assert len(found(dimmed(on_paper(framed(ink))), Asked(written=False))) == 0


def dimmed(gray: np.ndarray) -> np.ndarray:
    """Return the picture with less and less light to the right."""
    return (gray * np.linspace(1.0, 0.6, gray.shape[1])).astype(np.uint8)


def test_where_nothing_is_taken_for_writing_plain_paper_tells_more() -> None:
    row, small = pen_row("7", 200, stroke=16), pen_row("7", 30, stroke=3, margin=2)
    row[-small.shape[0] :, -small.shape[1] :] = small
    gray, asked = on_paper(row), Asked(written=False)
    assert (found(gray, asked, other=0.0).boxes[:, 3] > 150).tolist() == [True, False]
    assert len(found(dimmed(gray), asked, other=0.0)) == 0
    assert len(asked.views) == 2


def test_a_wide_zero_alone_is_no_frame() -> None:
    ring = np.zeros((200, 300), np.uint8)
    cv2.ellipse(ring, (150, 100), (48, 38), 0, 0, 360, 255, 18)
    ring = cv2.threshold(cv2.GaussianBlur(ring, (0, 0), 4), 100, 255, cv2.THRESH_BINARY)[1]
    asked = Asked(written=False)
    assert len(found(on_paper(ring), asked)) == 1
    assert len(asked.views) == 1


@pytest.mark.parametrize(("dots", "kept"), [(1, 0), (2, 2)])
def test_dots_of_a_colon_stay_though_they_are_taken_for_paper(
    ink: np.ndarray, dots: int, kept: int
) -> None:
    drawn = framed(ink)
    x = ink.shape[1] // 2
    for y in (90, 112)[:dots]:
        drawn[y : y + 6, x - 3 : x + 3] = PALE
    assert len(found(on_paper(drawn), Asked())) == 4 + kept


def ringed(ink: np.ndarray) -> np.ndarray:
    """Return a ring around all of the ink."""
    x, y, width, height = cv2.boundingRect(ink)
    middle, axes = (x + width // 2, y + height // 2), (round(0.57 * width) + 25, height // 2 + 25)
    return cv2.ellipse(np.zeros_like(ink), middle, axes, 0, 0, 360, 255, 4)


def test_a_ring_goes_from_the_ink_and_from_the_picture(ink: np.ndarray) -> None:
    gray = on_paper(ink | ringed(ink))
    picture, _, glyphs = find_glyphs(gray, look_at(gray), INK, SETTINGS, lambda _: None)
    assert len(glyphs) == 4
    np.testing.assert_allclose(picture, on_paper(ink), atol=30)


def test_a_ring_that_a_rule_crosses_goes_with_the_rule(ink: np.ndarray) -> None:
    drawn = ringed(ink)
    _, y, _, height = cv2.boundingRect(ink)
    drawn[y + height + 6 : y + height + 9] = 255
    glyphs = found(on_paper(ink | drawn), None)
    assert len(glyphs) == 4
