"""The return: everything of the loan is overwritten, and a search proves it.

    needles(folder) -> reset(folder) -> search(where, needles) -> []

Before anything goes, a needle is taken from each block of each file: its first bytes. A block
device or an image of one keeps a file's blocks where blocks begin, so the search looks there and
nowhere else, and four gigabytes take minutes. Words that pupils typed lie anywhere in a database,
so they are searched byte by byte. Overwriting goes through the file system: a memory card may keep
old cells that no program can reach, and what was deleted earlier is not overwritten here. The
image's own return, which overwrites the whole partition, is the stronger one.
"""

import filecmp
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.core.errors import NotFound
from kit.storage.atomic import DISK
from kit.storage.errors import in_words

BLOCK, NEEDLE = 4096, 64
MOST_WORDS = 400
SHORTEST_WORD = 6
"""Bytes; shorter ones are found anywhere by chance."""
_PIECE = 4 * 1024 * 1024


@dataclass(frozen=True)
class Needles:
    """What must not be found afterwards.

    Attributes:
        blocks: the first bytes of a file's blocks.
        words: labels' and projects' names, UTF-8.
    """

    blocks: frozenset[bytes]
    words: tuple[bytes, ...]


def needles(data: Path) -> Needles:
    """Taken from a data folder that is about to go."""
    blocks: set[bytes] = set()
    for path in _files(data):
        with path.open("rb") as file:
            while piece := file.read(BLOCK):
                start = piece[:NEEDLE]
                # Blocks of zeros or of one repeated byte are everywhere.
                if len(start) == NEEDLE and len(set(start)) > 8:
                    blocks.add(start)
    return Needles(frozenset(blocks), tuple(_words(data)))


def reset(data: Path, done: Callable[[float], object] = lambda part: None) -> int:
    """Overwrite every file in the folder with zeros, then take it away; the folder stays, empty.

    Returns:
        How many bytes were overwritten.

    Raises:
        Unavailable: "data-folder-not-writable".
    """
    files = list(_files(data))
    total = sum(path.stat().st_size for path in files) or 1
    overwritten = 0
    with in_words():
        for path in files:
            size = path.stat().st_size
            with path.open("r+b") as file:
                left = size
                while left > 0:
                    left -= file.write(bytes(min(_PIECE, left)))
                file.flush()
                os.fsync(file.fileno())
            overwritten += size
            done(overwritten / total)
        for child in list(data.iterdir()):
            shutil.rmtree(child) if child.is_dir() and not child.is_symlink() else child.unlink()
        DISK.sync_folder(data)
    return overwritten


def check_places(defaults: Path | None, where: Sequence[Path]) -> None:
    """Before anything is erased: are the defaults and the devices there?

    Raises:
        NotFound: "return-defaults-missing", "return-nowhere-to-search".
    """
    if defaults is not None and not defaults.is_dir():
        raise NotFound("return-defaults-missing", f"no folder {defaults}", place=str(defaults))
    for place in where:
        if not place.exists():
            raise NotFound("return-nowhere-to-search", f"no {place}", place=str(place))


def search(where: Path, wanted: Needles) -> list[str]:
    """What is left: one line each for the first few; an empty list is the proof.

    Args:
        where: a folder (its files are searched), or a block device, or an image of one.
        wanted: from `needles`.

    Raises:
        NotFound: "return-nowhere-to-search".
    """
    check_places(None, [where])
    found: list[str] = []
    for path in _files(where) if where.is_dir() else [where]:
        found += _search_one(path, wanted)
        if len(found) > 20:
            break
    return found[:20]


def restore(defaults: Path, data: Path, *, settings: bool = True) -> list[str]:
    """Put an association's own words, settings and activities back; the names of what was put.

    What is there already, byte for byte, is left alone, so it costs a card nothing to ask again.

    Args:
        defaults: holds any of lender.toml (and its photo), kit.toml, activities/.
        data: the data folder.
        settings: whether kit.toml is among them.

    Raises:
        NotFound: "return-defaults-missing".
        OSError: no room, or a file cannot be read.
    """
    check_places(defaults, [])
    words = {"lender.toml", "kit.toml"} if settings else {"lender.toml"}
    restored = []
    for child in sorted(defaults.iterdir()):
        picture = child.suffix.lower() in (".jpg", ".jpeg", ".png")
        if child.is_file() and (child.name in words or picture):
            wanted = [child]
        elif child.name == "activities" and child.is_dir():
            wanted = list(_files(child))
        else:
            continue
        # Rights are not copied: a FAT drive shows all as root's alone, and the kit could not read.
        if any([_copy(path, data / path.relative_to(defaults)) for path in wanted]):
            restored.append(child.name)
    return restored


def _copy(source: Path, target: Path) -> bool:
    """Whether it had to be copied."""
    if target.is_file() and filecmp.cmp(source, target, shallow=False):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return True


def _search_one(path: Path, wanted: Needles) -> Iterator[str]:
    overlap = max(map(len, wanted.words), default=1) - 1
    at, tail = 0, b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            for place in range(0, len(piece), BLOCK):
                if piece[place : place + NEEDLE] in wanted.blocks:
                    yield f"{path}: a block of the loan at byte {at + place}"
                    return
            text = tail + piece
            for word in wanted.words:
                if word in text:
                    yield f"{path}: a word of the loan near byte {at}"
                    return
            at += len(piece)
            tail = text[-overlap:] if overlap > 0 else b""


def _words(data: Path) -> Iterable[bytes]:
    if not (data / "kit.db").exists():
        return
    from kit.storage import Store  # brings numpy, which a start does not wait for

    with Store.open(data, read_only=True) as store:
        names = []
        for project in store.projects():
            names += [project.name, *(label.name for label in store.labels(project.id))]
    long = {name.encode() for name in names if len(name.encode()) >= SHORTEST_WORD}
    yield from sorted(long)[:MOST_WORDS]


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path
