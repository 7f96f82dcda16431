"""Whether the data folder can still be written to, said before a lesson is lost.

    look()             every few seconds: the file system's own word, at no cost to the card
    suspect(id)        an error went by that a failing card makes: only then a try to write
    trouble            what is wrong now, or None

A card that fails is turned read-only by the kernel in the middle of a lesson. What is shown from
then on is not kept; each error says so to the one who meets it, and this says it to everybody.
"""

import contextlib
import os
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit.core.errors import Unavailable
from kit.storage.errors import in_words

LITTLE_MB = 200
"""Two classes' pictures: time enough to save projects and to end the class."""
FULL_MB = 4
MEGABYTE = 1024 * 1024

_OF_ERROR = {
    "data-folder-not-writable": "data-went-read-only",
    "disk-failed": "data-failing",
    "disk-full": "data-full",
    "database-damaged": "data-failing",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A sentence for a banner: message id and values; `teachers_only`: nobody else can help it."""

    id: str
    values: Mapping[str, Any] = field(default_factory=dict)
    teachers_only: bool = False


class Watch:
    """Watches one data folder. Thread-safe.

    Args:
        folder: the data folder.
        tell: called with what is wrong now, or None, whenever that changes.
        ask: what the file system says of itself; `os.statvfs`.
    """

    def __init__(
        self,
        folder: Path,
        tell: Callable[[Trouble | None], None] = lambda trouble: None,
        ask: Callable[[Path], os.statvfs_result] = os.statvfs,
    ) -> None:
        self._folder, self._tell, self._ask = folder, tell, ask
        self._lock = threading.Lock()
        self._suspected = ""
        self._trouble: Trouble | None = None

    @property
    def trouble(self) -> Trouble | None:
        """What was wrong at the last look."""
        return self._trouble

    def look(self) -> Trouble | None:
        """Look now. A folder that was in trouble is tried by writing, until it is well again."""
        with self._lock:
            found = self._found()
            changed, self._trouble = found != self._trouble, found
        if changed:
            self._tell(found)
        return found

    def suspect(self, error_id: str) -> None:
        """An error of this id went by; others than a failing card's are passed over."""
        if error_id in _OF_ERROR:
            self._suspected = error_id
            self.look()

    def _found(self) -> Trouble | None:
        if self._suspected == "database-damaged":
            return Trouble("data-failing")  # until the next start, which puts the file aside
        try:
            told = self._ask(self._folder)
        except OSError:
            return Trouble("data-failing")
        if told.f_flag & os.ST_RDONLY:
            return Trouble("data-went-read-only")
        if self._suspected:
            try:
                self._write()
            except Unavailable as error:
                return Trouble(_OF_ERROR.get(error.id, "data-failing"))
            except OSError:
                return Trouble("data-failing")
            self._suspected = ""
        free_mb = told.f_bavail * told.f_frsize // MEGABYTE
        if free_mb < FULL_MB:
            return Trouble("data-full")
        if free_mb < LITTLE_MB:
            # In steps, so that not every picture is news.
            return Trouble("space-little", {"free_mb": free_mb // 10 * 10}, teachers_only=True)
        return None

    def _write(self) -> None:
        with in_words(), contextlib.ExitStack() as stack:
            file = stack.enter_context(tempfile.TemporaryFile(dir=self._folder))
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
