"""No face that was found is written: sample photographs go in by every door of a real kit.

What the kit keeps is decoded and searched with the very network that covers; the photographs' own
bytes are looked for in every file of the data folder, database and log included.
"""

import importlib.util
import io
import logging
import zipfile
from pathlib import Path

import numpy as np
import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from kit.codecs.picture import decode_picture, encode_picture
from kit.core.types import Actor, Role
from kit.engine.faces_runtime import FaceCover
from tests.engine.test_faces_runtime import FRONTAL, OPENCV
from tests.web.conftest import upload

SLICE = 48
"""Bytes in a row, of which no two pictures share a run."""


@pytest.fixture(scope="module")
def face_cover(checkout):
    return FaceCover(checkout / "models")


@pytest.fixture(scope="module")
def photographs():
    """Those of `tests/engine/test_faces_runtime.py` with a face from the front, by their names."""
    found = {name: OPENCV / name for name in FRONTAL}
    skimage = importlib.util.find_spec("skimage")
    if skimage is not None:
        found["astronaut.png"] = Path(skimage.origin).parent / "data" / "astronaut.png"
    there = {
        name: encode_picture(decode_picture(path.read_bytes(), max_side=630), quality=80)
        for name, path in found.items()
        if path.is_file()
    }
    if not there:
        pytest.skip("neither the Debian package opencv-doc nor scikit-image is here")
    return there


def kept_pictures(folder):
    return [path.read_bytes() for path in (folder / "media").rglob("*.jpg")]


def faces_in(face_cover, data):
    return face_cover.cover(decode_picture(data, max_side=640))[1]


def traces(folder, photographs):
    """Names of photographs of whose own bytes some stand in a file of the folder."""
    everything = b"\0".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return [
        name
        for name, data in photographs.items()
        if any(data[at : at + SLICE] in everything for at in range(1000, len(data) - SLICE, 997))
    ]


def test_an_uploaded_photograph_is_kept_without_its_face(
    client, local_kit, project, photographs, face_cover, caplog
):
    caplog.set_level(logging.DEBUG)
    label = client.post(f"/api/projects/{project}/labels", json={"name": "people"}).json["id"]
    assert all(faces_in(face_cover, data) for data in photographs.values())

    for source in ("file", "browser camera", "film", "example"):
        sent = upload(client, project, label, *photographs.values(), source=source)
        assert sent.status_code == 201

    kept = kept_pictures(local_kit.settings.data)
    assert len(kept) >= len(photographs)
    assert [faces_in(face_cover, data) for data in kept] == [0] * len(kept)
    assert traces(local_kit.settings.data, photographs) == []
    assert "JFIF" not in caplog.text and "\\xff\\xd8" not in caplog.text


def test_photographs_in_a_zip_come_in_without_their_faces(
    client, local_kit, photographs, face_cover
):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in photographs.items():
            archive.writestr(f"people/{name}", data)
        archive.writestr("again/one.jpg", data)
    file.seek(0)
    data = {"file": (file, "people.zip")}

    job = client.post("/api/projects/import", data=data).json["job"]
    ended = local_kit.jobs.wait(job["id"])

    assert ended.error is None and ended.result["samples"] == len(photographs) + 1
    kept = kept_pictures(local_kit.settings.data)
    assert [faces_in(face_cover, data) for data in kept] == [0] * len(kept)
    assert traces(local_kit.settings.data, photographs) == []


def test_a_class_sized_upload_never_waits_on_the_disk(client, project, photographs, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a file was made for what is being sent")

    label = client.post(f"/api/projects/{project}/labels", json={"name": "people"}).json["id"]
    noise = np.random.default_rng(1).integers(0, 255, (1200, 1600, 3), np.uint8)
    large = encode_picture(noise)
    assert len(large) > 1_000_000  # werkzeug would write from half of that on
    data = {"label_id": label, "files": FileStorage(io.BytesIO(large), "large.jpg")}
    boundary, body = encode_multipart(data)
    content_type = f"multipart/form-data; boundary={boundary}"
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)

    answer = client.post(f"/api/projects/{project}/samples", data=body, content_type=content_type)

    assert answer.status_code == 201


def test_where_it_was_switched_off_faces_are_kept_so_the_search_finds_them(
    client, local_kit, project, photographs, face_cover
):
    client.patch(f"/api/projects/{project}", json={"blur_faces": "never"})
    label = client.post(f"/api/projects/{project}/labels", json={"name": "people"}).json["id"]

    upload(client, project, label, *photographs.values())

    studio = local_kit.library.open(Actor(Role.LOCAL), project)
    kept = [
        studio.picture(Actor(Role.LOCAL), s.id)[0]
        for s in studio.samples(Actor(Role.LOCAL)).samples
    ]
    assert all(faces_in(face_cover, data) for data in kept)
    client.delete(f"/api/projects/{project}")
