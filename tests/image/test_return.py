"""The image's own return, as the shell script that it is: its tools write down what is asked."""

import os
import subprocess

import pytest

SCRIPT = "image-build/files/root/usr/lib/mallette/erase-data"
TOOLS = ("blkdiscard", "blockdev", "cmp", "mkfs.ext4", "mount", "rm", "timeout")


@pytest.fixture
def erased(checkout, tmp_path):
    """Runs it with tools of which some break; gives what was asked of them, in turn."""

    def run(*broken: str) -> tuple[int, list[str]]:
        tools, log = tmp_path / "tools", tmp_path / "log"
        tools.mkdir()
        for name in TOOLS:
            status = 1 if name in broken else 0
            say = "echo 4096" if name == "blockdev" else ":"
            (tools / name).write_text(
                f'#!/bin/sh\n{say}\necho "{name} $*" | head -n 1 >> "{log}"\nexit {status}\n'
            )
            (tools / name).chmod(0o755)
        text = (checkout / SCRIPT).read_text("utf-8")
        script = text.replace("$(/usr/lib/mallette/data-partition)", "/dev/nowhere3")
        done = subprocess.run(
            ["sh", "-c", script],
            env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
        )
        return done.returncode, log.read_text().splitlines()

    return run


def test_the_loan_is_counted_onto_the_boot_drive_before_anything_goes(erased):
    status, asked = erased()

    assert status == 0
    count = next(n for n, one in enumerate(asked) if one.startswith("timeout"))
    assert asked[count - 1] == "mount -o remount,rw /boot/firmware"
    assert asked[count + 1] == "mount -o remount,ro /boot/firmware"
    assert count < next(n for n, one in enumerate(asked) if one.startswith("blkdiscard"))


def test_a_loan_that_cannot_be_counted_is_erased_all_the_same(erased):
    status, asked = erased("timeout")

    assert status == 0
    assert "blkdiscard --force --zeroout /dev/nowhere3" in asked
    assert any(one.startswith("mkfs.ext4") for one in asked)
    assert "rm -f /boot/firmware/mallette-return /boot/firmware/mallette-return.txt" in asked


def test_a_byte_that_is_not_zero_leaves_the_marker_there(erased):
    status, asked = erased("cmp")

    assert status != 0
    assert not [one for one in asked if one.startswith(("mkfs", "rm"))]
