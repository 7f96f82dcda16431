"""The real server in a process of its own: start, streams, a listener that sleeps, and the stop."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kit.cli.serve import addresses, names_of, who_has
from kit.core.errors import Unavailable
from kit.web.streams import AllStreams, Streams

ENVIRONMENT = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "KIT_LANGUAGE": "en"}


@contextmanager
def serving(checkout: Path, data: Path, *options: str, **environment: str) -> Iterator["Served"]:
    """`kit serve` on a free port, stopped at the end whatever happens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kit", "serve", "--data", data, "--port", "0", *options],
        cwd=checkout,
        env={**ENVIRONMENT, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    served = Served(process)
    try:
        served.wait_until_ready()
        yield served
    finally:
        process.terminate()
        process.stdout.close()
        process.wait(timeout=10)


class Served:
    def __init__(self, process: subprocess.Popen) -> None:
        self.process = process
        self.lines: list[str] = []
        self.port = 0

    def wait_until_ready(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if "http://" in line and not self.port:
                self.port = int(line.rsplit(":", 1)[1])
            if "Ctrl-C" in line:
                return
        pytest.fail("the server ended: " + "\n".join(self.lines))

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def get(self, path: str) -> dict:
        with urllib.request.urlopen(self.address + path, timeout=10) as answer:
            return json.load(answer)

    def open(self, path: str) -> socket.socket:
        """A connection that has asked for a path and has not read anything yet."""
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)  # soon full
        connection.settimeout(15)
        connection.connect(("127.0.0.1", self.port))
        # HTTP/1.0: the pieces come as they are, not cut into chunks.
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost:{self.port}\r\n\r\n".encode())
        return connection

    def admits(self, path: str) -> bool:
        """Whether a stream has a place for one more."""
        with self.open(path) as connection:
            return b" 200 " in connection.recv(100)

    def stop(self, sign: signal.Signals) -> tuple[int, float]:
        """(exit status, seconds it took)."""
        began_s = time.monotonic()
        self.process.send_signal(sign)
        return self.process.wait(timeout=10), time.monotonic() - began_s


def read_until(connection: socket.socket, what: bytes, most: int = 2_000_000) -> bytes:
    read = b""
    while what not in read and len(read) < most:
        piece = connection.recv(65536)
        assert piece, f"closed before {what!r}: {read[-300:]!r}"
        read += piece
    return read


@pytest.fixture(scope="module")
def served(checkout, tmp_path_factory):
    with serving(checkout, tmp_path_factory.mktemp("served"), "--camera", "fake") as server:
        yield server


@pytest.fixture(scope="module")
def example(served):
    return served.get("/api/projects")["projects"][0]["id"]


def test_it_starts_with_the_ready_example_and_says_where(served, example):
    state = served.get(f"/api/projects/{example}")

    assert state["project"]["is_example"]
    assert f"http://localhost:{served.port}" in "\n".join(served.lines)
    assert "code" not in "\n".join(served.lines).lower()  # nobody else can come


def test_a_garbled_body_is_refused_as_such(served):
    head = (
        "POST /api/projects HTTP/1.1\r\n"
        f"Host: localhost:{served.port}\r\n"
        "Content-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )

    with socket.create_connection(("127.0.0.1", served.port), timeout=15) as connection:
        connection.sendall(head.encode() + b"no number of bytes\r\n")
        answer = read_until(connection, b"}}")

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"request-unreadable" in answer


def test_connections_that_say_nothing_hold_up_nobody(served):
    """Browsers open some in advance; a thread that waited for each would be busy five seconds."""
    silent = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(600)]
    try:
        assert served.get("/api/health")
    finally:
        for connection in silent:
            connection.close()


def test_news_begin_with_a_snapshot_and_follow_changes(served, example):
    with served.open(f"/api/projects/{example}/events") as listener:
        first = read_until(listener, b"event: state")
        post(served, f"/api/projects/{example}/labels", {"name": "tissu"})
        changed = read_until(listener, b"tissu")

    assert b"text/event-stream" in first
    assert b"retry: " in first
    assert b"event: ping" in first
    assert b"id: " in changed


def test_the_live_picture_is_a_picture_after_another(served):
    with served.open("/camera.mjpeg") as viewer:
        read = read_until(viewer, b"\xff\xd9\r\n--picture\r\nContent-Type: image/jpeg")

    assert b"multipart/x-mixed-replace; boundary=picture" in read
    assert b"\xff\xd8" in read


def test_live_answers_come_with_the_models_name(served, example):
    with served.open(f"/api/projects/{example}/events?live=1") as listener:
        read = read_until(listener, b"event: prediction")
        read = read[read.index(b"event: prediction") :] + read_until(listener, b"\n\n")

    answer = json.loads(read.split(b"data: ", 1)[1].split(b"\n\n", 1)[0])
    assert answer["model"]["backbone"]
    assert answer["label_id"]


@pytest.fixture(scope="module")
def small(checkout, tmp_path_factory):
    """A server that lets two watch."""
    data = tmp_path_factory.mktemp("small")
    with serving(checkout, data, "--camera", "fake", KIT_STREAMS="2") as server:
        yield server


def test_who_stops_reading_holds_up_nobody_and_is_let_go(small):
    sleeper = watcher(small)
    with watcher(small) as viewer:
        began_s = time.monotonic()
        read = b""
        while read.count(b"\r\n--picture\r\n") < 20:
            read += viewer.recv(65536)
        pictures_s = time.monotonic() - began_s
        assert small.get("/api/health")["status"] == "ok"
    other_sleeper = watcher(small)
    full = not small.admits("/camera.mjpeg")

    # Their buffers fill, the kernel gives up, and their places are free again.
    within(60, lambda: small.admits("/camera.mjpeg"), "who stopped reading still holds a place")

    sleeper.close()
    other_sleeper.close()
    assert full
    assert pictures_s < 10


def test_beyond_the_cap_a_page_is_told_when_to_try_again(small):
    watching = [watcher(small), watcher(small)]
    with small.open("/camera.mjpeg") as third:
        refused = read_until(third, b"Too many screens")
    for viewer in watching:
        viewer.close()

    assert b" 503 " in refused
    assert b"Retry-After: 5" in refused
    within(20, lambda: small.admits("/camera.mjpeg"), "a place that was left stays taken")


def watcher(server: Served) -> socket.socket:
    """Somebody who watches the camera; waits for a place that was just left."""
    watching: list[socket.socket] = []

    def is_let_in() -> bool:
        connection = server.open("/camera.mjpeg")
        if b" 200 " in connection.recv(100):
            watching.append(connection)
            return True
        connection.close()
        return False

    within(30, is_let_in, "no place to watch from")
    return watching[0]


def within(seconds, happens, otherwise):
    deadline_s = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline_s, otherwise
        time.sleep(0.2)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_soon_and_leaves_the_folder_free(checkout, tmp_path, sign):
    with serving(checkout, tmp_path, "--camera", "fake") as server:
        example = server.get("/api/projects")["projects"][0]["id"]
        open_ones = [server.open(f"/api/projects/{example}/events"), server.open("/camera.mjpeg")]
        for connection in open_ones:
            read_until(connection, b"200 OK")
        status, took_s = server.stop(sign)
        for connection in open_ones:
            connection.close()

    assert status == 0
    assert took_s < 3
    with serving(checkout, tmp_path, "--camera", "none") as again:
        assert again.get("/api/health")["status"] == "ok"


def test_two_servers_on_one_folder(served, checkout):
    data = Path(f"/proc/{served.process.pid}/cmdline").read_text().split("\0")
    folder = data[data.index("--data") + 1]

    second = run(checkout, "serve", "--data", folder, "--port", "0")

    assert second.returncode == 1
    assert "Another kit" in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1
    assert served.get("/api/health")["status"] == "ok"


def test_a_busy_port_names_who_has_it(served, checkout, tmp_path):
    second = run(checkout, "serve", "--data", str(tmp_path), "--port", str(served.port))

    assert second.returncode == 1
    assert f"(process {served.process.pid})" in second.stderr
    assert "--port" in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1
    assert who_has(served.port).endswith(f"(process {served.process.pid})")


def test_a_model_that_is_missing_is_said_once(checkout, tmp_path):
    refused = run(
        checkout, "serve", "--data", str(tmp_path), "--port", "0", KIT_BACKBONE="no-such-model"
    )

    assert refused.returncode == 1
    assert "model" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_a_class_is_told_its_code_and_its_address(checkout, tmp_path):
    with serving(checkout, tmp_path, "--host", "127.0.0.2", "--camera", "none") as local:
        assert not any("code" in line for line in local.lines)
    with serving(checkout, tmp_path, "--host", "0.0.0.0", "--camera", "none") as open_to_all:
        printed = "\n".join(open_to_all.lines)
        session = json.load(
            urllib.request.urlopen(f"http://127.0.0.1:{open_to_all.port}/api/session")
        )

    assert session["mode"] == "class"
    assert session["actor"] is None
    assert "code: " in printed


def test_addresses_and_names():
    assert addresses("127.0.0.1", 8000) == ["http://localhost:8000"]
    assert addresses("10.0.0.5", 8000) == ["http://10.0.0.5:8000"]
    assert names_of("127.0.0.1") == {"localhost", "127.0.0.1"}
    assert f"{socket.gethostname().lower()}.local" in names_of("0.0.0.0")


def test_closing_ends_every_stream_and_takes_no_more():
    ended = threading.Event()
    streams = AllStreams(Streams(3), Streams(3))
    streams.news.enter(end=ended.set)

    streams.close()

    assert ended.is_set()
    with pytest.raises(Unavailable):
        streams.pictures.enter(end=ended.set)


def post(served: Served, path: str, body: dict) -> dict:
    request = urllib.request.Request(
        served.address + path,
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Origin": served.address},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def run(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "kit", *arguments],
        cwd=checkout,
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        timeout=30,
    )
