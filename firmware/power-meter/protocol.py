"""The words that the meter and the kit exchange over USB. Pure: bytes in, bytes out.

Runs unchanged under MicroPython and CPython, and is tested byte for byte under both.

A line is `!TEXT*CCCC` and a line feed. CCCC is the CRC-16 of TEXT in capital hexadecimals. `!` and
`*` occur nowhere else, so after noise or half a line the next `!` begins afresh.

The meter says:

    HELLO mallette-power-meter KEY=VALUE ...    who it is, and what its numbers mean
    R SEQUENCE TICKS_US SHUNT BUS FLAGS         one reading, in the chip's own steps
    MARK TICKS_US WORD                          the kit's word, in its place among the readings
    EVENT TICKS_US WORD                         sensor-lost, sensor-back, sensor-reset
    STATUS KEY=VALUE ...                        how it fares
    OK COMMAND, NO COMMAND WHY                  what became of a command

and hears HELLO TOKEN, START, STOP, MARK WORD, STATUS, TEST, SET shunt_uohm=N. TEST is answered by
OK TEST at once and by STATUS when the test is done.

Readings are the chip's registers, not watts: whoever finds out a month later that the shunt was
0.01 ohm and not 0.1 can still work the old readings out.
"""

NAME = "mallette-power-meter"
PROTOCOL = 1
"""Goes up when an older kit would misread a newer meter."""
FIRMWARE = "1.0.0"

WRAP_US = 1 << 30
"""The clock counts microseconds from 0 to here and begins again, every 17.9 minutes: MicroPython's
`ticks_us` on a Pico. HELLO says the number and the kit counts the turns."""
SEQUENCES = 1 << 16
"""Sequence numbers count from 0 to here and begin again."""

OVERFLOW, FULL_SCALE, LOST, NOTHING = "O", "F", "L", "-"
"""Flags of a reading: the chip's arithmetic overflowed; its input was at its limit; readings are
missing just before this one; none of these."""

LONGEST_LINE = 400
"""Bytes from `!` to the checksum's end. The longest that is said, HELLO, has 240."""
_MOST_KEPT = LONGEST_LINE + 2  # with its `!`, and the return that some terminals add
LONGEST_MARK = 24
_MARK_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"


def _crc_table():
    table = []
    for byte in range(256):
        crc = byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        table.append(crc & 0xFFFF)
    return tuple(table)


_CRC_TABLE = _crc_table()  # 256 steps once: bit by bit, a line would cost a Pico 3 ms


def crc16(data):
    """CRC-16/CCITT-FALSE of bytes: polynomial 0x1021, from 0xFFFF. b"123456789" gives 0x29B1."""
    crc = 0xFFFF
    for byte in data:
        crc = ((crc << 8) & 0xFFFF) ^ _CRC_TABLE[(crc >> 8) ^ byte]
    return crc


def frame(text):
    """The line that carries `text`, as bytes."""
    data = text.encode()
    return b"!%s*%04X\n" % (data, crc16(data))


def unframe(line):
    """The text that a line carries, or None where it is damaged or no line of ours.

    Args:
        line: bytes without the line feed; what stands before the last `!` is left out.
    """
    begin = line.rfind(b"!")
    body = line[begin + 1 :].rstrip(b"\r")
    if begin < 0 or not 5 <= len(body) <= LONGEST_LINE or body[-5:-4] != b"*":
        return None
    data = body[:-5]
    if b"%04X" % crc16(data) != bytes(body[-4:]):
        return None
    for byte in data:
        if not 32 <= byte < 127:
            return None
    return data.decode()


class Lines:
    """Bytes as they come, in any portions -> the texts of the whole lines.

    `damaged` counts the lines that were none of ours.
    """

    def __init__(self):
        self.damaged = 0
        self._rest = b""

    def feed(self, data):
        """The texts of the lines that `data` completes, in order."""
        texts = []
        parts = (self._rest + data).split(b"\n")
        self._rest = parts.pop()
        for line in parts:
            text = unframe(line)
            if text is not None:
                texts.append(text)
            elif line.strip():
                self.damaged += 1
        if len(self._rest) > _MOST_KEPT:  # noise without an end must not fill the memory
            begin = self._rest.rfind(b"!")
            self._rest = self._rest[begin:] if begin >= 0 else b""
            if len(self._rest) > _MOST_KEPT:
                self._rest = b""
            self.damaged += not self._rest
        return texts


def reading(sequence, ticks_us, shunt, bus, flags):
    """The line of one reading; `flags` is some of O, F and L, or "" for none."""
    return frame(f"R {sequence} {ticks_us} {shunt} {bus} {flags or NOTHING}")


def mark(ticks_us, word):
    """The line of a mark."""
    return frame(f"MARK {ticks_us} {word}")


def event(ticks_us, word):
    """The line of something that happened to the meter itself."""
    return frame(f"EVENT {ticks_us} {word}")


def pairs(kind, fields):
    """The line `KIND key=value ...` of (key, value) pairs, in their order."""
    return frame(kind + "".join([f" {key}={value}" for key, value in fields]))


def hello(fields):
    """The line that says who this is; `fields` as of `pairs`."""
    who = [("protocol", PROTOCOL), ("firmware", FIRMWARE)]
    who.extend(fields)
    return pairs("HELLO " + NAME, who)


def is_mark(word):
    """Whether `word` may be a mark: 1 to 24 of a-z, 0-9 and "-"."""
    return 0 < len(word) <= LONGEST_MARK and all(letter in _MARK_LETTERS for letter in word)
