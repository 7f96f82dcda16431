"""Records what the store asks of the disk, and says what a disk may hold after a cut.

Two recorders write one log, so that database and pictures keep their order: `RecordingDisk`
stands under `atomic_write` and the media, and a SQLite VFS (by APSW) under the database. The
store itself is the real one, unmodified.

    log of events -> PretendDisk, fed up to the cut -> one of its Survivals -> a folder to open

What POSIX promises, and no more: bytes last after fsync of their file, names after fsync of
their folder. Whatever was not synced may be there, or not, or in part.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from kit.storage import Disk

SECTOR = 512
"""What a disk writes whole; a write longer than this may be torn between two sectors."""


class Log(list):
    """Events in order: (verb, path, …). `note` puts the test's own among them."""

    def note(self, verb: str, what: Any) -> None:
        self.append((verb, what))


class RecordingDisk(Disk):
    """The real disk, and a line in the log for each deed."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def write_new(self, path: Path, data: bytes) -> None:
        super().write_new(path, data)
        self._log += [("create", path), ("write", path, 0, data), ("sync", path)]

    def replace(self, old: Path, new: Path) -> None:
        super().replace(old, new)
        self._log.append(("rename", old, new))

    def link(self, old: Path, new: Path) -> None:
        super().link(old, new)
        self._log.append(("link", old, new))

    def remove(self, path: Path) -> None:
        if path.exists():
            self._log.append(("unlink", path))
        super().remove(path)

    def make_folder(self, path: Path) -> None:
        if not path.is_dir():
            self.make_folder(path.parent)
            self._log.append(("mkdir", path))
            super().make_folder(path)  # its own sync of the parent comes after, as below

    def sync_folder(self, path: Path) -> None:
        super().sync_folder(path)
        self._log.append(("sync folder", path))


class _RecordingFile(apsw.VFSFile):
    def __init__(self, log: Log, name: Any, flags: list[int]) -> None:
        self._log = log
        self._path = Path(name.filename() if isinstance(name, apsw.URIFilename) else name)
        # SQLite's unix VFS syncs the folder with the first sync of a journal or a log.
        self._owes_folder = bool(flags[0] & (apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL))
        if not self._path.exists():
            log.append(("create", self._path))
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self._log.append(("write", self._path, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:
        super().xTruncate(size)
        self._log.append(("truncate", self._path, size))

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._log.append(("sync", self._path))
        if self._owes_folder:
            self._log.append(("sync folder", self._path.parent))
            self._owes_folder = False


class RecordingVFS(apsw.VFS):
    """SQLite's own file layer, and a line in the log for each deed."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.name = f"recording-{id(log)}"
        super().__init__(self.name, "")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        return _RecordingFile(self._log, name, flags)

    def xDelete(self, name: str, sync_folder: bool) -> None:
        super().xDelete(name, sync_folder)
        self._log.append(("unlink", Path(name)))
        if sync_folder:
            self._log.append(("sync folder", Path(name).parent))


def connector(vfs: RecordingVFS, synchronous: str) -> Callable[[Path], apsw.Connection]:
    """How a store is to connect: through the recorder, with this `synchronous`, small logs."""

    class Recorded(apsw.Connection):
        def execute(self, sql: str, *values: Any) -> Any:
            if sql.startswith("PRAGMA synchronous"):
                sql = f"PRAGMA synchronous = {synchronous}"
            return super().execute(sql, *values)

    def connect(path: Path) -> apsw.Connection:
        connection = Recorded(str(path), vfs=vfs.name)
        connection.execute("PRAGMA wal_autocheckpoint = 30")  # let checkpoints be cut too
        return connection

    return connect


@dataclass
class _File:
    """Bytes that last, and changes that may not have reached the disk."""

    lasting: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def surviving(self, keeps: Callable[[], bool]) -> bytes:
        content = bytearray(self.lasting)
        for offset, data in self.pending:
            if data is None:
                if keeps():
                    _truncate(content, offset)
                continue
            for start in range(0, len(data), SECTOR):
                if keeps():
                    _write(content, offset + start, data[start : start + SECTOR])
        return bytes(content)

    def sync(self) -> None:
        for offset, data in self.pending:
            if data is None:
                _truncate(self.lasting, offset)
            else:
                _write(self.lasting, offset, data)
        self.pending.clear()


@dataclass
class Survival:
    """What of the unsynced happens to reach the disk."""

    name: str
    keeps_name: Callable[[], bool]
    keeps_sector: Callable[[], bool]


def survivals(seed: int) -> list[Survival]:
    """The two cruellest disks, the kindest, and one that throws dice."""
    dice = random.Random(seed)

    def never() -> bool:
        return False

    def always() -> bool:
        return True

    def perhaps() -> bool:
        return dice.random() < 0.5

    return [
        Survival("nothing unsynced", never, never),
        Survival("names without their bytes", always, never),
        Survival("everything", always, always),
        Survival("by dice", perhaps, perhaps),
    ]


class PretendDisk:
    """A disk that was told the events so far."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._names: dict[Path, _File | None] = {}  # as running programs see them; None: a folder
        self._lasting_names: dict[Path, _File | None] = {}
        self._pending_names: list[tuple[Path, list[tuple[Path, _File | str | None]]]] = []

    def tell(self, event: tuple) -> None:
        """One event more."""
        verb, path, *rest = event
        match verb:
            case "mkdir":
                self._rename_all([(path, None)])
            case "create":
                self._rename_all([(path, _File())])
            case "rename":
                [new] = rest
                self._rename_all([(path, "gone"), (new, self._names[path])])
            case "link":
                [new] = rest
                self._rename_all([(new, self._names[path])])
            case "unlink":
                self._rename_all([(path, "gone")])
            case "write":
                self._names[path].pending.append(tuple(rest))
            case "truncate":
                self._names[path].pending.append((rest[0], None))
            case "sync":
                self._names[path].sync()
            case "sync folder":
                self._sync_folder(path)
            case _:
                raise ValueError(verb)

    def _rename_all(self, changes: list[tuple[Path, Any]]) -> None:
        """One change of names, which lasts whole or not at all (both names in one folder)."""
        assert len({path.parent for path, _ in changes}) == 1
        _apply(self._names, changes)
        self._pending_names.append((changes[0][0].parent, changes))

    def _sync_folder(self, folder: Path) -> None:
        for changed, changes in self._pending_names:
            if changed == folder:
                _apply(self._lasting_names, changes)
        self._pending_names = [each for each in self._pending_names if each[0] != folder]

    def after_a_cut(self, survival: Survival, place: Path) -> None:
        """Write below `place` what a disk holds that was cut off now."""
        names = dict(self._lasting_names)
        for _, changes in self._pending_names:
            if survival.keeps_name():
                _apply(names, changes)
        place.mkdir()
        for path, file in sorted(names.items(), key=lambda item: len(item[0].parts)):
            target = place / path.relative_to(self._root)
            if not target.parent.is_dir():
                continue  # its folder's own name did not last
            if file is None:
                target.mkdir(exist_ok=True)
            else:
                target.write_bytes(file.surviving(survival.keeps_sector))


def _apply(names: dict[Path, Any], changes: list[tuple[Path, Any]]) -> None:
    for path, file in changes:
        if isinstance(file, str):
            names.pop(path, None)
        else:
            names[path] = file


def _write(content: bytearray, offset: int, data: bytes) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def _truncate(content: bytearray, size: int) -> None:
    del content[size:]
    content.extend(bytes(size - len(content)))
