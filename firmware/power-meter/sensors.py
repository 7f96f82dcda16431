"""INA219 and INA226: which one is there, how it is set, what it reads.

Both watch the voltage over a small resistor in the supply line (the shunt), then the voltage that
is left for the load. They average by themselves; the meter only fetches. Both are set to give a
reading every 9.0 ms (9.9 ms with the slowest chip that the makers let pass: still 100 a second),
nearly all of it spent on the shunt, because the current is what changes:

    chip     averages  shunt             bus              one reading   shunt watched
    INA219   16        16 x 532 us       1 x 532 us       9.04 ms       94 % of the time
    INA226   4         4 x 2116 us       4 x 140 us       9.02 ms       94 % of the time

Source: Texas Instruments SBOS448 (INA219) and SBOS547 (INA226), register maps and the tables of
conversion times.
"""

ADDRESSES = range(0x40, 0x50)
"""Where the address pins can put either chip."""

_CONFIGURATION, _SHUNT, _BUS, _POWER, _CALIBRATION = 0, 1, 2, 3, 5
_RESET = 0x8000


class NoSensor(Exception):
    """There is not exactly one sensor; `args[0]` is "no-sensor" or "two-sensors"."""


class _Ina:
    """What both chips share: 16-bit registers, high byte first."""

    def __init__(self, i2c, address):
        self._i2c = i2c
        self.address = address

    def configure(self):
        """Set it from its reset state and begin to convert. Raises OSError where it is gone."""
        self.reset()
        self._write(_CALIBRATION, self.calibration)
        self._write(_CONFIGURATION, self.configuration)

    def reset(self):
        """As after its supply came on. Raises OSError where it is gone."""
        self._write(_CONFIGURATION, _RESET)

    def is_configured(self):
        """False after the chip lost its supply and came back by itself. Raises OSError."""
        return (
            self._read(_CONFIGURATION) == self.configuration
            and self._read(_CALIBRATION) == self.calibration
        )

    def product_agrees(self):
        """Whether the chip's own power is the product of what it says of shunt and bus.

        It is not with bits lost on the wires, or with another chip that answers at this address.
        Two steps are allowed: the INA226 multiplies before it averages. Raises OSError.
        """
        shunt, bus = self._signed(_SHUNT), self._bus()
        product = abs(shunt) * bus // self.power_divisor
        return abs(self._read(_POWER) - product) <= 2 + product // 50

    def window_us(self):
        """How long one reading takes, as the maker says it typically does."""
        return self.shunt_us + self.bus_us

    def _read(self, register):
        data = self._i2c.readfrom_mem(self.address, register, 2)
        return data[0] << 8 | data[1]

    def _signed(self, register):
        value = self._read(register)
        return value - 0x10000 if value & 0x8000 else value

    def _write(self, register, value):
        self._i2c.writeto_mem(self.address, register, bytes([value >> 8, value & 0xFF]))


class Ina219(_Ina):
    """12 bits, steps of 10 uV and 4 mV."""

    name = "ina219"
    shunt_lsb_nv, bus_lsb_uv = 10_000, 4_000
    averages, shunt_us, bus_us = 16, 8_510, 532
    full_scale = 32_000
    """Steps of the shunt at +-320 mV. The narrower ranges have the same steps, so they gain
    nothing; with 0.1 ohm this one holds 3.2 A."""
    configuration = 3 << 11 | 0b0011 << 7 | 0b1100 << 3 | 0b111
    """16 V, +-320 mV, bus once at 12 bits, shunt 16 times, both continuously."""
    calibration = 4096
    """Makes the current register equal the shunt register: one of the chip's steps is then
    10 uV over the shunt, whatever its resistance."""
    power_divisor = 5000

    def is_fresh(self):
        """Whether it is in its reset state. Raises OSError."""
        return self._read(_CONFIGURATION) == 0x399F

    def ready(self):
        """Whether there is a reading that was not fetched. Raises OSError."""
        self._bus_register = self._read(_BUS)
        return bool(self._bus_register & 0b10)

    def fetch(self):
        """(shunt, bus, overflow): steps, steps, bool; after `ready`. Raises OSError."""
        shunt = self._signed(_SHUNT)
        self._read(_POWER)  # only reading this one takes the ready flag away
        return shunt, self._bus_register >> 3, bool(self._bus_register & 1)

    def _bus(self):
        return self._read(_BUS) >> 3


class Ina226(_Ina):
    """16 bits, steps of 2.5 uV and 1.25 mV; +-81.92 mV, which with 0.1 ohm is only 0.82 A."""

    name = "ina226"
    shunt_lsb_nv, bus_lsb_uv = 2_500, 1_250
    averages, shunt_us, bus_us = 4, 4 * 2_116, 4 * 140
    full_scale = 0x7FFF
    configuration = 0x4000 | 0b001 << 9 | 0b000 << 6 | 0b101 << 3 | 0b111
    """4 averages, bus 140 us, shunt 2116 us, both continuously."""
    calibration = 2048
    """As with the INA219: the current register equals the shunt register."""
    power_divisor = 20_000
    _MASK_ENABLE, _MAKER, _DIE = 0x06, 0xFE, 0xFF

    def ready(self):
        """Whether there is a reading that was not fetched. Raises OSError."""
        flags = self._read(self._MASK_ENABLE)  # reading it takes the ready flag away
        self._overflow = bool(flags & 0b100)
        return bool(flags & 0b1000)

    def fetch(self):
        """(shunt, bus, overflow): steps, steps, bool; after `ready`. Raises OSError."""
        return self._signed(_SHUNT), self._bus(), self._overflow

    def _bus(self):
        return self._read(_BUS)

    def is_one(self):
        """Whether an INA226 answers here: it has its maker's and its own number in registers."""
        return self._read(self._MAKER) == 0x5449 and self._read(self._DIE) >> 4 == 0x226


def find(i2c):
    """The one sensor on the wires, set and converting.

    Each address is asked for a register; MicroPython's own scan would write to every stranger.

    Raises:
        NoSensor: there is none, or more than one.
        OSError: it went away meanwhile.
    """
    sensors = [sensor for sensor in [_at(i2c, address) for address in ADDRESSES] if sensor]
    if len(sensors) != 1:
        raise NoSensor("two-sensors" if sensors else "no-sensor")
    sensors[0].configure()
    return sensors[0]


def _at(i2c, address):
    """The sensor at an address, or None.

    An INA226 says its name. An INA219 has none: it is known by the value that its configuration
    has after a reset and no other chip of this family shares.
    """
    try:
        sensor = Ina226(i2c, address)
        if sensor.is_one():
            return sensor
        sensor = Ina219(i2c, address)
        sensor.reset()
        return sensor if sensor.is_fresh() else None
    except OSError:
        return None  # nobody answers
