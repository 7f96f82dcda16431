"""Starts the meter on a Raspberry Pi Pico or Pico 2: the one file that knows the board.

Until the first START, Ctrl-C still reaches MicroPython, so Thonny and mpremote can change these
files; while measuring it does not, for noise on the line must not stop an experiment. After a
START the watchdog runs until the plug is pulled: unplug and plug in again before changing files.
"""

import select
import sys
import time
from binascii import hexlify

import machine
import micropython
from meter import Meter

SDA, SCL = 4, 5  # the Pico's pins 6 and 7
WATCHDOG_MS = 4000  # a write to a computer that hangs may take MicroPython half a second
CTRL_C = 3


class Port:
    """USB serial as MicroPython gives it: the console's own streams."""

    def __init__(self):
        self._in, self._out = select.poll(), select.poll()
        self._in.register(sys.stdin, select.POLLIN)
        self._out.register(sys.stdout, select.POLLOUT)

    def wait(self, ms):
        return bool(self._in.poll(ms))

    def read(self):
        data = b""
        while len(data) < 256 and self._in.poll(0):
            byte = sys.stdin.buffer.read(1)
            if not byte:
                break
            data += byte
        return data

    def can_write(self):
        return bool(self._out.poll(0))

    def write(self, data):
        sys.stdout.buffer.write(data)

    def disturb(self, may):
        micropython.kbd_intr(CTRL_C if may else -1)


class Watchdog:
    """Starts when it is first fed: before that, files can be changed in peace."""

    def __init__(self):
        self._watchdog = None

    def feed(self):
        if self._watchdog is None:
            self._watchdog = machine.WDT(timeout=WATCHDOG_MS)
        self._watchdog.feed()


def new_i2c():
    return machine.I2C(0, sda=machine.Pin(SDA), scl=machine.Pin(SCL), freq=400_000)


Meter(
    new_i2c,
    time,
    Port(),
    machine.Pin("LED", machine.Pin.OUT).value,
    Watchdog().feed,
    hexlify(machine.unique_id()).decode(),
).run()
