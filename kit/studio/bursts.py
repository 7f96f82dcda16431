"""A burst on the kit's camera: eight pictures a second, by a thread of its own, until told or full.

The page presses once to start and once to stop, or holds and lets go; either way the pictures are
taken here, so a slow tablet loses none. They are kept in batches of at most a quarter of a second,
one transaction each: what the page counts is on the disk.

Time is the frames' own, from the camera's owner: a slow disk or a busy engine makes fewer pictures,
never a longer burst.
"""

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from kit.core.errors import BadInput, KitError, Unavailable
from kit.core.ports import CameraFeed
from kit.core.types import DeviceState, Frame, Stored

_log = logging.getLogger(__name__)

EVERY_S = 1 / 8
"""Pictures closer in time are near-copies and teach nothing."""
MOST_PICTURES = 40
LONGEST_S = 6.0
BATCH_S = 0.125
"""From the first picture of a batch to the last: with the write, acknowledged within 250 ms."""
PATIENCE_S = 5.0
"""Without a frame for so long, the camera is taken to be gone; a slow one needs 2 s to start."""
_LOOK_S = 0.1
_EARLY_S = 0.02
"""A frame a little early is taken: at 30 frames a second, waiting would make it seven a second."""


class Burst(ABC):
    """One showing, being taken until it ends by itself or is stopped.

    Args:
        id: of the burst.
        label_id: what is being shown, or said.
        keep: puts a batch on the disk and counts it in `samples`; returns when it is there.
        ended: called once from the burst's thread, with what went wrong, if anything did.

    Attributes:
        source: of its samples.
        without_hand: frames in which a hand was wanted and none was found.
        advice: message id of what would make the next one better; None where all was well.
    """

    source: str

    def __init__(
        self,
        id: str,
        label_id: str,
        *,
        keep: Callable[["Burst", list[Stored]], None],
        ended: Callable[["Burst", KitError | None], None],
    ) -> None:
        self.id = id
        self.label_id = label_id
        self.samples = 0
        self.without_hand = 0
        self.advice: str | None = None
        self._keep = keep
        self._ended = ended
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="burst", daemon=True)

    def start(self, during: AbstractContextManager[None] | None = None) -> None:
        """Begin; `during` is entered as long as it lasts."""
        self._during = during or nullcontext()
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait until the last batch is kept. Safe to call twice, from any thread."""
        self._stop.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    @abstractmethod
    def _take(self) -> None:
        """Take and keep until stopped or full. Raises `KitError`: what came before is kept."""

    def _run(self) -> None:
        trouble: KitError | None = None
        try:
            with self._during:
                self._take()
        except KitError as error:  # unplugged, disk full, the label went: what was kept is kept
            _log.warning("burst %s ended: %s", self.id, error)
            trouble = error
        except Exception:
            _log.exception("burst %s ended", self.id)
            trouble = KitError("burst-broke-off", f"burst {self.id} broke off")
        finally:
            self._ended(self, trouble)

    def _put(self, batch: list[Stored]) -> list[Stored]:
        if batch:
            self._keep(self, batch)
        return []


class CameraBurst(Burst):
    """Pictures, or the hands in them.

    Args:
        feed: the camera as many may watch it.
        store: a frame in the form in which it is kept; "no-hand" is counted, and no trouble.
        whole: as for `Burst`.
    """

    source = "kit camera"

    def __init__(
        self, *whole: str, feed: CameraFeed, store: Callable[[Frame], Stored], **told: Any
    ) -> None:
        super().__init__(*whole, **told)
        self._feed = feed
        self._store = store

    def _take(self) -> None:
        """Take and keep pictures until stopped or full.

        Raises:
            Unavailable: the camera is gone; what it gave before is kept.
        """
        batch: list[Stored] = []
        batch_since_s = first_s = next_s = 0.0
        taken = 0
        waited_s = 0.0
        # The frame that is there already was read before the press: it may show the thing before.
        there = self._feed.newest(timeout_s=0.0)
        last = -1 if there is None else there.sequence
        while not self._stop.is_set() and taken < MOST_PICTURES:
            frame = self._feed.newest(after=last, timeout_s=_LOOK_S)
            if frame is None:
                batch = self._put(batch)
                waited_s += _LOOK_S
                status = self._feed.status()
                if status.state is DeviceState.LOST or waited_s >= PATIENCE_S:
                    raise Unavailable(status.message_id or "camera-lost", status.reason)
                continue
            waited_s, last, now_s = 0.0, frame.sequence, frame.captured_at_s
            if not taken:
                first_s = next_s = now_s
            if now_s - first_s >= LONGEST_S:
                break
            if now_s >= next_s - _EARLY_S:
                batch_since_s = batch_since_s if batch else now_s
                batch += self._stored(frame)
                taken += 1
                # Keep to the beat, unless the camera fell behind it by more than half of one.
                next_s = max(next_s, now_s - EVERY_S / 2) + EVERY_S
            if batch and now_s - batch_since_s >= BATCH_S - _EARLY_S:
                batch = self._put(batch)
        self._put(batch)

    def _stored(self, frame: Frame) -> list[Stored]:
        """The frame as it is kept; of one that shows no sign, nothing is."""
        try:
            return [self._store(frame)]
        except BadInput as error:
            if error.id != "no-hand":
                raise
            self.without_hand += 1
            return []
