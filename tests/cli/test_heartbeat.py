"""The server under a supervisor: this test is systemd, and hears what is said to it."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from kit.cli.heartbeat import Heartbeat, Supervisor

WATCH_S = 1.5


class Listener:
    """systemd's end of NOTIFY_SOCKET."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(address))

    def hear(self, within_s):
        """The next line; None where nobody speaks for so long."""
        self.socket.settimeout(within_s)
        try:
            return self.socket.recv(1024).decode()
        except TimeoutError:
            return None

    def forget(self):
        while self.hear(0.01) is not None:
            pass


@pytest.fixture
def listener(tmp_path) -> Iterator[Listener]:
    made = Listener(tmp_path / "notify")
    yield made
    made.socket.close()


def page(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", "/api/health")
        return connection.getresponse().status


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="systemd is Linux's")
def test_a_server_says_when_it_answers_and_falls_silent_when_its_worker_hangs(tmp_path, listener):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": str(int(WATCH_S * 1e6))}
    server = subprocess.Popen(
        [sys.executable, "-m", "kit", "serve", "--port", str(port), "--data", tmp_path / "data",
         "--camera", "none", "--microphone", "none"],
        env=os.environ | told,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert listener.hear(60) == "READY=1"  # and not a moment before
        assert page(port) == 200
        assert listener.hear(WATCH_S) == "WATCHDOG=1"

        [worker] = children(server.pid)
        os.kill(worker, signal.SIGSTOP)
        listener.forget()

        assert listener.hear(2 * WATCH_S) is None  # systemd would end it now
        os.kill(worker, signal.SIGCONT)
        assert listener.hear(10) == "WATCHDOG=1"
    finally:
        for child in children(server.pid):
            os.kill(child, signal.SIGCONT)
        server.terminate()
        server.wait(timeout=15)


def test_a_thread_that_lives_does_not_beat_for_a_page_that_does_not(tmp_path, listener):
    answers = iter([False, True, True, False, False, True])
    beat = Heartbeat(
        Supervisor(str(tmp_path / "notify"), watch_s=0.06), lambda: next(answers, False)
    )

    heard = [listener.hear(1), listener.hear(0.5), listener.hear(0.5), listener.hear(0.3)]

    assert heard == ["READY=1", "WATCHDOG=1", "WATCHDOG=1", None]
    beat.close()


def test_without_a_watch_there_is_one_word(tmp_path, listener):
    beat = Heartbeat(Supervisor(str(tmp_path / "notify")), lambda: True)

    assert [listener.hear(1), listener.hear(0.2)] == ["READY=1", None]
    beat.close()


def test_a_supervisor_that_has_gone_is_no_fault(tmp_path):
    Supervisor(str(tmp_path / "nobody")).say("READY=1")


def test_a_name_without_a_file_is_reached():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as hears:
        name = f"mallette-test-{os.getpid()}-{time.monotonic_ns()}"
        hears.bind(f"\0{name}")
        hears.settimeout(5)

        Supervisor(f"@{name}").say("WATCHDOG=1")

        assert hears.recv(64) == b"WATCHDOG=1"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"NOTIFY_SOCKET": ""}, None),
        ({"NOTIFY_SOCKET": "no/path", "WATCHDOG_USEC": "1000000"}, None),
        ({"NOTIFY_SOCKET": "/n"}, Supervisor("/n")),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "soon"}, Supervisor("/n")),
        # The watch is kept on a process that started this one.
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "9", "WATCHDOG_PID": "1"}, Supervisor("/n")),
    ],
)  # fmt: skip
def test_what_systemd_says_is_taken_out_of_the_environment(environment, expected):
    environment = dict(environment)

    assert Supervisor.in_environment(environment) == expected
    assert environment == {}
