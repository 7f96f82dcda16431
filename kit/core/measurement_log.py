"""The raw log of a measurement: lines of text that hold all a result is computed from.

One JSON object a line, with one key that says what it is:

    header  what was measured, how, with which meter     (first line)
    look    the machine's state, before and after it all
    warm_up how many runs were made before the first that counts
    run     stage -> milliseconds of one undisturbed run
    block   a block begins: its phase, its pair, the machine's state
    r       a reading: [seconds, milliwatts] or [seconds, milliwatts, [flags]]
    m       a mark: [seconds, text]; times of r and m are the meter's own clock
    done    the block ends: its seconds, its units, the machine's state, what went wrong
    end     the measurement ended by itself, or somebody stopped it; what was known only then

Lines are only ever added, so a power cut costs at most the last one, and the log says that it has
no end. docs/files.md describes it for outsiders.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from kit.core.energy import Block, Phase
from kit.core.errors import BadInput
from kit.core.types import INCOMPLETE, MachineState, Mark, Reading

FORMAT = "mallette-measurement"
VERSION = 1
LATE_S = 0.5
"""A pipe may hand a mark over before a reading that is this much older; anything older means that
the meter's clock went back.
"""


@dataclass
class Log:
    """A log, read.

    Attributes:
        header: as it was written.
        runs: stage -> milliseconds of each undisturbed run.
        blocks: in order of time, those that were finished.
        warm_up: runs before the first that counts.
        looks: the machine's states, before and after it all.
        ended: "done", "stopped", or None where it breaks off.
        closing: what was known only at the end.
    """

    header: Mapping[str, Any]
    runs: list[dict[str, float]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    warm_up: int = 0
    looks: list[MachineState] = field(default_factory=list)
    ended: str | None = None
    closing: Mapping[str, Any] = field(default_factory=dict)


def line(kind: str, value: Any) -> str:
    """One line of a log, without its end.

    >>> line("m", [1.5, "idle-1-begin"])
    '{"m":[1.5,"idle-1-begin"]}'
    """
    return json.dumps({kind: value}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def event_line(event: Reading | Mark) -> str:
    """A reading or a mark as a line: times to the microsecond, power to the microwatt."""
    if isinstance(event, Mark):
        return line("m", [round(event.at_s, 6), event.text])
    reading: list[Any] = [round(event.at_s, 6), round(event.power_mw, 3)]
    return line("r", [*reading, list(event.flags)] if event.flags else reading)


def state_json(state: MachineState) -> dict[str, Any]:
    """A machine's state as the log keeps it."""
    return asdict(state)


def read_log(text: Iterable[str]) -> Log:
    """Read a log back.

    A last line cut short by a power cut is passed over; so are keys that this kit does not know.

    Args:
        text: its lines.

    Raises:
        BadInput: "measurement-not-one", "measurement-newer" or "measurement-damaged".
    """
    found: Log | None = None
    block: OpenBlock | None = None
    torn: int | None = None
    for number, written in enumerate(text, start=1):
        if not written.strip():
            continue
        if torn is not None:
            raise _damaged(torn)
        try:
            told = json.loads(written)
            [(kind, value)] = told.items()
        except (ValueError, AttributeError):
            torn = number
            continue
        try:
            if found is None:
                found = Log(_header(kind, value))
            elif kind == "look":
                found.looks.append(_state(value))
            elif kind == "warm_up":
                found.warm_up = int(value)
            elif kind == "run":
                found.runs.append({stage: float(ms) for stage, ms in value.items()})
            elif kind == "block":
                block = OpenBlock(Phase(value["phase"]), int(value["pair"]), _state(value["state"]))
            elif kind in ("r", "m") and block is not None:
                block.events.append(_event(kind, value))
            elif kind == "done" and block is not None:
                found.blocks.append(block.done(value))
                block = None
            elif kind == "end":
                found.ended = "stopped" if value.get("stopped") else "done"
                found.closing = {name: told for name, told in value.items() if name != "stopped"}
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            if isinstance(error, BadInput):
                raise
            raise _damaged(number) from error
    if found is None:
        raise BadInput("measurement-not-one", "the file is empty, or its first line is torn")
    return found


@dataclass
class OpenBlock:
    """A block that is not finished yet.

    Attributes:
        before: the machine's state when it began.
        events: what the meter said, in the order of the stream.
    """

    phase: Phase
    pair: int
    before: MachineState
    events: list[Reading | Mark] = field(default_factory=list)

    def done(self, value: Mapping[str, Any]) -> Block:
        """The whole block; `value` is what its "done" line says."""
        begin_s, end_s = self._mark("begin"), self._mark("end")
        lost = value.get("lost")
        if begin_s is None or end_s is None:
            begin_s = end_s = 0.0
            lost = lost or "meter-lost"
        readings = [
            event
            for event in self.events
            if isinstance(event, Reading) and not begin_s - LATE_S <= event.at_s < begin_s
        ]
        whole = [reading for reading in readings if INCOMPLETE not in reading.flags]
        return Block(
            phase=self.phase,
            pair=self.pair,
            at_s=np.array([reading.at_s for reading in whole], float),
            power_mw=np.array([reading.power_mw for reading in whole], float),
            begin_s=begin_s,
            end_s=end_s,
            seconds=float(value["seconds"]),
            units=int(value["units"]),
            flags=Counter(flag for reading in readings for flag in reading.flags),
            before=self.before,
            after=_state(value["state"]),
            lost=lost,
        )

    def _mark(self, which: str) -> float | None:
        wanted = mark_text(self.phase, self.pair, which)
        return next(
            (
                event.at_s
                for event in self.events
                if isinstance(event, Mark) and event.text == wanted
            ),
            None,
        )


def mark_text(phase: Phase, pair: int, which: str) -> str:
    """The mark at the "begin" or the "end" of a block.

    >>> mark_text(Phase.IDLE, 3, "begin")
    'idle-3-begin'
    """
    return f"{phase.value}-{pair}-{which}"


def _header(kind: str, value: Any) -> Mapping[str, Any]:
    if kind != "header" or value.get("format") != FORMAT:
        raise BadInput("measurement-not-one", f"the first line is no header of {FORMAT}")
    if int(value["version"]) > VERSION:
        version = int(value["version"])
        raise BadInput(
            "measurement-newer", f"version {version}; this kit reads {VERSION}", version=version
        )
    return value


def _event(kind: str, value: Any) -> Reading | Mark:
    if kind == "m":
        return Mark(float(value[0]), str(value[1]))
    power = float(value[1])
    return Reading(float(value[0]), power, tuple(map(str, value[2])) if len(value) > 2 else ())


def _state(told: Mapping[str, Any]) -> MachineState:
    known = MachineState.__dataclass_fields__
    return MachineState(**{name: value for name, value in told.items() if name in known})


def _damaged(number: int) -> BadInput:
    return BadInput("measurement-damaged", f"line {number} cannot be read", line=number)
