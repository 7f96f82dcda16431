"""What answers switch: lights, buzzers, servos, relays; and the button that takes pictures.

    wire … test -> start: answers -> rules -> the board's pins -> stop: everything at rest

The board is the kit's and there is one; wires belong to a project and are erased with it. One
project drives at a time. Nothing is switched on by itself: after a start of the kit, a crash or a
change of the wires, everything is at rest until somebody presses Start.

A thread of its own holds the board while a project drives. It hears the project's live answers as a
page does, tells each part on or off every time, and so gives the board the sign of life without
which that makes itself safe (`core.ports.Board`). An answer that stays away switches off, too.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from queue import SimpleQueue
from typing import Any

from kit.core.errors import BadInput, Conflict, KitError, NotFound, Unavailable
from kit.core.outputs import Follower, Part, Wire, check_together
from kit.core.ports import Board, Clock
from kit.core.types import Actor, Role
from kit.events import Events
from kit.library import Library
from kit.storage import Store
from kit.studio import Studio

_log = logging.getLogger(__name__)

WIRES = "outputs"
"""The store's key; not under "kit.", so that the class's end erases it."""
TEST_S = 2.0
BUTTON_TEST_S = 10.0
TICK_S = 0.1
"""How soon a button is felt where no answers come."""
REOPEN_AFTER_S = 2.0
_KIT = Actor(Role.LOCAL, "kit")


class Outputs:
    """Every project's outputs. Thread-safe.

    Args:
        library: says who may enter a project.
        store: keeps the wires.
        events: where "outputs" goes, the state of all parts.
        clock: the machine's own.
        board: finds the board, not yet opened; raises `Unavailable` where there is none.
    """

    def __init__(
        self,
        library: Library,
        store: Store,
        events: Events,
        clock: Clock,
        *,
        board: Callable[[], Board],
    ) -> None:
        self._library, self._store, self._events = library, store, events
        self._clock, self._find_board = clock, board
        self._lock = threading.RLock()
        self._drive: _Drive | None = None

    def show(self, actor: Actor, project_id: str) -> dict[str, Any]:
        """The wires, the board and what is on.

        Returns:
            `{"wires", "board", "refusal", "is_taken", "now"}`: `refusal` is a `KitError` where
            there is no board; `is_taken`: another project drives it; `now` as `_Drive.told` says.

        Raises:
            NotFound: "project-missing".
        """
        self._library.open(actor, project_id)
        board, refusal = None, None
        try:
            board = self._find_board().name
        except KitError as error:
            refusal = error
        with self._lock:
            drive = self._running()
            own = drive if drive is not None and drive.project_id == project_id else None
            return {
                "wires": [_plain(wire) for wire in self._wires(project_id)],
                "board": board,
                "refusal": refusal,
                "is_taken": drive is not None and own is None,
                "now": own.told() if own else AT_REST,
            }

    def wire(self, actor: Actor, project_id: str, fields: Mapping[str, Any]) -> Wire:
        """Put a part on pins, or change one where `fields["id"]` names it. Stops the outputs.

        Args:
            actor, project_id: whose.
            fields: of `Wire`, in plain values; without "id" a new one.

        Raises:
            NotFound: "project-missing", "label-missing", "wire-missing".
            BadInput: "pin-unknown", "pin-not-free", "wire-wrong".
            Conflict: "pin-taken", "too-many-wires".
        """
        studio = self._library.open(actor, project_id)
        given = {name: value for name, value in fields.items() if value is not None}
        with self._lock:
            wires = {wire.id: wire for wire in self._wires(project_id)}
            id = given.pop("id", None)
            if id is not None and id not in wires:
                raise NotFound("wire-missing", f"no wire {id!r}")
            id = id or _next_id(wires)
            if given.get("part") not in list(Part):
                raise BadInput("wire-wrong", f"no part {given.get('part')!r}")
            wire = _of_plain({**given, "id": id})
            labels = [label["id"] for label in studio.state(actor)["labels"]]
            if wire.label_id not in labels:
                raise NotFound("label-missing", f"no label {wire.label_id!r}")
            check_together((wires | {id: wire}).values())
            self._stop(project_id)
            self._keep(project_id, [*(wires | {id: wire}).values()])
        return wire

    def remove(self, actor: Actor, project_id: str, wire_id: str) -> None:
        """Take a part off. Stops the outputs. One that is gone is no error.

        Raises:
            NotFound: "project-missing".
        """
        self._library.open(actor, project_id)
        with self._lock:
            wires = self._wires(project_id)
            kept = [wire for wire in wires if wire.id != wire_id]
            if len(kept) < len(wires):
                self._stop(project_id)
                self._keep(project_id, kept)

    def test(self, actor: Actor, project_id: str, wire_id: str) -> float:
        """Switch one part on for a moment; for a button: listen to it for a while.

        Returns:
            For how many seconds.

        Raises:
            NotFound: "project-missing", "wire-missing".
            Conflict: "board-taken".
            Unavailable: no board, or a pin that another program has.
        """
        self._library.open(actor, project_id)
        with self._lock:
            wires = {wire.id: wire for wire in self._wires(project_id)}
            if wire_id not in wires:
                raise NotFound("wire-missing", f"no wire {wire_id!r}")
            drive = self._take(actor, project_id, follows=False)
            seconds = BUTTON_TEST_S if wires[wire_id].is_input else TEST_S
            drive.test(wire_id, seconds)
            return seconds

    def start(self, actor: Actor, project_id: str) -> None:
        """From now on the project's answers switch its parts.

        Raises:
            NotFound: "project-missing".
            Conflict: "nothing-wired"; "board-taken": another group drives it (a teacher takes it).
            Unavailable: no board, or a pin that another program has.
        """
        self._library.open(actor, project_id)
        with self._lock:
            if not self._wires(project_id):
                raise Conflict("nothing-wired", f"project {project_id} has no wires")
            self._take(actor, project_id, follows=True)

    def stop(self, actor: Actor, project_id: str) -> None:
        """Everything at rest, the pins let go. Not driving is no error.

        Raises:
            NotFound: "project-missing".
        """
        self._library.open(actor, project_id)
        with self._lock:
            self._stop(project_id)

    def close(self) -> None:
        """Everything at rest. Safe to call twice."""
        with self._lock:
            drive, self._drive = self._drive, None
        if drive is not None:
            drive.stop()

    # --- inside ---

    def _running(self) -> "_Drive | None":
        if self._drive is not None and self._drive.has_ended:
            self._drive = None
        return self._drive

    def _take(self, actor: Actor, project_id: str, *, follows: bool) -> "_Drive":
        """The drive of this project, started where there is none."""
        drive = self._running()
        if drive is not None and drive.project_id != project_id and not actor.runs_the_class:
            raise Conflict("board-taken", f"project {drive.project_id} has the board")
        if drive is not None and drive.project_id == project_id and drive.follows >= follows:
            return drive
        self._drive = None
        if drive is not None:
            drive.stop()
        board = self._find_board()
        wires = self._wires(project_id)
        try:
            board.open()
            board.wire(wires)
        except BaseException:
            board.close()
            raise
        self._drive = _Drive(
            self._library.open(_KIT, project_id),
            board,
            wires,
            self._clock,
            lambda told: self._events.publish(project_id, "outputs", told),
            follows=follows,
        )
        return self._drive

    def _stop(self, project_id: str) -> None:
        drive = self._running()
        if drive is not None and drive.project_id == project_id:
            self._drive = None
            drive.stop()

    def _wires(self, project_id: str) -> list[Wire]:
        return [_of_plain(one) for one in self._store.get(WIRES, {}).get(project_id, [])]

    def _keep(self, project_id: str, wires: Sequence[Wire]) -> None:
        there = {info.id for info in self._store.projects()}
        kept = {id: own for id, own in self._store.get(WIRES, {}).items() if id in there}
        self._store.set(WIRES, kept | {project_id: [_plain(wire) for wire in wires]})


AT_REST: dict[str, Any] = {"driving": False, "on": {}, "trouble": None}


class _Drive:
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
                grace_s = self._clock.monotonic_s() + TEST_S
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


def _plain(wire: Wire) -> dict[str, Any]:
    return {**asdict(wire), "part": str(wire.part), "pins": list(wire.pins)}


def _of_plain(told: Mapping[str, Any]) -> Wire:
    return Wire(**{**told, "part": Part(told["part"]), "pins": tuple(told["pins"])})


def _next_id(wires: Mapping[str, Wire]) -> str:
    return f"w{1 + max((int(id[1:]) for id in wires), default=0)}"
