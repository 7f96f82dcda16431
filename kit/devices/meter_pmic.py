"""A Raspberry Pi 5's own power chip, asked through `vcgencmd pmic_read_adc`.

It tells voltage and current of some twelve inner supplies; their products' sum is what the board's
own chips draw. The input (`EXT5V`) has only a voltage, so input power cannot be read. One asking
takes about 23 ms, hence few a second. Supplies are paired by name: the numbers in brackets differ
between voltage and current, and one supply has had two names (`0V8_SW`, `0V8_SYS`).

A line of an unknown form is left out aloud; a supply that was there and is missing makes that one
reading incomplete. Nothing is filled in.
"""

import logging
import math
import re
import subprocess
from dataclasses import dataclass, field
from typing import Any

from kit.core.errors import Unavailable
from kit.core.types import INCOMPLETE, NEGATIVE, MeterInfo, MeterLabel
from kit.devices.meter_base import Power

RATE_HZ = 4.0
"""Less than half of what is advised at most (10): each asking starts a program and takes 23 ms."""
_TIMEOUT_S = 2.0
_LINE = re.compile(
    r"\s*(?P<rail>\w+)_(?P<kind>[AV])\s+(?:current|volt)\(\d+\)=(?P<value>-?\d+(?:\.\d+)?)(?P<unit>[AV])\s*"
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """One answer of the chip.

    Attributes:
        power_mw: supply -> milliwatts, of those with voltage and current.
        unpaired: names of those with only one of them.
        not_understood: lines of another form.
    """

    power_mw: dict[str, float]
    unpaired: tuple[str, ...]
    not_understood: tuple[str, ...]


def understand(text: str) -> Told:
    """What the chip's answer says.

    >>> understand("VDD_CORE_A current(7)=2.0A\\nVDD_CORE_V volt(15)=0.75V\\nwhat?").power_mw
    {'VDD_CORE': 1500.0}
    """
    volts: dict[str, float] = {}
    amperes: dict[str, float] = {}
    strange = []
    for line in filter(str.strip, text.splitlines()):
        found = _LINE.fullmatch(line)
        if found is None or found["kind"] != found["unit"]:
            strange.append(line.strip())
            continue
        side = volts if found["kind"] == "V" else amperes
        side[found["rail"]] = float(found["value"])
    paired = {rail: volts[rail] * amperes[rail] * 1000 for rail in amperes if rail in volts}
    unpaired = tuple(sorted(volts.keys() ^ amperes.keys()))
    return Told(paired, unpaired, tuple(strange))


@dataclass
class PmicProbe:
    """Asks the chip.

    Args:
        vcgencmd: the program; a test gives its own.
    """

    vcgencmd: str = "vcgencmd"
    _rails: frozenset[str] = field(default=frozenset(), init=False, repr=False)

    @property
    def name(self) -> str:
        return "pmic"

    def open(self) -> MeterInfo:
        """Ask once and note which supplies there are.

        Raises:
            Unavailable: "meter-missing" where there is no such chip, "meter-format" where nothing
                of its answer can be understood.
        """
        told = understand(self._ask("meter-missing"))
        if not told.power_mw:
            line = next(iter(told.not_understood), "")
            raise Unavailable("meter-format", f"pmic: no supply in {line!r}", line=line)
        self._rails = frozenset(told.power_mw)
        blind = ["meter-blind-usb", "meter-blind-memory", "meter-blind-slow"]
        if told.unpaired:
            blind.append("meter-blind-unpaired")
        details: dict[str, Any] = {
            "rails": sorted(told.power_mw),
            "unpaired": list(told.unpaired),
        }
        if told.not_understood:
            _log.warning("pmic: left out, not understood: %s", "; ".join(told.not_understood))
            blind.insert(0, "meter-blind-line")
            details["not_understood"] = list(told.not_understood)
        return MeterInfo(
            self.name, MeterLabel.RAILS, RATE_HZ, blind_spots=tuple(blind), details=details
        )

    def read(self, now_s: float) -> Power:
        """The supplies' sum now. Raises `Unavailable`."""
        told = understand(self._ask("meter-lost"))
        if not told.power_mw:
            line = next(iter(told.not_understood), "")
            raise Unavailable("meter-format", f"pmic: no supply in {line!r}", line=line)
        missing = self._rails - told.power_mw.keys()
        if missing:
            _log.warning(
                "pmic: without %s; not understood: %s",
                ", ".join(sorted(missing)),
                "; ".join(told.not_understood) or "nothing",
            )
        # A supply that was not there at first would make this reading larger than the others.
        power_mw = math.fsum(told.power_mw[rail] for rail in self._rails - missing)
        flags = (INCOMPLETE,) * bool(missing) + (NEGATIVE,) * (power_mw < 0)
        return power_mw, flags

    def _ask(self, id: str) -> str:
        try:
            told = subprocess.run(
                [self.vcgencmd, "pmic_read_adc"],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_TIMEOUT_S,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unavailable(id, f"pmic: {error}") from error
        # A Pi 4 answers `error=1 error_msg="Command not registered"`, with status 0 or not.
        if told.returncode or told.stdout.lstrip().startswith("error="):
            said = (told.stdout + told.stderr).strip()
            raise Unavailable(id, f"pmic: vcgencmd said {said!r}")
        return told.stdout
