"""INA219 and INA226 as their data sheets describe them, for simulated experiments.

Noise is not in the data sheets as one number; what is, is the step of each converter, and that the
typical peak-to-peak noise of the averaged result stays within about one step. So each conversion
gets Gaussian noise of half a step before it is rounded, and an offset of its own for each chip.
Gain errors are left to `MeterInfo.gain_error`: no interval from repeated readings can see them.
"""

from dataclasses import dataclass

import numpy as np

SUPPLY_V = 5.1


@dataclass(frozen=True)
class Chip:
    """What rounds and blurs a power reading.

    Attributes:
        shunt_step_uv: of the shunt voltage's converter, at the range that is used.
        bus_step_mv: of the bus voltage's.
        offset_uv: standard deviation of the shunt offset between chips.
        full_scale_mv: at which the shunt voltage clips.
        shunt_ohm: the resistor.
    """

    shunt_step_uv: float
    bus_step_mv: float
    offset_uv: float
    full_scale_mv: float
    shunt_ohm: float

    def read(self, power_mw: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """What the chip makes of true power on a 5.1 V supply, milliwatts, same shape."""
        shunt_uv = power_mw / SUPPLY_V * self.shunt_ohm * 1000 + random.normal(0, self.offset_uv)
        shunt_uv = self._converted(shunt_uv, self.shunt_step_uv, random)
        np.clip(shunt_uv, None, self.full_scale_mv * 1000, out=shunt_uv)
        bus_mv = self._converted(np.full(power_mw.shape, SUPPLY_V * 1000), self.bus_step_mv, random)
        return shunt_uv / 1000 / self.shunt_ohm * bus_mv / 1000

    @staticmethod
    def _converted(value: np.ndarray, step: float, random: np.random.Generator) -> np.ndarray:
        noisy = value + step / 2 * random.standard_normal(value.shape, np.float32)
        return np.round(noisy / step) * step


# INA219 (SBOS448G): 12 bits; gain /8 makes 80 uV a step (0.8 mA in 0.1 ohm) up to 320 mV; bus 4 mV
# a step; offset at gain /8 at most +-200 uV (A grade).
INA219 = Chip(80.0, 4.0, 60.0, 320.0, 0.1)
# INA226 (SBOS547A): 16 bits; 2.5 uV a step up to 81.92 mV, so 0.02 ohm for a Pi; bus 1.25 mV a
# step; offset at most +-10 uV.
INA226 = Chip(2.5, 1.25, 3.0, 81.92, 0.02)
