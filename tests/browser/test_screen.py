"""The projector's page at the kit, and a lesson begun there with nothing but a mouse."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Served
from tests.browser.test_looks import violations

pytestmark = pytest.mark.browser
PROJECTORS = [(1280, 720), (1920, 1080)]


@pytest.fixture(scope="module")
def appliance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A class's kit over the fake system: a Wi-Fi of its own, and a switch for it."""
    folder = tmp_path_factory.mktemp("appliance")
    options = ("--host", "0.0.0.0", "--camera", "none", "--microphone", "none")
    served = Served(folder / "data", *options, "--appliance", f"fake:{folder / 'system'}")
    yield served
    served.stop()


def press(page: Page, text: str) -> None:
    """Press these letters on the screen."""
    keys = page.locator("kit-keys")
    for letter in text:
        keys.locator(f'[data-key="{letter}"]').click()


def deed(page: Page, name: str) -> Locator:
    return page.locator(f"kit-keys [data-deed={name}]")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_projector_shows_how_to_join_without_a_scroll_bar(
    chromium: Browser, appliance: Served, language: str, tmp_path: Path
) -> None:
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    for width, height in PROJECTORS:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{appliance.address}/screen?lang={language}", wait_until="domcontentloaded")
        expect(page.locator("[data-part=count]")).not_to_be_empty()
        page.screenshot(path=tmp_path / f"screen-{language}-{width}.png")

        assert violations(page) == []
        whole = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        assert page.evaluate(whole) == [width, height]
        password = page.get_by_text("abcd-efgh-jkmn")
        lines = password.evaluate("node => node.getClientRects()[0].height")
        assert lines < 1.9 * password.evaluate(
            "node => parseFloat(getComputedStyle(node).fontSize)"
        )
        assert password.evaluate("node => parseFloat(getComputedStyle(node).fontSize)") >= 22
        sides = page.locator(".qr").evaluate_all("all => all.map(one => one.clientWidth)")
        assert min(sides) >= 0.35 * height
    context.close()


def test_a_lesson_is_begun_with_a_mouse_alone(page: Page, appliance: Served) -> None:
    page.goto(f"{appliance.address}/screen?lang=fr", wait_until="domcontentloaded")
    code = "".join(filter(str.isdecimal, page.locator("details.code p").text_content() or ""))
    page.get_by_role("button", name="Faire la leçon sur cet écran").click()

    page.get_by_role("button", name="Nouveau projet").click()
    press(page, "thé")
    page.locator('kit-keys [data-key=" "]').click()
    press(page, "22")
    deed(page, "back").click()
    expect(page.get_by_label("Nom du projet")).to_have_value("thé 2")
    deed(page, "enter").click()

    expect(page.get_by_role("heading", name="thé 2", level=1)).to_be_visible()
    page.goto(f"{appliance.address}/teacher", wait_until="domcontentloaded")
    page.get_by_label("Code enseignant").click()
    expect(page.locator('kit-keys [data-key="a"]')).to_have_count(0)  # figures are enough
    press(page, code)
    deed(page, "enter").click()
    expect(page.get_by_role("heading", name="La séance", exact=True)).to_be_visible()
    page.get_by_role("link", name="Rejoindre").click()
    expect(page.get_by_role("heading", name="Déjà là")).to_be_visible()


def test_real_keys_put_the_drawn_ones_away(page: Page, appliance: Served) -> None:
    page.goto(f"{appliance.address}/screen?lang=fr", wait_until="domcontentloaded")
    page.get_by_role("button", name="Faire la leçon sur cet écran").click()
    page.get_by_role("button", name="Nouveau projet").click()
    expect(page.locator("kit-keys")).to_be_visible()

    page.keyboard.type("a")

    expect(page.locator("kit-keys")).to_be_hidden()


def test_the_wifi_is_switched_on_again_without_a_code(page: Page, appliance: Served) -> None:
    code = _code(page, appliance)
    for method, path, body in (
        ("POST", "/api/session/teacher", {"code": code}),
        ("POST", "/api/appliance/wifi", {"on": False}),
        ("DELETE", "/api/session", None),
    ):
        done = page.evaluate(_ASK, [method, path, body])
        assert done in (200, 204), path
    page.reload(wait_until="domcontentloaded")
    expect(page.get_by_text("Le Wi-Fi du kit est coupé.")).to_be_visible()

    page.get_by_role("button", name="Allumer le Wi-Fi").click()

    expect(page.get_by_text("abcd-efgh-jkmn")).to_be_visible()


_ASK = """async ([method, path, body]) => {
    const headers = { "Content-Type": "application/json" };
    return (await fetch(path, { method, headers, body: body && JSON.stringify(body) })).status;
}"""


def _code(page: Page, appliance: Served) -> str:
    page.goto(f"{appliance.address}/screen?lang=fr", wait_until="domcontentloaded")
    return "".join(filter(str.isdecimal, page.locator("details.code p").text_content() or ""))
