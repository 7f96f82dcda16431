"""One project at the board, from Start to Stop: the thread that hears answers and moves the pins.

    answers -> followers -> board.set, all of it, every time -> board.pressed -> bursts

A part of `kit.outputs`. The board belongs to this thread from the first line to the last, whatever
ends it: Stop, the project closed, an error. The last thing it does is to let the board go, at rest.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from queue import SimpleQueue
from typing import Any

from kit.core.errors import KitError, Unavailable
from kit.core.outputs import Follower, Wire
from kit.core.ports import Board, Clock
from kit.core.types import Actor, Role
from kit.studio import Studio

_log = logging.getLogger(__name__)

TICK_S = 0.1
"""How soon a button is felt where no answers come."""
REOPEN_AFTER_S = 2.0
GRACE_S = 2.0
"""A drive for tests waits so long for the first of them."""
_KIT = Actor(Role.LOCAL, "kit")
AT_REST: dict[str, Any] = {"driving": False, "on": {}, "trouble": None}


class Drive:
    """One project at the board, from start to stop.

    Args:
        studio: whose live answers count.
        board: opened and wired; this drive's alone from now on.
        wires: what hangs on it.
        clock: the machine's own.
        tell: called with `told()` whenever that changes.
        follows: whether answers switch; else only tests do, and the drive ends with the last one.
    """

    def __init__(
        self,
        studio: Studio,
        board: Board,
        wires: Sequence[Wire],
        clock: Clock,
        tell: Callable[[dict[str, Any]], object],
        *,
        follows: bool,
    ) -> None:
        self.project_id, self.follows = studio.id, follows
        self._studio, self._board, self._clock, self._tell = studio, board, clock, tell
        self._wires = {wire.id: wire for wire in wires}
        self._followers = {wire.id: Follower(wire) for wire in wires if not wire.is_input}
        self._tests: dict[str, float] = {}
        self._on: dict[str, bool] = dict.fromkeys(self._wires, False)
        self._trouble: KitError | None = None
        self._reopen_s: float | None = None
        self._ended = threading.Event()
        self._presses: SimpleQueue[tuple[str, bool] | None] = SimpleQueue()
        self._hands = threading.Thread(target=self._take_pictures, name="buttons", daemon=True)
        self._thread = threading.Thread(target=self._run, name="outputs", daemon=True)
        self._hands.start()
        self._thread.start()

    @property
    def has_ended(self) -> bool:
        """Whether it ended by itself: the project was closed, or the last test is over."""
        return not self._thread.is_alive()

    def test(self, wire_id: str, seconds: float) -> None:
        """Switch one part on for so long, whatever is answered."""
        self._tests[wire_id] = self._clock.monotonic_s() + seconds

    def stop(self) -> None:
        """Everything at rest; returns when it is."""
        self._ended.set()
        self._thread.join()
        self._hands.join()

    def told(self) -> dict[str, Any]:
        """What the pages are told: whether it drives, which parts are on, what went wrong."""
        trouble = self._trouble
        return {
            "driving": self.follows and not self._ended.is_set(),
            "on": dict(self._on),
            "trouble": trouble and {"id": trouble.id, "values": dict(trouble.values)},
        }

    def _run(self) -> None:
        try:
            with self._studio.subscribe(_KIT, live=self.follows) as box:
                self._tell(self.told())
                grace_s = self._clock.monotonic_s() + GRACE_S
                while not (self._ended.is_set() or box.closed):
                    event = box.next(TICK_S)
                    now_s = self._clock.monotonic_s()
                    if event is not None and event.kind == "prediction" and self.follows:
                        self._see(event.data["confidences"], now_s)
                    self._tests = {id: end for id, end in self._tests.items() if end > now_s}
                    self._switch(now_s)
                    if not (self.follows or self._tests) and now_s > grace_s:
                        break
        except Exception as error:
            _log.exception("the outputs stopped")
            self._trouble = self._trouble or _in_words(error)
        finally:
            self._board.close()
            self._ended.set()
            for id, wire in self._wires.items():
                if wire.is_input and self._on[id]:
                    self._presses.put((wire.label_id, False))
            self._presses.put(None)
            self._on = dict.fromkeys(self._wires, False)
            self._tell(self.told())

    def _see(self, confidences: Mapping[str, float], now_s: float) -> None:
        words = {id: word for word, id in self._studio.label_ids(_KIT).items()}
        for id, follower in self._followers.items():
            follower.see(confidences.get(words.get(self._wires[id].label_id, "")), now_s)

    def _switch(self, now_s: float) -> None:
        """Tell the board, all of it, every time; and hear the buttons."""
        before, trouble = dict(self._on), self._trouble
        try:
            if self._reopen_s is not None:
                if now_s < self._reopen_s:
                    return
                self._board.open()
                self._board.wire(list(self._wires.values()))
                self._reopen_s, self._trouble = None, None
            for id, follower in self._followers.items():
                on = (follower.look(now_s) and self.follows) or id in self._tests
                if on or before[id] or self.follows:
                    self._board.set(id, on)
                self._on[id] = on
            pressed = self._board.pressed()
            for id, wire in self._wires.items():
                if wire.is_input:
                    self._on[id] = id in pressed
                    if self.follows and self._on[id] is not before[id]:
                        self._presses.put((wire.label_id, self._on[id]))
        except Unavailable as error:
            _log.warning("the board: %s", error)
            self._trouble, self._reopen_s = error, now_s + REOPEN_AFTER_S
            self._on = dict.fromkeys(self._wires, False)
        if self._on != before or self._trouble is not trouble:
            self._tell(self.told())

    def _take_pictures(self) -> None:
        """Begin and end bursts, in a thread of its own: ending one waits for its last picture."""
        while (press := self._presses.get()) is not None:
            label_id, held = press
            try:
                if held:
                    self._studio.start_burst(_KIT, label_id)
                else:
                    self._studio.stop_burst(_KIT)
            except KitError as error:
                _log.warning("the button: %s", error)
                self._trouble = error
                self._tell(self.told())


def _in_words(error: Exception) -> KitError:
    return error if isinstance(error, KitError) else KitError("something-broke", repr(error))
