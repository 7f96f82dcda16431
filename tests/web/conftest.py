"""A real kit behind Flask's test client; each answer is held against the API's description."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from kit.app import Kit
from kit.codecs.picture import encode_picture
from kit.settings import Settings
from kit.web import Doors, create_app


class HonestClient(FlaskClient):
    """A browser on the kit's own page that refuses answers which are not as described."""

    spec: dict[str, Any]

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        own = {"Origin": "http://localhost"}
        kwargs["headers"] = {**own, **dict(kwargs.get("headers") or {})}
        kwargs.setdefault("buffered", True)  # files that are sent are closed at once
        response = super().open(*args, **kwargs)
        check_described(self.spec, self.application, response)
        return response


def check_described(spec: dict[str, Any], app: Flask, response: TestResponse) -> None:
    """Raise unless status, type and body are what /api/openapi.json says."""
    request = response.request
    if not request.path.startswith("/api/") or request.path == "/api/openapi.json":
        return
    if response.mimetype == "application/json" and not 200 <= response.status_code < 300:
        validate(spec, {"$ref": "#/components/schemas/Error"}, response.json)
    with app.test_request_context(request.path, method=request.method) as context:
        rule = context.request.url_rule
    if rule is None:
        assert response.status_code in (308, 400, 403, 404, 405, 413)
        return
    path = rule.rule.replace("<int(max=999999):", "<").replace("<", "{").replace(">", "}")
    described = spec["paths"][path][request.method.lower()]["responses"]
    answer = described.get(str(response.status_code))
    if answer is None:
        assert response.status_code >= 400, f"{response.status_code} of {path} is not described"
        return
    for mimetype, content in answer.get("content", {}).items():
        if mimetype == response.mimetype == "application/json":
            validate(spec, content["schema"], response.json)
    if response.status_code < 300 and "content" in answer:
        assert response.mimetype in answer["content"]


def validate(spec: dict[str, Any], schema: dict[str, Any], body: Any) -> None:
    """Hold a body against a schema of the description."""
    Draft202012Validator({**schema, "components": spec["components"]}).validate(body)


@pytest.fixture(scope="module")
def local_kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    """A kit as on a teacher's own computer, with a camera that shows a table."""
    yield from running(Settings(data=tmp_path_factory.mktemp("local"), camera="fake"))


@pytest.fixture(scope="module")
def class_kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    """A kit that serves a class."""
    settings = Settings(data=tmp_path_factory.mktemp("class"), camera="none", host="0.0.0.0")
    yield from running(settings)


def running(settings: Settings) -> Iterator[Kit]:
    kit = Kit(settings)
    yield kit
    kit.close()


@pytest.fixture
def app(local_kit: Kit) -> Flask:
    """The web over the local kit."""
    return over(local_kit)


@pytest.fixture
def class_app(class_kit: Kit) -> Flask:
    """The web over the class's kit."""
    return over(class_kit)


def over(kit: Kit) -> Flask:
    app = create_app(kit.rooms(), Doors(secret=b"of this test", language="en"))
    app.test_client_class = HonestClient
    HonestClient.spec = app.test_client().get("/api/openapi.json").json
    return app


HonestClient.spec = {}


@pytest.fixture
def client(app: Flask) -> HonestClient:
    """Whoever sits at the kit."""
    return app.test_client()


@pytest.fixture
def squirrel(class_app: Flask) -> HonestClient:
    """A tablet of the squirrels."""
    return joined(class_app, "squirrel")


@pytest.fixture
def owl(class_app: Flask) -> HonestClient:
    """A tablet of another group."""
    return joined(class_app, "owl")


@pytest.fixture
def teacher(class_app: Flask, class_kit: Kit) -> HonestClient:
    """A browser that gave the code."""
    client = class_app.test_client()
    answer = client.post("/api/session/teacher", json={"code": class_kit.classroom.code})
    assert answer.status_code == 200
    return client


def joined(app: Flask, animal: str) -> HonestClient:
    client = app.test_client()
    assert client.post("/api/session/group", json={"animal": animal}).status_code == 200
    return client


def photo(colour: tuple[int, int, int], seed: int = 0) -> bytes:
    """A JPEG of one colour with a little noise, so that no two are the same."""
    noise = np.random.default_rng(seed).integers(-8, 8, (96, 128, 3))
    return encode_picture(np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8))


def upload(
    client: FlaskClient, project_id: str, label_id: str, *pictures: bytes, **form: str
) -> TestResponse:
    """Send pictures as the page does."""
    files = [(io.BytesIO(data), f"{n}.jpg") for n, data in enumerate(pictures)]
    data = {"label_id": label_id, "files": files, **form}
    return client.post(f"/api/projects/{project_id}/samples", data=data)


@pytest.fixture
def project(client: HonestClient) -> str:
    """An empty project of whoever sits at the kit."""
    return client.post("/api/projects", json={"name": "Cups"}).json["id"]


def taught(client: FlaskClient, project_id: str) -> dict[str, str]:
    """Show red and blue, three pictures in two showings each; label name -> id."""
    labels = {}
    for name, colour in (("red", (200, 30, 30)), ("blue", (30, 40, 200))):
        answer = client.post(f"/api/projects/{project_id}/labels", json={"name": name})
        labels[name] = answer.json["id"]
        for burst in ("one", "two"):
            pictures = [photo(colour, seed) for seed in range(3)]
            kept = upload(client, project_id, labels[name], *pictures, burst=f"{name} {burst}")
            assert kept.status_code == 201
    return labels


def trained(client: FlaskClient, kit: Kit, project_id: str) -> dict[str, Any]:
    """Train and wait; the job as it ended."""
    job = client.post(f"/api/projects/{project_id}/train").json["job"]
    kit.jobs.wait(job["id"])
    return client.get(f"/api/jobs/{job['id']}").json
