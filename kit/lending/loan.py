"""The loan in numbers: what classes did with the kit since it was lent. Counts and nothing else.

They must outlive each class's end, which erases everything else; so a class is counted just before
it goes. Kept under "kit.": only the return erases them, after they were printed.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields

from kit.storage import Store

LOAN = "kit.loan"


@dataclass(frozen=True, slots=True)
class Counts:
    """What was done. `joules` are those that the lab measured, never estimated ones."""

    lessons: int = 0
    groups: int = 0
    projects: int = 0
    pictures: int = 0
    models: int = 0
    activities: int = 0
    """How often a project of an activity was begun."""
    hours: float = 0.0
    """With a class on it."""
    joules: float = 0.0

    def __add__(self, other: "Counts") -> "Counts":
        mine, theirs = asdict(self), asdict(other)
        return Counts(**{name: mine[name] + theirs[name] for name in mine})

    @classmethod
    def of(cls, kept: Mapping[str, float] | None) -> "Counts":
        """From what was kept; a field that a newer kit wrote is passed over."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in (kept or {}).items() if name in known})


class Loan:
    """Counts classes. Thread-safe as far as the store is; called under the classroom's lock.

    Args:
        store: where the counts are kept.
        joules: what the lab measured in the projects that there are now.
    """

    def __init__(self, store: Store, joules: Callable[[], float] = lambda: 0.0) -> None:
        self._store, self._joules = store, joules

    def count_class(self, on_s: float) -> None:
        """A class ends now; called before it is erased.

        Args:
            on_s: how long the kit was on with it.
        """
        self._store.set(LOAN, asdict(self.so_far() + self._now(on_s)))

    def so_far(self) -> Counts:
        """The classes that have ended."""
        return Counts.of(self._store.get(LOAN))

    def whole(self, on_s: float = 0.0) -> Counts:
        """Those, and the one that is there now, if any."""
        now = self._now(on_s)
        return self.so_far() + now if now.projects else self.so_far()

    def _now(self, on_s: float) -> Counts:
        own = [project for project in self._store.projects() if not project.is_example]
        tally = self._store.tally()
        return Counts(
            lessons=1,
            groups=len({project.space_id for project in own}),
            projects=len(own),
            pictures=sum(project.samples for project in own),
            models=tally.models,
            activities=sum(project.activity is not None for project in own),
            hours=round(on_s / 3600, 2),
            joules=round(self._joules(), 3),
        )
