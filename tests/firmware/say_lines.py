"""Says and reads lines with the firmware's `protocol.py`; run by MicroPython and by CPython.

What it prints must be `lines.txt`, to the byte, under both.
"""

import protocol

LAST_US = protocol.WRAP_US - 1
CHIP = [("board", "e6605838832a4d2f"), ("wrap_us", protocol.WRAP_US), ("shunt_uohm", 100_000)]
CHIP += [("chip", "ina219"), ("address", 64), ("averages", 16), ("shunt_us", 8510)]
CHIP += [("bus_us", 532), ("shunt_lsb_nv", 10_000), ("bus_lsb_uv", 4000), ("full_scale", 32_000)]

said = [
    protocol.hello(CHIP + [("token", "0a1b2c3d")]),  # noqa: RUF005 (MicroPython has no other way)
    protocol.hello(CHIP[:3] + [("chip", "none"), ("trouble", "two-sensors")]),  # noqa: RUF005
    protocol.reading(0, 0, 5000, 1256, ""),
    protocol.reading(65_535, LAST_US, -32_000, 0, "OFL"),
    protocol.reading(1, 9042, 32_767, 32_767, "F"),
    protocol.mark(LAST_US, "idle-1-begin"),
    protocol.event(12, "sensor-lost"),
    protocol.pairs("STATUS", [("lost", 0), ("self_test", "ok")]),
    protocol.frame("OK START"),
    protocol.frame("NO SET not-a-shunt"),
    protocol.frame(""),
]
for line in said:
    print(line.decode(), end="")

heard = [
    b"!START*0D17\n",
    b"!START*0D17\r\n",  # a terminal's line end
    b"!STA!START*0D17\n",  # half a line, then a whole one
    b"\x00\xff!!START*0D17\n",
    b"!START*0D18\n",  # a wrong checksum
    b"!START*0d17\n",  # small letters
    b"START*0D17\n",
    b"!*FFFF\n",  # nothing, and its checksum
    b"!*\n",
    b"\n\n",
    b"x" * 1000 + b"\n" + protocol.frame("STOP"),
    b"!" + b"y" * 1000 + b"\n",
    protocol.frame("MARK " + "a" * 24) * 2,
]
for portion in (1, 7, 10_000):
    lines = protocol.Lines()
    data = b"".join(heard)
    texts = []
    for begin in range(0, len(data), portion):
        texts += lines.feed(data[begin : begin + portion])
    print(portion, texts, lines.damaged)

print(protocol.crc16(b"123456789"), protocol.crc16(b""))
print([protocol.is_mark(word) for word in ("idle-1", "a" * 24, "a" * 25, "", "Idle", "a b", "é")])
