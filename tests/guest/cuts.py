"""A recording cut again and again, and what is left examined: no board is needed for that.

for found in examined(recording, cuts_of(recording, "training", 20), folder): found.wrong -> []
"""

import random
import shutil
import struct
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.guest.bench import Bench
from tests.guest.day import DATA, Recording
from tests.guest.ledger import Promise
from tests.guest.lesson import Group
from tests.guest.machine import Card
from tests.guest.power import FLUSH, Cut, Damage, Replay
from tests.guest.remains import losses

KEEPS = (0.0, 0.3, 0.7, 1.0)
"""Cards that lose all that they may, most of it, some of it, nothing."""


@dataclass(frozen=True)
class Found:
    """What one cut did, how much was promised by then, and what is wrong."""

    cut: Cut
    damage: Damage
    promised: int
    wrong: list[str]


def cuts_of(recording: Recording, deed: str, count: int) -> list[Cut]:
    """Ascending cuts of a deed: anywhere, before and after a flush, before and after an answer."""
    chance = random.Random(deed)
    log, ledger = recording.log, recording.ledger
    begun, ended = (log.done_at(size) for size in ledger.deeds[deed])
    anywhere = range(begun + 1, ended + 1)
    flushes = [after for after in anywhere if log.requests[after - 1].flags & FLUSH]
    answers = [log.done_at(each.since) for each in ledger.promises]
    answers = [after for after in answers if after in anywhere] or flushes
    afters = []
    for number in range(count):
        around = (anywhere, flushes, answers)[number % 3]
        afters.append(chance.choice(around) - (number % 3 > 0 and chance.randrange(2)))
    return [
        Cut(after, keeps=KEEPS[number % 4], seed=number)
        for number, after in enumerate(sorted(afters))
    ]


def examined(recording: Recording, cuts: Sequence[Cut], folder: Path) -> Iterator[Found]:
    """Cut it, and look at what is left; the cuts ascend."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    data = _replay(recording.partition, recording.start, recording, folder / "data")
    head = recording.head and _replay(recording.head, 0, recording, folder / "head")
    ledger = recording.ledger
    for cut in cuts:
        left, files = folder / "cut.ext4", folder / "files"
        files.mkdir()
        damage = data.at(cut, left)
        binding = ledger.binding_at(recording.log.size_after(cut.after))
        wrong = []
        if head:
            head.at(cut, folder / "cut.head")
            wrong += table_faults(folder / "cut.head", recording.start, left)
        wrong += losses(left, binding, files, ledger.releases)
        shutil.rmtree(files)
        yield Found(cut, damage, len(binding), wrong)
    shutil.rmtree(folder)


def _replay(part: Path, start: int, recording: Recording, copy: Path) -> Replay:
    subprocess.run(["cp", "--sparse=always", part, copy], check=True)
    return Replay(copy, start, recording.log)


def table_faults(head: Path, start: int, partition: Path) -> list[str]:
    """The partition begins where it did, and its file system fits into it."""
    found, size = Card(head, head).partition(DATA)
    with partition.open("rb") as file:
        file.seek(1024)
        block = file.read(1024)
    blocks, log_size = struct.unpack_from("<I", block, 4)[0], struct.unpack_from("<I", block, 24)[0]
    if found != start or blocks * (1024 << log_size) > size:
        return [f"the table says {size} bytes at {found}, the file system has {blocks} blocks"]
    return []


def served(
    recording: Recording, cuts: Iterable[Cut], scratch: Path
) -> Iterator[tuple[Cut, list[str]]]:
    """Mount what each of these cuts leaves, serve from it, and ask for what was promised."""
    folder = scratch / "served"
    for cut in cuts:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        left = recording.cut_at(cut, folder / "left.ext4")
        binding = recording.ledger.binding_at(recording.log.size_after(cut.after))
        with Bench(left, folder) as bench:
            bench.serve()
            broken = broken_over_http(bench.port, binding)
        yield cut, broken
    shutil.rmtree(folder, ignore_errors=True)


def broken_over_http(port: int, binding: Iterable[Promise]) -> list[str]:
    """What was promised of samples, models and projects, asked as a tablet does."""
    groups = {animal: Group(port) for animal in ("owl", "fox")}
    for animal, group in groups.items():
        group.join(animal)
    shown = {
        each["id"]: group
        for group in groups.values()
        for each in group.ask("GET", "/api/projects")["projects"]
    }
    there = {id: group.samples(id) for id, group in shown.items()}
    wrong: list[str] = []
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
            if picture is None or shown[project].ask("GET", picture)[:2] != b"\xff\xd8":
                wrong.append(f"sample {each.key} is lost")
        elif each.what == "removed sample":
            wrong += [f"sample {each.key} is back"] * any(each.key in ids for ids in there.values())
        elif each.what == "model":
            model = shown[project].ask("GET", f"/api/projects/{project}")["model"]
            if model is None or model["ref"]["number"] < each.told["number"]:
                wrong.append(f"model {each.told['number']} of {project} is lost")
    return wrong


def told(what: str, found: Sequence[Found]) -> None:
    """One line of figures; `pytest -s` shows it."""
    damages = [each.damage for each in found]
    print(
        f"\n  {what}: {len(found)} cuts, {sum(1 for each in found if each.wrong)} with losses;"
        f" promises {found[0].promised} to {found[-1].promised};"
        f" of what was not flushed {sum(each.kept for each in damages)} writes kept,"
        f" {sum(each.torn for each in damages)} torn, {sum(each.lost for each in damages)} lost",
        end="",
    )
