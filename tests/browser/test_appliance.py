"""What a teacher does to the kit's own machine, in a real browser over the fake one."""

import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kit.appliance import fault
from tests.browser.conftest import Served
from tests.browser.test_looks import violations

pytestmark = pytest.mark.browser
WIDTHS = (1280, 360)


class Machine:
    """The fake under a served kit: what it was asked, and what befalls it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def asked(self) -> list[str]:
        try:
            lines = (self.folder / "asks.jsonl").read_text().splitlines()
        except FileNotFoundError:
            return []
        return [one["word"] for one in map(json.loads, lines) if one["word"] != "look"]

    def wait_for(self, word: str) -> None:
        deadline_s = time.monotonic() + 5
        while word not in self.asked():
            assert time.monotonic() < deadline_s, f"{word} was not asked: {self.asked()}"
            time.sleep(0.05)

    def befall(self, **world: object) -> None:
        (self.folder / "world.json").write_text(json.dumps(world))

    def forget(self) -> None:
        (self.folder / "asks.jsonl").unlink(missing_ok=True)
        self.befall()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("machine")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    """A class's kit on an image of its own, as far as it can tell."""
    options = ("--host", "0.0.0.0", "--camera", "none", "--microphone", "none")
    served = Served(folder / "data", *options, "--appliance", f"fake:{folder / 'system'}")
    yield served
    served.stop()


@pytest.fixture
def machine(served: Served, folder: Path) -> Machine:
    machine = Machine(folder / "system")
    machine.forget()
    return machine


def sign_in(page: Page, served: Served, language: str = "fr") -> None:
    page.goto(f"{served.address}/teacher?lang={language}", wait_until="domcontentloaded")
    [code] = re.findall(r"\b\d{6}\b", served.said)
    page.locator("#code").fill(code)
    page.locator("[data-part=code-form] button").click()
    page.locator("[data-part=appliance] [data-part=clock]:not(:empty)").wait_for()


def the(page: Page, name: str) -> Locator:
    return page.locator(f"[data-part={name}]")


def confirm(page: Page) -> str:
    """What the question says; then yes."""
    said = page.locator("dialog").inner_text()
    page.locator("dialog button[value=yes]").click()
    return said


@pytest.mark.parametrize("language", ["fr", "en"])
def test_teachers_page_and_sheet_are_readable_at_every_width(
    chromium: Browser, served: Served, machine: Machine, language: str, tmp_path: Path
) -> None:
    left, refused = {"time": 76, "web": 1500}, {"names": 1234}
    machine.befall(left=left, refused=refused, free_mb=120)
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    page = context.new_page()
    sign_in(page, served, language)
    for path, widths in (("/teacher", WIDTHS), ("/join", WIDTHS), ("/privacy", WIDTHS[1:])):
        page.goto(served.address + path, wait_until="domcontentloaded")
        if path == "/teacher":
            the(page, "wifi-at-end").and_(page.locator(":enabled")).wait_for()
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            name = f"{path[1:]}-{language}-{width}.png"
            page.screenshot(path=tmp_path / name, full_page=True)
            assert violations(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    context.close()


def test_the_sheet_is_read_by_a_camera(page: Page, served: Served, machine: Machine) -> None:
    sign_in(page, served)
    page.get_by_role("link", name="Feuille à imprimer").click()
    page.emulate_media(media="print")

    codes = []
    for one in page.locator(".qr").all():
        drawn = cv2.imdecode(np.frombuffer(one.screenshot(), np.uint8), cv2.IMREAD_COLOR)
        codes.append(cv2.QRCodeDetector().detectAndDecode(drawn)[0])
    assert codes == ["WIFI:T:WPA;S:Mallette-6B7Q;P:abcd-efgh-jkmn;;", "http://10.42.0.1"]
    expect(page.get_by_text("abcd-efgh-jkmn")).to_be_visible()
    expect(page.get_by_text("http://kit.local")).to_be_visible()
    expect(page.locator("[data-print]")).to_be_hidden()


def test_signing_in_sets_a_clock_that_is_far_off_and_its_zone(
    chromium: Browser, served: Served, machine: Machine
) -> None:
    context = chromium.new_context(locale="fr-FR", timezone_id="America/Cayenne")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.clock.install(time="2031-03-04T08:15:00Z")
    sign_in(page, served)
    machine.wait_for("set-clock")

    # The fake's clock does not move: so it is offered still, and set once more when asked to.
    expect(the(page, "clock")).to_contain_text("America/Cayenne")
    page.get_by_role("button", name="Mettre le kit à l’heure de cet écran").click()
    deadline_s = time.monotonic() + 5
    while machine.asked().count("set-clock") < 2 and time.monotonic() < deadline_s:
        time.sleep(0.05)
    lines = (machine.folder / "asks.jsonl").read_text().splitlines()
    times = [one["wall_s"] for one in map(json.loads, lines) if one["word"] == "set-clock"]
    assert len(times) == 2
    assert all(abs(one - 1_930_378_500) < 60 for one in times)
    context.close()


def test_the_radio_is_silenced_and_speaks_again(
    page: Page, served: Served, machine: Machine
) -> None:
    sign_in(page, served)
    expect(the(page, "wifi-state")).to_have_text("Le Wi-Fi est allumé.")
    the(page, "wifi-off").click()
    assert "perdent la page" in confirm(page)

    machine.wait_for("wifi-off")
    expect(the(page, "wifi-state")).to_have_text("Le Wi-Fi est éteint.")
    the(page, "wifi-on").click()
    expect(the(page, "wifi-state")).to_have_text("Le Wi-Fi est allumé.")
    assert machine.asked() == ["wifi-off", "wifi-on"]


def test_nobody_behind_the_door_is_said_where_it_was_pressed(
    page: Page, served: Served, machine: Machine
) -> None:
    sign_in(page, served)
    machine.befall(silent=True)
    the(page, "wifi-off").click()
    confirm(page)

    expect(the(page, "appliance-problem")).to_contain_text("ne répond pas")
    expect(the(page, "wifi-state")).to_have_text("Le Wi-Fi est allumé.")


def test_the_class_ends_and_its_wifi_with_it_unless_somebody_unticked_that(
    page: Page, served: Served, machine: Machine
) -> None:
    sign_in(page, served)
    tick = the(page, "wifi-at-end")
    expect(tick).to_be_checked()
    with page.expect_response("**/wifi-at-class-end"):
        tick.uncheck()
    page.reload(wait_until="domcontentloaded")
    expect(tick).to_be_enabled()
    expect(tick).not_to_be_checked()
    the(page, "end").click()
    with page.expect_navigation(wait_until="domcontentloaded"):  # the page comes anew
        assert "Wi-Fi" not in confirm(page)
    machine.wait_for("erase-leases")

    expect(tick).to_be_enabled()
    with page.expect_response("**/wifi-at-class-end"):
        tick.check()
    the(page, "end").click()
    with page.expect_navigation(wait_until="domcontentloaded"):
        assert "le Wi-Fi du kit s’éteint" in confirm(page)
    machine.wait_for("wifi-off")


@pytest.mark.parametrize(
    ("button", "word", "said"),
    [("power-off", "power-off", "lumière verte"), ("restart", "restart", "d’elle-même")],
)
def test_the_kit_is_switched_off_with_a_question_and_a_last_word(
    page: Page, served: Served, machine: Machine, button: str, word: str, said: str
) -> None:
    sign_in(page, served)
    the(page, button).click()
    page.locator("dialog button[value=no]").click()
    assert machine.asked() == []
    the(page, button).click()
    assert "reste sur la carte mémoire" in confirm(page)

    expect(the(page, "farewell")).to_contain_text(said)
    assert machine.asked() == [word]


def test_a_card_that_fails_is_said_on_pages_that_are_open_and_no_longer_when_it_is_well(
    page: Page, served: Served, machine: Machine
) -> None:
    page.goto(f"{served.address}/privacy?lang=fr", wait_until="domcontentloaded")
    banner = page.locator("[data-banners] p")
    expect(banner).to_have_count(0)

    machine.befall(card="read-only")

    expect(banner).to_contain_text("On ne peut plus écrire", timeout=15_000)
    machine.befall()
    expect(banner).to_have_count(0, timeout=15_000)


def test_the_page_of_a_card_that_never_opened(chromium: Browser, tmp_path: Path) -> None:
    fault.tell(tmp_path / "fault.json", "data-partition-read-only", {})
    server = fault.server(tmp_path / "fault.json", "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"http://127.0.0.1:{server.server_port}/projects/p-1")
        page.screenshot(path=tmp_path / f"fault-{width}.png", full_page=True)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("section[lang=fr] li").count() == 3
    assert page.locator("section[lang=en] li").count() == 3
    context.close()
    server.shutdown()
    server.server_close()
