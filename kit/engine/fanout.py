"""Each live frame is looked at once, for everyone who watches (`core.ports.LiveFanout`).

    newest frame -> for each source that is watched: look, in the engine's live lane
                 -> every watcher of that source (frame, what was found)

A source is what is looked for: what the picture shows, or the hands in it. One thread, alive while
somebody watches. It asks for a frame only when the last one was answered,
so a slow board shows fewer answers and never old ones. Watchers run in that thread one after the
other: they hand on and return. One that raises is dropped and logged, and the others go on.
"""

import itertools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError

from kit.core.ports import CameraFeed, Looked, Onlooker
from kit.core.types import Frame

_FRAME_TIMEOUT_S = 0.5
_PAUSE_AFTER_TROUBLE_S = 1.0

Watcher = Callable[[Frame, Looked], None]

_log = logging.getLogger(__name__)


class Fanout:
    """Live frames, looked at, for any number of watchers. Thread-safe.

    Args:
        feed: the camera; watched only while somebody watches here.
        may_go_on: waits at most so many seconds while there should be silence; says whether it is
            over. Nobody asks for frames meanwhile, so the camera rests, too.
    """

    def __init__(
        self,
        feed: CameraFeed,
        *,
        may_go_on: Callable[[float], bool] = lambda timeout_s: True,
    ) -> None:
        self._feed = feed
        self._may_go_on = may_go_on
        self._changed = threading.Condition()
        self._watchers: dict[int, tuple[Watcher, Onlooker]] = {}
        self._tickets = itertools.count()
        self._thread: threading.Thread | None = None
        self._closed = False

    def watch(self, watcher: Watcher, sense: Onlooker) -> Callable[[], None]:
        """Call `watcher` with each live frame from now on.

        Args:
            watcher: called in the fan-out's thread.
            sense: what it looks with.

        Returns:
            Call it to stop, from any thread, as often as one likes. A frame that is being handed
            round may still arrive.
        """
        with self._changed:
            ticket = next(self._tickets)
            self._watchers[ticket] = watcher, sense
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="kit-fanout", daemon=True)
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
        sequence = -1
        while self._goes_on():
            if not self._may_go_on(_FRAME_TIMEOUT_S):
                continue
            frame = self._feed.newest(sequence, _FRAME_TIMEOUT_S)
            if frame is None:
                continue
            sequence = frame.sequence
            for sense in self._lookers():
                try:
                    looked = sense.look(frame)
                except CancelledError:
                    continue  # overtaken
                except Exception:
                    _log.exception("a live frame could not be looked at")
                    self._pause()
                    continue
                self._hand_round(frame, looked, sense.live_source)

    def _lookers(self) -> list[Onlooker]:
        """Of each source that is watched, the sense that sees most."""
        with self._changed:
            senses = [sense for _, sense in self._watchers.values()]
        by_rank = sorted(senses, key=lambda sense: sense.live_rank)
        return list({sense.live_source: sense for sense in by_rank}.values())

    def _goes_on(self) -> bool:
        """Whether anybody watches; if not, the thread is given up in the same breath."""
        with self._changed:
            if not self._watchers:
                self._thread = None
            return bool(self._watchers)

    def _hand_round(self, frame: Frame, looked: Looked, source: str) -> None:
        with self._changed:
            watchers = list(self._watchers.items())
        for ticket, (watcher, sense) in watchers:
            if sense.live_source != source:
                continue
            try:
                watcher(frame, looked)
            except Exception:
                _log.exception("a watcher of the live frames failed, and is dropped")
                self._stop(ticket)

    def _pause(self) -> None:
        """A broken engine must not fill the log at the camera's pace."""
        with self._changed:
            self._changed.wait_for(lambda: not self._watchers, _PAUSE_AFTER_TROUBLE_S)
