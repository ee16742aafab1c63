"""The page Live in Chromium, whose camera is a film of the simulated one."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

PATIENCE = 60_000  # milliseconds; only a failing test waits as long
FLOWING = 15  # frames of a video that is up
STARTS = 10
# The browser may go through relays alone, and there are none.
NO_WAY = """
const Free = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Free {
    constructor(settings) { super({...settings, iceTransportPolicy: "relay"}); }
};
"""
SHOTS = 5  # some may be out of focus
# A click before the camera gives a picture takes none, and nothing tells of it.
FILMING = "() => document.querySelector('[data-testid=stCameraInput] video')?.videoHeight > 0"


def open_live(context: BrowserContext, site) -> Page:
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(site.address)
    return page


def component(page: Page) -> FrameLocator:
    return page.frame_locator('iframe[title*="webrtc"]')


def start(page: Page) -> None:
    """Start the camera by one click and return when its video comes back from the server."""
    component(page).get_by_role("button", name="Start the camera").click()
    video = component(page).locator("video")
    expect(video).to_be_visible(timeout=PATIENCE)
    page.frames[-1].wait_for_function(
        "count => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames"
        " >= count",
        arg=FLOWING,
    )


def expect_number(page: Page, number: str) -> None:
    expect(page.get_by_test_id("stCode")).to_have_text(number, timeout=PATIENCE)
    expect(page.get_by_text("Locked")).to_be_visible(timeout=PATIENCE)


def complaints(page: Page) -> list[str]:
    """Return a list to which the page's errors are added as they happen."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda told: found.append(told.text) if told.type == "error" else None)
    return found


def test_a_number_is_locked_copied_kept_and_read_again_after_leaving(own_site, filmed) -> None:
    rights = ["clipboard-read", "clipboard-write"]
    with filmed("3240").new_context(permissions=rights) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        found = complaints(page)
        page.goto(own_site.address)
        # Nothing that only numbers need is fetched with the page, for which it would wait.
        expect(component(page).get_by_role("button", name="Start the camera")).to_be_visible()
        expect(page.get_by_test_id("stCode")).to_have_count(0)
        start(page)
        expect_number(page, "3240")
        expect(page.get_by_text("frames a second")).to_be_visible()

        page.get_by_role("button", name="Copy to clipboard").click()
        assert page.evaluate("navigator.clipboard.readText()") == "3240"
        page.get_by_role("button", name="Keep").click()
        expect(page.get_by_role("button", name="Kept")).to_be_disabled()

        page.get_by_role("link", name="History").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("History")
        page.get_by_role("link", name="Live").click()
        start(page)
        expect_number(page, "3240")
        component(page).get_by_role("button", name="Stop").click()
        expect(page.get_by_text("not in view now")).to_be_visible()
        expect(page.get_by_test_id("stCode")).to_have_text("3240")
        assert found == []
    assert own_site.troubles() == []


def test_two_people_read_their_own_numbers(own_site, filmed) -> None:
    with filmed("3240").new_context() as one, filmed("7132").new_context() as other:
        pages = [open_live(context, own_site) for context in (one, other)]
        for page in pages:
            start(page)
        for page, number in zip(pages, ("3240", "7132"), strict=True):
            expect_number(page, number)
    assert own_site.troubles() == []


def test_where_no_connection_comes_up_a_single_picture_is_read(own_site, filmed) -> None:
    with filmed("3240").new_context() as context:
        context.add_init_script(NO_WAY)
        page = open_live(context, own_site)
        component(page).get_by_role("button", name="Start the camera").click()
        expect(page.get_by_text("No video comes from the browser")).to_be_visible(timeout=PATIENCE)
        number, none = page.get_by_test_id("stCode"), page.get_by_text("No number was found")
        for _ in range(SHOTS):
            page.wait_for_function(FILMING)
            page.get_by_role("button", name="Take Photo").click()
            expect(number.or_(none)).to_be_visible(timeout=PATIENCE)
            if number.is_visible():
                break
            page.get_by_role("button", name="Clear photo").click()
            expect(page.get_by_text("appear here, to copy")).to_be_visible(timeout=PATIENCE)
        expect(number).to_have_text("3240")
    assert own_site.troubles() == []


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")
def test_ten_fresh_starts_take_one_click_each_and_leave_no_thread(own_site, filmed) -> None:
    of_one_video = 0
    for _ in range(STARTS):
        with filmed("3240").new_context() as context:
            page = open_live(context, own_site)
            start(page)
            expect(component(page).get_by_role("button", name="Stop")).to_be_visible()
            of_one_video = of_one_video or own_site.threads()
    # That a browser was closed is noticed after seconds.
    pause = threading.Event()
    for _ in range(PATIENCE // 500):
        if own_site.threads() < of_one_video:
            break
        pause.wait(0.5)
    assert own_site.threads() < of_one_video
    assert own_site.troubles() == []
