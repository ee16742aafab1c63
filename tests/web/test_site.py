from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

PAGES = {"live": "Live", "photos": "Photos", "draw": "Draw", "training": "Training"}
PAGES |= {"history": "History"}


@pytest.mark.parametrize("path", PAGES)
def test_each_page_has_an_address_of_its_own(site, browser: Browser, path):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site.address}/{path}")
        expect(page.get_by_role("heading", level=1)).to_have_text(PAGES[path])
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_site_opens_with_live(site, browser: Browser):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site.address)
        expect(page.get_by_role("heading", level=1)).to_have_text("Live")
        expect(page).to_have_url(f"{site.address}/live")
