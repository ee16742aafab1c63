"""Draw: strokes become a picture, are read at once, and what is no digit is said to be none."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.testing.v1 import AppTest

from camdigits.web import engine
from camdigits.web.pad import LARGEST, MOST_POINTS, Stroke, picture_of, strokes_of

# Strokes in a box of 1 x 1.
THREE = [(0, 0.1), (0.5, 0), (0.9, 0.2), (0.5, 0.45), (0.95, 0.7), (0.5, 1), (0, 0.9)]
SEVEN = [(0, 0), (0.9, 0), (0.4, 1)]
STEM = [(0.5, 0), (0.45, 1)]
DASH = [(0, 0.5), (1, 0.5)]
LETTER = [(0, 1), (0, 0), (0.5, 0.6), (1, 0), (1, 1)]  # M


def stroke(shape: list[tuple[float, float]], left: float) -> Stroke:
    return Stroke(12, tuple((left + 90 * x, 60 + 180 * y) for x, y in shape))


def page() -> None:
    from camdigits.web import draw  # noqa: PLC0415 - AppTest runs this function's text alone

    draw.show()


def drawn(*strokes: Stroke) -> AppTest:
    test = AppTest.from_function(page, default_timeout=30)
    test.session_state["camdigits.drawing"] = strokes
    test.run()
    assert not test.exception
    return test


def numbers(test: AppTest) -> list[str]:
    return [code.value for code in test.code]


def test_the_empty_page_says_what_to_do() -> None:
    assert "Draw a digit" in drawn().info[0].value


@pytest.mark.parametrize(("shape", "digit"), [(THREE, "3"), (STEM, "1")])
def test_a_digit_is_read(shape: list[tuple[float, float]], digit: str) -> None:
    assert numbers(drawn(stroke(shape, 80))) == [digit]


def test_of_a_number_one_chooses_the_digit_to_look_at() -> None:
    test = drawn(stroke(THREE, 80), stroke(SEVEN, 230))
    assert numbers(test) == ["37"]
    assert test.segmented_control[0].options == ["3", "7"]


@pytest.mark.parametrize("shape", [DASH, LETTER])
def test_what_is_no_digit_is_said_to_be_none(shape: list[tuple[float, float]]) -> None:
    test = drawn(stroke(shape, 80))
    assert not numbers(test)
    assert "Not a digit" in test.warning[0].value


def test_a_number_is_kept_once_with_its_picture() -> None:
    test = drawn(stroke(THREE, 80))
    next(button for button in test.button if button.label == "Keep").click().run()
    assert next(button for button in test.button if button.label == "Kept").disabled
    (kept,) = test.session_state["camdigits.readings"].all()
    assert (kept.text, kept.source) == ("3", "drawing")
    assert kept.crop.startswith(b"\x89PNG")


def test_without_a_model_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    engine.reader.clear()
    monkeypatch.setenv("CAMDIGITS_MODEL", "no/such/model")
    assert "not a model folder" in drawn().error[0].value


def test_a_picture_has_dark_ink_and_white_edges() -> None:
    picture = picture_of([stroke(THREE, 80)])
    edges = [picture[0], picture[-1], picture[:, 0], picture[:, -1]]
    assert all((edge == 255).all() for edge in edges)
    assert picture.min() == 0
    assert picture_of([]).min() == 255


def test_a_dot_leaves_ink_as_wide_as_the_pen() -> None:
    ink = picture_of([Stroke(20, ((50.0, 50.0), (50.0, 50.0)))]) < 128
    assert np.flatnonzero(ink.any(axis=0)).size == pytest.approx(20, abs=2)


@pytest.mark.parametrize(
    "data",
    [
        None,
        7,
        [{}],
        [{"width": "wide", "points": []}],
        [{"width": 1, "points": [[1]]}],
        [{"width": 1, "points": [[1, float("nan")]]}],
        [{"width": 1, "points": [[1, 1]] * (MOST_POINTS + 1)}],
    ],
)
def test_what_is_no_drawing_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match=r"drawing|pad|float|unpack"):
        strokes_of(data)


def test_places_off_the_pad_are_moved_to_its_edge() -> None:
    (found,) = strokes_of([{"width": 5, "points": [[-3, 1e9]]}])
    assert found.points == ((0.0, LARGEST),)


def draw(page: Page, shape: list[tuple[float, float]], left: float) -> None:
    """Draw with the mouse, in a box of 90 x 180 pixels on the pad."""
    box = page.get_by_label("Drawing pad").bounding_box()
    assert box
    (x, y), *rest = [(box["x"] + left + 90 * x, box["y"] + 60 + 180 * y) for x, y in shape]
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(x, y, steps=5)
    page.mouse.up()


@pytest.mark.parametrize("width", [1280, 390])
def test_strokes_of_the_mouse_are_read_undone_and_cleared(
    site, browser: Browser, width: int
) -> None:
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{site.address}/draw")
        number = page.locator(".st-key-numbers code")
        expect(page.get_by_text("It is read after each stroke")).to_be_visible()
        expect(page.get_by_role("button", name="Undo")).to_be_disabled()
        draw(page, THREE, 40)
        expect(number).to_have_text("3")
        draw(page, SEVEN, 190)
        expect(number).to_have_text("37")
        page.get_by_role("button", name="Undo").click()
        expect(number).to_have_text("3")
        page.get_by_role("button", name="Clear").click()
        expect(page.get_by_text("It is read after each stroke")).to_be_visible()
        expect(page.locator("polyline")).to_have_count(0)


def test_the_drawing_is_still_there_when_one_comes_back(site, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site.address}/draw")
        expect(page.get_by_text("It is read after each stroke")).to_be_visible()
        draw(page, THREE, 40)
        expect(page.locator(".st-key-numbers code")).to_have_text("3")
        page.get_by_role("link", name="Training").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Training")
        page.get_by_role("link", name="Draw").click()
        expect(page.locator(".st-key-numbers code")).to_have_text("3")
        expect(page.locator("polyline")).to_have_count(1)
