"""How the machine is: what Linux and the board's firmware say themselves, read where they say it.

`Health` answers questions (`kit.doctor.Machine`); what a machine does not tell is None, never a
guess. Nothing is changed but one file of `SPEED_BYTES` in the data folder, written and gone.
"""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

SPEED_BYTES = 8 * 1024 * 1024
SYNCS = 12
_WEAR_STEP = 10
"""A life time of n means: between 10 (n - 1) and 10 n percent used (JEDEC eMMC 5.0)."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast the data folder's medium takes what it is given.

    Attributes:
        write_mb_s: megabytes a second, synced to the medium.
        sync_ms: median of writing 4 KB so that a power cut does not lose it.
    """

    write_mb_s: float
    sync_ms: float


@dataclass(frozen=True, slots=True)
class Wear:
    """What is told of the medium's age.

    Attributes:
        used_percent: of its life, upper bound; SD cards do not tell, eMMC and some USB sticks do.
        written_gb: to this file system since it was made, by ext4's own count.
    """

    used_percent: int | None
    written_gb: float | None


class Health:
    """This machine.

    Args:
        root: where /proc and /sys hang; a test has its own.
        run: runs a program and gives back what it printed; raises OSError where there is none.
    """

    def __init__(
        self, root: Path = Path("/"), run: Callable[[list[str]], str] | None = None
    ) -> None:
        self._root = root
        self._run = run or _run

    def temperature_c(self) -> float | None:
        """Of the hottest zone that the kernel measures, °C."""
        found = []
        for file in self._root.glob("sys/class/thermal/thermal_zone*/temp"):
            text = _text(file)
            if text and re.fullmatch(r"-?\d+", text):
                found.append(int(text) / 1000)
        return max(found, default=None)

    def throttled(self) -> int | None:
        """A Raspberry Pi's bits on supply and heat since it was switched on; None: not a Pi.

        Bits 0 and 16: under-voltage now, and since; 1 and 17: clock capped; 2 and 18: throttled;
        3 and 19: soft temperature limit (raspberrypi.com/documentation, vcgencmd get_throttled).
        """
        try:
            told = self._run(["vcgencmd", "get_throttled"])
        except (OSError, subprocess.SubprocessError):
            told = _text(self._root / "sys/devices/platform/soc/soc:firmware/get_throttled") or ""
        found = re.search(r"(?:throttled=)?(0x)?([0-9a-fA-F]+)\s*$", told)
        return int(found[2], 16) if found else None

    def wifi(self) -> dict[str, str] | None:
        """Radio -> "up", "down" or "blocked"; None: this machine has none."""
        radios = {}
        for phy in sorted(self._root.glob("sys/class/net/*/phy80211")):
            folder = phy.parent
            blocked = any(
                _text(switch / state) == bad
                for switch in (folder / "phy80211").glob("rfkill*")
                for state, bad in (("soft", "1"), ("hard", "1"))
            )
            state = _text(folder / "operstate") or "unknown"
            radios[folder.name] = "blocked" if blocked else "up" if state == "up" else "down"
        return radios or None

    def has_battery_clock(self) -> bool:
        """Whether the time survives the plug being pulled."""
        # A Pi 5's clock is there without its battery, too, and then forgets: it says so itself.
        for clock in self._root.glob("sys/class/rtc/rtc*"):
            voltage = _text(clock / "battery_voltage")
            if voltage is None or (voltage.isdecimal() and int(voltage) > 1_000_000):
                return True
        return False

    def speed(self, folder: Path) -> Speed:
        """Measure it. Raises OSError where nothing can be written."""
        block = os.urandom(64 * 1024)  # what is all zeros, some media do not write
        with tempfile.TemporaryFile(dir=folder) as file:
            began_s = time.perf_counter()
            for _ in range(SPEED_BYTES // len(block)):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
            took_s = time.perf_counter() - began_s
            syncs_ms = []
            for number in range(SYNCS):
                file.seek(number * 4096)
                file.write(block[:4096])
                file.flush()
                before_s = time.perf_counter()
                os.fsync(file.fileno())
                syncs_ms.append((time.perf_counter() - before_s) * 1000)
        return Speed(SPEED_BYTES / 1e6 / max(took_s, 1e-6), median(syncs_ms))

    def wear(self, folder: Path) -> Wear:
        """What is told of the medium on which this folder lies."""
        number = os.stat(folder).st_dev
        block = self._root / f"sys/dev/block/{os.major(number)}:{os.minor(number)}"
        device = block.resolve()
        written = _text(self._root / f"sys/fs/ext4/{device.name}/lifetime_write_kbytes")
        used = None
        for place in (device / "device", device.parent / "device"):
            life = _text(place / "life_time")
            if life:
                steps = [int(word, 16) for word in life.split()]
                used = max(steps) * _WEAR_STEP if max(steps) else None
        return Wear(used, int(written) / 1e6 if written and written.isdecimal() else None)


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)
    return done.stdout.strip()


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip("\0\n ") or None
    except OSError:
        return None
