"""What a meter's back end finds outside: made trees of files and a made `vcgencmd`, for the tests.

Each world lies in a folder of the test and has the verbs of the fake meter: `draw(watts)`,
`unplug()`, `replug()`. Formats are those of real machines, as published in forums and kernels.
"""

import os
from pathlib import Path

from tests.support.clock import VirtualClock

# As a Raspberry Pi 5 prints it: right-aligned names, numbers in brackets that do not pair.
PMIC_ANSWER = """\
 3V7_WL_SW_A current(0)=0.00000000A
   3V3_SYS_A current(1)=0.06245952A
   1V8_SYS_A current(2)=0.16102850A
  DDR_VDD2_A current(3)=0.00780744A
  DDR_VDDQ_A current(4)=0.00000000A
   1V1_SYS_A current(5)=0.17566740A
    0V8_SW_A current(6)=0.32791250A
  VDD_CORE_A current(7)={core_a:.8f}A
   3V3_DAC_A current(17)=0.00036630A
   3V3_ADC_A current(18)=0.00042735A
   0V8_AON_A current(16)=0.00579975A
      HDMI_A current(22)=0.01367520A
 3V7_WL_SW_V volt(8)=3.79999600V
   3V3_SYS_V volt(9)=3.30632200V
   1V8_SYS_V volt(10)=1.79828900V
  DDR_VDD2_V volt(11)=1.10292900V
  DDR_VDDQ_V volt(12)=0.60476130V
   1V1_SYS_V volt(13)=1.10439400V
    0V8_SW_V volt(14)=0.80256330V
  VDD_CORE_V volt(15)=0.80000000V
   3V3_DAC_V volt(20)=3.30494200V
   3V3_ADC_V volt(21)=3.30219400V
   0V8_AON_V volt(19)=0.79736190V
      HDMI_V volt(23)=5.07056000V
     EXT5V_V volt(24)=5.06788000V
      BATT_V volt(25)=3.01110800V
"""
PMIC_OTHERS_W = (
    0.06245952 * 3.306322 + 0.1610285 * 1.798289 + 0.00780744 * 1.102929 + 0.1756674 * 1.104394
    + 0.3279125 * 0.8025633 + 0.0003663 * 3.304942 + 0.00042735 * 3.302194
    + 0.00579975 * 0.7973619 + 0.0136752 * 5.07056
)  # fmt: skip
"""What all supplies but the processor's draw in that answer."""


class Vcgencmd:
    """A program that answers as `vcgencmd pmic_read_adc` does; `answer` replaces what it says."""

    def __init__(self, folder: Path) -> None:
        self.program = folder / "vcgencmd"
        self._said = folder / "said"
        self.program.write_text(f'#!/bin/sh\n[ "$1" = pmic_read_adc ] && exec cat "{self._said}"\n')
        self.program.chmod(0o755)
        self.draw(2.5)

    def draw(self, watts: float) -> None:
        self.answer(PMIC_ANSWER.format(core_a=(watts - PMIC_OTHERS_W) / 0.8))

    def answer(self, text: str) -> None:
        self._said.write_text(text)

    def unplug(self) -> None:
        self.program.rename(self.program.with_name("gone"))

    def replug(self) -> None:
        self.program.with_name("gone").rename(self.program)


class Hwmon:
    """The folder that the `ina2xx` driver makes, here with an INA226 and 0.02 ohm."""

    def __init__(self, folder: Path, chip: str = "ina226", shunt_uohm: int = 20_000) -> None:
        self.root = folder
        self.device = "hwmon2"
        other = folder / "hwmon0"
        other.mkdir()
        (other / "name").write_text("cpu_thermal\n")
        self.folder = folder / self.device
        self.folder.mkdir()
        self._shunt_uohm = shunt_uohm
        self.write(name=chip, shunt_resistor=shunt_uohm, update_interval=36)
        self.draw(2.5)

    def write(self, **files: str | int) -> None:
        for name, value in files.items():
            # At once: the process that asks must not meet half a number.
            new = self.folder / f".{name}"
            new.write_text(f"{value}\n")
            new.replace(self.folder / name)

    def draw(self, watts: float, supply_v: float = 5.1) -> None:
        amperes = watts / supply_v
        self.write(
            power1_input=round(abs(watts) * 1e6),
            curr1_input=round(amperes * 1e3),
            in0_input=round(amperes * self._shunt_uohm / 1e3),
            in1_input=round(supply_v * 1e3),
        )

    def unplug(self) -> None:
        self.folder.rename(self.folder.with_name("unbound"))

    def replug(self) -> None:
        self.folder.with_name("unbound").rename(self.folder)


class Counting:
    """Something that counts on while a virtual clock goes."""

    def __init__(self, clock: VirtualClock, step_s: float) -> None:
        self._step_s = step_s
        self._watts = 2.5
        clock.every(step_s, self._count)

    def draw(self, watts: float) -> None:
        self._watts = watts

    def _count(self) -> None:
        raise NotImplementedError


class Rapl(Counting):
    """Two counters of one processor that are about to wrap round, and parts that must not count."""

    RANGE_UJ = 262_143_328_850

    def __init__(self, folder: Path, clock: VirtualClock) -> None:
        self.root = folder
        self._zones = {"intel-rapl:0": "package-0", "intel-rapl:0:2": "dram"}
        for zone, name in {**self._zones, "intel-rapl:0:0": "core", "intel-rapl:1": "psys"}.items():
            (folder / zone).mkdir()
            (folder / zone / "name").write_text(f"{name}\n")
            (folder / zone / "max_energy_range_uj").write_text(f"{self.RANGE_UJ}\n")
            (folder / zone / "energy_uj").write_text("5\n")
        self._counted = dict.fromkeys(self._zones, self.RANGE_UJ - 500_000.0)
        self._away = False
        self._write()
        super().__init__(clock, 0.01)

    def _count(self) -> None:
        for zone, share in zip(self._zones, (0.8, 0.2), strict=True):
            more = self._watts * share * self._step_s * 1e6
            self._counted[zone] = (self._counted[zone] + more) % self.RANGE_UJ
        if not self._away:
            self._write()

    def _write(self) -> None:
        for zone, counted in self._counted.items():
            (self.root / zone / "energy_uj").write_text(f"{int(counted)}\n")

    def unplug(self) -> None:
        self._away = True
        for zone in self._zones:
            (self.root / zone / "energy_uj").unlink()

    def replug(self) -> None:
        self._away = False
        self._write()


class ProcStat(Counting):
    """`/proc` of a Raspberry Pi 4 whose one program works as the drawn watts say (3 to 6)."""

    def __init__(self, folder: Path, clock: VirtualClock) -> None:
        self.process, self.stat, self.board = (folder / name for name in ("815", "stat", "model"))
        self.board.write_text("Raspberry Pi 4 Model B Rev 1.4\0")
        lines = ["cpu  77 0 9 90000 7 0 0 5 0 0", *(f"cpu{n} 1 0 0 1 0 0 0" for n in range(4))]
        self.stat.write_text("\n".join([*lines, "intr 12345", "ctxt 1"]) + "\n")
        self._ticks = 1234.0
        self._away = False
        self._write()
        super().__init__(clock, 0.01)

    def _count(self) -> None:
        share = (self._watts - 3.0) / 3.0
        self._ticks += 4 * max(0.0, share) * self._step_s * os.sysconf("SC_CLK_TCK")
        if not self._away:
            self._write()

    def _write(self) -> None:
        user, system = int(self._ticks * 0.9), int(self._ticks) - int(self._ticks * 0.9)
        rest = "S 1 815 815 0 -1 4194304 100 0 0 0"
        more = "0 0 20 0 9 0 555 0 0"
        self.process.write_text(f"815 (kit) se) rve) {rest} {user} {system} {more}\n")

    def unplug(self) -> None:
        self._away = True
        self.process.unlink()

    def replug(self) -> None:
        self._away = False
        self._write()
