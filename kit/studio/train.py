"""The second card, Train: a job that embeds what lacks, estimates, teaches, and keeps the model."""

import io
import json
import logging
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from kit import __version__
from kit.core.energy import Estimate
from kit.core.errors import Conflict, NotFound, Unavailable
from kit.core.evaluate import Check
from kit.core.gesture import MOST_HANDS
from kit.core.measure import stages_statistics
from kit.core.passport import (
    LabelData,
    MeasuredEnergy,
    Passport,
    ThresholdSource,
    TrainingData,
)
from kit.core.ports import Lane, Sense
from kit.core.sound import Hearing
from kit.core.types import Actor, Job, MeterLabel, Sample
from kit.formats.tflite import labels_txt
from kit.i18n import sentence
from kit.jobs import Progress
from kit.studio.answers import words_for
from kit.studio.desk import Desk
from kit.studio.embeddings import ProjectEmbeddings
from kit.studio.lesson import Lesson
from kit.studio.models import TrainedModel, in_words
from kit.teaching import Taught

_log = logging.getLogger(__name__)

EMBEDDED_AT = 0.5
"""Where the progress bar stands when every sample is embedded. Mostly they all were before."""
ENOUGH_TIMES = 20
"""Answers of the newest model from which its passport speaks of time; fewer would be chance."""


class TrainCard(Desk):
    """Training, and the models it leaves."""

    def train(self, actor: Actor) -> Job:
        """Begin training; while one is under way, that very job is given back.

        Raises:
            Conflict: "need-two-labels"; "label-empty", naming the label.
        """
        self._enter(actor)
        with self._lock:
            self._refuse_too_little()
            return self._parts.jobs.start(
                "train", self._train, project_id=self.id, space_id=self._project.space_id
            )

    def _refuse_too_little(self) -> None:
        shown = self._memory.shown
        if len(shown) < 2:
            raise Conflict("need-two-labels", f"{len(shown)} label(s)")
        for one in shown:
            if not one.samples:
                raise Conflict("label-empty", f"{one.label.name!r} is empty", label=one.label.name)

    def _train(self, progress: Progress) -> dict[str, Any]:
        with self._lock:
            self._refuse_too_little()
            sense, embedder = self._sense, self._embedder()
            views = sense.views(self._memory.samples, len(self._memory.shown))
        self._embed_missing(views, lambda part: progress(part * EMBEDDED_AT))
        with self._lock:
            self._refuse_another_sense(embedder)
            fingerprint = self._memory.fingerprint
            in_order = [shown.label for shown in self._memory.shown]
            lesson = self._lesson(sense, self._embeddings, views)
        words, samples = lesson.labels, lesson.samples
        number = 1 + max((number for number, _ in self._store.models(self.id)), default=0)
        taught = lesson.teach(
            lambda part: progress(EMBEDDED_AT + part * (1 - EMBEDDED_AT)), model_number=number
        )
        class_ids = set(taught.head.classes_.tolist())
        model = TrainedModel(
            number=number,
            head=taught.head,
            labels={label_id: name for label_id, name in words.items() if label_id in class_ids},
            check=taught.check,
            threshold=taught.threshold,
            training_ms=taught.training_ms,
            loss_curve=tuple(float(loss) for loss in taught.head.loss_curve_),
            taught_bursts=frozenset(sample.burst_id for sample in samples),
            fingerprint=fingerprint,
            trained_on=len(samples),
            embedder=embedder,
            data=_plain(TrainingData.of([la for la in in_order if la.id in class_ids], samples)),
        )
        progress.check()  # the last moment at which cancelling costs nothing
        with self._lock:
            if self._closed:
                raise NotFound("project-missing", f"no project {self.id!r}")
            self._refuse_another_sense(embedder)
            kept = self._store.add_model(self.id, model.record(), model.arrays())
            assert kept == number, "another training ran on this project"
            self._take_newest_model()
            self._check_what_came_meanwhile()
            self._times.clear()
            self._tell()
        return {"model": number}

    def lesson(self, actor: Actor, progress: Callable[[float], None]) -> Lesson:
        """What a training would learn from now, for whoever measures one.

        Raises:
            Conflict: as `train`.
            Unavailable: "pictures-not-embedded".
        """
        self._enter(actor)
        with self._lock:
            self._refuse_too_little()
            sense, embeddings = self._sense, self._embeddings
        return self._whole_lesson(sense, embeddings, progress)

    def _teach_with(
        self, sense: Sense, embeddings: ProjectEmbeddings, progress: Callable[[float], None]
    ) -> Taught:
        """What another sense would make of the same samples; only embeddings of it are kept."""
        lesson = self._whole_lesson(sense, embeddings, lambda part: progress(part * EMBEDDED_AT))
        return lesson.teach(lambda part: progress(EMBEDDED_AT + part * (1 - EMBEDDED_AT)))

    def _whole_lesson(
        self, sense: Sense, embeddings: ProjectEmbeddings, progress: Callable[[float], None]
    ) -> Lesson:
        """The samples as that sense has them, once those that lack are embedded."""
        with self._lock:
            views = sense.views(self._memory.samples, len(self._memory.shown))
        other = None if embeddings is self._embeddings else embeddings
        self._embed_missing(views, progress, other)
        with self._lock:
            return self._lesson(sense, embeddings, views)

    def _lesson(self, sense: Sense, embeddings: ProjectEmbeddings, views: int) -> Lesson:
        samples, rows = self._taught_with(embeddings, views)
        return Lesson(sense, samples, rows, self._memory.labels)

    def _refuse_another_sense(self, embedder: Mapping[str, object]) -> None:
        if self._embedder() != embedder:
            raise Conflict("sense-changed", "samples are told apart in another way by now")

    def _taught_with(
        self, embeddings: ProjectEmbeddings, views: int
    ) -> tuple[list[Sample], np.ndarray]:
        """The samples that have every view, oldest first, and their (v, n, d) embeddings."""
        of_view = [embeddings.all_kept(view) for view in range(views)]
        whole = set(of_view[0][0]).intersection(*(ids for ids, _ in of_view[1:]))
        samples = [sample for sample in self._store.samples(self.id) if sample.id in whole]
        if len(samples) < self._memory.samples:
            lacking = self._memory.samples - len(samples)
            _log.warning("%s: %d picture(s) could not be embedded", self.id, lacking)
            if {s.label_id for s in samples} != set(self._memory.labels):
                raise Unavailable("pictures-not-embedded", f"{lacking} lack", pictures=lacking)
        rows = [
            matrix[[place for place, id in enumerate(ids) if id in whole]]
            for ids, matrix in of_view
        ]
        return samples, np.array(rows)

    def _embed_missing(
        self,
        views: int = 1,
        done: Callable[[float], None] = lambda part: None,
        other: ProjectEmbeddings | None = None,
    ) -> None:
        """Embed every sample that lacks a view; what can be learnt of it is learnt.

        Args:
            views: how many.
            done: told 0..1 now and then.
            other: embed with another sense than the project's; then nothing is learnt.
        """
        embeddings = other or self._embeddings
        for view in range(views):
            have = set(embeddings.all_kept(view)[0])
            missing = [sample for sample in self._store.samples(self.id) if sample.id not in have]

            def dealt_with(count: int, view: int = view, of: int = len(missing)) -> None:
                done((view + count / of) / views)

            made = embeddings.make(missing, Lane.EVALUATION, view=view, done=dealt_with)
            for pair in made:
                if other is not None:
                    continue
                with self._lock:
                    if embeddings is not self._embeddings:
                        return  # another sense was chosen: its own job begins anew
                    if view == 0:
                        self._learn([pair])
            done((view + 1) / views)

    def _check_what_came_meanwhile(self) -> None:
        """Showings that began while the model was being taught check it, too."""
        assert self._model is not None
        for sample in self._store.samples(self.id):
            if sample.burst_id not in self._model.taught_bursts and sample.id not in self._unlearnt:
                embedding = self._embeddings.kept(sample)
                if embedding is not None:
                    self._check_with(sample, embedding)

    def _catch_up(self, progress: Progress) -> None:
        """The job that embeds what a power cut or another backbone left without embedding."""
        self._embed_missing(done=progress)
        self._tell()

    # --- export ---

    def export_model(self, actor: Actor, number: int, *, language: str = "en") -> bytes:
        """One model to run anywhere: a zip of model.tflite, labels.txt and passport.json.

        Labels bear the words that the page shows, whatever they were called at training.

        Args:
            actor: who asks.
            number: the model's.
            language: of the passport's sentences.

        Raises:
            NotFound: "model-not-kept".
            BadInput: "head-not-exportable".
            Unavailable: "export-needs-litert".
        """
        self._enter(actor)
        model = TrainedModel.from_store(self._store.model(self.id, number), self.id)
        sense = self._sense_that_made(model)
        with self._lock:
            words = words_for(model.class_ids, model.labels, self._memory.labels)
            passport = self._passport(model, sense, words)
        tflite = sense.export(
            model.head,
            description=f"{self._project.name}, model {number}, made with Mallette {__version__}",
        )
        names = [words[label_id] for label_id in model.class_ids]
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("model.tflite", tflite)
            archive.writestr("labels.txt", labels_txt(names))
            card = passport.to_json(lambda id, values: sentence(id, values, language))
            archive.writestr("passport.json", json.dumps(card, ensure_ascii=False, indent=1))
        return file.getvalue()

    def _sense_that_made(self, model: TrainedModel) -> Sense:
        """Whose embeddings a model was taught with: the project's own, or one chosen before.

        Raises:
            Unavailable: "model-of-another-backbone".
        """
        others: list[dict[str, Any]] = []
        if self._sense.hearing:
            others = [{"hearing": hearing} for hearing in Hearing]
        elif self._sense.hands:
            others = [{"hands": hands} for hands in range(1, MOST_HANDS + 1)]
        made = model.embedder["backbone_hash"], model.embedder["cut"]
        for option in [{}, *others]:
            sense = self._parts.sense_of(replace(self._project, **option))
            key = sense.key()
            if (key.backbone_hash, key.cut) == made:
                return sense
        raise Unavailable(
            "model-of-another-backbone",
            f"model {model.number} was made with {model.embedder['backbone_hash']}",
            backbone=model.embedder["backbone"],
        )

    def _passport(self, model: TrainedModel, sense: Sense, words: Mapping[str, str]) -> Passport:
        own = self._project.threshold
        is_newest = self._model is not None and self._model.number == model.number
        check: Check | None = self._check()
        if not is_newest:
            check = model.check and in_words(model.check, words)
        timed = is_newest and len(self._times) >= ENOUGH_TIMES
        source = ThresholdSource.HELD_OUT if model.check else ThresholdSource.DEFAULT
        return Passport(
            project=self._project.name,
            data=_data_of(model, words),
            head=model.head.name,
            model_number=model.number,
            backbone=model.embedder["backbone"],
            backbone_hash=model.embedder["backbone_hash"],
            input_size=sense.input_size,
            hearing=sense.hearing,
            hands=sense.hands,
            preparation_version=model.embedder["preparation_version"],
            runtime_version=model.embedder["runtime_version"],
            kit_version=__version__,
            threshold=model.threshold if own is None else own,
            threshold_source=source if own is None else ThresholdSource.PUPILS,
            check=check,
            latency=stages_statistics(list(self._times)) if timed else None,
            board=self._parts.board or None,
            training_ms=model.training_ms,
            energy=self._energy(model, "inference"),
            training_energy=self._energy(model, "training"),
        )

    def _energy(self, model: TrainedModel, unit: str) -> MeasuredEnergy | None:
        """What the lab measured of an answer, or a training, of a model made like this one."""
        row = self._parts.energy(self.id, model.embedder, model.head.name, unit)
        if not row:
            return None
        gross, marginal = (Estimate(**row["energy"][name]) for name in ("gross_mj", "marginal_mj"))
        label = MeterLabel(row["label"])
        return MeasuredEnergy(label, row["meter"], row["board"], row["pairs"], gross, marginal)


def _plain(data: TrainingData) -> dict[str, Any]:
    return {
        "labels": [asdict(label) for label in data.labels],
        "sources": dict(data.sources),
        "facets": {facet: dict(values) for facet, values in data.facets.items()},
    }


def _data_of(model: TrainedModel, words: Mapping[str, str]) -> TrainingData:
    data = model.data
    now = {then: words[label_id] for label_id, then in model.labels.items()}
    labels = tuple(LabelData(**{**label, "name": now[label["name"]]}) for label in data["labels"])
    return TrainingData(labels, data["sources"], data["facets"])
