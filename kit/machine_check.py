"""The self-test's questions to the machine: storage, supply, heat, clock, radio.

One generator a part; the machine is handed in (`devices.health.Health`, or a test's own). What it
does not have or does not tell is said in as many words and breaks nothing.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from kit.class_clock import is_set
from kit.findings import Finding, State

SLOW_MB_S, SLOW_SYNC_MS = 2.0, 150.0
"""A burst is half a megabyte a second, acknowledged within a quarter of a second."""
WORN_PERCENT = 80
HOT_C = 80.0
"""From here on a Raspberry Pi runs slower (raspberrypi.com/documentation, vcgencmd)."""
LOW_NOW, LOW_SINCE = 1 << 0, 1 << 16
SLOWED = (1 << 1 | 1 << 2 | 1 << 3) | (1 << 17 | 1 << 18 | 1 << 19)


class Speed(Protocol):
    """How fast a folder's medium is."""

    @property
    def write_mb_s(self) -> float: ...
    @property
    def sync_ms(self) -> float: ...


class Wear(Protocol):
    """What is told of a medium's age."""

    @property
    def used_percent(self) -> int | None: ...
    @property
    def written_gb(self) -> float | None: ...


class Machine(Protocol):
    """What the machine says of itself; None is what it does not say."""

    def temperature_c(self) -> float | None: ...
    def throttled(self) -> int | None: ...
    def wifi(self) -> Mapping[str, str] | None: ...
    def has_battery_clock(self) -> bool: ...
    def speed(self, folder: Path) -> Speed: ...
    def wear(self, folder: Path) -> Wear: ...


def check_speed(machine: Machine, folder: Path) -> Iterator[Finding]:
    """Write a few megabytes, and say how fast that went."""
    try:
        speed = machine.speed(folder)
    except OSError as error:
        reason = {"reason": error.strerror or repr(error)}
        yield Finding("speed", State.WARNING, "doctor-cannot-tell", reason, repr(error))
        return
    values = {"speed": speed.write_mb_s, "sync_ms": speed.sync_ms}
    if speed.write_mb_s < SLOW_MB_S or speed.sync_ms > SLOW_SYNC_MS:
        yield Finding("speed", State.WARNING, "doctor-storage-slow", values)
    else:
        yield Finding("speed", State.GOOD, "doctor-storage-good", values)


def check_wear(machine: Machine, folder: Path) -> Iterator[Finding]:
    """How much of its life the medium has used, where it tells."""
    wear = machine.wear(folder)
    if wear.used_percent is not None:
        values = {"percent": wear.used_percent}
        if wear.used_percent >= WORN_PERCENT:
            yield Finding("wear", State.WARNING, "doctor-wear-old", values)
        else:
            yield Finding("wear", State.GOOD, "doctor-wear-good", values)
    elif wear.written_gb is not None:
        yield Finding("wear", State.ABSENT, "doctor-wear-written", {"written": wear.written_gb})
    else:
        yield Finding("wear", State.ABSENT, "doctor-wear-unknown")


def check_power(machine: Machine) -> Iterator[Finding]:
    """Whether the supply is, and since the start always was, strong enough."""
    bits = machine.throttled()
    if bits is None:
        yield Finding("power", State.ABSENT, "doctor-power-unknown")
        return
    reason = f"throttled={bits:#x}"
    if bits & LOW_NOW:
        yield Finding("power", State.WARNING, "doctor-power-low", {}, reason)
    elif bits & LOW_SINCE:
        yield Finding("power", State.WARNING, "doctor-power-was-low", {}, reason)
    else:
        yield Finding("power", State.GOOD, "doctor-power-good", {}, reason)


def check_temperature(machine: Machine) -> Iterator[Finding]:
    """How hot it is, and whether heat has slowed it."""
    celsius, bits = machine.temperature_c(), machine.throttled() or 0
    if celsius is None:
        yield Finding("temperature", State.ABSENT, "doctor-temperature-unknown")
        return
    values = {"celsius": celsius}
    if celsius >= HOT_C:
        yield Finding("temperature", State.WARNING, "doctor-temperature-hot", values)
    elif bits & SLOWED:
        yield Finding("temperature", State.WARNING, "doctor-temperature-slowed", values)
    else:
        yield Finding("temperature", State.GOOD, "doctor-temperature-good", values)


def check_clock(machine: Machine, now_s: float) -> Iterator[Finding]:
    """What time it believes it is, and whether it will still know tomorrow."""
    if not is_set(now_s):
        yield Finding("clock", State.WARNING, "doctor-clock-not-set")
        return
    told = {"time": datetime.fromtimestamp(now_s).strftime("%Y-%m-%d %H:%M")}
    if machine.has_battery_clock():
        yield Finding("clock", State.GOOD, "doctor-clock-good", told)
    else:
        yield Finding("clock", State.GOOD, "doctor-clock-no-battery", told)


def check_wifi(machine: Machine) -> Iterator[Finding]:
    """Whether there is a radio, and whether it is on."""
    radios = machine.wifi()
    if radios is None:
        yield Finding("wifi", State.ABSENT, "doctor-wifi-none")
        return
    up = ", ".join(name for name, state in radios.items() if state == "up")
    reason = ", ".join(f"{name} {state}" for name, state in radios.items())
    if up:
        yield Finding("wifi", State.GOOD, "doctor-wifi-on", {"names": up}, reason)
    else:
        yield Finding("wifi", State.GOOD, "doctor-wifi-off", {}, reason)
