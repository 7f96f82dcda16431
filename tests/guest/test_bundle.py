"""The bundle: a folder copied onto a stock system's drive, which becomes a kit with no network.

MALLETTE_BUNDLE is the folder that `make bundle` made, MALLETTE_STOCK that of tests/guest/stock.py.
The installation is cut twice, on a card that has lost half of what was not flushed; then it ends,
the form is found wrong, is put right, and a class begins.
"""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.guest.air import RADIOS, Device, on_the_screen, wait_for_radio
from tests.guest.conftest import CARD_MB
from tests.guest.lesson import Group
from tests.guest.machine import Board, Card, Image, skip_without_image
from tests.guest.power import Cut, Log, cut_power

skip_without_image()

INSTALLS_WITHIN_S = 3600
CUTS = {
    "in the middle of the packages": lambda said: said.count("Unpacking ") >= 10,
    "while packages are set up": lambda said: said.count("Setting up ") >= 5,
}
"""When the current goes, by what stands on the screen."""


@pytest.fixture(scope="module")
def stock() -> Image:
    folder = os.environ.get("MALLETTE_STOCK")
    if not folder:
        pytest.skip("no stock system: MALLETTE_STOCK")
    return Image.in_folder(Path(folder))


@pytest.fixture(scope="module")
def card(stock, scratch) -> Card:
    """Flashed with the stock system, the bundle copied onto its drive as a teacher would."""
    card = Card.flashed(stock, scratch / "bundle", size_mb=CARD_MB)
    form = card.get("mallette.toml")
    where = f"{card.disk}@@{card.partition(1)[0]}"
    inside = sorted(Path(os.environ["MALLETTE_BUNDLE"]).iterdir())
    subprocess.run(["mcopy", "-s", "-o", "-i", where, *inside, "::"], check=True)
    card.put("mallette.toml", form)
    return card


def wait_until(board: Board, is_so: Callable[[str], bool]) -> None:
    """Until the screen says so.

    Raises:
        TimeoutError: it never did.
    """
    end = time.monotonic() + INSTALLS_WITHIN_S
    while not (board.console.exists() and is_so(board.said())):
        if time.monotonic() > end:
            raise TimeoutError(board.said()[-3000:])
        time.sleep(0.5)


@pytest.fixture(scope="module")
def screens(stock, card) -> list[str]:
    """What stood on the screen at each start of the installation; the last one ended well."""
    screens = []
    for seed, (when, is_so) in enumerate(CUTS.items()):
        written = card.disk.with_suffix(".log")
        with Board(stock, card, network=False, log=written) as board:
            wait_until(board, is_so)
        screens.append(board.said())
        log = Log(written)
        damage = cut_power(card.disk, log, Cut(len(log.requests), keeps=0.5, seed=seed))
        print(f"\n  cut {when}: {damage}", end="")
        written.unlink()
        card.disk.with_suffix(".shadow").unlink()
    with Board(stock, card, network=False) as board:
        board.wait_for_end(limit_s=INSTALLS_WITHIN_S)
        print(f"\n  installed after {time.monotonic() - board.started_s:.0f} s", end="")
    screens.append(board.said())
    return screens


@pytest.fixture(scope="module")
def wrongly_filled(stock, card, screens) -> str:
    """What the screen says at the kit's first start, with a form that is wrong."""
    right = card.get("mallette.toml")
    card.put("mallette.toml", right.replace('"FR"', '"France"'))
    with Board(stock, card) as board:
        board.wait_for_page()
    card.put("mallette.toml", right)
    return board.said()


@pytest.fixture(scope="module")
def kit(stock, card, wrongly_filled):
    """The kit with its form put right."""
    with Board(stock, card, kernel=RADIOS) as board:
        board.wait_for_page()
        print(f"\n  page after {time.monotonic() - board.started_s:.0f} s", end="")
        yield board


def test_an_installation_goes_on_after_each_power_cut(screens):
    *cut, ended = screens

    assert len(cut) == len(CUTS)
    assert all("Installing" in said and "Installed" not in said for said in cut)
    assert "Installed" in ended, ended[-2000:]


def test_a_wrong_form_is_said_on_the_screen(wrongly_filled):
    assert "“France”" in wrongly_filled and "If FR is meant" in wrongly_filled
    assert "user-data" not in wrongly_filled  # which was the bundle's own
    assert "Wi-Fi  " not in wrongly_filled  # no radio without a country


def test_a_stock_system_becomes_a_kit(kit):
    kit.run("systemctl is-system-running --wait", check=False)

    assert kit.run("systemctl --failed --plain --no-legend") == ""
    assert "Installing" not in kit.said()


def test_no_package_is_half_there(kit):
    changed = kit.run("dpkg --verify", limit_s=900, check=False).splitlines()

    assert kit.run("dpkg --audit") == ""
    # rpm's format: a 5 in the third column is another content; "c" marks what may be edited.
    assert [line for line in changed if line[2:3] == "5" and line[10:11] != "c"] == []


def test_it_teaches(kit, shown, asked):
    group = Group(kit.port)
    group.join("owl")

    project = group.teach(shown)

    assert group.answer(project, asked[0])["label"] == next(iter(shown))


def test_its_data_lie_apart(kit):
    assert kit.run("findmnt -no FSTYPE /data").strip() == "ext4"
    assert "loop" in kit.run("findmnt -no SOURCE /data")


def test_its_firewall_is_closed(kit):
    assert "policy drop" in kit.run("nft list chain inet mallette input")


def test_its_wifi_opens_for_who_has_the_passphrase(kit, image):
    tool = "/usr/bin/busybox"  # what the tablet needs, and a stock system has not
    kit.run(f"cat >{tool}; chmod +x {tool}", content=(image.folder / f"root{tool}").read_bytes())
    wait_for_radio(kit)
    tablet = Device(kit, 1)

    assert tablet.joins(*on_the_screen(kit)), tablet.said()
    assert tablet.lease()["router"] == "10.42.0.1"
    told = tablet.does("fetch", "http://kit.local/")["http://kit.local/"]
    assert "<title>Mallette</title>" in told["body"]
