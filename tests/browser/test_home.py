"""The home page: the ready example, and projects that are copied, saved, opened and deleted."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Photos, Served
from tests.browser.walk import add_label, open_new_project

pytestmark = pytest.mark.browser


def card(page: Page, name: str) -> Locator:
    return page.locator(".project").filter(has=page.get_by_role("link", name=name, exact=True))


def test_the_ready_example_answers_with_no_camera(page: Page, kit: Served) -> None:
    page.goto(f"{kit.address}/?lang=fr", wait_until="domcontentloaded")
    example = page.locator(".project", has_text="Exemple").first
    expect(example.locator(".picture img")).to_be_visible()
    example.get_by_role("link").first.click()
    expect(page.locator("kit-label-row").first.locator(".thumbs img").first).to_be_visible()

    # The activity stands beside the cards; the screen remembers where the group is.
    bar = page.locator("kit-activity-bar")
    expect(bar).to_contain_text("Étape 1 sur 7")
    bar.get_by_role("button", name="Étape suivante").click()
    bar.get_by_role("button", name="Toutes les étapes").click()
    expect(page.locator("kit-activity-panel .question")).to_be_visible()
    page.reload(wait_until="domcontentloaded")
    expect(bar).to_contain_text("Étape 2 sur 7")


def test_a_project_is_copied_saved_opened_again_and_deleted(
    page: Page, kit: Served, photos: Photos, tmp_path: Path
) -> None:
    label = next(iter(photos.teach))
    open_new_project(page, kit.address, "Mon projet")
    own = add_label(page, label)
    own.locator("[data-part=files]").set_input_files(photos.teach[label][:2])
    expect(own.locator(".count")).to_have_text("2 photos · 2 prises")

    page.get_by_text("Projet", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Enregistrer dans un fichier").click()
    saved = tmp_path / "mon-projet.kit.zip"
    download.value.save_as(saved)
    page.get_by_text("Projet", exact=True).click()
    before = page.url
    page.get_by_role("button", name="Dupliquer").click()
    page.wait_for_url(lambda url: url != before)
    expect(page.locator("kit-label-row .count")).to_have_text("2 photos · 2 prises")

    page.get_by_role("link", name="Mallette").click()
    expect(page.locator(".project").first).to_be_visible()
    page.locator("[data-part=import-file]").set_input_files(saved)
    page.wait_for_url(re.compile("/projects/"))
    expect(page.locator("kit-label-row .count")).to_have_text("2 photos · 2 prises")

    broken = tmp_path / "cassé.kit.zip"
    broken.write_bytes(saved.read_bytes()[:200])
    page.get_by_role("link", name="Mallette").click()
    expect(page.locator(".project").first).to_be_visible()
    page.locator("[data-part=import-file]").set_input_files(broken)
    expect(page.locator(".toast.problem p")).not_to_be_empty()

    many = page.locator(".project").count()
    menu = card(page, "Mon projet").first
    menu.locator("summary").click()
    menu.get_by_role("button", name="Supprimer le projet").click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("effacés tout de suite")
    question.get_by_role("button", name="Annuler").click()
    expect(page.locator(".project")).to_have_count(many)
    menu.locator("summary").click()
    menu.get_by_role("button", name="Supprimer le projet").click()
    question.get_by_role("button", name="Supprimer le projet").click()
    expect(page.locator(".project")).to_have_count(many - 1)


def test_the_language_is_switched_and_remembered(page: Page, kit: Served) -> None:
    page.goto(f"{kit.address}/?lang=fr", wait_until="domcontentloaded")
    page.get_by_role("link", name="EN, English").click()
    expect(page.get_by_role("heading", name="Your projects")).to_be_visible()
    page.goto(f"{kit.address}/privacy", wait_until="domcontentloaded")
    expect(page.get_by_role("heading", name="Who answers for it", exact=True)).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()


def test_a_first_visitor_is_told_what_to_do_first(page: Page, tmp_path: Path) -> None:
    kit = Served(tmp_path / "data", "--camera", "none")
    try:
        page.goto(f"{kit.address}/?lang=fr", wait_until="domcontentloaded")
        welcome = page.locator(".welcome")
        expect(welcome).to_contain_text("Apprenez à une machine")
        welcome.get_by_role("link", name="Ouvrir l’exemple").click()
        expect(page.locator("kit-label-row")).to_have_count(3)

        # Whoever has a project of their own knows.
        open_new_project(page, kit.address, "Le mien")
        page.goto(f"{kit.address}/", wait_until="domcontentloaded")
        expect(card(page, "Le mien")).to_be_visible()
        expect(welcome).to_have_count(0)
    finally:
        kit.stop()


def test_another_tools_zip_is_asked_what_it_holds_and_says_what_it_left(
    page: Page, kit: Served, photos: Photos, tmp_path: Path
) -> None:
    made = tmp_path / "photos.zip"
    with zipfile.ZipFile(made, "w") as archive:
        for label, own in list(photos.teach.items())[:2]:
            for photo in own[:2]:
                archive.write(photo, f"{label}/{photo.name}")
        archive.writestr("Poing/cassée.jpg", b"\xff\xd8\xff pas une photo")
    page.goto(f"{kit.address}/?lang=fr", wait_until="domcontentloaded")
    expect(page.locator(".project").first).to_be_visible()
    page.locator("[data-part=import-file]").set_input_files(made)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Que contient « photos.zip »")
    dialog.get_by_role("button", name="Ouvrir").click()

    expect(dialog).to_contain_text("1 fichier laissé de côté", timeout=20_000)
    expect(dialog).to_contain_text("cassée.jpg")
    dialog.get_by_role("button", name="Ouvrir le projet").click()
    expect(page.locator("kit-label-row")).to_have_count(2)
