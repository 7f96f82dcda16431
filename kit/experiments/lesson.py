"""The walk of sounds and gestures: an answer or a training, as the project's own lesson does it.

The sense's own network answers, in the engine's thread, which nobody else uses meanwhile.
"""

from collections.abc import Callable
from itertools import cycle

import numpy as np

from kit.core.errors import BadInput, Conflict
from kit.core.ports import Asked, Lane, Sense
from kit.experiments.bench import Bench
from kit.experiments.subjects import Subject, Unit
from kit.experiments.work import CAMERA_WITHIN_S, FRAME_WITHIN_S, SHOWN_IN_TURN, Work, stages
from kit.storage import Store
from kit.studio.lesson import Lesson

TRY_EVERY_S = 0.1
ANSWER_WITHIN_S = 30.0


def of_lesson(
    bench: Bench,
    store: Store,
    project_id: str,
    subject: Subject,
    lesson: Lesson,
    progress: Callable[[float], None],
) -> Work:
    """An answer to a clip or a sign, or a training on them.

    Raises:
        Conflict: "lab-show-a-hand".
    """
    sense, clock = lesson.sense, bench.clock
    taught = lesson.teach(lambda part: progress(0.6 + 0.3 * part))
    key = sense.key()
    notes = {
        "backbone": sense.backbone,
        "backbone_hash": key.backbone_hash,
        "input_size": key.input_size,
        "cut": key.cut,
        "runtime": key.runtime_version,
        "head": subject.head,
        "samples": len(lesson.samples),
    }

    def train() -> dict[str, float]:
        lesson.fit()
        return {}

    if subject.unit is Unit.TRAINING:
        return Work(train, check=taught.check, notes=notes)
    asked_next = _questions(bench, store, project_id, lesson)

    def answer() -> dict[str, float]:
        times = [clock.monotonic_s()]
        asked = asked_next()
        times.append(clock.monotonic_s())
        embedding = sense.embed(asked, Lane.CAPTURE).result(ANSWER_WITHIN_S).embedding
        times.append(clock.monotonic_s())
        taught.head.predict_proba(embedding[np.newaxis])
        times.append(clock.monotonic_s())
        return stages(("read", "embed", "head"), times)

    return Work(answer, check=taught.check, notes=notes)


def _questions(bench: Bench, store: Store, project_id: str, lesson: Lesson) -> Callable[[], Asked]:
    """What is asked, read anew each time: kept clips, or the sign that the camera sees now.

    Of a sign only points are kept, and finding them is most of an answer.

    Raises:
        Conflict: "lab-show-a-hand".
    """
    sense = lesson.sense
    if not sense.hands:
        step = max(1, len(lesson.samples) // SHOWN_IN_TURN)
        some = lesson.samples[::step][:SHOWN_IN_TURN]
        shown = cycle([store.media(project_id, sample.media_hash) for sample in some])
        return lambda: sense.read(next(shown))
    pixels = _with_a_hand(bench, sense)
    bench.hush()  # the camera's own power is in neither kind of block
    return lambda: sense.read_raw(pixels)


def _with_a_hand(bench: Bench, sense: Sense) -> np.ndarray:
    """A frame of the kit's camera on which the sense finds a hand; it is kept nowhere."""
    until_s = bench.clock.monotonic_s() + CAMERA_WITHIN_S
    last = -1
    while bench.feed is not None and bench.clock.monotonic_s() < until_s:
        frame = bench.feed.newest(after=last, timeout_s=FRAME_WITHIN_S)
        if frame is None:
            bench.clock.sleep(TRY_EVERY_S)
            continue
        last = frame.sequence
        try:
            sense.read_raw(frame.pixels)
            return frame.pixels
        except BadInput:
            continue
    raise Conflict("lab-show-a-hand", "the camera sees no hand")
