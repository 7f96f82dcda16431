"""The bundle: a folder copied onto a stock system's drive, which becomes a kit with no network.

MALLETTE_BUNDLE is the folder that `make bundle` made, MALLETTE_STOCK that of tests/guest/stock.py.
"""

import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.guest.conftest import CARD_MB
from tests.guest.lesson import Group
from tests.guest.machine import Board, Card, Image, skip_without_image

skip_without_image()

INSTALLS_WITHIN_S = 2400


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


@pytest.fixture(scope="module")
def kit(stock, card):
    """The stock system after the start that installs, and started again."""
    with Board(stock, card, network=False) as board:
        board.wait_for_end(limit_s=INSTALLS_WITHIN_S)
        print(f"\n  installed after {time.monotonic() - board.started_s:.0f} s", end="")
    with Board(stock, card) as board:
        board.wait_for_page()
        yield board


def test_a_stock_system_becomes_a_kit_without_a_network(kit):
    before = kit.console.with_suffix(".console.1").read_text(encoding="utf-8", errors="replace")

    assert "Installed" in before, before[-2000:]
    assert kit.run("systemctl --failed --plain --no-legend") == ""


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
