"""A real Chromium in front of a real `kit serve`, with a table on which a test puts photos."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

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


class Served:
    """`kit serve` in a process of its own, on a free port and a data folder of its own."""

    def __init__(self, data: Path, *options: str) -> None:
        self._data, self._options = data, options
        self.port = 0
        self.said = ""
        self.start()

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Start it, on the same port as before if there was one."""
        self._log = self._data.with_suffix(".log").open("w+")
        command = [sys.executable, "-m", "kit", "serve", "--data", str(self._data)]
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
    shared = Path(__file__).resolve().parents[3] / "shared" / "data" / "hand-signs"
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
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.fail("no chromium on this machine: `apt install chromium`, or run `make test`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


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
