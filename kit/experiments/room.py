"""The room's verbs: who may measure what, when, and what is left of it afterwards."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from kit.booking import Booking
from kit.core.calibration import Calibration
from kit.core.energy import LEAST_PAIRS
from kit.core.errors import BadInput, Conflict, KitError, NotAllowed, NotFound, Unavailable
from kit.core.measurement import CLASSROOM, FULL, Plan
from kit.core.ports import Meter, WaitingClock
from kit.core.power_trace import PowerTrace
from kit.core.types import Actor, Job, MeterInfo, MeterLabel
from kit.events import Event, Events, Subscription
from kit.experiments import results
from kit.experiments.bench import Bench, Meters
from kit.experiments.pictures import bare_answer
from kit.experiments.prepare import prepare
from kit.experiments.subjects import SUBJECTS, Subject, Unit
from kit.experiments.watch import Overheard, Watch
from kit.experiments.work import Work
from kit.jobs import Jobs, Progress
from kit.lab import LEAST_RUNS, LOGS, Lab, Walk
from kit.library import Library
from kit.storage import Store
from kit.studio.lesson import Lesson

_log = logging.getLogger(__name__)

VERB = "measure"
PREPARED_AT = 0.3
"""Where the progress bar stands when the head is taught and checked."""
PREPARE_S = 15.0
"""Of a classroom's minute, at most, for teaching and checking at that size."""
SAY_EVERY_S = 0.5
"""Telling the pages of each single answer would disturb what is measured."""
TRACE_EVERY_S = 0.25
SAMPLER_PAIRS, SAMPLER_S = 6, 0.75
"""Of blocks with the meter read and not read, to see what reading it costs."""
SAMPLER_ROOM_S = 14.0
"""What these take of a classroom's minute, starting the sampler included."""


class Experiments:
    """The lab of every project. Thread-safe.

    Args:
        library: says who may enter a project.
        store: where pictures are, and the project's `lab/` folder.
        jobs: an experiment is a job.
        events: where the power line goes.
        booking: held while an experiment runs.
        bench: meter, clock, machine and backbones.
        busy_with: what the kit does meanwhile, in words, for the live power line.
    """

    def __init__(
        self,
        library: Library,
        store: Store,
        jobs: Jobs,
        events: Events,
        booking: Booking,
        bench: Bench,
        busy_with: Callable[[], set[str]] = set,
    ) -> None:
        self._library, self._store, self._jobs = library, store, jobs
        self._events, self.booking, self._bench = events, booking, bench
        self._lock = threading.Lock()
        self._listed: Meters | None = None
        self._shelf = results.Shelf(store)
        self._trace: tuple[str, dict[str, Any]] | None = None
        self._watch = Watch(
            self._meter_to_look_at, busy_with, lambda id, line: events.publish(id, "power", line)
        )

    def close(self) -> None:
        """Let go of the meter."""
        self._watch.close()

    # --- meters ---

    def meters(self, actor: Actor, *, again: bool = False) -> Meters:
        """The meters, asked once and then remembered.

        Args:
            actor: who asks; anybody may.
            again: ask them once more, unless one of them is measuring just now.
        """
        with self._lock:
            if self._listed is None or (again and not self.booking.is_held):
                with self._watch.aside():
                    self._listed = self._ask_meters()
            return self._listed

    def _ask_meters(self) -> Meters:
        found = tuple(self._bench.list_meters())
        try:
            meter, info = self._bench.open_meter()
        except KitError as refusal:
            return Meters(None, refusal, found)
        meter.close()
        return Meters(info, None, found)

    def look_at_power(self, actor: Actor, project_id: str) -> Callable[[], None]:
        """Send a project's pages "power" until the result is called; raises `NotFound`.

        While a measurement has the meter, its own line is sent instead.
        """
        self._library.open(actor, project_id)
        return self._watch.look(project_id)

    def _meter_to_look_at(self) -> tuple[Meter, MeterInfo, Callable[[float], float]]:
        if self.booking.is_held:
            raise Unavailable("kit-measuring", "a measurement has the meter", wait_s=1)
        meter, info = self._bench.open_meter()
        calibration = self._calibration(info)
        return meter, info, calibration.apply if calibration else lambda power_mw: power_mw

    # --- bets ---

    def bet(
        self,
        actor: Actor,
        project_id: str,
        subject_id: str,
        *,
        ms: float | None,
        mj: float | None,
        accuracy: float | None,
    ) -> None:
        """Write down a guess, before measuring; another one takes its place.

        Args:
            actor, project_id, subject_id: who guesses what.
            ms, mj: of one unit, above 0.
            accuracy: 0..1.

        Raises:
            NotFound: "project-missing", "lab-subject-unknown".
            BadInput: "lab-bet-wrong".
        """
        self._library.open(actor, project_id)
        subject = _subject(subject_id)
        amounts = [amount for amount in (ms, mj) if amount is not None]
        if not all(0 < amount < 1e9 for amount in amounts) or not 0 <= (accuracy or 0) <= 1:
            raise BadInput("lab-bet-wrong", f"ms={ms} mj={mj} accuracy={accuracy}")
        with self._lock:
            kept = self._shelf.read(project_id)
            kept["bets"][subject.id] = {"ms": ms, "mj": mj, "accuracy": accuracy}
            self._shelf.write(project_id, kept)

    # --- results ---

    def results(self, actor: Actor, project_id: str) -> dict[str, Any]:
        """Everything measured, the newest first, with bets, and the front of best trade-offs.

        Returns:
            `{"results", "bets", "front_by", "refusal"}`: `front_by` is "energy" or "time", or None
            where `refusal` says why the points are not ranked.

        Raises:
            NotFound: "project-missing".
        """
        self._library.open(actor, project_id)
        with self._lock:
            kept = self._shelf.read(project_id)
            rows = [row for one in kept["results"] if (row := self._shelf.row(project_id, one))]
        front_by, refusal = results.rank(rows)
        return {
            "results": rows[::-1],
            "bets": kept["bets"],
            "front_by": front_by,
            "refusal": refusal,
        }

    def as_csv(self, actor: Actor, project_id: str) -> str:
        """The same as a table for a spreadsheet; raises `NotFound`, "project-missing"."""
        return results.as_csv(self.results(actor, project_id)["results"])

    def energy_of(
        self, project_id: str, embedder: Mapping[str, Any], head: str, unit: str = Unit.INFERENCE
    ) -> dict[str, Any] | None:
        """The newest measured energy of an answer, or a training, of that kind, for a passport.

        Args:
            project_id: whose lab.
            embedder: `backbone_hash`, `input_size` and `cut` of what makes the model's embeddings.
            head: its name.
            unit: of work.

        Returns:
            None where there is none, and where the answer was another one: cut, of another network,
            or shared among processors.
        """
        with self._lock:
            for one in reversed(self._shelf.read(project_id)["results"]):
                it = SUBJECTS.get(one["subject"])
                if it is None or (it.unit, it.head, it.all_processors) != (unit, head, False):
                    continue
                row = self._shelf.row(project_id, one)
                if (
                    row is not None
                    and row["energy"]
                    and results.same_network(row["network"], embedder)
                ):
                    return row
        return None

    # --- measuring ---

    def subjects(self, actor: Actor, project_id: str) -> list[Subject]:
        """What may be measured here, by the project's kind and the machine's processors."""
        kind = self._library.open(actor, project_id).info(actor).kind
        alone = int(self._bench.describe().get("processors") or 1) < 2
        return [
            subject
            for subject in SUBJECTS.values()
            if kind in subject.kinds and not (alone and subject.all_processors)
        ]

    def start(self, actor: Actor, project_id: str, subject_id: str, mode: str) -> Job:
        """Begin an experiment; while one is under way, that very job is given back.

        Args:
            actor: whoever sits at the kit, or in a class the teacher.
            project_id: whose pictures.
            subject_id: one of `SUBJECTS`.
            mode: "classroom", which ends within a minute, or "full".

        Raises:
            NotFound: "project-missing", "lab-subject-unknown".
            NotAllowed: "lab-teacher-starts".
            BadInput: "lab-mode-unknown".
            Conflict: "need-two-labels", "lab-another-kind".
        """
        studio = self._library.open(actor, project_id)
        kind = studio.info(actor).kind
        subject = _subject(subject_id)
        if not actor.runs_the_class:
            raise NotAllowed("lab-teacher-starts", f"a {actor.role} may not book the kit")
        if mode not in self._bench.plans:
            raise BadInput("lab-mode-unknown", f"no mode {mode!r}")
        if kind not in subject.kinds:
            raise Conflict("lab-another-kind", f"{subject.id} in a project of kind {kind}")
        if subject.unit is not Unit.PAUSE:
            shown = {sample.label_id for sample in self._store.samples(project_id)}
            if len(shown) < 2:
                raise Conflict("need-two-labels", f"{len(shown)} label(s) with samples")
        return self._jobs.start(
            VERB,
            lambda progress: self._run(
                project_id, subject, mode, partial(studio.lesson, actor), progress
            ),
            project_id=project_id,
            space_id=self._store.project(project_id).space_id,
        )

    def stop(self, actor: Actor, project_id: str) -> Job | None:
        """Stop the project's experiment; nothing of it is kept. None: there is none.

        Raises:
            NotFound: "project-missing".
        """
        self._library.open(actor, project_id)
        running = self._jobs.running(project_id, VERB)
        return None if running is None else self._jobs.cancel(actor, running.id)

    def job(self, actor: Actor, project_id: str) -> Job | None:
        """The project's experiment under way, if any. Raises `NotFound` "project-missing"."""
        self._library.open(actor, project_id)
        return self._jobs.running(project_id, VERB)

    def greet(self, project_id: str, box: Subscription) -> None:
        """Tell a page that comes in the middle of a measurement what it has missed."""
        if self.booking.is_held:
            box.offer(Event(self._events.next_seq(), "booking", {"measuring": True}))
            if self._trace is not None and self._trace[0] == project_id:
                box.offer(Event(self._events.next_seq(), "power", self._trace[1]))

    # --- inside: one experiment ---

    def _run(
        self,
        project_id: str,
        subject: Subject,
        mode: str,
        lesson: Callable[[Callable[[float], None]], Lesson],
        progress: Progress,
    ) -> dict[str, Any]:
        """The job."""
        plan = _for_unit(self._bench.plans[mode], subject)
        with self.booking.hold(_expected_s(plan)), self._watch.aside():
            self._bench.hush()
            began_s = self._bench.clock.monotonic_s()
            until_s = None if plan.most_s is None else began_s + min(PREPARE_S, plan.most_s / 3)
            calm = _Calm(progress, self._bench.clock)
            work = prepare(
                self._bench,
                self._store,
                project_id,
                subject,
                lesson,
                self._within(until_s, lambda part: calm(PREPARED_AT * part)),
            )
            try:
                log = self._with_meter(project_id, subject, work, plan, began_s, calm)
            finally:
                self._trace = None
                work.away()
            with self._lock:
                return {"result": self._shelf.add(project_id, log, subject, work.accuracy())}

    def _with_meter(
        self,
        project_id: str,
        subject: Subject,
        work: Work,
        plan: Plan,
        began_s: float,
        progress: "_Calm",
    ) -> Path:
        meter, info, calibration = self._meter()
        bare = meter
        if meter is not None and info is not None:
            plan = _for_label(plan, info.label)
            meter = self._overheard(meter, info, calibration, project_id)
        try:
            if plan.most_s is not None:
                spent_s = self._bench.clock.monotonic_s() - began_s
                plan = replace(plan, most_s=plan.most_s - spent_s)
                self._refuse_what_takes_longer(work.walk, plan)

            def closing() -> dict[str, Any]:
                told = dict(work.notes)
                if subject.unit is Unit.PAUSE and bare is not None:
                    told["sampler"] = self._sampler_pairs(bare, progress)
                return told

            return self._measured(
                project_id, subject, work, plan, meter, calibration, progress, closing
            )
        finally:
            if meter is not None:
                meter.close()

    def _within(
        self, until_s: float | None, progress: Callable[[float], None]
    ) -> Callable[[float], None]:
        """A progress that also ends what does not fit in the classroom's minute."""

        def say(part: float) -> None:
            progress(part)
            if until_s is not None and self._bench.clock.monotonic_s() > until_s:
                raise _too_long()

        return say

    def _refuse_what_takes_longer(self, walk: Walk, plan: Plan) -> None:
        """One unit, timed: the least number of them and of pairs must fit in what is left."""
        began_s = self._bench.clock.monotonic_s()
        walk()
        unit_s = self._bench.clock.monotonic_s() - began_s
        runs_s = 2 * max(LEAST_RUNS * unit_s, min(plan.runs_s, plan.runs * unit_s))
        pairs_s = LEAST_PAIRS * 2 * (plan.block_s + unit_s)
        if unit_s + runs_s + pairs_s > (plan.most_s or 0):
            raise _too_long()

    def _meter(self) -> tuple[Meter | None, MeterInfo | None, Calibration | None]:
        try:
            meter, info = self._bench.open_meter()
        except Unavailable as refusal:
            _log.info("measuring times only: %s", refusal)
            return None, None, None
        return meter, info, self._calibration(info)

    def _calibration(self, info: MeterInfo) -> Calibration | None:
        try:
            return self._bench.calibration(info.name)
        except BadInput as damaged:
            _log.warning("%s", damaged)
            return None

    def _overheard(
        self, meter: Meter, info: MeterInfo, calibration: Calibration | None, project_id: str
    ) -> Overheard:
        trace = PowerTrace(info, calibration.apply) if calibration else PowerTrace(info)
        said_s = self._bench.clock.monotonic_s()

        def changed(at_once: bool) -> None:
            nonlocal said_s
            now_s = self._bench.clock.monotonic_s()
            if at_once or now_s - said_s >= TRACE_EVERY_S:
                said_s = now_s
                self._trace = project_id, trace.shape()
                self._events.publish(project_id, "power", self._trace[1])

        return Overheard(meter, trace, changed)

    def _sampler_pairs(self, meter: Meter, progress: "_Calm") -> list[tuple[float, float]]:
        """What reading the meter costs: (with, without) milliseconds of the network, in turns."""
        walk, clock = bare_answer(self._bench), self._bench.clock

        def block_ms() -> float:
            times_ms, until_s = [], clock.monotonic_s() + SAMPLER_S
            while (begin_s := clock.monotonic_s()) < until_s:
                walk()
                times_ms.append((clock.monotonic_s() - begin_s) * 1000)
            return float(np.median(times_ms))

        def read_ms() -> float:
            meter.start()
            try:
                return block_ms()
            finally:
                meter.stop()

        block_ms()  # warm
        pairs = []
        try:
            for number in range(SAMPLER_PAIRS):
                progress(1.0)
                if number % 2:
                    with_ms, without_ms = read_ms(), block_ms()
                else:
                    without_ms, with_ms = block_ms(), read_ms()
                pairs.append((round(with_ms, 6), round(without_ms, 6)))
        except Unavailable as gone:  # what was measured before is no worse for it
            _log.info("the meter went: %s", gone)
        return pairs

    def _measured(
        self,
        project_id: str,
        subject: Subject,
        work: Work,
        plan: Plan,
        meter: Meter | None,
        calibration: Calibration | None,
        progress: Callable[[float], None],
        closing: Callable[[], Mapping[str, Any]],
    ) -> Path:
        """Measure; give the raw log. Of what did not end by itself nothing stays."""
        folder = self._store.lab_folder(project_id)
        before = set((folder / LOGS).glob("*.jsonl"))
        lab = Lab(folder, clock=self._bench.clock, look=self._bench.look)
        try:
            _, log = lab.measure(
                work.walk,
                plan,
                rest=work.rest,
                meter=meter,
                about={**self._bench.describe(), **work.about(subject)},
                unit=subject.unit,
                calibration=calibration,
                progress=lambda part: progress(PREPARED_AT + (1 - PREPARED_AT) * part),
                closing=closing,
            )
        except BaseException:
            for unfinished in set((folder / LOGS).glob("*.jsonl")) - before:
                unfinished.unlink(missing_ok=True)
            raise
        return log


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


def _subject(id: str) -> Subject:
    subject = SUBJECTS.get(id)
    if subject is None:
        raise NotFound("lab-subject-unknown", f"no experiment {id!r}")
    return subject


def _too_long() -> Conflict:
    return Conflict("lab-too-long", "it does not fit in the classroom's minute")


def _expected_s(plan: Plan) -> float:
    """How long a plan takes, about, for those who wait."""
    if plan.most_s is not None:
        return plan.most_s
    return PREPARE_S + plan.runs_s / 2 + plan.pairs * 2 * plan.block_s


def _for_unit(plan: Plan, subject: Subject) -> Plan:
    """Timing a pause tells nothing; what reading the meter costs takes that time."""
    if subject.unit is not Unit.PAUSE:
        return plan
    left_s = None if plan.most_s is None else plan.most_s - SAMPLER_ROOM_S
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
