"""The class: groups known by an animal, the teacher's code, and the end that erases.

    join(animal) -> Actor      enter_code(code) -> Actor      end_class() -> nothing is left

Nobody has an account. A group is whoever picked the animal; a teacher is whoever read the code
where the kit runs. The code lives in memory only and is another one at each start. The end of the
class makes every session void by raising the `epoch` that each session carries.

On loopback there is no class: whoever sits at the kit owns the data folder, and nothing is erased
by itself.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from kit.class_clock import ClassTime, is_set
from kit.core.animals import ANIMALS
from kit.core.errors import BadInput, NotAllowed
from kit.core.ports import Clock
from kit.core.shapes import LOCAL_SPACE
from kit.core.types import Actor, Role
from kit.storage import Notice, Store
from kit.tries import Tries

_log = logging.getLogger(__name__)

EPOCH = "kit.class-epoch"  # under "kit.": must outlive the erasing, or old sessions would come back
CLASS_TIME = "class-time"
KEPT_EVERY_S = 600.0
"""How often the class's age is written down: an SD card wears with every write."""
LONGEST_PROLONGED_H = 24 * 30
"""A workshop's month. Whoever needs longer exports the projects."""


class Everything(Protocol):
    """What the class's end asks of the library."""

    def forget_everything(self) -> None: ...

    def put_example_back(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Group:
    """One animal on the page where groups pick theirs."""

    animal: str
    taken: bool


class Classroom:
    """One class at a time. Thread-safe.

    Args:
        store: where spaces and the class's age are kept.
        library: what the end erases through, so that nothing still writes meanwhile.
        clock: the wall's time and the machine's own; may jump.
        is_class: False on loopback.
        evening_hour: local hour, 1..24, at which a class ends by itself.
        tell: called with a message id when the class has ended.
        count: called before a class is erased, with the seconds that the kit was on with it.

    Attributes:
        code: the teacher's code, six digits.
        teacher_key: what a session carries once the code was right; another one at each start.
        notices: what whoever starts the kit must be told.
    """

    def __init__(
        self,
        store: Store,
        library: Everything,
        clock: Clock,
        *,
        is_class: bool,
        evening_hour: int = 18,
        tell: Callable[[str], None] = lambda message_id: None,
        count: Callable[[float], None] = lambda on_s: None,
    ) -> None:
        self.is_class = is_class
        self.code = f"{secrets.randbelow(10**6):06d}"
        self.teacher_key = secrets.token_urlsafe(16)
        self.notices: list[Notice] = []
        self._store = store
        self._library = library
        self._clock = clock
        self._evening_hour = evening_hour
        self._tell = tell
        self._count = count
        self._tries = Tries(clock)
        self._lock = threading.RLock()
        self._looked_s = self._kept_s = clock.monotonic_s()
        self._when_ended: Callable[[], None] = lambda: None
        self._epoch = int(store.get(EPOCH, 1))
        kept = store.get(CLASS_TIME)
        self._time = None if kept is None else ClassTime.from_json(kept)
        if is_class and self._time is not None:
            self._meet_a_class_left_over(self._time)

    # --- who asks ---

    @property
    def epoch(self) -> int:
        """The number of this class in this data folder; a session of another one is void."""
        return self._epoch

    def groups(self, actor: Actor | None = None) -> list[Group]:
        """Every animal, and whether a group has it. Asked before anybody is anyone."""
        taken = {space.id for space in self._store.spaces()}
        return [Group(animal, animal in taken) for animal in ANIMALS]

    def join(self, animal: str) -> Actor:
        """Become a group; several browsers may be one. The first group begins the class.

        Raises:
            BadInput: "animal-unknown".
            NotAllowed: "no-class-here": the kit serves only whoever sits at it.
        """
        if not self.is_class:
            raise NotAllowed("no-class-here", "this server is on loopback: there are no groups")
        if animal not in ANIMALS:
            raise BadInput("animal-unknown", f"no animal {animal!r}")
        return self._enter(animal)

    def sit_at_the_kit(self) -> Actor:
        """Become the group of the kit's own screen, which has no animal: its space is the kit's.

        Whoever calls this has made sure that the browser runs on the kit. It is a group as any: the
        class's end erases what it made, and the teacher's desk asks it for the code.

        Raises:
            NotAllowed: "no-class-here".
        """
        if not self.is_class:
            raise NotAllowed("no-class-here", "this server is on loopback: there are no groups")
        return self._enter(LOCAL_SPACE)

    def enter_code(self, code: str, client: str, actor: Actor | None = None) -> Actor:
        """Become the teacher.

        Args:
            code: what was typed; spaces do not count.
            client: the address it came from.
            actor: who the browser was until now; its animal stays.

        Raises:
            NotAllowed: "code-wrong".
            TooManyTries: "code-wait", with `wait_s`.
        """
        typed = "".join(code.split()).encode()
        right = secrets.compare_digest(typed, self.code.encode())  # in constant time
        self._tries.take(client, right)
        if not right:
            _log.warning("a wrong teacher's code from %s", client)
            raise NotAllowed("code-wrong", f"wrong code from {client}")
        return Actor(Role.TEACHER, actor.space_id if actor else None)

    def session(
        self, animal: str | None, teacher_key: str | None, epoch: int | None
    ) -> Actor | None:
        """Who a browser is, by what its signed cookie says; None: it has to pick an animal.

        Args:
            animal: the one it joined with, if any; the kit's own screen has its space there.
            teacher_key: the one it was given for the right code, if any.
            epoch: of the class that it joined.
        """
        if not self.is_class:
            return Actor(Role.LOCAL, LOCAL_SPACE)
        known = animal in ANIMALS or animal == LOCAL_SPACE  # the kit's own screen
        there = animal if epoch == self._epoch and known else None
        if teacher_key and secrets.compare_digest(teacher_key.encode(), self.teacher_key.encode()):
            return Actor(Role.TEACHER, there)
        return Actor(Role.GROUP, there) if there else None

    # --- the end ---

    def ends_at_text(self) -> str | None:
        """When the class ends by itself, ISO 8601 with its offset.

        None: there is no class, or the clock was never set and the kit cannot say.
        """
        with self._lock:
            if not self.is_class or self._time is None or not is_set(self._clock.wall_s()):
                return None
            self._look()  # the clock may have been set since
            ends_s = self._time.ends_wall_s(self._evening_hour)
        return datetime.fromtimestamp(ends_s).astimezone().isoformat(timespec="minutes")

    @property
    def on_s(self) -> float:
        """For how many seconds the kit was on with the class that there is; 0 without one."""
        with self._lock:
            self._look()
            return self._time.on_s if self._time is not None else 0.0

    @property
    def prolonged(self) -> bool:
        """Whether somebody asked for a later end."""
        return self._time is not None and self._time.until_wall_s is not None

    def what_goes(self, actor: Actor) -> dict[str, Any]:
        """How much `end_class` would erase.

        Raises:
            NotAllowed: "teachers-only".
        """
        _for_teachers(actor)
        tally = self._store.tally()
        groups = sum(space.id != LOCAL_SPACE for space in self._store.spaces())
        return {
            "groups": groups,
            "projects": tally.projects,
            "samples": tally.samples,
            "models": tally.models,
            "bytes": tally.bytes,
        }

    def prolong(self, actor: Actor, hours: float) -> None:
        """End the class so many hours from now instead of this evening.

        Raises:
            NotAllowed: "teachers-only".
            BadInput: "hours-out-of-range"; "clock-not-set": no later end can be told by it.
        """
        _for_teachers(actor)
        if not 0 < hours <= LONGEST_PROLONGED_H:
            raise BadInput("hours-out-of-range", f"{hours} hours", most=LONGEST_PROLONGED_H)
        with self._lock:
            now_s = self._clock.wall_s()
            if not is_set(now_s):
                raise BadInput("clock-not-set", "the kit's clock was never set")
            self._look()
            time = self._time or ClassTime.begin(now_s)
            self._keep_time(ClassTime(time.began_wall_s, time.on_s, now_s, now_s + hours * 3600.0))

    def end_class(self, actor: Actor) -> None:
        """Erase every group's work, the animals too; then put the ready example back.

        Raises:
            NotAllowed: "teachers-only".
            Unavailable: the disk did not let go; what could be erased is.
        """
        _for_teachers(actor)
        self._erase()

    def when_ended(self, deed: Callable[[], None]) -> None:
        """Have this done, too, after each end from now on; it must not wait."""
        self._when_ended = deed

    def look_at_the_clock(self) -> bool:
        """End the class if its evening has come; called every so often. Says whether it ended."""
        with self._lock:
            if not self.is_class or self._time is None:
                return False
            self._look()
            if not self._time.is_over(self._evening_hour):
                return False
            self._erase()
        return True

    # --- inside ---

    def _enter(self, space_id: str) -> Actor:
        """A group is there; the first one begins the class."""
        with self._lock:
            self._store.add_space(space_id)
            if self._time is None:
                self._looked_s = self._clock.monotonic_s()
                self._keep_time(ClassTime.begin(self._clock.wall_s()))
        return Actor(Role.GROUP, space_id)

    def _look(self) -> None:
        if self._time is None:
            return
        now_s = self._clock.monotonic_s()
        before = self._time
        self._time = before.later(self._clock.wall_s(), max(0.0, now_s - self._looked_s))
        self._looked_s = now_s
        if now_s - self._kept_s >= KEPT_EVERY_S or self._time.began_wall_s != before.began_wall_s:
            self._keep_time(self._time)

    def _keep_time(self, time: ClassTime) -> None:
        self._time = time
        self._kept_s = self._clock.monotonic_s()
        self._store.set(CLASS_TIME, time.to_json())

    def _meet_a_class_left_over(self, time: ClassTime) -> None:
        self._keep_time(time.after_a_restart(self._clock.wall_s()))
        if self._time.is_over(self._evening_hour):
            self._erase()
            self.notices.append(Notice("class-left-over-erased", {}))
        else:
            self.notices.append(Notice("class-still-here", {}))

    def _erase(self) -> None:
        with self._lock:
            # First the sessions: a browser that still asks while rows go must be a stranger.
            self._store.set(EPOCH, self._epoch + 1)
            self._epoch += 1
            if self.is_class and self._time is not None:
                try:
                    self._count(self._time.on_s)
                except Exception:  # nothing keeps a class from being erased
                    _log.exception("the class was not counted")
            self._library.forget_everything()
            self._time = None
            self._library.put_example_back()
        _log.info("the class has ended; its work was erased")
        self._tell("class-ended")
        if self.is_class:
            self._when_ended()


def _for_teachers(actor: Actor) -> None:
    if not actor.runs_the_class:
        raise NotAllowed("teachers-only", f"a {actor.role} may not do this")
