"""The self-test's page in a real browser, over the real machine under the test."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served
from tests.browser.gallery.server import Gallery
from tests.browser.test_looks import violations

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_part_is_said_in_words_and_axe_finds_nothing(
    chromium: Browser, kit: Served, language: str, tmp_path: Path
) -> None:
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{kit.address}/teacher?lang={language}", wait_until="domcontentloaded")
    page.locator("a[href='/doctor']").click()
    page.locator("[data-part=examine]").click()
    page.locator(".findings li").first.wait_for(timeout=60_000)

    parts = page.locator(".findings .part").all_inner_texts()
    assert len(parts) >= 14
    states = set(page.locator(".findings .state").all_inner_texts())
    assert states <= (
        {"bon", "à noter", "absent", "en panne"}
        if language == "fr"
        else {"good", "note", "absent", "broken"}
    )
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=tmp_path / f"doctor-{language}-{width}.png", full_page=True)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(media="print")
    expect(page.locator("[data-part=examine]")).to_be_hidden()
    # Opened again, the last report is there at once.
    page.emulate_media(media="screen")
    page.reload(wait_until="domcontentloaded")
    page.locator(".findings li").first.wait_for()
    # So are the counts of the loan.
    page.goto(f"{kit.address}/loan?lang={language}", wait_until="domcontentloaded")
    expect(page.locator("tbody tr")).to_have_count(8)
    page.screenshot(path=tmp_path / f"loan-{language}.png", full_page=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_in_a_class_a_group_is_led_to_the_teachers_code(page: Page, class_gallery: Gallery) -> None:
    page.goto(f"{class_gallery.address}/doctor?lang=fr", wait_until="domcontentloaded")

    expect(page.get_by_role("link", name="Entrer le code de l’enseignant")).to_be_visible()
    expect(page.get_by_role("button", name="Examiner le kit")).to_have_count(0)
