"""No meter: an estimate from this program's processor time. It says so, and shows how it is made.

    power = idle + (busy - idle) x share of processor time that this program worked

The two constants are somebody's measurements of another board of the same kind, with their source.
Where nobody published any (an x86 computer, a board the kit does not know), the average of server
processors stands in, and that is said too. Never shown without the word "estimated".
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

from kit.core.errors import Unavailable
from kit.core.types import MeterInfo, MeterLabel
from kit.devices.meter_base import Power

RATE_HZ = 4.0
"""Processor time is counted in hundredths of a second: fewer readings are finer ones."""
FORMULA = "power = idle + (busy - idle) x share of processor time that this program worked"


@dataclass(frozen=True)
class Constants:
    """What a board draws, milliwatts, and who says so.

    Attributes:
        idle_mw: doing nothing.
        busy_mw: with all processors busy.
        source: where the two come from.
    """

    idle_mw: float
    busy_mw: float
    source: str


BOARDS = {
    "Raspberry Pi 5": Constants(
        1600, 4500, "sum of one Pi 5's power chip, idle and busy, as published; not its input"
    ),
    "Raspberry Pi 4": Constants(3000, 6000, "published measurements, about 3 W idle and 6 W busy"),
    "Raspberry Pi Zero 2 W": Constants(
        600,
        1785,
        "idle: CNX Software (2021), 120 mA at 5 V; busy: Raspberry Pi documentation, typical "
        "active current 350 mA at 5.1 V",
    ),
}
PER_PROCESSOR = Constants(
    740, 3500, "Cloud Carbon Footprint's averages for AWS: 0.74 W idle and 3.5 W busy a processor"
)


@dataclass
class EstimateProbe:
    """Reads how long one program has worked.

    Args:
        process: Linux's figures of that program, this one unless said otherwise.
        stat: Linux's figures of the processors, to count them.
        board: the file with a board's name.
    """

    process: str = field(default_factory=lambda: f"/proc/{os.getpid()}/stat")
    stat: str = "/proc/stat"
    board: str = "/proc/device-tree/model"
    _constants: Constants = field(default=PER_PROCESSOR, init=False, repr=False)
    _processors: int = field(default=1, init=False, repr=False)
    _before: tuple[float, float] | None = field(default=None, init=False, repr=False)

    @property
    def name(self) -> str:
        return "estimate"

    def open(self) -> MeterInfo:
        """See what board it is. Raises `Unavailable`, "meter-missing", where nothing is counted."""
        try:
            _, self._processors = busy_s(self.stat)
            _worked_s(self.process)
        except (OSError, ValueError) as error:
            raise Unavailable("meter-missing", f"estimate: {error}") from error
        self._before = None
        board = self._board()
        blind = ["meter-blind-all", "meter-blind-how-hard", "meter-blind-others"]
        # With the space: a Raspberry Pi 400 is another board than a Raspberry Pi 4.
        known = next((name for name in BOARDS if f"{board} ".startswith(f"{name} ")), None)
        if known is not None:
            self._constants = BOARDS[known]
        else:
            n = self._processors
            self._constants = Constants(
                PER_PROCESSOR.idle_mw * n, PER_PROCESSOR.busy_mw * n, PER_PROCESSOR.source
            )
            is_pi = board.startswith("Raspberry Pi")
            blind.insert(0, "meter-board-unknown" if is_pi else "meter-not-a-raspberry-pi")
        step = (self._constants.busy_mw - self._constants.idle_mw) / self._processors
        return MeterInfo(
            self.name,
            MeterLabel.ESTIMATED,
            RATE_HZ,
            resolution_mw=round(step * RATE_HZ / _ticks_per_s(), 3),
            blind_spots=tuple(blind),
            details={
                "formula": FORMULA,
                "idle_mw": self._constants.idle_mw,
                "busy_mw": self._constants.busy_mw,
                "processors": self._processors,
                "board": known or board or "not a Raspberry Pi",
                "source": self._constants.source,
            },
        )

    def read(self, now_s: float) -> Power | None:
        """The formula's power since the last reading; None the first time. Raises `Unavailable`."""
        try:
            worked_s = _worked_s(self.process)
        except (OSError, ValueError) as error:
            raise Unavailable("meter-lost", f"estimate: {error}") from error
        before, self._before = self._before, (now_s, worked_s)
        if before is None or now_s <= before[0]:
            return None
        share = (worked_s - before[1]) / (now_s - before[0]) / self._processors
        share = min(1.0, max(0.0, share))  # the counters tick in hundredths, so they may overshoot
        idle_mw, busy_mw = self._constants.idle_mw, self._constants.busy_mw
        return idle_mw + (busy_mw - idle_mw) * share, ()

    def _board(self) -> str:
        try:
            return Path(self.board).read_text(encoding="utf-8", errors="replace").strip("\0\n ")
        except OSError:
            return ""


def busy_s(stat: str = "/proc/stat") -> tuple[float, int]:
    """Seconds that all processors together have worked since the start, and how many they are.

    Waiting for a disk is not working, nor is what a host took away from a virtual machine.

    Raises:
        OSError, ValueError: no such file, or one of another form.

    Source: proc_stat(5): user nice system idle iowait irq softirq steal …, in ticks.
    """
    lines = Path(stat).read_text(encoding="ascii", errors="replace").splitlines()
    name, *ticks = lines[0].split() if lines else ["nothing"]
    processors = sum(line.startswith("cpu") for line in lines) - 1
    if name != "cpu" or len(ticks) < 7 or processors < 1:
        raise ValueError(f"no processor time in {lines[:1]}")
    user, nice, system, _idle, _waiting, irq, softirq = map(int, ticks[:7])
    return (user + nice + system + irq + softirq) / _ticks_per_s(), processors


def _worked_s(process: str) -> float:
    """Seconds that all threads of a program have worked, for itself and in the system for it.

    Source: proc_pid_stat(5): fields 14 and 15, counted after the name in brackets, which may itself
    hold spaces and brackets.
    """
    text = Path(process).read_text(encoding="ascii", errors="replace")
    figures = text.rpartition(")")[2].split()
    if len(figures) < 13:
        raise ValueError(f"{process}: no processor time in {text[:80]!r}")
    return (int(figures[11]) + int(figures[12])) / _ticks_per_s()


def _ticks_per_s() -> int:
    return os.sysconf("SC_CLK_TCK")
