"""The walk of pictures: an answer, a training, a burst, live answers, at any size and cut.

The lab's own networks look at them, in the caller's thread.
"""

import shutil
from collections.abc import Callable, Iterator
from itertools import count, cycle
from typing import Any

import numpy as np

from kit.codecs.picture import decode_for_model, decode_picture, store_pixels
from kit.core import image
from kit.core.errors import Conflict
from kit.core.evaluate import Check
from kit.core.heads import Head
from kit.core.ports import CameraFeed, WaitingClock
from kit.core.types import Kind
from kit.experiments.bench import Bench, Runner
from kit.experiments.eyes import Eyes
from kit.experiments.subjects import SIZES, WHOLE, Subject, Unit
from kit.experiments.taught import Taught
from kit.experiments.work import CAMERA_WITHIN_S, FRAME_WITHIN_S, Work, stages
from kit.lab import Walk
from kit.storage import NewSample, Store
from kit.studio.bursts import EVERY_S

LIVE_S = 1.0
STORED_PER_S = 10
"""How many stored pictures a second stand in for a camera that is not there."""
SCRATCH = "scratch"


def of_pictures(
    bench: Bench,
    store: Store,
    project_id: str,
    subject: Subject,
    progress: Callable[[float], None],
) -> Work:
    """An answer to a picture, a training, a burst or live answers, at the subject's size and cut.

    Raises:
        Conflict: "need-two-labels", "lab-one-processor".
        Unavailable: the model is missing; the disk is full.
    """
    assert subject.input_size is not None
    threads = _processors(bench) if subject.all_processors else 1
    runner = bench.runner(subject.input_size, cut=subject.cut, threads=threads)
    if subject.unit is Unit.PICTURE:
        return _burst(bench, store, project_id, runner)
    taught = Taught.of(bench, store, project_id, runner, subject, progress)
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
        return stages(("decode", "prepare", "invoke", "head"), times)

    return walk


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
        return stages(("encode", "keep", "embed"), times)

    def away() -> None:
        scratch.close()
        shutil.rmtree(folder, ignore_errors=True)

    return Work(walk, runner=runner, away=away)
