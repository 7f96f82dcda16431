"""Each live frame is embedded once, for everyone who watches (`core.ports.LiveFanout`).

    newest frame -> engine's live lane -> every watcher(frame, embedded)

One thread, alive while somebody watches. It asks for a frame only when the last one was answered,
so a slow board shows fewer answers and never old ones. Watchers run in that thread one after the
other: they hand on and return. One that raises is dropped and logged, and the others go on.
"""

import itertools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError

from kit.core.ports import CameraFeed, Embedder, Lane
from kit.core.types import Embedded, Frame

_FRAME_TIMEOUT_S = 0.5
_PAUSE_AFTER_TROUBLE_S = 1.0

Watcher = Callable[[Frame, Embedded], None]

_log = logging.getLogger(__name__)


class Fanout:
    """Live embeddings for any number of watchers. Thread-safe.

    Args:
        feed: the camera; watched only while somebody watches here.
        engine: embeds each frame, in its live lane.
        may_go_on: waits at most so many seconds while there should be silence; says whether it is
            over. Nobody asks for frames meanwhile, so the camera rests, too.
    """

    def __init__(
        self,
        feed: CameraFeed,
        engine: Embedder,
        *,
        may_go_on: Callable[[float], bool] = lambda timeout_s: True,
    ) -> None:
        self._feed = feed
        self._engine = engine
        self._may_go_on = may_go_on
        self._changed = threading.Condition()
        self._watchers: dict[int, Watcher] = {}
        self._tickets = itertools.count()
        self._thread: threading.Thread | None = None
        self._closed = False

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` with each live frame from now on.

        Returns:
            Call it to stop, from any thread, as often as one likes. A frame that is being handed
            round may still arrive.
        """
        with self._changed:
            ticket = next(self._tickets)
            self._watchers[ticket] = watcher
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
            try:
                embedded = self._engine.embed(frame.pixels, Lane.LIVE).result()
            except CancelledError:
                continue  # overtaken
            except Exception:
                _log.exception("a live frame could not be embedded")
                self._pause()
                continue
            self._hand_round(frame, embedded)

    def _goes_on(self) -> bool:
        """Whether anybody watches; if not, the thread is given up in the same breath."""
        with self._changed:
            if not self._watchers:
                self._thread = None
            return bool(self._watchers)

    def _hand_round(self, frame: Frame, embedded: Embedded) -> None:
        with self._changed:
            watchers = list(self._watchers.items())
        for ticket, watcher in watchers:
            try:
                watcher(frame, embedded)
            except Exception:
                _log.exception("a watcher of the live frames failed, and is dropped")
                self._stop(ticket)

    def _pause(self) -> None:
        """A broken engine must not fill the log at the camera's pace."""
        with self._changed:
            self._changed.wait_for(lambda: not self._watchers, _PAUSE_AFTER_TROUBLE_S)
