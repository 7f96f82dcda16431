"""The walk over HTTP, as the page does it. Every answer is held against its description, too."""

import io
import json
import shutil
import zipfile
from collections import Counter
from dataclasses import replace

import pytest
from openapi_spec_validator import validate as validate_openapi

from kit.activities import find
from kit.resources import activities_dir
from kit.web import Doors, create_app
from tests.web.conftest import photo, taught, trained, upload

RED, BLUE = (200, 30, 30), (30, 40, 200)


def test_the_description_is_sound(client):
    spec = client.get("/api/openapi.json").json

    validate_openapi(spec)

    assert spec["openapi"] == "3.1.0"
    for path, operations in spec["paths"].items():
        for method in operations.keys() & {"get", "post", "put", "patch", "delete"}:
            assert operations[method]["summary"], f"{method} {path} says nothing of itself"


def test_a_pupil_teaches_red_and_blue(client, local_kit, project):
    labels = taught(client, project)

    job = trained(client, local_kit, project)
    answer = client.post(
        f"/api/projects/{project}/predict", data={"picture": (io.BytesIO(photo(RED, 9)), "r.jpg")}
    ).json
    state = client.get(f"/api/projects/{project}").json
    check = client.get(f"/api/projects/{project}/check").json

    assert job["state"] == "done"
    assert answer["label"] == "red"
    assert answer["label_id"] == labels["red"]
    assert answer["model"]["number"] == 1
    assert sum(answer["confidences"].values()) == pytest.approx(1, abs=1e-5)
    assert state["model"]["ref"] == answer["model"]
    assert [label["samples"] for label in state["labels"]] == [6, 6]
    assert [label["bursts"] for label in state["labels"]] == [2, 2]
    assert check["n"] == 12
    assert check["confusion"] == [[6, 0], [0, 6]]


def test_the_instant_model_answers_before_train(client, project):
    taught(client, project)

    blue = io.BytesIO(photo(BLUE, 9))
    answer = client.post(f"/api/projects/{project}/predict", data={"picture": (blue, "b.jpg")})

    assert answer.json["label"] == "blue"
    assert answer.json["model"]["number"] == 0


def test_a_picture_may_be_sent_as_it_is(client, project):
    taught(client, project)
    path, blue = f"/api/projects/{project}/predict", photo(BLUE, 9)

    bare = client.post(path, data=blue, content_type="image/jpeg").json
    in_a_form = client.post(path, data={"picture": (io.BytesIO(blue), "b.jpg")}).json
    nothing = client.post(path, data=b"", content_type="image/jpeg")

    assert bare["confidences"] == in_a_form["confidences"]
    assert (nothing.status_code, nothing.json["error"]["id"]) == (400, "picture-empty")


def test_one_cell_of_the_confusion_matrix_shows_its_pictures(client, local_kit, project):
    labels = taught(client, project)
    trained(client, local_kit, project)

    query = {"true": labels["red"], "predicted": labels["red"]}
    cell = client.get(f"/api/projects/{project}/check/cell", query_string=query).json

    assert len(cell["samples"]) == 6
    picture = client.get(cell["samples"][0]["picture_url"])
    assert picture.mimetype == "image/jpeg"
    assert picture.data[:2] == b"\xff\xd8"
    small = client.get(cell["samples"][0]["picture_url"] + "?thumb=1")
    assert len(small.data) < len(picture.data)


def test_what_counted_is_a_map_over_the_square(client, local_kit, project):
    taught(client, project)
    trained(client, local_kit, project)

    red = io.BytesIO(photo(RED, 9))
    explained = client.post(f"/api/projects/{project}/explain", data={"picture": (red, "r.jpg")})

    heat = explained.json["heat"]
    assert [len(row) for row in heat["values"]] == [heat["columns"]] * heat["rows"]
    square = explained.json["square"]
    assert square["width"] * 128 == pytest.approx(square["height"] * 96)
    assert len({sample["label_id"] for sample in explained.json["similar"]}) >= 1


def test_a_sample_is_explained_too(client, local_kit, project):
    taught(client, project)
    sample = client.get(f"/api/projects/{project}/samples").json["samples"][0]

    explained = client.post(f"/api/projects/{project}/explain", json={"sample_id": sample["id"]})

    assert explained.status_code == 200
    assert sample["id"] not in [one["id"] for one in explained.json["similar"]]


def test_samples_come_newest_first_in_pages(client, project):
    taught(client, project)

    first = client.get(f"/api/projects/{project}/samples?limit=5").json
    oldest = first["samples"][-1]["sequence"]
    rest = client.get(f"/api/projects/{project}/samples?limit=60&before={oldest}").json

    sequences = [sample["sequence"] for sample in first["samples"] + rest["samples"]]
    assert first["more"]
    assert not rest["more"]
    assert sequences == sorted(sequences, reverse=True)
    assert len(set(sequences)) == 12


def test_samples_move_go_and_come_back(client, project):
    labels = taught(client, project)
    base = f"/api/projects/{project}/samples"
    listed = client.get(f"{base}?label_id={labels['red']}").json["samples"]
    ids = [sample["id"] for sample in listed][:2]

    client.post(f"{base}/move", json={"ids": ids, "label_id": labels["blue"]})
    moved = counts(client, project)
    client.post(f"{base}/remove", json={"ids": ids})
    client.post(f"{base}/remove", json={"ids": ids})  # the second browser pressed it, too
    removed = counts(client, project)
    client.post(f"{base}/restore", json={"ids": ids})

    assert moved == [4, 8]
    assert removed == [4, 6]
    assert counts(client, project) == [4, 8]


def test_a_label_is_renamed_removed_and_restored(client, project):
    labels = taught(client, project)
    red = f"/api/projects/{project}/labels/{labels['red']}"

    renamed = client.patch(red, json={"name": "rouge"})
    gone = client.delete(red)
    without = counts(client, project)
    back = client.post(f"{red}/restore")

    assert renamed.json["name"] == "rouge"
    assert gone.status_code == 204
    assert without == [6]
    assert back.json["name"] == "rouge"
    assert sorted(counts(client, project)) == [6, 6]


def test_good_pictures_are_kept_when_others_are_refused(client, project):
    label = client.post(f"/api/projects/{project}/labels", json={"name": "cup"}).json["id"]

    answer = upload(client, project, label, photo(RED), b"hello, I am a text", photo(BLUE))

    assert answer.status_code == 201
    assert len(answer.json["samples"]) == 2
    [refused] = answer.json["refused"]
    assert refused["name"] == "1.jpg"
    assert refused["error"]["id"] == "picture-not-a-picture"
    assert counts(client, project) == [2]


def test_a_picture_that_is_none_is_an_error_in_words(client, project):
    label = client.post(f"/api/projects/{project}/labels", json={"name": "cup"}).json["id"]

    answer = upload(client, project, label, photo(RED)[:400])

    assert answer.status_code == 400
    assert answer.json["error"]["id"] == "picture-damaged"
    assert counts(client, project) == [0]


def test_a_burst_on_the_kits_camera(client, project):
    label = client.post(f"/api/projects/{project}/labels", json={"name": "table"}).json["id"]

    started = client.post(f"/api/projects/{project}/burst", json={"label_id": label})
    again = client.post(f"/api/projects/{project}/burst", json={"label_id": label})
    picture = client.get("/api/camera/picture")
    ended = client.delete(f"/api/projects/{project}/burst")

    assert started.status_code == 201
    assert again.status_code == 409
    assert picture.mimetype == "image/jpeg"
    assert ended.json["burst_id"] == started.json["burst_id"]
    assert counts(client, project) == [ended.json["samples"]]


def test_the_camera_is_set_for_everybody(client):
    before = client.get("/api/camera").json["settings"]

    changed = client.put("/api/camera", json={"mirror": True}).json["settings"]

    assert changed == {**before, "mirror": True}
    assert client.put("/api/camera", json={"rotate": 45}).status_code == 422


def test_a_threshold_is_set_and_given_back(client, project):
    taught(client, project)

    own = client.patch(f"/api/projects/{project}", json={"threshold": 0.9, "name": "Mugs"}).json
    back = client.patch(f"/api/projects/{project}", json={"threshold": None}).json

    assert own["project"]["threshold"] == 0.9
    assert own["project"]["name"] == "Mugs"
    assert back["project"]["threshold"] is None


def test_the_model_is_taken_away_whole(client, local_kit, project):
    taught(client, project)
    trained(client, local_kit, project)

    answer = client.get(f"/api/projects/{project}/models/1/export")

    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert set(archive.namelist()) == {"model.tflite", "labels.txt", "passport.json"}
        assert archive.read("labels.txt").decode().splitlines() == ["0 red", "1 blue"]
        assert json.loads(archive.read("passport.json"))
    assert "attachment" in answer.headers["Content-Disposition"]
    assert client.get(f"/api/projects/{project}/models/7/export").status_code == 404


def test_a_project_goes_out_and_comes_back(client, local_kit, project):
    taught(client, project)
    file = client.get(f"/api/projects/{project}/export")

    sent = {"file": (io.BytesIO(file.data), "cups.kit.zip")}
    job = client.post("/api/projects/import", data=sent).json["job"]
    local_kit.jobs.wait(job["id"])
    ended = client.get(f"/api/jobs/{job['id']}").json

    assert ended["state"] == "done"
    assert counts(client, ended["result"]["project_id"]) == [6, 6]


def test_a_project_is_duplicated_then_erased(client, project):
    taught(client, project)

    copy = client.post(f"/api/projects/{project}/duplicate", json={}).json
    client.delete(f"/api/projects/{project}")

    assert client.get(f"/api/projects/{project}").status_code == 404
    assert counts(client, copy["id"]) == [6, 6]
    assert project not in [one["id"] for one in client.get("/api/projects").json["projects"]]


def test_the_ready_example_speaks_the_requests_language(client):
    names = {
        language: client.post("/api/projects/example", headers={"Accept-Language": language}).json
        for language in ("fr", "en")
    }

    assert names["fr"]["is_example"]
    assert names["fr"]["name"] != names["en"]["name"]


def test_training_on_nothing_is_refused_in_words(client, project):
    answer = client.post(f"/api/projects/{project}/train")

    assert answer.status_code == 409
    assert answer.json["error"]["id"] == "need-two-labels"
    assert answer.json["error"]["message"]


def test_not_checked_yet_is_said(client, project):
    answer = client.get(f"/api/projects/{project}/check")

    assert answer.status_code == 404
    assert answer.json["error"]["id"] == "not-checked-yet"


def test_the_lessons_are_there_in_both_languages(client):
    [card] = [
        one for one in client.get("/api/activities").json["activities"] if one["name"] == "sort-it"
    ]
    french = client.get("/api/activities/sort-it?lang=fr").json

    assert card["refused"] is None
    assert french["steps"]
    assert french["title"] != card["title"]
    assert client.get("/api/activities/none").status_code == 404


def test_the_basket_holds_what_the_ready_example_has_not_seen(client, project):
    basket = client.get("/api/activities/sort-it?lang=fr").json["basket"]

    assert {one["label"] for one in basket} == {"verre", "papier", "canette"}
    assert {one["burst"] for one in basket}.isdisjoint({"jar-a", "ball-a", "soda-b"})
    seen_twice = Counter(one["object"] for one in basket)
    assert set(seen_twice.values()) == {2} and "can/lemon" in seen_twice

    [lemon] = [one for one in basket if one["burst"] == "lemon-a"]
    answers = [client.get(picture["url"]) for picture in lemon["pictures"]]
    assert len({answer.data for answer in answers}) == 5
    assert "private" in answers[0].headers["Cache-Control"]
    can = client.post(f"/api/projects/{project}/labels", json={"name": "can"}).json["id"]
    kept = upload(client, project, can, answers[0].data, source="example", burst="lemon-a")
    assert [one["source"] for one in kept.json["samples"]] == ["example"]


@pytest.mark.parametrize(
    "address",
    [
        "sort-it/pictures/can/lemon-a-9.jpg",
        "sort-it/pictures/glass/lemon-a-0.jpg",
        "sort-it/pictures/can/..%2Fcan%2Flemon-a-0.jpg",
        "sort-it/pictures/..%2F..%2Fsort-it/activity.toml",
        "sort-it/pictures/../activity.toml",
        "sort-it/pictures/%2e%2e/LICENSE",
        "none/pictures/can/lemon-a-0.jpg",
        "..%2Fsort-it/pictures/can/lemon-a-0.jpg",
    ],
)
def test_an_example_picture_is_named_never_reached_by_a_path(client, address):
    assert client.get(f"/api/activities/{address}").status_code == 404


def test_a_broken_lesson_gives_no_picture(local_kit, tmp_path):
    shutil.copytree(activities_dir() / "sort-it", tmp_path / "sort-it")
    (tmp_path / "sort-it" / "notice.fr.md").unlink()
    rooms = replace(local_kit.rooms(), activities=lambda: find(tmp_path))
    client = create_app(rooms, Doors(secret=b"of this test")).test_client()

    [card] = client.get("/api/activities").json["activities"]

    assert card["refused"]
    assert client.get("/api/activities/sort-it").status_code == 404
    answer = client.get("/api/activities/sort-it/pictures/can/lemon-a-0.jpg")
    assert answer.status_code == 404 and answer.json["error"]["id"] == "activity-missing"


def counts(client, project_id):
    state = client.get(f"/api/projects/{project_id}").json
    return [label["samples"] for label in state["labels"]]
