"""The lab over the API: meters in words, from a bet to the table, and a kit that is booked."""

import io
import json
import threading
import time
import zipfile

import pytest

from kit.app import Kit
from kit.core.heads import SoftmaxRegression
from kit.core.types import JobState
from kit.experiments import HEADS
from kit.settings import Settings
from kit.web.api import WORKING
from tests.support.lab import BenchTable, SlowRunner
from tests.web.conftest import joined, over, photo, taught, upload


class Held:
    """A lab on a fake meter whose time goes on when the test lets it."""

    def __init__(self, folder, **settings):
        self.table = BenchTable()
        self.go = threading.Event()
        self.begun = threading.Event()
        bench = self.table.bench()
        runner = bench.runner

        def wait(size, **which):
            self.begun.set()
            assert self.go.wait(20)
            return runner(size, **which)

        object.__setattr__(bench, "runner", wait)
        self.kit = Kit(Settings(data=folder, camera="none", **settings), bench=bench)
        self.app = over(self.kit)


@pytest.fixture
def held(tmp_path):
    held = Held(tmp_path / "data")
    yield held
    held.go.set()
    held.kit.close()


@pytest.fixture
def browser(held):
    return held.app.test_client()


@pytest.fixture
def shown(browser):
    project = browser.post("/api/projects", json={"name": "Cups"}).json["id"]
    return project, taught(browser, project)


def test_meters_are_told_in_words(browser):
    answer = browser.get("/api/lab/meters?lang=fr").json

    assert answer["measures"]
    assert answer["chosen"]["label"] == "measured-input"
    assert answer["chosen"]["label_words"] == "mesuré à la prise de la carte"
    assert answer["chosen"]["blind_spots"]
    assert answer["chosen"]["rate_hz"] == 100


def test_from_a_bet_to_the_table(held, browser, shown):
    project, _labels = shown
    address = f"/api/projects/{project}/lab"
    bet = {"subject": "answer-160", "ms": 10.0, "mj": 40.0, "accuracy": 0.9}
    assert browser.put(f"{address}/bets", json=bet).status_code == 204
    assert browser.get(address).json["bets"] == [bet]
    held.go.set()

    started = browser.post(f"{address}/measure", json={"subject": "answer-160"})

    assert started.status_code == 202
    held.kit.jobs.wait(started.json["job"]["id"])
    lab = browser.get(address).json
    [row] = lab["results"]
    assert row["bet"] == {"ms": 10.0, "mj": 40.0, "accuracy": 0.9}
    assert row["energy"]["marginal_mj"]["value"] == pytest.approx(2600 * 0.02, rel=0.03)
    assert row["accuracy"]["n"] == 12
    assert (lab["bets"], lab["front_by"], lab["job"]) == ([], "energy", None)
    table = browser.get(f"{address}/results.csv")
    assert table.mimetype == "text/csv"
    assert "measured-input" in table.text


def test_while_it_measures_the_kit_says_so_and_takes_nothing_in(held, browser, shown, monkeypatch):
    project, labels = shown
    monkeypatch.setitem(WORKING, ("POST", "samples.add"), ("picture", 0.05))
    address = f"/api/projects/{project}/lab"
    job = browser.post(f"{address}/measure", json={"subject": "answer-160"}).json["job"]
    assert held.begun.wait(20)

    refused = upload(browser, project, labels["red"], photo((1, 2, 3)))
    news = browser.get(f"/api/projects/{project}/events", buffered=False)
    first = b"".join(piece for _, piece in zip(range(4), news.response, strict=False))
    news.close()
    assert browser.get(f"/api/projects/{project}").status_code == 200  # looking is free
    assert browser.get("/api/health").json["measuring"]
    burst = browser.post(f"/api/projects/{project}/burst", json={"label_id": labels["red"]})
    running = browser.get(address).json["job"]
    stopped = browser.post(f"{address}/stop")
    held.go.set()
    ended = held.kit.jobs.wait(job["id"])

    assert (refused.status_code, refused.json["error"]["id"]) == (503, "kit-measuring")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert burst.json["error"]["id"] == "kit-measuring"
    assert b"event: booking" in first
    assert running["id"] == job["id"]
    assert stopped.status_code == 200
    assert ended.state is JobState.CANCELLED
    assert browser.get(address).json["results"] == []
    assert upload(browser, project, labels["red"], photo((1, 2, 3))).status_code == 201


def test_pictures_that_come_meanwhile_wait_and_are_kept(held, browser, shown):
    project, labels = shown
    address = f"/api/projects/{project}/lab"
    browser.post(f"{address}/measure", json={"subject": "answer-160"})
    assert held.begun.wait(20)
    answers = []
    sender = threading.Thread(
        target=lambda: answers.append(
            upload(held.app.test_client(), project, labels["red"], photo((1, 2, 3)))
        )
    )

    sender.start()
    sender.join(0.2)
    assert not answers  # neither refused nor kept
    browser.post(f"{address}/stop")
    held.go.set()
    sender.join(20)

    assert [answer.status_code for answer in answers] == [201]


def test_the_power_line_comes_to_whoever_asks_for_it(held, browser, shown):
    project, _labels = shown
    held.table.meter._now = time.monotonic

    news = browser.get(f"/api/projects/{project}/events?power=1", buffered=False)
    heard = b""
    for piece in news.response:
        heard += piece
        if b"event: power" in heard:
            break
    news.close()

    assert b'"label":"measured-input"' in heard
    assert not held.kit.experiments._watch._lookers


def test_stopping_what_does_not_run_is_no_error(browser, shown):
    answer = browser.post(f"/api/projects/{shown[0]}/lab/stop")

    assert (answer.status_code, answer.json) == (200, {"job": None})


@pytest.mark.parametrize(
    ("body", "status", "id"),
    [
        ({"subject": "answer-7"}, 404, "lab-subject-unknown"),
        ({"subject": "answer-160", "mode": "forever"}, 400, "lab-mode-unknown"),
        ({}, 422, "field-wrong"),
    ],
)
def test_what_cannot_be_measured_is_refused(browser, shown, body, status, id):
    answer = browser.post(f"/api/projects/{shown[0]}/lab/measure", json=body)

    assert (answer.status_code, answer.json["error"]["id"]) == (status, id)


def test_a_bet_that_is_none_is_refused(browser, shown):
    bet = {"subject": "answer-160", "ms": -3}

    answer = browser.put(f"/api/projects/{shown[0]}/lab/bets", json=bet)

    assert (answer.status_code, answer.json["error"]["id"]) == (400, "lab-bet-wrong")


def test_in_a_class_the_teacher_starts_and_other_groups_see_nothing(tmp_path):
    held = Held(tmp_path / "data", host="0.0.0.0")
    held.go.set()
    try:
        squirrel, owl = joined(held.app, "squirrel"), joined(held.app, "owl")
        project = squirrel.post("/api/projects", json={"name": "Cups"}).json["id"]
        taught(squirrel, project)
        address = f"/api/projects/{project}/lab"

        refused = squirrel.post(f"{address}/measure", json={"subject": "answer-160"})
        assert refused.json["error"]["id"] == "lab-teacher-starts"
        assert not squirrel.get(address).json["may_start"]
        assert owl.get(address).status_code == 404
        page = owl.get(f"/projects/{project}/lab", headers={"Accept": "text/html"})
        assert page.status_code == 404

        teacher = held.app.test_client()
        teacher.post("/api/session/teacher", json={"code": held.kit.classroom.code})
        job = teacher.post(f"{address}/measure", json={"subject": "answer-160"}).json["job"]
        held.kit.jobs.wait(job["id"])
        assert len(squirrel.get(address).json["results"]) == 1
    finally:
        held.kit.close()


def test_a_passport_tells_the_energy_and_what_it_rests_on(held, browser, shown, monkeypatch):
    class Slow(SoftmaxRegression):
        """Teaching takes time and power, as on a board."""

        def fit(self, *taught):
            held.table.work(0.05)
            return super().fit(*taught)

    monkeypatch.setitem(HEADS, SoftmaxRegression.name, Slow)
    project, _labels = shown
    held.go.set()
    job = browser.post(f"/api/projects/{project}/train").json["job"]
    held.kit.jobs.wait(job["id"])
    [(_, model)] = held.kit.store.models(project)
    monkeypatch.setattr(SlowRunner, "hash", model["embedder"]["backbone_hash"])  # the same network
    address = f"/api/projects/{project}/models/1/export"

    def passport():
        archive = zipfile.ZipFile(io.BytesIO(browser.get(address).data))
        return json.loads(archive.read("passport.json"))["energyConsumption"]

    assert passport()["source"] == "none"
    body = {"subject": "answer-224"}
    job = browser.post(f"/api/projects/{project}/lab/measure", json=body).json["job"]
    held.kit.jobs.wait(job["id"])

    told = passport()

    assert told["source"] == "measured"
    whole, above = told["inferenceEnergyConsumption"]
    assert (whole["boundary"], above["boundary"]) == ("whole machine", "above idle")
    assert above["restsOn"] == "measured-input"
    assert above["energyQuantity"] * 1e9 == pytest.approx(2600 * 0.04, rel=0.03)
    assert told["trainingEnergyConsumption"] == []

    body = {"subject": "training"}
    job = browser.post(f"/api/projects/{project}/lab/measure", json=body).json["job"]
    held.kit.jobs.wait(job["id"])

    assert len(passport()["trainingEnergyConsumption"]) == 2
