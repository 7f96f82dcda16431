"""Time that a test owns: nothing waits, and everything that should happen meanwhile does."""

import heapq
from collections.abc import Callable
from itertools import count

from kit.core.errors import Unavailable
from kit.core.types import Reading
from kit.devices.meter_base import Probe


class VirtualClock:
    """`core.ports.WaitingClock` whose seconds pass when it is told to wait."""

    def __init__(self, start_s: float = 1000.0) -> None:
        self._now_s = start_s
        self._due: list[tuple[float, int, float, Callable[[], None]]] = []
        self._order = count()

    def monotonic_s(self) -> float:
        return self._now_s

    def wall_s(self) -> float:
        return 1_767_225_600.0 + self._now_s  # 2026

    def sleep(self, seconds: float) -> None:
        """Let time pass, and call whatever is due on the way."""
        until_s = self._now_s + max(0.0, seconds)
        while self._due and self._due[0][0] <= until_s:
            at_s, _, period_s, action = heapq.heappop(self._due)
            self._now_s = max(self._now_s, at_s)
            self._push(at_s + period_s, period_s, action)
            action()
        self._now_s = max(self._now_s, until_s)

    def every(self, period_s: float, action: Callable[[], None]) -> Callable[[], None]:
        """Call it so often from now on; call the result to end that."""
        self._push(self._now_s + period_s, period_s, action)

        def end() -> None:
            self._due = [due for due in self._due if due[3] is not action]
            heapq.heapify(self._due)

        return end

    def _push(self, at_s: float, period_s: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._due, (at_s, next(self._order), period_s, action))


class VirtualSampler:
    """`devices.meter_base.Sampler` in virtual time, in the place of a process of its own."""

    def __init__(self, clock: VirtualClock, probe: Probe, rate_hz: float) -> None:
        self._clock, self._probe, self._rate_hz = clock, probe, rate_hz
        self._readings: list[Reading] = []
        self._trouble: Unavailable | None = None
        self._end: Callable[[], None] = lambda: None

    def start(self) -> None:
        self._ask()
        if self._trouble:
            raise self._trouble
        self._end = self._clock.every(1 / self._rate_hz, self._ask)

    def take(self) -> list[Reading]:
        readings, self._readings = self._readings, []
        if self._trouble and not readings:
            raise self._trouble
        return readings

    def stop(self) -> None:
        self._end()

    def _ask(self) -> None:
        if self._trouble:
            return
        now_s = self._clock.monotonic_s()
        try:
            found = self._probe.read(now_s)
        except Unavailable as trouble:
            self._trouble = trouble
            return
        if found is not None:
            self._readings.append(Reading(now_s, *found))
