"""An update on a USB stick, a bad one, a server that hangs: on the board, by systemd and udev."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kit.lending import update
from tests.guest.conftest import CARD_MB
from tests.guest.lesson import Group
from tests.guest.machine import Board, Card, skip_without_image, wait_for_page

skip_without_image()

ROOT = Path(__file__).resolve().parents[2]
NEWER, BAD = "77.1", "77.2"
STICK = ["-device", "qemu-xhci", "-device", "usb-storage,drive=stick"]
STARTED_WITHIN_S = 900


@pytest.fixture(scope="module")
def key(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("key")
    for command in (
        ["genpkey", "-algorithm", "ed25519", "-out", folder / "update.pem"],
        ["pkey", "-in", folder / "update.pem", "-pubout", "-out", folder / "update.pub"],
    ):
        subprocess.run(["openssl", *map(str, command)], check=True, capture_output=True)
    return folder


def bundle(folder: Path, key: Path, version: str, first_line: str = "") -> Path:
    """This tree's software under another version; `first_line` is what it does when imported."""
    what = folder / version
    sys.path.insert(0, str(ROOT / "image-build"))
    from update import lay_out

    what.mkdir()
    lay_out(what)
    package = what / "kit" / "__init__.py"
    text = package.read_text(encoding="utf-8")
    text = re.sub('__version__ = "[^"]+"', f'__version__ = "{version}"', text)
    package.write_text(text + first_line, encoding="utf-8")
    out = folder / f"mallette-{version}.bundle"
    update.sign(what, version, key / "update.pem", out)
    shutil.rmtree(what)
    return out


@pytest.fixture(scope="module")
def board(image, scratch, key, tmp_path_factory):
    """A kit with its lender's key in the form, and a stick in its socket."""
    folder = tmp_path_factory.mktemp("stick")
    stick = folder / "stick.img"
    stick.touch()
    os.truncate(stick, 64 * 2**20)
    subprocess.run(["mkdosfs", "-n", "STICK", stick], check=True, capture_output=True)
    content = bundle(folder, key, NEWER)
    subprocess.run(["mcopy", "-i", stick, content, "::"], check=True)
    public = (key / "update.pub").read_text().splitlines()[1]
    card = Card.flashed(image, scratch / "update", size_mb=CARD_MB, form=f'update_key = "{public}"')
    drive = ["-drive", f"if=none,id=stick,format=raw,readonly=on,file={stick}"]
    with Board(image, card, plugged_in=[*drive, *STICK]) as started:
        started.wait_for_page(limit_s=STARTED_WITHIN_S)
        yield started


def version_of(board: Board) -> str:
    return str(Group(board.port).ask("GET", "/api/session")["version"])


def test_a_stick_brings_an_update_that_runs_from_the_next_start_on(board):
    deadline_s = time.monotonic() + STARTED_WITHIN_S
    while NEWER not in board.said():
        assert time.monotonic() < deadline_s, board.said()[-2000:]
        time.sleep(5)
    before = version_of(board)
    assert before != NEWER

    board.run("systemctl restart mallette.service", limit_s=STARTED_WITHIN_S)

    wait_for_page(board.port, limit_s=STARTED_WITHIN_S)
    assert version_of(board) == NEWER
    assert board.run("readlink /run/mallette/software").strip().endswith(f"releases/{NEWER}")
    # What the stick was opened with has gone with it.
    assert "stick" not in board.run("cat /proc/self/mounts")


def test_the_servers_user_cannot_write_where_software_lies(board):
    for place in ("/data/software", "/data/software/releases", "/run/mallette"):
        command = f"setpriv --reuid=kit --regid=kit --clear-groups touch {place}/planted"
        assert board.run(f"{command} 2>&1 || echo refused", check=False).endswith("refused\n")


def test_a_server_that_hangs_is_started_anew(board):
    before = board.run("systemctl show -P NRestarts mallette.service").strip()
    worker = board.run("pgrep --parent $(systemctl show -P MainPID mallette.service) | head -1")

    board.run(f"kill -STOP {worker.strip()}")

    deadline_s = time.monotonic() + STARTED_WITHIN_S
    while board.run("systemctl show -P NRestarts mallette.service").strip() == before:
        assert time.monotonic() < deadline_s
        time.sleep(10)
    wait_for_page(board.port, limit_s=STARTED_WITHIN_S)
    assert "watchdog" in board.run("journalctl --unit mallette.service --no-pager").lower()


def test_a_bad_update_is_left_aloud(board, key, tmp_path):
    bad = bundle(tmp_path, key, BAD, "\nraise SystemExit(3)\n")
    board.run("mkdir -p /tmp/stick && cat >/tmp/stick/bad.bundle", content=bad.read_bytes())
    said = board.run(
        "PYTHONPATH=/opt/mallette python3 -m kit.appliance update /tmp/stick", limit_s=600
    )
    assert BAD in said

    board.run("systemctl restart --no-block mallette.service")
    deadline_s = time.monotonic() + STARTED_WITHIN_S
    while "software-failed" not in board.run("cat /run/mallette/software.json"):
        assert time.monotonic() < deadline_s
        time.sleep(5)

    wait_for_page(board.port, limit_s=STARTED_WITHIN_S)
    assert version_of(board) not in (NEWER, BAD)
    assert board.said().count(BAD) >= 2  # in both languages
