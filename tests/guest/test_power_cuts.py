"""The plug is pulled: every sample that the kit said it keeps is there afterwards.

One day of a kit is recorded (day.py) and its card cut wherever one likes: MALLETTE_CUTS times for
each deed, 20 without it. What a cut leaves is examined on this machine (remains.py). Some of these
cards are put into a board and started again, which takes minutes: MALLETTE_STARTS of each deed, 1
without it.
"""

import os
import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.guest.day import Day, recorded
from tests.guest.lesson import Group
from tests.guest.machine import Board, Card, Image, skip_without_image
from tests.guest.power import FLUSH, SECTOR, Cut, Damage, Replay, cut_power
from tests.guest.remains import losses

skip_without_image()

CUTS = int(os.environ.get("MALLETTE_CUTS", "20"))
STARTS = int(os.environ.get("MALLETTE_STARTS", "1"))
DEEDS = ("first start", "captures", "training", "erasure", "update")
DATA = 3
KEEPS = (0.0, 0.3, 0.7, 1.0)
"""Cards that lose all that they may, most of it, some of it, nothing."""


@pytest.fixture(scope="module")
def day(image: Image, scratch: Path, shared_data: Path, tmp_path_factory, checkout) -> Day:
    """A card, the log of what was written to it, and what the kit promised meanwhile."""
    signs = [
        sorted(folder.glob("*.jpg")) for folder in sorted((shared_data / "hand-signs").iterdir())
    ]
    files = [file for group in zip(*signs, strict=False) for file in group]
    software = tmp_path_factory.mktemp("software")
    shutil.copytree(
        checkout / "kit", software / "kit", ignore=shutil.ignore_patterns("__pycache__", "*.po")
    )
    day = recorded(image, scratch / "day", [file.read_bytes() for file in files], software)
    heard = [each.what for each in day.ledger.promises]
    print(
        f"\n  recorded: {len(day.log.requests)} requests,"
        f" {day.log.path.stat().st_size / 2**20:.0f} MB,"
        f" {heard.count('sample')} samples acknowledged, {heard.count('removed sample')} erased,"
        f" {heard.count('model')} models, {heard.count('version')} updates",
        end="",
    )
    return day


def cuts_of(day: Day, deed: str, count: int = CUTS) -> list[Cut]:
    """Ascending cuts of a deed: anywhere, before and after a flush, before and after an answer."""
    chance = random.Random(deed)
    log = day.log
    begun, ended = (log.done_at(size) for size in day.ledger.deeds[deed])
    anywhere = range(begun + 1, ended + 1)
    flushes = [after for after in anywhere if log.requests[after - 1].flags & FLUSH]
    answers = [log.done_at(each.since) for each in day.ledger.promises]
    answers = [after for after in answers if after in anywhere] or list(flushes)
    afters = []
    for number in range(count):
        around = (anywhere, flushes, answers)[number % 3]
        after = chance.choice(around) - (around is not anywhere and chance.randrange(2))
        afters.append(min(max(after, begun), ended))
    return [
        Cut(after, keeps=KEEPS[number % 4], seed=number)
        for number, after in enumerate(sorted(afters))
    ]


@dataclass(frozen=True)
class Found:
    """What one cut did, how much was promised by then, and what is wrong."""

    cut: Cut
    damage: Damage
    promised: int
    wrong: list[str]


def examined(day: Day, cuts: list[Cut], folder: Path) -> Iterator[Found]:
    """Cut the card of this day again and again and look at what is left; the cuts ascend."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    start, _ = day.card.partition(DATA)
    data = Replay(_as_flashed(day.card, DATA, folder / "data"), start, day.log)
    head = folder / "head"
    with day.card.disk.open("rb") as disk:
        head.write_bytes(disk.read(SECTOR))
    table = Replay(head, 0, day.log)
    for cut in cuts:
        files = folder / "files"
        files.mkdir()
        damage = data.at(cut, folder / "cut.ext4")
        table.at(cut, folder / "cut.head")
        binding = day.ledger.binding_at(day.log.size_after(cut.after))
        wrong = table_faults(Card(folder / "cut.head", day.card.key), start, folder / "cut.ext4")
        wrong += losses(folder / "cut.ext4", binding, files, day.ledger.releases)
        shutil.rmtree(files)
        yield Found(cut, damage, len(binding), wrong)
    shutil.rmtree(folder)


def table_faults(head: Card, start: int, partition: Path) -> list[str]:
    """The partition begins where it did, and its file system fits into it."""
    found, size = head.partition(DATA)
    with partition.open("rb") as file:
        file.seek(1024)
        block = file.read(1024)
    blocks, log_size = struct.unpack_from("<I", block, 4)[0], struct.unpack_from("<I", block, 24)[0]
    if found != start or blocks * (1024 << log_size) > size:
        return [f"the table says {size} bytes at {found}, the file system has {blocks} blocks"]
    return []


def _as_flashed(card: Card, number: int, target: Path) -> Path:
    """A partition as it was, with room to the card's end."""
    start, _ = card.partition(number)
    card.partition_copy(number, target)
    os.truncate(target, card.disk.stat().st_size - start)
    return target


@pytest.mark.parametrize("deed", DEEDS)
def test_no_cut_breaks_a_promise(day, scratch, deed):
    found = list(examined(day, cuts_of(day, deed), scratch / "cut"))

    told(deed, found)
    assert {each.cut: each.wrong for each in found if each.wrong} == {}
    assert len(found) == CUTS


def test_a_card_that_ignores_flushes_is_found_out(day, scratch):
    """A check that cannot fail shows nothing: the same cuts, and a card that lies."""
    honest = cuts_of(day, "captures", count=8)
    lying = [Cut(cut.after, cut.keeps, cut.seed, ignores=12) for cut in honest]

    found = list(examined(day, lying, scratch / "cut"))

    told("captures, flushes ignored", found)
    assert len([each for each in found if each.wrong]) > len(found) // 2


def test_the_root_is_never_written(day):
    start, _ = day.card.partition(DATA)
    elsewhere = {each.start // SECTOR for each in day.log.requests if each.size} - {0}

    assert [sector for sector in elsewhere if sector * SECTOR < start] == []


@pytest.mark.parametrize(
    ("deed", "number"), [(deed, number) for deed in DEEDS for number in range(STARTS)]
)
def test_a_cut_card_starts_and_has_what_was_promised(image, day, scratch, deed, number):
    cuts = cuts_of(day, deed)
    cut = cuts[(2 * number + 1) * len(cuts) // (2 * STARTS)]
    folder = scratch / "again"
    card = _copied(day.card, folder)
    damage = cut_power(card.disk, day.log, cut)
    binding = day.ledger.binding_at(day.log.size_after(cut.after))

    with Board(image, card) as board:
        page_s = board.wait_for_page()
        board.run("systemctl is-system-running --wait", check=False, limit_s=300)
        failed = board.run("systemctl --failed --plain --no-legend")
        complaints = board.run("dmesg --level=err,crit,alert,emerg | grep -i ext4 || true")
        size_mb = int(board.run("df -B1M --output=size /data").split()[-1])
        samples = _broken_over_http(board, binding)

    shutil.rmtree(folder)
    print(
        f"\n  {deed}: {damage.flushed} writes flushed, {damage.kept} more kept, {damage.torn} torn,"
        f" {damage.lost} lost; {len(binding)} promises; page after {page_s:.0f} s",
        end="",
    )
    assert (failed, complaints, samples) == ("", "", [])
    assert size_mb > 800


def _broken_over_http(board: Board, binding: list) -> list[str]:
    """What was promised of samples, models, projects and who the kit is, asked as a tablet does."""
    groups = {animal: Group(board.port) for animal in ("owl", "fox")}
    for animal, group in groups.items():
        group.join(animal)
    wrong = []
    shown = {
        each["id"]: animal
        for animal, group in groups.items()
        for each in group.ask("GET", "/api/projects")["projects"]
    }
    there: dict[str, dict[str, str]] = {
        id: groups[animal].samples(id) for id, animal in shown.items()
    }
    for each in binding:
        project = each.told.get("project", each.key)
        if each.what == "project":
            wrong += [] if project in shown else [f"project {project} is lost"]
        elif each.what == "removed project":
            wrong += [f"project {project} is back"] if project in shown else []
        elif each.what == "class is over":
            wrong += [f"project {id} is back" for id in each.told["projects"] if id in shown]
        elif each.what == "sample":
            picture = there.get(project, {}).get(each.key)
            if picture is None or groups[shown[project]].ask("GET", picture)[:2] != b"\xff\xd8":
                wrong.append(f"sample {each.key} is lost")
        elif each.what == "removed sample":
            wrong += [f"sample {each.key} is back"] * any(each.key in ids for ids in there.values())
        elif each.what == "model":
            model = groups[shown[project]].ask("GET", f"/api/projects/{project}")["model"]
            if model is None or model["ref"]["number"] < each.told["number"]:
                wrong.append(f"model {each.told['number']} of {project} is lost")
        elif each.what == "identity":
            kept = board.run("cat /data/system/identity.json /etc/machine-id")
            wrong += [f"{w} is another" for w in each.told["identity"].values() if w not in kept]
        elif each.what == "host key":
            kept = board.run("cat /data/system/ssh/ssh_host_ed25519_key.pub")
            wrong += [] if kept == each.told["public"] else ["the host key is another"]
        elif each.what == "version":
            version = Path(board.run("readlink /data/software/current").strip()).name
            wrong += [] if version >= each.key else [f"release {each.key} is lost: {version}"]
    return wrong


def _copied(card: Card, folder: Path) -> Card:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    subprocess.run(["cp", "--sparse=always", card.disk, folder / "card.img"], check=True)
    shutil.copy(card.key, folder / "key")
    return Card(folder / "card.img", folder / "key")


def told(what: str, found: list[Found]) -> None:
    damages = [each.damage for each in found]
    print(
        f"\n  {what}: {len(found)} cuts, {sum(1 for each in found if each.wrong)} with losses;"
        f" promises {found[0].promised} to {found[-1].promised};"
        f" not flushed: {sum(each.kept for each in damages)} writes kept,"
        f" {sum(each.torn for each in damages)} torn, {sum(each.lost for each in damages)} lost",
        end="",
    )
