"""`Store`: one data folder, opened. The shelves hold the verbs; here it opens, forgets and closes.

    kit.db (+ WAL) · media/ · models/ · lab/ · measurements/ · secrets/ · quarantine/ · kit.lock
    kit.reserve · kit.db-before

At start, in this order: the lock; room on a full disk; leftovers of half-written files swept; what
a newer kit that showed no page has made of the database given up (spare.py); the database checked,
and put in quarantine if it is broken; its shape brought up to date; projects that never were
finished and what was marked removed forgotten; pictures that no row names swept.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit.core.errors import Unavailable
from kit.storage import database as sqlite
from kit.storage import spare
from kit.storage.atomic import DISK, Disk, sweep_half_written
from kit.storage.database import Database
from kit.storage.errors import in_words
from kit.storage.learnt import LearntShelf
from kit.storage.lock import FolderLock
from kit.storage.media import PRIVATE, MediaFolder, file_name
from kit.storage.migrations import check_version, migrate, steps
from kit.storage.projects import ProjectShelf
from kit.storage.records import Notice, Tally
from kit.storage.reserve import keep_reserve
from kit.storage.samples import SampleShelf
from kit.storage.shelf import LAB


class Store(ProjectShelf, SampleShelf, LearntShelf):
    """Everything the kit keeps. Thread-safe; every verb that writes is one transaction.

    Attributes:
        folder: the data folder.
        notices: what whoever starts the kit must be told, such as a database put in quarantine.
    """

    def __init__(
        self,
        folder: Path,
        database: Database,
        media: MediaFolder,
        lock: FolderLock | None,
        notices: list[Notice],
        disk: Disk,
    ) -> None:
        self.folder = folder
        self._disk = disk
        self.notices = notices
        self._database = database
        self._media = media
        self._lock = lock

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        read_only: bool = False,
        connect: Callable[[Path], Any] = sqlite.connect,
        disk: Disk = DISK,
    ) -> "Store":
        """Open a data folder, made if it lacks; the only writer until `close`.

        Args:
            folder: the data folder.
            read_only: take no lock and change nothing; a server may be writing meanwhile.
            connect, disk: how to reach the disk; the power-cut test gives recording ones.

        Raises:
            Conflict: "data-folder-busy"; "data-folder-newer".
            Unavailable: "disk-full", "data-folder-not-writable"; with `read_only`, also
                "data-folder-missing".
        """
        folder = Path(folder)
        if read_only:
            return cls._open_to_read(folder, connect, disk)
        with in_words():
            is_new = not folder.is_dir()
            disk.make_folder(folder)
            if is_new:
                os.chmod(folder, PRIVATE)
        lock = FolderLock(folder)
        try:
            keep_reserve(folder)
            notices: list[Notice] = []
            with in_words():
                sweep_half_written(folder, disk=disk)
            spare.take_back(folder, len(steps()), connect=connect, disk=disk)
            database = _open_checked(folder, connect, disk, notices)
            store = cls(folder, database, MediaFolder(folder / "media", disk), lock, notices, disk)
        except BaseException:
            lock.release()
            raise
        try:
            migrate(database, disk=disk)
            store._media.make()
            store._forget_unfinished()
            store.purge()
            store._sweep_orphans()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def _open_to_read(cls, folder: Path, connect: Callable[[Path], Any], disk: Disk) -> "Store":
        if not (folder / "kit.db").is_file():
            raise Unavailable("data-folder-missing", f"no kit.db in {folder}", folder=str(folder))
        database = Database(folder / "kit.db", read_only=True, connect=connect)
        store = cls(folder, database, MediaFolder(folder / "media", disk), None, [], disk)
        try:
            check_version(database, exactly=True)
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Let the folder go. Safe to call twice."""
        self._database.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def is_whole(self) -> bool:
        """Whether SQLite finds every page of the database in order; O(its size)."""
        return self._database.is_whole()

    def forget_spare(self) -> None:
        """The page has answered: from now on an older kit would lose what this one acknowledges."""
        spare.forget(self.folder, disk=self._disk)

    # --- forgetting ---

    def tally(self, space_id: str | None = None) -> Tally:
        """What a space holds, or all of them together; `groups` counts spaces with a project."""
        scope, values = ("", ())
        if space_id is not None:
            scope, values = (" WHERE space_id = ?", (space_id,))
        projects = f"SELECT id FROM project{scope}"
        groups, count = self._database.row(
            f"SELECT count(DISTINCT space_id), count(*) FROM project{scope}", values
        )
        [samples, size] = self._database.row(
            "SELECT coalesce(sum(n), 0), coalesce(sum(bytes), 0) FROM"
            " (SELECT count(*) AS n, max(bytes) AS bytes FROM sample"
            f"  WHERE project_id IN ({projects}) AND removed IS NULL"
            "  GROUP BY project_id, media_hash)",
            values,
        )
        [models] = self._database.row(
            f"SELECT count(*) FROM model WHERE project_id IN ({projects})", values
        )
        return Tally(groups, count, samples, models, size)

    def erase_space(self, space_id: str) -> None:
        """Forget one group: afterwards no byte of its words or pictures is left in the folder.

        A cut in the middle leaves files that the next start sweeps. A space that is not
        there is no error.
        """

        def delete(connection: Any) -> None:
            connection.execute("DELETE FROM space WHERE id = ?", (space_id,))

        with self._database.alone():
            projects = "SELECT id FROM project WHERE space_id = ?"
            self._forget([id for (id,) in self._database.rows(projects, (space_id,))], delete)
            self.forget_spare()
            self._database.forget_deleted()

    def erase_all(self) -> None:
        """Forget the class: spaces, projects, pictures, models, measurements with projects, jobs,
        what is in quarantine.

        What stays belongs to the device: `secrets/`, `measurements/` (of `kit bench`, with the
        meters' calibrations), settings under "kit.".
        """

        def delete(connection: Any) -> None:
            for table in ("space", "job", "embedder"):
                connection.execute(f"DELETE FROM {table}")
            connection.execute("DELETE FROM setting WHERE key NOT LIKE 'kit.%'")

        with self._database.alone():
            folders = ("media", "models", LAB, "quarantine", "scratch")
            has_scratch = (self.folder / "scratch").is_dir()
            self._forget([], delete, also=[self.folder / name for name in folders])
            self.forget_spare()
            self._media.make()
            if has_scratch:  # a server's own, for what is being sent to it
                (self.folder / "scratch").mkdir(mode=PRIVATE, exist_ok=True)
            self._database.forget_deleted()

    def _forget_unfinished(self) -> None:
        for (id,) in self._database.rows("SELECT id FROM project WHERE unfinished"):
            self.remove_project(id)

    def _sweep_orphans(self) -> None:
        known: dict[str, set[str]] = {
            id: set() for (id,) in self._database.rows("SELECT id FROM project")
        }
        for project_id, hash, media in self._database.rows(
            "SELECT DISTINCT project_id, media_hash, media FROM sample"
            " UNION SELECT project_id, whole_hash, media FROM sample WHERE whole_hash IS NOT NULL"
        ):
            known[project_id].add(file_name(hash, media))
        self._media.sweep(known)
        if (self.folder / LAB).is_dir():
            for folder in (self.folder / LAB).iterdir():
                if folder.name not in known:
                    shutil.rmtree(folder, ignore_errors=True)


def _open_checked(
    folder: Path, connect: Callable[[Path], Any], disk: Disk, notices: list[Notice]
) -> Database:
    """The database, whole: a broken one is put aside and a fresh one begun."""
    path = folder / "kit.db"
    try:
        database = Database(path, connect=connect)
    except Unavailable as error:
        if error.id != "database-damaged":
            raise
    else:
        try:
            if database.is_whole():
                return database
        except BaseException:
            database.close()
            raise
        database.close()
    notices.append(_quarantine(folder, disk))
    return Database(path, connect=connect)


def _quarantine(folder: Path, disk: Disk) -> Notice:
    """Put the broken database aside, its pictures with it: nothing that could be mended is lost."""
    number = 1
    while (folder / "quarantine" / str(number)).exists():
        number += 1
    place = folder / "quarantine" / str(number)
    with in_words():
        disk.make_folder(place)
        # The pictures first: beside a fresh database they would be swept as nobody's. The database
        # last: as long as it is there, the next start comes here again.
        for name in ("media", LAB, "kit.db-wal", "kit.db-shm", "kit.db"):
            if (folder / name).exists():
                disk.replace(folder / name, place / name)
                disk.sync_folder(place)
                disk.sync_folder(folder)
    return Notice("database-quarantined", {"folder": str(place)})
