"""The third card, Check: answers, and how good they are on what was shown anew."""

from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kit.core import shapes
from kit.core.errors import BadInput, Conflict, NotFound, Unavailable
from kit.core.evaluate import Check
from kit.core.explain import class_activation_map, most_similar
from kit.core.heads import Head, to_features
from kit.core.image import centre_square
from kit.core.ports import Asked, HeardSecond, Lane, Looked
from kit.core.types import Actor, Embedded, Frame, Media, Prediction, Sample
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

    def predict_file(self, actor: Actor, data: bytes) -> Prediction:
        """The answer to one picture or sound, as the project is; nothing of it is kept.

        Raises:
            Conflict: "nothing-learnt-yet".
            BadInput: a file that cannot be read; "no-hand".
        """
        self._enter(actor)
        return self._predict(lambda: self._of_bytes(data))

    def predict_camera(self, actor: Actor) -> Prediction:
        """The answer to what the kit's camera sees now.

        Raises:
            Conflict: "nothing-learnt-yet".
            BadInput: "camera-not-wanted": sounds are told apart; "no-hand".
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

    def explain_file(self, actor: Actor, data: bytes) -> Explanation:
        """What counted in the answer to a file. Raises as `predict_file`."""
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
                self._unwatch = self._watch()

    def _live_left(self) -> None:
        with self._lock:
            self._live -= 1
            unwatch = None
            if self._live <= 0:
                unwatch, self._unwatch = self._unwatch, None
        if unwatch is not None:
            unwatch()  # outside the lock: it may wait for a frame that is being answered

    def _watch(self) -> Callable[[], None]:
        if self._sense.media is Media.SOUND:
            sounds = self._parts.sounds
            return sounds.watch(self._on_second, self._sense) if sounds else lambda: None
        return self._parts.fanout.watch(self._on_frame, self._sense)

    def _on_second(self, second: HeardSecond, embedded: Embedded | None) -> None:
        raise NotImplementedError

    def _watch_anew(self) -> None:
        """After another sense was chosen: whoever watches live goes on with that one."""
        with self._lock:
            before = self._unwatch
            if before is not None:
                self._unwatch = self._watch()
        if before is not None:
            before()

    def _on_frame(self, frame: Frame, looked: Looked) -> None:
        # One read of each: a model or a sense that takes over does so between two frames.
        answering, sense = self._answering, self._sense
        embedded = sense.of_look(looked)
        hands = self._hands_shown(frame, looked) if sense.hands else {}
        if answering is None or embedded is None:
            if sense.hands:
                news = {"sequence": frame.sequence, **hands}
                self._parts.events.publish(self.id, "hands", news)
            return
        stages_ms = {"read": frame.read_ms, **embedded.stages_ms}
        prediction = answering.answer(embedded.embedding, stages_ms, frame.sequence)
        self._times.append(dict(prediction.stages_ms))
        shape = shapes.prediction(prediction, answering.label_ids)
        self._parts.events.publish(self.id, "prediction", {**shape, **hands})

    def _hands_shown(self, frame: Frame, looked: Looked) -> dict[str, Any]:
        mirrored = self._parts.feed.status().settings.mirror
        height, width = frame.pixels.shape[:2]
        hands = looked.hands[: self._sense.hands]
        return {"hands": [shapes.hand(hand, width, height, mirrored) for hand in hands]}

    def hands_in_file(self, actor: Actor, data: bytes) -> list[dict[str, Any]]:
        """The hands in one picture, before there is anything to tell apart; nothing is kept.

        Returns:
            As `shapes.hand` has them; none where no hand is found.

        Raises:
            BadInput: a file that cannot be read; "hands-not-wanted": no gestures are told apart.
        """
        self._enter(actor)
        sense = self._sense
        if not sense.hands:
            raise BadInput("hands-not-wanted", f"hands in a project of kind {sense.kind}")
        try:
            return self._hands_in(sense.read(data))
        except BadInput as error:
            if error.id != "no-hand":
                raise
            return []

    # --- inside ---

    @staticmethod
    def _hands_in(asked: Asked) -> list[dict[str, Any]]:
        height, width = asked.shape
        return [shapes.hand(hand, width, height, mirrored=False) for hand in asked.hands]

    def _of_bytes(self, data: bytes) -> tuple[Asked, int]:
        return self._sense.read(data), 0

    def _of_camera(self) -> tuple[Asked, int]:
        if self._sense.media is Media.SOUND:
            raise BadInput("camera-not-wanted", "a camera where sounds are told apart")
        frame = self._parts.feed.newest(timeout_s=FRAME_WAIT_S)
        if frame is None:
            status = self._parts.feed.status()
            raise Unavailable(status.message_id or "camera-missing", status.reason)
        asked = self._sense.read_raw(frame.pixels)
        stages_ms = {"read": frame.read_ms, **asked.stages_ms}
        return replace(asked, stages_ms=stages_ms), frame.sequence

    def _of_sample(self, sample_id: str) -> tuple[Asked, int]:
        if not self._own([sample_id]):
            raise NotFound("sample-missing", f"no sample {sample_id!r}")
        sample = self._store.sample(sample_id)
        return self._of_bytes(self._store.media(self.id, sample.media_hash))

    def _ready(self) -> Answering:
        answering = self._answering
        if answering is None:
            raise Conflict("nothing-learnt-yet", "fewer than two labels were shown")
        return answering

    def _embed_asked(self, asked: Asked, feature_map: bool = False) -> Embedded:
        future = self._sense.embed(asked, Lane.CAPTURE, feature_map=feature_map)
        try:
            return future.result(ANSWER_WAIT_S)
        except (FutureTimeout, CancelledError) as error:
            future.cancel()
            raise Unavailable("engine-busy", "the engine did not answer in time") from error

    def _predict(self, get: Callable[[], tuple[Asked, int]]) -> Prediction:
        answering = self._ready()
        asked, sequence = get()
        embedded = self._embed_asked(asked)
        stages_ms = _stages(asked, embedded)
        prediction = answering.answer(embedded.embedding, stages_ms, sequence)
        self._times.append(dict(prediction.stages_ms))
        return replace(prediction, hands=tuple(self._hands_in(asked)))

    def _explain(
        self, get: Callable[[], tuple[Asked, int]], sample_id: str | None = None
    ) -> Explanation:
        answering = self._ready()
        asked, sequence = get()
        embedded = self._embed_asked(asked, feature_map=True)
        stages_ms = _stages(asked, embedded)
        prediction = answering.answer(embedded.embedding, stages_ms, sequence)
        ids, matrix = self._embeddings.all_kept()
        itself = ids.index(sample_id) if sample_id in ids else None
        similar = most_similar(embedded.embedding, matrix, leave_out=itself)
        height, width = asked.shape
        top, left, side = centre_square(height, width)
        return Explanation(
            prediction=prediction,
            heat=_heat(answering, embedded, prediction),
            similar=tuple((self._store.sample(ids[place]), cosine) for place, cosine in similar),
            square=Square(left / width, top / height, side / width, side / height),
        )


def _stages(asked: Asked, embedded: Embedded) -> dict[str, float]:
    """What an answer took so far, in walking order; a wait for hands and one for a network add."""
    stages_ms = dict(asked.stages_ms)
    for stage, ms in embedded.stages_ms.items():
        stages_ms[stage] = stages_ms.get(stage, 0.0) + ms
    return stages_ms


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
