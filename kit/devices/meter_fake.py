"""A meter made of words: for tests, and for trying the lab with no meter at all.

    meter = FakeMeter(now=clock.monotonic_s)
    meter.draw(2.5)                    the board idles
    meter.draw(5.1)                    the board works
    meter.drift(30)                    and draws 30 mW more each minute
    meter.unplug(); meter.replug()

Its readings come at an even beat of whatever clock it was given, so with a clock that a test owns
twenty seconds of readings take no time. It is chosen by name only, never by itself.
"""

import time
from bisect import bisect_right
from collections.abc import Callable

import numpy as np

from kit.core.errors import Unavailable
from kit.core.types import FULL_SCALE, NEGATIVE, Mark, MeterInfo, MeterLabel, Reading
from kit.devices.meter_base import check_mark

RATE_HZ = 100.0
_AT_REST_W = 2.5


class FakeMeter:
    """A meter that reads what it is told is drawn.

    Args:
        now: its clock, seconds.
        rate_hz: readings a second.
        noise_mw: standard deviation of each reading.
        full_scale_w: where it clips; None never.
        label: what it says its figures rest on.
        seed: of the noise.
    """

    name = "fake"

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.monotonic,
        rate_hz: float = RATE_HZ,
        noise_mw: float = 5.0,
        full_scale_w: float | None = None,
        label: MeterLabel = MeterLabel.INPUT,
        seed: int = 0,
    ) -> None:
        self._now = now
        self._rate_hz = rate_hz
        self._noise_mw = noise_mw
        self._full_scale_w = full_scale_w
        self._label = label
        self._random = np.random.default_rng(seed)
        # What was drawn from when on, rising in time.
        self._since_s: list[float] = [-np.inf]
        self._watts: list[float] = [_AT_REST_W]
        self._drift_from_s, self._drift_mw_per_minute = now(), 0.0
        self._restarted_s: list[float] = []
        self._unplugged_at_s: float | None = None
        self._is_open = self._runs = False
        self._taken_s = 0.0
        self._marks: list[Mark] = []

    # --- the physical world ---

    def draw(self, watts: float) -> None:
        """From now on the board draws this much; below 0 the current runs backwards."""
        self._since_s.append(self._now())
        self._watts.append(watts)

    def drift(self, mw_per_minute: float) -> None:
        """From now on it draws so much more each minute, as a board does while it warms up."""
        self._drift_from_s, self._drift_mw_per_minute = self._now(), mw_per_minute

    def unplug(self) -> None:
        """Pull its cable."""
        if self._unplugged_at_s is None:
            self._unplugged_at_s = self._now()

    def replug(self) -> None:
        """Push the cable in again; its clock starts anew, as a Pico's does. `open` finds it."""
        if self._unplugged_at_s is not None:
            self._unplugged_at_s = None
            self._is_open = self._runs = False
            self.restart()

    def restart(self) -> None:
        """Its clock starts anew in the middle of things, and nobody is told."""
        self._restarted_s.append(self._now())

    # --- core.ports.Meter ---

    def open(self) -> MeterInfo:
        """Find it. Raises `Unavailable`, "meter-missing", while it is unplugged."""
        if self._unplugged_at_s is not None:
            raise Unavailable("meter-missing", "fake: unplugged")
        self._is_open, self._runs = True, False
        return MeterInfo(
            self.name,
            self._label,
            self._rate_hz,
            resolution_mw=self._noise_mw or None,
            blind_spots=("meter-blind-fake",),
            details={"noise_mw": self._noise_mw},
        )

    def start(self) -> None:
        """Begin to take readings. Raises `Unavailable`, "meter-lost"."""
        self._check(self._is_open)
        self._runs, self._taken_s = True, self._now()
        self._marks.clear()

    def mark(self, text: str) -> None:
        """Put a word between the readings. Raises `Unavailable`, "meter-lost"."""
        check_mark(text)
        self._check(self._runs)
        self._marks.append(Mark(self._now(), text))

    def take(self) -> list[Reading | Mark]:
        """Readings and marks since the last time. Raises `Unavailable`, "meter-lost"."""
        gone_s = self._unplugged_at_s
        until_s = self._now() if gone_s is None else gone_s
        if not self._runs or (gone_s is not None and self._taken_s >= gone_s):
            self._runs = False
            self._check(False)
        first, last = (int(np.floor(s * self._rate_hz)) for s in (self._taken_s, until_s))
        times = np.arange(first + 1, last + 1) / self._rate_hz
        self._taken_s = until_s
        events = [
            *(mark for mark in self._marks if gone_s is None or mark.at_s <= gone_s),
            *map(self._reading, times, self._random.normal(0, 1, len(times)) * self._noise_mw),
        ]
        self._marks.clear()
        return [self._on_own_clock(event) for event in sorted(events, key=lambda one: one.at_s)]

    def stop(self) -> None:
        """Take no more. Safe to call twice."""
        self._runs = False

    def close(self) -> None:
        """Let it go. Safe to call twice."""
        self._is_open = self._runs = False

    def _reading(self, at_s: float, noise_mw: float) -> Reading:
        watts = self._watts[bisect_right(self._since_s, at_s) - 1]
        minutes = max(0.0, at_s - self._drift_from_s) / 60
        power_mw = watts * 1000 + minutes * self._drift_mw_per_minute + noise_mw
        flags: tuple[str, ...] = ()
        if self._full_scale_w is not None and power_mw >= self._full_scale_w * 1000:
            power_mw, flags = self._full_scale_w * 1000, (FULL_SCALE,)
        if power_mw < 0:
            flags += (NEGATIVE,)
        return Reading(float(at_s), float(power_mw), flags)

    def _on_own_clock(self, event: Reading | Mark) -> Reading | Mark:
        restarts = bisect_right(self._restarted_s, event.at_s)
        at_s = event.at_s - (self._restarted_s[restarts - 1] if restarts else 0.0)
        if isinstance(event, Mark):
            return Mark(at_s, event.text)
        return Reading(at_s, event.power_mw, event.flags)

    def _check(self, well: bool) -> None:
        if not well:
            raise Unavailable("meter-lost", "fake: unplugged, or not started")
