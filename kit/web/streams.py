"""Answers that do not end: the camera's picture and a project's news.

Each holds one server thread for as long as its page is open, so they are counted, and beyond the
cap a page is told when to try again. A listener that stops reading fills its own socket buffer,
then its own thread gives up after `SEND_TIMEOUT_S`: nobody else waits for it, because what it has
not read was never queued (news are coalesced, pictures are taken newest first).
"""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request

from kit.core.errors import Unavailable
from kit.core.ports import CameraFeed

HEARTBEAT_S = 10.0
"""How often a quiet stream says that it is alive; also how soon a silent goodbye is noticed."""

SEND_TIMEOUT_S = 5.0
"""How long one piece may take to leave before the listener counts as gone."""

SEND_BUFFER_BYTES = 64 * 1024
"""A few pictures: a slow viewer then sees a late picture, not a minute-old one."""

RETRY_S = 5
"""When a page that was turned away, or lost its stream, tries again."""

FASTEST_S = 0.1
"""Ten pictures a second are enough to aim by."""

PICTURES_PER_S = 400
"""For all viewers together; each gets its share, so pictures come slower as viewers join."""

CAMERA_PATIENCE_S = 5.0
"""Without a picture for this long the stream ends; the page hears of the camera by its news."""

BOUNDARY = "picture"

PING = b"event: ping\ndata: {}\n\n"
"""An event and not a comment, so that the page too can notice a line that has gone silent."""


class Streams:
    """The streams of one kind that are open. Thread-safe.

    >>> streams = Streams(1)
    >>> leave = streams.enter(end=lambda: None)
    >>> streams.enter(end=lambda: None)
    Traceback (most recent call last):
        ...
    kit.core.errors.Unavailable: 1 streams are open already
    >>> leave(), len(streams)
    (None, 0)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._ends: dict[int, Callable[[], None]] = {}
        self._next = 0
        self._closed = False

    def __len__(self) -> int:
        return len(self._ends)

    def enter(self, end: Callable[[], None]) -> Callable[[], None]:
        """Take a place; call the result, once or more, to give it back.

        Args:
            end: makes the stream stop soon; called by `close`, from another thread.

        Raises:
            Unavailable: "too-many-streams", with `wait_s`.
        """
        with self._lock:
            if self._closed or len(self._ends) >= self._most:
                raise Unavailable(
                    "too-many-streams",
                    f"{len(self._ends)} streams are open already",
                    wait_s=RETRY_S,
                )
            place, self._next = self._next, self._next + 1
            self._ends[place] = end

        def leave() -> None:
            with self._lock:
                self._ends.pop(place, None)

        return leave

    def close(self) -> None:
        """End every stream and take no more: the server stops."""
        with self._lock:
            self._closed = True
            ends = list(self._ends.values())
        for end in ends:
            end()


@dataclass(frozen=True)
class AllStreams:
    """One server's open streams. A page has one of each, so each kind has its own cap."""

    pictures: Streams
    news: Streams

    def close(self) -> None:
        """End them all."""
        self.pictures.close()
        self.news.close()


def streams() -> AllStreams:
    """This server's streams, from inside a request."""
    return current_app.extensions["kit.streams"]


class Stream:
    """An iterable that runs `cleanup` when it is closed, even if it was never started.

    A generator that nobody has begun skips its own `finally`, and a client may leave before the
    first piece is sent.
    """

    def __init__(self, pieces: Generator[bytes, None, None], *cleanup: Callable[[], None]) -> None:
        self._pieces = pieces
        self._cleanup = cleanup

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """End the pieces, then give everything back."""
        try:
            self._pieces.close()
        finally:
            for step in self._cleanup:
                step()


def respond(stream: Stream, mimetype: str) -> Response:
    """A streamed answer over a connection that will not wait for ever."""
    _do_not_wait_for_ever(request.environ.get("gunicorn.socket"))
    response = Response(stream, mimetype=mimetype)
    response.call_on_close(stream.close)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Connection"] = "close"
    return response


def _do_not_wait_for_ever(connection: socket.socket | None) -> None:
    """Let the kernel give up on a listener; other servers than gunicorn give no socket."""
    if connection is None:
        return
    seconds = struct.pack("ll", int(SEND_TIMEOUT_S), 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, seconds)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    with suppress(OSError):  # a Unix socket in a test has no such option
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def pictures(
    feed: CameraFeed,
    viewers: Callable[[], int],
    ended: threading.Event,
    may_go_on: Callable[[float], bool] = lambda timeout_s: True,
) -> Generator[bytes, None, None]:
    """The camera's previews as multipart/x-mixed-replace.

    Each part ends with the next one's boundary: a browser shows a picture only when it knows that
    the picture is whole.

    Args:
        feed: the camera as many may watch it.
        viewers: how many watch just now, asked before each picture.
        ended: set to stop.
        may_go_on: waits at most so many seconds while there should be silence; says whether it is
            over. Meanwhile the last picture stays.
    """
    yield f"--{BOUNDARY}\r\n".encode()
    sequence, silent_since_s = -1, time.monotonic()
    while not ended.is_set():
        if not may_go_on(1.0):
            silent_since_s = time.monotonic()
            continue
        taken_s = time.monotonic()
        newest = feed.preview(after=sequence, timeout_s=1.0)
        if newest is None:
            if time.monotonic() - silent_since_s > CAMERA_PATIENCE_S:
                return
            continue
        sequence, jpeg = newest
        head = f"Content-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
        yield head.encode() + jpeg + f"\r\n--{BOUNDARY}\r\n".encode()
        silent_since_s = time.monotonic()
        share_s = max(FASTEST_S, viewers() / PICTURES_PER_S)
        ended.wait(max(0.0, taken_s + share_s - time.monotonic()))


def news(subscription: Any, say: Callable[[str, Any], Any]) -> Generator[bytes, None, None]:
    """A project's events as text/event-stream.

    Whatever the browser last heard (`Last-Event-ID`), it is answered with the state as it is now:
    the subscription starts with a snapshot.

    Args:
        subscription: a box of `kit.events`.
        say: (kind, data) -> what this listener is sent, in its language.
    """
    yield f"retry: {RETRY_S * 1000}\n\n".encode() + PING
    ping_at_s = time.monotonic() + HEARTBEAT_S
    while not subscription.closed:
        event = subscription.next(timeout_s=max(0.0, ping_at_s - time.monotonic()))
        if event is not None:
            said = say(event.kind, event.data)
            data = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
            yield f"id: {event.seq}\nevent: {event.kind}\ndata: {data}\n\n".encode()
        if time.monotonic() >= ping_at_s:
            yield PING
            ping_at_s = time.monotonic() + HEARTBEAT_S
