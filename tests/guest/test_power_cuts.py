"""The plug is pulled: every sample that the kit said it keeps is there afterwards.

The card of these tests drops what was not flushed, in any order, some of it cut at a sector
(power.py). MALLETTE_CUTS is the number of rounds of a lesson, 20 without it; all are
on the same card, as in a school with a bad socket. A quarter as many first starts are cut besides.
"""

import os
import random
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.guest.conftest import CARD_MB
from tests.guest.lesson import Group, Refused
from tests.guest.machine import Board, Card, Image, skip_without_image
from tests.guest.power import cut_power

skip_without_image()

ROUNDS = int(os.environ.get("MALLETTE_CUTS", "20"))
STARTS = max(ROUNDS // 4, 1)
DATA = 3


@dataclass
class Kept:
    """What the kit has said yes to, of one project."""

    project: str
    samples: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    model: int = 0


def is_clean(card: Card, scratch: Path) -> str:
    """What e2fsck finds wrong with the data partition once its journal is replayed; "" is good."""
    partition = card.partition_copy(DATA, scratch / "data.ext4")
    replayed = subprocess.run(["e2fsck", "-p", partition], capture_output=True, text=True)
    checked = subprocess.run(["e2fsck", "-fn", partition], capture_output=True, text=True)
    partition.unlink()
    return "" if (replayed.returncode, checked.returncode) == (0, 0) else checked.stdout


def capture(group: Group, kept: Kept, label: str, picture: bytes, over: threading.Event) -> None:
    """Give pictures one after the other until the current goes."""
    while not over.is_set():
        try:
            kept.samples.update(group.show(kept.project, label, [picture, picture]))
        except OSError:
            return


def train(group: Group, kept: Kept, over: threading.Event) -> None:
    """Train again and again."""
    while not over.is_set():
        try:
            kept.model = group.train(kept.project)
        except (OSError, Refused):
            return


def erase(group: Group, kept: Kept, over: threading.Event) -> None:
    """Throw samples away; those of which the current left no answer may be there or not."""
    while not over.is_set() and kept.samples:
        gone = sorted(kept.samples)[:2]
        kept.samples.difference_update(gone)
        try:
            group.ask("POST", f"/api/projects/{kept.project}/samples/remove", {"ids": gone})
        except OSError:
            return
        kept.erased.update(gone)


def test_no_cut_during_a_lesson_costs_what_was_kept(image: Image, scratch: Path, shown) -> None:
    chance = random.Random(20261122)
    card = Card.flashed(image, scratch / "cuts", size_mb=CARD_MB)
    log = scratch / "cuts" / "writes.log"
    group: Group | None = None
    kept: Kept | None = None
    seen = 0
    for number in range(ROUNDS + 1):
        with Board(image, card, log=log) as board:
            started_s = board.wait_for_page()
            group = Group(board.port) if group is None else group.moved_to(board.port)
            if kept is None:
                group.join("owl")
                kept = Kept(group.project())
                labels = [group.label(kept.project, name) for name in shown]
                for label, pictures in zip(labels, shown.values(), strict=True):
                    kept.samples.update(group.show(kept.project, label, pictures[:4]))
            there = group.samples(kept.project)
            assert kept.samples <= set(there), f"round {number}: {kept.samples - set(there)} lost"
            assert not kept.erased & set(there), f"round {number}: erased samples came back"
            model = group.ask("GET", f"/api/projects/{kept.project}")["model"]
            assert kept.model <= (model["ref"]["number"] if model else 0)
            for sample in chance.sample(sorted(kept.samples), 3):
                assert group.ask("GET", there[sample])[:2] == b"\xff\xd8"
            assert board.run("systemctl --failed --plain --no-legend") == ""
            errors = board.run("dmesg --level=err,crit,alert,emerg | grep -i ext4 || true")
            assert errors == "", f"round {number}: {errors}"
            seen = len(kept.samples)
            if number == ROUNDS:
                break
            doing = _work(number, group, kept, labels, next(iter(shown.values()))[0])
            time.sleep(chance.uniform(0.5, 6.0))
            board.cut()
            doing()
        cut = cut_power(card.disk, log, chance, keeps=chance.choice((0.0, 0.3, 0.7, 1.0)))
        wrong = is_clean(card, scratch)
        print(
            f"\n  round {number + 1}: page after {started_s:.0f} s, {len(kept.samples)} kept, "
            f"{cut.flushed} writes flushed, {cut.kept} kept besides, {cut.lost} lost", end="",
        )  # fmt: skip
        assert wrong == "", f"round {number}: {wrong}"
    print(f"\n  {seen} samples acknowledged and there after {ROUNDS} power cuts")


def _work(
    number: int, group: Group, kept: Kept, labels: list[str], picture: bytes
) -> Callable[[], None]:
    """Start what a class does in this round; the answer stops it, once the current has gone."""
    over = threading.Event()
    deeds = [(capture, (group, kept, labels[number % 2], picture, over))]
    if number % 3 == 1:
        deeds.append((train, (group, kept, over)))
    if number % 3 == 2:
        deeds = [(erase, (group, kept, over)), (train, (group, kept, over))]
    threads = [threading.Thread(target=deed, args=given, daemon=True) for deed, given in deeds]
    for thread in threads:
        thread.start()

    def stop() -> None:
        over.set()
        for thread in threads:
            thread.join(timeout=60)

    return stop


@pytest.mark.parametrize("round_number", range(STARTS))
def test_no_cut_of_a_first_start_breaks_the_kit(image, scratch, round_number) -> None:
    """Growing the partition, drawing the identity, writing kit.toml: each may be cut."""
    chance = random.Random(round_number)
    card = Card.flashed(image, scratch / "starts", size_mb=CARD_MB)
    log = scratch / "starts" / "writes.log"
    with Board(image, card, log=log) as board:
        time.sleep(chance.uniform(8, 30))
        board.cut()
    cut = cut_power(card.disk, log, chance, keeps=0.5)

    with Board(image, card) as board:
        started_s = board.wait_for_page()

        assert board.run("systemctl --failed --plain --no-legend") == ""
        assert int(board.run("df -B1M --output=size /data").split()[-1]) > 800
    print(
        f"\n  cut with {cut.flushed + cut.kept} writes done: page after {started_s:.0f} s", end=""
    )
