"""The self-test for the page: by the teacher, one at a time, the last one remembered."""

import threading
from collections.abc import Callable, Mapping

from kit.booking import Booking
from kit.core.errors import Conflict, NotAllowed, Unavailable
from kit.core.ports import Clock
from kit.core.types import Actor
from kit.doctor import Doctor
from kit.findings import Report

MEASURED_IN_S = 20


class SelfTest:
    """Asks the doctor on somebody's behalf. Thread-safe.

    Args:
        doctor: who examines.
        kit: what this kit is, in texts (`Report.kit`).
        clock: what time it is.
        booking: while the lab has the kit, nothing is examined.
    """

    def __init__(
        self,
        doctor: Doctor,
        kit: Callable[[], Mapping[str, str]],
        clock: Clock,
        booking: Booking,
    ) -> None:
        self._doctor, self._kit, self._clock, self._booking = doctor, kit, clock, booking
        self._lock = threading.Lock()
        self._last: Report | None = None

    def last(self, actor: Actor) -> Report | None:
        """The last report since the kit was started. Raises `NotAllowed` "teachers-only"."""
        _for_teachers(actor)
        return self._last

    def examine(self, actor: Actor) -> Report:
        """Examine every part now; that takes some seconds.

        Raises:
            NotAllowed: "teachers-only".
            Unavailable: "kit-measuring".
            Conflict: "doctor-busy": somebody else is at it.
        """
        _for_teachers(actor)
        if self._booking.is_held:
            raise Unavailable("kit-measuring", "the lab has the kit", wait_s=MEASURED_IN_S)
        if not self._lock.acquire(blocking=False):
            raise Conflict("doctor-busy", "another self-test is under way")
        try:
            findings = tuple(self._doctor.examine())
            self._last = Report(findings, self._clock.wall_s(), dict(self._kit()))
            return self._last
        finally:
            self._lock.release()


def _for_teachers(actor: Actor) -> None:
    if not actor.runs_the_class:
        raise NotAllowed("teachers-only", f"a {actor.role} may not ask for this")
