"""What can be said of looks by measuring: axe, sizes, contrast, and what stays in view."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.gallery.server import Gallery
from tests.browser.gallery.states import states

pytestmark = pytest.mark.browser

CSS = Path(__file__).resolve().parents[2] / "kit" / "web" / "static" / "css"


def violations(page: Page) -> list[str]:
    """What axe finds, one line each with the places."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']][:4]}" for one in found]


@pytest.fixture(params=["fr", "en"])
def reader(chromium: Browser, request: pytest.FixtureRequest):
    """A page in each language, and that language."""
    # axe is injected as an inline script, which the kit's policy rightly refuses.
    context = chromium.new_context(
        locale=request.param,
        viewport={"width": 1280, "height": 800},
        bypass_csp=True,
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    yield context.new_page(), request.param
    context.close()


@pytest.mark.parametrize("state", list(states()))
def test_axe_finds_nothing_in_any_state(reader, gallery: Gallery, state: str) -> None:
    page, language = reader
    gallery.feed.lost = state == "nocamera"
    gallery.microphone.lost = state == "sound-lost"
    gallery.microphone.taken = state == "sound-taken"
    try:
        page.goto(
            f"{gallery.address}/projects/{state}?lang={language}", wait_until="domcontentloaded"
        )
        page.locator("kit-train button").first.wait_for()
        if states()[state]["can_answer"] and state not in ("nocamera", "sound-lost"):
            page.locator(".check-card .bubble strong").wait_for()
        assert violations(page) == []
    finally:
        gallery.feed.lost = gallery.microphone.lost = gallery.microphone.taken = False


def test_axe_finds_nothing_in_any_window(reader, gallery: Gallery) -> None:
    page, language = reader
    page.goto(f"{gallery.address}/projects/full?lang={language}", wait_until="domcontentloaded")
    dialog = page.get_by_role("dialog")
    openers = {
        "kit-check button": ".confusion",
        "[data-part=explain]": ".heat canvas",
        ".more-pictures": ".pictures img",
        "kit-sources [data-part=settings]": "kit-camera-settings form",
    }
    for opener, sign in openers.items():
        page.locator(opener).first.click()
        dialog.locator(sign).first.wait_for()
        assert violations(page) == [], opener
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(page.locator(opener).first).to_be_focused()
    page.locator(".activity-bar [data-part=fold]").click()
    for more in page.locator("details.more:visible > summary").all():
        more.click()
    page.locator("kit-label-row summary").last.click()
    assert violations(page) == []


def test_axe_finds_nothing_on_the_other_pages(
    reader, gallery: Gallery, class_gallery: Gallery
) -> None:
    page, language = reader
    for address in (
        "/",
        "/privacy",
        "/nothing/here",
        "/projects/broken",
        "/activities/sort-it/guide",
    ):
        page.goto(f"{gallery.address}{address}?lang={language}", wait_until="domcontentloaded")
        page.wait_for_timeout(300)
        assert violations(page) == [], address
    page.goto(f"{class_gallery.address}/?lang={language}", wait_until="domcontentloaded")
    page.locator(".animals button").first.wait_for()
    assert violations(page) == []
    page.goto(f"{class_gallery.address}/teacher?lang={language}", wait_until="domcontentloaded")
    assert violations(page) == []
    page.locator("#code").fill("gallery")
    page.keyboard.press("Enter")
    page.locator("[data-part=goes] span").first.wait_for()
    page.locator(".project").first.wait_for()
    assert violations(page) == []


def test_a_projector_shows_three_cards_with_three_labels_at_once(
    page: Page, gallery: Gallery
) -> None:
    page.goto(f"{gallery.address}/projects/full?lang=fr", wait_until="domcontentloaded")
    page.locator(".check-card .bubble strong").wait_for()
    page.locator("kit-activity-bar button").first.wait_for()
    page.wait_for_timeout(300)

    bottoms = [card.bounding_box() for card in page.locator(".card:visible").all()]

    assert len(bottoms) == 3
    assert max(box["y"] + box["height"] for box in bottoms if box) <= 768


def test_axe_finds_nothing_in_the_windows_of_sound_and_gesture(reader, gallery: Gallery) -> None:
    page, language = reader
    dialog = page.get_by_role("dialog")
    windows = {
        "sound": {
            ".more-pictures": ".clip-tools",
            "[data-do=sample-trim]": "kit-trim canvas",
            "kit-sources [data-part=settings]": "kit-microphone-settings form",
            "[data-verb=settings]": "kit-settings form",
        },
        "gesture": {".more-pictures": ".pictures img", "[data-verb=settings]": "kit-settings form"},
    }
    for state, openers in windows.items():
        page.goto(
            f"{gallery.address}/projects/{state}?lang={language}", wait_until="domcontentloaded"
        )
        for opener, sign in openers.items():
            if "verb" in opener:
                page.locator(".top details summary").first.click()
            page.locator(opener).first.click()
            dialog.locator(sign).first.wait_for()
            assert violations(page) == [], opener
            if opener != ".more-pictures" or state == "gesture":
                while dialog.count():
                    page.keyboard.press("Escape")
        for more in page.locator("details.more:visible > summary").all():
            more.click()
        assert violations(page) == []
    page.goto(f"{gallery.address}/?lang={language}", wait_until="domcontentloaded")
    page.locator("[data-part=create]").click()
    dialog.locator("input[value=sound]").check()
    assert violations(page) == []


@pytest.mark.parametrize("state", ["full", "many", "sound-long", "gesture"])
@pytest.mark.parametrize("width", [360, 800, 1280])
def test_nothing_is_wider_than_the_screen_or_smaller_than_a_finger(
    page: Page, gallery: Gallery, state: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{gallery.address}/projects/{state}?lang=fr", wait_until="domcontentloaded")
    page.locator(".check-card .bubble strong").wait_for()

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, a, summary, select, input, fieldset label")]
             .filter((one) => one.checkVisibility() && !one.matches(".skip, fieldset input"))
             .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
             .filter(([, box]) => Math.round(box.height) < 44 || Math.round(box.width) < 44)
             .map(([what]) => what)"""
    )
    assert small == []


def test_on_a_phone_picture_and_bars_stay_in_view_together(page: Page, gallery: Gallery) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{gallery.address}/projects/full?lang=fr", wait_until="domcontentloaded")
    page.locator(".strip .stage-bars li").first.wait_for()

    for place in (".show-card .add-label", ".train-card", ".check-card .check-tools"):
        page.locator(place).scroll_into_view_if_needed()
        expect(page.locator(".strip [data-part=kit]")).to_be_in_viewport(ratio=0.99)
        expect(page.locator(".strip .stage-bars li").last).to_be_in_viewport(ratio=0.99)


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_label_colours_are_seen_on_a_card_and_no_pattern_repeats() -> None:
    css = (CSS / "tokens.css").read_text()
    card = re.search(r"--card: (#\w{6})", css)[1]
    colours = re.findall(r"--label: (#\w{6})", css)
    fills = re.findall(r"--fill: ([^;]+);", css)

    assert len(colours) == len(set(colours)) == len(set(fills)) == 8
    assert all(contrast(colour, card) >= 3 for colour in colours)


def test_words_are_seen_on_their_grounds() -> None:
    css = (CSS / "tokens.css").read_text()
    named = dict(re.findall(r"--([\w-]+): (#\w{6});", css))
    words = ("ink", "soft", "measured", "stop")
    grounds = ("paper", "card", "say-soft")

    for word in words:
        for ground in grounds:
            assert contrast(named[word], named[ground]) >= 4.5, (word, ground)
    assert contrast(named["ink"], named["say"]) >= 4.5
