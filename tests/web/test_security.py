"""Who may do what: hosts, origins, groups, sizes. docs/security.md says the same in prose."""

import io
import re

import pytest
from flask import url_for
from flask.testing import FlaskClient

from kit.web.security import CONTENT_SECURITY_POLICY, UPLOAD_BYTES
from tests.web.conftest import joined, photo, taught, trained, upload


def test_every_answer_carries_the_headers(client, project):
    paths = ["/", f"/projects/{project}", "/privacy", "/static/css/base.css", "/api/session", "/x"]
    for path in paths:
        headers = client.get(path, headers={"Accept": "text/html"}).headers

        assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY, path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert "camera=(self)" in headers["Permissions-Policy"], path


def test_no_page_needs_inline_script_or_style(client, project):
    for path in ["/", f"/projects/{project}", "/teacher", "/privacy", "/nothing-here"]:
        page = client.get(path, headers={"Accept": "text/html"}).text

        assert "<html" in page, path
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page), path
        for script in re.findall(r"<script[^>]*>", page):
            assert "src=" in script or "application/json" in script, path


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost.evil.example"])
def test_a_foreign_name_for_this_machine_is_refused(client, host):
    answer = client.get("/api/session", headers={"Host": host})

    assert answer.status_code == 403
    assert answer.json["error"]["id"] == "other-host"


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "192.168.4.1"])
def test_own_names_and_addresses_are_answered(client, host):
    assert client.get("/api/session", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://localhost"},
        {"Origin": "http://localhost:9000"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_change_asked_for_by_another_site_is_refused(client, headers):
    answer = client.post("/api/projects", json={"name": "Stolen"}, headers=headers)

    assert answer.status_code == 403
    assert answer.json["error"]["id"] == "other-origin"
    names = [one["name"] for one in client.get("/api/projects").json["projects"]]
    assert "Stolen" not in names


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Referer": "http://localhost/"}, 201),
        ({"Referer": "http://localhost.evil.example/"}, 403),
        ({}, 201),
        ({"Cookie": "kit=anything"}, 403),
    ],
)
def test_without_an_origin_the_next_best_word_counts(app, headers, status):
    says_nothing_of_itself = FlaskClient(app, use_cookies=False)

    answer = says_nothing_of_itself.post("/api/projects", json={"name": "x"}, headers=headers)

    assert answer.status_code == status


def test_streams_and_pictures_are_not_for_other_sites(client):
    embedding = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}

    assert client.get("/camera.mjpeg", headers=embedding).status_code == 403
    assert client.get("/", headers=link).status_code == 200


def test_nothing_without_an_animal_in_a_class(class_app):
    nobody = class_app.test_client()
    nobody.environ_base = {**nobody.environ_base, "REMOTE_ADDR": "10.42.0.7"}  # a tablet

    for method, path in api_routes(class_app):
        if path.startswith(("/api/session", "/api/groups", "/api/health", "/api/openapi")):
            continue
        if path == "/api/screen":  # on the kit itself alone: tests/web/test_screen.py
            continue
        answer = nobody.open(path, method=method)
        assert answer.status_code == 401, f"{method} {path}"
        assert answer.json["error"]["id"] == "pick-a-group"
    assert nobody.get("/").status_code == 200
    assert nobody.get("/projects/p", headers={"Accept": "text/html"}).status_code == 303


def test_a_strangers_project_is_not_there_by_any_route(class_app, class_kit, squirrel, owl):
    """Every route with a project in it, found by reflection: none may be forgotten."""
    mine = squirrel.post("/api/projects", json={"name": "Ours"}).json["id"]
    taught(squirrel, mine)
    trained(squirrel, class_kit, mine)
    before = squirrel.get(f"/api/projects/{mine}").json
    routes = [route for route in api_routes(class_app, project_id=mine) if mine in route[1]]

    for method, path in routes:
        stolen = owl.open(path, method=method)
        missing = owl.open(path.replace(mine, "p-none"), method=method)
        assert stolen.status_code == 404, f"{method} {path}"
        assert stolen.json["error"]["id"] == missing.json["error"]["id"] == "project-missing"

    assert len(routes) >= 20
    page = owl.get(f"/projects/{mine}", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "Ours" not in page.text
    after = squirrel.get(f"/api/projects/{mine}").json
    assert {**after, "seq": 0} == {**before, "seq": 0}


def test_a_strangers_sample_and_label_are_not_there_through_ones_own_project(squirrel, owl):
    theirs = squirrel.post("/api/projects", json={"name": "Theirs"}).json["id"]
    label = taught(squirrel, theirs)["red"]
    sample = squirrel.get(f"/api/projects/{theirs}/samples").json["samples"][0]["id"]
    own = owl.post("/api/projects", json={"name": "Own"}).json["id"]
    own_label = taught(owl, own)["red"]
    base = f"/api/projects/{own}"
    before = squirrel.get(f"/api/projects/{theirs}").json

    asked = {
        "picture": owl.get(f"{base}/samples/{sample}/picture"),
        "explain": owl.post(f"{base}/explain", json={"sample_id": sample}),
        "rename": owl.patch(f"{base}/labels/{label}", json={"name": "mine now"}),
        "restore": owl.post(f"{base}/labels/{label}/restore"),
        "add": upload(owl, own, label, photo((1, 2, 3))),
        "burst": owl.post(f"{base}/burst", json={"label_id": label}),
        "move": owl.post(f"{base}/samples/move", json={"ids": [sample], "label_id": label}),
        "list": owl.get(f"{base}/samples?label_id={label}"),
    }
    owl.post(f"{base}/samples/move", json={"ids": [sample], "label_id": own_label})
    owl.post(f"{base}/samples/remove", json={"ids": [sample]})
    owl.delete(f"{base}/labels/{label}")

    for deed, answer in asked.items():
        assert answer.status_code in (404, 503), deed
        if answer.status_code == 404:
            assert answer.json["error"]["id"] in ("sample-missing", "label-missing"), deed
    after = squirrel.get(f"/api/projects/{theirs}").json
    assert {**after, "seq": 0} == {**before, "seq": 0}
    assert squirrel.get(f"/api/projects/{theirs}/samples/{sample}/picture").status_code == 200


def test_a_strangers_job_is_not_there(class_kit, squirrel, owl):
    project = squirrel.post("/api/projects", json={"name": "Ours"}).json["id"]
    taught(squirrel, project)
    job = trained(squirrel, class_kit, project)

    assert owl.get(f"/api/jobs/{job['id']}").status_code == 404
    assert owl.post(f"/api/jobs/{job['id']}/cancel").status_code == 404


def test_a_group_sees_its_own_projects_and_the_teacher_all(squirrel, owl, teacher):
    own = squirrel.post("/api/projects", json={"name": "Squirrels'"}).json["id"]

    assert own in ids_of(squirrel)
    assert own not in ids_of(owl)
    assert own in ids_of(teacher)


def test_a_forged_session_is_nobody(class_app, squirrel):
    forged = class_app.test_client()
    cookie = squirrel.get_cookie("kit").value
    payload, rest = cookie.split(".", 1)
    forged.set_cookie("kit", f"{payload[:-2]}AA.{rest}")

    assert forged.get("/api/session").json["actor"] is None


def test_the_session_cookie_is_for_this_site_and_for_no_script(class_app):
    answer = class_app.test_client().post("/api/session/group", json={"animal": "fox"})

    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_the_class_is_the_teachers(squirrel, teacher):
    assert squirrel.get("/api/class").status_code == 403
    assert squirrel.post("/api/class/prolong", json={"hours": 1}).status_code == 403
    assert squirrel.post("/api/class/end", json={"confirm": True}).status_code == 403
    assert teacher.get("/api/class").json["goes"]["groups"] >= 1
    assert teacher.post("/api/class/end", json={"confirm": False}).status_code == 400


def test_the_code_cannot_be_tried_for_long(class_app, class_kit):
    guesser = class_app.test_client()
    wrong = f"{(int(class_kit.classroom.code) + 1) % 10**6:06d}"
    far = {"REMOTE_ADDR": "192.168.4.66"}

    answers = [
        guesser.post("/api/session/teacher", json={"code": wrong}, environ_base=far)
        for _ in range(5)
    ]

    assert answers[0].status_code == 403
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert guesser.get("/api/session").json["teacher"] is False


def test_an_oversized_body_is_refused_before_it_is_read(client):
    class Unread(io.BytesIO):
        def read(self, *_):
            raise AssertionError("the body was read")

        readline = readinto = read

    answer = client.post(
        "/api/projects",
        input_stream=Unread(),
        content_type="application/json",
        environ_overrides={"CONTENT_LENGTH": "1000000000"},
    )

    assert answer.status_code == 413
    assert answer.json["error"]["id"] == "body-too-large"


def test_every_cap_names_a_route(app):
    assert UPLOAD_BYTES.keys() <= app.view_functions.keys()


def test_no_secret_and_no_traceback_in_an_answer(app, monkeypatch, client):
    def break_down(*_):
        raise RuntimeError("secret 12345 in /home/ada")

    monkeypatch.setattr(app.extensions["kit.rooms"].library, "list", break_down, raising=True)

    answer = client.get("/api/projects")

    assert answer.status_code == 500
    assert answer.json["error"]["id"] == "something-broke"
    assert "12345" not in answer.text
    assert "Traceback" not in answer.text


def test_errors_keep_their_status_and_their_shape(client, project):
    cases = {
        client.get("/api/nothing"): (404, "address-missing"),
        client.put("/api/projects"): (405, "method-refused"),
        client.post("/api/projects", data="name=x"): (415, "content-type-refused"),
        client.post("/api/projects", data="{", content_type="application/json"): (
            400,
            "request-unreadable",
        ),
        client.post("/api/projects", json={"name": 5}): (422, "field-wrong"),
        client.post("/api/projects", json=["name"]): (422, "field-wrong"),
        client.post("/api/projects", json={"name": "x", "who": "me"}): (422, "field-wrong"),
        client.get("/api/projects/p-none"): (404, "project-missing"),
        client.get(f"/api/projects/{project}/samples?limit=x"): (422, "field-wrong"),
    }
    for answer, expected in cases.items():
        assert (answer.status_code, answer.json["error"]["id"]) == expected
    assert "Allow" in client.put("/api/projects").headers


def test_there_is_no_debug_mode(app):
    assert not app.debug
    assert not app.testing


def api_routes(app, **known):
    """(method, path) of every route of the API, with made-up values in its address."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if not rule.rule.startswith("/api/"):
                continue
            values = {name: known.get(name, 1) for name in rule.arguments}
            path = url_for(rule.endpoint, **values)
            yield from ((method, path) for method in rule.methods - {"HEAD", "OPTIONS"})


def ids_of(client):
    return [one["id"] for one in client.get("/api/projects").json["projects"]]


def test_joining_again_changes_nothing(class_app, squirrel):
    project = squirrel.post("/api/projects", json={"name": "Ours"}).json["id"]

    second_tablet = joined(class_app, "squirrel")

    assert project in ids_of(second_tablet)
