"""What a power cut leaves on a card: a log of every write and flush, cut where the current went.

    QEMU's blklogwrites -> Log -> Cut: how far, which card -> cut_power(card, log, cut), or Replay

A card may hold back what was not flushed, write it in any order, and tear it at a sector. QEMU
writes the log of Linux's dm-log-writes: a superblock, then for each request one sector of header
and, for a write, its data. It logs a request when it is done and answers the board after that: what
the board had heard of when the log was so long is in it, and perhaps some more.

`kill -9` of the emulator alone would prove less: this machine's page cache survives it. One log is
cut as often as one likes, while each start of an emulated board takes minutes.

Source: Documentation/admin-guide/device-mapper/log-writes.rst in Linux; block/blklogwrites.c in
QEMU (before 9.0 a request to write zeroes may garble the log: machine.py offers none).
"""

import random
import struct
import subprocess
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MAGIC = 0x6A736677736872
FLUSH, FORCE, DISCARD, MARK = 1, 2, 4, 8
SECTOR = 512
"""What a card writes whole or not at all."""

TORN = 0.2
"""Of the writes that were not flushed and that the card has begun, the share it has not ended."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One request of the board: where on the card, how much, where its data lie in the log."""

    start: int
    size: int
    flags: int
    data_at: int

    @property
    def end_in_log(self) -> int:
        """How long the log is with this request as its last."""
        return self.data_at + (0 if self.flags & DISCARD else self.size)


@dataclass(frozen=True, slots=True)
class Cut:
    """When the current goes, and what kind of card it is.

    Attributes:
        after: requests that the board had made.
        keeps: the share that the card has done of what it need not have, 0 to 1; below 1, some
            of these are torn.
        seed: which of them.
        ignores: how many flushes before the cut the card only said it had done; 0: it is honest.
    """

    after: int
    keeps: float = 0.0
    seed: int = 0
    ignores: int = 0


@dataclass(frozen=True, slots=True)
class Damage:
    """What a cut did: writes that were flushed, later ones kept whole or torn, later ones lost."""

    flushed: int
    kept: int
    torn: int
    lost: int


class Log:
    """What a board has asked of its card, in order. Attributes: path, requests."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.requests: Sequence[Entry] = list(entries(path))
        self._ends = [each.end_in_log for each in self.requests]

    def done_at(self, size: int) -> int:
        """How many requests were wholly in the log when it had this size."""
        return bisect_right(self._ends, size)

    def size_after(self, count: int) -> int:
        """The log's size with so many requests in it."""
        return self._ends[count - 1] if count else 0

    def written(self, start: int, size: int) -> set[int]:
        """Where in this part of the card something was written, from its beginning."""
        there = range(start, start + size)
        return {each.start - start for each in self.requests if each.size and each.start in there}


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
            found = Entry(start * sector, sectors * sector, flags, at + sector)
            if found.end_in_log > size:
                return
            yield found
            at = found.end_in_log


def sure(requests: Sequence[Entry], cut: Cut) -> int:
    """How many of the first requests this card has done for certain when it is cut."""
    flushes = [n for n, each in enumerate(requests[: cut.after], 1) if each.flags & FLUSH]
    heeded = flushes[: len(flushes) - cut.ignores] if cut.ignores else flushes
    return heeded[-1] if heeded else 0


def cut_power(card: Path, log: Log, cut: Cut) -> Damage:
    """Bring the card to a state in which this cut may have left it.

    Args:
        card: as it was when the board started.
        log: what the board wrote since.
        cut: when, and what kind of card. The same cut does the same again.
    """
    certain = sure(log.requests, cut)
    with card.open("r+b") as disk, log.path.open("rb") as data:
        for each in log.requests[:certain]:
            _write(disk, data, each, 0)
        return _in_doubt(disk, data, log, cut, certain, 0, None)


class Replay:
    """One part of the card on its way through the log; at each cut a file of its own is left.

    Only what is flushed is written here, so that cuts in ascending order cost their own writes.
    """

    def __init__(self, part: Path, start: int, log: Log) -> None:
        """
        Args:
            part: that part of the card as it was when the board started; it will be changed.
            start: where on the card it begins.
            log: what the board wrote.
        """
        self._part, self._start, self._log = part, start, log
        self._size = part.stat().st_size
        self._done = 0

    def at(self, cut: Cut, target: Path) -> Damage:
        """Write to `target` what this cut leaves of the part.

        Raises:
            ValueError: the card is past that cut already.
        """
        certain = sure(self._log.requests, cut)
        if certain < self._done:
            raise ValueError("cuts must ascend")
        with self._part.open("r+b") as disk, self._log.path.open("rb") as data:
            for each in self._log.requests[self._done : certain]:
                if self._touches(each):
                    _write(disk, data, each, self._start)
        self._done = certain
        target.unlink(missing_ok=True)
        subprocess.run(["cp", "--sparse=always", self._part, target], check=True)
        with target.open("r+b") as disk, self._log.path.open("rb") as data:
            return _in_doubt(disk, data, self._log, cut, certain, self._start, self._touches)

    def _touches(self, each: Entry) -> bool:
        """No request reaches over a partition's edge."""
        return self._start <= each.start < self._start + self._size


def _in_doubt(
    disk: BinaryIO,
    data: BinaryIO,
    log: Log,
    cut: Cut,
    certain: int,
    origin: int,
    touches: Callable[[Entry], bool] | None,
) -> Damage:
    """Do some of the requests that the card need not have done, whole or torn.

    What befalls a request does not depend on whether it touches this part: a whole card and a part
    of it come out of the same cut alike.
    """
    chance = random.Random(cut.seed)
    kept = torn = lost = 0
    for each in log.requests[certain : cut.after]:
        forced = bool(each.flags & FORCE) and not cut.ignores
        is_done = chance.random() < cut.keeps or forced
        is_torn = chance.random() < TORN and cut.keeps < 1 and not forced
        count = each.size // SECTOR
        # Any of its sectors, not the first ones: a card writes its pages in its own order.
        sectors = chance.sample(range(count), chance.randint(0, count)) if is_torn else None
        if touches is not None and not touches(each):
            continue
        if not is_done:
            lost += each.size > 0
            continue
        torn += is_torn
        kept += each.size > 0 and not is_torn
        _write(disk, data, each, origin, sectors)
    flushed = sum(
        each.size > 0 and (touches is None or touches(each)) for each in log.requests[:certain]
    )
    return Damage(flushed, kept, torn, lost)


def _write(
    disk: BinaryIO, data: BinaryIO, each: Entry, origin: int, sectors: Sequence[int] | None = None
) -> None:
    if each.flags & DISCARD:
        return  # what was there may stay readable
    data.seek(each.data_at)
    content = data.read(each.size)
    if sectors is None:
        disk.seek(each.start - origin)
        disk.write(content)
        return
    for number in sectors:
        disk.seek(each.start - origin + number * SECTOR)
        disk.write(content[number * SECTOR :][:SECTOR])
