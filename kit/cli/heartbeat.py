"""The server's word to systemd: "the page answers", and from then on "it still does".

    NOTIFY_SOCKET, WATCHDOG_USEC -> READY=1 once the page has answered, WATCHDOG=1 while it answers

systemd starts a server anew whose word stays away (Type=notify and WatchdogSec in the image's
unit). What is asked is the page itself, over its own port, so that every part that a guest's
request passes is alive when the beat goes out; no thread beats for one that hangs.

The protocol is a line in a datagram: sd_notify(3). gunicorn speaks it too, but says "ready" before
its worker has begun, so the socket's name is taken out of the environment before it looks.
"""

import http.client
import os
import socket
import threading
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass

ASK_EVERY_S = 0.2
"""While the server starts."""
BEATS_A_WATCH = 3
"""So that two may get lost on a busy board."""
ANSWER_WITHIN_S = 30.0
"""A board with little memory that trains while a class looks on is slow, not hung."""


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Who started this process and listens.

    Attributes:
        address: of its datagram socket.
        watch_s: how long it waits for a beat; None: it does not.
    """

    address: str
    watch_s: float | None = None

    @classmethod
    def in_environment(cls, environment: MutableMapping[str, str]) -> "Supervisor | None":
        """The one that the environment names, which is taken out of it: no child may speak for us.

        >>> there = {"NOTIFY_SOCKET": "/run/notify", "WATCHDOG_USEC": "60000000"}
        >>> Supervisor.in_environment(there), there
        (Supervisor(address='/run/notify', watch_s=60.0), {})
        """
        address = environment.pop("NOTIFY_SOCKET", "")
        watch_us = environment.pop("WATCHDOG_USEC", "")
        watched = environment.pop("WATCHDOG_PID", "") or str(os.getpid())
        if not address.startswith(("/", "@")):
            return None
        ours = watch_us.isdecimal() and watched == str(os.getpid())
        return cls(address, int(watch_us) / 1e6 if ours else None)

    def say(self, line: str) -> None:
        """Send one line. A supervisor that has gone is no reason to stop serving."""
        address = self.address
        if address.startswith("@"):  # Linux's abstract names begin with a zero byte
            address = "\0" + address[1:]
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.sendto(line.encode(), address)
        except OSError:
            pass


class Heartbeat:
    """Tells the supervisor, from a thread of its own, for as long as `answers` says so.

    Args:
        supervisor: whom.
        answers: asks the page; False, or never returning, keeps the beat away.
        at_first: done once the page has answered, before anybody is told.
    """

    def __init__(
        self,
        supervisor: Supervisor,
        answers: Callable[[], bool],
        at_first: Callable[[], None] = lambda: None,
    ) -> None:
        self._supervisor = supervisor
        self._answers = answers
        self._at_first = at_first
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """No further beat. Does not wait: a question may be under way."""
        self._stop.set()

    def _run(self) -> None:
        while not self._answers():
            if self._stop.wait(ASK_EVERY_S):
                return
        self._at_first()
        self._supervisor.say("READY=1")
        if self._supervisor.watch_s is None:
            return
        while not self._stop.wait(self._supervisor.watch_s / BEATS_A_WATCH):
            if self._answers():
                self._supervisor.say("WATCHDOG=1")


def page_answers(host: str, port: int) -> bool:
    """Whether this machine's page says that it is well, as a guest would hear it."""
    meant = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(meant, port, timeout=ANSWER_WITHIN_S)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
