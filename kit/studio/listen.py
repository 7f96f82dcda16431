"""Check, for who shows sounds: live listening, the two ways of hearing compared, false alarms."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import monotonic
from typing import Any

import numpy as np

from kit.codecs.sound import LONG_S, decode_sound
from kit.core import shapes
from kit.core.errors import BadInput, Conflict, NotFound, Unavailable
from kit.core.listening import Listening, false_alarms, windows
from kit.core.ports import Asked, HeardSecond, Lane
from kit.core.sound import SAMPLE_RATE_HZ, Hearing
from kit.core.types import Actor, Embedded, Job, Media, Prediction
from kit.jobs import Progress
from kit.studio.answers import Answering
from kit.studio.check import ANSWER_WAIT_S, FRAME_WAIT_S, CheckCard
from kit.studio.embeddings import ProjectEmbeddings
from kit.studio.train import TrainCard

ASKED_S = 2.0
"""Of the microphone, when somebody asks what was just said."""
LEAST_BACKGROUND_S, MOST_BACKGROUND_S = 10.0, 60.0
"""From the microphone. The kit does one long work at a time: a class waits no longer than this;
a longer recording comes as a file."""


class ListenCard(CheckCard, TrainCard):
    """What only projects of sounds have."""

    _listening: tuple[frozenset[str], Listening] | None = None
    _last_heard: dict[str, Any] | None = None

    # --- live ---

    def predict_microphone(self, actor: Actor) -> Prediction:
        """The answer to what the kit's microphone has just heard.

        Raises:
            Conflict: "nothing-learnt-yet".
            BadInput: "microphone-not-wanted": no sounds are told apart here.
            Unavailable: no microphone.
        """
        self._enter(actor)
        self._refuse_what_is_not_heard()
        return self._predict(self._of_microphone)

    def _of_microphone(self) -> tuple[Asked, int]:
        feed = self._microphone()
        chunk = feed.newest(ASKED_S, timeout_s=FRAME_WAIT_S)
        if chunk is None:
            status = feed.status()
            raise Unavailable(status.message_id or "microphone-missing", status.reason)
        return self._sense.read_raw(chunk.samples), chunk.sequence

    def _refuse_what_is_not_heard(self) -> None:
        if self._sense.media is not Media.SOUND:
            raise BadInput("microphone-not-wanted", f"a project of kind {self._sense.kind}")

    def _on_second(self, second: HeardSecond, embedded: Embedded | None) -> None:
        publish = self._parts.events.publish
        publish(self.id, "sound", shapes.sound(second))
        answering = self._answering  # one read: a model that takes over does so between seconds
        if answering is None or embedded is None:
            return
        since_ms = (monotonic() - second.at_s) * 1000.0
        read_ms = max(0.0, since_ms - sum(embedded.stages_ms.values()))
        stages_ms = {"read": read_ms, **embedded.stages_ms}
        raw = answering.answer(embedded.embedding, stages_ms, second.sequence)
        self._times.append(dict(raw.stages_ms))
        shape = self._judged(raw, answering, second)
        publish(self.id, "prediction", shape)

    def _judged(self, raw: Prediction, answering: Answering, second: HeardSecond) -> dict[str, Any]:
        """An answer in the light of the last ones, and what was last heard for sure."""
        listening = self._listener(answering)
        judged = listening.hear(raw.confidences, second.at_s, threshold=answering.threshold)
        smoothed = replace(
            raw,
            label=judged.label,
            known=judged.known,
            confidence=judged.confidence,
            confidences=judged.confidences,
        )
        shape = shapes.prediction(smoothed, answering.label_ids)
        if judged.heard:
            heard = {name: shape[name] for name in ("label", "label_id", "sequence")}
            self._last_heard = heard
        return {**shape, "heard": judged.heard, "last_heard": self._last_heard}

    def _listener(self, answering: Answering) -> Listening:
        background = self._background(answering)
        if self._listening is None or self._listening[0] != background:
            self._listening = background, Listening(background)
        return self._listening[1]

    def _background(self, answering: Answering) -> frozenset[str]:
        """Words of the labels that stand for the room: they are never *heard*."""
        nothing = {one.label.id for one in self._memory.shown if one.label.is_nothing}
        return frozenset(answering.names[id] for id in nothing if id in answering.names)

    # --- words or sounds ---

    def compare_hearing(self, actor: Actor) -> Job:
        """Begin to check both ways of hearing on the project's own clips.

        Returns:
            The job; its result is `{"words", "sounds"}`, each a check's summary, or None where
            nothing could be held out.

        Raises:
            BadInput: "microphone-not-wanted".
            Conflict: "need-two-labels"; "label-empty".
        """
        self._enter(actor)
        self._refuse_what_is_not_heard()
        with self._lock:
            self._refuse_too_little()
            return self._parts.jobs.start(
                "compare-hearing",
                self._compare,
                project_id=self.id,
                space_id=self._project.space_id,
            )

    def _compare(self, progress: Progress) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for place, hearing in enumerate(Hearing):
            project = replace(self._project, hearing=hearing)
            sense = self._parts.sense_of(project)
            embeddings = ProjectEmbeddings(self._store, sense, self.id)

            def say(part: float, before: int = place) -> None:
                progress((before + part) / len(Hearing))

            taught = self._teach_with(sense, embeddings, say)
            check = taught.check
            found[hearing.value] = check and check.summary(taught.threshold)
        return found

    # --- false alarms ---

    def false_alarms(self, actor: Actor, data: bytes) -> Job:
        """Begin to count what is heard in a recording in which nobody says any of the labels.

        Nothing of the recording is kept.

        Args:
            actor: who asks.
            data: a sound file of ten seconds to ten minutes.

        Returns:
            The job; its result is `{"minutes", "alarms", "per_hour", "low", "high", "latency_ms",
            "labels"}`: the rate with its 95 % interval, and which labels were heard how often.

        Raises:
            BadInput: "microphone-not-wanted"; "background-too-short"; what the decoder refuses.
            Conflict: "nothing-learnt-yet".
        """
        self._enter(actor)
        self._refuse_what_is_not_heard()
        self._ready()
        waveform = decode_sound(data, longest_s=LONG_S).waveform
        _refuse_short(len(waveform) / SAMPLE_RATE_HZ)
        return self._count_alarms(lambda progress: waveform)

    def false_alarms_here(self, actor: Actor, seconds: float) -> Job:
        """The same of so many seconds of the room, 10 to 60, by the kit's microphone.

        Raises:
            BadInput: "microphone-not-wanted"; "background-too-short"; "background-too-long".
            Conflict: "nothing-learnt-yet"; "microphone-taken".
            Unavailable: no microphone.
        """
        self._enter(actor)
        self._refuse_what_is_not_heard()
        self._ready()
        _refuse_short(seconds)
        if seconds > MOST_BACKGROUND_S:
            most_s = int(MOST_BACKGROUND_S)
            raise BadInput("background-too-long", f"{seconds} s", most_s=most_s)
        feed = self._microphone()
        taken_by = feed.status().taken_by
        if taken_by is not None:
            raise Conflict("microphone-taken", f"{taken_by} records", animal=taken_by)

        def record(progress: Progress) -> np.ndarray:
            def stop() -> bool:
                progress.check()
                return False

            heard = feed.record(seconds, self._project.space_id, stop=stop)
            _refuse_short(len(heard.waveform) / SAMPLE_RATE_HZ)
            return heard.waveform

        return self._count_alarms(record)

    def _count_alarms(self, get: Callable[[Progress], np.ndarray]) -> Job:
        def work(progress: Progress) -> dict[str, Any]:
            return self._alarms(get(progress), progress)

        return self._parts.jobs.start(
            "false-alarms", work, project_id=self.id, space_id=self._project.space_id
        )

    def _alarms(self, waveform: np.ndarray, progress: Progress) -> dict[str, Any]:
        answering, sense = self._ready(), self._sense
        listening = Listening(self._background(answering))
        heard: Counter[str] = Counter()
        times_ms: list[float] = []
        length_s = len(waveform) / SAMPLE_RATE_HZ
        for window in windows(waveform):
            progress(window.end_s / length_s)
            asked = sense.read_raw(window.samples)
            embedded = sense.embed(asked, Lane.EVALUATION).result(ANSWER_WAIT_S)
            stages_ms = {**asked.stages_ms, **embedded.stages_ms, "wait": 0.0}
            answer = answering.answer(embedded.embedding, stages_ms)
            times_ms.append(answer.latency_ms)
            told = listening.hear(answer.confidences, window.end_s, threshold=answering.threshold)
            if told.heard:
                heard[told.label] += 1
        if self._closed:
            raise NotFound("project-missing", f"no project {self.id!r}")
        rate = false_alarms(heard.total(), length_s)
        return {
            "minutes": round(rate.minutes, 2),
            "alarms": heard.total(),
            "per_hour": rate.value,
            "low": rate.low,
            "high": rate.high,
            "latency_ms": round(median(times_ms), 3),
            "labels": dict(heard),
        }


def _refuse_short(seconds: float) -> None:
    if seconds < LEAST_BACKGROUND_S:
        least_s = int(LEAST_BACKGROUND_S)
        raise BadInput("background-too-short", f"{seconds:.1f} s", least_s=least_s)
