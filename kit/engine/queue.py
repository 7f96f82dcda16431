"""Networks run for one at a time; everyone else waits in one of three lanes.

- *Captures* are never lost and go first, first come first served: a pupil's kept picture, or one
  picture that somebody asks about.
- *Live* frames: of each source (camera, microphone) only the newest waits. An older one that
  has not begun is dropped and its future cancelled: an answer about the past is worth nothing.
- *Evaluation* goes when nobody else waits, and at the latest after every fourth live frame, so that
  a slow board with a busy camera still finishes its training.

`run` takes any work that asks a network, whichever: sounds, hands, faces. `embed` is that of the
pictures' own backbone: it prepares the picture in the caller's thread (so that callers share that
work, and a waiting picture weighs 150 KB instead of a megabyte). Both give back a future. A lane
that is full makes its caller wait: memory stays bounded whatever is imported.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np

from kit.core import image
from kit.core.errors import KitError, Unavailable
from kit.core.ports import Given, Lane
from kit.core.types import Embedded
from kit.engine.runtime import Backbone

MOST_WAITING = 64
"""Of captures, and of evaluation's pictures: 10 MB each. Live frames: one."""
LIVE_BEFORE_EVALUATION = 4

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EngineStatistics:
    """What the engine has done so far, for the log, the tests and the self-test."""

    done: dict[Lane, int]
    overtaken: int
    """Live frames dropped for a newer one."""
    failed: int
    waiting: dict[Lane, int]


@dataclass(slots=True, eq=False)
class _Task:
    work: Callable[[float], Any]
    lane: Lane
    source: str
    asked_at: float
    future: "Future[Any]" = field(default_factory=Future)


class Engine:
    """The engine (`core.ports.Embedder`). Thread-safe. Its thread starts with it, so make it in the
    process that serves, never before a fork.

    Args:
        backbone: loaded; from now on the engine is its only caller.
    """

    def __init__(self, backbone: Backbone) -> None:
        self._backbone = backbone
        self.backbone = backbone.name
        self.backbone_hash = backbone.hash
        self.runtime_version = backbone.runtime_version
        self.input_size = backbone.input_size
        self.cut = backbone.cut
        self.dimensions = backbone.dimensions

        self._changed = threading.Condition()
        self._lanes: dict[Lane, deque[_Task]] = {lane: deque() for lane in Lane}
        self._live_since_evaluation = 0
        self._running = False
        self._done = dict.fromkeys(Lane, 0)
        self._overtaken = 0
        self._failed = 0
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="kit-engine", daemon=True)
        self._thread.start()

    def embed(
        self, pixels: np.ndarray, lane: Lane, *, view: int = 0, feature_map: bool = False
    ) -> "Future[Embedded]":
        """Embed one picture, or an augmented view of it, when its lane's turn comes.

        Args:
            pixels: (h, w, 3) uint8 RGB, upright; one that is already prepared passes untouched.
            lane: who waits. Two live callers overtake each other: only the camera's fan-out is one.
            view: which of `core.image.VIEWS` views of it; 0 is the picture itself.
            feature_map: whether to give the feature map too.

        Returns:
            A future of the result, which shows `stages_ms` for prepare, wait and invoke. It is
            cancelled when a live frame is overtaken; cancelling it oneself spares the work.

        Raises:
            ValueError: `pixels` is not a picture, or there is no such view.
            Unavailable: "engine-stopped".
        """
        started = perf_counter()
        prepared = image.view(image.prepare(pixels, self.input_size), view)
        prepare_ms = (perf_counter() - started) * 1000

        def work(wait_ms: float) -> Embedded:
            began = perf_counter()
            embedding = self._backbone.embed(prepared)
            invoke_ms = (perf_counter() - began) * 1000
            stages_ms = {"prepare": prepare_ms, "wait": wait_ms, "invoke": invoke_ms}
            found = self._backbone.feature_map() if feature_map else None
            return Embedded(embedding, found, stages_ms)

        return self.run(work, lane)

    def run(
        self, work: Callable[[float], Given], lane: Lane, *, source: str = "camera"
    ) -> "Future[Given]":
        """Run what asks a network, when its lane's turn comes.

        Args:
            work: given the milliseconds it waited. Nothing else runs a network meanwhile.
            lane: who waits.
            source: of what is live; there is one caller for each.

        Returns:
            A future of what it gives or raises. It is cancelled when newer live work of the same
            source overtook it; cancelling it oneself spares the work.

        Raises:
            Unavailable: "engine-stopped".
        """
        task = _Task(work, lane, source, perf_counter())
        overtaken = None
        with self._changed:
            waiting = self._lanes[lane]
            if lane is Lane.LIVE:
                overtaken = next((one for one in waiting if one.source == source), None)
                if overtaken is not None:
                    waiting.remove(overtaken)
            elif threading.current_thread() is not self._thread:  # its callbacks may ask for more
                self._changed.wait_for(lambda: len(waiting) < MOST_WAITING or self._closing)
            if self._closing:
                raise _stopped()
            at_once = lane is Lane.CAPTURE and not self._running and not any(self._lanes.values())
            if at_once:
                self._running = True
            else:
                waiting.append(task)
                self._changed.notify_all()
            self._overtaken += overtaken is not None
        if at_once:
            self._carry_out(task)
        if overtaken is not None:
            overtaken.future.cancel()
            overtaken.future.set_running_or_notify_cancel()
        return task.future

    def statistics(self) -> EngineStatistics:
        """Counts since the start."""
        with self._changed:
            waiting = {lane: len(tasks) for lane, tasks in self._lanes.items()}
            return EngineStatistics(dict(self._done), self._overtaken, self._failed, waiting)

    def close(self) -> None:
        """Finish the captures that wait, refuse the rest, end the thread. Safe to call twice."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        while (task := self._next()) is not None:
            self._carry_out(task)
        self._refuse_the_rest()

    def _carry_out(self, task: _Task) -> None:
        """Run one task in this thread, which holds the engine: `_running` is true, and is set back
        before anyone hears of the result, so that whoever is told may ask for the next at once.
        """
        given: Any = None
        trouble: Exception | None = None
        wanted = task.future.set_running_or_notify_cancel()
        if wanted:
            try:
                given = task.work((perf_counter() - task.asked_at) * 1000)
            except KitError as error:  # whoever asked has a word for it: a model file, no hand
                trouble = error
            except Exception as error:
                _log.exception("a sample could not be embedded")
                trouble = error
        with self._changed:
            self._running = False
            self._done[task.lane] += wanted and trouble is None
            self._failed += trouble is not None
            self._changed.notify_all()
        if trouble is not None:
            task.future.set_exception(trouble)
        elif wanted:
            task.future.set_result(given)

    def _next(self) -> _Task | None:
        """Wait for the next task; None once closing and no capture waits."""
        captures, live, evaluation = (self._lanes[lane] for lane in Lane)
        with self._changed:
            self._changed.wait_for(
                lambda: not self._running and (captures or live or evaluation or self._closing)
            )
            if captures:
                task = captures.popleft()
            elif self._closing:
                return None
            elif live and not (
                evaluation and self._live_since_evaluation >= LIVE_BEFORE_EVALUATION
            ):
                task = live.popleft()
                self._live_since_evaluation += 1
            else:
                task = evaluation.popleft()
                self._live_since_evaluation = 0
            self._running = True
            self._changed.notify_all()  # a caller may be waiting for room
            return task

    def _refuse_the_rest(self) -> None:
        with self._changed:
            rest = [task for tasks in self._lanes.values() for task in tasks]
            for tasks in self._lanes.values():
                tasks.clear()
        for task in rest:
            if task.future.set_running_or_notify_cancel():
                task.future.set_exception(_stopped())


def _stopped() -> Unavailable:
    return Unavailable("engine-stopped", "the engine was closed")
