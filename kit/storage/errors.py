"""What the disk and SQLite say, in the kit's own words: a teacher can free space, not an errno."""

import contextlib
import errno
import sqlite3
from collections.abc import Iterator

from kit.core.errors import Unavailable

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LOCKED_UP = {errno.EROFS, errno.EACCES, errno.EPERM}
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@contextlib.contextmanager
def in_words() -> Iterator[None]:
    """Turn what a disk may do to us inside into `Unavailable`; let all else through.

    Raises:
        Unavailable: "disk-full", "disk-failed", "data-folder-not-writable" or "database-damaged".
    """
    try:
        yield
    except Unavailable:
        raise
    except OSError as error:
        if error.errno in _FULL:
            raise disk_full(str(error)) from error
        if error.errno in _LOCKED_UP:
            raise not_writable(str(error)) from error
        raise
    except sqlite3.OperationalError as error:
        code = primary_code(error)
        if code == sqlite3.SQLITE_FULL:
            raise disk_full(str(error)) from error
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            raise not_writable(str(error)) from error
        if code == sqlite3.SQLITE_IOERR:
            raise Unavailable("disk-failed", f"the disk did not answer: {error}") from error
        raise
    except sqlite3.DatabaseError as error:
        if primary_code(error) in _BROKEN:
            raise Unavailable("database-damaged", f"the database is damaged: {error}") from error
        raise


def disk_full(reason: str) -> Unavailable:
    """The error for a full disk, a full quota or a file at its size limit."""
    return Unavailable("disk-full", f"no space left to write: {reason}")


def not_writable(reason: str) -> Unavailable:
    """The error for a data folder that this user may not write to."""
    return Unavailable("data-folder-not-writable", f"the data folder cannot be written: {reason}")


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's primary result code of an error, without its extension; -1 where it has none."""
    return getattr(error, "sqlite_errorcode", -1) & 0xFF
