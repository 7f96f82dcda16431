"""One writer a data folder: `kit.lock`, held for as long as the process lives.

`flock`, not the mere existence of a file: the kernel lets go when the holder dies, so a
power cut or a crash never leaves a folder locked.
"""

import fcntl
import os
from pathlib import Path

from kit.core.errors import Conflict
from kit.storage.errors import in_words


class FolderLock:
    """Holds `kit.lock` of a data folder until `release`.

    Raises:
        Conflict: "data-folder-busy", naming the process that has it.
    """

    def __init__(self, folder: Path) -> None:
        with in_words():
            self._descriptor = os.open(
                folder / "kit.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._descriptor, 20, 0).decode("ascii", "replace").strip() or "?"
            os.close(self._descriptor)
            raise Conflict(
                "data-folder-busy",
                f"{folder} is in use by another kit (process {holder})",
                folder=str(folder),
                process=holder,
            ) from None
        os.truncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode("ascii"), 0)

    def release(self) -> None:
        """Let the folder go. Safe to call twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
