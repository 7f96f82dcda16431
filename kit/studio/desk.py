"""What every card leans on: the project in memory, who may enter, and the state as it is told.

The lock guards the memory *and* the order of telling: a state with a higher number was made later.
It is held while a change is written, so that what is told is on the disk; never while the engine,
the camera or a job is waited for.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from kit.core import shapes
from kit.core.advice import Advice, LabelFacts, advise
from kit.core.errors import NotFound, Unavailable
from kit.core.evaluate import Check, Checked, outcomes_of
from kit.core.heads import NearestClassMean, head_from_state
from kit.core.ports import CameraFeed, LiveFanout, LiveSounds, MicrophoneFeed, Sense
from kit.core.threshold import default_threshold
from kit.core.types import Actor, JobState, Label, ModelRef, ProjectInfo, Sample
from kit.events import Event, Events
from kit.jobs import Jobs
from kit.storage import Store
from kit.studio.answers import Answering, words_for
from kit.studio.bursts import Burst
from kit.studio.embeddings import ProjectEmbeddings
from kit.studio.memory import Memory
from kit.studio.models import TrainedModel, in_words
from kit.studio.second_showing import SecondShowing

_log = logging.getLogger(__name__)

LOOKED_AT_FOR_COPIES = 24
"""Newest pictures of a label compared for "all alike": one burst's worth, at no great cost."""

TIMES_KEPT = 200
"""Answers whose stage times the exported model's passport speaks of."""


@dataclass(frozen=True)
class Parts:
    """What a studio is handed; it looks for none of it.

    Attributes:
        sense_of: what a project's samples are to the kit, by its kind and options.
        board: the machine's name, for the passport.
        removed: told a project's id when something of it was marked removed.
        energy: a project, what made a model's embeddings, its head's name and "inference" or
            "training" -> what the lab measured of one like that (`Experiments.energy_of`), for the
            passport; None where it measured nothing.
        microphone: as many may hear it; None on a kit that has none.
        sounds: what is heard live, listened to once for all.
        working: entered while a burst is taken (`Booking.work`), so that no measurement hears it.
    """

    store: Store
    sense_of: Callable[[ProjectInfo], Sense]
    feed: CameraFeed
    fanout: LiveFanout
    jobs: Jobs
    events: Events
    microphone: MicrophoneFeed | None = None
    sounds: LiveSounds | None = None
    board: str = ""
    removed: Callable[[str, int], None] = field(default=lambda project_id, mark: None)
    energy: Callable[[str, Mapping[str, Any], str, str], dict[str, Any] | None] = field(
        default=lambda project_id, embedder, head, unit: None
    )
    working: Callable[[str], AbstractContextManager[None]] = field(
        default=lambda word: nullcontext()
    )


class Desk:
    """One open project. Thread-safe.

    Args:
        project_id: of a project that is there; opening it costs O(samples), once.
        parts: what it works with.

    Raises:
        NotFound: "project-missing".
    """

    def __init__(self, project_id: str, parts: Parts) -> None:
        self.id = project_id
        self._store = parts.store
        self._parts = parts
        self._lock = threading.RLock()
        self._closed = False
        self._burst: Burst | None = None
        self._last_burst: shapes.BurstShape | None = None
        self._times: deque[dict[str, float]] = deque(maxlen=TIMES_KEPT)
        self._live = 0
        self._unwatch: Callable[[], None] | None = None

        self._project = self._store.project(project_id)
        samples = self._store.samples(project_id)
        self._memory = Memory(self._store.labels(project_id), samples, self._newest_of)
        self._sit_down(samples)

    def _sit_down(self, samples: Sequence[Sample]) -> None:
        """Begin with the sense that was chosen: whatever rests on embeddings begins anew."""
        self._sense = self._parts.sense_of(self._project)
        self._embeddings = ProjectEmbeddings(self._store, self._sense, self.id)
        self._instant = NearestClassMean(transform=self._sense.transform)
        self._looks: dict[str, deque[np.ndarray]] = {}
        # Samples that no head has met yet: just kept, or their embedding was lost with the power.
        self._unlearnt: dict[str, Sample] = {sample.id: sample for sample in samples}
        self._model: TrainedModel | None = None
        self._second = SecondShowing(0)
        self._estimate: tuple[tuple, dict[str, Any] | None] | None = None
        self._answering: Answering | None = None
        self._advice: list[Advice] = []
        self._take_newest_model()
        ids, matrix = self._embeddings.all_kept()
        self._learn(zip((self._unlearnt[id] for id in ids), matrix, strict=True))
        self._settle()

    # --- who may enter ---

    def _enter(self, actor: Actor) -> None:
        """Refuse a stranger exactly as one is refused who asks for a project that is not there."""
        if self._closed or not actor.may_enter(self._project.space_id):
            raise NotFound("project-missing", f"no project {self.id!r}")

    def _label(self, label_id: str) -> Label:
        label = self._memory.label(label_id)
        if label is None:
            raise NotFound("label-missing", f"no label {label_id!r}")
        return label

    def _microphone(self) -> MicrophoneFeed:
        if self._parts.microphone is None:
            raise Unavailable("microphone-none", "this kit was put together without a microphone")
        return self._parts.microphone

    def _own(self, sample_ids: Iterable[str]) -> list[str]:
        """Those ids that name samples of this project: another project's are nobody's here."""
        return [id for id in sample_ids if id.rpartition("-s")[0] == self.id]

    # --- what was learnt ---

    def _learn(self, pairs: Iterable[tuple[Sample, np.ndarray]]) -> None:
        """The heads meet samples whose embedding is there; those that went meanwhile are passed."""
        for sample, embedding in pairs:
            sample = self._unlearnt.pop(sample.id, None)
            if sample is None:
                continue
            self._instant.partial_fit(embedding, sample.label_id)
            looks = self._looks.setdefault(sample.label_id, deque(maxlen=LOOKED_AT_FOR_COPIES))
            looks.append(embedding)
            self._check_with(sample, embedding)

    def _forget(self, samples: Iterable[Sample]) -> None:
        """The heads forget samples: removed, or on their way to another label."""
        for sample in samples:
            self._second.take_off(sample.id)
            if self._unlearnt.pop(sample.id, None) is not None:
                continue
            embedding = self._embeddings.kept(sample)
            if embedding is not None:
                self._instant.forget(embedding, sample.label_id)

    def _meet(self, samples: Sequence[Sample]) -> None:
        """Samples came, came back or changed label: counted, and learnt where they can be."""
        self._memory.add(samples)
        self._unlearnt |= {sample.id: sample for sample in samples}
        kept = [(sample, self._embeddings.kept(sample)) for sample in samples]
        self._learn((sample, embedding) for sample, embedding in kept if embedding is not None)

    def _check_with(self, sample: Sample, embedding: np.ndarray) -> None:
        """A picture of a showing that the model was not taught with checks it, at once."""
        model = self._model
        if model is None or sample.burst_id in model.taught_bursts:
            return
        probabilities = model.head.predict_proba(embedding[np.newaxis])
        checked = Checked(sample.id, sample.label_id, sample.burst_id, sample.facets)
        [outcome] = outcomes_of([checked], probabilities, model.class_ids)
        self._second.add(outcome)

    def _take_newest_model(self) -> None:
        """The last model that knows this sense's embeddings; later showings check it."""
        models, embedder = self._store.models(self.id), self._embedder()
        self._second, self._model = SecondShowing(0), None
        known = [number for number, record in models if record["embedder"] == embedder]
        self._stranger = None if known or not models else models[-1][1]["embedder"]
        if known:
            self._second = SecondShowing(known[-1])
            kept = self._store.model(self.id, known[-1])
            self._model = TrainedModel.from_store(kept, self.id)

    def _embedder(self) -> dict[str, object]:
        key = self._embeddings.key()
        return {
            "backbone": self._sense.backbone,
            "backbone_hash": key.backbone_hash,
            "input_size": key.input_size,
            "cut": key.cut,
            "preparation_version": key.preparation_version,
            "runtime_version": key.runtime_version,
        }

    def _settle(self) -> None:
        """After any change: who answers now, and what would help most."""
        self._answering = self._who_answers()
        self._advice = self._about_the_model() + advise(
            [
                LabelFacts(
                    label_id=shown.label.id,
                    name=shown.label.name,
                    samples=shown.samples,
                    bursts=len(shown.bursts),
                    is_nothing=shown.label.is_nothing,
                    # While samples stream in, nobody reads; compared once the burst is over.
                    embeddings=None if self._burst else self._newest_looks(shown.label.id),
                )
                for shown in self._memory.shown
            ]
        )

    def _about_the_model(self) -> list[Advice]:
        """Why the newest model does not answer, where it does not."""
        if self._stranger is None:
            return []
        own = self._embedder()
        if self._sense.hearing and self._stranger["backbone"] != own["backbone"]:
            return [Advice("advice-model-of-other-hearing")]
        if self._sense.hands and self._stranger["cut"] != own["cut"]:
            return [Advice("advice-model-of-other-hands")]
        return [Advice("advice-model-of-another-backbone")]

    def _newest_looks(self, label_id: str) -> np.ndarray | None:
        looks = self._looks.get(label_id)
        # A word said twice by one voice is as near as a copy: of that nothing can be said.
        return np.array(looks) if looks and self._sense.near_copies else None

    def _who_answers(self) -> Answering | None:
        now = self._memory.labels
        pupils_own = self._project.threshold
        if (model := self._model) is not None:
            threshold = model.threshold if pupils_own is None else pupils_own
            words = words_for(model.class_ids, model.labels, now)
            ref = self._ref(model.number, model.head.name)
            return Answering(model.head, tuple(model.class_ids), words, threshold, ref)
        if not self._instant.ready:
            return None
        class_ids = self._instant.classes_.tolist()
        # A copy: the live thread asks it while the next picture is learnt.
        frozen = head_from_state(self._instant.state())
        threshold = default_threshold(len(class_ids)) if pupils_own is None else pupils_own
        words = words_for(class_ids, {}, now)
        return Answering(frozen, tuple(class_ids), words, threshold, self._ref(0, frozen.name))

    def _ref(self, number: int, head: str) -> ModelRef:
        sense = self._sense
        return ModelRef(
            self.id, self._project.space_id, number, head, sense.backbone, sense.backbone_hash
        )

    # --- the check ---

    def _check(self) -> Check | None:
        """The second showing where there is one, else the estimate made while training."""
        model = self._model
        if model is None:
            return None
        now = self._memory.labels
        if len(self._second):
            return self._second.check(self._checked_labels(model), now)
        check = model.check
        if check is None:
            return None
        return in_words(check, words_for(model.class_ids, model.labels, now))

    def _checked_labels(self, model: TrainedModel) -> dict[str, str]:
        """The project's labels, then those that went and that the model still answers with."""
        now = self._memory.labels
        return now | words_for(model.class_ids, model.labels, now)

    def _check_summary(self) -> dict[str, Any] | None:
        """The check's figures; what is shown just now is counted as it comes."""
        model, answering = self._model, self._answering
        if model is None or answering is None:
            return None
        if len(self._second):
            labels, now = self._checked_labels(model), self._memory.labels
            return self._second.summary(labels, now, answering.threshold)
        # The estimate is a whole list and never changes: counted once for each threshold and word.
        key = (model.number, answering.threshold, tuple(self._memory.labels.items()))
        if self._estimate is None or self._estimate[0] != key:
            check = self._check()
            self._estimate = key, check and check.summary(answering.threshold)
        return self._estimate[1]

    # --- the state, told ---

    def _newest_of(self, label_id: str) -> list[Sample]:
        return self._store.samples(self.id, label_id, limit=8)

    def _snapshot(self) -> Event:
        with self._lock:
            seq = self._parts.events.next_seq()
            return Event(seq, "state", self._state(seq))

    def _tell(self) -> None:
        """Settle, and tell the pages if any listens."""
        with self._lock:
            self._settle()
            if self._parts.events.listeners(self.id):
                event = self._snapshot()
                self._parts.events.publish(self.id, "state", event.data, seq=event.seq)

    def _notice(self, id: str, **values: object) -> None:
        self._parts.events.publish(self.id, "notice", {"id": id, "values": values})

    def _state(self, seq: int) -> shapes.ProjectState:
        memory, answering = self._memory, self._answering
        project = replace(self._project, labels=len(memory.shown), samples=memory.samples)
        return {
            "seq": seq,
            "project": shapes.project(project),
            "labels": [
                {
                    **shapes.label(shown.label),
                    "samples": shown.samples,
                    "bursts": len(shown.bursts),
                    "thumbs": [{"id": sample_id} for sample_id in shown.newest],
                }
                for shown in memory.shown
            ],
            "burst": self._burst_shape(self._burst),
            "can_answer": answering is not None,
            "model": self._model_shape(),
            "check": self._check_summary(),
            "advice": [_advice_shape(advice) for advice in self._advice],
            "job": self._job_shape(),
        }

    def _burst_shape(self, burst: Burst | None) -> shapes.BurstShape | None:
        if burst is None:
            return None
        return {
            "id": burst.id,
            "label_id": burst.label_id,
            "samples": burst.samples,
            "without_hand": burst.without_hand,
        }

    def _model_shape(self) -> shapes.ModelShape | None:
        model = self._model
        if model is None:
            return None
        now = self._memory.labels
        return {
            "ref": shapes.model_ref(self._ref(model.number, model.head.name)),
            "stale": model.fingerprint != self._memory.fingerprint,
            "trained_on": model.trained_on,
            "training_ms": model.training_ms,
            "loss_curve": list(model.loss_curve),
            "threshold": model.threshold,
            "exportable": model.head.exportable,
            "trained_labels": [now.get(id, name) for id, name in model.labels.items()],
        }

    def _job_shape(self) -> dict | None:
        """The job that runs, or the one that did not end well: a page that wakes must hear it."""
        job = self._parts.jobs.newest(self.id)
        if job is None or job.state in (JobState.DONE, JobState.CANCELLED):
            return None
        return shapes.job(job)


def _advice_shape(advice: Advice) -> shapes.AdviceShape:
    shape: shapes.AdviceShape = {"id": advice.id, "values": dict(advice.values)}
    return shape | {"label_id": advice.label_id} if advice.label_id else shape
