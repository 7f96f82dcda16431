"""A kit comes back, and two kits leave: nothing of a class stays, nobody is anybody's twin.

The class is held on the bench, on the partition that a first start left; the return is a board's.
Its writes are logged and cut (power.py): while the request to erase lies on the boot drive the next
start erases once more; when it is gone, so is the class. MALLETTE_CUTS such cuts.
"""

import base64
import json
import os
import random
import shutil
import wave
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from tests.guest.bench import Bench
from tests.guest.conftest import CARD_MB
from tests.guest.day import Recording
from tests.guest.ledger import Ledger
from tests.guest.lesson import Group, form_of
from tests.guest.machine import Board, Card, Image, skip_without_image
from tests.guest.power import FLUSH, Cut, Log, Replay, cut_power
from tests.guest.remains import REQUEST, file_system_faults, found_in, has_request

skip_without_image()

CUTS = int(os.environ.get("MALLETTE_CUTS", "20"))
BOOT, ROOT, DATA = 1, 2, 3
CLASS_WORDS = {"project": "Zibeline du mardi", "label": "Ornithorynque cendré"}
"""What no file of the system holds."""


@dataclass(frozen=True)
class Lent:
    """A card with a class on it, and the request to erase.

    Attributes:
        traces: what was the class's and the kit's own, name -> bytes.
        code: the teacher's.
        identity: by which the kit was known.
    """

    card: Card
    traces: Mapping[str, bytes]
    code: str
    identity: Mapping[str, bytes]


@dataclass(frozen=True)
class Returned:
    """The kit when it served again.

    Attributes:
        log: of the writes since.
        projects: that it shows.
        said: on its screen.
    """

    card: Card
    log: Log
    identity: Mapping[str, bytes]
    projects: list[Mapping]
    said: str


def identity_by(read: Callable[[str], bytes]) -> Mapping[str, bytes]:
    """All by which a kit may be known again, by what reads a file of the data partition."""
    drawn = json.loads(read("system/identity.json"))
    return {
        "machine id": drawn["machine_id"].encode(),
        "passphrase": drawn["wifi_password"].encode(),
        "wifi name": drawn["wifi_name"].encode(),
        "host key": read("system/ssh/ssh_host_ed25519_key.pub").split()[1],
        "secret host key": read("system/ssh/ssh_host_ed25519_key").splitlines()[3],
        "cookie secret": read("kit/secrets/session"),
    }


def identity_of(board: Board) -> Mapping[str, bytes]:
    """Of a kit that is on; what it says of itself to others is what it keeps."""
    found = identity_by(lambda path: base64.b64decode(board.run(f"base64 /data/{path}")))
    profile = board.run("cat /run/NetworkManager/system-connections/*").encode()
    assert found["passphrase"] in profile
    assert board.run("cat /etc/machine-id").strip().encode() == found["machine id"]
    return found


def a_clip() -> bytes:
    """A second of noise, as a WAV."""
    file = BytesIO()
    with wave.open(file, "wb") as clip:
        clip.setparams((1, 2, 16_000, 0, "NONE", ""))
        clip.writeframes(random.Random(5).randbytes(32_000))
    return file.getvalue()


def teach_a_class(port: int, pictures: list[bytes]) -> dict[str, bytes]:
    """Words, pictures and a clip; pieces of each, by which they are known again."""
    traces = {what: word.encode() for what, word in CLASS_WORDS.items()}
    group = Group(port)
    group.join("owl")
    project = group.project(CLASS_WORDS["project"])
    label = group.label(project, CLASS_WORDS["label"])
    group.show(project, label, pictures[:6])
    group.show(project, group.label(project, "other"), pictures[6:12])
    group.train(project)
    for sample, address in group.samples(project).items():
        picture = group.ask("GET", address)
        for part in (1, 2, 3):
            traces[f"picture {sample}, part {part}"] = picture[len(picture) * part // 4 :][:48]
    wanted = {"name": "Sounds", "kind": "sound", "hearing": "words"}
    sounds = group.ask("POST", "/api/projects", wanted)["id"]
    body, kind = form_of({"label_id": group.label(sounds, "yes"), "source": "file"}, [a_clip()])
    answer = group.ask("POST", f"/api/projects/{sounds}/samples", body, kind=kind)
    clip = group.ask("GET", f"/api/projects/{sounds}/samples/{answer['samples'][0]['id']}/sound")
    traces["clip"] = clip[len(clip) // 2 :][:48]
    return traces


@pytest.fixture(scope="module")
def lent(started, scratch: Path, shown) -> Lent:
    flashed, first = started
    folder = scratch / "class"
    folder.mkdir(parents=True, exist_ok=True)
    before = first.as_left(folder / "before.ext4")
    with Bench(before, folder) as bench:
        code = bench.serve()
        traces = teach_a_class(bench.port, [picture for all in shown.values() for picture in all])
        identity = identity_by(lambda path: (bench.data / path).read_bytes())
    taught = Recording(before, 0, None, Log(bench.log), Ledger(lambda: 0))
    card = flashed.copied(scratch / "lent")
    cut_power(card.disk, first.log, Cut(len(first.log.requests), keeps=1.0))
    card.put_partition(DATA, taught.as_left(folder / "left.ext4"))
    card.put(REQUEST, "")
    shutil.rmtree(folder)
    return Lent(card, traces | identity, code, identity)


@pytest.fixture(scope="module")
def returned(image: Image, lent: Lent, scratch: Path) -> Returned:
    log = scratch / "return.log"
    with Board(image, lent.card, log=log) as board:
        page_s = board.wait_for_page(limit_s=2400)
        group = Group(board.port)
        group.join("owl")
        projects = group.ask("GET", "/api/projects")["projects"]
        identity = identity_of(board)
        board.run("sync")
        said = board.said()
    print(f"\n  erased, started again and served after {page_s:.0f} s", end="")
    card = lent.card.copied(scratch / "returned")
    written = Log(log)
    cut_power(card.disk, written, Cut(len(written.requests), keeps=1.0))
    return Returned(card, written, identity, projects, said)


def test_the_search_finds_a_class_that_is_there(lent):
    assert found_in(lent.card.disk, lent.traces) == set(lent.traces)


def test_no_byte_of_a_class_is_left(lent, returned):
    disk = returned.card.disk

    assert found_in(disk, lent.traces) == set()
    print(f"\n  {len(lent.traces)} traces searched on {disk.stat().st_size / 2**20:.0f} MB", end="")


def test_the_teachers_code_was_never_written(lent, tmp_path):
    """Six digits may stand anywhere in a system's files, but not in what a kit keeps."""
    data = lent.card.partition_copy(DATA, tmp_path / "data")

    assert found_in(data, {"code": lent.code.encode()}) == set()


def test_of_the_system_only_the_superblocks_are_written(lent, returned):
    assert returned.log.written(*lent.card.partition(ROOT)) <= lent.card.superblocks(ROOT)


def test_the_screen_says_that_it_was_erased(returned):
    assert "bytes read back as zero" in returned.said


def test_the_kit_that_came_back_is_somebody_else(lent, returned):
    before, after = lent.identity, returned.identity

    assert {what for what in before if before[what] == after[what]} == set()
    names = {project["name"] for project in returned.projects}
    assert names & set(CLASS_WORDS.values()) == set()


def test_the_request_to_erase_is_gone(returned):
    assert not has_request(returned.card.disk, returned.card.partition(BOOT)[0])


def test_no_cut_of_a_return_leaves_a_class_and_no_request(lent, returned, scratch):
    """Either the next start erases once more, or nothing is left and all is clean."""
    chance = random.Random("return")
    folder, log = scratch / "return-cuts", returned.log
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    boot_at, _ = lent.card.partition(BOOT)
    data_at, _ = lent.card.partition(DATA)
    flushes = [n for n, each in enumerate(log.requests, 1) if each.flags & FLUSH]
    on_boot = [n for n, each in enumerate(log.requests, 1) if each.start < data_at and each.size]
    around = [each - chance.randrange(2) for each in on_boot + flushes]
    afters = chance.sample(range(1, len(log.requests)), CUTS // 2)
    afters += chance.sample(around, min(CUTS - CUTS // 2, len(around)))
    parts = {
        number: Replay(lent.card.partition_copy(number, folder / f"part{number}"), at, log)
        for number, at in ((BOOT, boot_at), (DATA, data_at))
    }
    asked = erased = 0
    for number, after in enumerate(sorted(afters)):
        cut = Cut(after, keeps=(0.0, 0.3, 0.7, 1.0)[number % 4], seed=number)
        for part, replay in parts.items():
            replay.at(cut, folder / f"cut{part}")
        if has_request(folder / f"cut{BOOT}"):
            asked += 1
            continue
        erased += 1
        assert found_in(folder / f"cut{DATA}", lent.traces) == set(), cut
        assert file_system_faults(folder / f"cut{DATA}") == [], cut
    shutil.rmtree(folder)
    print(f"\n  of {len(afters)} cuts {asked} erase once more, {erased} had erased", end="")
    assert asked
    assert erased


def test_a_return_that_was_cut_is_repeated(lent, returned, image, scratch):
    """In the middle of the zeros, the partition is neither the class's nor anybody's."""
    card = lent.card.copied(scratch / "cut-return")
    data_at, data_size = card.partition(DATA)
    halfway = next(
        number
        for number, each in enumerate(returned.log.requests, 1)
        if each.size and each.start >= data_at + data_size // 2
    )
    cut_power(card.disk, returned.log, Cut(halfway, keeps=0.5, seed=1))
    assert has_request(card.disk, card.partition(BOOT)[0])
    left = found_in(card.disk, lent.traces)

    with Board(image, card) as board:
        page_s = board.wait_for_page(limit_s=2400)
        assert board.run("systemctl --failed --plain --no-legend") == ""
        board.run("sync")

    assert found_in(card.disk, lent.traces) == set()
    print(f"\n  {len(left)} traces left by the cut, none after {page_s:.0f} s", end="")
    shutil.rmtree(card.disk.parent)


def test_two_kits_of_one_image_are_not_alike(lent, image, scratch):
    card = Card.flashed(image, scratch / "sister", size_mb=CARD_MB)
    with Board(image, card) as board:
        board.wait_for_page(limit_s=1200)
        other = identity_of(board)

    assert {what for what in other if lent.identity[what] == other[what]} == set()
    shutil.rmtree(card.disk.parent)
