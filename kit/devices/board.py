"""Which board: chosen by name, or found. A machine without pins is told so; none is made up.

auto      the pins of this Raspberry Pi
gpiozero  the same, without looking whether it is one
mock      gpiozero on pins that only remember; mock:FOLDER writes them down there
fake      no gpiozero either; fake:FOLDER
none      outputs are off
"""

from pathlib import Path

from kit.core.errors import BadInput, Unavailable
from kit.core.ports import Board
from kit.devices.board_process import ProcessBoard

_MODEL = Path("/proc/device-tree/model")


def find_board(name: str, *, model: Path = _MODEL) -> Board:
    """The board of that name, not yet opened: no pin is touched.

    Args:
        name: one of the above.
        model: where the machine says what it is; a test has its own.

    Raises:
        Unavailable: "board-none", "board-not-a-pi".
        BadInput: "board-unknown".
    """
    kind = name.partition(":")[0]
    if kind == "none":
        raise Unavailable("board-none", "the setting board is none")
    if kind not in ("auto", "gpiozero", "mock", "fake"):
        raise BadInput("board-unknown", f"no board {name!r}", name=name[:80])
    if kind == "auto":
        try:
            machine = model.read_text(encoding="utf-8", errors="replace")
        except OSError:
            machine = ""
        if "Raspberry Pi" not in machine:
            raise Unavailable("board-not-a-pi", f"{model} names no Raspberry Pi: {machine!r}")
        name = "gpiozero"
    return ProcessBoard(name)
