"""Gestures in a real browser: signed to the kit's camera, and nothing kept but points."""

import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.conftest import SHARED, Photos, Served, Table, launch
from tests.browser.walk import add_label, open_project_of, row, show, train

pytestmark = pytest.mark.browser

MARGIN = 0.5
"""Of a photo's side, on each side: the detector looks for hands that do not fill the picture."""


def signed(photos: list[Path], folder: Path) -> list[Path]:
    """Photos of hands as a camera would see them: larger, and with room around."""
    folder.mkdir()
    made = []
    for photo in photos:
        pixels = cv2.imread(str(photo))
        edge = round(MARGIN * pixels.shape[0])
        wide = cv2.copyMakeBorder(pixels, edge, edge, edge, edge, cv2.BORDER_REPLICATE)
        made.append(folder / photo.name)
        cv2.imwrite(str(made[-1]), cv2.resize(wide, (480, 480), interpolation=cv2.INTER_CUBIC))
    return made


def test_signing_to_the_kit(
    page: Page, senses_kit: Served, hands: Table, photos: Photos, tmp_path: Path
) -> None:
    if not (SHARED / "hand-signs").is_dir():
        pytest.skip("no photos of hands beside the checkout")
    signs = ("Poing", "Ciseaux")
    taught = {sign: signed(photos.teach[sign][:6], tmp_path / sign) for sign in signs}
    open_project_of(page, senses_kit.address, "gesture", "Deux signes")
    expect(page.get_by_text("Montrez un premier geste")).to_be_visible()
    expect(page.locator("kit-kept")).to_contain_text("21 points par main, et aucune photo")

    # With no label yet, the points are drawn already.
    hands.show(taught["Ciseaux"][:1])
    expect(page.get_by_role("img", name="Les points de la main")).to_be_visible()
    assert len(page.locator("kit-skeleton .joints").get_attribute("d").split("h0")) == 22

    for sign in signs:
        add_label(page, sign)
        show(page, sign, hands, taught[sign], at_least=4)
    expect(page.locator("kit-kept b")).to_have_text(
        re.compile(r"Le dernier\s?: [\d\s]+ octets gardés au lieu de [\d\s]+\.")
    )
    train(page)
    for sign in signs:
        hands.show(signed([photos.unseen[sign]], tmp_path / f"{sign}-unseen"))
        expect(page.locator(".check-card .bubble strong")).to_have_text(sign)
    expect(page.locator(".check-card .bubble small")).to_contain_text("modèle n°")

    # Without a hand nothing is answered, and the last answer does not stay.
    empty = tmp_path / "table.jpg"
    cv2.imwrite(str(empty), np.full((480, 640, 3), 190, np.uint8))
    hands.show([empty])
    expect(page.locator(".check-card .bubble")).to_contain_text("Pas de main en vue")
    expect(page.locator("kit-skeleton svg")).to_have_count(0)

    # What is kept says its bytes; whatever looks like a hand in the rows is a drawing.
    row(page, "Poing").get_by_role("button", name="Voir tous les gestes de Poing").click()
    expect(page.get_by_role("dialog").locator(".number").first).to_contain_text("octets")
    projects = page.request.get(f"{senses_kit.address}/api/projects").json()["projects"]
    [example] = [one["id"] for one in projects if one["is_example"]]  # made while this test runs
    found = pictures_in(senses_kit.data)
    assert [file for file in found if not file.startswith(f"media/{example}/")] == []


def test_signing_to_the_screen(
    playwright: Playwright, senses_kit: Served, photos: Photos, tmp_path: Path
) -> None:
    if not (SHARED / "hand-signs").is_dir():
        pytest.skip("no photos of hands beside the checkout")
    signs = ("Poing", "Main ouverte")
    seen = signed([photos.unseen["Main ouverte"]], tmp_path / "seen")[0]
    film = tmp_path / "hand.mjpeg"  # Chromium plays it as its camera, over and over
    film.write_bytes(seen.read_bytes() * 10)
    browser = launch(playwright, f"--use-file-for-fake-video-capture={film}")
    try:
        page = browser.new_context(locale="fr-FR").new_page()
        page.set_default_timeout(10_000)
        open_project_of(page, senses_kit.address, "gesture", "Cet écran")
        page.get_by_role("radio", name="Cet écran").check()

        # With no label yet, the points are drawn already.
        points = page.get_by_role("img", name="Les points de la main")
        expect(points).to_be_visible()
        expect(page.locator(".check-card .bubble")).to_contain_text("Montrez deux gestes")

        for sign in signs:
            own = add_label(page, sign)
            taught = signed(photos.teach[sign][:3], tmp_path / sign)
            own.locator("[data-part=files]").set_input_files(taught)
            expect(own.locator(".count")).to_have_text("3 gestes · 3 prises")
        expect(page.locator(".check-card .bubble strong")).to_have_text("Main ouverte")
        video = page.locator("kit-stage video")
        drawn, shown = points.bounding_box(), video.bounding_box()
        assert drawn and shown and drawn["height"] == pytest.approx(shown["height"], abs=2)
    finally:
        browser.close()


def pictures_in(data: Path) -> set[str]:
    """Files of the data folder that hold a JPEG, PNG or WebP, whole or inside something else."""
    found = set()
    for path in data.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        if b"\xff\xd8\xff" in content or b"\x89PNG\r\n" in content or b"WEBPVP8" in content:
            found.add(str(path.relative_to(data)))
    return found


def test_a_picture_without_a_hand_is_refused_in_words(
    page: Page, senses_kit: Served, tmp_path: Path
) -> None:
    empty = tmp_path / "table-vide.png"
    cv2.imwrite(str(empty), np.full((240, 320, 3), 190, np.uint8))
    open_project_of(page, senses_kit.address, "gesture", "Sans main")
    own = add_label(page, "Poing")
    own.locator("[data-part=files]").set_input_files([empty])
    expect(page.locator(".toast.problem")).to_contain_text("ne trouve pas de main")
    expect(own.locator(".count")).to_contain_text("0 geste")


def test_two_hands_are_asked_for_and_can_be_changed(page: Page, senses_kit: Served) -> None:
    page.goto(f"{senses_kit.address}/?lang=fr", wait_until="domcontentloaded")
    page.get_by_role("button", name="Nouveau projet").click()
    page.get_by_label("Nom du projet").fill("Des cœurs")
    page.get_by_role("radio", name="Des gestes").check()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("cela marche aussi pour les gauchers")
    page.get_by_role("radio", name="Deux mains").check()
    page.get_by_role("button", name="Créer").click()
    expect(page.get_by_text("Montrez un premier geste")).to_be_visible()

    page.locator(".top summary").first.click()
    page.get_by_role("button", name="Réglages du projet").click()
    expect(dialog.get_by_role("radio", name="Deux mains")).to_be_checked()
    dialog.get_by_role("radio", name="Une main").check()
    page.reload(wait_until="domcontentloaded")
    page.locator(".top summary").first.click()
    page.get_by_role("button", name="Réglages du projet").click()
    expect(dialog.get_by_role("radio", name="Une main")).to_be_checked()
