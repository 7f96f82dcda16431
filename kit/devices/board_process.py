"""A board in a process of its own, which makes the pins safe when this one ends, or hangs.

The child watches us (board_child.py says how); here we watch the child. If it goes, whoever asks
next is told "board-lost", and opening anew starts another, whose first deed is to make safe.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kit.core.errors import Unavailable
from kit.core.outputs import Wire

READY_WITHIN_S = 30.0
"""A Zero 2 W takes some seconds to start Python."""
WIRED_WITHIN_S = 5.0
_STOP_WITHIN_S = 3.0


class ProcessBoard:
    """The board of that name (`core.ports.Board`), held by a child process.

    Args:
        name: "gpiozero", "mock", "mock:FOLDER", "fake" or "fake:FOLDER".
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._process: subprocess.Popen[bytes] | None = None
        self._half = b""
        self._pressed: frozenset[str] = frozenset()

    def open(self) -> None:
        """Start the process and wait until it has the pins. Raises `Unavailable`."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        home = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kit.devices.board_child", self.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path},
            start_new_session=True,  # Ctrl-C is for the server; the child hears of it by the pipe
        )
        os.set_blocking(self._process.stdout.fileno(), False)
        try:
            self._wait_for("ready", READY_WITHIN_S)
        except Unavailable:
            self.close()
            raise

    def wire(self, wires: Sequence[Wire]) -> None:
        """Take these pins. Raises `Unavailable`."""
        self._pressed = frozenset()
        self._say("wire", [asdict(wire) for wire in wires])
        self._wait_for("wired", WIRED_WITHIN_S)

    def set(self, wire_id: str, on: bool) -> None:
        """Switch one part. Raises `Unavailable` "board-lost"."""
        self._say("set", wire_id, on)

    def pressed(self) -> frozenset[str]:
        """The buttons that were held when the child last answered. Raises `Unavailable`."""
        self._say("ask")
        self._hear()
        return self._pressed

    def safe(self) -> None:
        """Everything off."""
        with contextlib.suppress(Unavailable):  # a child that has gone made safe before
            self._say("safe")

    def close(self) -> None:
        """End the process: it makes safe and ends once nobody holds its standard input."""
        process, self._process = self._process, None
        self._half, self._pressed = b"", frozenset()
        if process is None:
            return
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        try:
            process.wait(_STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def _say(self, *told: Any) -> None:
        if self._process is None:
            raise Unavailable("board-lost", f"{self.name} is not open")
        try:
            self._process.stdin.write(json.dumps(told).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise Unavailable("board-lost", f"{self.name}: {error}") from error

    def _wait_for(self, word: str, within_s: float) -> None:
        deadline_s = time.monotonic() + within_s
        while word not in self._hear():
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                raise Unavailable("board-lost", f"{self.name}: no word in {within_s} s")
            select.select([self._process.stdout], [], [], left_s)

    def _hear(self) -> list[str]:
        """The words that came. Raises `Unavailable` for a trouble, or where the child has gone."""
        words = []
        while True:
            try:
                heard = os.read(self._process.stdout.fileno(), 65536)
            except BlockingIOError:
                return words
            if not heard:
                raise Unavailable("board-lost", f"{self.name}: the process that holds it ended")
            *lines, self._half = (self._half + heard).split(b"\n")
            for word, *values in map(json.loads, lines):
                words.append(word)
                if word == "pressed":
                    self._pressed = frozenset(values[0])
                elif word == "trouble":
                    raise Unavailable(values[0], values[1], **values[2])
