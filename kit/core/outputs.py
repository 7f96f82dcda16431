"""What a pin is, what may be wired to it, and when an answer switches it. Pure.

    Wire (what hangs on which pins, for which label) + confidences over time -> on or off

Who looks at answers and tells a board (`core.ports.Board`) is `kit/outputs.py`.
The rule for a label: at or above its threshold for its chosen time, on; below the threshold by
more than `HYSTERESIS`, or nothing seen for `STALE_S`, off. Off is each part's safe state.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from kit.core.errors import BadInput, Conflict

HYSTERESIS = 0.1
"""A confidence that trembles by less about its threshold does not make a relay chatter."""
STALE_S = 1.5
"""Answers older than this say nothing about now: the camera went, or the kit measures."""
LONGEST_AFTER_S = 10.0
MOST_WIRES = 8
"""More than a class can wire in a lesson, and less than the board's 3.3 V gives (some 500 mA)."""
REST_DEG, END_DEG = -90, 90


class Part(StrEnum):
    """What may hang on the pins."""

    LED = "led"
    RGB_LED = "rgb-led"
    BUZZER = "buzzer"
    SERVO = "servo"
    RELAY = "relay"
    BUTTON = "button"


PINS_OF: Mapping[Part, tuple[str, ...]] = {
    Part.LED: ("signal",),
    Part.RGB_LED: ("red", "green", "blue"),
    Part.BUZZER: ("signal",),
    Part.SERVO: ("signal",),
    Part.RELAY: ("signal",),
    Part.BUTTON: ("signal",),
}
"""The legs of each part that go to a pin of their own, in this order."""


@dataclass(frozen=True, slots=True)
class HeaderPin:
    """One of the 40 pins.

    Attributes:
        place: 1 to 40, odd ones on the inner row.
        gpio: its number as the processor counts; None for power and ground.
        role: "3v3", "5v", "ground", "gpio"; "board": the board uses it for itself; "kit": the
            kit's own lamp or button hangs there.
    """

    place: int
    gpio: int | None
    role: str


def _header() -> tuple[HeaderPin, ...]:
    """The header of every Raspberry Pi since the B+, from its pin 1.

    Source: raspberrypi.com/documentation/computers/raspberry-pi.html, "GPIO and the 40-pin header".
    """
    told = """3v3 5v 2 5v 3 ground 4 14 ground 15 17 18 27 ground 22 23 3v3 24 10 ground
              9 25 11 8 ground 7 0 1 5 ground 6 12 13 ground 19 16 26 20 ground 21"""
    pins = []
    for place, word in enumerate(told.split(), 1):
        if not word.isdecimal():
            pins.append(HeaderPin(place, None, word))
        else:
            # 0 and 1 are read at start, from the memory chip of a board that is plugged on.
            role = "board" if word in ("0", "1") else "gpio"
            pins.append(HeaderPin(place, int(word), role))
    return tuple(pins)


HEADER = _header()
FREE_GPIOS = frozenset(pin.gpio for pin in HEADER if pin.role == "gpio")
GROUNDS = tuple(pin.place for pin in HEADER if pin.role == "ground")


def header_beside(kept: frozenset[int]) -> tuple[HeaderPin, ...]:
    """The header as a class sees it, where the kit keeps these GPIOs for itself.

    >>> [pin.role for pin in header_beside(frozenset({17})) if pin.gpio in (4, 17)]
    ['gpio', 'kit']
    """
    return tuple(replace(pin, role="kit") if pin.gpio in kept else pin for pin in HEADER)


def place_of(gpio: int) -> int:
    """Where on the header a GPIO is.

    >>> place_of(17)
    11
    """
    return next(pin.place for pin in HEADER if pin.gpio == gpio)


def nearest_ground(place: int) -> int:
    """The ground with the shortest wire, for the drawing.

    >>> nearest_ground(11)
    9
    """

    def distance(ground: int) -> tuple[int, bool]:
        rows = abs((ground - 1) // 2 - (place - 1) // 2)
        return rows, ground % 2 != place % 2

    return min(GROUNDS, key=distance)


@dataclass(frozen=True, slots=True)
class Wire:
    """One thing on the pins. Checked when made.

    Attributes:
        id: of the wire, within its project.
        part: what it is.
        pins: GPIO numbers, one for each of `PINS_OF[part]`.
        label_id: which label switches it; for a button: which label it takes pictures for.
        threshold: 0.05 to 1; the label's confidence must reach it.
        after_s: for how long it must stay there, 0 to `LONGEST_AFTER_S`.
        colour: "#rrggbb" of an RGB LED that is on.
        angle_deg: where a servo goes, -90 to 90; at rest it stands at `REST_DEG`.
        active_high: whether a relay's board closes on a high pin; many close on a low one.

    Raises:
        BadInput: "pin-unknown", "pin-not-free", "wire-wrong".
        Conflict: "pin-taken": two legs on one pin.

    >>> Wire("w1", Part.LED, (99,), "l1")
    Traceback (most recent call last):
    kit.core.errors.BadInput: there is no GPIO 99 on the header
    """

    id: str
    part: Part
    pins: tuple[int, ...]
    label_id: str
    threshold: float = 0.8
    after_s: float = 0.5
    colour: str = "#ff8800"
    angle_deg: float = END_DEG
    active_high: bool = True

    def __post_init__(self) -> None:
        if len(self.pins) != len(PINS_OF[self.part]):
            raise BadInput("wire-wrong", f"a {self.part} has {len(PINS_OF[self.part])} leg(s)")
        for gpio in self.pins:
            check_pin(gpio)
        if len(set(self.pins)) < len(self.pins):
            twice = next(gpio for gpio in self.pins if self.pins.count(gpio) > 1)
            raise Conflict("pin-taken", f"GPIO {twice} is named twice", pin=str(twice))
        good = (
            0.05 <= self.threshold <= 1.0
            and 0.0 <= self.after_s <= LONGEST_AFTER_S
            and REST_DEG <= self.angle_deg <= END_DEG
            and re.fullmatch("#[0-9a-fA-F]{6}", self.colour) is not None
        )
        if not good:
            raise BadInput("wire-wrong", f"{self!r} is out of range")

    @property
    def is_input(self) -> bool:
        """Whether the kit listens to it instead of driving it."""
        return self.part is Part.BUTTON

    @property
    def rgb(self) -> tuple[float, float, float]:
        """The colour in 0..1.

        >>> Wire("w1", Part.RGB_LED, (5, 6, 13), "l1", colour="#ff0033").rgb
        (1.0, 0.0, 0.2)
        """
        red, green, blue = (int(self.colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
        return red, green, blue


def check_pin(gpio: int) -> None:
    """Refuse a GPIO that is not there, or not for us.

    Raises:
        BadInput: "pin-unknown", "pin-not-free".
    """
    if not any(pin.gpio == gpio for pin in HEADER):
        raise BadInput("pin-unknown", f"there is no GPIO {gpio} on the header", pin=str(gpio))
    if gpio not in FREE_GPIOS:
        raise BadInput("pin-not-free", f"GPIO {gpio} belongs to the board", pin=str(gpio))


def check_beside(kept: frozenset[int], wires: Iterable[Wire]) -> None:
    """Refuse wires on GPIOs that the kit keeps for its own lamp and button.

    Raises:
        Conflict: "pin-of-the-kit".
    """
    for gpio in (gpio for wire in wires for gpio in wire.pins if gpio in kept):
        raise Conflict("pin-of-the-kit", f"GPIO {gpio} is the kit's own", pin=str(gpio))


def check_together(wires: Iterable[Wire]) -> None:
    """Refuse wires that cannot be on one header at once.

    Raises:
        Conflict: "pin-taken", "too-many-wires".
    """
    taken: set[int] = set()
    count = 0
    for wire in wires:
        count += 1
        for gpio in wire.pins:
            if gpio in taken:
                raise Conflict("pin-taken", f"GPIO {gpio} has a wire already", pin=str(gpio))
            taken.add(gpio)
    if count > MOST_WIRES:
        raise Conflict("too-many-wires", f"{count} wires", most=MOST_WIRES)


class Follower:
    """Whether one wire is on, as answers come.

    Args:
        wire: whose threshold and time hold.

    >>> follower = Follower(Wire("w1", Part.LED, (17,), "l1", threshold=0.8, after_s=0.5))
    >>> [follower.see(0.9, at_s) for at_s in (0.0, 0.4, 0.5)]
    [False, False, True]
    >>> follower.see(0.75, 0.6), follower.see(0.6, 0.7)
    (True, False)
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._since_s: float | None = None
        self._seen_s: float | None = None
        self.is_on = False

    def see(self, confidence: float | None, at_s: float) -> bool:
        """Take in one answer; None: the model does not know this label.

        Args:
            confidence: of the wire's label, 0..1.
            at_s: when, on a clock that never goes backwards.
        """
        if self._is_stale(at_s):
            self._since_s = None  # a gap is no time spent above the threshold
        self._seen_s = at_s
        floor = self._wire.threshold - (HYSTERESIS if self.is_on else 0.0)
        if confidence is None or confidence < floor:
            self._since_s, self.is_on = None, False
            return False
        if self._since_s is None:
            self._since_s = at_s
        self.is_on = self.is_on or at_s - self._since_s >= self._wire.after_s
        return self.is_on

    def look(self, now_s: float) -> bool:
        """Whether it is on now, with no new answer: off once the last one is stale."""
        if self._is_stale(now_s):
            self._since_s, self.is_on = None, False
        return self.is_on

    def _is_stale(self, now_s: float) -> bool:
        return self._seen_s is not None and now_s - self._seen_s > STALE_S
