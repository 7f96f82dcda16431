"""A folder or a zip, seen alike: relative names with `/` and their bytes. Private to the room."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol

from kit.codecs.archive import Archive
from kit.codecs.picture import MAX_BYTES
from kit.core.errors import BadInput, KitError, TooLarge

_DROPPINGS = {"thumbs.db", "desktop.ini", "__macosx"}


class Tree(Protocol):
    """Where a dataset lies.

    Attributes:
        may_be_wrapped: whether one folder around everything is nothing but packing.
        folders: top-level folders, empty ones too where the tree knows them.
        refused: names that are there and may not be read, with the reason.
    """

    may_be_wrapped: bool
    folders: list[str]
    refused: dict[str, KitError]

    def __iter__(self) -> Iterator[str]:
        """Names of the files, hidden ones and what systems leave behind passed over."""

    def read(self, name: str) -> bytes:
        """The file's bytes. Raises `TooLarge` before reading more than a picture may have."""

    def close(self) -> None: ...


class Folder:
    """A folder on disk, its files and those of its sub-folders. Links that lead out are refused.

    Raises:
        BadInput: "dataset-nested", a folder inside a sub-folder.
    """

    may_be_wrapped = False  # whoever types a path can type the right one

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self.folders: list[str] = []
        self.refused: dict[str, KitError] = {}
        self._files: dict[str, Path] = {}
        for path in self._seen(self._root):
            if path.is_dir():
                self.folders.append(path.name)
                for inner in self._seen(path):
                    if inner.is_dir():
                        raise nested(f"{path.name}/{inner.name}")
                    self._files[f"{path.name}/{inner.name}"] = inner
            else:
                self._files[path.name] = path

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def read(self, name: str) -> bytes:
        path = self._files[name]
        try:
            if not path.is_file():  # a pipe would wait for ever
                raise unreadable(name, "not a plain file")
            _check_size(name, path.stat().st_size)
            return path.read_bytes()
        except OSError as error:
            raise unreadable(name, str(error)) from error

    def close(self) -> None:
        """Nothing is kept open."""

    def _seen(self, folder: Path) -> Iterator[Path]:
        for path in sorted(folder.iterdir()):
            if is_hidden(path.name):
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(self._root):
                name = path.relative_to(self._root).as_posix()
                reason = f"{name} is a link out of the folder"
                self.refused[name] = BadInput("dataset-link-outside", reason, name=name)
                continue
            yield path


class Zip:
    """An archive, already checked and capped. Closing it closes the archive."""

    may_be_wrapped = True  # "compress this folder" puts the folder itself in the zip

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._names = [n for n in archive if not any(map(is_hidden, PurePosixPath(n).parts))]
        self.folders = list(dict.fromkeys(n.split("/", 1)[0] for n in self._names if "/" in n))
        self.refused: dict[str, KitError] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def read(self, name: str) -> bytes:
        _check_size(name, self._archive.size(name))
        return self._archive.read(name)

    def close(self) -> None:
        self._archive.close()


def is_hidden(name: str) -> bool:
    """Names that no pupil gave: dot files, and what Windows and macOS leave behind."""
    return name.startswith(".") or name.lower() in _DROPPINGS


def nested(folder: str) -> BadInput:
    """The error for folders inside the folders of labels."""
    reason = f"{folder}: a label's folder holds pictures, not folders"
    return BadInput("dataset-nested", reason, folder=folder)


def unreadable(name: str, reason: str) -> BadInput:
    """The error for one file that cannot be read."""
    return BadInput("dataset-file-unreadable", f"{name}: {reason}", name=name)


def _check_size(name: str, size: int) -> None:
    if size > MAX_BYTES:
        raise TooLarge("dataset-file-too-large", f"{name}: {size} bytes", name=name)
