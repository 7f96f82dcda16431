"""MicroPython's `machine` as the firmware needs it, wired to the chips in `chips.py`.

BOARD_CHIPS names them: "ina219@64", "ina226@64", "ina219@64 ina226@65", or "" for none.
"""

import os

import chips
from world import option, world

_READ_US, _WRITE_US = 140, 120
"""Five and four bytes at 400 kHz, and what MicroPython takes to begin."""
_IO_ERROR = 5


def _chips():
    kinds = {"ina219": chips.Ina219, "ina226": chips.Ina226}
    shunt_ohm, gain, slow = option("SHUNT_OHM", 0.1), option("GAIN", 1), option("SLOW", 1)
    for name in (os.getenv("BOARD_CHIPS") or "").split():
        kind, address = name.split("@")
        yield int(address), kinds[kind](world.analogue, shunt_ohm, gain, slow)


world.chips.update(_chips())


class I2C:
    def __init__(self, bus, sda, scl, freq):
        assert (sda.name, scl.name, freq) == (4, 5, 400_000), "not as the wiring drawing has it"

    def readfrom_mem(self, address, register, length):
        world.pass_time(_READ_US)
        assert length == 2
        value = self._chip(address).read(register, world.now_us)
        return bytes([value >> 8, value & 0xFF])

    def writeto_mem(self, address, register, data):
        world.pass_time(_WRITE_US)
        self._chip(address).write(register, data[0] << 8 | data[1], world.now_us)

    def _chip(self, address):
        if not world.plugged or address not in world.chips:
            raise OSError(_IO_ERROR)
        return world.chips[address]


class Pin:
    OUT = 1

    def __init__(self, name, mode=None):
        self.name = name

    def value(self, on):
        world.show(bool(on))


class WDT:
    """Bites like the Pico's: the board is gone and the test is told."""

    def __init__(self, timeout):
        self._timeout_us = timeout * 1000

    def feed(self):
        world.watchdog_us = world.now_us + self._timeout_us


def unique_id():
    return b"\xe6\x60\x58\x38\x83\x2a\x4d\x2f"
