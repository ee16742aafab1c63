from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import cv2
import pytest
from pictures import draw_number, encode
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as PlaywrightError

from camdigits.recognize.views import turned

GOOD = encode(draw_number("2034"), "PNG")


@pytest.fixture
def page(site: Any, browser: Browser) -> Iterator[Page]:
    """Return the page Photos of one person."""
    with browser.new_context(viewport={"width": 1280, "height": 1400}) as context:
        page = context.new_page()
        page.goto(f"{site.address}/photos")
        expect(page.get_by_text("No pictures yet")).to_be_visible()
        yield page


def drop(page: Page, **files: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        [
            {"name": f"{name}.png", "mimeType": "image/png", "buffer": data}
            for name, data in files.items()
        ]
    )


def await_numbers(page: Page) -> None:
    expect(page.get_by_role("heading", name="Numbers")).to_be_visible()


def download(page: Page, button: str) -> str:
    """Return the text of the file that a button gives."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=True).click()
    return Path(waiting.value.path()).read_text()


def csv_of(page: Page) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(download(page, "CSV"))))


def csv_saying(page: Page, text: str) -> list[dict[str, str]]:
    """Return the rows once the page knows of an edit: the table sends it a moment later."""
    rows: list[dict[str, str]] = []
    for _ in range(20):
        with suppress(PlaywrightError):  # a file goes with the run of the page that offered it
            rows = csv_of(page)
        if any(row["text"] == text for row in rows):
            return rows
    pytest.fail(f"no row ever says {text}: {rows}")


def edit_first_number(page: Page, text: str) -> None:
    """Type into the first row of the table, in the second of its three columns."""
    # Pictures that are still to come move the table down.
    expect(page.get_by_role("img", name="The picture with what was read")).to_be_visible()
    grid = page.get_by_test_id("stDataFrame").locator("canvas").first
    field = page.locator("#portal textarea, #portal input").first
    for _ in range(5):  # a table that is still drawn, or that moves, takes no click
        grid.scroll_into_view_if_needed()
        box = grid.bounding_box()
        assert box is not None
        page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + 60)
        with suppress(PlaywrightError):
            field.wait_for(timeout=3000)
            break
    field.fill(text)
    field.press("Enter")


def test_a_dropped_photo_is_read_and_downloaded(page: Page) -> None:
    drop(page, note=GOOD)
    await_numbers(page)
    expect(page.get_by_role("img", name="The picture with what was read")).to_be_visible()
    (row,) = csv_of(page)
    assert (row["source"], row["text"], row["read_as"]) == ("note.png", "2034", "2034")
    (record,) = json.loads(download(page, "JSON"))
    assert record["strings"][0]["text"] == "2034"


def test_a_correction_is_downloaded_and_kept(page: Page) -> None:
    drop(page, note=GOOD)
    await_numbers(page)
    edit_first_number(page, "2039")
    assert [(row["text"], row["read_as"]) for row in csv_saying(page, "2039")] == [("2039", "2034")]
    page.get_by_role("button", name="Keep 1 number").click()
    expect(page.get_by_role("button", name="Kept in the history")).to_be_disabled()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("History")
    assert [(row["text"], row["source"]) for row in csv_of(page)] == [("2039", "note.png")]


def test_one_bad_file_is_one_sentence_and_loses_no_other(page: Page) -> None:
    drop(page, a=GOOD, b=b"no picture", c=encode(draw_number("347"), "PNG"))
    await_numbers(page)
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("alert")).to_contain_text("b.png: not a picture that can be read")
    assert [row["text"] for row in csv_of(page)] == ["2034", "347"]


def test_why_shows_what_the_reader_saw(page: Page) -> None:
    drop(page, note=GOOD)
    await_numbers(page)
    page.get_by_text("Why? What the reader saw").click()
    for name in ("The ink of the picture", "A line of writing with its cuts"):
        expect(page.get_by_role("img", name=name)).to_be_visible()
    expect(page.get_by_text("in 28 x 28 pixels")).to_be_visible()
    expect(page.get_by_text("The picture was")).to_have_count(0)


def test_why_tells_what_was_done_to_the_picture(page: Page) -> None:
    ruled = cv2.cvtColor(draw_number("2034"), cv2.COLOR_BGR2GRAY)
    ruled[150:152, 4:-4] = 120  # through the digits
    drop(page, note=encode(turned(ruled, 9)[0], "PNG"))
    await_numbers(page)
    page.get_by_text("Why? What the reader saw").click()
    expect(page.get_by_text("The picture was turned level for that.")).to_be_visible()


def test_a_picture_is_pasted(page: Page) -> None:
    # The page listens a moment after it is seen; who takes a paste prevents its usual effect.
    page.wait_for_function(
        """bytes => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(bytes)], "pasted.png", {type: "image/png"}));
            const init = {clipboardData: files, bubbles: true, cancelable: true};
            return !document.body.dispatchEvent(new ClipboardEvent("paste", init));
        }""",
        arg=list(GOOD),
    )
    await_numbers(page)
    assert [row["source"] for row in csv_of(page)] == ["pasted.png"]


def test_a_picture_without_numbers_says_so(page: Page) -> None:
    drop(page, blank=encode(draw_number(""), "PNG"))
    expect(page.get_by_text("No numbers were found")).to_be_visible()


def test_removed_pictures_are_gone(page: Page) -> None:
    drop(page, a=GOOD)
    await_numbers(page)
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("No pictures yet")).to_be_visible()


def test_pictures_stay_while_one_looks_at_another_page(page: Page) -> None:
    drop(page, a=GOOD)
    await_numbers(page)
    page.get_by_role("link", name="History").click()
    expect(page.get_by_text("Nothing kept yet")).to_be_visible()
    page.get_by_role("link", name="Photos").click()
    await_numbers(page)


def test_a_name_is_shown_as_it_is(page: Page) -> None:
    drop(page, **{"![x](y) <b>": b"no picture"})
    expect(page.get_by_role("alert")).to_contain_text("![x](y) <b>.png: not a picture")


def test_a_real_photo_is_read(page: Page, data_folder: Path) -> None:
    labels = (data_folder / "photos" / "labels.tsv").read_text().splitlines()
    rows = [dict(zip(labels[0].split("\t"), line.split("\t"), strict=False)) for line in labels[1:]]
    photo = next(row for row in rows if row["file"].startswith("spar"))
    page.locator("input[type=file]").set_input_files(data_folder / "photos" / photo["file"])
    await_numbers(page)
    wanted = photo["lines"].replace("|", " ").split()
    read = [row["text"] for row in csv_of(page)]
    assert len(set(wanted) & set(read)) >= len(wanted) / 2
