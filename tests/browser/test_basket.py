"""The basket: with no camera at all, an activity's own objects are shown, taken and checked."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Served
from tests.browser.test_looks import violations
from tests.browser.walk import add_label, count, honest_count, open_new_project, row, train

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def blind_kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A kit with no camera, as on most people's desks."""
    served = Served(tmp_path_factory.mktemp("blind") / "data", "--camera", "none")
    yield served
    served.stop()


def open_example(page: Page, kit: Served, language: str = "fr") -> None:
    """The ready example, from the home page."""
    page.goto(f"{kit.address}/?lang={language}", wait_until="domcontentloaded")
    page.locator(".project").filter(has=page.locator(".tag")).first.get_by_role("link").click()


def open_fresh_example(page: Page, kit: Served) -> None:
    """A ready example that no other test has touched."""
    page.goto(f"{kit.address}/?lang=fr", wait_until="domcontentloaded")
    made = page.evaluate(
        "fetch('/api/projects/example', { method: 'POST' }).then((answer) => answer.json())"
    )
    page.goto(f"{kit.address}/projects/{made['id']}", wait_until="domcontentloaded")


def lying(page: Page) -> Locator:
    return page.locator("kit-basket [data-part=lies]")


def take(page: Page, label: str) -> None:
    """Press Show once; the burst ends by itself after the showing's five pictures."""
    own = row(page, label)
    pictures, bursts = count(own)
    own.get_by_role("button", name=f"Montrer {label}").click()
    expect(own.locator(".count")).to_have_text(
        f"{pictures + 5} photos · {bursts + 1} prises", timeout=20_000
    )
    expect(own.get_by_role("button", name=f"Montrer {label}")).to_be_visible()


def test_the_whole_activity_with_no_camera(page: Page, blind_kit: Served) -> None:
    open_fresh_example(page, blind_kit)
    # Nobody chose it: there is no camera, the page says so, and the bars move.
    expect(page.get_by_role("radio", name="Objets d’exemple")).to_be_checked()
    expect(page.locator("kit-basket legend")).to_contain_text("Pas de caméra ici")
    objects = page.locator("kit-basket").get_by_role("radio")
    expect(objects).to_have_count(6)
    expect(page.locator(".check-card .bars li")).to_have_count(3)

    page.locator("kit-basket").get_by_text("canette\N{NO-BREAK SPACE}2").click()
    expect(lying(page)).to_have_text("canette\N{NO-BREAK SPACE}2, prise 1 sur 2")
    expect(page.get_by_alt_text("Objet d’exemple")).to_be_visible()
    expect(page.locator(".check-card .bubble small")).to_contain_text("modèle instantané")
    shown = page.get_by_alt_text("Objet d’exemple").get_attribute("src")
    page.wait_for_function(  # its pictures follow one another
        "(before) => document.querySelector('[data-part=still]').getAttribute('src') !== before",
        arg=shown,
    )

    take(page, "canette")
    train(page)
    expect(page.locator(".check-card .bubble small")).to_contain_text("modèle n°")
    page.get_by_role("button", name="Le poser autrement").click()
    expect(lying(page)).to_contain_text("prise 2 sur 2")
    take(page, "canette")
    # The second showing is the check of what was just trained: five pictures, counted honestly.
    expect(page.locator("kit-check .big")).to_have_text(re.compile(r"^\d sur 5 justes"))
    expect(page.locator("kit-check .method")).to_contain_text("montrés une seconde fois")

    # The same pictures once more are no new showing, and no new check.
    own = row(page, "canette")
    pictures, bursts = count(own)
    own.get_by_role("button", name="Montrer canette").click()
    expect(page.locator("kit-toasts")).to_contain_text("toujours la même prise")
    expect(own.locator(".count")).to_have_text(f"{pictures + 5} photos · {bursts} prises")

    page.get_by_role("button", name="Ce qui a compté ici").click()
    expect(page.get_by_role("dialog").locator(".heat canvas")).to_be_visible()


def test_the_basket_by_keyboard_alone(page: Page, blind_kit: Served) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_fresh_example(page, blind_kit)
    basket = page.get_by_role("radio", name="Objets d’exemple")
    expect(basket).to_be_checked()
    basket.focus()
    page.keyboard.press("Tab")
    first = page.locator("kit-basket").get_by_role("radio").first
    expect(first).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(lying(page)).to_have_text("papier\N{NO-BREAK SPACE}2, prise 1 sur 2")
    page.keyboard.press("Space")  # chosen again: laid another way
    expect(lying(page)).to_have_text("papier\N{NO-BREAK SPACE}2, prise 2 sur 2")
    still = page.locator("[data-part=still]")
    shown = still.get_attribute("src")

    own = row(page, "papier")
    pictures, bursts = count(own)
    own.get_by_role("button", name="Montrer papier").focus()
    page.keyboard.press("Enter")
    expect(own.locator(".count")).to_have_text(
        f"{pictures + 5} photos · {bursts + 1} prises", timeout=20_000
    )
    # One still picture for whoever asks for less motion; the answer is about that very picture.
    expect(page.locator(".check-card .bubble strong")).not_to_be_empty()
    assert still.get_attribute("src") == shown

    page.locator(".train-card").get_by_role("button", name="Entraîner", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".train-card").get_by_text("mesuré")).to_be_visible(timeout=60_000)
    right, n = honest_count(page)
    assert n == 65 and right > 32  # each showing left out in turn


def test_only_an_activity_has_a_basket_and_a_choice_is_kept(page: Page, blind_kit: Served) -> None:
    open_new_project(page, blind_kit.address, "Sans activité")
    add_label(page, "Poing")
    expect(page.get_by_role("radio", name="Fichiers")).to_be_visible()
    expect(page.get_by_role("radio", name="Objets d’exemple")).to_have_count(0)
    expect(page.locator(".live .says")).to_contain_text("La caméra du kit est éteinte")

    # Whoever chooses another source is not brought back to the basket.
    page.get_by_role("radio", name="Fichiers").check()
    open_example(page, blind_kit)
    expect(page.get_by_role("radio", name="Objets d’exemple")).to_be_visible()
    expect(page.get_by_role("radio", name="Fichiers")).to_be_checked()


def test_with_a_camera_the_basket_waits_to_be_chosen(page: Page, kit: Served) -> None:
    open_example(page, kit)
    expect(page.get_by_role("radio", name="Objets d’exemple")).to_be_visible()
    expect(page.get_by_role("radio", name="Caméra du kit")).to_be_checked()

    page.get_by_role("radio", name="Objets d’exemple").check()
    expect(page.locator("kit-basket legend")).to_have_text("Prenez un objet d’exemple.")
    expect(page.get_by_alt_text("Objet d’exemple")).to_be_visible()
    page.get_by_role("radio", name="Caméra du kit").check()
    expect(page.locator("kit-basket")).to_be_hidden()
    expect(page.locator("[data-part=still]")).to_be_hidden()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", [(360, 740), (800, 1280), (1280, 800), (1366, 768)])
def test_the_basket_fits_every_screen(
    chromium: Browser, blind_kit: Served, language: str, size: tuple[int, int]
) -> None:
    context = chromium.new_context(
        locale=language, viewport={"width": size[0], "height": size[1]}, bypass_csp=True
    )
    try:
        page = context.new_page()
        open_example(page, blind_kit, language)
        page.locator(".check-card .bars li").first.wait_for()

        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        for target in page.locator("kit-basket label, kit-basket button").all():
            box = target.bounding_box()
            assert box and box["width"] >= 44 and box["height"] >= 44
        if size == (
            1366,
            768,
        ):  # most school computers: the next label can be added without a scroll
            box = page.locator(".add-label").bounding_box()
            assert box and box["y"] + box["height"] <= 768
    finally:
        context.close()
