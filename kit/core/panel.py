"""What the kit's own lamp says and what a press on its button means. Pure.

The lamp has one colour, so it speaks in times; each word is told from the others within two
seconds, by somebody who cannot tell red from green, too. None needs a dimmed light: that would be
made by software, and heard in a measurement.
"""

from collections.abc import Mapping
from enum import StrEnum


class Lamp(StrEnum):
    """What the lamp says."""

    STARTING = "starting"
    READY = "ready"
    MEASURING = "measuring"
    SILENT = "silent"
    """The Wi-Fi is off: the class has ended, or somebody switched it off."""
    FAULT = "fault"
    LEAVING = "leaving"
    """The kit is switching itself off; once it is dark, it may be unplugged."""


PATTERNS: Mapping[Lamp, tuple[tuple[bool, float], ...]] = {
    Lamp.STARTING: ((True, 0.5), (False, 0.5)),
    Lamp.READY: ((True, 1.0),),
    Lamp.MEASURING: ((True, 1.8), (False, 0.2)),
    Lamp.SILENT: ((True, 0.1), (False, 1.9)),
    Lamp.FAULT: ((True, 0.1), (False, 0.1)),
    Lamp.LEAVING: ((True, 0.15), (False, 0.15), (True, 0.15), (False, 0.75)),
}
"""On or off, and for how many seconds, over and over."""

TICK_S = 0.05
"""Half the shortest of these."""
BOUNCE_S = 0.04
"""Contacts tremble for some milliseconds; no finger is that quick."""
SHORT_S, LONG_S = 1.0, 3.0
"""A press up to the first is short; held to the second it is long; in between somebody thought
better of it."""


def is_lit(lamp: Lamp, at_s: float) -> bool:
    """Whether the lamp is on at this time.

    >>> [is_lit(Lamp.STARTING, at_s) for at_s in (0.0, 0.4, 0.6, 1.1)]
    [True, True, False, True]
    """
    pattern = PATTERNS[lamp]
    left_s = at_s % sum(length_s for _lit, length_s in pattern)
    for lit, length_s in pattern:
        if left_s < length_s:
            return lit
        left_s -= length_s
    return pattern[-1][0]


class Press(StrEnum):
    """What a finger meant."""

    SHORT = "short"
    LONG = "long"


class Finger:
    """Tells presses from what the button is seen to be.

    >>> finger = Finger()
    >>> [finger.see(held, at_s) for held, at_s in ((True, 0.0), (True, 0.2), (False, 0.4))]
    [None, None, <Press.SHORT: 'short'>]
    """

    def __init__(self) -> None:
        self._since_s: float | None = None
        self._said = False

    def see(self, held: bool, at_s: float) -> Press | None:
        """Take in whether it is held; a long press is told while it still is."""
        if held and self._since_s is None:
            self._since_s, self._said = at_s, False
        if self._since_s is None:
            return None
        for_s = at_s - self._since_s
        if held:
            if for_s >= LONG_S and not self._said:
                self._said = True
                return Press.LONG
            return None
        self._since_s = None
        return Press.SHORT if BOUNCE_S <= for_s <= SHORT_S and not self._said else None
