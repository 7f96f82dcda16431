"""An emulated Pico with a modelled INA219 on pins 6 and 7, for `rp2040py --board-spec`.

The chip is the one of `tests/firmware/board/chips.py`; the load draws 500 mA, and 1000 mA in every
second half of a second. Times are the emulated clock's.
"""

import importlib.util
from pathlib import Path

from rp2040py.boards import BoardSpec
from rp2040py.peripherals.i2c import I2CMode

_spec = importlib.util.spec_from_file_location(
    "board_chips", Path(__file__).parents[1] / "board" / "chips.py"
)
chips = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(chips)

ADDRESS = 0x40
SUPPLY_MV, SUPPLY_OHM, SHUNT_OHM = 5100.0, 0.15, 0.1
IDLE_MA, BURST_MA, HALF_US = 500.0, 500.0, 500_000


def analogue(begin_us: float, end_us: float) -> tuple[float, float]:
    """(mean mA, mean mV at the load) between two times."""

    def busy_us(t_us: float) -> float:
        turns, rest_us = divmod(t_us, 2 * HALF_US)
        return turns * HALF_US + max(0.0, rest_us - HALF_US)

    busy = (busy_us(end_us) - busy_us(begin_us)) / (end_us - begin_us)
    current_ma = IDLE_MA + BURST_MA * busy
    return current_ma, SUPPLY_MV - SUPPLY_OHM * current_ma


class Sensor:
    """The chip on the wires of I2C 0: a register's number, then its two bytes, either way."""

    def attach(self, rp2040) -> None:
        self._clock = rp2040.clock
        self._i2c = rp2040.i2c[0]
        self._chip = chips.Ina219(analogue, SHUNT_OHM)
        self._register = 0
        self._written: list[int] = []
        self._to_read: list[int] = []
        self._i2c.on_connect = self._connect
        self._i2c.on_write_byte = self._write
        self._i2c.on_read_byte = self._read
        self._i2c.on_stop = self._stop

    def _now_us(self) -> float:
        return self._clock.nanos / 1000

    def _connect(self, address: int, mode: I2CMode) -> None:
        self._written, self._to_read = [], []
        self._is_ours = address == ADDRESS
        if mode == I2CMode.READ and self._is_ours:
            value = self._chip.read(self._register, self._now_us())
            self._to_read = [value >> 8, value & 0xFF]
        # Yes to every address, 0xFFFF from all but one: after a no, rp2040py (0.3.6) fails the
        # next transaction too, as no Pico does.
        self._i2c.complete_connect(True)

    def _write(self, byte: int) -> None:
        self._written.append(byte)
        self._register = self._written[0]
        if len(self._written) == 3 and self._is_ours:
            value = self._written[1] << 8 | self._written[2]
            self._chip.write(self._register, value, self._now_us())
        self._i2c.complete_write(True)

    def _read(self, _acknowledge: bool) -> None:
        self._i2c.complete_read(self._to_read.pop(0) if self._to_read else 0xFF)

    def _stop(self) -> None:
        self._i2c.complete_stop()


BOARD = BoardSpec(extras=(Sensor,))
