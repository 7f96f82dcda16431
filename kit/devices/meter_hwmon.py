"""An INA219, INA226 or one of their family on I2C, read through Linux's `ina2xx` driver.

    /sys/class/hwmon/hwmonN/  name · power1_input (uW) · curr1_input (mA) · in0_input (mV, shunt)
                              in1_input (mV) · shunt_resistor (micro-ohm) · update_interval (ms)

The chip measures the voltage across a small resistor, the shunt. Which one is soldered on cannot be
read from it: the driver has been told a value, and whoever knows better says so (`shunt_ohms`);
readings are then scaled here, and nothing is written to the system. The chip's power has no sign,
so the current gives it one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kit.core.errors import BadInput, Unavailable
from kit.core.types import FULL_SCALE, NEGATIVE, MeterInfo, MeterLabel
from kit.devices.meter_base import Power

RATE_HZ = 20.0
LEAST_OHMS, MOST_OHMS = 0.0005, 1.0
SHUNT_TOLERANCE = 0.01
"""Usual on modules; on most of them larger than the chip's own error."""
_SUPPLY_V = 5.1
_AT_LIMIT = 0.998
"""Of full scale: the converter's last step or two."""


@dataclass(frozen=True)
class Chip:
    """What a data sheet and the driver say of one chip.

    Attributes:
        full_scale_mv: of the shunt voltage, as the driver sets the chip.
        step_uv: of the shunt voltage.
        power_steps: how many steps of current the driver makes one step of power.
        lsb_factor: micro-ampere x micro-ohm in one step of the driver's current.
        gain_error: of current and voltage together, at most, at 25 °C.
    """

    full_scale_mv: float
    step_uv: float
    power_steps: int
    lsb_factor: float
    gain_error: float


# INA219 SBOS448 (gain /8; 0.5 % each); INA226 SBOS547 (0.1 % each); steps as ina2xx.c sets them.
_INA219 = Chip(320.0, 80.0, 20, 1e7, 0.01)
_INA226 = Chip(81.92, 2.5, 25, 2.5e6, 0.002)
CHIPS = {
    "ina219": _INA219,
    "ina220": _INA219,
    "ina226": _INA226,
    "ina230": _INA226,
    "ina231": _INA226,
}


@dataclass
class HwmonProbe:
    """Reads the driver's files.

    Args:
        device: the folder's name, such as "hwmon2".
        shunt_ohms: the resistor that is really there; None trusts the driver.
        root: where the folders lie; a test gives its own.
    """

    device: str
    shunt_ohms: float | None = None
    root: str = "/sys/class/hwmon"
    _chip: Chip = field(default=_INA219, init=False, repr=False)
    _driver_ohms: float = field(default=0.1, init=False, repr=False)

    @property
    def name(self) -> str:
        return f"hwmon:{self.device}"

    def open(self) -> MeterInfo:
        """See which chip it is and which shunt it has.

        Raises:
            Unavailable: "meter-missing".
            BadInput: "meter-shunt-wrong".
        """
        if self.shunt_ohms is not None:
            check_shunt(self.shunt_ohms)
        chip_name = _chip_name(self._folder())
        if chip_name is None:
            raise Unavailable("meter-missing", f"{self._folder()} is no INA2xx meter")
        self._chip = CHIPS[chip_name]
        try:
            self._driver_ohms = self._number("shunt_resistor") / 1e6
            self.read(0.0)
        except Unavailable as error:
            raise Unavailable("meter-missing", str(error)) from error
        ohms = self.shunt_ohms or self._driver_ohms
        return MeterInfo(
            self.name,
            MeterLabel.INPUT,
            self._rate_hz(),
            resolution_mw=round(self._resolution_mw(ohms), 3),
            gain_error=round(self._chip.gain_error + SHUNT_TOLERANCE, 4),
            blind_spots=("meter-blind-supply",),
            details={
                "chip": chip_name,
                "shunt_ohms": ohms,
                "shunt_from": "driver" if self.shunt_ohms is None else "setting",
                "full_scale_a": round(self._chip.full_scale_mv / 1000 / ohms, 3),
            },
        )

    def read(self, now_s: float) -> Power:
        """Power now. Raises `Unavailable`, "meter-lost", where the files are gone."""
        current_ma = self._number("curr1_input")
        power_mw = abs(self._number("power1_input")) / 1000
        scale = self._driver_ohms / (self.shunt_ohms or self._driver_ohms)
        shunt_mv = abs(current_ma) * self._driver_ohms
        flags: tuple[str, ...] = ()
        if shunt_mv >= _AT_LIMIT * self._chip.full_scale_mv:
            flags += (FULL_SCALE,)
        if current_ma < 0:
            power_mw = -power_mw
            flags += (NEGATIVE,)
        return power_mw * scale, flags

    def _folder(self) -> Path:
        return Path(self.root) / self.device

    def _number(self, file: str) -> int:
        path = _file(self._folder(), file)
        try:
            text = path.read_text(encoding="ascii", errors="replace")
        except OSError as error:
            raise Unavailable("meter-lost", f"{path}: {error.strerror}") from error
        try:
            return int(text)
        except ValueError as error:
            line = text.strip()
            raise Unavailable("meter-format", f"{path}: {line!r}", line=line) from error

    def _rate_hz(self) -> float:
        try:
            interval_ms = self._number("update_interval")
        except Unavailable:  # only some of the chips have it
            return RATE_HZ
        return min(RATE_HZ, 1000 / max(1, interval_ms))

    def _resolution_mw(self, ohms: float) -> float:
        of_shunt = self._chip.step_uv / 1000 / ohms * _SUPPLY_V
        of_driver = self._chip.power_steps * self._chip.lsb_factor / (self._driver_ohms * 1e6) / 1e3
        return max(of_shunt, of_driver * self._driver_ohms / ohms)


def find_hwmon(root: str = "/sys/class/hwmon") -> tuple[str, ...]:
    """Names of the meters that the driver knows, such as "hwmon:hwmon2"."""
    return tuple(f"hwmon:{folder.name}" for folder in _folders(root) if _chip_name(folder))


def check_shunt(ohms: float) -> None:
    """Refuse what can be no shunt. Raises `BadInput`, "meter-shunt-wrong"."""
    if not LEAST_OHMS <= ohms <= MOST_OHMS:
        raise BadInput(
            "meter-shunt-wrong", f"a shunt of {ohms} ohms", least=LEAST_OHMS, most=MOST_OHMS
        )


def _folders(root: str) -> Iterator[Path]:
    try:
        yield from sorted(Path(root).iterdir())
    except OSError:
        return


def _chip_name(folder: Path) -> str | None:
    try:
        name = _file(folder, "name").read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return None
    return name if name in CHIPS else None


def _file(folder: Path, name: str) -> Path:
    """Older kernels keep a driver's files one folder further down."""
    there = folder / name
    below = folder / "device" / name
    return below if not there.exists() and below.exists() else there
