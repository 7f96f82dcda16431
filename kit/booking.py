"""The kit, booked: while a measurement runs, everything else that can wait does.

    with booking.hold():            a measurement: waits for work under way, keeps new work away
    with booking.work("picture"):   keeping pictures, a burst: waits for a measurement, or refuses
    booking.is_held                 live pictures and answers look here, and pause
    booking.wait_until_free(1)      and wait here

It is no lock on data: nothing breaks where somebody goes on, the figures get worse.
"""

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kit.core.errors import Unavailable

LONGEST_WORK_S = 10.0
"""A burst ends by itself after six seconds; a measurement waits for no more than this."""
WAITING_AT_MOST = 4
"""Requests that may wait at once: each holds a thread, and some must stay for who presses Stop."""
LEAST_WAIT_S = 2


class Booking:
    """Held by one measurement at a time. Thread-safe.

    Args:
        tell: called with True when it is held and with False when it is free again.
        now: a clock that only rises, seconds.

    >>> booking = Booking()
    >>> with booking.hold():
    ...     booking.is_held
    True
    >>> booking.is_held, booking.wait_until_free(0)
    (False, True)
    """

    def __init__(
        self,
        tell: Callable[[bool], object] = lambda held: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tell, self._now = tell, now
        self._changed = threading.Condition()
        self._held = False
        self._until_s = 0.0
        self._waiting = 0
        self._under_way: Counter[str] = Counter()
        self._lately: set[str] = set()

    @property
    def is_held(self) -> bool:
        """Whether a measurement runs."""
        return self._held

    @property
    def left_s(self) -> int:
        """Whole seconds that it will be held yet, as far as is known; at least 2, or 0 if free."""
        if not self._held:
            return 0
        return max(LEAST_WAIT_S, math.ceil(self._until_s - self._now()))

    @contextmanager
    def hold(self, expected_s: float = 0.0) -> Iterator[None]:
        """Book the kit for as long as the block runs, after whoever has it now.

        New work is kept away at once; work under way is let end, for at most `LONGEST_WORK_S`.

        Args:
            expected_s: how long it will take, for those who ask.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._held)
            self._held = True
            self._until_s = self._now() + expected_s
        self._tell(True)
        try:
            with self._changed:
                self._changed.wait_for(lambda: not self._under_way.total(), LONGEST_WORK_S)
            yield
        finally:
            with self._changed:
                self._held = False
                self._changed.notify_all()
            self._tell(False)

    @contextmanager
    def work(self, word: str, wait_s: float = 0.0) -> Iterator[None]:
        """Do something that a measurement would hear, once there is none.

        Args:
            word: what it is, for the lab's power line.
            wait_s: how long it may wait; at most `WAITING_AT_MOST` wait at once.

        Raises:
            Unavailable: "kit-measuring", with `wait_s`: when to try again. Nothing was begun.
        """
        with self._changed:
            if self._held and self._waiting < WAITING_AT_MOST:
                self._waiting += 1
                try:
                    self._changed.wait_for(lambda: not self._held, wait_s)
                finally:
                    self._waiting -= 1
            if self._held:
                raise Unavailable("kit-measuring", "the lab has the kit", wait_s=self.left_s)
            self._under_way[word] += 1
            self._lately.add(word)
        try:
            yield
        finally:
            with self._changed:
                self._under_way[word] -= 1
                self._changed.notify_all()

    def wait_until_quiet(self, timeout_s: float) -> bool:
        """Wait while work is under way, at most so long; say whether there is none."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._under_way.total(), timeout_s)

    def busy_with(self) -> set[str]:
        """Words of the work under way, and of what was begun since this was last asked."""
        with self._changed:
            lately, self._lately = self._lately, set()
            return lately | set(+self._under_way)

    def wait_until_free(self, timeout_s: float) -> bool:
        """Wait while it is held, at most so long; say whether it is free."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._held, timeout_s)
