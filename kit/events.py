"""News for the pages: small boxes that never fill up, a snapshot first, newest wins.

    publish(topic, kind, data)  ->  one box a subscriber  ->  next(): Event

A box holds at most one event of each kind: a page that was asleep wants the state as it is, not
the fifty states it missed. Only a `notice` (a word to the pupil) is queued, and only so many.
So a client that stops reading costs its box and nothing else, and nobody ever waits for it.

Order is by `seq`, one number for the whole server that only rises; there is no battery clock to
order by. A topic is a project's id. Nothing here knows what the data mean.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

QUEUED = "notice"
"""The one kind of which every event counts: each is another sentence."""

QUEUE_LENGTH = 16
"""Notices a sleeping page finds when it wakes; older ones would be about another lesson."""


@dataclass(frozen=True, slots=True)
class Event:
    """One piece of news. `data` is a frozen value, shared by all who hear it."""

    seq: int
    kind: str
    data: Any


class Subscription:
    """One listener's box. Closing it, from any thread, wakes whoever waits in `next`."""

    def __init__(self, when_closed: Callable[["Subscription"], None]) -> None:
        self._when_closed = when_closed
        self._newest: dict[str, Event] = {}
        self._queue: deque[Event] = deque(maxlen=QUEUE_LENGTH)
        self._changed = threading.Condition()
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether no more news will come."""
        return self._closed

    def next(self, timeout_s: float | None = None) -> Event | None:
        """The oldest piece of news in the box, waiting for one.

        Returns:
            None at the time-out, and at once when the subscription is closed: look at `closed`.
        """
        end_s = None if timeout_s is None else time.monotonic() + timeout_s
        with self._changed:
            while not self._closed:
                waiting = list(self._newest.values())
                if self._queue:
                    waiting.append(self._queue[0])
                if waiting:
                    event = min(waiting, key=lambda waiting_event: waiting_event.seq)
                    if event.kind == QUEUED:
                        self._queue.popleft()
                    else:
                        del self._newest[event.kind]
                    return event
                left_s = None if end_s is None else end_s - time.monotonic()
                if left_s is not None and left_s <= 0:
                    return None
                self._changed.wait(left_s)
            return None

    def offer(self, event: Event) -> None:
        """Put one event in the box, over an older one of its kind. Never waits."""
        with self._changed:
            if event.kind == QUEUED:
                self._queue.append(event)
            else:
                older = self._newest.get(event.kind)
                if older is None or older.seq < event.seq:
                    self._newest[event.kind] = event
            self._changed.notify_all()

    def close(self) -> None:
        """Hear no more. Safe to call twice."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            self._newest.clear()
            self._queue.clear()
            self._changed.notify_all()
        self._when_closed(self)

    def __enter__(self) -> "Subscription":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Events:
    """The hub. Thread-safe.

    Args:
        after: the first event's number is above this one. Handing in a number above every one of
            the run before keeps a page that reconnects after a restart from taking the new
            state for an old one.

    >>> events = Events()
    >>> with events.subscribe("p1") as box:
    ...     _ = events.publish("p1", "state", "one sample")
    ...     _ = events.publish("p1", "state", "two samples")
    ...     box.next(0).data
    'two samples'
    """

    def __init__(self, *, after: int = 0) -> None:
        self._lock = threading.Lock()
        self._seq = after
        self._boxes: dict[str, set[Subscription]] = {}
        self._closed = False

    def next_seq(self) -> int:
        """The next number. Take it under the lock that guards what the event will say."""
        with self._lock:
            self._seq += 1
            return self._seq

    def subscribe(
        self,
        topic: str,
        snapshot: Callable[[], Event] | None = None,
        *,
        when_closed: Callable[[], None] | None = None,
    ) -> Subscription:
        """A box for one listener, with the snapshot in it.

        Args:
            topic: what to hear of.
            snapshot: makes the first event. Called once the box can already hear, so nothing
                falls between the two; whatever is newer than the snapshot replaces it.
            when_closed: called once, when the subscription ends, whoever ends it.
        """

        def leave(box: Subscription) -> None:
            with self._lock:
                listeners = self._boxes.get(topic, set())
                listeners.discard(box)
                if not listeners:
                    self._boxes.pop(topic, None)
            if when_closed is not None:
                when_closed()

        box = Subscription(leave)
        with self._lock:
            closed = self._closed
            if not closed:
                self._boxes.setdefault(topic, set()).add(box)
        if closed:
            box.close()
        elif snapshot is not None:
            try:
                box.offer(snapshot())
            except BaseException:
                box.close()
                raise
        return box

    def publish(self, topic: str, kind: str, data: Any, *, seq: int | None = None) -> int:
        """Tell everyone who listens to the topic; give back the event's number."""
        return self._tell(lambda: self._boxes.get(topic, ()), kind, data, seq)

    def publish_everywhere(self, kind: str, data: Any) -> int:
        """Tell every listener of every topic: the camera, or the class's end."""
        return self._tell(
            lambda: [box for boxes in self._boxes.values() for box in boxes], kind, data, None
        )

    def _tell(self, listeners: Callable[[], Any], kind: str, data: Any, seq: int | None) -> int:
        with self._lock:
            if seq is None:
                self._seq += 1
                seq = self._seq
            boxes = tuple(listeners())
        event = Event(seq, kind, data)
        for box in boxes:
            box.offer(event)
        return seq

    def listeners(self, topic: str) -> int:
        """How many listen to the topic just now; with none, its news need not be made."""
        with self._lock:
            return len(self._boxes.get(topic, ()))

    @property
    def anyone(self) -> bool:
        """Whether anybody listens to anything."""
        return bool(self._boxes)

    def close_topic(self, topic: str) -> None:
        """End the subscriptions of a topic: its project is gone."""
        with self._lock:
            boxes = tuple(self._boxes.get(topic, ()))
        for box in boxes:
            box.close()

    def close(self) -> None:
        """End every subscription; those that come later are closed from the start."""
        with self._lock:
            self._closed = True
            boxes = [box for boxes in self._boxes.values() for box in boxes]
        for box in boxes:
            box.close()
