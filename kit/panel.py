"""The kit's own lamp and button: what can be seen and done without a screen.

    state -> lamp        short press -> Wi-Fi on or off        held three seconds -> switch off

They hang on a board of their own, a child process as for the class's outputs (`kit.outputs`): if
the server hangs or dies, the lamp goes out. Whoever presses holds the kit in his hands, so no code
is asked. Without pins in the settings there is no board, no process and no thread.
"""

import logging
import threading
from collections.abc import Callable, Mapping

from kit.core.errors import KitError
from kit.core.outputs import Part, Wire, check_together
from kit.core.panel import TICK_S, Finger, Lamp, Press, is_lit
from kit.core.ports import Board, Clock
from kit.core.shapes import LOCAL_SPACE
from kit.core.types import Actor, Role
from kit.system import System

_log = logging.getLogger(__name__)

LAMP, BUTTON = "lamp", "button"
NO_PIN = 0
LOOK_EVERY_S = 1.0
"""What the lamp should say follows from files and locks: nothing to ask twenty times a second."""
REOPEN_AFTER_S = 5.0
FAULT_SHOWN_S = 3.0
"""For so long the lamp says that a press came to nothing."""


_HOLDER = Actor(Role.LOCAL, LOCAL_SPACE)
"""Who holds the kit in his hands."""


def lamp_of(system: System, *, measuring: bool, trouble: bool) -> Lamp:
    """What the lamp should say of a kit that serves."""
    if trouble:
        return Lamp.FAULT
    if system.is_leaving:
        return Lamp.LEAVING
    if measuring:
        return Lamp.MEASURING
    return Lamp.READY if system.wifi_is_on is not False else Lamp.SILENT


def deeds_of(system: System) -> Mapping[Press, Callable[[], object]]:
    """What presses do."""
    return {
        Press.SHORT: lambda: system.wifi(_HOLDER, not system.wifi_is_on),
        Press.LONG: lambda: system.switch_off(_HOLDER),
    }


class Panel:
    """The lamp, the button, and the thread that serves them.

    Args:
        board: finds a board, not yet opened; raises `Unavailable` where there is none.
        clock: the machine's own.
        lamp_pin, button_pin: GPIOs; 0: there is none.

    Raises:
        BadInput: "pin-unknown", "pin-not-free".
        Conflict: "pin-taken".
    """

    def __init__(
        self,
        board: Callable[[], Board],
        clock: Clock,
        *,
        lamp_pin: int = NO_PIN,
        button_pin: int = NO_PIN,
    ) -> None:
        wanted = ((LAMP, Part.LED, lamp_pin), (BUTTON, Part.BUTTON, button_pin))
        self._wires = [Wire(id, part, (pin,), "") for id, part, pin in wanted if pin != NO_PIN]
        check_together(self._wires)
        self._find_board, self._clock = board, clock
        self._state: Callable[[], Lamp] = lambda: Lamp.STARTING
        self._deeds: Mapping[Press, Callable[[], object]] = {}
        self._board: Board | None = None
        self._finger = Finger()
        self._lamp = Lamp.STARTING
        self._looked_s = self._tried_s = self._fault_until_s = float("-inf")
        self._busy = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def pins(self) -> frozenset[int]:
        """The GPIOs that are the kit's own; nobody else may wire them."""
        return frozenset(pin for wire in self._wires for pin in wire.pins)

    def start(self) -> None:
        """From now on the lamp says "starting"."""
        if self._wires and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="panel", daemon=True)
            self._thread.start()

    def serve(self, state: Callable[[], Lamp], deeds: Mapping[Press, Callable[[], object]]) -> None:
        """The kit has started.

        Args:
            state: what the lamp should say, asked once a second.
            deeds: what a press does; may take long, and raise `KitError`.
        """
        self._state, self._deeds = state, deeds

    def close(self) -> None:
        """The lamp goes out. Safe to call twice."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._let_go()

    def tick(self) -> None:
        """One look at the button and one word of the lamp."""
        now_s = self._clock.monotonic_s()
        if self._board is None and not self._take(now_s):
            return
        try:
            if any(wire.id == LAMP for wire in self._wires):
                self._board.set(LAMP, is_lit(self._says(now_s), now_s))
            held = BUTTON in self._board.pressed()
        except KitError as error:
            _log.warning("the kit's own lamp and button: %s", error)
            self._let_go()
            return
        press = self._finger.see(held, now_s)
        if press is not None:
            threading.Thread(target=self._do, args=(press,), name="press", daemon=True).start()

    # --- inside ---

    def _run(self) -> None:
        while not self._stop.wait(TICK_S):
            self.tick()

    def _says(self, now_s: float) -> Lamp:
        if now_s - self._looked_s >= LOOK_EVERY_S:
            self._looked_s = now_s
            try:
                self._lamp = self._state()
            except Exception:
                _log.exception("the kit's state is not known")
                self._lamp = Lamp.FAULT
        return Lamp.FAULT if now_s < self._fault_until_s else self._lamp

    def _do(self, press: Press) -> None:
        deed = self._deeds.get(press)
        if deed is None or not self._busy.acquire(blocking=False):
            return  # still starting, or still at the one before
        try:
            deed()
        except KitError as error:
            _log.warning("a %s press on the kit's button: %s", press, error)
            self._fault_until_s = self._clock.monotonic_s() + FAULT_SHOWN_S
        finally:
            self._busy.release()
            self._looked_s = float("-inf")  # the lamp answers at once

    def _take(self, now_s: float) -> bool:
        if now_s - self._tried_s < REOPEN_AFTER_S:
            return False
        self._tried_s = now_s
        try:
            board = self._find_board()
            self._board = board
            board.open()
            board.wire(self._wires)
        except KitError as error:
            _log.warning("the kit's own lamp and button: %s", error)
            self._let_go()
            return False
        return True

    def _let_go(self) -> None:
        board, self._board = self._board, None
        self._finger = Finger()
        if board is not None:
            board.close()
