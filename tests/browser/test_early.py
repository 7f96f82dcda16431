"""What is pressed before a page can hear it is done once it can: its sentences come late here."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Served
from tests.browser.gallery.server import Gallery

pytestmark = pytest.mark.browser


@pytest.fixture
def late(page: Page) -> list[Route]:
    """The requests for the page's sentences, which wait for the test to answer them."""
    waiting: list[Route] = []
    page.route("**/i18n/*.json", lambda route: waiting.append(route))
    return waiting


def answer(page: Page, late: list[Route]) -> None:
    while not late:
        page.wait_for_timeout(20)
    late.pop().continue_()


def let_come(page: Page, late: list[Route]) -> None:
    assert page.locator("html[data-hears]").count() == 0
    answer(page, late)
    expect(page.locator("html[data-hears]")).to_have_count(1)


def test_a_button_pressed_early_and_twice_acts_once(
    page: Page, kit: Served, late: list[Route]
) -> None:
    page.goto(f"{kit.address}/?lang=fr", wait_until="commit")
    button = page.get_by_role("button", name="Nouveau projet")
    button.click()
    button.click()
    expect(page.locator("dialog[open]")).to_have_count(0)

    let_come(page, late)

    expect(page.locator("dialog[open]")).to_have_count(1)


def test_a_file_chosen_early_is_taken_once(
    page: Page, kit: Served, late: list[Route], tmp_path: Path
) -> None:
    page.goto(f"{kit.address}/?lang=fr", wait_until="commit")
    file = tmp_path / "rien.kit.zip"
    file.write_bytes(b"no zip")
    page.locator("input[type=file]").first.set_input_files(file)

    let_come(page, late)

    expect(page.locator(".toast.problem")).to_have_count(1)


def test_a_code_entered_early_is_asked_about(page: Page, late: list[Route]) -> None:
    gallery = Gallery(is_class=True)
    try:
        page.goto(f"{gallery.address}/teacher?lang=fr", wait_until="commit")
        page.locator("[data-part=code-form] input").fill("123456")
        page.keyboard.press("Enter")

        # Sent by the form itself, the page would only have been loaded anew.
        with page.expect_request("**/api/session/teacher") as asked:
            answer(page, late)
        assert asked.value.post_data_json == {"code": "123456"}
    finally:
        gallery.close()


def test_links_and_fields_need_not_wait(page: Page, kit: Served, late: list[Route]) -> None:
    page.goto(f"{kit.address}/?lang=fr", wait_until="commit")
    page.get_by_role("link", name="Espace enseignant").click()
    expect(page).to_have_url(f"{kit.address}/teacher")
