"""When a class is over: the same evening, by clocks that cannot be trusted.

A kit has no battery clock. It may believe it is 1970, wake with the time at which it was last
switched off, and jump by years when it first hears a time server. Two clocks are read: the wall
clock, which knows evenings but may be wrong, and the machine's own count of seconds since it was
switched on, which is never wrong but knows no evening. docs/decisions/0005 tells the rule and the
cases it was made for.

Pure arithmetic on numbers handed in; `classroom` owns the thread, the store and the erasing.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

NEVER_SET_BEFORE_S = datetime(2026, 1, 1).timestamp()
"""A wall clock that says earlier than this kit was written was never set."""

JUMP_S = 120.0
"""Clocks drift apart by seconds a day; more than this between two looks means it was set."""

SHORTEST_S = 4 * 3600.0
"""Half a school day. However late a clock claims it is, no class is erased sooner by itself."""

LONGEST_ON_S = 14 * 3600.0
"""A class on a kit that was on for so long in all has seen its evening, whatever the clock says."""


@dataclass(frozen=True, slots=True)
class ClassTime:
    """What is known of the class's age. Kept in the data folder between starts.

    Attributes:
        began_wall_s: when it began, on the wall clock as it reads now.
        on_s: how long the kit was on with this class, by the machine's own count.
        seen_wall_s: the wall clock at the last look.
        until_wall_s: prolonged until then; None: it ends the same evening.
    """

    began_wall_s: float
    on_s: float
    seen_wall_s: float
    until_wall_s: float | None = None

    @classmethod
    def begin(cls, wall_s: float) -> "ClassTime":
        """A class that begins now."""
        return cls(wall_s, 0.0, wall_s)

    def later(self, wall_s: float, passed_s: float) -> "ClassTime":
        """The same class at the next look, `passed_s` seconds of the machine's count later.

        A wall clock that moved otherwise than the machine's count was set meanwhile: what was
        written on the old clock is moved along, so the class is exactly as old as before.
        """
        jump_s = wall_s - self.seen_wall_s - passed_s
        moved = self._moved(jump_s) if abs(jump_s) > JUMP_S else self
        return replace(moved, on_s=self.on_s + passed_s, seen_wall_s=wall_s)

    def after_a_restart(self, wall_s: float) -> "ClassTime":
        """The same class when the kit starts again; how long it was off, only the wall can say.

        It is believed when it has gone forward from a time that was set. Otherwise the class is
        taken to be as old as the kit was on with it.
        """
        believed = wall_s >= self.seen_wall_s and is_set(self.seen_wall_s)
        moved = self if believed else self._moved(wall_s - self.seen_wall_s)
        return replace(moved, seen_wall_s=wall_s)

    def ends_wall_s(self, evening_hour: int) -> float:
        """When it ends by itself, on the wall clock as it reads now.

        The evening hour of the day it began, never sooner than `SHORTEST_S` after it began.
        """
        if self.until_wall_s is not None:
            return self.until_wall_s
        day = datetime.fromtimestamp(self.began_wall_s).replace(minute=0, second=0, microsecond=0)
        evening = day.replace(hour=0) + timedelta(hours=evening_hour)
        return max(evening.timestamp(), self.began_wall_s + SHORTEST_S)

    def is_over(self, evening_hour: int) -> bool:
        """Whether it is to be erased now."""
        if self.until_wall_s is None and self.on_s >= LONGEST_ON_S:
            return True
        return is_set(self.seen_wall_s) and self.seen_wall_s >= self.ends_wall_s(evening_hour)

    def _moved(self, by_s: float) -> "ClassTime":
        until_s = None if self.until_wall_s is None else self.until_wall_s + by_s
        return replace(self, began_wall_s=self.began_wall_s + by_s, until_wall_s=until_s)

    def to_json(self) -> dict[str, Any]:
        """What must be kept to know it again."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "ClassTime":
        """The class that `to_json` kept."""
        return cls(**kept)


def is_set(wall_s: float) -> bool:
    """Whether a wall clock can be believed to have been set at all.

    >>> is_set(0.0)
    False
    """
    return wall_s >= NEVER_SET_BEFORE_S
