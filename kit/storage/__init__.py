"""What the kit keeps, and keeps through a power cut: SQLite and media files in one data folder.

The rule of the room: **what was acknowledged is on the disk.** A verb of `Store` returns
only after the files it needs were written and synced, their folder too, and the rows that
name them were committed with `synchronous=FULL`. Files come before the rows that need
them; rows go before the files they needed. Whatever a cut leaves between the two is an
orphan file, and the next start sweeps it.

Who may come in: `library`, `studio`, `classroom` and `jobs`, through `Store`; anyone who
writes a file that must not be torn, through `atomic_write`. This room knows no actor, no
picture format and no clock: it orders by numbers that only rise.

What needs numpy is imported when it is first asked for: an appliance's first program writes files
as carefully as the store does, and starts in half the time without it.
"""

import importlib
from typing import TYPE_CHECKING, Any

from kit.storage.atomic import Disk, atomic_file, atomic_write, atomic_write_many

if TYPE_CHECKING:
    from kit.storage.records import LabelCount, NewSample, Notice, Removed, StoredModel, Tally
    from kit.storage.store import Store

_WITH_NUMPY = {
    "LabelCount": "records",
    "NewSample": "records",
    "Notice": "records",
    "Removed": "records",
    "Store": "store",
    "StoredModel": "records",
    "Tally": "records",
}
"""Name -> the module of this room that has it."""

__all__ = [
    "Disk",
    "LabelCount",
    "NewSample",
    "Notice",
    "Removed",
    "Store",
    "StoredModel",
    "Tally",
    "atomic_file",
    "atomic_write",
    "atomic_write_many",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for (PEP 562)."""
    if name not in _WITH_NUMPY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{_WITH_NUMPY[name]}"), name)
    globals()[name] = found
    return found
