"""What every meter that must be asked shares: a process of its own that asks, and marks in between.

A *probe* is one outside thing that can be asked for its power now. `PolledMeter` makes a
`core.ports.Meter` of it. Asking is done by another process (`meter_sampler`), so that the meter
neither holds Python's lock nor stops between two pictures. Both processes read the same monotonic
clock of the system, so a mark made here and a reading made there stand on one clock.
"""

import json
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Protocol

from kit.core.errors import Unavailable
from kit.core.types import Mark, MeterInfo, Reading

READY_WITHIN_S = 30.0
"""A Zero 2 W takes some seconds to start Python."""
_STOP_WITHIN_S = 2.0
_MARK = re.compile(r"[a-z0-9-]{1,24}")

Power = tuple[float, tuple[str, ...]]
"""Milliwatts and the flags of the reading."""


class Probe(Protocol):
    """One outside thing that can be asked for its power: a dataclass of plain values."""

    @property
    def name(self) -> str:
        """By which it is chosen."""

    def open(self) -> MeterInfo:
        """Find it. Raises `Unavailable`."""

    def read(self, now_s: float) -> Power | None:
        """Ask it now; None where there is nothing to say yet (a counter's first reading).

        Raises:
            Unavailable: "meter-lost" or "meter-format".
        """


class Sampler(Protocol):
    """Asks a probe, so many times a second, from `start` to `stop`."""

    def start(self) -> None: ...

    def take(self) -> list[Reading]: ...

    def stop(self) -> None: ...


class PolledMeter:
    """A probe as a meter.

    Args:
        probe: what is asked.
        sampler: makes what asks it, given the probe and how often; a test gives its own.
        now: the clock of marks, the same as the sampler's.
    """

    def __init__(
        self,
        probe: Probe,
        *,
        sampler: Callable[[Probe, float], Sampler] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = probe.name
        self._probe = probe
        self._make_sampler = sampler or ProcessSampler
        self._now = now
        self._sampler: Sampler | None = None
        self._marks: list[Mark] = []
        self._rate_hz = 0.0
        self._trouble: Unavailable | None = None

    def open(self) -> MeterInfo:
        """Find the probe. Raises `Unavailable`."""
        self.stop()
        info = self._probe.open()
        self._rate_hz = info.rate_hz
        self._trouble = None
        return info

    def start(self) -> None:
        """Begin to ask. Raises `Unavailable`."""
        if not self._rate_hz:
            raise Unavailable("meter-lost", f"{self.name} is not open")
        self.stop()
        sampler = self._make_sampler(self._probe, self._rate_hz)
        sampler.start()
        self._sampler = sampler

    def mark(self, text: str) -> None:
        """Put a word between the readings. Raises `Unavailable`, "meter-lost"."""
        check_mark(text)
        if self._trouble is not None or self._sampler is None:
            raise self._trouble or Unavailable("meter-lost", f"{self.name} takes no readings")
        self._marks.append(Mark(self._now(), text))

    def take(self) -> list[Reading | Mark]:
        """What arrived, readings and marks in order of time. Raises `Unavailable`."""
        if self._trouble is not None or self._sampler is None:
            raise self._trouble or Unavailable("meter-lost", f"{self.name} takes no readings")
        try:
            readings = self._sampler.take()
        except Unavailable as trouble:
            self.stop()
            self._trouble = trouble
            raise
        events = sorted([*self._marks, *readings], key=lambda event: event.at_s)
        self._marks.clear()
        return events

    def stop(self) -> None:
        """Ask no more. Safe to call twice."""
        self._marks.clear()
        if self._sampler is not None:
            self._sampler.stop()
            self._sampler = None

    def close(self) -> None:
        """Let it go. Safe to call twice."""
        self.stop()
        self._rate_hz = 0.0


def check_mark(text: str) -> None:
    """Refuse what cannot be a mark. Raises ValueError."""
    if not _MARK.fullmatch(text):
        raise ValueError(f"{text!r} is no mark: 1 to 24 of a-z, 0-9 and -")


def _given(probe: Probe) -> dict[str, str | float | None]:
    """What the probe was made with, so that another process can make the same."""
    return {field.name: getattr(probe, field.name) for field in fields(probe) if field.init}


class ProcessSampler:
    """Asks from a process of its own and hears the readings through a pipe.

    The pipe holds 64 KB, which is more than a minute of readings at 20 a second.
    """

    def __init__(self, probe: Probe, rate_hz: float) -> None:
        told = {"probe": type(probe).__name__, "rate_hz": rate_hz, "fields": _given(probe)}
        self._command = [sys.executable, "-m", "kit.devices.meter_sampler", json.dumps(told)]
        self._process: subprocess.Popen | None = None
        self._half = b""
        self._trouble: Unavailable | None = None

    def start(self) -> None:
        """Start the process and wait until it has asked once. Raises `Unavailable`."""
        home = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path},
        )
        pipe = self._process.stdout
        os.set_blocking(pipe.fileno(), False)
        deadline = time.monotonic() + READY_WITHIN_S
        while b"\n" not in self._half:
            if not select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
                self.stop()
                raise Unavailable("meter-lost", f"no word in {READY_WITHIN_S} s: {self._command}")
            self._hear()
            if self._trouble is not None:
                break
        try:
            self.take()
            if self._trouble is not None:
                raise self._trouble
        except Unavailable:
            self.stop()
            raise

    def take(self) -> list[Reading]:
        """What came since the last time. Raises `Unavailable` once it all was handed over."""
        self._hear()
        *lines, self._half = self._half.split(b"\n")
        readings = []
        for told in map(json.loads, lines):
            if told[0] == "reading":
                readings.append(Reading(told[1], told[2], tuple(told[3])))
            elif told[0] == "trouble":
                self._trouble = Unavailable(told[1], told[2], **told[3])
        if self._trouble is not None and not readings:
            raise self._trouble
        return readings

    def stop(self) -> None:
        """End the process: it ends by itself once nobody holds its standard input."""
        process, self._process = self._process, None
        if process is None:
            return
        process.stdin.close()
        try:
            process.wait(_STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def _hear(self) -> None:
        while self._process is not None:
            try:
                heard = os.read(self._process.stdout.fileno(), 65536)
            except BlockingIOError:
                return
            if not heard:
                if self._trouble is None:
                    self._trouble = Unavailable("meter-lost", "the process that asks it has ended")
                return
            self._half += heard
