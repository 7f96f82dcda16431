"""What this machine is, as far as it says so itself: for a measurement's record.

Each thing is asked where Linux keeps it; what a machine does not tell is None, never a guess.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit import __version__
from kit.core.types import MachineState
from kit.devices.meter_estimate import busy_s

_SYS = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
_THERMAL = Path("/sys/class/thermal/thermal_zone0/temp")
SOFTWARE = Path("/run/mallette/software.json")
"""What the image's start says of the software that runs (`kit/appliance/software.py`)."""


def describe() -> dict[str, Any]:
    """The board, its processor and system; things that do not change while measuring."""
    return {
        "board": board(),
        "processors": os.cpu_count(),
        "architecture": platform.machine(),
        "system": _system(),
        "python": platform.python_version(),
    }


def identity() -> dict[str, str]:
    """What this kit is, for a report that a person reads and a lender files."""
    return {
        "name": platform.node(),
        "version": __version__,
        "board": board() or platform.machine(),
        "system": _system(),
        "serial": _text(Path("/proc/device-tree/serial-number")) or "",
    }


def look() -> MachineState:
    """What may change while measuring: governor, temperature, throttling, work done."""
    temperature = _text(_THERMAL)
    try:
        worked_s: float | None = busy_s()[0]
    except (OSError, ValueError):  # not Linux
        worked_s = None
    return MachineState(
        governor=_text(_SYS),
        temperature_c=int(temperature) / 1000 if temperature else None,
        throttled=_throttled(),
        busy_s=worked_s,
    )


class MachineClock:
    """The machine's own clock (`core.ports.WaitingClock`), the one that meters' readings are on."""

    def monotonic_s(self) -> float:
        """Seconds since some time in the past, never backwards."""
        return time.monotonic()

    def wall_s(self) -> float:
        """Seconds since 1970, as far as this machine knows."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


def board() -> str | None:
    """The board's name from its device tree, else the processor's from /proc/cpuinfo."""
    model = _text(Path("/proc/device-tree/model")) or _text(
        Path("/sys/devices/virtual/dmi/id/product_name")
    )
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in (_text(Path("/proc/cpuinfo")) or "").splitlines()
            if line.startswith("model name")
        ),
        None,
    )
    return ", ".join(part for part in (model, processor) if part) or None


def software_notices(path: Path = SOFTWARE) -> list[tuple[str, Mapping[str, Any]]]:
    """What whoever looks at the kit must know of its updates, as (id, values).

    >>> software_notices(Path("/nowhere"))
    []
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        said = [told.get("problem"), told.get("update")]
        return [(one["id"], one["values"]) for one in said if one]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def peak_memory_mb() -> float:
    """The most memory this process ever had resident, in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)  # bytes there, kilobytes here


def _throttled() -> int | None:
    """A Raspberry Pi's own word on whether it ran slower to stay cool: bits.

    It says `throttled=0x50005`.
    """
    try:
        told = subprocess.run(
            ["vcgencmd", "get_throttled"], capture_output=True, text=True, timeout=5, check=True
        )
        return int(told.stdout.strip().partition("=")[2], 16)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _system() -> str:
    for line in (_text(Path("/etc/os-release")) or "").splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.partition("=")[2].strip('"')
    return platform.platform()


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip("\0\n ") or None
    except OSError:
        return None
