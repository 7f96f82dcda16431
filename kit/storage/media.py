"""Stored samples as files: `media/<project id>/<2 hex>/<sha256>.jpg`, `.wav` or `.json`.

Each project has its own folder, so that forgetting one never asks whether another still
needs a file, and nobody learns from a hash what another group has shown. Inside a project
the same sample is kept once. A file's name here is its hash with its ending.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from kit.core.errors import NotFound
from kit.core.types import Media
from kit.storage.atomic import Disk, atomic_write_many

PRIVATE = 0o700
ENDINGS = {Media.PICTURE: ".jpg", Media.SOUND: ".wav", Media.HANDS: ".json"}


def media_hash(data: bytes) -> str:
    """The name of stored bytes: their sha256 in hex."""
    return hashlib.sha256(data).hexdigest()


def file_name(hash: str, media: Media | str) -> str:
    """The name of the file that holds such bytes.

    >>> file_name("c0ffee", Media.SOUND)
    'c0ffee.wav'
    """
    return hash + ENDINGS[Media(media)]


class MediaFolder:
    """The files. What should be there is the database's to say; this only does it.

    Whoever adds or removes holds the database's write lock meanwhile, else a picture could be
    removed just after it was found to be kept already.
    """

    def __init__(self, folder: Path, disk: Disk) -> None:
        self.folder = folder
        self._disk = disk

    def make(self) -> None:
        """Make the folder, for nobody else to look into: children's pictures, wherever they lie."""
        self._disk.make_folder(self.folder)
        os.chmod(self.folder, PRIVATE)

    def path(self, project_id: str, name: str) -> Path:
        """Where a file lies, or would lie."""
        return self.folder / project_id / name[:2] / name

    def add(self, project_id: str, files: Mapping[str, bytes]) -> list[Path]:
        """Keep files given by name; they last when this returns.

        Returns:
            The files that were not there before, for a caller that must take them back.
        """
        wanted = {self.path(project_id, name): data for name, data in files.items()}
        new = [path for path in wanted if not path.exists()]
        try:
            atomic_write_many([(path, wanted[path]) for path in new], disk=self._disk)
        except BaseException:
            self.take_back(new)
            raise
        # A file found there may owe its name to a write whose folder was never synced.
        for folder in {path.parent for path in wanted} - {path.parent for path in new}:
            self._disk.sync_folder(folder)
        return new

    def take_back(self, paths: Iterable[Path]) -> None:
        """Remove files whose rows were never committed. A failure leaves an orphan, swept later."""
        for path in paths:
            with contextlib.suppress(OSError):
                self._disk.remove(path)

    def read(self, project_id: str, name: str) -> bytes:
        """The stored bytes.

        Raises:
            NotFound: "picture-missing".
        """
        try:
            return self.path(project_id, name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound("picture-missing", f"no file {name} in project {project_id}") from None

    def copy(self, from_project: str, to_project: str, names: Iterable[str]) -> None:
        """Keep the same files for another project, as second names of the same files."""
        folders = set()
        for name in names:
            new = self.path(to_project, name)
            self._disk.make_folder(new.parent)
            folders.add(new.parent)
            try:
                self._disk.link(self.path(from_project, name), new)
            except FileExistsError:
                pass
            except OSError:  # a disk without links (FAT): a copy does as well
                atomic_write_many([(new, self.read(from_project, name))], disk=self._disk)
        for folder in folders:
            self._disk.sync_folder(folder)

    def remove(self, project_id: str, names: Iterable[str]) -> None:
        """Forget files that no row names any more."""
        for name in names:
            self._disk.remove(self.path(project_id, name))

    def remove_project(self, project_id: str) -> None:
        """Forget a project's pictures, all of them."""
        shutil.rmtree(self.folder / project_id, ignore_errors=True)

    def sweep(self, known: Mapping[str, set[str]]) -> int:
        """Remove every file that no row names (project id -> names); say how many."""
        swept = 0
        if not self.folder.is_dir():
            return swept
        for project in self.folder.iterdir():
            names = known.get(project.name)
            if names is None:
                swept += sum(1 for path in project.rglob("*") if path.is_file())
                self.remove_project(project.name)
                continue
            for path in project.glob("*/*"):
                if path.name not in names:
                    self._disk.remove(path)
                    swept += 1
        return swept
