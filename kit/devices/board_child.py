"""The process that holds the pins; `board_process.ProcessBoard` starts it and talks to it.

    python -m kit.devices.board_child gpiozero

It hears one JSON list a line (["wire", [wires]], ["set", id, on], ["ask"], ["safe"]) and answers
with ["ready"], ["wired"], ["pressed", [ids]] or ["trouble", id, reason, values].

It is the watchdog of the server that started it. When its standard input ends, however the server
ended, or when a signal tells it to stop, it makes everything safe and goes. When nobody asks it for
`SILENCE_S`, because the server hangs, it makes everything safe and goes on listening. The kernel
would not do that: on a Raspberry Pi an output stays as it was when its process is killed
(https://github.com/raspberrypi/linux/pull/6117).
"""

import json
import os
import select
import signal
import sys
from pathlib import Path
from typing import Any

from kit.core.errors import KitError, Unavailable
from kit.core.outputs import Part, Wire
from kit.devices.board_fake import FakeBoard, Journal
from kit.devices.board_gpiozero import GpiozeroBoard, mock_factory

SILENCE_S = 2.0
_LOOK_S = 0.05


class Told:
    """Lines of standard input, with patience."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._half = b""
        self.ended = False

    def lines(self, within_s: float) -> list[Any]:
        """What was said, waiting for it at most so long."""
        if not select.select([self._descriptor], [], [], within_s)[0]:
            return []
        heard = os.read(self._descriptor, 65536)
        self.ended = not heard
        *lines, self._half = (self._half + heard).split(b"\n")
        return [json.loads(line) for line in lines]


def made(name: str) -> tuple[Any, Journal | None]:
    """The board of that name, and where its pins are written down, if anywhere."""
    kind, _, folder = name.partition(":")
    journal = Journal(Path(folder)) if folder else None
    if kind == "fake":
        return FakeBoard(), journal
    if kind == "mock":
        return GpiozeroBoard(mock_factory, name="mock"), journal
    return GpiozeroBoard(), None


def run(board: Any, told: Told, journal: Journal | None) -> None:
    """Obey until standard input ends."""
    quiet_s = 0.0
    while not told.ended:
        lines = told.lines(_LOOK_S)
        quiet_s = 0.0 if lines else quiet_s + _LOOK_S
        if quiet_s >= SILENCE_S:
            board.safe()
        if journal is not None:
            board.hold_pins(journal.held())
        for line in lines:
            try:
                _obey(board, line)
            except KitError as error:
                say("trouble", error.id, str(error), error.values)
        if journal is not None:
            journal.tell(board.pins)


def _obey(board: Any, line: Any) -> None:
    match line:
        case ["wire", wires]:
            board.wire([as_wire(wire) for wire in wires])
            say("wired")
        case ["set", id, on]:
            board.set(id, on)
        case ["ask"]:
            say("pressed", sorted(board.pressed()))
        case ["safe"]:
            board.safe()


def as_wire(told: dict[str, Any]) -> Wire:
    """A wire from its plain values."""
    return Wire(**{**told, "part": Part(told["part"]), "pins": tuple(told["pins"])})


def say(*told: Any) -> None:
    """One line to whoever started this; nobody there is no error."""
    try:
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(name: str) -> None:
    """Hold the pins until told to go."""

    def stop(*_: object) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    board, journal = made(name)
    try:
        board.open()
        say("ready")
        run(board, Told(sys.stdin.fileno()), journal)
    except Unavailable as error:
        say("trouble", error.id, str(error), error.values)
    finally:
        board.close()
        if journal is not None:
            journal.tell(board.pins)


if __name__ == "__main__":
    main(sys.argv[1])
