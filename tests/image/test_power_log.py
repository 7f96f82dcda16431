"""The cut card of tests/guest: what was flushed is on it, what was not may be missing."""

import random
import struct

import pytest

from tests.guest.power import DISCARD, FLUSH, FORCE, MAGIC, Cut, cut_power, entries

SECTOR = 512


def log_of(path, *requests):
    """A log as QEMU's blklogwrites writes it: (first sector, data, flags)."""
    content = struct.pack("<QQQI", MAGIC, 1, len(requests), SECTOR).ljust(SECTOR, b"\0")
    for start, data, flags in requests:
        sectors = 4 if flags & DISCARD else len(data) // SECTOR
        content += struct.pack("<QQQQ", start, sectors, flags, 0).ljust(SECTOR, b"\0") + data
    path.write_bytes(content)
    return path


def page(letter: str, sectors: int = 1) -> bytes:
    return letter.encode() * SECTOR * sectors


@pytest.fixture
def card(tmp_path):
    disk = tmp_path / "card.img"
    disk.write_bytes(page("-", 8))
    return disk


def first_letters(disk) -> str:
    return disk.read_bytes()[::SECTOR].decode()


def test_a_card_that_loses_all_it_may_keeps_what_was_flushed(tmp_path, card):
    log = log_of(
        tmp_path / "log",
        (0, page("a", 2), 0),
        (0, b"", FLUSH),
        (1, page("b"), 0),
        (5, page("c"), FORCE),
        (2, page("d"), 0),
    )

    cut = cut_power(card, log, random.Random(1), keeps=0.0)

    assert first_letters(card) == "aa---c--"
    assert cut == Cut(flushed=2, kept=0, lost=2)


def test_a_card_that_loses_nothing_has_all_in_order(tmp_path, card):
    log = log_of(tmp_path / "log", (0, page("a"), 0), (3, b"", DISCARD), (0, page("b"), 0))

    cut_power(card, log, random.Random(3), keeps=1.0)

    assert first_letters(card)[0] == "b"
    assert first_letters(card)[3] == "-"


def test_a_request_that_was_being_logged_ends_the_log(tmp_path):
    log = log_of(tmp_path / "log", (0, page("a"), 0), (1, page("b", 2), 0))
    log.write_bytes(log.read_bytes()[:-SECTOR])

    assert [entry.start for entry in entries(log)] == [0]


def test_a_board_that_never_wrote_has_an_empty_log(tmp_path, card):
    log = tmp_path / "log"
    log.write_bytes(b"")

    assert cut_power(card, log, random.Random(1), keeps=0.5) == Cut(0, 0, 0)


def test_another_file_is_no_log(tmp_path):
    other = tmp_path / "log"
    other.write_bytes(page("x"))

    with pytest.raises(ValueError, match="no log of writes"):
        list(entries(other))
