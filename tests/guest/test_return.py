"""A kit comes back, and two kits leave: nothing of a class stays, nobody is anybody's twin."""

import mmap
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.guest.conftest import CARD_MB
from tests.guest.lesson import Group
from tests.guest.machine import Board, Card, skip_without_image

skip_without_image()

CLASS_WORDS = {"project": "Zibeline du mardi", "label": "Ornithorynque cendré"}
"""What no file of the system holds."""


def identity(board: Board) -> Mapping[str, str]:
    """All by which a kit may be known again."""
    return {
        "machine id": board.run("cat /etc/machine-id"),
        "wifi": board.run("grep -E ^psk= /run/NetworkManager/system-connections/*"),
        "wifi name": board.run("grep -E ^ssid= /run/NetworkManager/system-connections/*"),
        "host key": board.run("cat /data/system/ssh/ssh_host_ed25519_key.pub"),
        "cookie secret": board.run("sha256sum < /data/kit/secrets/session"),
        "data partition": board.run("findmnt -no UUID /data"),
    }


def found_in(disk: Path, traces: Mapping[str, bytes]) -> set[str]:
    """Which of these byte strings are anywhere on the card, freed blocks and journal included."""
    with disk.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return {name for name, trace in traces.items() if content.find(trace) >= 0}


@pytest.fixture(scope="module")
def returned(image, scratch, shown):
    """A kit that taught a class and came back: card, traces to look for, identities."""
    card = Card.flashed(image, scratch / "lent", size_mb=CARD_MB)
    traces = {what: word.encode() for what, word in CLASS_WORDS.items()}
    with Board(image, card) as board:
        board.wait_for_page()
        group = Group(board.port)
        group.join("owl")
        project = group.project(CLASS_WORDS["project"])
        label = group.label(project, CLASS_WORDS["label"])
        for sample in group.show(project, label, next(iter(shown.values()))):
            picture = group.ask("GET", group.samples(project)[sample])
            traces[f"picture {sample}"] = picture[len(picture) // 2 :][:48]
        before = identity(board)
        traces["passphrase"] = before["wifi"].partition("=")[2].strip().encode()
        board.run("sync")
    there = found_in(card.disk, traces)
    card.put("mallette-return", "")
    with Board(image, card) as board:
        board.erased_s = board.wait_for_page(limit_s=1800)
        projects = Group(board.port)
        projects.join("owl")
        after = identity(board), projects.ask("GET", "/api/projects")["projects"]
        print(f"\n  erased, started again and served after {board.erased_s:.0f} s", end="")
        said = board.said()
    return card, traces, there, before, after, said


def test_the_search_finds_a_class_that_is_there(returned):
    _, traces, there, *_ = returned

    assert there == set(traces)


def test_no_byte_of_a_class_is_left(returned):
    card, traces, *_ = returned

    assert found_in(card.disk, traces) == set()
    print(f"\n  {len(traces)} traces searched on {card.disk.stat().st_size / 2**20:.0f} MB", end="")


def test_the_screen_says_that_it_was_erased(returned):
    assert "bytes read back as zero" in returned[-1]


def test_the_kit_that_came_back_is_somebody_else(returned):
    *_, before, (after, projects), _ = returned

    assert {what for what in before if before[what] == after[what]} == set()
    assert [project for project in projects if project["name"] in CLASS_WORDS.values()] == []


def test_the_request_to_erase_is_gone(returned):
    card = returned[0]
    where = f"{card.disk}@@{card.partition(1)[0]}"
    files = subprocess.run(["mdir", "-b", "-i", where, "::"], capture_output=True, text=True)

    assert "mallette-return" not in files.stdout.lower()


def test_two_kits_of_one_image_are_not_alike(returned, image, scratch):
    *_, one, _, _ = returned
    card = Card.flashed(image, scratch / "sister", size_mb=CARD_MB)
    with Board(image, card) as board:
        board.wait_for_page()
        other = identity(board)

    # The cards are flashed alike; a file system's own number is no secret.
    assert {what for what in one if one[what] == other[what]} <= {"data partition"}
