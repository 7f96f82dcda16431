"""Bad input gets a clear error and loses nothing."""

import errno
import io
import os
import re
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.codecs.picture import encode_picture
from tests.web.conftest import photo, taught, upload

SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("x" * 5000, "name-too-long"),
        ("", "name-empty"),
        ("   ", "name-empty"),
        ("a\u0007b", "name-not-text"),
        ("\u202egnirts", "name-not-text"),
    ],
)
def test_a_label_that_is_none_is_refused(client, project, name, id):
    answer = client.post(f"/api/projects/{project}/labels", json={"name": name})

    assert answer.status_code == 400
    assert answer.json["error"]["id"] == id
    assert client.get(f"/api/projects/{project}").json["labels"] == []


@pytest.mark.parametrize("name", ["\ud800", "a\0b"])
def test_half_a_character_is_refused_before_it_reaches_the_disk(client, project, name):
    answer = client.post(f"/api/projects/{project}/labels", json={"name": name})

    assert answer.status_code == 422


def test_a_label_that_is_a_script_is_only_a_word(client, project):
    made = client.post(f"/api/projects/{project}/labels", json={"name": SCRIPT})
    client.patch(f"/api/projects/{project}", json={"name": SCRIPT})
    page = client.get(f"/projects/{project}", headers={"Accept": "text/html"}).text

    assert made.json["name"] == SCRIPT
    assert SCRIPT not in page
    assert "alert(1)" in page  # it is there, as a word
    home = client.get("/", headers={"Accept": "text/html"}).text
    assert SCRIPT not in home


@pytest.mark.parametrize(
    ("data", "id"),
    [
        (b"", "picture-empty"),
        (b"hello, I am a text", "picture-not-a-picture"),
        (photo((200, 30, 30))[:500], "picture-damaged"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "picture-heic"),
    ],
)
def test_a_file_that_is_no_picture(client, project, data, id):
    label = client.post(f"/api/projects/{project}/labels", json={"name": "cup"}).json["id"]

    assert upload(client, project, label, data).json["error"]["id"] == id


def test_a_png_bomb_costs_nothing(client, project):
    label = client.post(f"/api/projects/{project}/labels", json={"name": "cup"}).json["id"]

    answer = upload(client, project, label, png_header(20_000, 20_000))

    assert answer.status_code == 413
    assert answer.json["error"]["id"] == "picture-too-large"


def test_a_photo_of_many_chunks_is_kept(client, project):
    label = client.post(f"/api/projects/{project}/labels", json={"name": "cup"}).json["id"]
    noise = np.random.default_rng(0).integers(0, 256, (400, 500, 3), np.uint8)
    large = encode_picture(noise, quality=95)  # some 250 KB, line breaks among them as in any photo

    answer = upload(client, project, label, large)

    assert answer.status_code == 201, answer.json


def test_a_form_without_what_it_needs(client, project):
    label = client.post(f"/api/projects/{project}/labels", json={"name": "cup"}).json["id"]
    samples = f"/api/projects/{project}/samples"

    assert client.post(samples, data={}).status_code == 400
    assert client.post(samples, data={"label_id": label}).status_code == 400
    assert client.post(samples, json={"label_id": label}).status_code == 400
    assert upload(client, project, label, photo((1, 2, 3)), source="the moon").status_code == 400
    assert upload(client, project, "l-none", photo((1, 2, 3))).status_code == 404
    too_many = upload(client, project, label, *[b"x"] * 61)
    assert too_many.json["error"]["id"] == "too-many-files"


def test_a_zip_that_is_none_is_said_by_its_job(client, local_kit):
    sent = {"file": (io.BytesIO(b"not a zip"), "x.zip")}
    before = client.get("/api/projects").json

    answer = client.post("/api/projects/import", data=sent)
    local_kit.jobs.wait(answer.json["job"]["id"])
    job = client.get(f"/api/jobs/{answer.json['job']['id']}").json

    assert job["state"] == "failed"
    assert job["error"]["message"]
    assert client.get("/api/projects").json == before


@pytest.mark.parametrize("body", ["[" * 60_000, "1" * 60_000], ids=["deep", "long"])
def test_json_that_nobody_can_read_is_refused(client, project, body):
    for path in ("/api/projects", f"/api/projects/{project}/predict"):
        answer = client.post(path, data=body, content_type="application/json")

        assert answer.status_code == 400, path
        assert answer.json["error"]["id"] == "request-unreadable"


def test_a_full_disk_is_said_where_a_file_passes_it(client, project, local_kit, monkeypatch):
    def on_a_full_disk(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(local_kit.library, "export_project", on_a_full_disk)

    answer = client.get(f"/api/projects/{project}/export")

    assert answer.status_code == 503
    assert answer.json["error"]["id"] == "disk-full"


def test_two_browsers_delete_the_same_sample(client, project):
    taught(client, project)
    sample = client.get(f"/api/projects/{project}/samples").json["samples"][0]["id"]

    first = client.post(f"/api/projects/{project}/samples/remove", json={"ids": [sample]})
    second = client.post(f"/api/projects/{project}/samples/remove", json={"ids": [sample]})

    assert (first.status_code, second.status_code) == (204, 204)


def test_errors_are_said_in_the_language_asked_for(client):
    french = client.get("/api/projects/p-none", headers={"Accept-Language": "fr"}).json["error"]
    english = client.get("/api/projects/p-none", headers={"Accept-Language": "en"}).json["error"]

    assert french["id"] == english["id"]
    assert french["message"] != english["message"]
    remembered = client.get("/?lang=fr")
    assert "lang=fr" in remembered.headers["Set-Cookie"]
    assert client.get("/api/session").json["language"] == "fr"


@pytest.fixture(scope="module")
def operations(local_kit):
    """Every operation of the description, over a project that is there."""
    from tests.web.conftest import over

    app = over(local_kit)
    client = app.test_client()
    project = client.post("/api/projects", json={"name": "Fuzzed"}).json["id"]
    spec = client.get("/api/openapi.json").json
    found = [
        (method.upper(), path, operation)
        for path, operations in spec["paths"].items()
        for method, operation in operations.items()
        if method in ("get", "post", "put", "patch", "delete")
        and not path.endswith(("/events", "/camera/picture", "/projects/example", "/burst"))
    ]
    return client, project, found


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(st.characters(), max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
WORD = st.text(
    st.characters(codec="utf-8", exclude_characters="/?#"),  # half a character has no address
    min_size=1,
    max_size=30,
)


@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_nothing_that_comes_in_breaks_the_server(operations, data):
    """Any value in any place of any route: an answer as described, never a 500."""
    client, project, found = operations
    method, template, _ = data.draw(st.sampled_from(found))
    if (method, template) == ("DELETE", "/api/projects/{project_id}"):
        template += "x"  # the others still need it
    known = {"project_id": st.just(project), "number": st.integers(0, 10**7).map(str)}
    path = re.sub(r"\{(\w+)\}", lambda m: data.draw(known.get(m[1], WORD)), template)
    fields = ("name", "label_id", "ids", "threshold", "animal", "code", "confirm", "hours", "kind",
              "is_nothing", "camera", "sample_id", "mirror", "width", "activity", "hearing",
              "hands", "blur_faces", "start_ms", "seconds", "microphone")  # fmt: skip
    body = data.draw(JSON | st.dictionaries(st.sampled_from(fields), JSON, max_size=3))
    query = data.draw(
        st.dictionaries(
            st.sampled_from(
                ["label_id", "before", "limit", "thumb", "true", "predicted", "lang", "whole", "v"]
            ),
            st.text(max_size=25) | st.integers().map(str),
            max_size=2,
        )
    )
    if template.endswith("/camera") and method == "PUT" and isinstance(body, dict):
        body.pop("name", None)  # a real camera of this machine is nobody's to try

    answer = client.open(path, method=method, json=body, query_string=query)

    assert answer.status_code < 500 or answer.json["error"]["id"] != "something-broke"


def png_header(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and is hardly more than that."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return len(data).to_bytes(4, "big") + checked + zlib.crc32(checked).to_bytes(4, "big")

    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    rows = zlib.compress(b"\0" * 100_000)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", size + b"\x08\x02\0\0\0")
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )
