"""Zips that come from outside: everything is checked before the first byte is unpacked.

    with Archive(file) as archive:
        for name in archive:
            data = archive.read(name)

Nothing is ever extracted to a path: whoever reads gets bytes by name and decides where they belong.
A zip with one bad entry is refused whole, so that half a class is never imported. `zipfile` reads
no more of an entry than its header declared and checks its sum, so the declared sizes, which the
caps are about, are also the true ones.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Self

from kit.core.errors import BadInput, NotFound, TooLarge

# Fuzzing found each of these: zipfile checks some garbled fields, and trips over the others.
_ZIPFILE_RAISES = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
)
_DROPPINGS = {".DS_Store", "Thumbs.db", "desktop.ini"}
_END, _END64, _LOCATOR64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_END_BYTES, _MOST_COMMENT = 22, 65_535
_DIRECTORY_BYTES_AN_ENTRY = 128
"""46 of fixed fields and a name of the usual length; longer names mean fewer entries."""


@dataclass(frozen=True, slots=True)
class Caps:
    """How much one archive may hold, once unpacked."""

    entries: int = 40_000
    """Twice the 20,000 samples that a project is tested with."""
    entry_bytes: int = 64_000_000
    """A project's manifest and head weights at that size; pictures have their own, lower cap."""
    total_bytes: int = 2_000_000_000
    """Half of what an 8 GB card has left."""
    ratio: int = 100
    """Photos hardly shrink and text shrinks tenfold; only bombs shrink a thousandfold."""


class Archive:
    """A zip whose names, sizes and number have been checked. Iterating gives the files' names.

    Folders, and what macOS and Windows leave behind, are passed over.

    Args:
        file: its bytes, its path, or a seekable binary file (left open).
        caps: how much it may hold.

    Raises:
        BadInput: "archive-not-a-zip", "archive-damaged", "archive-locked", or "archive-unsafe"
            (an absolute name, one with `..`, a link, the same name twice).
        TooLarge: "archive-too-large".

    >>> file = BytesIO()
    >>> with zipfile.ZipFile(file, "w") as made:
    ...     made.writestr("cup/1.txt", "a cup")
    >>> with Archive(file) as archive:
    ...     {name: archive.read(name) for name in archive}
    {'cup/1.txt': b'a cup'}
    """

    def __init__(self, file: bytes | Path | BinaryIO, caps: Caps | None = None) -> None:
        self._caps = caps or Caps()
        self._opened = file.open("rb") if isinstance(file, Path) else None
        source = self._opened or (BytesIO(file) if isinstance(file, bytes) else file)
        try:
            archive_bytes = _check_directory(source, self._caps)
            try:
                self._zip = zipfile.ZipFile(source)
            except _ZIPFILE_RAISES as error:
                raise BadInput("archive-damaged", f"unreadable directory: {error}") from error
            self._entries = _checked(self._zip.infolist(), archive_bytes, self._caps)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close what this archive opened itself."""
        if self._opened is not None:
            self._opened.close()

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def size(self, name: str) -> int:
        """Bytes of that file once unpacked, known without unpacking it."""
        return self._entry(name).file_size

    def read(self, name: str) -> bytes:
        """Unpack one file.

        Raises:
            NotFound: "archive-damaged", no such file: the archive lacks what its reader needs.
            BadInput: "archive-damaged", its content is broken or its check sum wrong.
        """
        entry = self._entry(name)
        try:
            return self._zip.read(entry)
        except _ZIPFILE_RAISES as error:
            raise BadInput("archive-damaged", f"{name}: {error}") from error

    def _entry(self, name: str) -> zipfile.ZipInfo:
        try:
            return self._entries[name]
        except KeyError:
            raise NotFound("archive-damaged", f"no {name!r} in the archive") from None


def walk_archive(
    file: bytes | Path | BinaryIO, caps: Caps | None = None
) -> Iterator[tuple[str, bytes]]:
    """Each file of a zip as (name, bytes), one at a time. Raises as `Archive`, before the first."""
    with Archive(file, caps) as archive:
        for name in archive:
            yield name, archive.read(name)


def _check_directory(file: BinaryIO, caps: Caps) -> int:
    """Refuse a directory of millions of entries, which `zipfile` would load whole.

    Returns:
        The archive's size in bytes.

    Source: PKWARE APPNOTE 6.3.10, 4.3.14 to 4.3.16.
    """
    archive_bytes = file.seek(0, 2)
    file.seek(max(0, archive_bytes - _MOST_COMMENT - _END_BYTES))
    tail = file.read()
    end = tail.rfind(_END)
    if end < 0 or end + _END_BYTES > len(tail):
        file.seek(0)
        if file.read(4) == b"PK\x03\x04":
            raise BadInput("archive-damaged", "the zip is cut off: it has no directory")
        raise BadInput("archive-not-a-zip", "no zip directory found")
    (directory_bytes,) = struct.unpack_from("<I", tail, end + 12)
    if directory_bytes == 0xFFFFFFFF:  # a zip64: the true number stands elsewhere
        locator = tail[max(0, end - 20) : end]
        if not locator.startswith(_LOCATOR64):
            raise BadInput("archive-damaged", "a zip64 without its locator")
        file.seek(min(struct.unpack_from("<Q", locator, 8)[0], archive_bytes))
        record = file.read(56)
        if not record.startswith(_END64) or len(record) < 56:
            raise BadInput("archive-damaged", "a zip64 without its directory record")
        (directory_bytes,) = struct.unpack_from("<Q", record, 40)
    if directory_bytes > caps.entries * _DIRECTORY_BYTES_AN_ENTRY:
        raise TooLarge("archive-too-large", f"a directory of {directory_bytes} bytes")
    return archive_bytes


def _checked(
    infos: list[zipfile.ZipInfo], archive_bytes: int, caps: Caps
) -> dict[str, zipfile.ZipInfo]:
    """The files of an archive by name, once every one of them has passed."""
    if len(infos) > caps.entries:
        raise TooLarge("archive-too-large", f"{len(infos)} entries, at most {caps.entries}")
    entries: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for info in infos:
        _check_name(info)
        if info.is_dir() or _is_dropping(info.filename):
            continue
        if info.filename in entries:
            raise BadInput("archive-unsafe", f"{info.filename} twice", name=info.filename)
        if info.flag_bits & 0x1:
            raise BadInput("archive-locked", f"{info.filename} is encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadInput("archive-damaged", f"{info.filename}: neither stored nor deflated")
        if info.file_size > caps.entry_bytes:
            raise TooLarge("archive-too-large", f"{info.filename}: {info.file_size} bytes")
        total += info.file_size
        entries[info.filename] = info
    if total > caps.total_bytes:
        raise TooLarge("archive-too-large", f"{total} bytes in all, at most {caps.total_bytes}")
    # Over the whole: one small manifest may well shrink two hundredfold, the archive may not. It
    # also catches entries that overlap, each small and all of them the same compressed bytes.
    if total > caps.ratio * archive_bytes:
        raise TooLarge("archive-too-large", f"{total} bytes out of {archive_bytes}")
    return entries


def _check_name(info: zipfile.ZipInfo) -> None:
    """Refuse a name that would leave its folder on any system, and links."""
    name = info.orig_filename  # before zipfile cuts it at a NUL
    path = PurePosixPath(name)
    drive = name[1:2] == ":"
    if not name or "\0" in name or "\\" in name or drive or path.is_absolute():
        raise BadInput("archive-unsafe", f"unsafe name {name!r}", name=name)
    if ".." in path.parts:
        raise BadInput("archive-unsafe", f"{name!r} leads out of the archive", name=name)
    if stat.S_ISLNK(info.external_attr >> 16):
        raise BadInput("archive-unsafe", f"{name!r} is a link", name=name)


def _is_dropping(name: str) -> bool:
    path = PurePosixPath(name)
    return path.parts[0] == "__MACOSX" or path.name in _DROPPINGS
