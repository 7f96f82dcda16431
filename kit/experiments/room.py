"""The room's verbs: who may measure what, when, and what is left of it afterwards."""

import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from kit.booking import Booking
from kit.core.errors import BadInput, Conflict, KitError, NotAllowed, NotFound, Unavailable
from kit.core.ports import Meter
from kit.core.types import Actor, Job, MeterInfo
from kit.events import Event, Events, Subscription
from kit.experiments import results
from kit.experiments.bench import Bench, Meters
from kit.experiments.course import Course, calibration_of
from kit.experiments.subjects import SUBJECTS, Subject, Unit
from kit.experiments.watch import Watch
from kit.jobs import Jobs, Progress
from kit.library import Library
from kit.storage import Store
from kit.studio.lesson import Lesson

VERB = "measure"


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
        calibration = calibration_of(self._bench, info)
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

    # --- inside ---

    def _run(
        self,
        project_id: str,
        subject: Subject,
        mode: str,
        lesson: Callable[[Callable[[float], None]], Lesson],
        progress: Progress,
    ) -> dict[str, Any]:
        """The job."""

        def show(line: dict[str, Any]) -> None:
            self._trace = project_id, line
            self._events.publish(project_id, "power", line)

        course = Course(self._bench, self._store, project_id, subject, mode, show)
        with self.booking.hold(course.expected_s), self._watch.aside():
            try:
                log, accuracy = course.run(lesson, progress)
            finally:
                self._trace = None
            with self._lock:
                return {"result": self._shelf.add(project_id, log, subject, accuracy)}


def _subject(id: str) -> Subject:
    subject = SUBJECTS.get(id)
    if subject is None:
        raise NotFound("lab-subject-unknown", f"no experiment {id!r}")
    return subject
