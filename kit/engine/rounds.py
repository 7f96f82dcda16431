"""One thread for any number of watchers, alive while somebody watches.

What camera and microphone have in common: the newest is looked at, what was found is handed round,
and the next is asked for only then. So a slow board shows fewer answers and never old ones.
Watchers run in that thread one after the other: they hand on and return. One that raises is dropped
and logged, and the others go on.
"""

import itertools
import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Generic, TypeVar

TIMEOUT_S = 0.5
"""For the next frame or sound; how soon the last watcher's leaving is noticed."""
_PAUSE_AFTER_TROUBLE_S = 1.0

Watching = TypeVar("Watching")
"""What a watcher looks with."""

_log = logging.getLogger(__name__)


class Rounds(ABC, Generic[Watching]):
    """The watchers and their thread. Thread-safe.

    Args:
        name: of the thread.
        may_go_on: waits at most so many seconds while there should be silence; says whether it is
            over. Nobody asks for anything meanwhile, so the device rests, too.
    """

    def __init__(
        self, name: str, may_go_on: Callable[[float], bool] = lambda timeout_s: True
    ) -> None:
        self._name = name
        self._may_go_on = may_go_on
        self._changed = threading.Condition()
        self._watchers: dict[int, tuple[Callable[..., None], Watching]] = {}
        self._tickets = itertools.count()
        self._thread: threading.Thread | None = None
        self._closed = False

    @abstractmethod
    def _round(self) -> None:
        """Wait at most `TIMEOUT_S` for something new, look at it, and hand it round."""

    def watch(self, watcher: Callable[..., None], sense: Watching) -> Callable[[], None]:
        """Call `watcher` with whatever is new from now on.

        Args:
            watcher: called in the thread of the rounds.
            sense: what it looks with.

        Returns:
            Call it to stop, from any thread, as often as one likes. What is being handed round may
            still arrive.
        """
        with self._changed:
            ticket = next(self._tickets)
            self._watchers[ticket] = watcher, sense
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
        return lambda: self._stop(ticket)

    def close(self) -> None:
        """Drop all watchers and end the thread. Safe to call twice."""
        with self._changed:
            self._closed = True
            self._watchers.clear()
            self._changed.notify_all()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _stop(self, ticket: int) -> None:
        with self._changed:
            self._watchers.pop(ticket, None)
            self._changed.notify_all()

    def _run(self) -> None:
        while self._goes_on():
            if self._may_go_on(TIMEOUT_S):
                self._round()

    def _goes_on(self) -> bool:
        """Whether anybody watches; if not, the thread is given up in the same breath."""
        with self._changed:
            if not self._watchers:
                self._thread = None
            return bool(self._watchers)

    def _senses(self) -> list[Watching]:
        with self._changed:
            return [sense for _, sense in self._watchers.values()]

    def _hand_round(self, told: Callable[[Watching], tuple | None]) -> None:
        """Call every watcher with what there is for its sense; None: nothing for that one."""
        with self._changed:
            watchers = list(self._watchers.items())
        for ticket, (watcher, sense) in watchers:
            news = told(sense)
            if news is None:
                continue
            try:
                watcher(*news)
            except Exception:
                _log.exception("a watcher failed, and is dropped")
                self._stop(ticket)

    def _pause(self) -> None:
        """A broken engine must not fill the log at the camera's pace."""
        with self._changed:
            self._changed.wait_for(lambda: not self._watchers, _PAUSE_AFTER_TROUBLE_S)
