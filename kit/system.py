"""What a teacher does to the system under the kit: Wi-Fi, clock, switch; and what it tells.

    wifi(off)   set_clock(…)   switch_off()   state()   left_the_room()

On a computer that does other things, too, there is no appliance: every deed is refused in words,
and the pages leave these parts out. Nothing here has a right to do anything: `core.ports.Appliance`
asks whoever has.
"""

import logging
import os
import threading
import time
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from kit.booking import Booking
from kit.class_clock import is_set
from kit.core.appliance import Status, Word, check_wall
from kit.core.errors import BadInput, KitError, NotAllowed, NotFound, Unavailable
from kit.core.ports import Appliance, Clock
from kit.core.types import Actor, Job

_log = logging.getLogger(__name__)

ZONE, WIFI_OFF = "kit.time-zone", "kit.wifi-off-at-class-end"  # outlive a class
CLOSE_ENOUGH_S = 2
"""A clock that is as right as this is left alone."""
WRITES_WITHIN_S = 10.0
"""A burst ends by itself after six seconds; what comes in is on the card a moment later."""
LOOK_EVERY_S = 60.0
WATCHED_FOR_S = 600.0
"""After a page was shown: nobody looks longer at its foot."""


class Shelf(Protocol):
    """Where settings are kept: `storage.Store`."""

    def get(self, key: str, default: Any = None) -> Any: ...

    def set(self, key: str, value: Any) -> None: ...


class System:
    """The verbs. Thread-safe.

    Args:
        appliance: asks for it to be done.
        store: where the zone and the Wi-Fi's end are kept.
        clock: the kit's own; may jump, by this very room.
        booking: held while a measurement runs.
        under_way: the jobs that run or wait.
        wifi_off_at_class_end: as it was set in kit.toml.
        time_zone: as it was set in kit.toml.
        use_zone: makes this process tell time in that zone.
        tell: called with a message id that every page shall say.
    """

    def __init__(
        self,
        appliance: Appliance,
        store: Shelf,
        clock: Clock,
        booking: Booking,
        *,
        under_way: Callable[[], Sequence[Job]] = tuple,
        wifi_off_at_class_end: bool = True,
        time_zone: str = "Europe/Paris",
        use_zone: Callable[[str], None] = lambda zone: None,
        tell: Callable[[str], None] = lambda message_id: None,
    ) -> None:
        self._appliance, self._store, self._clock = appliance, store, clock
        self._booking, self._under_way = booking, under_way
        self._off_by_file = wifi_off_at_class_end
        self._use_zone, self._tell = use_zone, tell
        self.is_leaving = False
        self._lock = threading.Lock()
        self._looked_s = self._shown_s = clock.monotonic_s() - WATCHED_FOR_S
        self.zone = ""
        if self.is_here:
            self._be_in(str(store.get(ZONE, time_zone)))

    # --- what it tells ---

    @property
    def is_here(self) -> bool:
        """Whether this machine is the kit's own."""
        return self._appliance.name != "none"

    @property
    def wifi_is_on(self) -> bool | None:
        """Whether the radio may speak; None: no appliance, or none that says."""
        status = self._appliance.status()
        return status.wifi_on if status is not None else None

    def left_the_room(self) -> Status | None:
        """What left, as last counted; None where nothing is counted. For everybody."""
        self._shown_s = self._clock.monotonic_s()
        status = self._appliance.status()
        return status if status is not None and status.left is not None else None

    def state(self, actor: Actor) -> dict[str, Any]:
        """Everything that the teacher's page shows of the system.

        Raises:
            NotAllowed: "teachers-only".
            NotFound: "appliance-none".
        """
        status = self._for_teachers(actor)
        return {
            "wifi": status.wifi,
            "wifi_on": status.wifi_on,
            "wifi_off_at_class_end": self.wifi_off_at_class_end,
            "now_s": self._clock.wall_s(),
            "clock_set": is_set(self._clock.wall_s()),
            "zone": self.zone,
            "under_way": self.what_is_under_way(),
            "left": None if status.left is None else dict(status.left),
            "refused": dict(status.refused),
            "problem": status.problem or None,
        }

    def what_is_under_way(self) -> list[str]:
        """Words of what a switch-off would end: "measure", "train", "import" and the like."""
        verbs = [job.verb for job in self._under_way()]
        return list(dict.fromkeys((["measure"] if self._booking.is_held else []) + verbs))

    # --- Wi-Fi ---

    @property
    def wifi_off_at_class_end(self) -> bool:
        """As the page has it, until kit.toml says otherwise than when that was chosen."""
        kept = self._store.get(WIFI_OFF)
        if isinstance(kept, Mapping) and kept.get("file") is self._off_by_file:
            return bool(kept.get("chosen"))
        return self._off_by_file

    def choose_wifi_at_class_end(self, actor: Actor, off: bool) -> None:
        """Choose it for this and the next classes. Raises as `state`."""
        self._for_teachers(actor)
        self._store.set(WIFI_OFF, {"chosen": off, "file": self._off_by_file})

    def wifi(self, actor: Actor | None, on: bool, *, at_the_kit: bool = False) -> None:
        """Let the radio speak, or silence it a moment from now.

        Whoever stands before the kit may switch it on again without a code: a plug could do it too.

        Raises:
            NotAllowed: "teachers-only".
            NotFound: "appliance-none".
            Unavailable: "wifi-not-wished", "appliance-silent", "appliance-failed".
        """
        if not (on and at_the_kit):
            self._for_teachers(actor)
        self._appliance.ask(Word.WIFI_ON if on else Word.WIFI_OFF)

    def class_ended(self) -> None:
        """Forget which screens were there, with the class; silence the radio if that was chosen.

        It takes a while and answers nobody, so it goes on by itself.
        """
        if not self.is_here:
            return
        word = Word.WIFI_OFF if self.wifi_off_at_class_end else Word.ERASE_LEASES
        # A daemon: whoever stops the server meanwhile does not wait for the radio.
        threading.Thread(
            target=self._quietly, args=(word,), name="class-ended", daemon=True
        ).start()

    # --- clock ---

    def set_clock(self, actor: Actor, wall_s: int, zone: str) -> None:
        """Set the kit's clock as the teacher's screen has it.

        Args:
            wall_s: whole seconds since 1970.
            zone: name of a time zone, as browsers and zoneinfo say it.

        Raises:
            NotAllowed: "teachers-only".
            NotFound: "appliance-none".
            BadInput: "clock-implausible", "zone-unknown".
            Unavailable: "kit-measuring": times are being taken; "appliance-silent".
        """
        self._for_teachers(actor)
        try:
            check_wall(wall_s)
        except ValueError as error:
            raise BadInput("clock-implausible", str(error)) from error
        if zone not in zoneinfo.available_timezones():
            raise BadInput("zone-unknown", f"no zone {zone!r}", name=zone[:80])
        if self._booking.is_held:
            left_s = self._booking.left_s
            raise Unavailable("kit-measuring", "the lab has the kit", wait_s=left_s)
        if abs(wall_s - self._clock.wall_s()) > CLOSE_ENOUGH_S:
            self._appliance.ask(Word.SET_CLOCK, wall_s)
        if zone != self.zone:
            self._store.set(ZONE, zone)
            self._be_in(zone)

    def _be_in(self, zone: str) -> None:
        if zone in zoneinfo.available_timezones():
            self.zone = zone
            self._use_zone(zone)
        else:
            _log.error("no time zone %r here: it is left as it is", zone)

    # --- switch ---

    def switch_off(self, actor: Actor, *, restart: bool = False) -> None:
        """Switch the kit off, or start it again, once what is being kept is on the card.

        Raises:
            NotAllowed: "teachers-only".
            NotFound: "appliance-none".
            Unavailable: "appliance-silent".
        """
        self._for_teachers(actor)
        self._booking.wait_until_quiet(WRITES_WITHIN_S)
        os.sync()
        self._appliance.ask(Word.RESTART if restart else Word.POWER_OFF)
        self.is_leaving = True
        self._tell("kit-restarting" if restart else "kit-switching-off")

    # --- counting ---

    def look(self) -> None:
        """Have the counters read, once a minute where a page shows them and nobody measures."""
        with self._lock:
            now_s = self._clock.monotonic_s()
            if not self.is_here or now_s - self._looked_s < LOOK_EVERY_S:
                return
            if self._booking.is_held or now_s - self._shown_s > WATCHED_FOR_S:
                return
            self._looked_s = now_s
        self._quietly(Word.LOOK)

    def _quietly(self, word: Word) -> None:
        try:
            self._appliance.ask(word)
        except KitError as error:
            _log.warning("%s: %s", word, error)

    def _status(self) -> Status:
        status = self._appliance.status()
        if status is None:
            raise NotFound("appliance-none", "this machine is no appliance")
        return status

    def _for_teachers(self, actor: Actor | None) -> Status:
        if actor is None or not actor.runs_the_class:
            raise NotAllowed("teachers-only", "the system under the kit is the teacher's")
        return self._status()


def use_zone(zone: str) -> None:
    """Make this process tell time in that zone, its children too."""
    os.environ["TZ"] = zone
    time.tzset()
