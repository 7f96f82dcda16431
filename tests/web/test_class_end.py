"""The end of a class: what it says goes, goes, and nobody is anybody any more."""

import time
from datetime import datetime

import pytest

from kit.app import Kit
from kit.settings import Settings
from tests.web.conftest import joined, over, running, taught


@pytest.fixture
def class_kit(tmp_path):
    yield from running(Settings(data=tmp_path, camera="none", host="0.0.0.0"))


def test_the_teacher_ends_the_class_and_every_session_is_void(class_kit: Kit):
    app = over(class_kit)
    squirrel = joined(app, "squirrel")
    project = squirrel.post("/api/projects", json={"name": "Ours"}).json["id"]
    taught(squirrel, project)
    teacher = app.test_client()
    teacher.post("/api/session/teacher", json={"code": class_kit.classroom.code})
    goes = teacher.get("/api/class").json["goes"]

    ended = teacher.post("/api/class/end", json={"confirm": True})

    assert goes["groups"] == 1
    assert goes["samples"] >= 12
    assert ended.status_code == 204
    assert squirrel.get("/api/session").json["actor"] is None
    assert squirrel.get(f"/api/projects/{project}").status_code == 401
    newcomers = joined(app, "squirrel")  # the next class picks the same animal
    assert newcomers.get(f"/api/projects/{project}").status_code == 404
    assert newcomers.get("/api/projects").json["projects"] == []


def test_a_class_is_prolonged(class_kit: Kit):
    app = over(class_kit)
    joined(app, "owl")
    teacher = app.test_client()
    teacher.post("/api/session/teacher", json={"code": class_kit.classroom.code})

    before = teacher.get("/api/class").json

    prolonged = teacher.post("/api/class/prolong", json={"hours": 48}).json

    assert not before["prolonged"]
    assert prolonged["prolonged"]
    assert datetime.fromisoformat(prolonged["ends_at"]) > datetime.fromisoformat(before["ends_at"])
    assert teacher.post("/api/class/prolong", json={"hours": -1}).status_code == 400
    assert teacher.post("/api/class/prolong", json={"hours": 10**9}).status_code == 400


def test_a_new_start_asks_for_the_new_code(tmp_path):
    cookies = []
    for _ in range(2):
        for kit in running(Settings(data=tmp_path, camera="none", host="0.0.0.0")):
            client = over(kit).test_client()
            if cookies:
                client.set_cookie("kit", cookies[0])
                assert client.get("/api/session").json["teacher"] is False
            else:
                client.post("/api/session/teacher", json={"code": kit.classroom.code})
                cookies.append(client.get_cookie("kit").value)
                assert client.get("/api/session").json["teacher"] is True


@pytest.mark.parametrize("jump_s", [-3600.0, 60 * 365 * 86400.0])
def test_a_clock_that_is_set_in_the_lesson_makes_nobody_a_stranger(squirrel, monkeypatch, jump_s):
    now_s = time.time()
    monkeypatch.setattr(time, "time", lambda: now_s + jump_s)

    assert squirrel.get("/api/session").json["animal"] == "squirrel"
