"""What the kit keeps, and keeps through a power cut: SQLite and media files in one data folder.

The rule of the room: **what was acknowledged is on the disk.** A verb of `Store` returns
only after the files it needs were written and synced, their folder too, and the rows that
name them were committed with `synchronous=FULL`. Files come before the rows that need
them; rows go before the files they needed. Whatever a cut leaves between the two is an
orphan file, and the next start sweeps it.

Who may come in: `library`, `studio`, `classroom` and `jobs`, through `Store`; anyone who
writes a file that must not be torn, through `atomic_write`. This room knows no actor, no
picture format and no clock: it orders by numbers that only rise.
"""

from kit.storage.atomic import Disk, atomic_file, atomic_write, atomic_write_many
from kit.storage.records import LabelCount, NewSample, Notice, Removed, StoredModel, Tally
from kit.storage.store import Store

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
