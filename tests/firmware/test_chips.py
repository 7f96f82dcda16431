"""The modelled chips against what their maker prints of the real ones.

Source: Texas Instruments SBOS448 (INA219) and SBOS547 (INA226).
"""

import importlib.util

import pytest

from tests.firmware.pico import BOARD

spec = importlib.util.spec_from_file_location("pico_board_chips", BOARD / "chips.py")
chips = importlib.util.module_from_spec(spec)
spec.loader.exec_module(chips)

CONFIGURATION, SHUNT, BUS, POWER, CURRENT, CALIBRATION = range(6)
MASK_ENABLE, MAKER, DIE = 6, 0xFE, 0xFF


def steady(current_ma, voltage_mv):
    """A load that never changes."""
    return lambda _begin_us, _end_us: (current_ma, voltage_mv)


def test_the_ina219s_worked_example():
    # SBOS448, table 8: 10 A through 2 mohm, 11.98 V at the load; current_LSB is 1 mA.
    chip = chips.Ina219(steady(10_000, 11_980), shunt_ohm=0.002)
    chip.write(CONFIGURATION, 0x019F, 0)
    chip.write(CALIBRATION, 20_480, 0)

    read = [chip.read(register, 10_000) for register in (SHUNT, BUS, CURRENT, POWER)]

    assert read == [2000, 2995 << 3 | 0b10, 10_000, 5990]


def test_the_ina226s_worked_example():
    # SBOS547, table 6-1: 10 A through 2 mohm, 11.98 V at the load; current_LSB is 1 mA.
    chip = chips.Ina226(steady(10_000, 11_980), shunt_ohm=0.002)
    chip.write(CALIBRATION, 2560, 0)

    read = [chip.read(register, 10_000) for register in (SHUNT, BUS, CURRENT, POWER)]

    assert read == [8000, 9584, 10_000, 4792]


def test_registers_after_power_on():
    ina219, ina226 = (kind(steady(0, 0), 0.1) for kind in (chips.Ina219, chips.Ina226))

    assert ina219.read(CONFIGURATION, 0) == 0x399F
    assert [ina226.read(register, 0) for register in (CONFIGURATION, MAKER, DIE)] == [
        0x4127,
        0x5449,
        0x2260,
    ]


@pytest.mark.parametrize("kind", [chips.Ina219, chips.Ina226])
def test_without_calibration_there_is_no_current_and_no_power(kind):
    chip = kind(steady(500, 5000), 0.1)

    assert chip.read(SHUNT, 10_000) > 0
    assert chip.read(CURRENT, 10_000) == chip.read(POWER, 10_000) == 0


@pytest.mark.parametrize(("code", "limit"), [(0, 4000), (1, 8000), (2, 16_000), (3, 32_000)])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_ina219s_amplifier_clips_at_its_range(code, limit, sign):
    chip = chips.Ina219(steady(sign * 9000, 5000), 0.1)
    chip.write(CONFIGURATION, code << 11 | 0x19F, 0)

    assert chip.read(SHUNT, 10_000) == sign * limit & 0xFFFF


def test_the_ina226_clips_below_82_millivolts():
    assert chips.Ina226(steady(900, 5000), 0.1).read(SHUNT, 10_000) == 0x7FFF
    assert chips.Ina226(steady(-900, 5000), 0.1).read(SHUNT, 10_000) == 0x8000


@pytest.mark.parametrize("code", [3, 9, 12, 15])
def test_an_ina219s_reading_is_ready_when_its_conversion_time_is_over(code):
    lasts_us = {3: 532, 9: 1060, 12: 8510, 15: 68_100}[code] + 532
    chip = chips.Ina219(steady(500, 5000), 0.1)
    chip.write(CONFIGURATION, 0x1807 | 3 << 7 | code << 3, 1000)

    assert not chip.read(BUS, 1000 + lasts_us - 1) & 0b10
    assert chip.read(BUS, 1000 + lasts_us) & 0b10


def test_the_ina219s_ready_flag_goes_when_power_is_read_and_comes_again():
    chip = chips.Ina219(steady(500, 5000), 0.1)

    assert chip.read(BUS, 1100) & 0b10
    assert chip.read(BUS, 1101) & 0b10  # reading this one leaves it
    chip.read(POWER, 1102)
    assert not chip.read(BUS, 1103) & 0b10
    assert chip.read(BUS, 2200) & 0b10


def test_the_ina226s_ready_flag_goes_when_it_is_read():
    chip = chips.Ina226(steady(500, 5000), 0.1)

    assert not chip.read(MASK_ENABLE, 2199) & 0b1000
    assert chip.read(MASK_ENABLE, 2200) & 0b1000
    assert not chip.read(MASK_ENABLE, 2201) & 0b1000


def test_arithmetic_that_overflows_is_flagged():
    ina219, ina226 = (kind(steady(800, 5000), 0.1) for kind in (chips.Ina219, chips.Ina226))
    ina219.write(CALIBRATION, 0xFFFE, 0)
    ina226.write(CALIBRATION, 0x7FFF, 0)

    assert ina219.read(BUS, 10_000) & 1
    assert ina226.read(MASK_ENABLE, 10_000) & 0b100


def test_the_lowest_bit_of_the_ina219s_calibration_is_void():
    chip = chips.Ina219(steady(0, 0), 0.1)
    chip.write(CALIBRATION, 4097, 0)

    assert chip.read(CALIBRATION, 0) == 4096


def test_writing_the_configuration_begins_a_conversion_afresh():
    chip = chips.Ina226(steady(500, 5000), 0.1)

    chip.write(CONFIGURATION, 0x4127, 2000)

    assert not chip.read(MASK_ENABLE, 4199) & 0b1000
    assert chip.read(MASK_ENABLE, 4200) & 0b1000


def test_a_triggered_conversion_is_made_once():
    chip = chips.Ina226(steady(500, 5000), 0.1)
    chip.write(CONFIGURATION, 0x4123, 0)

    assert chip.read(MASK_ENABLE, 3000) & 0b1000
    assert not chip.read(MASK_ENABLE, 9000) & 0b1000


def test_averages_are_of_what_the_load_drew_meanwhile():
    def rising(begin_us, end_us):
        return (begin_us + end_us) / 20, 5000.0  # 1 mA more every 10 us

    chip = chips.Ina226(rising, 0.1)
    chip.write(CONFIGURATION, 0x4000 | 1 << 9 | 7, 0)  # 4 averages, 140 us each

    read = chip.read(SHUNT, 4 * 280)

    middles_us = [begin_us + 70 for begin_us in (0, 280, 560, 840)]
    assert read == pytest.approx(sum(middles_us) / 4 / 10 * 0.1 * 1000 / 2.5, abs=1)
