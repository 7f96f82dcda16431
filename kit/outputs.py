"""What answers switch: lights, buzzers, servos, relays; and the button that takes pictures.

    wire … test -> start: answers -> rules -> the board's pins -> stop: everything at rest

The board is the kit's and there is one; wires belong to a project and are erased with it. One
project drives at a time. Nothing is switched on by itself: after a start of the kit, a crash or a
change of the wires, everything is at rest until somebody presses Start.

A thread of its own holds the board while a project drives (`kit.drive`). It hears the project's
live answers as a page does, tells each part on or off every time, and so gives the board the sign
of life without which that makes itself safe (`core.ports.Board`). An answer that stays away
switches off, too.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from kit.core.errors import BadInput, Conflict, KitError, NotFound
from kit.core.outputs import Part, Wire, check_beside, check_together, header_beside
from kit.core.ports import Board, Clock
from kit.core.types import Actor, Role
from kit.drive import AT_REST, Drive
from kit.events import Events
from kit.library import Library
from kit.storage import Store

WIRES = "outputs"
"""The store's key; not under "kit.", so that the class's end erases it."""
TEST_S = 2.0
BUTTON_TEST_S = 10.0
_KIT = Actor(Role.LOCAL, "kit")


class Outputs:
    """Every project's outputs. Thread-safe.

    Args:
        library: says who may enter a project.
        store: keeps the wires.
        events: where "outputs" goes, the state of all parts.
        clock: the machine's own.
        board: finds the board, not yet opened; raises `Unavailable` where there is none.
        kept: GPIOs that are the kit's own (`kit.panel`).
    """

    def __init__(
        self,
        library: Library,
        store: Store,
        events: Events,
        clock: Clock,
        *,
        board: Callable[[], Board],
        kept: frozenset[int] = frozenset(),
    ) -> None:
        self._kept = kept
        self._library, self._store, self._events = library, store, events
        self._clock, self._find_board = clock, board
        self._lock = threading.RLock()
        self._drive: Drive | None = None

    def show(self, actor: Actor, project_id: str) -> dict[str, Any]:
        """The wires, the board's pins and what is on.

        Returns:
            `{"wires", "header", "board", "refusal", "is_taken", "now"}`: `header` is of
            `HeaderPin`; `refusal` is a `KitError` where there is no board; `is_taken`: another
            project drives it; `now` as `Drive.told` says.

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
                "header": header_beside(self._kept),
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
            Conflict: "pin-taken", "pin-of-the-kit", "too-many-wires".
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
            check_beside(self._kept, [wire])
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
            Conflict: "board-taken", "pin-of-the-kit".
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
            Conflict: "nothing-wired"; "board-taken": another group drives it (a teacher takes it);
                "pin-of-the-kit": it got its lamp or button after that wire.
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

    def _running(self) -> "Drive | None":
        if self._drive is not None and self._drive.has_ended:
            self._drive = None
        return self._drive

    def _take(self, actor: Actor, project_id: str, *, follows: bool) -> "Drive":
        """The drive of this project, started where there is none."""
        drive = self._running()
        if drive is not None and drive.project_id != project_id and not actor.runs_the_class:
            raise Conflict("board-taken", f"project {drive.project_id} has the board")
        if drive is not None and drive.project_id == project_id and drive.follows >= follows:
            return drive
        wires = self._wires(project_id)
        check_beside(self._kept, wires)
        self._drive = None
        if drive is not None:
            drive.stop()
        board = self._find_board()
        try:
            board.open()
            board.wire(wires)
        except BaseException:
            board.close()
            raise
        self._drive = Drive(
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


def _plain(wire: Wire) -> dict[str, Any]:
    return {**asdict(wire), "part": str(wire.part), "pins": list(wire.pins)}


def _of_plain(told: Mapping[str, Any]) -> Wire:
    return Wire(**{**told, "part": Part(told["part"]), "pins": tuple(told["pins"])})


def _next_id(wires: Mapping[str, Wire]) -> str:
    return f"w{1 + max((int(id[1:]) for id in wires), default=0)}"
