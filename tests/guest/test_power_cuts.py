"""The plug is pulled: every sample that the kit said it keeps is there afterwards.

A first start is recorded on an emulated board; from what it left, a lesson on the bench (day.py).
Each is cut wherever one likes, MALLETTE_CUTS times for each deed, 20 without it, and what is left
is examined on this machine (remains.py). Some of these cards are put into a board and started
again, which takes minutes: MALLETTE_STARTS of each deed, 1 without it.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.guest.cuts import broken_over_http, cuts_of, examined, served, told
from tests.guest.day import DATA, DEEDS, Recording, lesson
from tests.guest.ledger import Promise
from tests.guest.machine import Board, Card, skip_without_image
from tests.guest.power import Cut, cut_power

skip_without_image()

CUTS = int(os.environ.get("MALLETTE_CUTS", "20"))
STARTS = int(os.environ.get("MALLETTE_STARTS", "1"))
FIRST = "first start"
BOOT, ROOT = 1, 2


@pytest.fixture(scope="module")
def recordings(
    started, scratch, shared_data, checkout, tmp_path_factory
) -> Mapping[str, Recording]:
    """Deed -> what was recorded of it."""
    card, first = started
    folder = scratch / "lesson"
    folder.mkdir(parents=True, exist_ok=True)
    for key in ("update.pem", "update.pub"):  # whom the kit trusts since its first start
        shutil.copy(card.disk.parent / key, folder / key)
    signs = [sorted(each.glob("*.jpg")) for each in sorted((shared_data / "hand-signs").iterdir())]
    pictures = [file.read_bytes() for each in zip(*signs, strict=False) for file in each]
    software = tmp_path_factory.mktemp("software")
    unwanted = shutil.ignore_patterns("__pycache__", "*.po")
    shutil.copytree(checkout / "kit", software / "kit", ignore=unwanted)
    left = first.as_left(folder / "before.ext4")
    made = lesson(left, folder, pictures, software, first.ledger.promises)
    heard = [each.what for each in made.ledger.promises]
    print(
        f"\n  recorded: {len(first.log.requests)} and {len(made.log.requests)} requests;"
        f" {heard.count('sample')} samples acknowledged, {heard.count('removed sample')} erased,"
        f" {heard.count('model')} models, {heard.count('version')} updates",
        end="",
    )
    return {FIRST: first} | dict.fromkeys(DEEDS, made)


@pytest.mark.parametrize("deed", [FIRST, *DEEDS])
def test_no_cut_breaks_a_promise(recordings, scratch, deed):
    recording = recordings[deed]

    found = list(examined(recording, cuts_of(recording, deed, CUTS), scratch / "cut"))

    told(deed, found)
    assert {each.cut: each.wrong for each in found if each.wrong} == {}
    assert len(found) == CUTS


@pytest.mark.parametrize("deed", DEEDS)
def test_what_a_cut_left_is_mounted_and_served(recordings, scratch, deed):
    """By this machine's kernel, which replays the journal, and by the kit over HTTP."""
    recording = recordings[deed]

    rounds = list(served(recording, cuts_of(recording, deed, CUTS)[:: max(CUTS // 5, 1)], scratch))

    print(f"\n  {deed}: served after {len(rounds)} of these cuts", end="")
    assert {cut: broken for cut, broken in rounds if broken} == {}
    assert rounds


def test_a_card_that_ignores_flushes_is_found_out(recordings, scratch):
    """A check that cannot fail shows nothing: the same cuts, and a card that lies."""
    recording = recordings["training"]
    lying = [replace(cut, ignores=12) for cut in cuts_of(recording, "training", 10)]

    found = list(examined(recording, lying, scratch / "cut"))

    told("training, flushes ignored", found)
    assert [each for each in found if each.wrong]


def test_of_the_system_only_the_superblocks_are_written(started):
    """A start mounts it and says so there: no file of it is ever touched, nor the boot drive."""
    card, first = started

    assert first.log.written(*card.partition(BOOT)) == set()
    assert first.log.written(*card.partition(ROOT)) <= card.superblocks(ROOT)


@pytest.mark.parametrize(
    ("deed", "number"), [(deed, number) for deed in (FIRST, *DEEDS) for number in range(STARTS)]
)
def test_a_cut_card_starts_and_has_what_was_promised(
    image, started, recordings, scratch, deed, number
):
    recording = recordings[deed]
    cuts = cuts_of(recording, deed, CUTS)
    cut = cuts[(2 * number + 1) * len(cuts) // (2 * STARTS)]
    card = cut_card(started, recording, cut, scratch / "again")
    binding = recording.ledger.binding_at(recording.log.size_after(cut.after))

    with Board(image, card) as board:
        page_s = board.wait_for_page(limit_s=1200)
        board.run("systemctl is-system-running --wait", check=False, limit_s=600)
        failed = board.run("systemctl --failed --plain --no-legend")
        complaints = board.run("dmesg --level=err,crit,alert,emerg | grep -i ext4 || true")
        size_mb = int(board.run("df -B1M --output=size /data").split()[-1])
        broken = broken_over_http(board.port, binding) + broken_on(board, binding)

    shutil.rmtree(card.disk.parent)
    told_of = f"{len(binding)} promises, {len(broken)} broken"
    print(f"\n  {deed}, {cut}: page after {page_s:.0f} s, {told_of}", end="")
    assert (failed, complaints, broken) == ("", "", [])
    assert size_mb > 800


def cut_card(started: tuple[Card, Recording], recording: Recording, cut: Cut, folder: Path) -> Card:
    """A whole card as this cut leaves it."""
    flashed, first = started
    card = flashed.copied(folder)
    if recording is first:
        cut_power(card.disk, first.log, cut)
        return card
    cut_power(card.disk, first.log, Cut(len(first.log.requests), keeps=1.0))
    left = recording.cut_at(cut, folder / "left")
    card.put_partition(DATA, left)
    left.unlink()
    return card


def broken_on(board: Board, binding: list[Promise]) -> list[str]:
    """What was promised of who the kit is and what it runs."""
    wrong: list[str] = []
    for each in binding:
        if each.what == "identity":
            kept = board.run("cat /data/system/identity.json /etc/machine-id")
            wrong += [f"{w} is another" for w in each.told["identity"].values() if w not in kept]
        elif each.what == "host key":
            kept = board.run("cat /data/system/ssh/ssh_host_ed25519_key.pub")
            wrong += [] if kept == each.told["public"] else ["the host key is another"]
        elif each.what == "version":
            version = Path(board.run("readlink /data/software/current").strip()).name
            wrong += [] if version >= each.key else [f"release {each.key} is lost: {version}"]
    return wrong
