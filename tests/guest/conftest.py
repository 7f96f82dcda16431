"""Tests that start an emulated board: `make image-test`. Everywhere else they say why they do not.

MALLETTE_IMAGE names the folder of a build; MALLETTE_SCRATCH where cards of some gigabytes may lie.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.guest import bench
from tests.guest.day import CARD_MB, Recording, first_start
from tests.guest.lesson import Group
from tests.guest.machine import Board, Card, Image, free_port, missing_tools, wait_for_page

SIGNS = ("0", "5")
"""A fist and an open hand."""
WITHIN_S = 7200
"""A test here waits for a start or two; each wait has a limit of its own besides."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The limit of other tests would end most of these on a busy machine."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(WITHIN_S))


@pytest.fixture(scope="session")
def image() -> Image:
    """What was built."""
    if missing := missing_tools():
        pytest.fail(f"not on this machine: {', '.join(missing)}")
    return Image.in_folder(Path(os.environ["MALLETTE_IMAGE"]))


@pytest.fixture(scope="session")
def scratch(image, tmp_path_factory) -> Path:
    """Room for some cards."""
    named = os.environ.get("MALLETTE_SCRATCH")
    folder = Path(named) if named else tmp_path_factory.mktemp("cards")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def shown(shared_data) -> Mapping[str, list[bytes]]:
    """What is taught: label -> pictures."""
    return {sign: _pictures(shared_data, sign)[:8] for sign in SIGNS}


@pytest.fixture(scope="session")
def asked(shared_data) -> list[bytes]:
    """What is asked afterwards: pictures that nobody has taught, of both kinds."""
    return [picture for sign in SIGNS for picture in _pictures(shared_data, sign)[8:20]]


@pytest.fixture(scope="session")
def started(image, scratch) -> tuple[Card, Recording]:
    """A card as it was flashed, and its first start, every write of it logged."""
    if lacking := bench.lacking():
        pytest.fail(lacking)
    return first_start(image, scratch / "first-start")


@pytest.fixture(scope="module")
def board(image, scratch) -> Iterator[Board]:
    """A kit that has just started for the first time."""
    card = Card.flashed(image, scratch / "first", size_mb=CARD_MB)
    with Board(image, card) as started:
        started.page_after_s = started.wait_for_page()
        started.page_queued_s = started.queued_s()
        started.page_computed_s = started.computed_s()
        yield started


@pytest.fixture(scope="module")
def owl(board) -> Group:
    """A group at the page of that kit."""
    group = Group(board.port)
    group.join("owl")
    return group


@pytest.fixture(scope="module")
def outside(tmp_path_factory) -> Iterator[Group]:
    """The same server on this machine: what a board's answers are compared with."""
    port, data = free_port(), tmp_path_factory.mktemp("outside") / "data"
    server = subprocess.Popen(
        [sys.executable, "-m", "kit", "serve", "--port", str(port), "--data", data,
         "--camera", "none"],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for_page(port, limit_s=60)
        yield Group(port)
    finally:
        server.terminate()
        server.wait(timeout=10)


def _pictures(shared_data: Path, sign: str) -> list[bytes]:
    files = sorted((shared_data / "hand-signs" / sign).glob("*.jpg"))
    return [file.read_bytes() for file in files]
