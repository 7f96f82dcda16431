"""A little room kept aside, so that a full disk can still be emptied.

Even to remove a project SQLite first writes to its log, and to start, its index of the log. On a
disk without one free block a kit could do neither: it would say "remove a project" for ever. So a
data folder holds a file of nothing, given up when the kit starts on a full disk and made again when
there is room.
"""

import contextlib
import os
import shutil
from pathlib import Path

RESERVE_BYTES = 512 * 1024
"""Some hundred pages: the log of a start, and of a removal whose pictures went first."""
_ROOM_BYTES = 8 * RESERVE_BYTES


def keep_reserve(folder: Path) -> None:
    """Give the reserve up where the disk is full, make it where there is room.

    It is a help and no promise: whatever the disk says to it is no error.
    """
    path = folder / "kit.reserve"
    with contextlib.suppress(OSError):
        free = shutil.disk_usage(folder).free
        if free < RESERVE_BYTES:
            path.unlink(missing_ok=True)
        elif free > _ROOM_BYTES and not path.exists():
            with path.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
