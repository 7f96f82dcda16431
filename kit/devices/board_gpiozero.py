"""The pins of a Raspberry Pi, by gpiozero over lgpio: the one pin factory that a Pi 5 has, too.

"mock" is the same board over gpiozero's own `MockFactory`: every line here runs, no pin is needed.
gpiozero is found on Raspberry Pi OS (python3-gpiozero, python3-lgpio), or in the extra [pi].

Whoever uses this in the server puts it in a process of its own (board_process.py): a servo's signal
is made by software, and what a killed process leaves on is on.
"""

import os
import tempfile
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from kit.core.errors import Unavailable
from kit.core.outputs import END_DEG, REST_DEG, Part, Wire
from kit.devices.board_fake import PinState


def lgpio_factory() -> Any:
    """The pins of this machine.

    Raises:
        Unavailable: "board-missing", naming the package or device file that is not there.
    """
    # lgpio makes a pipe where it stands, and on the image that is read-only.
    os.environ.setdefault("LG_WD", tempfile.gettempdir())
    try:
        from gpiozero.pins.lgpio import LGPIOFactory

        return LGPIOFactory()
    except Exception as error:  # lgpio.error inherits from Exception alone
        raise Unavailable(
            "board-missing", f"gpiozero over lgpio: {error!r}", reason=str(error)
        ) from error


def mock_factory() -> Any:
    """Pins that remember. Raises `Unavailable` "board-missing" without gpiozero."""
    try:
        from gpiozero.pins.mock import MockFactory, MockPWMPin
    except ImportError as error:
        raise Unavailable("board-missing", f"mock: {error}", reason=str(error)) from error
    return MockFactory(pin_class=MockPWMPin)


class GpiozeroBoard:
    """Parts on pins (`core.ports.Board`).

    Args:
        factory: makes a gpiozero pin factory; `mock_factory` in tests.
        name: by which it was chosen.
    """

    def __init__(
        self, factory: Callable[[], Any] = lgpio_factory, *, name: str = "gpiozero"
    ) -> None:
        self.name = name
        self._make_factory = factory
        self._factory: Any = None
        self._wires: dict[str, Wire] = {}
        self._devices: dict[str, Any] = {}
        self._seen: set[int] = set()

    def open(self) -> None:
        """Find the pins. Raises `Unavailable`."""
        if self._factory is None:
            self._factory = self._make_factory()

    def wire(self, wires: Sequence[Wire]) -> None:
        """Take these pins. Raises `Unavailable` "pin-busy", "board-lost"."""
        if self._factory is None:
            raise Unavailable("board-lost", f"{self.name} is not open")
        self._let_go()
        for wire in wires:
            try:
                self._devices[wire.id] = _made(wire, self._factory)
            except Exception as error:
                self._let_go()
                told = ", ".join(map(str, wire.pins))
                raise Unavailable("pin-busy", f"GPIO {told}: {error!r}", pin=told) from error
            self._wires[wire.id] = wire
            self._seen.update(wire.pins)

    def set(self, wire_id: str, on: bool) -> None:
        """Switch one part. Raises `Unavailable` "board-lost"."""
        device = self._device(wire_id)
        wire = self._wires[wire_id]
        match wire.part:
            case Part.SERVO:
                wanted = wire.angle_deg if on else REST_DEG
                if device.angle is None or abs(device.angle - wanted) > 0.5:
                    device.angle = wanted
            case Part.RGB_LED:
                device.value = wire.rgb if on else (0, 0, 0)
            case _:
                device.value = float(on)

    def pressed(self) -> frozenset[str]:
        """The buttons that are held. Raises `Unavailable` "board-lost"."""
        if self._factory is None:
            raise Unavailable("board-lost", f"{self.name} is not open")
        buttons = (id for id, wire in self._wires.items() if wire.is_input)
        return frozenset(id for id in buttons if self._devices[id].is_pressed)

    def safe(self) -> None:
        """Everything off; the servo without a signal."""
        for id, device in self._devices.items():
            if not self._wires[id].is_input:
                device.value = None if self._wires[id].part is Part.SERVO else _off(device)

    def close(self) -> None:
        """Everything off and let go."""
        self._let_go()
        if self._factory is not None:
            self._factory.close()
            self._factory = None

    @property
    def pins(self) -> dict[int, PinState]:
        """What each pin that was ever wired is and shows; for a factory that can tell."""
        if self._factory is None:
            return {gpio: ("input", None) for gpio in self._seen}
        return {gpio: _state(self._factory.pin(gpio)) for gpio in sorted(self._seen)}

    def hold_pins(self, gpios: frozenset[int]) -> None:
        """Press the buttons on these pins and let the others go; on mock pins only."""
        for wire in self._wires.values():
            if wire.is_input:
                pin = self._factory.pin(wire.pins[0])
                pin.drive_low() if wire.pins[0] in gpios else pin.drive_high()

    def _device(self, wire_id: str) -> Any:
        if self._factory is None:
            raise Unavailable("board-lost", f"{self.name} is not open")
        return self._devices[wire_id]

    def _let_go(self) -> None:
        self.safe()
        for device in self._devices.values():
            device.close()  # which makes inputs of its pins
        self._devices, self._wires = {}, {}


def _made(wire: Wire, factory: Any) -> Any:
    import gpiozero

    pins: dict[str, Any] = {"pin_factory": factory}
    match wire.part:
        case Part.LED:
            return gpiozero.LED(wire.pins[0], **pins)
        case Part.RGB_LED:
            return gpiozero.RGBLED(*wire.pins, **pins)
        case Part.BUZZER:
            return gpiozero.Buzzer(wire.pins[0], **pins)
        case Part.RELAY:
            return gpiozero.OutputDevice(wire.pins[0], active_high=wire.active_high, **pins)
        case Part.BUTTON:
            return gpiozero.Button(wire.pins[0], bounce_time=None, **pins)
        case Part.SERVO:
            with warnings.catch_warnings():
                # It advises pigpio, which a Pi 5 does not have.
                warnings.simplefilter("ignore")
                return gpiozero.AngularServo(
                    wire.pins[0],
                    initial_angle=None,
                    min_angle=REST_DEG,
                    max_angle=END_DEG,
                    **pins,
                )


def _off(device: Any) -> Any:
    return (0, 0, 0) if isinstance(device.value, tuple) else 0


def _state(pin: Any) -> PinState:
    if pin.function != "output":
        return pin.function, None
    return "output", round(float(pin.state), 6)
