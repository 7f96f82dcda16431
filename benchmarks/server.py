"""The server as a class meets it: first page, an answer over HTTP, memory, and forty viewers.

Starts the real `kit serve` on a data folder of its own. The bare interpreter that it is
compared with runs in this process, in turn with it, one thread on both sides.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

import numpy as np
from measuring import Ratio, ratio, take_turns

VIEWERS = 40
VIEWING_S = 10.0


class Server:
    """One `kit serve` on a free port, for the length of a `with` block."""

    def __init__(self, pictures: Path, data: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._command = [
            sys.executable, "-m", "kit", "serve", "--port", str(self.port),
            "--data", str(data), "--camera", f"fake:{pictures}",
        ]  # fmt: skip
        self._log = data.parent / "serve.log"

    def __enter__(self) -> "Server":
        started = time.perf_counter()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        while True:
            if self._process.poll() is not None:
                raise RuntimeError(self._log.read_text(encoding="utf-8"))
            try:
                status, _ = self.ask("GET", "/")
                if status == 200:
                    break
            except OSError:
                time.sleep(0.01)
        self.first_page_s = time.perf_counter() - started
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)

    def connection(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def ask(self, method, path, body=None, headers=None, connection=None):
        """(status, body bytes); a dict body goes as JSON."""
        mine = connection or self.connection()
        headers = {"Origin": f"http://127.0.0.1:{self.port}", **(headers or {})}
        if isinstance(body, dict):
            body = json.dumps(body)
            headers["Content-Type"] = "application/json"
        mine.request(method, path, body, headers)
        response = mine.getresponse()
        content = response.read()
        if connection is None:
            mine.close()
        return response.status, content

    def pss_mb(self) -> dict[str, float]:
        """Proportional set size of master and worker, in megabytes."""
        pids = {"master": self._process.pid}
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        for number, pid in enumerate(children.read_text().split()):
            pids[f"worker {number + 1}"] = int(pid)
        return {name: _pss_mb(pid) for name, pid in pids.items()}


def _pss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no Pss for {pid}")


def multipart(fields: dict[str, str], files: list[tuple[str, str, bytes]]) -> tuple[bytes, dict]:
    """A form as a browser sends it: (body, headers)."""
    boundary = uuid.uuid4().hex
    parts = []
    for name, value in fields.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        parts.append(f"{head}{value}\r\n".encode())
    for name, filename, data in files:
        head = (
            f"--{boundary}\r\nContent-Disposition: form-data; "
            f'name="{name}"; filename="{filename}"\r\nContent-Type: image/jpeg\r\n\r\n'
        )
        parts.append(head.encode() + data + b"\r\n")
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def teach(server: Server, pictures: dict[str, list[bytes]]) -> str:
    """A project with these labels, trained; its id."""
    status, body = server.ask("POST", "/api/projects", {"name": "Bench", "kind": "image"})
    assert status == 201, body
    project = json.loads(body)["id"]
    for label, files in pictures.items():
        status, body = server.ask("POST", f"/api/projects/{project}/labels", {"name": label})
        assert status == 201, body
        form, headers = multipart(
            {"label_id": json.loads(body)["id"], "source": "file"},
            [("files", f"{n}.jpg", data) for n, data in enumerate(files)],
        )
        status, body = server.ask("POST", f"/api/projects/{project}/samples", form, headers)
        assert status == 201, body
    status, body = server.ask("POST", f"/api/projects/{project}/train", {})
    assert status == 202, body
    job = json.loads(body)["job"]["id"]
    deadline = time.monotonic() + 60
    while True:
        state = json.loads(server.ask("GET", f"/api/jobs/{job}")[1])["state"]
        if state == "done":
            return project
        if state not in ("waiting", "running") or time.monotonic() > deadline:
            raise RuntimeError(f"training is {state}")
        time.sleep(0.05)


def over_http(server: Server, project: str, jpeg: bytes, bare, rounds: int) -> tuple[Ratio, dict]:
    """JPEG bytes -> answer over HTTP on loopback, against a bare invoke in this process."""
    headers = {"Content-Type": "image/jpeg"}
    connection = server.connection()
    path = f"/api/projects/{project}/predict"

    def answer():
        status, body = server.ask("POST", path, jpeg, headers, connection)
        assert status == 200, body

    times = take_turns({"http": answer, "bare": bare}, rounds)
    connection.close()
    medians = {name: float(np.median(values)) for name, values in times.items()}
    return ratio(times["http"], times["bare"]), medians


def viewers(server: Server, number: int = VIEWERS, seconds: float = VIEWING_S) -> dict:
    """Watch the live picture with many viewers at once: how many live, the gaps, the bytes."""
    gaps: list[list[float]] = [[] for _ in range(number)]
    sizes: list[int] = []
    ready = threading.Barrier(number + 1)

    def watch(index: int) -> None:
        connection = server.connection()
        connection.request("GET", "/camera.mjpeg")
        response = connection.getresponse()
        frames = _frames(response)
        next(frames)
        ready.wait(timeout=60)
        last = time.perf_counter()
        end = last + seconds
        while last < end:
            sizes.append(next(frames))
            now = time.perf_counter()
            gaps[index].append((now - last) * 1000)
            last = now
        connection.close()

    threads = [
        threading.Thread(target=watch, args=(index,), daemon=True) for index in range(number)
    ]
    for thread in threads:
        thread.start()
    ready.wait(timeout=60)
    for thread in threads:
        thread.join(timeout=seconds + 30)
    alive = sum(len(mine) > 0.5 * 10 * seconds for mine in gaps)
    every = np.concatenate([np.array(mine) for mine in gaps])
    return {
        "viewers": number,
        "alive": alive,
        "frames_per_s": round(float(np.median([len(mine) / seconds for mine in gaps])), 2),
        "gap_median_ms": round(float(np.median(every)), 1),
        "gap_p99_ms": round(float(np.percentile(every, 99)), 1),
        "picture_kb": round(float(np.median(sizes)) / 1024, 1),
    }


def _frames(response):
    """Sizes of the pictures of a multipart/x-mixed-replace answer, as they come."""
    while True:
        length = None
        while True:
            line = response.readline()
            if not line:
                return
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                length = int(value)
            if line == b"\r\n" and length is not None:
                break
        response.read(length)
        yield length


def run(pictures: dict[str, list[bytes]], folder: Path, jpeg: bytes, bare, rounds: int) -> dict:
    """All the server's figures. `folder` holds pictures for the fake camera."""
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        starts = []
        for _ in range(3):
            with Server(folder, data) as server:
                starts.append(server.first_page_s)
        with Server(folder, data) as server:
            project = teach(server, pictures)
            answer, medians = over_http(server, project, jpeg, bare, rounds)
            pss = server.pss_mb()
            watched = viewers(server)
        return {
            "first_page_s": round(float(np.median(starts)), 2),
            "http_over_bare": answer,
            "http_ms": round(medians["http"], 2),
            "pss_mb": {name: round(value, 1) for name, value in pss.items()},
            "pss_total_mb": round(sum(pss.values()), 1),
            "streams": watched,
            "cpus": os.cpu_count(),
        }
