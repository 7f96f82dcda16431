"""MicroPython's `time` on a Pico, of virtual time: the microseconds wrap at 2 to the 30th."""

from world import world

_PERIOD = 1 << 30


def ticks_us():
    return (world.clock_offset_us + world.now_us) % _PERIOD


def ticks_ms():
    return (world.clock_offset_us + world.now_us) // 1000 % _PERIOD


def ticks_diff(later, earlier):
    return (later - earlier + _PERIOD // 2) % _PERIOD - _PERIOD // 2


def sleep_us(us):
    world.pass_time(us)
