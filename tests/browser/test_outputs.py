"""Outputs in a real browser, before a real server that is killed; pins are gpiozero's mock pins."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from kit.devices.board_fake import JOURNAL, PRESSED
from tests.browser.conftest import Photos, Served, Table
from tests.browser.test_looks import violations

pytestmark = pytest.mark.browser

SOON_S = 15
LED, BUZZER, SERVO, BUTTON = "17", "22", "18", "27"


class Workbench:
    """A kit whose pins a test can read, with a project that knows two things."""

    def __init__(self, folder: Path, table: Table, photos: Photos) -> None:
        self.pins_folder, self.table, self.photos = folder / "pins", table, photos
        data = folder / "data"
        data.mkdir()
        (data / "kit.toml").write_text(f'board = "mock:{self.pins_folder}"\n')
        self.kit = Served(data, "--camera", f"fake:{table.folder}")

    def taught(self, page: Page) -> str:
        """Address of a project that knows the first two of the photos' labels."""
        send = page.request
        project = send.post(f"{self.kit.address}/api/projects", data={"name": "Barrière"}).json()
        address = f"{self.kit.address}/api/projects/{project['id']}"
        for name, files in list(self.photos.teach.items())[:2]:
            label = send.post(f"{address}/labels", data={"name": name}).json()
            for n, file in enumerate(files[:8]):
                picture = {
                    "name": f"{n}.jpg",
                    "mimeType": "image/jpeg",
                    "buffer": file.read_bytes(),
                }
                kept = send.post(
                    f"{address}/samples",
                    multipart={"label_id": label["id"], "source": "file", "files": picture},
                )
                assert kept.status == 201, kept.text()
        return f"{self.kit.address}/projects/{project['id']}"

    def pins(self) -> dict[str, tuple[str, float | None]]:
        """GPIO -> what it is and shows, as last written down by whoever holds the pins."""
        try:
            lines = (self.pins_folder / JOURNAL).read_text().splitlines()
        except FileNotFoundError:
            return {}
        return {gpio: tuple(state) for gpio, state in json.loads(lines[-1]).items()}

    def soon(self, **wanted: float | str | None) -> None:
        """Wait until these pins are so: a level, or "input"."""
        end_s = time.monotonic() + SOON_S
        while True:
            pins = self.pins()
            seen = {name: pins.get(name[1:], ("", None)) for name in wanted}
            if all(
                level[0] == want if isinstance(want, str) else level == ("output", want)
                for (name, want), level in zip(wanted.items(), seen.values(), strict=True)
            ):
                return
            assert time.monotonic() < end_s, (wanted, pins)
            time.sleep(0.05)

    def kill(self) -> None:
        """The server dies at once, master and worker, with no chance to tidy up."""
        master = psutil.Process(self.kit._process.pid)
        # The worker first found, then both shot: whoever is left would start another.
        family = [master, *[one for one in master.children() if "board_child" not in one.cmdline()]]
        for one in family:
            one.suspend()
        for one in family:
            one.kill()
        self.kit._process.wait(10)
        self.kit.stop()  # which closes its log


@pytest.fixture(scope="module")
def bench(
    tmp_path_factory: pytest.TempPathFactory, table: Table, photos: Photos
) -> Iterator[Workbench]:
    bench = Workbench(tmp_path_factory.mktemp("bench"), table, photos)
    yield bench
    bench.kit.stop()


def wire(page: Page, part: str, pin: str, label: str) -> None:
    page.get_by_label("Composant", exact=True).select_option(part)
    page.get_by_label("Pour l’étiquette").select_option(label)
    page.locator("#leg-0").select_option(pin)
    if part != "button":
        page.get_by_label("À partir de cette confiance (%)").fill("60")
        page.get_by_label("Pendant au moins (s)").fill("0.3")
    page.get_by_role("button", name="Brancher", exact=True).click()
    expect(page.locator(f"[data-wire]:has-text('GPIO {pin}')")).to_be_visible()


def test_a_label_moves_a_servo_lights_an_led_and_buzzes_until_the_server_is_killed(
    page: Page, bench: Workbench
) -> None:
    first, second = list(bench.photos.teach)[:2]
    page.goto(f"{bench.taught(page)}?lang=fr", wait_until="domcontentloaded")
    page.locator("summary", has_text="Projet").click()
    page.get_by_role("link", name="Sorties et boutons").click()
    expect(page.get_by_text("Rien n’est encore branché.")).to_be_visible()
    for part, pin in (("led", LED), ("buzzer", BUZZER), ("servo", SERVO)):
        wire(page, part, pin, first)

    # One part is tried for a moment, and then everything is let go.
    page.get_by_role("button", name="Essayer buzzer").click()
    bench.soon(p22=1, p17=0)
    bench.soon(p22="input")

    # What is seen switches all three, and what is not seen puts them to rest.
    page.get_by_role("button", name="Démarrer").click()
    bench.table.show(bench.photos.teach[first][:1])
    bench.soon(p17=1, p22=1, p18=0.1)
    expect(page.locator("[data-state].is-on")).to_have_count(3)
    bench.table.show(bench.photos.teach[second][:1])
    bench.soon(p17=0, p22=0, p18=0.05)
    expect(page.locator("[data-state].is-on")).to_have_count(0)

    # Killed in the middle of it, nothing stays on.
    bench.table.show(bench.photos.teach[first][:1])
    bench.soon(p17=1, p22=1, p18=0.1)
    bench.kill()
    bench.soon(p17="input", p22="input", p18="input")

    # Started again, the wires are there, and nothing moves until somebody presses Start.
    bench.kit.start()
    page.reload(wait_until="domcontentloaded")
    expect(page.locator("[data-wire]")).to_have_count(3)
    expect(page.get_by_text("Tout est au repos")).to_be_visible()
    bench.soon(p17="input", p22="input", p18="input")


def test_an_arcade_button_takes_pictures_while_it_is_held(page: Page, bench: Workbench) -> None:
    first = next(iter(bench.photos.teach))
    address = bench.taught(page)
    page.goto(f"{address}/outputs?lang=fr", wait_until="domcontentloaded")
    wire(page, "button", BUTTON, first)
    page.get_by_role("button", name="Démarrer").click()
    bench.soon(p27="input")
    state = address.replace("/projects/", "/api/projects/")
    before = page.request.get(state).json()["labels"][0]["samples"]

    (bench.pins_folder / PRESSED).write_text(BUTTON)
    expect(page.locator("[data-state]")).to_have_text("appuyé")
    time.sleep(1.5)
    (bench.pins_folder / PRESSED).write_text("")
    expect(page.locator("[data-state]")).to_have_text("relâché")

    end_s = time.monotonic() + SOON_S
    while (now := page.request.get(state).json())["burst"] is not None:
        assert time.monotonic() < end_s
        time.sleep(0.1)
    assert now["labels"][0]["samples"] >= before + 4


def test_a_pin_that_is_taken_or_does_not_exist_is_said(page: Page, bench: Workbench) -> None:
    first = next(iter(bench.photos.teach))
    address = bench.taught(page)
    page.goto(f"{address}/outputs?lang=fr", wait_until="domcontentloaded")
    wire(page, "led", LED, first)

    # In another window somebody wires the pin that this form shows as free.
    api = f"{address.replace('/projects/', '/api/projects/')}/outputs"
    label = page.request.get(api).json()["wires"][0]["label_id"]
    page.locator("#leg-0").select_option("23")
    page.request.post(api, data={"part": "led", "pins": [23], "label_id": label})
    page.get_by_role("button", name="Brancher", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="GPIO 23")).to_contain_text("occupe déjà")

    unknown = page.request.post(api, data={"part": "led", "pins": [99], "label_id": label})
    assert (unknown.status, unknown.json()["error"]["id"]) == (400, "pin-unknown")
    assert "GPIO 99" in unknown.json()["error"]["message"]


def test_the_kits_own_pins_are_taken_in_drawing_lists_and_rules(page: Page, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "kit.toml").write_text('board = "fake"\nlamp_pin = 20\nshutdown_pin = 17\n')
    kit = Served(data, "--camera", "none")
    try:
        project = page.request.get(f"{kit.address}/api/projects").json()["projects"][0]["id"]
        page.goto(f"{kit.address}/projects/{project}/outputs?lang=fr")
        reserved = page.locator(".header-pins .kit")
        expect(reserved.locator(".name")).to_have_text(["réservée au kit"] * 2)
        expect(reserved.locator(".place")).to_have_text(["11", "38"])
        page.screenshot(path=tmp_path / "reserved.png", full_page=True)
        offered = page.locator("#leg-0 option")
        expect(offered).to_have_count(24)  # of 26 that a class may wire
        before = page.locator("#leg-0").input_value()
        assert before not in ("17", "20")
        reserved.first.click()
        assert page.locator("#leg-0").input_value() == before

        # A form that was opened before the lamp was there.
        offered.first.evaluate("option => { option.value = '20'; option.selected = true; }")
        page.get_by_role("button", name="Brancher", exact=True).click()
        expect(page.locator("[data-part=form-error]")).to_contain_text(
            "Le voyant ou le bouton du kit lui-même occupe le GPIO 20."
        )
        expect(page.locator("[data-wire]")).to_have_count(0)
    finally:
        kit.stop()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_axe_finds_nothing_and_nothing_overflows(
    chromium: Browser, bench: Workbench, language: str, tmp_path: Path
) -> None:
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    address = f"{bench.taught(page)}/outputs?lang={language}"
    page.goto(address, wait_until="domcontentloaded")
    page.locator("kit-header-pins svg").wait_for()
    page.screenshot(path=tmp_path / f"empty-{language}.png", full_page=True)
    assert violations(page) == []
    for part, pin in (("led", LED), ("servo", SERVO), ("relay", "23"), ("button", BUTTON)):
        page.locator("#part").select_option(part)
        page.locator("#leg-0").select_option(pin)
        page.locator("[data-part=keep]").click()
        page.locator(f"[data-wire]:has-text('GPIO {pin}')").wait_for()
    page.locator("#part").select_option("rgb-led")
    page.locator("[data-part=start]").click()
    page.locator("[data-part=stop]").wait_for()
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=tmp_path / f"full-{language}-{width}.png", full_page=True)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.evaluate(
            """() => [...document.querySelectorAll("main button, main select, main input, main a")]
                 .filter((one) => one.checkVisibility())
                 .filter((one) => Math.round(one.getBoundingClientRect().height) < 44)
                 .map((one) => one.outerHTML.slice(0, 80))"""
        )
        assert small == []
    context.close()
