"""The screen plugged into the kit: who may open its page, and which screens are there.

In a class everybody picks an animal. The kit's own browser, which a projector shows, is known by
its address, loopback: it is a group without an animal, whose space is the kit's own. That is no
right of the teacher's; the desk asks for the code there, too (docs/decisions/0022).

Which screens are there is known from what they ask for anyway. Addresses are kept in memory for
`HERE_S` seconds, to count each once, and shown to nobody.
"""

import ipaddress
import threading
import time
from collections import Counter
from collections.abc import Callable

from flask import Flask, current_app, g, request, session

from kit.core.errors import NotAllowed
from kit.core.types import Actor

HERE_S = 15.0
"""Pages that hold no stream ask every four seconds (`elements/booking.js`)."""
MOST = 500
SITS = "at_the_kit"


def is_here() -> bool:
    """Whether the browser that asks runs on the kit itself.

    gunicorn takes the address from the connection; what a header claims does not count.
    """
    return is_loopback(request.remote_addr or "")


def is_loopback(address: str) -> bool:
    """Whether this is the machine's own.

    >>> is_loopback("127.0.0.1"), is_loopback("::ffff:127.0.0.1"), is_loopback("10.42.0.7")
    (True, True, False)
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


def refuse_others() -> None:
    """Raises `NotAllowed` "not-at-the-kit"."""
    if not is_here():
        raise NotAllowed("not-at-the-kit", f"{request.path} asked by {request.remote_addr}")


def sits_there() -> bool:
    """Whether this browser holds the lesson on the kit's own screen: mouse, and perhaps no keys."""
    return bool(session.get(SITS)) and is_here()


def space_of(actor: Actor | None) -> str | None:
    """The group that a screen is counted with."""
    return actor.space_id if actor else None


class Presence:
    """Which screens are there, each counted once. Thread-safe.

    Args:
        now_s: a clock that never goes backwards.

    >>> here = Presence(lambda: 0.0)
    >>> here.seen("10.42.0.7", "owl")
    >>> here.seen("10.42.0.8", None)
    >>> here.count()
    {'owl': 1, None: 1}
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[str | None, float]] = {}
        self._staying: Counter[str] = Counter()

    def seen(self, address: str, space_id: str | None) -> None:
        """A screen has asked for something."""
        with self._lock:
            self._seen.pop(address, None)
            self._seen[address] = (space_id, self._now_s())
            while len(self._seen) > MOST:
                del self._seen[next(iter(self._seen))]

    def stay(self, address: str, space_id: str | None) -> Callable[[], None]:
        """A screen listens to news, and so is there until the result is called, once or more."""
        self.seen(address, space_id)
        with self._lock:
            self._staying[address] += 1
        left = threading.Event()

        def leave() -> None:
            with self._lock:
                if not left.is_set():
                    left.set()
                    self._staying[address] -= 1

        return leave

    def count(self) -> dict[str | None, int]:
        """Group -> how many screens; None: they have not picked yet."""
        with self._lock:
            now_s = self._now_s()
            self._staying = +self._staying
            for address, (space_id, at_s) in list(self._seen.items()):
                if self._staying[address]:
                    self._seen[address] = (space_id, now_s)
                elif now_s - at_s > HERE_S:
                    del self._seen[address]
            return dict(Counter(space_id for space_id, _at_s in self._seen.values()))


def presence() -> Presence:
    """This server's, from inside a request."""
    return current_app.extensions["kit.presence"]


def install(app: Flask) -> None:
    """Note who asks, after session and language are settled."""
    app.extensions["kit.presence"] = Presence()

    @app.before_request
    def note() -> None:
        address = request.remote_addr or ""
        if not is_loopback(address):
            presence().seen(address, space_of(g.actor))
