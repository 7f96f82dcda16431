"""A board made of nothing: for tests, and for trying outputs on a computer without pins.

    board = FakeBoard()
    board.press("w2"); board.release("w2"); board.unplug(); board.replug()
    board.pins[17]                        ("output", 1.0)

By name it is "fake", or "fake:FOLDER": then each change of its pins is a line of `pins.jsonl` in
there, and the GPIOs named in its file `pressed` are held down. It needs no package; "mock" is the
same with gpiozero's own classes on pins of gpiozero's `MockFactory` (board_gpiozero.py).
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from kit.core.errors import Unavailable
from kit.core.outputs import REST_DEG, Part, Wire

PinState = tuple[str, float | None]
"""What a pin is ("input" or "output") and its level 0..1 over time; None: none is driven."""
JOURNAL, PRESSED = "pins.jsonl", "pressed"


class FakeBoard:
    """Pins that remember what they were told.

    Attributes:
        pins: GPIO -> what it is and shows now, for every pin that was ever wired.
    """

    name = "fake"

    def __init__(self) -> None:
        self.pins: dict[int, PinState] = {}
        self._wires: dict[str, Wire] = {}
        self._held: set[str] = set()
        self._plugged = True
        self._open = False

    # --- verbs of the physical world ---

    def press(self, wire_id: str) -> None:
        """Hold this button down."""
        self._held.add(wire_id)

    def release(self, wire_id: str) -> None:
        """Let it go."""
        self._held.discard(wire_id)

    def hold_pins(self, gpios: frozenset[int]) -> None:
        """Hold the buttons on these pins, and no others."""
        self._held = {id for id, wire in self._wires.items() if wire.pins[0] in gpios}

    def unplug(self) -> None:
        """The board is gone; so is the power of its pins."""
        self._plugged = False
        self.pins = {gpio: ("input", None) for gpio in self.pins}

    def replug(self) -> None:
        """It is back, and has to be opened anew."""
        self._plugged, self._open = True, False

    # --- what a back end does ---

    def open(self) -> None:
        """Raises `Unavailable` while unplugged."""
        if not self._plugged:
            raise Unavailable("board-missing", "fake: unplugged", reason="fake: unplugged")
        self._open = True

    def wire(self, wires: Sequence[Wire]) -> None:
        """Take these pins."""
        self._ask()
        self._let_go()
        self._wires = {wire.id: wire for wire in wires}
        self.safe()

    def set(self, wire_id: str, on: bool) -> None:
        """Switch one part."""
        self._ask()
        wire = self._wires[wire_id]
        for gpio, level in zip(wire.pins, _levels(wire, on), strict=True):
            self.pins[gpio] = ("output", level)

    def pressed(self) -> frozenset[str]:
        """The buttons that are held."""
        self._ask()
        return frozenset(id for id in self._held if id in self._wires and self._wires[id].is_input)

    def safe(self) -> None:
        """Everything off."""
        for wire in self._wires.values():
            for gpio, level in zip(wire.pins, _levels(wire, False), strict=True):
                if wire.is_input:
                    self.pins[gpio] = ("input", None)
                else:
                    self.pins[gpio] = ("output", 0.0 if wire.part is Part.SERVO else level)

    def close(self) -> None:
        """Let everything go."""
        self._let_go()
        self._open = False

    def _let_go(self) -> None:
        self.safe()
        for gpio in (gpio for wire in self._wires.values() for gpio in wire.pins):
            self.pins[gpio] = ("input", None)
        self._wires = {}

    def _ask(self) -> None:
        if not (self._plugged and self._open):
            raise Unavailable("board-lost", "fake: unplugged or not open")


def _levels(wire: Wire, on: bool) -> tuple[float, ...]:
    """What the wire's pins show."""
    match wire.part:
        case Part.RGB_LED:
            return wire.rgb if on else (0.0, 0.0, 0.0)
        case Part.SERVO:
            return (pulse_share(wire.angle_deg if on else REST_DEG),)
        case Part.RELAY:
            return (float(on is wire.active_high),)
        case _:
            return (float(on),)


def pulse_share(angle_deg: float) -> float:
    """For which share of its 20 ms a servo's signal is high: 1 ms at -90°, 2 ms at 90°.

    >>> pulse_share(0)
    0.075
    """
    return round((1.5 + 0.5 * angle_deg / 90) / 20, 6)


class Journal:
    """A folder through which a test sees a board's pins and presses its buttons."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / JOURNAL
        self._held = folder / PRESSED
        self._told: Mapping[int, PinState] = {}

    def tell(self, pins: Mapping[int, PinState]) -> None:
        """Write down what the pins are now, if anything has changed."""
        if pins != self._told:
            self._told = dict(pins)
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps({str(gpio): state for gpio, state in pins.items()}) + "\n")

    def held(self) -> frozenset[int]:
        """The GPIOs that are held down."""
        try:
            return frozenset(int(word) for word in self._held.read_text().split())
        except (OSError, ValueError):
            return frozenset()
