"""Every state has words: lost, back, asleep, no camera, empty, busy, unsure, broken."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Photos, Served, Table
from tests.browser.gallery.server import Gallery
from tests.browser.walk import add_label, open_new_project

pytestmark = pytest.mark.browser


@pytest.fixture
def own_kit(tmp_path: Path, table: Table) -> Iterator[Served]:
    served = Served(tmp_path / "data", "--camera", f"fake:{table.folder}")
    yield served
    served.stop()


def test_the_kit_is_lost_and_comes_back(page: Page, own_kit: Served) -> None:
    open_new_project(page, own_kit.address, "Panne de courant")
    add_label(page, "Poing")

    own_kit.stop()
    banner = page.locator(".connection.lost")
    expect(banner).to_contain_text("Le kit ne répond pas.")
    page.get_by_label("Nom d’une nouvelle étiquette").fill("Ciseaux")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.locator(".toast.problem")).to_contain_text("Le kit ne répond pas.")

    own_kit.start()
    # The page tries by itself; whoever is faster presses the button.
    page.evaluate("document.querySelector('kit-connection [data-part=now]')?.click()")
    expect(page.get_by_text("Le kit répond de nouveau")).to_be_visible(timeout=15_000)
    expect(page.locator("kit-label-row")).to_have_count(1)
    # What was typed is still there, to be sent now.
    expect(page.get_by_label("Nom d’une nouvelle étiquette")).to_have_value("Ciseaux")


def test_a_page_that_slept_says_where_things_stand(page: Page, kit: Served) -> None:
    open_new_project(page, kit.address, "Tablette endormie")
    sleep = """(hidden) => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange")); }"""
    page.evaluate(sleep, True)
    expect(page.locator("kit-stage img[src]")).to_have_count(0)  # the camera is let go
    # Meanwhile another screen of the group adds a label.
    page.evaluate(
        """(id) => fetch(`/api/projects/${id}/labels`, { method: "POST",
             headers: { "Content-Type": "application/json" },
             body: JSON.stringify({ name: "Venue d’ailleurs" }) })""",
        page.url.rsplit("/", 1)[1].split("?")[0],
    )
    page.evaluate(sleep, False)
    expect(page.get_by_text("De retour. Voici où on en est.")).to_be_visible()
    expect(page.get_by_text("Venue d’ailleurs", exact=True).first).to_be_visible()


def open_state(page: Page, gallery: Gallery, state: str) -> None:
    page.goto(f"{gallery.address}/projects/{state}?lang=fr", wait_until="domcontentloaded")


def test_an_empty_project_teaches(page: Page, gallery: Gallery) -> None:
    open_state(page, gallery, "empty")

    expect(page.get_by_role("heading", name="Montrez un premier objet")).to_be_visible()
    expect(page.locator(".bubble")).to_contain_text("pour deux étiquettes")
    button = page.get_by_role("button", name="Entraîner")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_have_accessible_description(re.compile("au moins deux étiquettes"))


def test_without_a_camera_the_page_says_what_to_do(page: Page, gallery: Gallery) -> None:
    gallery.feed.lost = True
    try:
        open_state(page, gallery, "nocamera")
        expect(page.locator(".live .says")).to_contain_text("Pas de caméra")
        expect(page.locator(".live").get_by_role("button", name="Réessayer")).to_be_visible()
        expect(page.locator(".bubble")).to_contain_text("Essayer une photo")
    finally:
        gallery.feed.lost = False
    page.locator(".live").get_by_role("button", name="Réessayer").click()
    expect(page.locator(".live .says")).to_be_hidden()


def test_busy_unsure_and_failed_have_words(page: Page, gallery: Gallery) -> None:
    open_state(page, gallery, "training")
    expect(page.locator("kit-train")).to_contain_text("Entraînement…")
    expect(page.get_by_role("button", name="Arrêter l’entraînement")).to_be_visible()

    open_state(page, gallery, "reading")
    bar = page.get_by_role("progressbar", name="Le kit parcourt les photos…")
    expect(bar).to_have_attribute("value", "0.6")
    expect(page.locator(".check-card .bubble")).to_contain_text("Le kit parcourt les photos…")
    expect(page.get_by_role("button", name="Arrêter l’entraînement")).to_be_hidden()

    open_state(page, gallery, "unsure")
    expect(page.locator(".check-card .bubble")).to_contain_text("Réponse trop incertaine")
    expect(page.locator(".check-card .bubble")).to_contain_text("Le plus proche")

    open_state(page, gallery, "failed")
    expect(page.locator("kit-train").get_by_role("alert")).not_to_be_empty()

    open_state(page, gallery, "showing")
    expect(page.locator(".live .recording")).to_contain_text("Ciseaux · 8 photos")
    expect(page.get_by_role("button", name="Arrêter Ciseaux")).to_be_visible()


def test_photos_that_were_not_looked_at_yet_are_said_until_they_are(
    page: Page, own_kit: Served, photos: Photos
) -> None:
    """As of a project from a file, or after a power cut: they are looked at when it is opened."""
    address = f"{own_kit.address}/api/projects"
    project = page.request.post(address, data={"name": "Venu d’ailleurs"}).json()["id"]
    for name in list(photos.teach)[:2]:
        body = {"name": name}
        label = page.request.post(f"{address}/{project}/labels", data=body).json()["id"]
        for file in photos.teach[name]:
            given = {"name": file.name, "mimeType": "image/jpeg", "buffer": file.read_bytes()}
            body = {"label_id": label, "source": "file", "files": given}
            assert page.request.post(f"{address}/{project}/samples", multipart=body).ok
    own_kit.stop()
    with contextlib.closing(sqlite3.connect(own_kit.data / "kit.db")) as lost:
        assert lost.execute("DELETE FROM embedding").rowcount >= 20
        lost.commit()
    own_kit.start()
    page.add_init_script(
        """const seen = (window.seen = new Set());
           setInterval(() => {
             const words = document.querySelector("kit-train [data-part=busy-words]");
             if (words?.checkVisibility()) seen.add(words.textContent);
           }, 5);"""
    )

    page.goto(f"{own_kit.address}/projects/{project}?lang=fr", wait_until="domcontentloaded")

    expect(page.locator(".check-card .bubble")).to_contain_text("modèle instantané", timeout=20_000)
    assert page.evaluate("[...window.seen]") == ["Le kit parcourt les photos…"]
    expect(page.locator("kit-train [data-part=busy]")).to_be_hidden()
    expect(page.get_by_role("button", name="Entraîner")).to_have_attribute("aria-disabled", "false")


def test_an_answer_without_its_model_is_not_shown(page: Page, gallery: Gallery) -> None:
    open_state(page, gallery, "full")
    expect(page.locator(".check-card .bubble strong")).to_have_text("Ciseaux")

    page.evaluate(
        """() => { const bubble = document.createElement("kit-bubble");
             bubble.id = "anonymous";
             document.body.append(bubble);
             bubble.prediction = { label: "Ciseaux", known: true, confidence: 0.9,
               confidences: { Ciseaux: 0.9 }, stages_ms: {}, latency_ms: 1, threshold: 0 }; }"""
    )

    expect(page.locator("#anonymous")).to_contain_text("sans le nom de son modèle")
    expect(page.locator("#anonymous")).not_to_contain_text("Ciseaux")


def test_what_a_camera_cannot_do_is_said(page: Page, gallery: Gallery) -> None:
    open_state(page, gallery, "full")
    page.get_by_role("button", name="Régler la caméra").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Caméra", exact=True)).to_have_value("usb")

    dialog.get_by_role("checkbox", name="Bloquer la lumière").check()
    dialog.get_by_label("Tourner").focus()
    page.keyboard.press("ArrowDown")

    expect(dialog).to_contain_text("Cette caméra ne sait pas bloquer sa lumière.")
    expect(dialog.get_by_label("Tourner")).to_be_focused()
    assert gallery.feed.status().settings.lock
    assert gallery.feed.status().settings.rotate == 90


def test_one_piece_of_advice_stands_there_and_the_others_fold_away(
    page: Page, gallery: Gallery
) -> None:
    state = gallery.library.states["instant"]
    advice = [
        {"id": "advice-show-label-again", "values": {"label": name}, "label_id": None}
        for name in ("Poing", "Ciseaux")
    ]
    gallery.library.states["advised"] = {
        **state,
        "project": {**state["project"], "id": "advised"},
        "advice": advice,
    }
    try:
        open_state(page, gallery, "advised")
        card = page.locator("kit-train")
        expect(card.locator(".advice:visible")).to_have_count(1)
        expect(card.locator(".advice:visible")).to_contain_text("Poing")
        card.get_by_text("1 autre conseil").click()
        expect(card.locator(".advice:visible")).to_have_count(2)
    finally:
        del gallery.library.states["advised"]
