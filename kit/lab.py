"""The measurement lab: milliseconds and millijoules that can be believed, and their raw log.

    warm up -> latency, with the meter off -> pairs of idle and active blocks, with the meter on

Times are taken while no meter reads; energy from at least five pairs of blocks that take turns,
with marks in the meter's own stream. A pair is judged as soon as it is done and, where something
was wrong with it, taken again in the same order, so that idle comes first as often as last. The log
is written as it goes and what is shown is computed from it (`core.measurement`).

The lab is handed its meter, its clock and a way to look at the machine; it finds none itself.
"""

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Self

from kit.core.calibration import Calibration
from kit.core.energy import Block, Phase, faults
from kit.core.errors import BadInput, Unavailable
from kit.core.measure import has_settled
from kit.core.measurement import FULL, Measurement, Plan, header, measurement_of
from kit.core.measurement_log import (
    OpenBlock,
    event_line,
    line,
    mark_text,
    read_log,
    state_json,
)
from kit.core.ports import Meter, WaitingClock
from kit.core.types import MachineState, Mark, MeterInfo, Reading
from kit.storage.atomic import atomic_write

LOGS = "measurements"
"""The folder of raw logs in the data folder."""
LEAST_RUNS = 10
TAKE_EVERY_S = 0.25
"""How often the meter's stream is emptied: a microcontroller's serial buffer holds about a second.
Both kinds of block do it alike, so its own cost cancels.
"""
MARK_WITHIN_S = 2.0
BACK_WITHIN_S = 30.0
"""How long a meter that went away is waited for."""
_TRY_EVERY_S = 1.0
_LATENCY_SHARE = 0.1
"""Of the progress, before the first block."""

Walk = Callable[[], Mapping[str, float]]
"""One unit of work; gives each stage's milliseconds, or nothing where it has no stages."""


class Lab:
    """Runs measurements, one at a time.

    Args:
        data: the data folder; logs are kept in `measurements/` below it.
        clock: tells the time and waits; a test gives its own.
        look: the machine's state now.
    """

    def __init__(
        self, data: Path, *, clock: WaitingClock, look: Callable[[], MachineState]
    ) -> None:
        self._folder = data / LOGS
        self._clock = clock
        self._look = look

    def measure(
        self,
        walk: Walk,
        plan: Plan = FULL,
        *,
        meter: Meter | None = None,
        about: Mapping[str, Any] | None = None,
        unit: str = "inference",
        calibration: Calibration | None = None,
        progress: Callable[[float], None] = lambda fraction: None,
        closing: Callable[[], Mapping[str, Any]] = dict,
        rest: Callable[[], None] = lambda: None,
    ) -> tuple[Measurement, Path]:
        """Measure one workload.

        Args:
            walk: one unit of work.
            plan: how long and how often.
            meter: not started; None measures latency alone.
            about: what the log must say of machine and workload: plain JSON values.
            unit: what one unit of work is, such as "inference" or "training".
            calibration: of this meter; applied, and shown.
            closing: what the log must say at the end, such as the most memory used.
            progress: called with 0..1; whatever it raises stops the measurement; the log says so.
            rest: called some four times a second while the kit idles, to keep what must stay on.

        Returns:
            The result and its raw log.

        Raises:
            Unavailable: no meter answers at the start, or the log cannot be written.
        """
        info = meter.open() if meter is not None else None
        try:
            with _Log.begin(self._folder) as log:
                log.write(line("header", header(about or {}, plan, unit, info, calibration)))
                log.write(line("look", state_json(self._look())))
                run = _Run(self._clock, self._look, walk, rest, plan, log, progress)
                run.latency()
                if meter is not None and info is not None:
                    run.energy(meter, info)
                progress(1.0)
                log.write(line("look", state_json(self._look())), line("end", dict(closing())))
        finally:
            if meter is not None:
                meter.close()
        return replay(log.path), log.path


def replay(path: Path) -> Measurement:
    """Compute a measurement's result from its raw log.

    Raises:
        BadInput: "measurement-not-one", "measurement-newer", "measurement-damaged".
        OSError: the file cannot be read.
    """
    try:
        return measurement_of(read_log(path.read_text(encoding="utf-8").splitlines()))
    except UnicodeDecodeError as error:
        raise BadInput("measurement-not-one", f"{path}: {error}") from error


class _Log:
    """A raw log being written: lines are added, and reach the disk between blocks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("x", encoding="utf-8")

    @classmethod
    def begin(cls, folder: Path) -> Self:
        """A new file, numbered on: there is no clock to name it by."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            numbers = [int(one.stem) for one in folder.glob("*.jsonl") if one.stem.isdigit()]
            for number in count(max(numbers, default=0) + 1):
                with suppress(FileExistsError):  # another program measures too
                    return cls(folder / f"{number:05d}.jsonl")
        except OSError as error:
            raise _cannot_write(folder, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is not None:
                self.write(line("end", {"stopped": True}))
            self.sync()
        except Unavailable:
            if kind is None:
                raise
        finally:
            self._file.close()

    def write(self, *lines: str) -> None:
        try:
            self._file.writelines(f"{one}\n" for one in lines)
        except OSError as error:
            raise _cannot_write(self.path, error) from error

    def sync(self) -> None:
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _cannot_write(self.path, error) from error


def _cannot_write(path: Path, error: OSError) -> Unavailable:
    return Unavailable("data-folder-not-writable", f"{path}: {error}", folder=str(path.parent))


class _Run:
    """One measurement under way."""

    def __init__(
        self,
        clock: WaitingClock,
        look: Callable[[], MachineState],
        walk: Walk,
        rest: Callable[[], None],
        plan: Plan,
        log: _Log,
        progress: Callable[[float], None],
    ) -> None:
        self._clock, self._look = clock, look
        self._walk, self._rest = walk, rest
        self._plan, self._log, self._progress = plan, log, progress
        self._began_s = clock.monotonic_s()
        self._fraction = 0.0

    def latency(self) -> None:
        """Warm up, then time undisturbed runs."""
        totals: list[float] = []
        until_s = self._clock.monotonic_s() + self._plan.runs_s
        while not has_settled(totals):
            totals.append(sum(self._timed().values()))
            self._say(0.0)
            # A slow board's classroom must not be all warm-up; the least is made all the same.
            if len(totals) >= LEAST_RUNS and self._clock.monotonic_s() > until_s:
                break
        self._log.write(line("warm_up", len(totals)))
        until_s = self._clock.monotonic_s() + self._plan.runs_s
        for done in range(self._plan.runs):
            if done >= LEAST_RUNS and self._clock.monotonic_s() > until_s:
                break
            stages = self._timed()
            self._log.write(line("run", {stage: round(ms, 6) for stage, ms in stages.items()}))
            self._say(_LATENCY_SHARE * done / self._plan.runs)

    def energy(self, meter: Meter, info: MeterInfo) -> None:
        """Take pairs until enough are good, the spare ones are used up, or the time is."""
        plan = self._plan
        good = {True: 0, False: 0}  # by whether idle came first
        governor: str | None = None
        meter.start()
        for pair in range(1, plan.pairs + plan.spare_pairs + 1):
            done = sum(good.values())
            if done >= plan.pairs or not self._has_time():
                break
            self._say(_LATENCY_SHARE + (1 - _LATENCY_SHARE) * done / plan.pairs)
            idle_first = good[True] <= good[False]
            phases = (Phase.IDLE, Phase.ACTIVE) if idle_first else (Phase.ACTIVE, Phase.IDLE)
            blocks = [self._block(phase, pair, meter) for phase in phases]
            governor = governor or blocks[0].before.governor
            if any(block.lost for block in blocks) and not self._wait_for(meter):
                break
            if not any(
                faults(
                    block,
                    trim_s=plan.trim_s,
                    rate_hz=info.rate_hz,
                    label=info.label,
                    governor=governor,
                )
                for block in blocks
            ):
                good[idle_first] += 1
        meter.stop()

    def _timed(self) -> Mapping[str, float]:
        """One unit of work; work that has no stages of its own is timed as a whole."""
        began_s = self._clock.monotonic_s()
        stages = self._walk()
        return stages or {"work": (self._clock.monotonic_s() - began_s) * 1000}

    def _block(self, phase: Phase, pair: int, meter: Meter) -> Block:
        """Idle or work for as long as a block lasts, and write down what the meter said."""
        before = self._look()
        block = OpenBlock(phase, pair, before)
        self._log.write(
            line("block", {"phase": phase.value, "pair": pair, "state": state_json(before)})
        )
        units, lost = 0, None
        began_s = self._clock.monotonic_s()
        try:
            meter.take()  # what came since the last block belongs to none
            began_s = self._clock.monotonic_s()
            meter.mark(mark_text(phase, pair, "begin"))
            units = self._fill(phase, began_s, meter, block.events)
            seconds = self._clock.monotonic_s() - began_s
            meter.mark(mark_text(phase, pair, "end"))
            self._take_until(mark_text(phase, pair, "end"), meter, block.events)
        except Unavailable as trouble:
            seconds, lost = self._clock.monotonic_s() - began_s, trouble.id
        done = {
            "seconds": seconds,
            "units": units,
            "state": state_json(self._look()),
            "lost": lost,
        }
        self._log.write(*map(event_line, block.events), line("done", done))
        self._log.sync()
        return block.done(done)

    def _fill(
        self, phase: Phase, began_s: float, meter: Meter, events: list[Reading | Mark]
    ) -> int:
        """Work, or wait, until the block is over; say how many units were finished."""
        units = 0
        now_s = taken_s = began_s
        while (left_s := began_s + self._plan.block_s - now_s) > 0:
            if phase is Phase.ACTIVE:
                self._walk()
                units += 1
            else:
                self._rest()
                self._clock.sleep(min(TAKE_EVERY_S, left_s))
            now_s = self._clock.monotonic_s()
            if now_s - taken_s >= TAKE_EVERY_S:
                events += meter.take()
                taken_s = now_s
                self._say(self._fraction)
        return units

    def _take_until(self, text: str, meter: Meter, events: list[Reading | Mark]) -> None:
        """Take until a mark has come back: a serial line needs a moment to say it."""
        until_s = self._clock.monotonic_s() + MARK_WITHIN_S
        while True:
            new = meter.take()
            events += new
            if any(isinstance(event, Mark) and event.text == text for event in new):
                return
            if self._clock.monotonic_s() > until_s:
                raise Unavailable("meter-lost", f"the mark {text} did not come back")
            self._clock.sleep(0.02)

    def _wait_for(self, meter: Meter) -> bool:
        """Wait until a meter that went away answers again; say whether it did."""
        until_s = self._clock.monotonic_s() + BACK_WITHIN_S
        while self._clock.monotonic_s() < until_s and self._has_time():
            try:
                meter.open()
                meter.start()
                return True
            except Unavailable:
                self._say(self._fraction)
                self._clock.sleep(_TRY_EVERY_S)
        return False

    def _has_time(self) -> bool:
        """Whether another pair still fits."""
        if self._plan.most_s is None:
            return True
        spent_s = self._clock.monotonic_s() - self._began_s
        return spent_s + 2 * self._plan.block_s <= self._plan.most_s

    def _say(self, fraction: float) -> None:
        self._fraction = fraction
        self._progress(fraction)


class Calibrations:
    """What each meter of this kit was compared with; kept with the measurements.

    Args:
        data: the data folder.
    """

    def __init__(self, data: Path) -> None:
        self._path = data / LOGS / "calibrations.json"

    def of(self, meter: str) -> Calibration | None:
        """The calibration of the meter of that name, if there is one.

        Raises:
            BadInput: "calibration-damaged".
        """
        told = self._read().get(meter)
        try:
            return Calibration.from_json(told) if told is not None else None
        except (KeyError, TypeError, ValueError) as error:
            raise self._damaged(error) from error

    def keep(self, meter: str, calibration: Calibration | None) -> None:
        """Keep one for that meter, or forget it. Raises `Unavailable` where nothing can be kept."""
        try:
            told = self._read()
        except BadInput:  # it could not be used before either
            told = {}
        if calibration is None:
            told.pop(meter, None)
        else:
            told[meter] = calibration.to_json()
        text = json.dumps(told, ensure_ascii=False, indent=1)
        atomic_write(self._path, text.encode())

    def _read(self) -> dict[str, Any]:
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise self._damaged(error) from error
        if not isinstance(told, dict):
            raise self._damaged(TypeError("no object"))
        return told

    def _damaged(self, error: Exception) -> BadInput:
        return BadInput("calibration-damaged", f"{self._path}: {error!r}")
