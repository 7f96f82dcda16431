"""One SQLite file as the kit uses it: how it is opened, locked, committed and emptied.

Two connections, each under its own lock: one writes, one reads. The server has some 80
threads, most of them idle streams. A connection for each would be 80 page caches and 80
snapshots that keep the log from being emptied; a single one would make every reader wait
for a writer's fsync, which on an SD card is long. With two, readers wait only for readers.
"""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from kit.core.errors import Conflict, Unavailable
from kit.storage.errors import in_words, primary_code

_PRAGMAS = (
    "PRAGMA busy_timeout = 5000",  # another process may be reading (kit export beside a server)
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # NORMAL loses acknowledged transactions at a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what is deleted is overwritten with zeros
)

_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}


def connect(path: Path) -> sqlite3.Connection:
    """A bare connection that any thread may use and that begins no transaction by itself."""
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


class Database:
    """Rows in, rows out, and transactions. Thread-safe.

    Args:
        path: the file; made when it is missing.
        read_only: refuse every write (the file must exist).
        connect: how to open a connection; the power-cut test gives a recording one.
    """

    def __init__(
        self,
        path: Path,
        *,
        read_only: bool = False,
        connect: Callable[[Path], Any] = connect,
    ) -> None:
        self.path = path
        self.read_only = read_only
        self._write_lock = threading.RLock()
        self._read_lock = threading.Lock()
        self._writing_thread: int | None = None
        self._connections: list[Any] = []
        try:
            with in_words():
                for _ in range(2):
                    self._connections.append(connect(path))
                    if not read_only:
                        os.chmod(path, 0o600)
                    for pragma in _PRAGMAS:
                        self._connections[-1].execute(pragma).fetchall()
                self._writer, self._reader = self._connections
                self._reader.execute("PRAGMA query_only = ON")
                if read_only:
                    self._writer.execute("PRAGMA query_only = ON")
        except BaseException:
            self.close()
            raise

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple]:
        """All rows of a query; inside a transaction of this thread, as that one sees them."""
        if self._writing_thread == threading.get_ident():
            return self._writer.execute(sql, values).fetchall()
        with self._read_lock, in_words():
            return self._reader.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> tuple | None:
        """The first row of a query, or None."""
        found = self.rows(sql, values)
        return found[0] if found else None

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Any]:
        """All that is written inside lasts when this ends, or nothing of it does.

        Yields the writing connection. A transaction inside another of the same thread is
        part of it.

        Raises:
            Unavailable: "disk-full", "disk-failed" or "data-folder-not-writable".
        """
        with self._write_lock:
            if self._writing_thread is not None:
                yield self._writer
                return
            with in_words():
                self._writer.execute("BEGIN IMMEDIATE")
                self._writing_thread = threading.get_ident()
                try:
                    yield self._writer
                    self._writer.execute("COMMIT")
                except BaseException:
                    # SQLite has rolled back by itself after some errors, a full disk among them.
                    if self._writer.in_transaction:
                        self._writer.execute("ROLLBACK")
                    raise
                finally:
                    self._writing_thread = None

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else of this process writes meanwhile; no transaction is begun."""
        with self._write_lock:
            yield

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Any]:
        """A connection for several queries that must agree, or for rows too many to hold at once.

        Inside a transaction of this thread, its own.
        """
        if self._writing_thread == threading.get_ident():
            yield self._writer
            return
        with self._read_lock, in_words():
            self._reader.execute("BEGIN")
            try:
                yield self._reader
            finally:
                self._reader.execute("COMMIT")

    def is_whole(self) -> bool:
        """SQLite's own quick check of every page."""
        try:
            return self.rows("PRAGMA quick_check(1)") == [("ok",)]
        except Unavailable as error:
            if error.id != "database-damaged":
                raise
            return False

    def copy_to(self, path: Path) -> None:
        """Write all that is in it to another file, which is empty; it lasts when this returns.

        Raises:
            Unavailable: "disk-full", "disk-failed".
        """
        with self._write_lock, in_words():
            self._writer.execute("VACUUM INTO ?", (str(path),))

    def forget_deleted(self) -> None:
        """Leave no byte of a deleted row in the file or its log.

        `secure_delete` zeroes what is deleted; `VACUUM` also rewrites the pages that a
        split or a merge of the tree may have copied parts to; the checkpoint empties the log.

        Raises:
            Conflict: "erasing-not-finished": another process is reading the log just now.
        """
        with self._write_lock, self._read_lock, in_words():
            self._empty_log()
            try:
                self._writer.execute("VACUUM")
            except sqlite3.OperationalError as error:
                if primary_code(error) not in _NO_ROOM:
                    raise
                # It needs room for a second copy. What was deleted is zeroed all the same.
            self._empty_log()

    def _empty_log(self) -> None:
        [(busy, _, _)] = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if busy:
            raise Conflict(
                "erasing-not-finished", f"another process is still reading {self.path}-wal"
            )

    def close(self) -> None:
        """Let the file go; the log is folded into it. Safe to call twice."""
        while self._connections:
            self._connections.pop().close()
