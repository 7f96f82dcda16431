"""Each live frame is looked at once, for everyone who watches (`core.ports.LiveFanout`).

    newest frame -> for each source that is watched: look, in the engine's live lane
                 -> every watcher of that source (frame, what was found)

A source is what is looked for: what the picture shows, or the hands in it.
"""

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError

from kit.core.ports import CameraFeed, Looked, Onlooker
from kit.engine.rounds import TIMEOUT_S, Rounds

_log = logging.getLogger(__name__)


class Fanout(Rounds[Onlooker]):
    """Live frames, looked at, for any number of watchers. Thread-safe.

    Args:
        feed: the camera; watched only while somebody watches here.
        may_go_on: as in `Rounds`.
    """

    def __init__(
        self,
        feed: CameraFeed,
        *,
        may_go_on: Callable[[float], bool] = lambda timeout_s: True,
    ) -> None:
        super().__init__("kit-fanout", may_go_on)
        self._feed = feed
        self._sequence = -1

    def _round(self) -> None:
        frame = self._feed.newest(self._sequence, TIMEOUT_S)
        if frame is None:
            return
        self._sequence = frame.sequence
        found: dict[str, Looked] = {}
        for sense in self._lookers():
            try:
                found[sense.live_source] = sense.look(frame)
            except CancelledError:
                continue  # overtaken
            except Exception:
                _log.exception("a live frame could not be looked at")
                self._pause()
        self._hand_round(
            lambda sense: (frame, found[sense.live_source]) if sense.live_source in found else None
        )

    def _lookers(self) -> list[Onlooker]:
        """Of each source that is watched, the sense that sees most."""
        by_rank = sorted(self._senses(), key=lambda sense: sense.live_rank)
        return list({sense.live_source: sense for sense in by_rank}.values())
