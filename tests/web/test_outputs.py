"""Outputs and the self-test over HTTP: as described, refused in words, and whose they are."""

import pytest

from tests.web.conftest import HonestClient, joined, taught

LED = {"part": "led", "pins": [17]}


@pytest.fixture
def address(client: HonestClient, project: str) -> str:
    return f"/api/projects/{project}/outputs"


@pytest.fixture
def labels(client: HonestClient, project: str) -> dict[str, str]:
    return taught(client, project)


def test_a_wire_is_put_shown_changed_and_taken_off(client, address, labels):
    shown = client.get(address).json
    assert (shown["wires"], len(shown["header"])) == ([], 40)

    put = client.post(address, json={**LED, "label_id": labels["red"], "threshold": 0.7})
    assert put.status_code == 201
    [wire] = put.json["wires"]
    assert (wire["pins"], wire["threshold"]) == ([17], 0.7)

    body = {"id": wire["id"], "part": "servo", "pins": [18], "label_id": labels["blue"]}
    [changed] = client.post(address, json=body).json["wires"]
    assert (changed["id"], changed["part"], changed["pins"]) == (wire["id"], "servo", [18])

    assert client.delete(f"{address}/{wire['id']}").status_code == 204
    assert client.get(address).json["wires"] == []


def test_a_machine_without_pins_says_so_and_starts_nothing(client, address, labels):
    client.post(address, json={**LED, "label_id": labels["red"]})

    shown = client.get(address).json
    assert (shown["board"], shown["refusal"]["id"]) == (None, "board-not-a-pi")
    for deed in ("start", "w1/test"):
        refused = client.post(f"{address}/{deed}")
        assert refused.status_code == 503
        assert refused.json["error"]["id"] == "board-not-a-pi"
    assert client.post(f"{address}/stop").status_code == 204


@pytest.mark.parametrize(
    ("body", "status", "id"),
    [
        ({"pins": [99]}, 400, "pin-unknown"),
        ({"pins": [1]}, 400, "pin-not-free"),
        ({"pins": [10**30]}, 400, "pin-unknown"),
        ({"pins": ["17; reboot"]}, 422, "field-wrong"),
        ({"pins": list(range(9))}, 422, "field-wrong"),
        ({"part": "<script>"}, 400, "wire-wrong"),
        ({"threshold": -1}, 400, "wire-wrong"),
        ({"label_id": "nobody"}, 404, "label-missing"),
        ({"what": "else"}, 422, "field-wrong"),
    ],
)
def test_nonsense_is_refused_in_words(client, address, labels, body, status, id):
    refused = client.post(address, json={**LED, "label_id": labels["red"], **body})

    assert (refused.status_code, refused.json["error"]["id"]) == (status, id)
    assert client.get(address).json["wires"] == []


def test_another_groups_outputs_are_not_there(squirrel, owl):
    project = squirrel.post("/api/projects", json={"name": "Pebbles"}).json["id"]

    for method, path in (
        ("get", ""), ("post", "/start"), ("post", "/stop"), ("post", "/w1/test"), ("delete", "/w1"),
    ):  # fmt: skip
        answer = getattr(owl, method)(f"/api/projects/{project}/outputs{path}")
        assert (answer.status_code, answer.json["error"]["id"]) == (404, "project-missing")
    assert owl.get(f"/projects/{project}/outputs").status_code == 404
    assert squirrel.get(f"/projects/{project}/outputs").status_code == 200


def test_a_loans_counts_are_a_page_for_the_teacher(class_app, teacher):
    group = joined(class_app, "fox")
    group.post("/api/projects", json={"name": "Pebbles of Zélie"})

    assert group.get("/loan").status_code == 403
    page = teacher.get("/loan?lang=en").text

    assert "Lessons" in page
    assert "Joules measured" in page
    assert "Zélie" not in page


def test_in_a_class_the_self_test_is_the_teachers(class_app, teacher):
    fox = joined(class_app, "fox")

    for method in ("get", "post"):
        refused = getattr(fox, method)("/api/doctor")
        assert (refused.status_code, refused.json["error"]["id"]) == (403, "teachers-only")
    report = teacher.post("/api/doctor")

    assert report.status_code == 200
    assert report.json["good"] is True
    assert {one["part"] for one in report.json["findings"]} >= {"models", "power", "clock", "wear"}
    assert teacher.get("/api/doctor").json["report"] == report.json
