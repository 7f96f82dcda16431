"""The lab in a real browser: a whole experiment on a fake meter, one stopped, the meter gone."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from kit.app import Kit
from kit.core.measurement import CLASSROOM, FULL
from kit.core.types import Actor, MeterLabel, Role
from kit.settings import Settings
from kit.web import Doors, create_app
from tests.browser.gallery.server import Quiet
from tests.browser.test_looks import violations
from tests.support.lab import BenchTable
from tests.support.small import BLUE, RED, jpeg

pytestmark = pytest.mark.browser

LOCAL = Actor(Role.LOCAL, "kit")
BLOCK_S = 0.5


class RealTime:
    """The table's clock for a page to watch: seconds really pass."""

    def __init__(self) -> None:
        from kit.cli.machine import MachineClock

        self._clock = MachineClock()

    def __getattr__(self, name: str):
        return getattr(self._clock, name)


class LabKit:
    """A kit whose lab stands on a fake meter, with one project of two labels."""

    def __init__(self, folder: Path) -> None:
        self.table = BenchTable()
        self.table.clock = RealTime()
        self.table.meter._now = self.table.clock.monotonic_s
        short = {"block_s": BLOCK_S, "trim_s": 0.1, "runs": 20, "runs_s": 0.5}
        plans = {"classroom": replace(CLASSROOM, **short), "full": replace(FULL, **short)}
        bench = self.table.bench(plans=plans)
        self.kit = Kit(Settings(data=folder, camera="none"), bench=bench)
        studio = self.kit.library.open(LOCAL, self.kit.library.create(LOCAL, "Cailloux").id)
        for name, colour in (("Rouge", RED), ("Bleu", BLUE)):
            label = studio.add_label(LOCAL, name)
            for burst in ("a", "b"):
                files = [(f"{n}.jpg", jpeg(colour)) for n in range(4)]
                studio.add_files(LOCAL, label.id, files, burst=f"{name}-{burst}")
        self.project = studio.id
        app = create_app(self.kit.rooms(), Doors(secret=b"lab"))
        self._server = make_server("127.0.0.1", 0, app, True, request_handler=Quiet)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}/projects/{studio.id}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.kit.close()


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[LabKit]:
    lab = LabKit(tmp_path / "data")
    yield lab
    lab.close()


def measure(page: Page, subject: str) -> None:
    page.get_by_label("Ce qu’on mesure").select_option(subject)
    page.get_by_role("button", name="Mesurer", exact=True).click()


def done(page: Page) -> None:
    expect(page.get_by_text("C’est mesuré.")).to_be_visible(timeout=40_000)


def test_a_whole_experiment_from_the_bet_to_the_dial(page: Page, lab: LabKit) -> None:
    page.goto(f"{lab.address}/lab?lang=fr", wait_until="domcontentloaded")
    expect(page.locator("[data-part=meter] .measured")).to_contain_text("mesuré à la prise")
    page.get_by_label("Durée (ms)").fill("30")
    page.get_by_label("Énergie au-dessus du repos (mJ)").fill("80")

    measure(page, "answer-160")

    # Another page of the project hears that the kit is booked.
    other = page.context.new_page()
    other.goto(f"{lab.address}?lang=fr", wait_until="domcontentloaded")
    expect(other.locator("kit-booking")).to_contain_text("Silence, on mesure…")
    expect(page.locator("kit-booking")).to_contain_text("Silence, on mesure…")
    expect(page.locator("kit-power-trace svg.chart")).to_be_visible()
    expect(page.locator("kit-power-trace tbody tr")).not_to_have_count(0)
    done(page)
    expect(other.locator("kit-booking p")).to_be_empty()
    other.close()

    row = page.locator("[data-part=results] tbody tr")
    expect(row).to_contain_text("80\u202fmJ")
    expect(row).to_contain_text("16 sur 16 justes")
    expect(row.locator(".measured").last).to_contain_text("mJ")
    expect(row).to_contain_text("plus courte que la mesure complète")
    [measured] = lab.kit.experiments.results(LOCAL, lab.project)["results"]
    shown = re.search(r"[\d,.]+", row.locator("td").nth(2).inner_text())[0].replace(",", ".")
    assert float(shown) == pytest.approx(measured["energy"]["marginal_mj"]["value"], rel=0.01)

    measure(page, "answer-96")
    done(page)
    expect(page.locator("kit-dial path.point")).to_have_count(2)
    expect(page.locator("kit-dial tbody tr")).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("link", name="Enregistrer le tableau").click()
    assert "measured-input" in download.value.path().read_text()


def test_every_screen_is_told_and_pictures_taken_meanwhile_are_kept(
    page: Page, lab: LabKit, tmp_path: Path
) -> None:
    host = lab.address.partition("/projects/")[0]
    page.goto(f"{lab.address}?lang=fr", wait_until="domcontentloaded")
    home, teacher = page.context.new_page(), page.context.new_page()
    home.goto(f"{host}/?lang=fr", wait_until="domcontentloaded")
    teacher.goto(f"{host}/teacher?lang=fr", wait_until="domcontentloaded")
    before = len(lab.kit.store.samples(lab.project))
    photo = tmp_path / "rouge.jpg"
    photo.write_bytes(jpeg(RED))

    job = lab.kit.experiments.start(LOCAL, lab.project, "answer-96", "classroom")
    for screen in (page, home, teacher):
        expect(screen.locator("kit-booking")).to_contain_text("Silence, on mesure…")
    page.locator("input[type=file]").first.set_input_files(photo)
    lab.kit.jobs.wait(job.id)

    for screen in (page, home, teacher):
        expect(screen.locator("kit-booking p")).to_be_empty()
    for _ in range(100):
        if len(lab.kit.store.samples(lab.project)) > before:
            break
        page.wait_for_timeout(100)
    assert len(lab.kit.store.samples(lab.project)) == before + 1


def test_the_power_is_live_before_anything_is_measured(page: Page, lab: LabKit) -> None:
    page.goto(f"{lab.address}/lab?lang=fr", wait_until="domcontentloaded")

    expect(page.locator("kit-power-trace")).to_contain_text("Maintenant 2,5 W")
    lab.kit.jobs.wait(lab.kit.library.open(LOCAL, lab.project).train(LOCAL).id)
    with lab.kit.booking.work("picture"):
        expect(page.locator("kit-power-trace tbody")).to_contain_text("des images arrivent")


def test_two_measurements_are_compared_and_one_is_printed_on_a_sheet(
    page: Page, lab: LabKit
) -> None:
    for subject in ("answer-224", "answer-224-block-9"):
        lab.kit.jobs.wait(lab.kit.experiments.start(LOCAL, lab.project, subject, "classroom").id)
    page.add_init_script("window.print = () => {}")
    page.goto(f"{lab.address}/lab?lang=fr", wait_until="domcontentloaded")

    told = page.locator("kit-compare [data-part=answer]").inner_text()
    times = float(re.search(r"demande ([\d,]+) fois", told)[1].replace(",", "."))
    found = lab.kit.experiments.results(LOCAL, lab.project)["results"]
    low, high = sorted(row["energy"]["marginal_mj"]["value"] for row in found)
    assert times == pytest.approx(high / low, rel=0.01)
    expect(page.locator("kit-everyday tbody tr")).to_have_count(5)
    page.get_by_role("button", name="Imprimer une fiche de la mesure 1").click()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Mesure 1")).to_be_visible()
    expect(page.locator("kit-dial")).to_be_hidden()


def test_stopped_half_way_it_says_so_and_keeps_nothing(page: Page, lab: LabKit) -> None:
    page.goto(f"{lab.address}/lab?lang=fr", wait_until="domcontentloaded")
    measure(page, "answer-224")
    expect(page.locator("kit-power-trace svg.chart")).to_be_visible()

    page.get_by_role("button", name="Arrêter la mesure").click()

    expect(page.get_by_text("La mesure a été arrêtée. Rien n’en est gardé.")).to_be_visible()
    expect(page.locator("[data-part=results]")).to_contain_text("Rien n’est encore mesuré.")
    expect(page.locator("kit-compare")).to_contain_text("Mesurez deux choses")
    expect(page.get_by_role("button", name="Mesurer", exact=True)).to_be_visible()
    expect(page.locator("kit-booking p")).to_be_empty()


def test_a_meter_that_disappears_is_said_and_survived(page: Page, lab: LabKit) -> None:
    page.goto(f"{lab.address}/lab?lang=fr", wait_until="domcontentloaded")
    measure(page, "answer-224")
    expect(page.locator("kit-power-trace tbody tr")).not_to_have_count(0)

    lab.table.meter.unplug()
    expect(page.get_by_text("Le wattmètre a disparu.")).to_be_visible()
    lab.table.meter.replug()

    done(page)
    row = page.locator("[data-part=results] tbody tr")
    expect(row).to_contain_text("Écarté")
    expect(row.locator("td").nth(2)).to_contain_text("mJ")


def test_figures_of_different_ground_are_not_ranked(page: Page, lab: LabKit) -> None:
    page.goto(f"{lab.address}/lab?lang=fr", wait_until="domcontentloaded")
    measure(page, "answer-224")
    done(page)
    lab.table.meter._label = MeterLabel.ESTIMATED
    page.get_by_role("button", name="Chercher encore").click()
    expect(page.locator("[data-part=meter] .advice")).to_contain_text("joules seront estimés")
    measure(page, "answer-160")
    done(page)

    expect(page.locator("kit-dial .advice")).to_contain_text("ne sont donc pas classés")
    expect(page.locator("kit-dial svg.chart")).to_have_count(0)
    expect(page.locator("kit-dial .estimated")).to_have_count(1)
    expect(page.locator("kit-compare .advice")).to_contain_text("ne se comparent pas")
    expect(page.locator("kit-dial tbody")).to_contain_text("estimé, non mesuré")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_axe_finds_nothing_and_nothing_overflows(
    chromium: Browser, lab: LabKit, language: str, tmp_path: Path
) -> None:
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    for subject in ("answer-224", "answer-128"):
        job = lab.kit.experiments.start(LOCAL, lab.project, subject, "classroom")
        lab.kit.jobs.wait(job.id)
    page.goto(f"{lab.address}/lab?lang={language}", wait_until="domcontentloaded")
    page.locator("kit-dial path.point").first.wait_for()
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=tmp_path / f"lab-{language}-{width}.png", full_page=True)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        widths = "[...document.querySelectorAll('.scroll')].map(e => e.scrollWidth - e.clientWidth)"
        assert not any(page.evaluate(widths))
    lab.kit.experiments.start(LOCAL, lab.project, "answer-224", "classroom")
    page.locator("kit-power-trace tbody tr").first.wait_for()
    page.screenshot(path=tmp_path / f"lab-{language}-busy.png", full_page=True)
    assert violations(page) == []
    context.close()
