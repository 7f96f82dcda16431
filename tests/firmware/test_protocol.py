"""The lines between meter and kit: the same under both Pythons, and heard alike at both ends."""

import binascii
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.core.types import FULL_SCALE, NEGATIVE
from kit.devices import pico_lines
from tests.firmware.pico import FIRMWARE, firmware_module, micropython

HERE = FIRMWARE.parents[1] / "tests" / "firmware"
SAID = (HERE / "lines.txt").read_bytes().splitlines(keepends=True)[:11]
protocol = firmware_module("protocol")


@pytest.mark.parametrize("python", ["CPython", "MicroPython"])
def test_the_same_bytes_under_both_pythons(python):
    command = [sys.executable] if python == "CPython" else micropython()
    path = {"PYTHONPATH": str(FIRMWARE), "MICROPYPATH": str(FIRMWARE)}

    ran = subprocess.run(
        [*command, str(HERE / "say_lines.py")], env=path, capture_output=True, timeout=60
    )

    assert ran.stdout == (HERE / "lines.txt").read_bytes(), ran.stderr


@pytest.mark.parametrize("line", SAID)
def test_the_kit_reads_and_writes_every_line_of_the_meter(line):
    (text,) = pico_lines.LineReader().feed(line)

    assert pico_lines.frame(text) == line


def test_the_checksum_is_the_one_that_others_know():
    assert protocol.crc16(b"123456789") == 0x29B1  # of CRC-16/CCITT-FALSE, in every catalogue


@settings(deadline=None)  # a loaded machine is no failure
@given(st.binary())
def test_two_writings_of_the_checksum_agree(data):
    assert protocol.crc16(data) == binascii.crc_hqx(data, 0xFFFF)


noise = st.one_of(
    st.binary(max_size=900),
    st.sampled_from(SAID),
    st.sampled_from(SAID).map(lambda line: line[: len(line) // 2]),
    st.text("!*\r\n0F", max_size=12).map(str.encode),
    st.integers(380, 410).map(lambda length: protocol.frame("x" * length)),
)


@settings(deadline=None)
@given(st.lists(noise, max_size=8), st.integers(1, 50))
def test_both_ends_hear_the_same_through_any_noise_in_any_portions(pieces, portion):
    data = b"".join(pieces)
    meter, kit, at_once = protocol.Lines(), pico_lines.LineReader(), pico_lines.LineReader()

    heard_by_meter, heard_by_kit = [], []
    for begin in range(0, len(data), portion):
        heard_by_meter += meter.feed(data[begin : begin + portion])
        heard_by_kit += kit.feed(data[begin : begin + portion])

    assert heard_by_meter == heard_by_kit == at_once.feed(data)


def test_noise_without_an_end_fills_no_memory():
    meter, kit = protocol.Lines(), pico_lines.LineReader()

    for _ in range(1000):
        meter.feed(b"!x" * 500)
        kit.feed(b"!x" * 500)
        meter.feed(b"y" * 500)
        kit.feed(b"y" * 500)

    assert len(meter._rest) <= 402
    assert len(kit._rest) <= 402
    assert kit.damaged >= 999


# --- what the kit makes of them ---


def hello(line: bytes = SAID[0]) -> pico_lines.Hello:
    (text,) = pico_lines.LineReader().feed(line)
    return pico_lines.parse_hello(text)


def test_a_hello_says_who_it_is_and_what_its_numbers_mean():
    told = hello()

    assert (told.protocol, told.version, told.chip) == (1, (1, 0, 0), "ina219")
    assert (told.window_us, told.wrap_us) == (9042, 1 << 30)
    assert hello(SAID[1]).trouble == "two-sensors"


@pytest.mark.parametrize(
    "text",
    [
        "HELLO mallette-power-meter protocol=1 firmware=1.0.0",
        "HELLO mallette-power-meter protocol=one",
        "HELLO mallette-power-meter protocol=1 chip=ina219 shunt_uohm=100000 wrap_us=9",
        "HELLO mallette-power-meter protocol=1 chip=none trouble=no-sensor",
        "HELLO mallette-power-meter protocol=1 chip=none shunt_uohm=0 wrap_us=9",
    ],
)
def test_a_hello_with_a_number_missing_is_refused(text):
    with pytest.raises(ValueError, match=r"number|shunt|wrap|invalid"):
        pico_lines.parse_hello(text)


def test_of_another_protocol_only_the_versions_are_read():
    told = pico_lines.parse_hello("HELLO mallette-power-meter protocol=2 firmware=3.1 shunt=a")

    assert (told.protocol, told.firmware, told.shunt_uohm) == (2, "3.1", 0)


def test_somebody_else_says_hello_too():
    assert pico_lines.parse_hello("HELLO weather-station protocol=1") is None


@pytest.mark.parametrize(
    ("line", "milliwatts", "flags"),
    [
        ("0 9042 5000 1256 -", 2512.0, ()),  # 50 mV over 0.1 ohm: 500 mA, at 5.024 V
        ("0 9042 32000 1250 F", 16000.0, (FULL_SCALE,)),
        ("0 9042 5000 1250 O", 2500.0, (FULL_SCALE,)),
        ("0 9042 -5000 1250 -", -2500.0, (NEGATIVE,)),
        ("0 9042 -10 1250 -", -5.0, ()),  # what an INA219 may say of no current at all
        ("0 9042 5000 1250 L", 2500.0, ()),
    ],
)
def test_steps_become_milliwatts(line, milliwatts, flags):
    raw = pico_lines.parse_reading(line)

    reading = pico_lines.reading(raw, hello(), 0.1, at_us=9042)

    assert reading.power_mw == pytest.approx(milliwatts)
    assert reading.flags == flags
    assert reading.at_s == pytest.approx(0.004521)  # the middle of what the chip looked at


def test_another_shunt_gives_another_power_from_the_same_line():
    raw = pico_lines.parse_reading("0 9042 5000 1250 -")

    assert pico_lines.reading(raw, hello(), 0.01, at_us=0).power_mw == pytest.approx(25_000)


@settings(deadline=None)
@given(st.integers(0, (1 << 30) - 1), st.lists(st.integers(-20_000, 400_000_000), max_size=30))
def test_a_clock_that_wraps_is_unwrapped(begin_us, steps_us):
    clock = pico_lines.Unwrapped(1 << 30)
    truth = begin_us
    clock.us(begin_us)

    for step_us in steps_us:
        truth += step_us
        assert clock.us(truth % (1 << 30)) == truth
