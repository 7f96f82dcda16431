"""A class: animals, what a group does not see, the teacher's code, and the end that erases."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served

pytestmark = pytest.mark.browser


@pytest.fixture
def class_kit(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path / "data", "--host", "0.0.0.0", "--camera", "none")
    yield served
    served.stop()


def join(page: Page, kit: Served, animal: str) -> None:
    page.goto(f"http://127.0.0.1:{kit.port}/?lang=fr", wait_until="domcontentloaded")
    page.get_by_role("button", name=animal).click()
    expect(page.get_by_role("heading", name="Vos projets")).to_be_visible()


def create(page: Page, name: str) -> str:
    page.get_by_role("button", name="Nouveau projet").click()
    page.get_by_label("Nom du projet").fill(name)
    page.get_by_role("button", name="Créer").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    return page.url


def test_a_class_from_its_first_group_to_its_end(chromium: Browser, class_kit: Served) -> None:
    squirrels, owls, desk = (chromium.new_context(locale="fr-FR").new_page() for _ in range(3))
    try:
        join(squirrels, class_kit, "Écureuil")
        join(owls, class_kit, "Hibou")
        address = create(squirrels, "Secret des Écureuils")
        expect(squirrels.get_by_text("le groupe Écureuil")).to_be_visible()
        # No camera here: the page says what to do instead.
        expect(squirrels.locator(".live .says")).to_contain_text("La caméra du kit est éteinte")

        # The Owls cannot see it, not even by its address.
        owls.reload(wait_until="domcontentloaded")
        expect(owls.get_by_role("link", name="Secret des Écureuils")).to_have_count(0)
        answer = owls.goto(address, wait_until="domcontentloaded")
        assert answer is not None and answer.status == 404
        expect(owls.get_by_role("heading", name="Il n’y a rien ici")).to_be_visible()

        # Picking an animal that is taken asks first.
        desk.goto(f"http://127.0.0.1:{class_kit.port}/?lang=fr", wait_until="domcontentloaded")
        desk.get_by_role("button", name="Écureuil").click()
        expect(desk.get_by_role("dialog")).to_contain_text("le groupe Écureuil")
        desk.get_by_role("button", name="Annuler").click()

        # A wrong code is said in words; the right one, shown where the kit runs, opens the desk.
        desk.get_by_role("link", name="Enseignant").click()
        desk.get_by_label("Code enseignant").fill("0000")
        desk.get_by_role("button", name="Entrer").click()
        expect(desk.get_by_role("alert")).to_be_visible()
        desk.get_by_label("Code enseignant").fill(code_shown_by(class_kit))
        desk.get_by_role("button", name="Entrer").click()
        expect(desk.get_by_role("heading", name="le groupe Écureuil")).to_be_visible()
        expect(desk.get_by_role("link", name="Secret des Écureuils")).to_be_visible()
        expect(desk.locator("[data-part=goes]")).to_contain_text("2 groupes")

        desk.get_by_role("button", name="Terminer la séance et effacer").click()
        expect(desk.get_by_role("dialog")).to_contain_text("2 groupes")
        desk.get_by_role("button", name="Tout effacer").click()
        expect(desk.get_by_role("link", name="Secret des Écureuils")).to_have_count(0)

        # Every screen is back at the animals, and nobody is there.
        squirrels.goto(address, wait_until="domcontentloaded")
        expect(
            squirrels.get_by_role("heading", name="Quel animal est votre groupe")
        ).to_be_visible()
        expect(squirrels.get_by_text("déjà choisi")).to_have_count(0)
    finally:
        for page in (squirrels, owls, desk):
            page.context.close()


def code_shown_by(kit: Served) -> str:
    """The teacher's code, as `kit serve` prints it."""
    kit._read()
    found = re.search(r"code[^:\n]*:\s*(\S[^\n]*)", kit.said, re.IGNORECASE)
    assert found, kit.said
    return found[1].strip()
