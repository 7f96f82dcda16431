"""Sounds in a real browser: with the kit's microphone, with this screen's, with files."""

import re
import wave
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.conftest import RATE_HZ, Room, Served, launch, write_wav
from tests.browser.gallery.server import Gallery
from tests.browser.walk import add_label, honest_count, open_project_of, row, train

pytestmark = pytest.mark.browser

WORDS = {"zéro": "0", "un": "1"}


def clips(digits: Path, word: str) -> list[Path]:
    """Real clips of that word, one voice after another."""
    return sorted((digits / WORDS[word]).glob("*.wav"), key=lambda one: one.stem[::-1])


def record(page: Page, label: str) -> None:
    """Press Record beside a label; it counts down and ends by itself."""
    own = row(page, label)
    before = int(re.findall(r"\d+", own.locator(".count").inner_text())[0])
    own.get_by_role("button", name=f"Enregistrer {label}").click()
    expect(page.locator(".count-down")).to_have_text("3")
    expect(page.locator(".lamp")).to_have_text("Le micro est à vous.")
    expect(page.locator(".live .recording")).to_contain_text(f"{label} · enregistrement")
    expect(own.get_by_role("button", name=f"Enregistrer {label}")).to_be_visible()
    expect(own.locator(".count")).to_contain_text(f"{before + 1} extrait")


def test_with_the_microphone_of_the_kit(
    page: Page, senses_kit: Served, room: Room, digits: Path
) -> None:
    room.hear([])
    open_project_of(page, senses_kit.address, "sound", "Zéro ou un")
    # The background is asked for first, and the big button records it.
    page.get_by_role("button", name="Ajouter « Bruit de fond »").click()
    big = page.locator(".record-button")
    expect(big).to_have_text("Enregistrer « Bruit de fond »")
    expect(page.locator(".lamp")).to_have_text("Le micro est libre.")
    big.focus()
    page.keyboard.press("Space")
    expect(page.locator(".live .recording")).to_be_visible()
    page.wait_for_timeout(3300)
    page.keyboard.press("Space")  # ten seconds are long: whoever presses again has enough
    background = row(page, "Bruit de fond")
    expect(background.locator(".count")).to_contain_text("1 prise")
    assert int(background.locator(".count").inner_text().split()[0]) >= 2

    for word in WORDS:
        own = add_label(page, word)
        room.hear(clips(digits, word)[:1])
        record(page, word)
        own.locator("[data-part=files]").set_input_files(clips(digits, word)[1:7])
        expect(own.locator(".count")).to_have_text("7 extraits · 7 prises")
    train(page)
    right, n = honest_count(page)
    assert n >= 14 and right > n * 0.6

    # Live: a word that is said is heard once, and its bar moves.
    room.hear(clips(digits, "un")[8:9])
    expect(page.locator("kit-heard .heard-word").first).to_have_text("un", timeout=15_000)
    expect(page.locator(".check-card .bubble small")).to_contain_text("Une IA répond")
    expect(page.locator("kit-heard [data-part=announcer]")).to_contain_text("Entendu")
    room.hear([])
    expect(page.locator(".check-card .bubble strong")).to_have_text("Bruit de fond")


def test_a_clip_is_heard_cut_and_brought_back(
    page: Page, senses_kit: Served, digits: Path, tmp_path: Path
) -> None:
    long = tmp_path / "long.wav"
    write_wav(long, np.concatenate([np.zeros(RATE_HZ), tone(0.6), np.zeros(RATE_HZ)]))
    open_project_of(page, senses_kit.address, "sound", "Couper")
    own = add_label(page, "tut")
    own.locator("[data-part=files]").set_input_files([long, *clips(digits, "un")[:1]])
    expect(own.locator(".count")).to_have_text("2 extraits · 2 prises")

    own.get_by_role("button", name="Voir tous les extraits de tut").click()
    dialog = page.get_by_role("dialog")
    with page.expect_request(re.compile(r"/sound\?v=")):
        dialog.get_by_role("button", name="Écouter : Extrait 2").click()
    dialog.get_by_role("button", name="Couper : Extrait 2").click()
    slider = dialog.get_by_label("Début de la seconde")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^De 0,[1-9]"))
    slider.focus()
    page.keyboard.press("Home")
    expect(dialog.locator(".number").last).to_have_text("De 0,00 s à 1,00 s, sur 2,00 s")
    page.keyboard.press("ArrowRight")
    with page.expect_response(re.compile(r"/samples\?")):  # the list comes anew
        dialog.get_by_role("button", name="Garder cette seconde").click()
    expect(page.get_by_text("L’extrait est coupé à cette seconde.")).to_be_visible()

    dialog.get_by_role("button", name="Couper : Extrait 2").click()
    expect(dialog.get_by_role("button", name="Reprendre l’extrait entier")).to_be_visible()
    with page.expect_response(re.compile(r"/samples\?")):
        dialog.get_by_role("button", name="Reprendre l’extrait entier").click()
    dialog.get_by_role("button", name="Couper : Extrait 2").click()
    expect(dialog.get_by_role("button", name="Reprendre l’extrait entier")).to_be_hidden()


def test_what_only_the_browser_can_decode_is_decoded_there(
    page: Page, senses_kit: Served, tmp_path: Path
) -> None:
    open_project_of(page, senses_kit.address, "sound", "Autres fichiers")
    own = add_label(page, "tut")
    recorded = tmp_path / "tut.webm"  # as a phone's recorder writes it: not for the kit to read
    recorded.write_bytes(bytes(page.evaluate(RECORD_WEBM)))
    broken = tmp_path / "rien.mp3"
    broken.write_text("pas un son")
    own.locator("[data-part=files]").set_input_files([recorded, broken])
    refused = page.get_by_role("dialog")
    expect(refused).to_contain_text("Ni ce navigateur ni le kit ne savent lire ce fichier")
    expect(refused).to_contain_text("rien.mp3")
    refused.get_by_role("button", name="Fermer").click()
    expect(own.locator(".count")).to_have_text("1 extrait · 1 prise")


RECORD_WEBM = """async () => {
  const context = new AudioContext();
  const tone = new OscillatorNode(context, { frequency: 440 });
  const end = context.createMediaStreamDestination();
  tone.connect(end);
  tone.start();
  const recorder = new MediaRecorder(end.stream, { mimeType: "audio/webm" });
  const pieces = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  await new Promise((resolve) => setTimeout(resolve, 1300));
  recorder.stop();
  await stopped;
  await context.close();
  return [...new Uint8Array(await new Blob(pieces).arrayBuffer())];
}"""


def test_both_ways_of_hearing_and_false_alarms(
    page: Page, senses_kit: Served, digits: Path, tmp_path: Path
) -> None:
    quiet = tmp_path / "salle.wav"
    write_wav(quiet, np.random.default_rng(0).normal(0, 0.01, 12 * RATE_HZ))
    open_project_of(page, senses_kit.address, "sound", "Comparer")
    for word in WORDS:
        add_label(page, word).locator("[data-part=files]").set_input_files(clips(digits, word)[:4])
        expect(row(page, word).locator(".count")).to_have_text("4 extraits · 4 prises")
    train(page)

    hearings, alarms = page.locator("kit-hearings"), page.locator("kit-false-alarms")
    hearings.locator("summary").click()
    hearings.get_by_role("button", name="Comparer les deux sur nos extraits").click()
    expect(hearings.locator(".ways li")).to_have_count(2, timeout=30_000)
    expect(hearings.locator(".ways li").first).to_contain_text(re.compile(r"\d sur 8 justes"))
    expect(hearings.locator(".ways li").first).to_contain_text("choisi")

    alarms.locator("summary").click()
    alarms.locator("[data-part=file]").set_input_files(quiet)
    expect(alarms.locator(".measured")).to_contain_text(
        re.compile(r"\d+ fausses? alertes? en 0,2 min"), timeout=30_000
    )
    expect(alarms).to_contain_text("Ramené à une heure")


def test_with_the_microphone_of_the_screen(
    playwright: Playwright, senses_kit: Served, digits: Path, tmp_path: Path
) -> None:
    # localhost is secure, and Chromium plays this file as its microphone, over and over.
    spoken = tmp_path / "dit.wav"
    write_wav(spoken, np.concatenate([samples_of(clips(digits, "un")[0]), np.zeros(8000)]))
    browser = launch(playwright, f"--use-file-for-fake-audio-capture={spoken}")
    try:
        page = browser.new_context(locale="fr-FR").new_page()
        page.set_default_timeout(10_000)
        open_project_of(page, senses_kit.address, "sound", "Cet écran")
        page.get_by_role("radio", name="Cet écran").check()
        expect(page.locator(".level-word")).to_have_text("Assez fort")
        page.get_by_role("button", name="Ajouter « Bruit de fond »").click()
        quiet = tmp_path / "calme.wav"
        write_wav(quiet, np.random.default_rng(1).normal(0, 0.005, RATE_HZ))
        background = row(page, "Bruit de fond")
        background.locator("[data-part=files]").set_input_files([quiet])
        expect(background.locator(".count")).to_contain_text("1 extrait")

        own = add_label(page, "un")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("Space")  # with nothing in focus, the space bar records
        expect(page.locator(".count-down")).to_have_text("3")
        expect(own.locator(".count")).to_have_text("1 extrait · 1 prise", timeout=10_000)
        # Live answers to this screen's own microphone.
        expect(page.locator("kit-heard .heard-word").first).to_have_text("un")
        expect(page.locator(".check-card .bubble small")).to_contain_text("modèle instantané")
        # Let go while the page sleeps.
        page.evaluate(
            """() => { Object.defineProperty(document, "hidden", { value: true });
                 document.dispatchEvent(new Event("visibilitychange")); }"""
        )
        expect(page.locator(".level-word")).to_have_text("")
    finally:
        browser.close()


@pytest.mark.parametrize(
    ("error", "title"),
    [
        ("NotAllowedError", "Le navigateur n’a pas le droit d’utiliser le micro"),
        ("NotFoundError", "Cet écran n’a pas de micro"),
    ],
)
def test_a_microphone_that_is_not_lent_has_words(
    page: Page, gallery: Gallery, error: str, title: str
) -> None:
    page.add_init_script(
        f"navigator.mediaDevices.getUserMedia = () => "
        f"Promise.reject(new DOMException('no', '{error}'))"
    )
    page.goto(f"{gallery.address}/projects/sound?lang=fr", wait_until="domcontentloaded")
    page.get_by_role("radio", name="Cet écran").check()
    expect(page.locator(".live .says strong")).to_have_text(title)
    expect(page.locator(".live").get_by_role("button", name="Réessayer")).to_be_visible()
    expect(page.locator(".record-button")).to_have_attribute("aria-disabled", "true")


def test_lost_taken_and_not_secure_have_words(page: Page, gallery: Gallery) -> None:
    address = f"{gallery.address}/projects/sound?lang=fr"
    gallery.microphone.lost = True
    try:
        page.goto(address, wait_until="domcontentloaded")
        expect(page.locator(".live .says strong")).to_have_text("Pas de micro")
        expect(page.locator(".bubble")).to_contain_text("Essayer un son")
    finally:
        gallery.microphone.lost = False
    page.locator(".live").get_by_role("button", name="Réessayer").click()
    expect(page.locator(".live .says")).to_be_hidden()

    gallery.microphone.taken = True
    try:
        page.reload(wait_until="domcontentloaded")
        expect(page.locator(".lamp")).to_have_text(
            "Au micro\N{NARROW NO-BREAK SPACE}: le groupe Loutre. Ce sera bientôt à vous."
        )
        expect(page.locator(".record-button")).to_have_attribute("aria-disabled", "true")
    finally:
        gallery.microphone.taken = False

    # What a tablet on the kit's Wi-Fi sees: a page without https, hence without getUserMedia.
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.reload(wait_until="domcontentloaded")
    page.get_by_role("radio", name="Cet écran").check()
    expect(page.locator(".live .says")).to_contain_text("dictaphone de cet écran")
    with page.expect_file_chooser():
        row(page, "oui").get_by_role("button", name="Enregistrer oui").click()


def samples_of(clip: Path) -> np.ndarray:
    """A clip at 16 kHz; the spoken digits have half of that."""
    with wave.open(str(clip)) as file:
        said = np.frombuffer(file.readframes(file.getnframes()), np.int16) / 32768
        return np.repeat(said, RATE_HZ // file.getframerate())


def tone(seconds: float) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)
