"""What this machine is, as far as it says so itself: for a measurement's record.

Each thing is asked where Linux keeps it; what a machine does not tell is None, never a guess.
"""

import os
import platform
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

_SYS = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
_THERMAL = Path("/sys/class/thermal/thermal_zone0/temp")


def describe() -> dict[str, Any]:
    """The board, its processor and system; things that do not change while measuring."""
    return {
        "board": board(),
        "processors": os.cpu_count(),
        "architecture": platform.machine(),
        "system": _system(),
        "python": platform.python_version(),
    }


def state() -> dict[str, Any]:
    """What may change while measuring: governor, temperature, throttling."""
    temperature = _text(_THERMAL)
    return {
        "governor": _text(_SYS),
        "temperature_c": int(temperature) / 1000 if temperature else None,
        "throttled": _throttled(),
    }


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


def peak_memory_mb() -> float:
    """The most memory this process ever had resident, in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)  # bytes there, kilobytes here


def _throttled() -> str | None:
    """A Raspberry Pi's own word on whether it ran slower to stay cool: bits, in hex."""
    try:
        told = subprocess.run(
            ["vcgencmd", "get_throttled"], capture_output=True, text=True, timeout=5, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.strip().partition("=")[2] or None


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
