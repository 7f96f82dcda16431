"""The third card, Check: answers, and how good they are on what was shown anew."""

from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from kit.codecs.picture import decode_for_model
from kit.core import shapes
from kit.core.errors import BadInput, Conflict, NotFound, Unavailable
from kit.core.evaluate import Check
from kit.core.explain import class_activation_map, most_similar
from kit.core.heads import Head, to_features
from kit.core.image import centre_square
from kit.core.ports import Lane
from kit.core.types import Actor, Embedded, Frame, Prediction, Sample
from kit.events import Subscription
from kit.studio.answers import Answering
from kit.studio.desk import Desk

ANSWER_WAIT_S = 30.0
"""For one picture somebody asks about; captures of a whole class may be before it."""
FRAME_WAIT_S = 5.0
"""For the camera's next frame; one that was off needs some two seconds."""


@dataclass(frozen=True, slots=True)
class Square:
    """The part of a picture that counts, in fractions of its width and height."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Explanation:
    """What counted in one answer.

    Attributes:
        prediction: the answer.
        heat: (h, w) float32 in 0..1 over the square: evidence for the answer; None where this
            kind of head has no map.
        similar: the most similar samples with their cosine, the nearest first.
        square: where the map lies on the picture.
    """

    prediction: Prediction
    heat: np.ndarray | None
    similar: tuple[tuple[Sample, float], ...]
    square: Square


@dataclass(frozen=True)
class _Asked:
    """A picture that somebody asks about: how it is got, in pixels, and what that took."""

    pixels: np.ndarray
    stages_ms: dict[str, float]
    sequence: int = 0


class CheckCard(Desk):
    """Answers: checked, live, one picture, and what counted in it."""

    # --- the honest check ---

    def check(self, actor: Actor) -> Check:
        """The second showing where there is one, else the estimate made while training.

        Raises:
            NotFound: "not-checked-yet".
        """
        self._enter(actor)
        with self._lock:
            found = self._check()
        if found is None:
            raise NotFound("not-checked-yet", "nothing was held out yet")
        return found

    def confusion_cell(
        self, actor: Actor, label_id: str, predicted_id: str
    ) -> list[tuple[Sample, float]]:
        """The pictures behind one cell of the confusion matrix, with the answer's confidence.

        Pictures that were removed since are left out.

        Raises:
            NotFound: "not-checked-yet".
        """
        there = []
        for outcome in self.check(actor).cell(label_id, predicted_id):
            try:
                there.append((self._store.sample(outcome.sample_id), outcome.confidence))
            except NotFound:
                continue
        return there

    def set_threshold(self, actor: Actor, value: float | None) -> float | None:
        """Set "not sure enough" by hand, 0..1; None gives it back to the model.

        Raises:
            BadInput: "threshold-out-of-range".
        """
        self._enter(actor)
        if value is not None and not 0.0 <= value <= 1.0:
            raise BadInput("threshold-out-of-range", f"threshold {value!r}")
        with self._lock:
            self._project = self._store.change_project(self.id, threshold=value)
            self._tell()
        return value

    # --- answers ---

    def predict_picture(self, actor: Actor, data: bytes) -> Prediction:
        """The answer to one picture file; nothing of it is kept.

        Raises:
            Conflict: "nothing-learnt-yet".
            BadInput: a picture that cannot be read.
        """
        self._enter(actor)
        return self._predict(lambda: self._of_bytes(data))

    def predict_camera(self, actor: Actor) -> Prediction:
        """The answer to what the kit's camera sees now.

        Raises:
            Conflict: "nothing-learnt-yet".
            Unavailable: no camera.
        """
        self._enter(actor)
        return self._predict(self._of_camera)

    def predict_sample(self, actor: Actor, sample_id: str) -> Prediction:
        """The answer to a kept sample.

        Raises:
            NotFound: "sample-missing".
            Conflict: "nothing-learnt-yet".
        """
        self._enter(actor)
        return self._predict(lambda: self._of_sample(sample_id))

    def explain_picture(self, actor: Actor, data: bytes) -> Explanation:
        """What counted in the answer to a picture file. Raises as `predict_picture`."""
        self._enter(actor)
        return self._explain(lambda: self._of_bytes(data))

    def explain_camera(self, actor: Actor) -> Explanation:
        """What counts in what the camera sees now. Raises as `predict_camera`."""
        self._enter(actor)
        return self._explain(self._of_camera)

    def explain_sample(self, actor: Actor, sample_id: str) -> Explanation:
        """What counted in the answer to a sample. Raises as `predict_sample`."""
        self._enter(actor)
        return self._explain(lambda: self._of_sample(sample_id), sample_id)

    # --- news ---

    def subscribe(self, actor: Actor, *, live: bool = False) -> Subscription:
        """The project's news, a snapshot first; with `live`, answers to the camera's frames too.

        While somebody listens live, the camera is on and each frame is embedded once for all.
        """
        self._enter(actor)
        if live:
            self._live_came()  # before the box: closing it, at any moment, undoes this
        return self._parts.events.subscribe(
            self.id, self._snapshot, when_closed=self._live_left if live else None
        )

    def _live_came(self) -> None:
        with self._lock:
            self._live += 1
            if self._unwatch is None:
                self._unwatch = self._parts.fanout.watch(self._on_frame)

    def _live_left(self) -> None:
        with self._lock:
            self._live -= 1
            unwatch = None
            if self._live <= 0:
                unwatch, self._unwatch = self._unwatch, None
        if unwatch is not None:
            unwatch()  # outside the lock: it may wait for a frame that is being answered

    def _on_frame(self, frame: Frame, embedded: Embedded) -> None:
        answering = self._answering  # one read: a model that takes over does so between frames
        if answering is None:
            return
        stages_ms = {"read": frame.read_ms, **embedded.stages_ms}
        prediction = answering.answer(embedded.embedding, stages_ms, frame.sequence)
        self._times.append(dict(prediction.stages_ms))
        shape = shapes.prediction(prediction, answering.label_ids)
        self._parts.events.publish(self.id, "prediction", shape)

    # --- inside ---

    def _of_bytes(self, data: bytes) -> _Asked:
        began = perf_counter()
        pixels = decode_for_model(data, self._engine.input_size)
        return _Asked(pixels, {"decode": (perf_counter() - began) * 1000.0})

    def _of_camera(self) -> _Asked:
        frame = self._parts.feed.newest(timeout_s=FRAME_WAIT_S)
        if frame is None:
            status = self._parts.feed.status()
            raise Unavailable(status.message_id or "camera-missing", status.reason)
        return _Asked(frame.pixels, {"read": frame.read_ms}, frame.sequence)

    def _of_sample(self, sample_id: str) -> _Asked:
        if not self._own([sample_id]):
            raise NotFound("sample-missing", f"no sample {sample_id!r}")
        sample = self._store.sample(sample_id)
        return self._of_bytes(self._store.media(self.id, sample.media_hash))

    def _ready(self) -> Answering:
        answering = self._answering
        if answering is None:
            raise Conflict("nothing-learnt-yet", "fewer than two labels were shown")
        return answering

    def _embed_asked(self, asked: _Asked, feature_map: bool = False) -> Embedded:
        future = self._engine.embed(asked.pixels, Lane.CAPTURE, feature_map=feature_map)
        try:
            return future.result(ANSWER_WAIT_S)
        except (FutureTimeout, CancelledError) as error:
            future.cancel()
            raise Unavailable("engine-busy", "the engine did not answer in time") from error

    def _predict(self, get: Callable[[], _Asked]) -> Prediction:
        answering = self._ready()
        asked = get()
        embedded = self._embed_asked(asked)
        stages_ms = {**asked.stages_ms, **embedded.stages_ms}
        prediction = answering.answer(embedded.embedding, stages_ms, asked.sequence)
        self._times.append(dict(prediction.stages_ms))
        return prediction

    def _explain(self, get: Callable[[], _Asked], sample_id: str | None = None) -> Explanation:
        answering = self._ready()
        asked = get()
        embedded = self._embed_asked(asked, feature_map=True)
        stages_ms = {**asked.stages_ms, **embedded.stages_ms}
        prediction = answering.answer(embedded.embedding, stages_ms, asked.sequence)
        ids, matrix = self._embeddings.all_kept()
        itself = ids.index(sample_id) if sample_id in ids else None
        similar = most_similar(embedded.embedding, matrix, leave_out=itself)
        height, width = asked.pixels.shape[:2]
        top, left, side = centre_square(height, width)
        return Explanation(
            prediction=prediction,
            heat=_heat(answering, embedded, prediction),
            similar=tuple((self._store.sample(ids[place]), cosine) for place, cosine in similar),
            square=Square(left / width, top / height, side / width, side / height),
        )


def _heat(answering: Answering, embedded: Embedded, prediction: Prediction) -> np.ndarray | None:
    head = answering.head
    if embedded.feature_map is None or not isinstance(head, Head) or not head.exportable:
        return None  # neighbours vote as a whole: there is no layer to spread over the picture
    class_id = answering.label_ids[prediction.label]
    features = to_features(embedded.embedding[np.newaxis], head.transform)[0]
    return class_activation_map(
        embedded.feature_map,
        features,
        head.linear().weights,
        list(answering.class_ids).index(class_id),
    ).heat
