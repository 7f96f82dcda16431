"""MicroPython's `select`: real bytes of a real pseudo-terminal, waited for in virtual time."""

from uselect import POLLIN, POLLOUT  # the u asks for the one that is built in
from uselect import poll as _poll
from world import world

_LOOP_US = 60
"""What the firmware's own statements cost once round: no loop is free."""


class poll:
    def __init__(self):
        self._real = _poll()
        self._flags = 0

    def register(self, stream, flags):
        self._flags = flags
        self._real.register(stream, flags)

    def poll(self, ms):
        if self._flags == POLLOUT:
            # Never "not just now": how fast the test reads must not change what it reads.
            return [] if world.deaf else self._real.poll(-1)
        came = self._real.poll(0)
        if not came:
            world.pass_time(ms * 1000 + _LOOP_US, lambda: bool(self._real.poll(0)))
            came = self._real.poll(0)
        return came


__all__ = ["POLLIN", "POLLOUT", "poll"]
