"""The main job over HTTP, word for word the same on a board and on this machine.

group = Group(port); group.join("owl")
project = group.teach({"cup": [jpeg, …], "pen": […]})
group.answer(project, jpeg) -> {"label": …, "confidences": {…}}
"""

import http.client
import json
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

CLEARLY = 0.03
"""Where the two best confidences differ by more, another processor must not change the label."""

PATIENCE_S = 120
"""For one answer: an emulated board is some twenty times slower than this machine."""


class Refused(Exception):
    """The page said no: status and body."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"{status}: {body[:300]!r}")
        self.status = status


class Group:
    """One tablet's browser: its cookie and its connection."""

    def __init__(self, port: int = 80, host: str = "127.0.0.1") -> None:
        self._host, self._port = host, port
        self._cookies: dict[str, str] = {}

    def moved_to(self, port: int) -> "Group":
        """The same browser, where the kit has another port after a new start."""
        group = Group(port, self._host)
        group._cookies = self._cookies
        return group

    def join(self, animal: str) -> None:
        """Pick the group's animal."""
        self.ask("POST", "/api/session/group", {"animal": animal})

    def ask(
        self, method: str, path: str, body: Any = None, *, kind: str = "application/json"
    ) -> Any:
        """The answer's JSON, or its bytes where it is something else.

        Raises:
            Refused: a status of 400 or more.
            OSError, http.client.HTTPException: nobody answered.
        """
        connection = http.client.HTTPConnection(self._host, self._port, timeout=PATIENCE_S)
        port = "" if self._port == 80 else f":{self._port}"
        headers = {"Origin": f"http://{self._host}{port}"}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self._cookies.items())
        if body is not None:
            headers["Content-Type"] = kind
            body = body if isinstance(body, bytes) else json.dumps(body)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        if response.status >= 400:
            raise Refused(response.status, content)
        is_json = response.headers.get_content_type() == "application/json"
        return json.loads(content) if is_json and content else content

    @contextmanager
    def stream(self, path: str) -> Iterator[Iterator[bytes]]:
        """The lines of an answer that does not end."""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=PATIENCE_S)
        cookies = "; ".join(f"{k}={v}" for k, v in self._cookies.items())
        connection.request("GET", path, headers={"Cookie": cookies})
        try:
            response = connection.getresponse()
            assert response.status == 200, response.read()
            yield iter(response.readline, b"")
        finally:
            connection.close()

    def project(self, name: str = "Proof") -> str:
        """A new project's id."""
        return self.ask("POST", "/api/projects", {"name": name, "kind": "image"})["id"]

    def label(self, project: str, name: str) -> str:
        """A new label's id."""
        return self.ask("POST", f"/api/projects/{project}/labels", {"name": name})["id"]

    def show(self, project: str, label: str, pictures: Sequence[bytes]) -> list[str]:
        """Give pictures as files; the ids of the samples that the kit says it keeps."""
        return [sample["id"] for sample in self.keep(project, label, pictures)]

    def keep(self, project: str, label: str, pictures: Sequence[bytes]) -> list[dict[str, Any]]:
        """The same, with all that the kit says of these samples."""
        body, kind = form_of({"label_id": label, "source": "file"}, pictures)
        answer = self.ask("POST", f"/api/projects/{project}/samples", body, kind=kind)
        assert answer["refused"] == []
        return answer["samples"]

    def start_training(self, project: str) -> str:
        """The job's id."""
        return self.ask("POST", f"/api/projects/{project}/train", {})["job"]["id"]

    def train(self, project: str, *, limit_s: float = PATIENCE_S) -> int:
        """Train and wait; the model's number."""
        job = self.start_training(project)
        end = time.monotonic() + limit_s
        while True:
            found = self.ask("GET", f"/api/jobs/{job}")
            if found["state"] == "done":
                return self.ask("GET", f"/api/projects/{project}")["model"]["ref"]["number"]
            if found["state"] not in ("waiting", "running") or time.monotonic() > end:
                raise AssertionError(f"training is {found}")
            time.sleep(0.2)

    def teach(self, pictures: Mapping[str, Sequence[bytes]]) -> str:
        """A project with these labels and pictures, trained; its id."""
        project = self.project()
        for name, shown in pictures.items():
            self.show(project, self.label(project, name), shown)
        self.train(project)
        return project

    def answer(self, project: str, picture: bytes) -> dict[str, Any]:
        """What the model says of a picture."""
        path = f"/api/projects/{project}/predict"
        return self.ask("POST", path, picture, kind="image/jpeg")

    def samples(self, project: str) -> dict[str, str]:
        """Every sample of a project: id -> its picture's address."""
        found: dict[str, str] = {}
        before: int | None = None
        while True:
            after = "" if before is None else f"&before={before}"
            page = self.ask("GET", f"/api/projects/{project}/samples?limit=60{after}")
            found |= {sample["id"]: sample["picture_url"] for sample in page["samples"]}
            if not page["more"]:
                return found
            before = min(sample["sequence"] for sample in page["samples"])


def form_of(fields: Mapping[str, str], pictures: Sequence[bytes]) -> tuple[bytes, str]:
    """As a browser sends files: body and its kind."""
    edge = uuid.uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for number, picture in enumerate(pictures):
        head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; '
        head += f'filename="{number}.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        parts.append(head.encode() + picture + b"\r\n")
    return b"".join(parts) + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"
