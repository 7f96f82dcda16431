"""The kit, booked: while a measurement runs, everything else that can wait does.

    with booking.hold():        a measurement
    booking.is_held             live pictures and answers look here, and pause
    booking.wait_until_free(1)  and wait here

Whoever must not wait (a request that holds one of the server's threads) refuses at once and says
for how long. It is no lock on data: nothing breaks where somebody goes on, the figures get worse.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Booking:
    """Held by one measurement at a time. Thread-safe.

    Args:
        tell: called with True when it is held and with False when it is free again.

    >>> booking = Booking()
    >>> with booking.hold():
    ...     booking.is_held
    True
    >>> booking.is_held, booking.wait_until_free(0)
    (False, True)
    """

    def __init__(self, tell: Callable[[bool], object] = lambda held: None) -> None:
        self._tell = tell
        self._changed = threading.Condition()
        self._held = False

    @property
    def is_held(self) -> bool:
        """Whether a measurement runs."""
        return self._held

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Book the kit for as long as the block runs, after whoever has it now."""
        with self._changed:
            self._changed.wait_for(lambda: not self._held)
            self._held = True
        self._tell(True)
        try:
            yield
        finally:
            with self._changed:
                self._held = False
                self._changed.notify_all()
            self._tell(False)

    def wait_until_free(self, timeout_s: float) -> bool:
        """Wait while it is held, at most so long; say whether it is free."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._held, timeout_s)
