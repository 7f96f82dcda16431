"""The cut card of tests/guest: what was flushed is on it, what was not may be missing."""

import random
import struct

import pytest

from tests.guest.power import (
    DISCARD,
    FLUSH,
    FORCE,
    MAGIC,
    Cut,
    Damage,
    Log,
    Replay,
    cut_power,
    entries,
)

SECTOR = 512


def write_log(path, *requests):
    """A log as QEMU's blklogwrites writes it: (first sector, data, flags)."""
    content = struct.pack("<QQQI", MAGIC, 1, len(requests), SECTOR).ljust(SECTOR, b"\0")
    for start, data, flags in requests:
        sectors = 4 if flags & DISCARD else len(data) // SECTOR
        content += struct.pack("<QQQQ", start, sectors, flags, 0).ljust(SECTOR, b"\0") + data
    path.write_bytes(content)
    return Log(path)


def page(letter: str, sectors: int = 1) -> bytes:
    return letter.encode() * SECTOR * sectors


@pytest.fixture
def card(tmp_path):
    disk = tmp_path / "card.img"
    disk.write_bytes(page("-", 8))
    return disk


@pytest.fixture
def log(tmp_path):
    return write_log(
        tmp_path / "log",
        (0, page("a", 2), 0),
        (0, b"", FLUSH),
        (1, page("b"), 0),
        (5, page("c"), FORCE),
        (2, page("d"), 0),
    )


def first_letters(disk) -> str:
    return disk.read_bytes()[::SECTOR].decode()


def test_a_card_that_loses_all_it_may_keeps_what_was_flushed(card, log):
    damage = cut_power(card, log, Cut(after=5, keeps=0.0))

    assert first_letters(card) == "aa---c--"
    assert damage == Damage(flushed=1, kept=1, torn=0, lost=2)


def test_nothing_is_on_the_card_that_came_after_the_cut(card, log):
    cut_power(card, log, Cut(after=3, keeps=1.0))

    assert first_letters(card) == "ab------"


def test_a_card_that_ignores_a_flush_loses_what_it_said_it_had(card, log):
    damage = cut_power(card, log, Cut(after=5, keeps=0.0, ignores=1))

    assert first_letters(card) == "--------"
    assert damage == Damage(flushed=0, kept=0, torn=0, lost=4)


def test_a_card_that_loses_nothing_has_all_in_order(tmp_path, card):
    log = write_log(tmp_path / "log", (0, page("a"), 0), (3, b"", DISCARD), (0, page("b"), 0))

    cut_power(card, log, Cut(after=3, keeps=1.0))

    assert first_letters(card)[0] == "b"
    assert first_letters(card)[3] == "-"


def test_a_write_is_torn_at_any_sector_and_never_within_one(tmp_path, card):
    log = write_log(tmp_path / "log", (0, page("x", 8), 0))
    seen = set()
    for seed in range(200):
        card.write_bytes(page("-", 8))
        cut_power(card, log, Cut(after=1, keeps=0.9, seed=seed))
        seen.add(first_letters(card))
        assert set(card.read_bytes()) <= set(b"-x")
        assert all(len(set(card.read_bytes()[at:][:SECTOR])) == 1 for at in range(0, 4096, SECTOR))

    assert {"-" * 8, "x" * 8} < seen
    assert any(each.startswith("-") and each.endswith("x") for each in seen)


def test_a_part_that_is_replayed_is_as_the_whole_card_has_it(tmp_path, card):
    chance = random.Random(7)
    letters = "abcdefghijklmnopqrstuvwxyz"
    log = write_log(
        tmp_path / "log",
        *(
            (chance.randrange(8), page(letter), 0) if chance.random() < 0.7 else (0, b"", FLUSH)
            for letter in letters
        ),
    )
    part = tmp_path / "part"
    part.write_bytes(card.read_bytes()[2 * SECTOR : 6 * SECTOR])
    replay = Replay(part, 2 * SECTOR, log)
    cuts = [Cut(after, keeps=0.5, seed=after) for after in range(len(log.requests) + 1)]

    for cut in cuts:
        card.write_bytes(page("-", 8))
        cut_power(card, log, cut)
        replay.at(cut, tmp_path / "cut")
        assert first_letters(tmp_path / "cut") == first_letters(card)[2:6]
    with pytest.raises(ValueError, match="ascend"):
        replay.at(cuts[0], tmp_path / "cut")


def test_what_was_done_when_the_log_had_a_size(log):
    sizes = [log.size_after(count) for count in range(6)]

    assert [log.done_at(size) for size in sizes] == [0, 1, 2, 3, 4, 5]
    assert log.done_at(sizes[3] - 1) == 2
    assert log.done_at(sizes[3] + 1) == 3


def test_where_something_was_written(log):
    assert log.written(0, 3 * SECTOR) == {0, SECTOR, 2 * SECTOR}
    assert log.written(4 * SECTOR, 4 * SECTOR) == {SECTOR}
    assert log.written(6 * SECTOR, 2 * SECTOR) == set()


def test_a_request_that_was_being_logged_ends_the_log(tmp_path):
    log = write_log(tmp_path / "log", (0, page("a"), 0), (1, page("b", 2), 0))
    log.path.write_bytes(log.path.read_bytes()[:-SECTOR])

    assert [entry.start for entry in entries(log.path)] == [0]


def test_a_board_that_never_wrote_has_an_empty_log(tmp_path, card):
    path = tmp_path / "log"
    path.write_bytes(b"")

    assert cut_power(card, Log(path), Cut(after=0, keeps=0.5)) == Damage(0, 0, 0, 0)


def test_another_file_is_no_log(tmp_path):
    other = tmp_path / "log"
    other.write_bytes(page("x"))

    with pytest.raises(ValueError, match="no log of writes"):
        list(entries(other))
