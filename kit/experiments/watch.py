"""The meter, for looking at: a live line while nothing is measured, and a measurement's own line.

    Watch        reads the meter as long as somebody has a lab page open; stands aside to measure
    Overheard    a measurement's meter, whose stream is also shown

Only for looking: figures come from a measurement's raw log. Off the hot path: where a meter needs
asking, a process of its own asks it, and with nobody looking nothing runs.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from kit.core.errors import KitError, Unavailable
from kit.core.ports import Meter
from kit.core.power_trace import PowerTrace
from kit.core.types import Mark, MeterInfo, Reading

LOOK_EVERY_S = 0.5
TRY_AGAIN_S = 5.0
"""How soon a meter that does not answer, or went away, is asked again."""

_log = logging.getLogger(__name__)

Open = Callable[[], tuple[Meter, MeterInfo, Callable[[float], float]]]
"""Opens the meter: what it is, and its calibration. Raises `Unavailable`."""


class Overheard:
    """A meter (`core.ports.Meter`) whose stream is also shown.

    Args:
        meter: the one that measures.
        trace: what is shown of it.
        changed: called after each change of `trace`; with True where it must be shown at once.
    """

    def __init__(self, meter: Meter, trace: PowerTrace, changed: Callable[[bool], None]) -> None:
        self.name = meter.name
        self._meter, self._trace, self._changed = meter, trace, changed
        self.stop, self.close = meter.stop, meter.close

    def open(self) -> MeterInfo:
        """As the meter."""
        with self._losses():
            return self._meter.open()

    def start(self) -> None:
        """As the meter."""
        with self._losses():
            self._meter.start()

    def mark(self, text: str) -> None:
        """As the meter."""
        with self._losses():
            self._meter.mark(text)

    def take(self) -> list[Reading | Mark]:
        """What arrived, shown on the way."""
        with self._losses():
            events = self._meter.take()
        self._trace.hear(events)
        self._changed(False)
        return events

    @contextmanager
    def _losses(self) -> Iterator[None]:
        """It may be noticed by any verb that the meter went away: the pupils are told."""
        try:
            yield
        except Unavailable:
            self._trace.lose()
            self._changed(True)
            raise


class Watch:
    """The live line. Thread-safe; its thread lives while somebody looks.

    Args:
        open_meter: asked when somebody begins to look.
        busy_with: what the kit is doing, in words that may be marks, or was since asked before.
        show: called with the line's shape for each of the projects whose lab is looked at.
    """

    def __init__(
        self,
        open_meter: Open,
        busy_with: Callable[[], set[str]],
        show: Callable[[str, dict[str, Any]], None],
    ) -> None:
        self._open_meter, self._busy_with, self._show = open_meter, busy_with, show
        self._meter_is_mine = threading.Lock()
        self._changed = threading.Condition()
        # Under `_changed`:
        self._lookers: list[str] = []
        self._thread: threading.Thread | None = None
        # Under `_meter_is_mine`:
        self._meter: Meter | None = None
        self._trace: PowerTrace | None = None
        self._doing: set[str] = set()
        self._told: dict[str, Any] | None = None

    def look(self, project_id: str) -> Callable[[], None]:
        """Show the line to a project's lab page until the result is called, once or more."""
        with self._changed:
            self._lookers.append(project_id)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="power-line", daemon=True)
                self._thread.start()
        left = False

        def leave() -> None:
            nonlocal left
            with self._changed:
                if not left and project_id in self._lookers:  # `close` sends everybody away
                    self._lookers.remove(project_id)
                    self._changed.notify_all()
                left = True

        return leave

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let go of the meter while the block runs: somebody else wants it."""
        with self._meter_is_mine:
            self._let_go()
            yield

    def close(self) -> None:
        """Nobody looks any more; the meter is let go before this returns."""
        with self._changed:
            self._lookers.clear()
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        rest_s = 0.0
        while self._goes_on(rest_s):
            rest_s = LOOK_EVERY_S
            if not self._meter_is_mine.acquire(blocking=False):
                continue
            try:
                self._read()
            except KitError as trouble:
                _log.info("no live power line: %s", trouble)
                self._let_go(lost=True)
                rest_s = TRY_AGAIN_S
            except Exception:
                _log.exception("the live power line broke off")
                self._let_go()
                rest_s = TRY_AGAIN_S
            finally:
                self._meter_is_mine.release()

    def _goes_on(self, rest_s: float) -> bool:
        """Rest; whether anybody looks. If not, the meter and the thread are given up."""
        with self._changed:
            self._changed.wait_for(lambda: not self._lookers, rest_s)
            if self._lookers:
                return True
            if self._meter_is_mine.acquire(blocking=False):  # else `aside` has let go already
                self._let_go()
                self._meter_is_mine.release()
            self._thread = None
            return False

    def _read(self) -> None:
        if self._meter is None:
            meter, info, apply = self._open_meter()
            self._meter, self._trace = meter, PowerTrace(info, apply)
            meter.start()
        assert self._trace is not None
        self._mark(self._busy_with())
        self._trace.hear(self._meter.take())
        self._told = self._trace.shape()
        self._tell()

    def _mark(self, doing: set[str]) -> None:
        """What began and what ended since the last look stands in the meter's own stream."""
        assert self._meter is not None
        for word in sorted(self._doing - doing):
            self._meter.mark(f"{word}-end")
        for word in sorted(doing - self._doing):
            self._meter.mark(f"{word}-begin")
        self._doing = doing

    def _tell(self) -> None:
        with self._changed:
            lookers = set(self._lookers)
        for project_id in lookers:
            if self._told is not None:
                self._show(project_id, self._told)

    def _let_go(self, *, lost: bool = False) -> None:
        meter, self._meter = self._meter, None
        self._trace, self._doing = None, set()
        if meter is not None:
            meter.close()
        if lost and self._told is not None:
            self._told = self._told | {"lost": True}
            self._tell()
        self._told = None
