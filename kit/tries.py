"""A secret of six digits is enough when guessing is slow: waits that grow with every wrong try.

Each client waits longer after each wrong try of its own, and all of them together wait a little
once there were many: thirty tablets are thirty clients. The wait for all is short, so that a pupil
who plays with the code cannot keep the teacher out for long.
"""

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass

from kit.core.errors import TooManyTries
from kit.core.ports import Clock

FREE = 3
"""Wrong tries of one client before it waits at all: fingers slip."""
LONGEST_WAIT_S = 300.0
FREE_FOR_ALL = 20
"""Wrong tries of all clients together before all of them wait."""
LONGEST_WAIT_FOR_ALL_S = 20.0
"""At one try in 20 s, a school day of guessing finds a code of six digits once in 700 days."""
CLIENTS = 1000
"""Clients remembered; whoever changes address more often still meets the wait for all."""


@dataclass(slots=True)
class _Record:
    wrong: int = 0
    until_s: float = -math.inf

    def add(self, now_s: float, free: int, longest_s: float) -> None:
        self.wrong += 1
        if self.wrong >= free:
            self.until_s = now_s + min(longest_s, 2.0 ** min(self.wrong - free, 30))


class Tries:
    """Who tried, how often, and how long they wait now. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._clients: OrderedDict[str, _Record] = OrderedDict()
        self._all = _Record()

    def take(self, client: str, right: bool) -> None:
        """Count one try.

        Args:
            client: who tries; its address.
            right: whether the try was right. It is looked at only when no wait is due, so a
                guess made while waiting tells nothing.

        Raises:
            TooManyTries: "code-wait", `wait_s` whole seconds from now. Such a try is not counted.
        """
        with self._lock:
            now_s = self._clock.monotonic_s()
            record = self._clients.get(client, _Record())
            wait_s = max(record.until_s, self._all.until_s) - now_s
            if wait_s > 0:
                seconds = math.ceil(wait_s)
                raise TooManyTries("code-wait", f"{client} waits {seconds} s", wait_s=seconds)
            if right:
                self._clients.pop(client, None)
                self._all = _Record()
                return
            self._clients[client] = record
            self._clients.move_to_end(client)
            if len(self._clients) > CLIENTS:
                self._clients.popitem(last=False)
            record.add(now_s, FREE, LONGEST_WAIT_S)
            self._all.add(now_s, FREE_FOR_ALL, LONGEST_WAIT_FOR_ALL_S)
