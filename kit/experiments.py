"""Experiments: what a project's pupils may measure, and what came of it.

    start -> job: book the kit · teach at that size and check · measure -> raw log + one line kept

What is measured ("an answer at 160 pixels", "a training", "nothing at all") is a `Subject`; how, is
`kit.lab`'s. While it runs the kit is booked (`kit.booking`): live answers and pictures pause, and
every page hears "booking". In a class only the teacher starts one.

A project's folder in `lab/` holds raw logs and `results.json`, which says which log belongs to what
and keeps accuracies and bets. Times and joules are computed from the log whenever they are shown.
An experiment that was stopped, or that failed, leaves nothing.
"""

import csv
import io
import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field, replace
from itertools import cycle
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from kit.booking import Booking
from kit.codecs.picture import decode_for_model
from kit.core import image
from kit.core.energy import LEAST_PAIRS, Calibration, same_ground
from kit.core.errors import BadInput, Conflict, KitError, NotAllowed, NotFound, Unavailable
from kit.core.evaluate import Check, Checked, left_out_in_turn
from kit.core.heads import Head, KNearestNeighbours, NearestClassMean, SoftmaxRegression
from kit.core.measurement import CLASSROOM, FULL, Measurement, Plan
from kit.core.ports import Lane, Meter, WaitingClock
from kit.core.power_trace import PowerTrace
from kit.core.tradeoff import Point, front
from kit.core.types import (
    Actor,
    Embedded,
    Job,
    MachineState,
    Mark,
    MeterInfo,
    MeterLabel,
    Reading,
    Sample,
)
from kit.events import Event, Events, Subscription
from kit.jobs import Jobs, Progress
from kit.lab import LEAST_RUNS, LOGS, Lab, Walk, replay
from kit.library import Library
from kit.storage import Store
from kit.storage.atomic import atomic_write
from kit.studio.embeddings import ProjectEmbeddings

_log = logging.getLogger(__name__)

VERB = "measure"
RESULTS = "results.json"
VERSION = 1
PREPARED_AT = 0.3
"""Where the progress bar stands when the head is taught and checked."""
PREPARE_S = 15.0
"""Of a classroom's minute, at most, for teaching and checking at that size."""
SHOWN_IN_TURN = 16
"""Stored pictures that an answer is measured on."""
MOST_RESULTS = 60
PAUSE_S = 0.1
"""How long "nothing at all" is."""
SAY_EVERY_S = 0.5
"""Telling the pages of each single answer would disturb what is measured."""
TRACE_EVERY_S = 0.25

HEADS: Mapping[str, Callable[[], Head]] = {
    head.name: head for head in (SoftmaxRegression, NearestClassMean, KNearestNeighbours)
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured.

    Attributes:
        id: by which it is asked for.
        unit: what one unit of work is, as the lab says it.
        input_size: side of the model's input in pixels; None where no picture is looked at.
        head: a key of `HEADS`; None where none answers.
    """

    id: str
    unit: str
    input_size: int | None = None
    head: str | None = None


SUBJECTS: Mapping[str, Subject] = {
    subject.id: subject
    for subject in (
        Subject("answer-224", "inference", 224, SoftmaxRegression.name),
        Subject("answer-160", "inference", 160, SoftmaxRegression.name),
        Subject("answer-128", "inference", 128, SoftmaxRegression.name),
        Subject("answer-96", "inference", 96, SoftmaxRegression.name),
        Subject("answer-224-mean", "inference", 224, NearestClassMean.name),
        Subject("answer-224-neighbours", "inference", 224, KNearestNeighbours.name),
        Subject("training", "training", 224, SoftmaxRegression.name),
        Subject("nothing", "pause"),
    )
}


class Runner(Protocol):
    """A backbone that this room has for itself: `engine.runtime.Backbone`."""

    name: str
    hash: str
    runtime_version: str
    input_size: int
    cut: str
    dimensions: int

    def embed(self, prepared: np.ndarray) -> np.ndarray: ...


class FoundMeter(Protocol):
    """A meter that was asked: what it says of itself, or why it does not answer."""

    name: str
    info: MeterInfo | None
    refusal: KitError | None


@dataclass(frozen=True)
class Bench:
    """What the experiments are handed of the outside.

    Attributes:
        clock: tells the time and waits.
        look, describe: the machine's state now, and what does not change.
        open_meter: the meter that the settings name, opened; raises `Unavailable` for none.
        list_meters: every meter worth asking.
        calibration: of the meter of that name; raises `BadInput`.
        runner: an input size -> a backbone of its own.
        plans: "classroom" and "full".
    """

    clock: WaitingClock
    look: Callable[[], MachineState]
    describe: Callable[[], Mapping[str, Any]]
    open_meter: Callable[[], tuple[Meter, MeterInfo]]
    list_meters: Callable[[], Sequence[FoundMeter]]
    calibration: Callable[[str], Calibration | None]
    runner: Callable[[int], Runner]
    plans: Mapping[str, Plan] = field(
        default_factory=lambda: {"classroom": CLASSROOM, "full": FULL}
    )


@dataclass(frozen=True)
class Meters:
    """The meter that a measurement would use, or why there is none; and all that were found."""

    chosen: MeterInfo | None
    refusal: KitError | None
    found: tuple[FoundMeter, ...]


class Experiments:
    """The lab of every project. Thread-safe.

    Args:
        library: says who may enter a project.
        store: where pictures are, and the project's `lab/` folder.
        jobs: an experiment is a job.
        events: where the power trace goes.
        booking: held while an experiment runs.
        bench: meter, clock, machine and backbones.
    """

    def __init__(
        self,
        library: Library,
        store: Store,
        jobs: Jobs,
        events: Events,
        booking: Booking,
        bench: Bench,
    ) -> None:
        self._library, self._store, self._jobs = library, store, jobs
        self._events, self.booking, self._bench = events, booking, bench
        self._lock = threading.Lock()
        self._listed: Meters | None = None
        self._replayed: dict[Path, Measurement] = {}
        self._trace: tuple[str, dict[str, Any]] | None = None

    # --- meters ---

    def meters(self, actor: Actor, *, again: bool = False) -> Meters:
        """The meters, asked once and then remembered.

        Args:
            actor: who asks; anybody may.
            again: ask them once more, unless one of them is measuring just now.
        """
        with self._lock:
            if self._listed is None or (again and not self.booking.is_held):
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
            kept = self._read(project_id)
            kept["bets"][subject.id] = {"ms": ms, "mj": mj, "accuracy": accuracy}
            self._write(project_id, kept)

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
            kept = self._read(project_id)
            rows = [row for one in kept["results"] if (row := self._row(project_id, one))]
        front_by, refusal = _rank(rows)
        return {
            "results": rows[::-1],
            "bets": kept["bets"],
            "front_by": front_by,
            "refusal": refusal,
        }

    def as_csv(self, actor: Actor, project_id: str) -> str:
        """The same as a table for a spreadsheet, one row a measurement, in English.

        Raises:
            NotFound: "project-missing".
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180
        writer.writerow(_COLUMNS)
        for row in self.results(actor, project_id)["results"]:
            writer.writerow(_csv_cells(row))
        return out.getvalue()

    def energy_of(self, project_id: str, input_size: int, head: str) -> dict[str, Any] | None:
        """The newest measured energy of an answer of that kind, for a passport; None: there is
        none."""
        with self._lock:
            for one in reversed(self._read(project_id)["results"]):
                subject = SUBJECTS.get(one["subject"])
                if subject is None or subject.unit != "inference":
                    continue
                if (subject.input_size, subject.head) != (input_size, head):
                    continue
                row = self._row(project_id, one)
                if row is not None and row["energy"]:
                    return row
        return None

    # --- measuring ---

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
            Conflict: "need-two-labels".
        """
        self._library.open(actor, project_id)
        subject = _subject(subject_id)
        if not actor.runs_the_class:
            raise NotAllowed("lab-teacher-starts", f"a {actor.role} may not book the kit")
        if mode not in self._bench.plans:
            raise BadInput("lab-mode-unknown", f"no mode {mode!r}")
        if subject.head is not None:
            shown = {sample.label_id for sample in self._store.samples(project_id)}
            if len(shown) < 2:
                raise Conflict("need-two-labels", f"{len(shown)} label(s) with samples")
        return self._jobs.start(
            VERB,
            lambda progress: self._run(project_id, subject, mode, progress),
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
        self, project_id: str, subject: Subject, mode: str, progress: Progress
    ) -> dict[str, Any]:
        """The job."""
        with self.booking.hold():
            began_s = self._bench.clock.monotonic_s()
            plan = self._bench.plans[mode]
            until_s = None if plan.most_s is None else began_s + min(PREPARE_S, plan.most_s / 3)
            calm = _Calm(progress, self._bench.clock)
            work = self._prepare(
                project_id,
                subject,
                self._within(until_s, lambda part: calm(PREPARED_AT * part)),
            )
            meter, info, calibration = self._meter()
            if meter is not None and info is not None:
                plan = _for_label(plan, info.label)
                meter = self._overheard(meter, info, calibration, project_id)
            try:
                if plan.most_s is not None:
                    spent_s = self._bench.clock.monotonic_s() - began_s
                    plan = replace(plan, most_s=plan.most_s - spent_s)
                    self._refuse_what_takes_longer(work.walk, plan)
                log = self._measured(project_id, subject, work, plan, meter, calibration, calm)
            finally:
                self._trace = None
                if meter is not None:
                    meter.close()
            return {"result": self._keep(project_id, subject, work, log)}

    def _prepare(
        self, project_id: str, subject: Subject, progress: Callable[[float], None]
    ) -> "_Work":
        """Whatever must be ready before the first unit of work: embeddings, a head, its check."""
        clock = self._bench.clock
        if subject.input_size is None or subject.head is None:

            def pause() -> dict[str, float]:
                clock.sleep(PAUSE_S)
                return {}

            return _Work(pause)
        runner = self._bench.runner(subject.input_size)
        embeddings = ProjectEmbeddings(self._store, BackboneAlone(runner), project_id)
        have = set(embeddings.all_kept()[0])
        samples = self._store.samples(project_id)
        missing = [sample for sample in samples if sample.id not in have]
        for done, _made in enumerate(embeddings.make(missing, Lane.EVALUATION), start=1):
            progress(0.6 * done / len(missing))
        ids, matrix = embeddings.all_kept()
        by_id = {sample.id: sample for sample in samples}
        rows = [row for row, id in enumerate(ids) if id in by_id]
        shown, matrix = [by_id[ids[row]] for row in rows], matrix[rows]
        new_head = HEADS[subject.head]
        check = _check(self._labels(project_id), shown, matrix, new_head, progress)
        labels = [sample.label_id for sample in shown]
        progress(0.95)

        if subject.unit == "training":

            def train() -> dict[str, float]:
                new_head().fit(matrix, labels)
                return {}

            return _Work(train, check, runner, len(shown))
        head = new_head().fit(matrix, labels)
        pictures = cycle(
            [
                self._store.media(project_id, sample.media_hash)
                for sample in shown[:: max(1, len(shown) // SHOWN_IN_TURN)][:SHOWN_IN_TURN]
            ]
        )
        return _Work(_answer(pictures, runner, head, clock), check, runner, len(shown))

    def _labels(self, project_id: str) -> dict[str, str]:
        return {label.id: label.name for label in self._store.labels(project_id)}

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
        try:
            return meter, info, self._bench.calibration(info.name)
        except BadInput as damaged:
            _log.warning("%s", damaged)
            return meter, info, None

    def _overheard(
        self, meter: Meter, info: MeterInfo, calibration: Calibration | None, project_id: str
    ) -> "Overheard":
        trace = PowerTrace(info, calibration.apply) if calibration else PowerTrace(info)
        said_s = self._bench.clock.monotonic_s()

        def changed() -> None:
            nonlocal said_s
            now_s = self._bench.clock.monotonic_s()
            if now_s - said_s >= TRACE_EVERY_S:
                said_s = now_s
                self._trace = project_id, trace.shape()
                self._events.publish(project_id, "power", self._trace[1])

        return Overheard(meter, trace, changed)

    def _measured(
        self,
        project_id: str,
        subject: Subject,
        work: "_Work",
        plan: Plan,
        meter: Meter | None,
        calibration: Calibration | None,
        progress: Callable[[float], None],
    ) -> Path:
        """Measure; give the raw log. Of what did not end by itself nothing stays."""
        folder = self._store.lab_folder(project_id)
        before = set((folder / LOGS).glob("*.jsonl"))
        lab = Lab(folder, clock=self._bench.clock, look=self._bench.look)
        try:
            _, log = lab.measure(
                work.walk,
                plan,
                meter=meter,
                about={**self._bench.describe(), **work.about(subject)},
                unit=subject.unit,
                calibration=calibration,
                progress=lambda part: progress(PREPARED_AT + (1 - PREPARED_AT) * part),
            )
        except BaseException:
            for unfinished in set((folder / LOGS).glob("*.jsonl")) - before:
                unfinished.unlink(missing_ok=True)
            raise
        return log

    def _keep(self, project_id: str, subject: Subject, work: "_Work", log: Path) -> int:
        with self._lock:
            kept = self._read(project_id)
            number = kept["next"]
            kept["results"].append(
                {
                    "id": number,
                    "log": log.name,
                    "subject": subject.id,
                    "accuracy": work.accuracy(),
                    "bet": kept["bets"].pop(subject.id, None),
                }
            )
            kept["next"] = number + 1
            for old in kept["results"][:-MOST_RESULTS]:
                self._log_file(project_id, old["log"]).unlink(missing_ok=True)
            kept["results"] = kept["results"][-MOST_RESULTS:]
            self._write(project_id, kept)
        return number

    # --- inside: what is kept ---

    def _read(self, project_id: str) -> dict[str, Any]:
        empty: dict[str, Any] = {"version": VERSION, "next": 1, "results": [], "bets": {}}
        try:
            told = json.loads((self._store.lab_folder(project_id) / RESULTS).read_text("utf-8"))
            return told if told["version"] == VERSION else empty
        except FileNotFoundError:
            return empty
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("the results of %s cannot be read: %r", project_id, error)
            return empty

    def _write(self, project_id: str, kept: Mapping[str, Any]) -> None:
        self._store.project(project_id)  # raises NotFound: a project that went takes its lab along
        text = json.dumps(kept, ensure_ascii=False, indent=1)
        folder = self._store.lab_folder(project_id)
        folder.mkdir(parents=True, exist_ok=True)
        atomic_write(folder / RESULTS, text.encode())

    def _log_file(self, project_id: str, name: str) -> Path:
        return self._store.lab_folder(project_id) / LOGS / Path(name).name

    def _row(self, project_id: str, kept: Mapping[str, Any]) -> dict[str, Any] | None:
        """One result, computed from its log; None where the log is gone or cannot be read."""
        path = self._log_file(project_id, kept["log"])
        try:
            if path not in self._replayed:
                if len(self._replayed) >= 4 * MOST_RESULTS:
                    self._replayed.clear()
                self._replayed[path] = replay(path)
        except (OSError, BadInput) as error:
            _log.warning("the result %s of %s cannot be read: %s", kept["id"], project_id, error)
            return None
        return _row(kept, self._replayed[path])


class BackboneAlone:
    """A backbone as `core.ports.Embedder`, for a room that has it for itself."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self.backbone, self.backbone_hash = runner.name, runner.hash
        self.runtime_version, self.dimensions = runner.runtime_version, runner.dimensions
        self.input_size, self.cut = runner.input_size, runner.cut

    def embed(
        self, pixels: np.ndarray, lane: Lane, *, view: int = 0, feature_map: bool = False
    ) -> "Future[Embedded]":
        """Embed at once, in the caller's thread."""
        prepared = image.view(image.prepare(pixels, self.input_size), view)
        future: Future[Embedded] = Future()
        future.set_result(Embedded(self._runner.embed(prepared), None, {}))
        return future


class Overheard:
    """A meter (`core.ports.Meter`) whose stream is also shown."""

    def __init__(self, meter: Meter, trace: PowerTrace, changed: Callable[[], None]) -> None:
        self.name = meter.name
        self._meter, self._trace, self._changed = meter, trace, changed
        self.open, self.start, self.mark = meter.open, meter.start, meter.mark
        self.stop, self.close = meter.stop, meter.close

    def take(self) -> list[Reading | Mark]:
        """What arrived, shown on the way."""
        try:
            events = self._meter.take()
        except Unavailable:
            self._trace.lose()
            self._changed()
            raise
        self._trace.hear(events)
        self._changed()
        return events


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


@dataclass(frozen=True)
class _Work:
    """What is measured, ready to run, with what is known of it."""

    walk: Walk
    check: Check | None = None
    runner: Runner | None = None
    samples: int = 0

    def about(self, subject: Subject) -> dict[str, Any]:
        """For the log's header; no word that a pupil typed."""
        told: dict[str, Any] = {"workload": subject.id, "threads": 1}
        if self.runner is not None:
            told |= {
                "backbone": self.runner.name,
                "backbone_hash": self.runner.hash,
                "input_size": self.runner.input_size,
                "runtime": self.runner.runtime_version,
                "head": subject.head,
                "samples": self.samples,
            }
        return told

    def accuracy(self) -> dict[str, Any] | None:
        """Counts and shares of the check, or None: nothing could be held out."""
        if self.check is None:
            return None
        tally = self.check.tally
        return {"right": tally.right, "bursts": self.check.bursts} | tally.to_json()


def _subject(id: str) -> Subject:
    subject = SUBJECTS.get(id)
    if subject is None:
        raise NotFound("lab-subject-unknown", f"no experiment {id!r}")
    return subject


def _too_long() -> Conflict:
    return Conflict("lab-too-long", "it does not fit in the classroom's minute")


def _for_label(plan: Plan, label: MeterLabel) -> Plan:
    """Longer blocks would make an estimate no truer: it takes a classroom's."""
    if label is not MeterLabel.ESTIMATED or plan.name != FULL.name:
        return plan
    return replace(
        plan,
        block_s=min(plan.block_s, CLASSROOM.block_s),
        trim_s=min(plan.trim_s, CLASSROOM.trim_s),
    )


def _check(
    labels: Mapping[str, str],
    samples: Sequence[Sample],
    matrix: np.ndarray,
    new_head: Callable[[], Head],
    progress: Callable[[float], None],
) -> Check | None:
    """Each showing left out in turn, at this size and with this head: the project's own check."""
    ids = np.array([sample.label_id for sample in samples])
    if len(set(ids.tolist())) < 2:
        raise Conflict("need-two-labels", "fewer than two labels could be embedded")
    turns = 0

    def answer(teaching: np.ndarray, checking: np.ndarray) -> tuple[np.ndarray, list[str]]:
        nonlocal turns
        turns += 1
        progress(0.9 - 0.3 * 0.7**turns)
        head = new_head().fit(matrix[teaching], ids[teaching].tolist())
        return head.predict_proba(matrix[checking]), head.classes_.tolist()

    return left_out_in_turn(
        [Checked(s.id, s.label_id, s.burst_id, s.facets) for s in samples],
        answer,
        labels={id: labels[id] for id in labels if id in set(ids.tolist())},
        model_number=0,
        embeddings=matrix,
    )


def _answer(pictures: Any, runner: Runner, head: Head, clock: WaitingClock) -> Walk:
    """From a stored picture's bytes to the answer, each stage timed."""

    def walk() -> dict[str, float]:
        times = [clock.monotonic_s()]
        pixels = decode_for_model(next(pictures), runner.input_size)
        times.append(clock.monotonic_s())
        prepared = image.prepare(pixels, runner.input_size)
        times.append(clock.monotonic_s())
        embedding = runner.embed(prepared)
        times.append(clock.monotonic_s())
        head.predict_proba(embedding[np.newaxis])
        times.append(clock.monotonic_s())
        stages = ("decode", "prepare", "invoke", "head")
        return {
            stage: (end - begin) * 1000
            for stage, begin, end in zip(stages, times, times[1:], strict=False)
        }

    return walk


# --- results as plain values ---


def _row(kept: Mapping[str, Any], found: Measurement) -> dict[str, Any]:
    subject = SUBJECTS.get(kept["subject"]) or Subject(kept["subject"], found.unit)
    total = found.stages.get("total")
    energy = found.energy
    figures = None
    if energy is not None and energy.gross_mj is not None and energy.marginal_mj is not None:
        figures = {
            "gross_mj": energy.gross_mj.to_json(),
            "marginal_mj": energy.marginal_mj.to_json(),
        }
    reasons = [
        {"pair": one.pair, "phase": one.phase.value, "id": one.id, "values": dict(one.values)}
        for one in (energy.rejected if energy else ())
    ]
    return {
        **asdict(subject),
        "subject": subject.id,
        "id": kept["id"],
        "plan": found.plan.name,
        "meter": found.meter["name"] if found.meter else None,
        "label": str(energy.label if energy else MeterLabel.NONE),
        "pairs": energy.pairs if energy else 0,
        "latency": total.to_json() if total else None,
        "energy": figures,
        "rejected": reasons,
        "accuracy": kept["accuracy"],
        "bet": kept["bet"],
        "board": found.about.get("board"),
        "newest": False,
        "on_front": False,
    }


def _rank(rows: Sequence[dict[str, Any]]) -> tuple[str | None, str | None]:
    """Mark the newest point of each way to answer, and of those the front.

    Returns:
        By what they are ranked, and why not.
    """
    newest = {row["subject"]: row for row in rows}
    for row in newest.values():
        row["newest"] = True
    points = [
        row
        for row in newest.values()
        if row["unit"] == "inference" and row["accuracy"] and row["latency"]
    ]
    if not points:
        return None, None
    measured = [row for row in points if row["energy"]]
    if measured and not same_ground(MeterLabel(row["label"]) for row in points):
        return None, "lab-not-ranked"
    if measured and len(measured) < len(points):
        return None, "lab-not-ranked-some-missing"
    by = "energy" if measured else "time"
    where = [
        Point(
            row["accuracy"]["value"],
            row["energy"]["marginal_mj"]["value"] if measured else row["latency"]["median_ms"],
        )
        for row in points
    ]
    for place in front(where):
        points[place]["on_front"] = True
    return by, None


_COLUMNS = (
    "measurement", "subject", "unit", "input_px", "head", "plan", "rests_on", "meter", "pairs",
    "median_ms", "low_ms", "high_ms", "above_idle_mj", "above_idle_low_mj", "above_idle_high_mj",
    "whole_mj", "whole_low_mj", "whole_high_mj", "right", "checked", "accuracy", "accuracy_low",
    "accuracy_high", "on_front", "bet_ms", "bet_mj", "bet_accuracy",
)  # fmt: skip


def _csv_cells(row: Mapping[str, Any]) -> list[Any]:
    latency, accuracy, bet = row["latency"] or {}, row["accuracy"] or {}, row["bet"] or {}
    energy = row["energy"] or {"marginal_mj": {}, "gross_mj": {}}
    ends = ("value", "low", "high")
    return [
        *(row[key] for key in ("id", "subject", "unit", "input_size", "head", "plan", "label")),
        row["meter"],
        row["pairs"],
        *(latency.get(key) for key in ("median_ms", "low_ms", "high_ms")),
        *(energy["marginal_mj"].get(key) for key in ends),
        *(energy["gross_mj"].get(key) for key in ends),
        *(accuracy.get(key) for key in ("right", "n", *ends)),
        "yes" if row["on_front"] else "no",
        *(bet.get(key) for key in ("ms", "mj", "accuracy")),
    ]
