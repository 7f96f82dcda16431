"""INA219 and INA226 by their registers, as their makers describe them (TI SBOS448, SBOS547).

A chip converts by itself as time passes: shunt, then bus, again and again or once when triggered,
averaging as set. Each conversion sees the mean of what the load drew while it lasted. Nothing here
knows the firmware; tests hold these models against the makers' own worked examples.
"""

CONFIGURATION, SHUNT, BUS, POWER, CURRENT, CALIBRATION = range(6)
MASK_ENABLE, ALERT_LIMIT, MAKER, DIE = 6, 7, 0xFE, 0xFF


# INA219: code of four bits -> (samples averaged, microseconds in all, steps of the last bit kept).
ADC = {0: (1, 84, 8), 1: (1, 148, 4), 2: (1, 276, 2), 3: (1, 532, 1), 8: (1, 532, 1)}
ADC.update({9: (2, 1060, 1), 10: (4, 2130, 1), 11: (8, 4260, 1), 12: (16, 8510, 1)})
ADC.update({13: (32, 17020, 1), 14: (64, 34050, 1), 15: (128, 68100, 1)})


class Chip:
    """What both share: 16-bit registers, a mode, conversions that follow each other.

    Args:
        analogue: (begin_us, end_us) -> (mean mA, mean mV at the load).
        shunt_ohm: the resistor's true value.
        gain: of the shunt's amplifier; 1 is perfect.
        slow: its clock; 1.1 is the slowest that the maker lets pass.
    """

    def __init__(self, analogue, shunt_ohm, gain=1.0, slow=1.0):
        self._analogue, self._shunt_ohm = analogue, shunt_ohm
        self._gain, self._slow = gain, slow
        self.reset(0)

    def reset(self, now_us):
        """As after its supply came on."""
        self.registers = {SHUNT: 0, BUS: 0, POWER: 0, CURRENT: 0, CALIBRATION: 0, MASK_ENABLE: 0}
        self.registers.update(dict(self.POWER_ON))
        self._ready = self._overflow = False
        self._begin(now_us)

    def read(self, register, now_us):
        """The register's 16 bits."""
        self._catch_up(now_us)
        return self._read(register) & 0xFFFF

    def write(self, register, value, now_us):
        """Set 16 bits; those that cannot be set stay."""
        self._catch_up(now_us)
        if register == CONFIGURATION and value & 0x8000:
            self.reset(now_us)
        elif register == CONFIGURATION:
            self.registers[CONFIGURATION] = value | self.ALWAYS_SET
            self._ready = False
            self._begin(now_us)
        elif register == CALIBRATION:
            self.registers[CALIBRATION] = value & self.CALIBRATION_BITS
        elif register in self.WRITABLE:
            self.registers[register] = value

    def _begin(self, now_us):
        self._began_us = now_us
        self._once = False

    def _catch_up(self, now_us):
        """Finish every conversion that time has finished; the last one is in the registers."""
        mode = self.registers[CONFIGURATION] & 7
        does_shunt, does_bus, continuous = mode & 1, mode & 2, mode & 4
        if not (does_shunt or does_bus) or (self._once and not continuous):
            return
        averages, shunt_us, bus_us = self._timing()
        shunt_us = shunt_us * self._slow if does_shunt else 0.0
        bus_us = bus_us * self._slow if does_bus else 0.0
        lasts_us = averages * (shunt_us + bus_us)
        finished = int((now_us - self._began_us) // lasts_us)
        if finished < 1:
            return
        begin_us = self._began_us + (finished - 1 if continuous else 0) * lasts_us
        self._convert(begin_us, averages, shunt_us, bus_us)
        self._ready, self._once = True, True
        self._began_us = begin_us + lasts_us

    def _shunt_uv(self, begin_us, lasts_us):
        current_ma, _ = self._analogue(begin_us, begin_us + lasts_us)
        return current_ma * self._shunt_ohm * 1000 * self._gain

    def _bus_mv(self, begin_us, lasts_us):
        _, voltage_mv = self._analogue(begin_us, begin_us + lasts_us)
        return voltage_mv

    def _multiply(self, shunt, bus):
        """(current, power) registers; sets the overflow flag where one does not fit."""
        current = shunt * self.registers[CALIBRATION] // self.CURRENT_DIVISOR
        power = abs(current) * bus // self.POWER_DIVISOR
        if not -0x8000 <= current <= 0x7FFF or power > 0xFFFF:
            self._overflow = True
        return current, power


class Ina219(Chip):
    POWER_ON = ((CONFIGURATION, 0x399F),)
    ALWAYS_SET, WRITABLE = 0, ()
    CALIBRATION_BITS = 0xFFFE  # its lowest bit is void and always 0
    CURRENT_DIVISOR, POWER_DIVISOR = 4096, 5000

    def _read(self, register):
        if register == POWER:
            self._ready = False
        if register == BUS:
            return self.registers[BUS] << 3 | self._ready << 1 | self._overflow
        return self.registers.get(register, 0)

    def _adc(self, shift):
        code = self.registers[CONFIGURATION] >> shift & 15
        return ADC[code if code & 8 else code & 3]

    def _timing(self):
        return 1, self._adc(3)[1], self._adc(7)[1]  # all of the shunt's samples, then the bus's

    def _convert(self, begin_us, _averages, shunt_us, bus_us):
        configuration = self.registers[CONFIGURATION]
        if shunt_us:
            coarse = self._adc(3)[2]
            limit = 4000 << (configuration >> 11 & 3)  # the amplifier's range: 40 to 320 mV
            steps = round(self._shunt_uv(begin_us, shunt_us) / (10 * coarse)) * coarse
            self.registers[SHUNT] = max(-limit, min(limit, steps))
        if bus_us:
            coarse = self._adc(7)[2]
            limit = 8000 if configuration & 0x2000 else 4000
            steps = round(self._bus_mv(begin_us + shunt_us, bus_us) / (4 * coarse)) * coarse
            self.registers[BUS] = max(0, min(limit, steps))
        self._overflow = False
        products = self._multiply(self.registers[SHUNT], self.registers[BUS])
        self.registers[CURRENT], self.registers[POWER] = products


class Ina226(Chip):
    POWER_ON = ((CONFIGURATION, 0x4127), (MAKER, 0x5449), (DIE, 0x2260))
    ALWAYS_SET, WRITABLE = 0x4000, (MASK_ENABLE, ALERT_LIMIT)
    CALIBRATION_BITS = 0x7FFF
    CURRENT_DIVISOR, POWER_DIVISOR = 2048, 20_000
    _AVERAGES = (1, 4, 16, 64, 128, 256, 512, 1024)
    _CONVERSION_US = (140, 204, 332, 588, 1100, 2116, 4156, 8244)

    def _read(self, register):
        if register == MASK_ENABLE:
            value = self.registers[MASK_ENABLE] & 0xFFF3 | self._ready << 3 | self._overflow << 2
            self._ready = False
            return value
        return self.registers.get(register, 0)

    def _timing(self):
        configuration = self.registers[CONFIGURATION]
        averages = self._AVERAGES[configuration >> 9 & 7]
        shunt_us = self._CONVERSION_US[configuration >> 3 & 7]
        return averages, shunt_us, self._CONVERSION_US[configuration >> 6 & 7]

    def _convert(self, begin_us, averages, shunt_us, bus_us):
        """Shunt, bus, shunt, bus …: each product is taken before anything is averaged."""
        sums = [0, 0, 0, 0]
        shunt, bus = self.registers[SHUNT], self.registers[BUS]
        self._overflow = False
        for _ in range(averages):
            if shunt_us:
                steps = round(self._shunt_uv(begin_us, shunt_us) / 2.5)
                shunt = max(-0x8000, min(0x7FFF, steps))
            if bus_us:
                steps = round(self._bus_mv(begin_us + shunt_us, bus_us) / 1.25)
                bus = max(0, min(0x7FFF, steps))
            begin_us += shunt_us + bus_us
            current, power = self._multiply(shunt, bus)
            for place, value in enumerate((shunt, bus, current, power)):
                sums[place] += value
        means = [value // averages for value in sums]
        self.registers[SHUNT], self.registers[BUS] = means[0], means[1]
        self.registers[CURRENT], self.registers[POWER] = means[2], means[3]
