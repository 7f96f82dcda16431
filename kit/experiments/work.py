"""The work itself, ready to run again and again: an answer, a training, a burst, live answers.

    prepare -> embeddings at that size and cut -> the project's own check -> a walk, one unit

Whatever can be done before the first unit is done before it, and is not measured.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Any

import numpy as np

from kit.codecs.picture import decode_for_model, decode_picture, store_pixels
from kit.core import image
from kit.core.errors import BadInput, Conflict
from kit.core.evaluate import Check, Checked, left_out_in_turn
from kit.core.heads import Head, training_views
from kit.core.ports import Asked, CameraFeed, Lane, Sense, WaitingClock
from kit.core.types import Kind, Sample
from kit.experiments.bench import Bench, Runner
from kit.experiments.eyes import Eyes
from kit.experiments.subjects import HEADS, SIZES, USUAL, WHOLE, Subject, Unit
from kit.lab import Walk
from kit.storage import NewSample, Store
from kit.studio.bursts import EVERY_S
from kit.studio.lesson import Lesson

SHOWN_IN_TURN = 16
"""Stored pictures that an answer is measured on."""
PAUSE_S = 0.1
"""How long "nothing at all" is."""
LIVE_S = 1.0
STORED_PER_S = 10
"""How many stored pictures a second stand in for a camera that is not there."""
CAMERA_WITHIN_S = 5.0
FRAME_WITHIN_S = 0.5
TRY_EVERY_S = 0.1
ANSWER_WITHIN_S = 30.0
SCRATCH = "scratch"


def _nothing() -> None:
    """Rest."""


@dataclass(frozen=True)
class Work:
    """What is measured, ready to run, with what is known of it.

    Attributes:
        walk: one unit.
        rest: called now and then while the kit does nothing, to keep things as they are.
        check: how right it is, or None: nothing could be held out.
        runner: the network in it, or None.
        samples: pictures that it was taught with, or is measured on.
        notes: what else the log must say.
        away: puts everything away.
    """

    walk: Walk
    rest: Callable[[], None] = _nothing
    check: Check | None = None
    runner: Runner | None = None
    samples: int = 0
    notes: dict[str, Any] = field(default_factory=dict)
    away: Callable[[], None] = _nothing

    def about(self, subject: Subject) -> dict[str, Any]:
        """For the log's header; no word that a pupil typed."""
        told: dict[str, Any] = {"workload": subject.id, "threads": 1, **self.notes}
        if self.runner is not None:
            told |= {
                "threads": self.runner.threads,
                "backbone": self.runner.name,
                "backbone_hash": self.runner.hash,
                "input_size": self.runner.input_size,
                "cut": self.runner.cut,
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


def prepare(
    bench: Bench,
    store: Store,
    project_id: str,
    subject: Subject,
    lesson: Callable[[Callable[[float], None]], Lesson],
    progress: Callable[[float], None],
) -> Work:
    """Make a subject ready.

    Args:
        bench: clock and networks.
        store: where the samples are.
        project_id: whose.
        subject: what is measured.
        lesson: what a training of the project would learn from; asked where no picture is.
        progress: told 0..1 now and then.

    Raises:
        Conflict: "need-two-labels", "lab-one-processor".
        Unavailable: the model is missing; the disk is full.
    """
    if subject.unit is Unit.PAUSE:
        return _pause(bench)
    if subject.input_size is None:
        found = lesson(lambda part: progress(0.6 * part))
        return _of_lesson(bench, store, project_id, subject, found, progress)
    threads = _processors(bench) if subject.all_processors else 1
    runner = bench.runner(subject.input_size, cut=subject.cut, threads=threads)
    if subject.unit is Unit.PICTURE:
        return _burst(bench, store, project_id, runner)
    taught = _Taught.of(bench, store, project_id, runner, subject, progress)
    check = taught.check(progress)
    progress(0.95)
    if subject.unit is Unit.TRAINING:

        def train() -> dict[str, float]:
            taught.head()
            return {}

        return Work(train, check=check, runner=runner, samples=len(taught.samples))
    head, pictures = taught.head(), cycle(taught.pictures(store, project_id))
    if subject.unit is Unit.SECOND:
        return _live(bench, pictures, runner, head, check, len(taught.samples))
    walk = answer(pictures, runner, head, bench.clock)
    return Work(walk, check=check, runner=runner, samples=len(taught.samples))


def answer(pictures: Iterator[bytes], runner: Runner, head: Head, clock: WaitingClock) -> Walk:
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
        return _stages(("decode", "prepare", "invoke", "head"), times)

    return walk


def _of_lesson(
    bench: Bench,
    store: Store,
    project_id: str,
    subject: Subject,
    lesson: Lesson,
    progress: Callable[[float], None],
) -> Work:
    """An answer to a clip or a sign, or a training on them: as the lesson itself does it.

    The sense's own network answers, in the engine's thread, which nobody else uses meanwhile.
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
        return _stages(("read", "embed", "head"), times)

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


def _stages(names: Sequence[str], times: Sequence[float]) -> dict[str, float]:
    """Stage -> milliseconds between two times."""
    return {
        stage: (end - begin) * 1000
        for stage, begin, end in zip(names, times, times[1:], strict=False)
    }


def bare_answer(bench: Bench) -> Walk:
    """The network alone on an empty picture: enough to hear what else the processor does."""
    runner = bench.runner(SIZES[0], cut=WHOLE, threads=1)
    empty = np.zeros((SIZES[0], SIZES[0], 3), np.uint8)

    def walk() -> dict[str, float]:
        runner.embed(empty)
        return {}

    return walk


def _processors(bench: Bench) -> int:
    processors = int(bench.describe().get("processors") or 1)
    if processors < 2:
        raise Conflict("lab-one-processor", "this machine says it has one processor")
    return processors


def _pause(bench: Bench) -> Work:
    def pause() -> dict[str, float]:
        bench.clock.sleep(PAUSE_S)
        return {}

    return Work(pause)


@dataclass(frozen=True)
class _Taught:
    """A project's pictures as one network at one size sees them.

    Attributes:
        subject: which.
        samples: n of them.
        views: (v, n, d) float32, view 0 the plain pictures, as `teaching` has them.
        looks: (n, d) by which near copies are told: of the whole network at full size, so that all
            points of the dial are checked with the same pictures held out. To a network that ends
            early all pictures look alike.
        labels: label id -> name.
    """

    subject: Subject
    samples: Sequence[Sample]
    views: np.ndarray
    looks: np.ndarray
    labels: Mapping[str, str]

    @classmethod
    def of(
        cls,
        bench: Bench,
        store: Store,
        project_id: str,
        runner: Runner,
        subject: Subject,
        progress: Callable[[float], None],
    ) -> "_Taught":
        """Embed what lacks, as training does: each picture, and its turned view where few are."""
        samples = store.samples(project_id)
        labels = {label.id: label.name for label in store.labels(project_id)}
        shown = len({sample.label_id for sample in samples})
        views = training_views(len(samples), shown, image.VIEWS) if subject.head == USUAL else 1
        whole = bench.runner(SIZES[0], cut=WHOLE, threads=1)
        wanted = [(runner, view) for view in range(views)] + [(whole, 0)]
        kept = []
        for place, (network, view) in enumerate(wanted):
            eyes = Eyes(store, project_id, network)
            have = set(eyes.kept(view)[0])
            missing = [sample for sample in samples if sample.id not in have]
            for done in eyes.look(missing, view):
                progress(0.6 * (place + done / len(missing)) / len(wanted))
            kept.append(eyes.kept(view))
        everywhere = set(kept[0][0]).intersection(*(ids for ids, _ in kept[1:]))
        in_order = [sample for sample in samples if sample.id in everywhere]
        found = {sample.label_id for sample in in_order}
        if len(found) < 2:
            raise Conflict("need-two-labels", "fewer than two labels could be embedded")
        rows = []
        for ids, matrix in kept:
            row_of = {id: row for row, id in enumerate(ids)}
            rows.append(matrix[[row_of[sample.id] for sample in in_order]])
        return cls(
            subject,
            in_order,
            np.array(rows[:-1]),
            rows[-1],
            {id: name for id, name in labels.items() if id in found},
        )

    def head(self, rows: np.ndarray | slice = slice(None)) -> Head:
        """One taught as in a training: with all views, where its kind takes several."""
        assert self.subject.head is not None
        ids = np.array([sample.label_id for sample in self.samples])[rows]
        pictures = self.views[:, rows].reshape(-1, self.views.shape[-1])
        return HEADS[self.subject.head]().fit(pictures, np.tile(ids, len(self.views)).tolist())

    def check(self, progress: Callable[[float], None]) -> Check | None:
        """Each showing left out in turn, at this size and with this head."""
        turns = 0

        def asked(teaching: np.ndarray, checking: np.ndarray) -> tuple[np.ndarray, list[str]]:
            nonlocal turns
            turns += 1
            progress(0.9 - 0.3 * 0.7**turns)
            head = self.head(teaching)
            return head.predict_proba(self.views[0][checking]), head.classes_.tolist()

        return left_out_in_turn(
            [Checked(s.id, s.label_id, s.burst_id, s.facets) for s in self.samples],
            asked,
            labels=self.labels,
            model_number=0,
            embeddings=self.looks,
        )

    def pictures(self, store: Store, project_id: str) -> list[bytes]:
        """Some stored ones, of all labels."""
        step = max(1, len(self.samples) // SHOWN_IN_TURN)
        some = self.samples[::step][:SHOWN_IN_TURN]
        return [store.media(project_id, sample.media_hash) for sample in some]


def _live(
    bench: Bench,
    pictures: Iterator[bytes],
    runner: Runner,
    head: Head,
    check: Check | None,
    samples: int,
) -> Work:
    """A second of answers as a page shows them live: as many as the camera gives pictures.

    The camera stays on while the kit rests, too, so its own power is in neither.
    """
    clock, feed = bench.clock, bench.feed
    has_camera = feed is not None and feed.newest(timeout_s=CAMERA_WITHIN_S) is not None
    frames = _camera_frames(feed) if feed is not None and has_camera else None
    notes: dict[str, Any] = {"frames": "camera" if frames else "stored", "answers": 0, "seconds": 0}

    def from_camera() -> bool:
        assert frames is not None and feed is not None
        frame = next(frames)
        if frame is None:
            return False
        feed.preview()  # what the screens are sent
        _answer_pixels(frame.pixels, runner, head)
        return True

    def from_store(begin_s: float, done: int) -> bool:
        _answer_pixels(decode_for_model(next(pictures), runner.input_size), runner, head)
        next_s = begin_s + (done + 1) * LIVE_S / STORED_PER_S
        clock.sleep(max(0.0, next_s - clock.monotonic_s()))
        return True

    def walk() -> dict[str, float]:
        begin_s, done = clock.monotonic_s(), 0
        while clock.monotonic_s() - begin_s < LIVE_S:
            done += from_camera() if frames else from_store(begin_s, done)
        notes["answers"] += done
        notes["seconds"] += 1
        return {}

    def rest() -> None:
        if frames and feed is not None:
            feed.newest(timeout_s=0.0)  # watched, it stays on

    return Work(walk, rest, check, runner, samples, notes)


def _camera_frames(feed: CameraFeed) -> Iterator[Any]:
    last = -1
    while True:
        frame = feed.newest(after=last, timeout_s=FRAME_WITHIN_S)
        last = last if frame is None else frame.sequence
        yield frame


def _answer_pixels(pixels: np.ndarray, runner: Runner, head: Head) -> None:
    embedding = runner.embed(image.prepare(pixels, runner.input_size))
    head.predict_proba(embedding[np.newaxis])


def _burst(bench: Bench, store: Store, project_id: str, runner: Runner) -> Work:
    """One picture of a burst, at a burst's pace: made a JPEG, kept for good, embedded and kept.

    Kept in a store of its own on the same disk, which goes afterwards. The camera's own power is
    in neither kind of block.
    """
    samples = store.samples(project_id)
    if not samples:
        raise Conflict("need-two-labels", "no picture to take")
    pixels = decode_picture(store.media(project_id, samples[0].media_hash)).copy()
    folder = store.lab_folder(project_id) / SCRATCH
    shutil.rmtree(folder, ignore_errors=True)
    scratch = Store.open(folder)
    place = scratch.add_project(scratch.add_space("lab").id, "lab", Kind.IMAGE).id
    label = scratch.add_label(place, "lab").id
    eyes = Eyes(scratch, place, runner)
    clock, numbers = bench.clock, count()
    due_s = clock.monotonic_s()

    def walk() -> dict[str, float]:
        nonlocal due_s
        clock.sleep(max(0.0, due_s - clock.monotonic_s()))
        due_s = max(due_s, clock.monotonic_s() - EVERY_S / 2) + EVERY_S
        number = next(numbers)
        pixels[0, 0] = number % 256, number // 256 % 256, number // 65536 % 256  # no two alike
        times = [clock.monotonic_s()]
        stored = store_pixels(pixels)
        times.append(clock.monotonic_s())
        new = NewSample(label, "lab", stored.bytes, stored.width, stored.height, "kit camera")
        [kept] = scratch.add_samples(place, [new])
        times.append(clock.monotonic_s())
        eyes.keep(kept, stored.bytes)
        times.append(clock.monotonic_s())
        return _stages(("encode", "keep", "embed"), times)

    def away() -> None:
        scratch.close()
        shutil.rmtree(folder, ignore_errors=True)

    return Work(walk, runner=runner, away=away)
