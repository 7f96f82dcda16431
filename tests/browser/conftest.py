"""A real Chromium in front of a real `kit serve`, a table for photos, and a room for sounds."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from kit.resources import examples_dir
from tests.browser.gallery.server import Gallery

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
FLAGS = [
    "--no-sandbox",  # the tests also run as root, in a container
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
START_S = 30
RATE_HZ = 16_000
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


class Table:
    """What lies before the kit's camera: a folder that the fake camera looks into."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self._shown = 0
        self.show([])

    def show(self, photos: Sequence[Path]) -> None:
        """Put these photos there, one after another, in place of what was there."""
        before = list(self.folder.iterdir())
        for photo in photos:
            self._shown += 1
            shutil.copy(photo, self.folder / f"{self._shown:06}.jpg")
        if photos:
            for old in before:
                old.unlink()
            time.sleep(1.2)  # the camera looks into the folder twice a second


class Room:
    """What the kit's microphone hears: a folder whose sounds it plays over and over."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self._heard = 0
        self.hear([])

    def hear(self, clips: Sequence[Path]) -> None:
        """Play these, one after another, in place of what was heard; nothing: the room alone."""
        before = list(self.folder.iterdir())
        self._heard += 1
        if not clips:
            hum = np.random.default_rng(self._heard).normal(0, 0.001, RATE_HZ)
            write_wav(self.folder / f"{self._heard:06}.wav", hum)
        for number, clip in enumerate(clips):
            shutil.copy(clip, self.folder / f"{self._heard:06}-{number}.wav")
        for old in before:
            old.unlink()
        time.sleep(0.7)  # the microphone looks into the folder twice a second


def write_wav(path: Path, samples: np.ndarray) -> None:
    """A WAV of (n,) samples in -1..1 at 16 kHz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


class Served:
    """`kit serve` in a process of its own, on a free port and a data folder of its own."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data, self._options = data, options
        self.port = 0
        self.said = ""
        self.start()

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Start it, on the same port as before if there was one."""
        self._log = self.data.with_suffix(".log").open("w+")
        command = [sys.executable, "-m", "kit", "serve", "--data", str(self.data)]
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
        self._process = subprocess.Popen(
            [*command, "--port", str(self.port), *self._options],
            stdout=self._log,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        deadline_s = time.monotonic() + START_S
        while not (found := re.search(r"http://[^\s/]+:(\d+)", self._read())):
            if self._process.poll() is not None or time.monotonic() > deadline_s:
                self.stop()
                raise RuntimeError(f"kit serve did not start:\n{self.said}")
            time.sleep(0.05)
        self.port = int(found[1])

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._read()
        self._log.close()

    def _read(self) -> str:
        if not self._log.closed:
            self._log.seek(0)
            self.said = self._log.read()
        return self.said


@dataclass(frozen=True)
class Photos:
    """Real photos of three things: to teach with, to show a second time, never shown before."""

    teach: dict[str, list[Path]]
    second: dict[str, list[Path]]
    unseen: dict[str, Path]


@pytest.fixture(scope="session")
def photos() -> Photos:
    """Hand signs where they lie beside the checkout, else the pictures of the first activity."""
    shared = SHARED / "hand-signs"
    if shared.is_dir():
        folders = {"Poing": shared / "0", "Ciseaux": shared / "2", "Main ouverte": shared / "5"}
    else:
        examples = sorted(one for one in examples_dir("sort-it").iterdir() if one.is_dir())
        folders = {one.name: one for one in examples[:3]}
    files = {label: sorted(folder.glob("*.jpg")) for label, folder in folders.items()}
    # Every second photo teaches, the others are the second showing; one more is never shown.
    return Photos(
        teach={label: own[:-1:2][:12] for label, own in files.items()},
        second={label: own[1:-1:2][:12] for label, own in files.items()},
        unseen={label: own[min(25, len(own) - 1)] for label, own in files.items()},
    )


@pytest.fixture(scope="session")
def digits() -> Path:
    """Spoken digits, a folder each."""
    folder = SHARED / "spoken-digits"
    if not folder.is_dir():
        pytest.skip("no spoken digits beside the checkout")
    return folder


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


def launch(playwright: Playwright, *flags: str) -> Browser:
    """A browser of its own; with flags, one that hears or sees something of its own."""
    if CHROMIUM is None:
        pytest.fail("no chromium on this machine: `apt install chromium`, or run `make test`")
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])


@pytest.fixture(scope="session")
def table(tmp_path_factory: pytest.TempPathFactory, photos: Photos) -> Table:
    table = Table(tmp_path_factory.mktemp("camera") / "table")
    shutil.copy(next(iter(photos.unseen.values())), table.folder / "000000.jpg")
    return table


@pytest.fixture(scope="session")
def kit(tmp_path_factory: pytest.TempPathFactory, table: Table) -> Iterator[Served]:
    """One kit on loopback for all tests that only need projects of their own."""
    served = Served(tmp_path_factory.mktemp("kit") / "data", "--camera", f"fake:{table.folder}")
    yield served
    served.stop()


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return Room(tmp_path_factory.mktemp("microphone") / "room")


@pytest.fixture(scope="session")
def hands(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """A table of its own for hands, so that no test of objects looks at them."""
    return Table(tmp_path_factory.mktemp("hands") / "table")


@pytest.fixture(scope="session")
def senses_kit(
    tmp_path_factory: pytest.TempPathFactory, hands: Table, room: Room, photos: Photos
) -> Iterator[Served]:
    """A kit with a camera and a microphone, for sounds and gestures."""
    shutil.copy(next(iter(photos.unseen.values())), hands.folder / "000000.jpg")
    data = tmp_path_factory.mktemp("senses") / "data"
    camera, microphone = f"fake:{hands.folder}", f"fake:{room.folder}"
    served = Served(data, "--camera", camera, "--microphone", microphone)
    yield served
    served.stop()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that speaks French and remembers nothing; a script's error fails the test."""
    errors: list[str] = []
    context = chromium.new_context(locale="fr-FR", viewport={"width": 1366, "height": 768})
    context.set_default_timeout(10_000)
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    context.close()
    assert errors == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="session")
def gallery() -> Iterator[Gallery]:
    gallery = Gallery()
    yield gallery
    gallery.close()


@pytest.fixture(scope="session")
def class_gallery() -> Iterator[Gallery]:
    gallery = Gallery(is_class=True)
    yield gallery
    gallery.close()
