"""The console of tests/guest: what the kit prints is found behind what a terminal is told."""

import pytest

from tests.guest.air import on_the_screen
from tests.guest.machine import Board, plain

KERNEL = "[   71.997563] python3[499]: The kit is ready.\r\n"
TAIL = "       http://10.42.0.1\r\n       http://kit.local\r\n"
RESET = "\x1b[!p\x1b]104\x07\x1b[?7h"
"""What systemd tells a serial terminal before it lets anybody write there."""


class Console(Board):
    """A board that is not started; this is what was written."""

    def __init__(self, folder, written):
        self.console = folder / "console"
        self.console.write_bytes(written.encode())


@pytest.mark.parametrize("before", ["", RESET, f"{RESET}\x1b[6n\x1b[32766;32766H\x1b[6n{RESET}"])
def test_the_wifi_is_read_behind_what_a_terminal_is_told(tmp_path, before):
    written = f"{KERNEL}{before}Wi-Fi  Mallette-82UQ\r\n       x46b-mjuq-vakg\r\n{TAIL}{before}\r\n"

    assert on_the_screen(Console(tmp_path, written)) == ("Mallette-82UQ", "x46b-mjuq-vakg")


def test_the_last_one_counts_and_only_at_the_start_of_a_line(tmp_path):
    first = "Wi-Fi  Mallette-AAAA\r\n       aaaa-aaaa-aaaa\r\n"
    last = f"{RESET}Wi-Fi  Mallette-BBBB\r\n       bbbb-bbbb-bbbb\r\n"
    letters = "  Wi-Fi  Mallette-CCCC   cccc-cccc-cccc\r\n"  # what a hand-over prints

    found = on_the_screen(Console(tmp_path, first + last + letters))

    assert found == ("Mallette-BBBB", "bbbb-bbbb-bbbb")


def test_a_screen_without_a_wifi_is_shown_to_whoever_asked(tmp_path):
    with pytest.raises(AssertionError, match="The kit is ready"):
        on_the_screen(Console(tmp_path, KERNEL))


@pytest.mark.parametrize(
    ("told", "read"),
    [
        (
            "[\x1b[0;32m  OK  \x1b[0m] Finished \x1b[0;1;39msystemd\x1b[0m.",
            "[  OK  ] Finished systemd.",
        ),
        ("\x1b]0;a title\x1b\\é", "é"),
        ("\x1bc\x1b(B\x1b7here", "here"),
        ("one\r\ntwo", "one\ntwo"),
        ("\x1b]never ended\nthe next line", "never ended\nthe next line"),
        ("plain [0m text", "plain [0m text"),
    ],
)
def test_what_a_person_reads_stays(told, read):
    assert plain(told) == read
