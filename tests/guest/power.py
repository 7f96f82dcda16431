"""What a power cut leaves on a card: a log of every write and flush, cut where the current went.

    QEMU's blklogwrites -> entries -> flushed ones all, later ones as a card may have them -> card

A card may hold back what was not flushed, and write it in any order. QEMU writes the log of Linux's
dm-log-writes: a superblock, then for each request one sector of header and, for a write, its data.
`kill -9` of the emulator alone would prove less: this machine's page cache survives it.

Source: Documentation/admin-guide/device-mapper/log-writes.rst in Linux.
"""

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAGIC = 0x6A736677736872
FLUSH, FORCE, DISCARD, MARK = 1, 2, 4, 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One request of the board: where on the card, how much, where its data lie in the log."""

    start: int
    size: int
    flags: int
    data_at: int


@dataclass(frozen=True, slots=True)
class Cut:
    """What a power cut did: writes that were flushed, later ones kept, later ones lost."""

    flushed: int
    kept: int
    lost: int


def entries(log: Path) -> Iterator[Entry]:
    """The log's requests, in order; one that is not whole ends it.

    Raises:
        ValueError: this is no such log.
    """
    size = log.stat().st_size
    if size == 0:
        return  # the current went before the first flush
    with log.open("rb") as file:
        magic, _, _, sector = struct.unpack("<QQQI", file.read(28))
        if magic != MAGIC:
            raise ValueError(f"{log}: no log of writes")
        at = sector
        while at + sector <= size:
            file.seek(at)
            start, sectors, flags, _ = struct.unpack("<QQQQ", file.read(32))
            if not (sectors or flags):
                return  # never written: the current went before
            holds_data = not flags & DISCARD
            length = sectors * sector
            if holds_data and at + sector + length > size:
                return
            yield Entry(start * sector, length, flags, at + sector)
            at += sector + (length if holds_data else 0)


def cut_power(card: Path, log: Path, chance: random.Random, *, keeps: float) -> Cut:
    """Bring the card to a state in which this log's power cut may have left it.

    Args:
        card: as it was when the board started.
        log: what the board wrote since.
        chance: which of the writes after the last flush the card has done.
        keeps: the share of them, 0 to 1; below 1, every fifth of these is torn at a sector.
    """
    requests = list(entries(log))
    last_flush = max((n for n, each in enumerate(requests) if each.flags & FLUSH), default=-1)
    flushed = kept = lost = 0
    with card.open("r+b") as disk, log.open("rb") as file:
        for number, each in enumerate(requests):
            size = each.size
            if number > last_flush and not each.flags & FORCE:
                if chance.random() >= keeps:
                    lost += size > 0
                    continue
                kept += 1
                if keeps < 1 and chance.random() < 0.2:
                    size = 512 * chance.randint(0, size // 512)
            else:
                flushed += size > 0
            if each.flags & DISCARD:
                continue  # what was there may stay readable
            file.seek(each.data_at)
            disk.seek(each.start)
            disk.write(file.read(size))
    return Cut(flushed, kept, lost)
