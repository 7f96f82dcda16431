"""The energy counters of Intel and AMD processors (RAPL), for a laptop at hand.

    /sys/class/powercap/intel-rapl:0/  name · energy_uj · max_energy_range_uj

They count what the processor package took, and on some machines its memory; not the screen, the
disk or the rest. They wrap round. Most systems let only the administrator read them, because fine
readings of power can betray secrets (CVE-2020-8694); the kit says so and changes nothing.
"""

from dataclasses import dataclass, field
from pathlib import Path

from kit.core.errors import Unavailable
from kit.core.types import INCOMPLETE, MeterInfo, MeterLabel
from kit.devices.meter_base import Power

RATE_HZ = 10.0
ENERGY_UNIT_UJ = 61.0
"""2^-14 J, the usual step of the counter."""
MOST_MW = 1e7
"""Ten kilowatts: above it the counter did not wrap but began anew, after sleep for instance."""


@dataclass
class RaplProbe:
    """Reads the counters.

    Args:
        root: where they lie; a test gives its own.
    """

    root: str = "/sys/class/powercap"
    _ranges: dict[str, int] = field(default_factory=dict, init=False, repr=False)
    _before: dict[str, int] = field(default_factory=dict, init=False, repr=False)
    _before_s: float = field(default=0.0, init=False, repr=False)

    @property
    def name(self) -> str:
        return "rapl"

    def open(self) -> MeterInfo:
        """See which counters there are.

        Raises:
            Unavailable: "meter-missing", or "meter-not-allowed" naming the file.
        """
        zones: dict[str, str] = {}
        for folder in sorted(Path(self.root).glob("intel-rapl:*")):
            name = _text(folder / "name", "meter-missing")
            # "core" and "uncore" are parts of a package; "psys" holds it all once more.
            if name.startswith("package") or name == "dram":
                zones[folder.name] = name
        if not zones:
            raise Unavailable("meter-missing", f"no counter in {self.root}")
        self._ranges = {
            zone: _number(self._file(zone, "max_energy_range_uj"), "meter-missing")
            for zone in zones
        }
        self._before = {}
        for zone in zones:
            _number(self._file(zone, "energy_uj"), "meter-missing")
        return MeterInfo(
            self.name,
            MeterLabel.RAILS,
            RATE_HZ,
            resolution_mw=round(ENERGY_UNIT_UJ * RATE_HZ / 1000, 3),
            blind_spots=("meter-blind-processor-only",),
            details={"counters": [f"{zone} ({name})" for zone, name in zones.items()]},
        )

    def read(self, now_s: float) -> Power | None:
        """Mean power since the last reading; None the first time. Raises `Unavailable`."""
        counted = {
            zone: _number(self._file(zone, "energy_uj"), "meter-lost") for zone in self._ranges
        }
        before, before_s = self._before, self._before_s
        self._before, self._before_s = counted, now_s
        if not before or now_s <= before_s:
            return None
        energy_uj = sum(
            now - before[zone] if now >= before[zone] else now - before[zone] + self._ranges[zone]
            for zone, now in counted.items()
        )
        power_mw = energy_uj / 1000 / (now_s - before_s)
        return (0.0, (INCOMPLETE,)) if power_mw > MOST_MW else (power_mw, ())

    def _file(self, zone: str, name: str) -> Path:
        return Path(self.root) / zone / name


def find_rapl(root: str = "/sys/class/powercap") -> tuple[str, ...]:
    """("rapl",) where the counters exist, readable or not."""
    return ("rapl",) if any(Path(root).glob("intel-rapl:*/energy_uj")) else ()


def _text(path: Path, id: str) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except PermissionError as error:
        raise Unavailable("meter-not-allowed", f"{path}: not allowed", file=str(path)) from error
    except OSError as error:
        raise Unavailable(id, f"{path}: {error.strerror}") from error


def _number(path: Path, id: str) -> int:
    text = _text(path, id)
    try:
        return int(text)
    except ValueError as error:
        raise Unavailable("meter-format", f"{path}: {text!r}", line=text) from error
