"""The database's shape, step by step: `schema/0001_….sql` upwards, each applied once.

`PRAGMA user_version` holds the number of the last step. A step and its number are one
transaction, so a power cut leaves the old shape or the new one. Steps are never edited
after a release: a change is a new file.
"""

import sqlite3
from importlib import resources

from kit.core.errors import Conflict
from kit.storage import spare
from kit.storage.atomic import Disk
from kit.storage.database import Database


def steps() -> list[tuple[int, str]]:
    """The (number, SQL) of every step, rising from 1 without a gap."""
    folder = resources.files("kit.storage") / "schema"
    found = sorted(
        (int(file.name.split("_")[0]), file.read_text(encoding="utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".sql")
    )
    assert [number for number, _ in found] == list(range(1, len(found) + 1))
    return found


def migrate(database: Database, *, disk: Disk) -> None:
    """Bring the database to this code's shape; what it was is put aside first (spare.py).

    Raises:
        Conflict: "data-folder-newer": a later kit wrote it, and guessing would harm it.
    """
    wanted = steps()
    at = check_version(database)
    if 0 < at < len(wanted):
        spare.put_aside(database, disk=disk)
    for number, sql in wanted[at:]:
        with database.transaction() as connection:
            for statement in _statements(sql):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")


def check_version(database: Database, *, exactly: bool = False) -> int:
    """The number of the database's last step.

    Args:
        database: whose.
        exactly: it will only be read, so a database that must first be brought up is refused too.

    Raises:
        Conflict: "data-folder-newer", "data-folder-older".
    """
    [(at,)] = database.rows("PRAGMA user_version")
    newest = len(steps())
    if at > newest:
        raise Conflict(
            "data-folder-newer",
            f"the data folder is of schema {at}, this kit knows {newest}: use the newer kit",
            found=at,
            known=newest,
        )
    if exactly and at < newest:
        raise Conflict(
            "data-folder-older",
            f"the data folder is of schema {at}, this kit writes {newest}: start the kit once",
            found=at,
            known=newest,
        )
    return at


def _statements(sql: str) -> list[str]:
    """One statement each, a trigger's inner semicolons left alone.

    `executescript` would commit before it starts, and the step would not be one transaction.
    """
    found, pending = [], ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    return found
