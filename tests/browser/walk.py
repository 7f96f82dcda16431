"""The walk as a pupil does it in the page, for the tests to tell their stories with."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Table


def open_home(page: Page, address: str) -> None:
    """The home page, once it hears presses: its sentences have come, and what it lists."""
    page.goto(f"{address}/?lang=fr", wait_until="domcontentloaded")
    nothing = page.get_by_role("heading", name="Il n’y a rien ici")
    expect(page.locator(".project").or_(nothing).first).to_be_visible()


def open_new_project(page: Page, address: str, name: str) -> None:
    """From the home page to an empty project."""
    open_home(page, address)
    page.get_by_role("button", name="Nouveau projet").click()
    page.get_by_label("Nom du projet").fill(name)
    page.get_by_role("button", name="Créer").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    # The first snapshot has come: the page is connected.
    expect(page.get_by_text("Montrez un premier objet")).to_be_visible()


def open_project_of(page: Page, address: str, kind: str, name: str) -> None:
    """From the home page to an empty project of sounds ("sound") or of gestures ("gesture")."""
    open_home(page, address)
    page.get_by_role("button", name="Nouveau projet").click()
    page.get_by_label("Nom du projet").fill(name)
    page.locator(f"input[name=kind][value={kind}]").check()
    page.get_by_role("button", name="Créer").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    expect(page.locator("[data-part=first]")).to_be_visible()


def add_label(page: Page, name: str) -> Locator:
    """A new label's row."""
    page.get_by_label("Nom d’une nouvelle étiquette").fill(name)
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(row(page, name)).to_be_visible()
    return row(page, name)


def row(page: Page, name: str) -> Locator:
    """A label's row."""
    return page.locator("kit-label-row").filter(has=page.get_by_text(name, exact=True)).first


def count(row: Locator) -> tuple[int, int]:
    """A row's "24 photos · 2 prises"."""
    numbers = re.findall(r"\d+", row.locator(".count").inner_text())
    return int(numbers[0]), int(numbers[1])


def show(page: Page, label: str, table: Table, photos: list[Path], at_least: int = 8) -> None:
    """Hold photos before the kit's camera and take one burst of them: press, wait, press."""
    table.show(photos)
    own = row(page, label)
    before, bursts = count(own)
    own.get_by_role("button", name=f"Montrer {label}").click()
    expect(own.get_by_role("button", name=f"Arrêter {label}")).to_be_visible()
    page.wait_for_function(
        """([label, least]) => [...document.querySelectorAll("kit-label-row")].some((row) =>
             row.querySelector("b").textContent === label &&
             parseInt(row.querySelector(".count").textContent) >= least)""",
        arg=[label, before + at_least],
    )
    own.get_by_role("button", name=f"Arrêter {label}").click()
    expect(own.get_by_role("button", name=f"Montrer {label}")).to_be_visible()
    expect(own.locator(".count")).to_contain_text(f"{bursts + 1} prise")


def train(page: Page) -> None:
    """Press Train and wait for its measured duration."""
    card = page.locator(".train-card")
    card.get_by_role("button", name="Entraîner", exact=True).click()
    expect(card.get_by_text("mesuré")).to_be_visible(timeout=60_000)


def honest_count(page: Page) -> tuple[int, int]:
    """The two numbers of "18 sur 20 justes", once they are there."""
    words = page.locator("kit-check .big")
    expect(words).to_have_text(re.compile(r"\d+ sur \d+ justes"), timeout=20_000)
    right, n = re.findall(r"\d+", words.inner_text())
    return int(right), int(n)
