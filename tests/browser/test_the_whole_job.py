"""The main job in a real browser: with the kit's camera, with files, with a film, by keyboard."""

import json
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from playwright.sync_api import BrowserContext, Page, expect

from kit.core.image import prepare
from tests.browser.conftest import Photos, Served, Table
from tests.browser.walk import (
    add_label,
    count,
    honest_count,
    open_new_project,
    row,
    show,
    train,
)

pytestmark = pytest.mark.browser


def test_with_the_camera_of_the_kit(
    page: Page, kit: Served, table: Table, photos: Photos, tmp_path: Path
) -> None:
    labels = list(photos.teach)
    open_new_project(page, kit.address, "Trois signes")

    for label in labels[:2]:
        add_label(page, label)
        show(page, label, table, photos.teach[label])
    # The bars move before any training.
    expect(page.locator(".check-card .bars li")).to_have_count(2)
    expect(page.locator(".check-card .bubble small")).to_contain_text("modèle instantané")

    add_label(page, labels[2])
    show(page, labels[2], table, photos.teach[labels[2]])
    train(page)
    expect(page.locator("kit-check .big")).to_have_text("Pas encore vérifié")
    taught = {label: count(row(page, label))[0] for label in labels}

    for label in labels:
        show(page, label, table, photos.second[label])
    for _ in range(20):  # the last pictures of a burst are embedded a moment after it ends
        right, n = honest_count(page)
        shown = sum(count(row(page, label))[0] - taught[label] for label in labels)
        if n == shown:
            break
        page.wait_for_timeout(250)
    assert n == shown
    assert right > n * 0.6
    expect(page.locator("kit-check .method")).to_have_text(
        "Sur les objets montrés une seconde fois\N{NO-BREAK SPACE}:"
    )

    for label in labels:
        table.show([photos.unseen[label]])
        expect(page.locator(".check-card .bubble strong")).to_have_text(label)
    expect(page.locator(".check-card .bubble small")).to_contain_text(
        "Une IA répond · modèle n°\N{NO-BREAK SPACE}1"
    )
    expect(page.locator("kit-answer-cost .measured")).to_contain_text("ms mesuré")
    # A screen reader hears the answer once it has stood for a second.
    expect(page.locator(".check-card [data-part=announcer]")).to_contain_text(labels[2])

    with page.expect_download() as download:
        page.get_by_role("link", name="Emporter le modèle").click()
    download.value.save_as(tmp_path / "model.zip")
    assert answer_of_the_bare_model(tmp_path / "model.zip", photos.unseen[labels[0]]) == labels[0]


def answer_of_the_bare_model(path: Path, photo: Path) -> str:
    """What the exported file says with nothing of the kit but the documented preparation."""
    with zipfile.ZipFile(path) as exported:
        names = {Path(name).name: name for name in exported.namelist()}
        model = exported.read(names["model.tflite"])
        lines = exported.read(names["labels.txt"]).decode().splitlines()
        passport = json.loads(exported.read(names["passport.json"]))
    assert passport
    interpreter = Interpreter(model_content=model, num_threads=1)
    interpreter.allocate_tensors()
    asked = interpreter.get_input_details()[0]
    pixels = cv2.cvtColor(cv2.imread(str(photo)), cv2.COLOR_BGR2RGB)
    interpreter.set_tensor(asked["index"], prepare(pixels, int(asked["shape"][1]))[None])
    interpreter.invoke()
    scores = interpreter.get_tensor(interpreter.get_output_details()[-1]["index"])[0]
    return lines[int(np.argmax(scores))].split(" ", 1)[1]


def test_with_files(page: Page, kit: Served, photos: Photos, tmp_path: Path) -> None:
    broken = tmp_path / "pas-une-photo.jpg"
    broken.write_text("bonjour")
    labels = list(photos.teach)[:2]
    open_new_project(page, kit.address, "Des fichiers")
    page.get_by_role("radio", name="Fichiers").check()
    for label in labels:
        own = add_label(page, label)
        with page.expect_file_chooser() as chooser:
            own.get_by_role("button", name=f"Choisir {label}").click()
        chooser.value.set_files([*photos.teach[label][:6], broken])
        refused = page.get_by_role("dialog")
        expect(refused).to_contain_text("1 fichier n’a pas pu être pris")
        expect(refused).to_contain_text(broken.name)
        refused.get_by_role("button", name="Fermer").click()
        # Each file is a showing of its own; the broken one cost nothing.
        expect(own.locator(".count")).to_have_text("6 photos · 6 prises")

    train(page)
    right, n = honest_count(page)
    assert n == 12 and right > 6
    expect(page.locator("kit-check .method")).to_contain_text("mise de côté")

    page.get_by_role("button", name="Voir les erreurs").click()
    dialog = page.get_by_role("dialog")
    dialog.locator(".confusion .right").first.click()
    expect(dialog.locator(".pictures img").first).to_be_visible()
    dialog.get_by_role("button", name="Fermer").click()

    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Essayer une photo").click()
    chooser.value.set_files(photos.second[labels[1]][0])
    expect(dialog.locator(".bubble strong")).to_have_text(labels[1])
    expect(dialog.locator(".heat canvas")).to_be_visible()
    expect(dialog.locator(".similar img").first).to_be_visible()
    dialog.get_by_role("button", name="Fermer").click()


def test_pictures_are_moved_deleted_and_brought_back(
    page: Page, kit: Served, photos: Photos
) -> None:
    first, second = list(photos.teach)[:2]
    open_new_project(page, kit.address, "Des gestes")
    for label in (first, second):
        own = add_label(page, label)
        own.locator("[data-part=files]").set_input_files(photos.teach[label][:3])
        expect(own.locator(".count")).to_have_text("3 photos · 3 prises")

    row(page, first).get_by_role("button", name=f"Voir toutes les photos de {first}").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox").first.check()
    dialog.get_by_role("button", name="Déplacer", exact=True).click()
    expect(dialog.get_by_role("checkbox")).to_have_count(2)
    dialog.get_by_role("checkbox").first.check()
    dialog.get_by_role("button", name="Supprimer").click()
    expect(dialog.get_by_role("checkbox")).to_have_count(1)
    dialog.get_by_role("button", name="Fermer").click()
    expect(row(page, first).locator(".count")).to_contain_text("1 photo ")
    expect(row(page, second).locator(".count")).to_contain_text("4 photos")
    page.locator(".toast", has_text="1 photo supprimée").get_by_role(
        "button", name="Annuler"
    ).click()
    expect(row(page, first).locator(".count")).to_contain_text("2 photos")

    row(page, first).locator("summary").click()
    row(page, first).get_by_role("button", name="Supprimer").click()
    expect(page.locator("kit-label-row")).to_have_count(1)
    page.locator(".toast", has_text="est supprimée").get_by_role("button", name="Annuler").click()
    expect(page.locator("kit-label-row")).to_have_count(2)

    row(page, second).locator(".name").click()
    page.get_by_label(f"Nouveau nom pour {second}").fill("<b>Ciseaux & compagnie</b>")
    page.keyboard.press("Enter")
    expect(row(page, "<b>Ciseaux & compagnie</b>")).to_be_visible()


def test_files_are_dropped_on_a_label(page: Page, kit: Served, photos: Photos) -> None:
    label, other = list(photos.teach)[:2]
    open_new_project(page, kit.address, "Déposer")
    own = add_label(page, label)
    # A drop from outside the browser: Playwright has no hand for it, so the event is made here.
    content = photos.teach[other][0].read_bytes()
    page.evaluate(
        """([row, bytes]) => {
            const files = new DataTransfer();
            for (const name of ["1.jpg", "2.jpg"]) {
              files.items.add(new File([new Uint8Array(bytes)], name, { type: "image/jpeg" }));
            }
            for (const kind of ["dragover", "drop"]) {
              row.dispatchEvent(new DragEvent(kind,
                { bubbles: true, cancelable: true, dataTransfer: files }));
            } }""",
        [own.element_handle(), list(content)],
    )
    expect(own.locator(".count")).to_have_text("2 photos · 2 prises")


def test_with_a_film_where_the_page_is_not_secure(
    page: Page, kit: Served, photos: Photos, tmp_path: Path
) -> None:
    # What a tablet on the kit's Wi-Fi sees: a page without https, hence without getUserMedia.
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    labels = list(photos.teach)[:2]
    open_new_project(page, kit.address, "Un film")
    page.get_by_role("radio", name="Cet écran").check()
    expect(page.get_by_text("Filmez trois secondes")).to_be_visible()
    for label in labels:
        own = add_label(page, label)
        with page.expect_file_chooser() as chooser:
            own.get_by_role("button", name=f"Filmer {label}").click()
        chooser.value.set_files(film(tmp_path / f"{label}.webm", photos.teach[label]))
        expect(own.locator(".count")).to_have_text("16 photos · 1 prise", timeout=20_000)

    train(page)
    expect(page.locator("kit-check .big")).to_have_text("Pas encore vérifié")


def film(path: Path, photos: list[Path]) -> Path:
    """Two seconds of WebM, 800 pixels wide, as a browser or a phone would record."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"VP80"), 12, (800, 600))
    assert writer.isOpened()
    for n in range(24):
        writer.write(cv2.resize(cv2.imread(str(photos[n % len(photos)])), (800, 600)))
    writer.release()
    return path


def test_with_the_camera_of_the_screen(page: Page, kit: Served, context: BrowserContext) -> None:
    # localhost is secure, and Chromium plays its own test picture as a camera.
    open_new_project(page, kit.address, "Cet écran")
    page.get_by_role("radio", name="Cet écran").check()
    expect(page.locator("kit-stage video")).to_be_visible()
    for label in ("un", "deux"):
        own = add_label(page, label)
        button = own.get_by_role("button", name=f"Montrer {label}")
        button.hover()
        page.mouse.down()  # held: it stops when it is let go
        expect(own.locator(".show-button[data-on]")).to_be_visible()
        page.wait_for_timeout(1200)
        page.mouse.up()
        expect(own.locator(".show-button[data-on]")).to_have_count(0)
        expect(own.locator(".count")).to_contain_text("1 prise")
        assert count(own)[0] >= 4
    expect(page.locator(".check-card .bubble small")).to_contain_text("Une IA répond")


def test_by_keyboard_alone(page: Page, kit: Served, table: Table, photos: Photos) -> None:
    first, second = list(photos.teach)[:2]
    page.goto(f"{kit.address}/?lang=fr", wait_until="domcontentloaded")
    expect(page.locator(".project").first).to_be_visible()
    tab_to(page, "Nouveau projet")
    page.keyboard.press("Enter")
    page.keyboard.type("Au clavier")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Au clavier", level=1)).to_be_visible()
    expect(page.get_by_text("Montrez un premier objet")).to_be_visible()

    for label, start, stop in ((first, "Space", "Space"), (second, "Enter", "Enter")):
        table.show(photos.teach[label])
        tab_to(page, "Nom d’une nouvelle étiquette")
        page.keyboard.type(label)
        page.keyboard.press("Enter")
        expect(row(page, label)).to_be_visible()
        tab_to(page, f"Montrer {label}")
        page.keyboard.press(start)
        expect(row(page, label).locator(".count")).to_contain_text("photos ·")
        expect(row(page, label).get_by_role("button", name=f"Arrêter {label}")).to_be_focused()
        page.wait_for_timeout(700)
        page.keyboard.press(stop)
        expect(row(page, label).get_by_role("button", name=f"Montrer {label}")).to_be_focused()

    tab_to(page, "Entraîner")
    page.keyboard.press("Enter")
    expect(page.locator(".train-card").get_by_text("mesuré")).to_be_visible(timeout=60_000)
    expect(page.locator(".check-card .bubble strong")).to_be_visible()
    tab_to(page, "À partir de quelle certitude")
    page.keyboard.press("Enter")
    tab_to(page, "À partir de quelle certitude")
    page.keyboard.press("End")
    expect(page.locator(".check-card .bubble strong")).to_have_text("Réponse trop incertaine")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what is called so."""
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => { const one = document.activeElement;
                 const words = one.getAttribute("aria-label") ?? one.textContent;
                 return words.replace(/\\s+/g, " ").trim(); }"""
        )
        if focused.startswith(name):
            return
    raise AssertionError(f"the Tab key never reaches {name!r}")
