"""The database as it was before a newer kit changed its shape, until that kit has shown its page.

    a newer kit opens the folder -> put_aside -> its steps -> its page answers -> forget
                                                           -> none comes; an older kit: take_back

An update that never reaches a page gives way to the kit before it (kit/appliance/software.py),
which could not read what the newer one has made of the database. As long as the copy is there
nobody has been shown a page since, so nothing that was acknowledged is in one and not in the other.
It holds a class's words: it is overwritten before it is removed, and before any class begins.
"""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit.core.errors import Unavailable
from kit.storage.atomic import TEMPORARY, Disk
from kit.storage.database import Database
from kit.storage.errors import in_words

NAME = "kit.db-before"
_VERSION_AT = 60
"""Of the four bytes of `user_version` in a database's header: SQLite's file format, 1.3."""
_PIECE = 1024 * 1024


def put_aside(database: Database, *, disk: Disk) -> None:
    """Copy a database whose shape is about to change. A copy that is there already is older: it
    stays. A card with no room for a second one goes without.

    Raises:
        Unavailable: "disk-failed", "data-folder-not-writable".
    """
    copy = database.path.with_name(NAME)
    if copy.exists():
        return
    half = copy.with_name(NAME + TEMPORARY)
    try:
        with in_words():
            disk.write_new(half, b"")
            half.chmod(0o600)
        database.copy_to(half)
        with in_words():
            disk.replace(half, copy)
            disk.sync_folder(copy.parent)
    except Unavailable as error:
        with contextlib.suppress(OSError):
            disk.remove(half)
        if error.id != "disk-full":
            raise


def take_back(folder: Path, newest: int, *, connect: Callable[[Path], Any], disk: Disk) -> bool:
    """Give the copy the database's place, where a kit newer than this one has changed its shape.

    Args:
        folder: the data folder.
        newest: the last step that this kit knows.
        connect, disk: how to reach the disk.

    Returns:
        Whether it was.
    """
    copy, path = folder / NAME, folder / "kit.db"
    if not copy.is_file() or not path.is_file() or _version_of(copy) > newest:
        return False
    try:
        database = Database(path, connect=connect)
    except Unavailable:
        return False  # whoever opens it next says what is wrong with it
    try:
        [(at,)] = database.rows("PRAGMA user_version")
    finally:
        database.close()  # folds the log into the file: none is left for the copy to be read with
    if at <= newest:
        return False
    with in_words():
        disk.replace(copy, path)
        disk.sync_folder(folder)
    return True


def forget(folder: Path, *, disk: Disk) -> None:
    """Leave no byte of the copy. None there is no error."""
    copy = folder / NAME
    if not copy.is_file():
        return
    with in_words():
        size = copy.stat().st_size
        with copy.open("r+b", buffering=0) as file:
            for at in range(0, size, _PIECE):
                file.write(bytes(min(_PIECE, size - at)))
            os.fsync(file.fileno())
        disk.remove(copy)
        disk.sync_folder(folder)


def _version_of(path: Path) -> int:
    with path.open("rb") as file:
        return int.from_bytes(file.read(_VERSION_AT + 4)[_VERSION_AT:], "big")
