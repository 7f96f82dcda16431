"""The examination of a cut card can fail: a card that ignores flushes is found out.

The kit's own store keeps samples on a file system of its own, made anew after each answer; what
differs is the writes of a board, flushed before the answer.
"""

import os
import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from kit.core.types import Kind
from kit.storage import NewSample, Store
from tests.guest.ledger import Ledger
from tests.guest.power import FLUSH, MAGIC, Cut, Log, cut_power
from tests.guest.remains import file_system_faults, losses

SECTOR, BLOCK = 512, 1024
PARTITION_MB = 8
TOOLS = ("mke2fs", "e2fsck", "debugfs")


@pytest.fixture(scope="module", autouse=True)
def tools():
    """Of e2fsprogs, which is on every Debian, though not on everybody's path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{os.environ['PATH']}:/usr/sbin:/sbin")
        if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
            pytest.skip(f"not on this machine: {', '.join(missing)}")
        yield


@dataclass
class Lesson:
    """A partition as it was, what was written, and what was promised."""

    partition: Path
    log: Log
    ledger: Ledger


def picture(number: int) -> bytes:
    """A noise of its own."""
    pixels = np.random.default_rng(number).integers(0, 255, (48, 48, 3), np.uint8)
    return cv2.imencode(".jpg", pixels)[1].tobytes()


def made(folder: Path, partition: Path) -> bytes:
    """An ext4 partition with these files."""
    partition.unlink(missing_ok=True)
    command = ["mke2fs", "-q", "-t", "ext4", "-d", folder, partition, f"{PARTITION_MB}M"]
    subprocess.run(command, check=True, capture_output=True)
    return partition.read_bytes()


def written(before: bytes, after: bytes) -> list[tuple[int, bytes, int]]:
    """The blocks that differ, as a board's requests, and a flush."""
    changed = [
        (at // SECTOR, after[at : at + BLOCK], 0)
        for at in range(0, len(after), BLOCK)
        if before[at : at + BLOCK] != after[at : at + BLOCK]
    ]
    return [*changed, (0, b"", FLUSH)]


def appended(log: Path, requests: list[tuple[int, bytes, int]]) -> None:
    with log.open("ab") as file:
        if not file.tell():
            file.write(struct.pack("<QQQI", MAGIC, 1, 0, SECTOR).ljust(SECTOR, b"\0"))
        for start, data, flags in requests:
            head = struct.pack("<QQQQ", start, len(data) // SECTOR, flags, 0)
            file.write(head.ljust(SECTOR, b"\0") + data)


@pytest.fixture(scope="module")
def lesson(tmp_path_factory) -> Lesson:
    folder = tmp_path_factory.mktemp("lesson")
    data, log = folder / "data", folder / "writes.log"
    ledger = Ledger(lambda: log.stat().st_size)
    data.mkdir()
    appended(log, [])
    before = made(data, folder / "partition.ext4")
    shutil.copy(folder / "partition.ext4", folder / "as-flashed.ext4")
    with Store.open(data / "kit") as store:
        store.add_space("owl")
        project = store.add_project("owl", "Cups", Kind.IMAGE).id
        label = store.add_label(project, "cup").id
        for number in range(4):
            new = NewSample(label, "burst", picture(number), 48, 48, "file")
            [sample] = store.add_samples(project, [new])
            after = made(data, folder / "partition.ext4")
            appended(log, written(before, after))
            before = after
            ledger.heard("sample", sample.id, label_id=label, width=48, bytes=len(new.data))
    return Lesson(folder / "as-flashed.ext4", Log(log), ledger)


def examined(lesson: Lesson, cut: Cut, folder: Path) -> list[str]:
    partition, files = folder / "cut.ext4", folder / "files"
    shutil.copy(lesson.partition, partition)
    files.mkdir()
    cut_power(partition, lesson.log, cut)
    binding = lesson.ledger.binding_at(lesson.log.size_after(cut.after))
    return losses(partition, binding, files, {})


def after_answers(lesson: Lesson) -> list[int]:
    return [lesson.log.done_at(each.since) for each in lesson.ledger.promises]


@pytest.mark.parametrize("number", range(4))
def test_a_card_that_flushes_when_it_is_told_to_loses_nothing(lesson, tmp_path, number):
    cut = Cut(after_answers(lesson)[number])

    assert len(lesson.ledger.binding_at(lesson.log.size_after(cut.after))) == number + 1
    assert examined(lesson, cut, tmp_path) == []


@pytest.mark.parametrize("number", range(1, 4))
def test_a_card_that_ignores_flushes_is_found_out(lesson, tmp_path, number):
    cut = Cut(after_answers(lesson)[number], ignores=1)
    lost = lesson.ledger.promises[number].key

    assert examined(lesson, cut, tmp_path) == [f"sample {lost} is lost"]


def test_a_card_that_writes_half_of_what_it_ignored_is_not_sound(lesson, tmp_path):
    cut = Cut(after_answers(lesson)[3], keeps=0.5, seed=3, ignores=3)

    assert examined(lesson, cut, tmp_path) != []


def test_a_picture_that_is_not_there_is_missed(lesson, tmp_path):
    """Though the database promises it."""
    files = tmp_path / "data"
    shutil.copytree(lesson.log.path.parent / "data", files)
    [gone, *_] = sorted(files.glob("kit/media/*/*/*.jpg"))
    gone.unlink()
    partition = tmp_path / "cut.ext4"
    made(files, partition)
    (tmp_path / "files").mkdir()

    [wrong] = losses(partition, [], tmp_path / "files", {})

    assert "no file" in wrong


def test_a_file_system_that_is_not_clean_is_told(tmp_path):
    (tmp_path / "data").mkdir()
    partition = tmp_path / "bad.ext4"
    made(tmp_path / "data", partition)
    freed = ["debugfs", "-w", "-R", "freeb 200 20", partition]  # though something has them
    subprocess.run(freed, check=True, capture_output=True)

    assert file_system_faults(partition) != []
