"""The course of one experiment: from its plan to its raw log, within the classroom's minute.

    hush -> prepare -> open the meter -> refuse what would take longer -> measure -> put away

Its caller has booked the kit, and keeps what comes out.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kit.core.calibration import Calibration
from kit.core.energy import LEAST_PAIRS
from kit.core.errors import BadInput, Conflict, Unavailable
from kit.core.measurement import CLASSROOM, FULL, Plan
from kit.core.ports import Meter, WaitingClock
from kit.core.power_trace import PowerTrace
from kit.core.types import MeterInfo, MeterLabel
from kit.experiments import sampler
from kit.experiments.bench import Bench
from kit.experiments.prepare import prepare
from kit.experiments.subjects import Subject, Unit
from kit.experiments.watch import Overheard
from kit.experiments.work import Work
from kit.jobs import Progress
from kit.lab import LEAST_RUNS, LOGS, Lab, Walk
from kit.storage import Store
from kit.studio.lesson import Lesson

_log = logging.getLogger(__name__)

PREPARED_AT = 0.3
"""Where the progress bar stands when the head is taught and checked."""
PREPARE_S = 15.0
"""Of a classroom's minute, at most, for teaching and checking at that size."""
SAY_EVERY_S = 0.5
"""Telling the pages of each single answer would disturb what is measured."""
TRACE_EVERY_S = 0.25


class Course:
    """One experiment, to be run once.

    Args:
        bench: meter, clock, machine and backbones.
        store: where the pictures are, and the project's `lab/` folder.
        project_id: whose.
        subject: what is measured.
        mode: a key of the bench's plans.
        show: handed the shape of the power line, now and then.
    """

    def __init__(
        self,
        bench: Bench,
        store: Store,
        project_id: str,
        subject: Subject,
        mode: str,
        show: Callable[[dict[str, Any]], None],
    ) -> None:
        self._bench, self._store, self._project_id = bench, store, project_id
        self._subject, self._show = subject, show
        self._plan = _for_unit(bench.plans[mode], subject)

    @property
    def expected_s(self) -> float:
        """How long it takes, about, for those who wait."""
        if self._plan.most_s is not None:
            return self._plan.most_s
        return PREPARE_S + self._plan.runs_s / 2 + self._plan.pairs * 2 * self._plan.block_s

    def run(
        self, lesson: Callable[[Callable[[float], None]], Lesson], progress: Progress
    ) -> tuple[Path, dict[str, Any] | None]:
        """Prepare and measure.

        Args:
            lesson: what a training of the project would learn from.
            progress: the job's; asked often whether to go on.

        Returns:
            The raw log, and how right the answers were (`Work.accuracy`). Of what did not end by
            itself nothing stays.

        Raises:
            Conflict: "lab-too-long", or what `prepare` refuses.
            Unavailable: the model is missing; the disk is full.
        """
        self._bench.hush()
        plan = self._plan
        began_s = self._bench.clock.monotonic_s()
        until_s = None if plan.most_s is None else began_s + min(PREPARE_S, plan.most_s / 3)
        calm = _Calm(progress, self._bench.clock)
        work = prepare(
            self._bench,
            self._store,
            self._project_id,
            self._subject,
            lesson,
            self._within(until_s, lambda part: calm(PREPARED_AT * part)),
        )
        try:
            log = self._with_meter(work, began_s, calm)
        finally:
            work.away()
        return log, work.accuracy()

    def _within(
        self, until_s: float | None, progress: Callable[[float], None]
    ) -> Callable[[float], None]:
        """A progress that also ends what does not fit in the classroom's minute."""

        def say(part: float) -> None:
            progress(part)
            if until_s is not None and self._bench.clock.monotonic_s() > until_s:
                raise _too_long()

        return say

    def _with_meter(self, work: Work, began_s: float, progress: "_Calm") -> Path:
        plan = self._plan
        meter, info, calibration = self._meter()
        bare = meter
        if meter is not None and info is not None:
            plan = _for_label(plan, info.label)
            meter = self._overheard(meter, info, calibration)
        try:
            if plan.most_s is not None:
                spent_s = self._bench.clock.monotonic_s() - began_s
                plan = replace(plan, most_s=plan.most_s - spent_s)
                self._refuse_what_takes_longer(work.walk, plan)

            def closing() -> dict[str, Any]:
                told = dict(work.notes)
                if self._subject.unit is Unit.PAUSE and bare is not None:
                    told["sampler"] = sampler.sampler_pairs(self._bench, bare, progress)
                return told

            return self._measured(work, plan, meter, calibration, progress, closing)
        finally:
            if meter is not None:
                meter.close()

    def _meter(self) -> tuple[Meter | None, MeterInfo | None, Calibration | None]:
        try:
            meter, info = self._bench.open_meter()
        except Unavailable as refusal:
            _log.info("measuring times only: %s", refusal)
            return None, None, None
        return meter, info, calibration_of(self._bench, info)

    def _overheard(
        self, meter: Meter, info: MeterInfo, calibration: Calibration | None
    ) -> Overheard:
        trace = PowerTrace(info, calibration.apply) if calibration else PowerTrace(info)
        said_s = self._bench.clock.monotonic_s()

        def changed(at_once: bool) -> None:
            nonlocal said_s
            now_s = self._bench.clock.monotonic_s()
            if at_once or now_s - said_s >= TRACE_EVERY_S:
                said_s = now_s
                self._show(trace.shape())

        return Overheard(meter, trace, changed)

    def _refuse_what_takes_longer(self, walk: Walk, plan: Plan) -> None:
        """One unit, timed: the least number of them and of pairs must fit in what is left."""
        began_s = self._bench.clock.monotonic_s()
        walk()
        unit_s = self._bench.clock.monotonic_s() - began_s
        runs_s = 2 * max(LEAST_RUNS * unit_s, min(plan.runs_s, plan.runs * unit_s))
        pairs_s = LEAST_PAIRS * 2 * (plan.block_s + unit_s)
        if unit_s + runs_s + pairs_s > (plan.most_s or 0):
            raise _too_long()

    def _measured(
        self,
        work: Work,
        plan: Plan,
        meter: Meter | None,
        calibration: Calibration | None,
        progress: Callable[[float], None],
        closing: Callable[[], Mapping[str, Any]],
    ) -> Path:
        """Measure; give the raw log. Of what did not end by itself nothing stays."""
        folder = self._store.lab_folder(self._project_id)
        before = set((folder / LOGS).glob("*.jsonl"))
        lab = Lab(folder, clock=self._bench.clock, look=self._bench.look)
        try:
            _, log = lab.measure(
                work.walk,
                plan,
                rest=work.rest,
                meter=meter,
                about={**self._bench.describe(), **work.about(self._subject)},
                unit=self._subject.unit,
                calibration=calibration,
                progress=lambda part: progress(PREPARED_AT + (1 - PREPARED_AT) * part),
                closing=closing,
            )
        except BaseException:
            for unfinished in set((folder / LOGS).glob("*.jsonl")) - before:
                unfinished.unlink(missing_ok=True)
            raise
        return log


def calibration_of(bench: Bench, info: MeterInfo) -> Calibration | None:
    """The meter's; None where there is none, or a damaged one: the log says so."""
    try:
        return bench.calibration(info.name)
    except BadInput as damaged:
        _log.warning("%s", damaged)
        return None


class _Calm:
    """A job's progress that is told at a restful pace, and asked each time whether to go on."""

    def __init__(self, progress: Progress, clock: WaitingClock) -> None:
        self._progress, self._clock = progress, clock
        self._said_s = float("-inf")

    def __call__(self, part: float) -> None:
        self._progress.check()
        now_s = self._clock.monotonic_s()
        if now_s - self._said_s >= SAY_EVERY_S:
            self._said_s = now_s
            self._progress(part)


def _too_long() -> Conflict:
    return Conflict("lab-too-long", "it does not fit in the classroom's minute")


def _for_unit(plan: Plan, subject: Subject) -> Plan:
    """Timing a pause tells nothing; what reading the meter costs takes that time."""
    if subject.unit is not Unit.PAUSE:
        return plan
    left_s = None if plan.most_s is None else plan.most_s - sampler.ROOM_S
    return replace(plan, runs=LEAST_RUNS, most_s=left_s)


def _for_label(plan: Plan, label: MeterLabel) -> Plan:
    """Longer blocks would make an estimate no truer: it takes a classroom's."""
    if label is not MeterLabel.ESTIMATED or plan.name != FULL.name:
        return plan
    return replace(
        plan,
        block_s=min(plan.block_s, CLASSROOM.block_s),
        trim_s=min(plan.trim_s, CLASSROOM.trim_s),
    )
