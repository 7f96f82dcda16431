"""The Pico meter's lines, as the kit reads and writes them. Pure: bytes in, values out.

    bytes -> lines with a right checksum -> Hello · Raw reading · (word, time) -> Reading, Mark

The firmware has its own half of this (`firmware/power-meter/protocol.py`, where the lines are
described) and neither imports the other: tests hold both against the same bytes.
"""

import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from kit.core.types import FULL_SCALE, NEGATIVE, Reading

NAME = "mallette-power-meter"
PROTOCOL = 1
FIRMWARE = (1, 0, 0)
"""The version that this kit was tested with; an older one of the same protocol still serves."""
SEQUENCES = 1 << 16
_LONGEST_LINE = 400
_MOST_KEPT = _LONGEST_LINE + 2
_AT_REST_UV = 150
"""A chip may be so far off at no current (INA219: 100 uV): less than this is no backward current.
"""


def frame(text: str) -> bytes:
    """The line that carries `text`.

    >>> frame("START")
    b'!START*0D17\\n'
    """
    data = text.encode("ascii")
    return b"!%s*%04X\n" % (data, _checksum(data))


def _checksum(data: bytes) -> int:
    """CRC-16/CCITT-FALSE."""
    return binascii.crc_hqx(data, 0xFFFF)


class LineReader:
    """Bytes in any portions -> the texts of the undamaged lines.

    Attributes:
        damaged: lines that were none, so far.
        damaged_in_a_row: since the last good one.
        last_damaged: one of them, for whoever asks what came.
    """

    def __init__(self) -> None:
        self.damaged = self.damaged_in_a_row = 0
        self.last_damaged = ""
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        """The texts that `data` completes, in order."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _MOST_KEPT:  # noise without an end must not fill the memory
            noise, found, begun = self._rest.rpartition(b"!")
            self._rest = found + begun if found and len(begun) < _MOST_KEPT else b""
            lines += [] if self._rest else [noise + found + begun]
        texts = []
        for line in lines:
            text = _text(line)
            if text is not None:
                texts.append(text)
                self.damaged_in_a_row = 0
            elif line.strip():
                self.damaged += 1
                self.damaged_in_a_row += 1
                self.last_damaged = line[:60].decode("ascii", "replace").strip()
        return texts


def _text(line: bytes) -> str | None:
    """What a line carries; after noise or half a line the last `!` begins afresh."""
    _, found, body = line.rstrip(b"\r").rpartition(b"!")
    data, star, told = body.rpartition(b"*")
    if not found or not star or len(body) > _LONGEST_LINE or told != b"%04X" % _checksum(data):
        return None
    text = data.decode("ascii", "replace")
    return text if text.isprintable() and text.isascii() else None


def pairs(text: str) -> dict[str, str]:
    """The key=value words of a line; what is none is passed over.

    >>> pairs("STATUS lost=0 self_test=ok")
    {'lost': '0', 'self_test': 'ok'}
    """
    split = (word.partition("=") for word in text.split(" "))
    return {key: value for key, equals, value in split if equals}


@dataclass(frozen=True, slots=True)
class Hello:
    """Who the meter is and what its numbers mean.

    Attributes:
        protocol, firmware: versions.
        board: the Pico's own number.
        chip: "ina219", "ina226", or "none" with the `trouble` in a word.
        shunt_uohm: as stored in the meter.
        shunt_lsb_nv, bus_lsb_uv: one step of a reading.
        full_scale: steps of the shunt at which it clips.
        averages, shunt_us, bus_us: how a reading comes about.
        wrap_us: where its clock begins again.
    """

    protocol: int
    firmware: str
    board: str = ""
    chip: str = "none"
    trouble: str = ""
    shunt_uohm: int = 0
    shunt_lsb_nv: int = 0
    bus_lsb_uv: int = 0
    full_scale: int = 0
    averages: int = 0
    shunt_us: int = 0
    bus_us: int = 0
    wrap_us: int = 0

    @property
    def window_us(self) -> int:
        """How long the chip takes for one reading."""
        return self.shunt_us + self.bus_us

    @property
    def version(self) -> tuple[int, ...]:
        """The firmware's version in numbers; () where it has none that can be compared."""
        parts = self.firmware.split(".")
        return tuple(map(int, parts)) if all(part.isdigit() for part in parts) else ()


def parse_hello(text: str) -> Hello | None:
    """Whom a HELLO line speaks of; None where it is none or not that of a power meter.

    Of a protocol other than ours only the versions are read: the rest may mean something else.

    Raises:
        ValueError: of our protocol, and a number is missing or none.
    """
    kind, _, rest = text.partition(" ")
    name, _, rest = rest.partition(" ")
    if kind != "HELLO" or name != NAME:
        return None
    told = pairs(rest)
    protocol, firmware = int(told.get("protocol", "0")), told.get("firmware", "")
    if protocol != PROTOCOL:
        return Hello(protocol, firmware)
    numbers = ["shunt_uohm", "wrap_us"]
    if told.get("chip", "none") != "none":
        numbers += ["shunt_lsb_nv", "bus_lsb_uv", "full_scale", "averages", "shunt_us", "bus_us"]
    try:
        values = {name: int(told[name]) for name in numbers}
    except KeyError as missing:
        raise ValueError(f"no {missing} in {text!r}") from missing
    if min(values.values()) <= 0:
        raise ValueError(f"a number that cannot be: {text!r}")
    words = {name: told[name] for name in ("board", "chip", "trouble") if name in told}
    return Hello(protocol, firmware, **words, **values)


class Unwrapped:
    """The meter's clock without its turns: microseconds that go on rising.

    >>> clock = Unwrapped(wrap_us=1000)
    >>> clock.us(990), clock.us(5), clock.us(3), clock.us(999)
    (990, 1005, 1003, 999)
    """

    def __init__(self, wrap_us: int) -> None:
        self._wrap_us = wrap_us
        self._last_us: int | None = None

    def us(self, ticks_us: int) -> int:
        """The time of these ticks, taken to be within half a turn of the time before."""
        if self._last_us is None:
            self._last_us = ticks_us
        half = self._wrap_us // 2
        self._last_us += (ticks_us - self._last_us + half) % self._wrap_us - half
        return self._last_us


@dataclass(frozen=True, slots=True)
class RawReading:
    """A reading in the chip's steps, as the line has it."""

    sequence: int
    ticks_us: int
    shunt: int
    bus: int
    flags: str


def parse_reading(rest: str) -> RawReading:
    """What follows "R ". Raises ValueError."""
    sequence, ticks_us, shunt, bus, flags = rest.split(" ")
    return RawReading(int(sequence), int(ticks_us), int(shunt), int(bus), flags)


def reading(raw: RawReading, hello: Hello, shunt_ohms: float, at_us: int) -> Reading:
    """A reading in milliwatts, at the middle of the time that it is the mean of.

    Args:
        raw: as the line has it.
        hello: what its steps are.
        shunt_ohms: the shunt that is really there.
        at_us: its `ticks_us`, unwrapped: when the chip had finished.
    """
    shunt_uv = raw.shunt * hello.shunt_lsb_nv / 1e3
    current_ma = shunt_uv / shunt_ohms / 1e3
    bus_v = raw.bus * hello.bus_lsb_uv / 1e6
    flags = []
    if set(raw.flags) & set("FO"):
        flags.append(FULL_SCALE)
    if shunt_uv < -_AT_REST_UV:
        flags.append(NEGATIVE)
    return Reading((at_us - hello.window_us / 2) / 1e6, current_ma * bus_v, tuple(flags))


def numbers_of(told: Mapping[str, str]) -> dict[str, int | str]:
    """Pairs with the numbers among their values as numbers.

    >>> numbers_of({"lost": "2", "state": "waiting"})
    {'lost': 2, 'state': 'waiting'}
    """
    return {key: int(value) if value.isdigit() else value for key, value in told.items()}
