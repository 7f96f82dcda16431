"""The image's own return on a block device, cut wherever one likes: no class without its request.

    boot drive (FAT) with the request · data partition (ext4) with a class -> erase-data -> cuts

Needs root, FUSE, a loop device, QEMU's storage daemon and mtools; where they are, some seconds.
"""

import os
import random
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from kit.core.types import Kind
from kit.storage import NewSample, Store
from tests.guest import bench
from tests.guest.power import FLUSH, Cut, Log, Replay
from tests.guest.remains import REQUEST, file_system_faults, found_in, has_request
from tests.image.test_remains import picture

SCRIPT = "image-build/files/root/usr/lib/mallette/erase-data"
BOOT_BYTES, DATA_BYTES = 2 * 2**20, 24 * 2**20
WORDS = ("Zibeline du mardi", "Ornithorynque cendré")
CUTS = 40


@pytest.fixture(scope="module", autouse=True)
def tools():
    """Root's, which are not on everybody's path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{os.environ['PATH']}:/usr/sbin:/sbin")
        missing = [tool for tool in ("mformat", "mdel", "blkdiscard") if not shutil.which(tool)]
        if lacking := bench.lacking() or ", ".join(missing):
            pytest.skip(lacking)
        yield


@dataclass(frozen=True)
class Erased:
    """A card as it was, what was the class's on it, the log of the return, what it said."""

    card: Path
    traces: dict[str, bytes]
    log: Log
    said: str


def class_on(card: Path, folder: Path) -> dict[str, bytes]:
    """Put a class on a new card, and the request to erase it; pieces by which it is known."""
    traces = {word: word.encode() for word in WORDS}
    with Store.open(folder / "data" / "kit") as store:
        store.add_space("owl")
        project = store.add_project("owl", WORDS[0], Kind.IMAGE).id
        label = store.add_label(project, WORDS[1]).id
        for number in range(12):
            data = picture(number)
            store.add_samples(project, [NewSample(label, "burst", data, 48, 48, "file")])
            traces[f"picture {number}"] = data[len(data) // 2 :][:48]
    boot, partition = folder / "boot", folder / "partition"
    for file, size in ((boot, BOOT_BYTES), (partition, DATA_BYTES)):
        file.touch()
        os.truncate(file, size)
    (folder / "form").write_text('country = "FR"\n')
    for command in (
        ["mformat", "-i", boot, "-T", str(BOOT_BYTES // 512), "::"],
        ["mcopy", "-i", boot, folder / "form", "::mallette.toml"],
        ["mcopy", "-i", boot, "/dev/null", f"::{REQUEST}"],
        ["mke2fs", "-q", "-t", "ext4", "-d", folder / "data", partition],
    ):
        subprocess.run(command, check=True, capture_output=True)
    card.write_bytes(boot.read_bytes() + partition.read_bytes())
    return traces


def erase(device: str, card: Path, script: str, folder: Path) -> str:
    """Run the script on that device; of its tools, only those that touch the boot drive differ."""
    tools = folder / "tools"
    tools.mkdir()
    gone = f'#!/bin/sh\nmdel -i "{card}" ::{REQUEST}\nsync "{card}"\n'
    for name, text in (("rm", gone), ("mount", "#!/bin/sh\n"), ("timeout", "#!/bin/sh\nexit 1\n")):
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    done = subprocess.run(
        ["sh", "-c", script.replace("$(/usr/lib/mallette/data-partition)", device)],
        env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def erased(tmp_path_factory, checkout) -> Erased:
    folder = tmp_path_factory.mktemp("return")
    card = folder / "card.img"
    traces = class_on(card, folder)
    with bench.Bench(card, folder / "bench", offset=BOOT_BYTES) as used:
        said = erase(used.device, used.card, (checkout / SCRIPT).read_text("utf-8"), folder)
    return Erased(card, traces, Log(used.log), said)


def parts_of(erased: Erased, folder: Path) -> dict[str, Replay]:
    content = erased.card.read_bytes()
    (folder / "boot").write_bytes(content[:BOOT_BYTES])
    (folder / "data").write_bytes(content[BOOT_BYTES:])
    return {
        "boot": Replay(folder / "boot", 0, erased.log),
        "data": Replay(folder / "data", BOOT_BYTES, erased.log),
    }


def test_the_class_is_there_before_and_not_a_byte_of_it_after(erased, tmp_path):
    cut = Cut(len(erased.log.requests), keeps=1.0)
    for name, part in parts_of(erased, tmp_path).items():
        part.at(cut, tmp_path / f"{name} after")

    assert found_in(erased.card, erased.traces) == set(erased.traces)
    assert has_request(erased.card)
    assert found_in(tmp_path / "data after", erased.traces) == set()
    assert not has_request(tmp_path / "boot after")
    assert file_system_faults(tmp_path / "data after") == []
    assert f"{DATA_BYTES} bytes read back as zero" in erased.said


def test_no_cut_leaves_a_class_and_no_request(erased, tmp_path):
    chance = random.Random("return")
    log = erased.log
    last = len(log.requests)
    anywhere = range(1, last + 1)
    flushes = [after for after in anywhere if log.requests[after - 1].flags & FLUSH]
    end = [after for after in anywhere if log.requests[after - 1].start < BOOT_BYTES]
    afters = [chance.choice(anywhere) for _ in range(CUTS // 2)]
    afters += [chance.choice(flushes + end) - chance.randrange(2) for _ in range(CUTS // 2)]
    parts = parts_of(erased, tmp_path)
    asked = done = 0
    for number, after in enumerate([*sorted(afters), last]):
        cut = Cut(after, keeps=(0.0, 0.3, 0.7, 1.0)[number % 4], seed=number)
        for name, part in parts.items():
            part.at(cut, tmp_path / f"cut {name}")
        if has_request(tmp_path / "cut boot"):
            asked += 1  # the next start erases once more
            continue
        done += 1
        assert found_in(tmp_path / "cut data", erased.traces) == set(), cut
        assert file_system_faults(tmp_path / "cut data") == [], cut
    print(f"\n  of {asked + done} cuts of a return {asked} erase once more, {done} had erased")
    assert asked
    assert done


def test_a_return_that_took_its_request_first_would_be_found_out(
    erased, tmp_path, checkout, tmp_path_factory
):
    """A check that cannot fail shows nothing."""
    folder = tmp_path_factory.mktemp("wrong")
    card = folder / "card.img"
    traces = class_on(card, folder)
    lines = (checkout / SCRIPT).read_text("utf-8").splitlines(keepends=True)
    [gone] = [line for line in lines if line.startswith("rm ")]
    first = next(n for n, line in enumerate(lines) if line.startswith("blkdiscard"))
    script = "".join([*lines[:first], gone, *[x for x in lines[first:] if x != gone]])
    with bench.Bench(card, folder / "bench", offset=BOOT_BYTES) as used:
        erase(used.device, used.card, script, folder)
    wrong = Erased(card, traces, Log(used.log), "")
    parts = parts_of(wrong, tmp_path)
    caught = 0
    for after in range(1, len(wrong.log.requests) + 1):
        for name, part in parts.items():
            part.at(Cut(after, keeps=1.0), tmp_path / f"cut {name}")
        caught += not has_request(tmp_path / "cut boot") and bool(
            found_in(tmp_path / "cut data", traces)
        )
        if caught:
            break

    assert caught
