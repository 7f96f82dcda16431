"""The kit's microphone over HTTP: what it is, whose turn it is, and the news of both."""

import threading

import pytest

from kit.core.types import Actor, Role
from kit.settings import Settings
from tests.support.waiting import wait_until

from .conftest import joined, over, running

LOCAL = Actor(Role.LOCAL)


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    """A class whose kit has a microphone in a quiet room."""
    settings = Settings(
        data=tmp_path_factory.mktemp("heard"), camera="none", microphone="fake", host="0.0.0.0"
    )
    yield from running(settings)


@pytest.fixture
def client(kit):
    return joined(over(kit), "owl")


@pytest.fixture
def otters(kit):
    """The otters record, until the test lets them stop."""
    enough = threading.Event()
    recorder = threading.Thread(
        target=kit.microphone.record, args=(60, "otter"), kwargs={"stop": enough.is_set}
    )
    recorder.start()
    wait_until(lambda: kit.microphone.status().taken_by == "otter")
    yield recorder
    enough.set()
    recorder.join(10)


def test_it_says_what_it_is_and_asking_switches_nothing_on(client, kit):
    told = client.get("/api/microphone").json

    assert (told["state"], told["settings"], told["taken_by"]) == ("off", {"name": "fake"}, None)
    assert told["rate_hz"] == 0
    assert kit.microphone.status().state == "off"


def test_everybody_hears_whose_turn_it_is_at_once(client, kit, otters):
    told = client.get("/api/microphone").json
    assert told["taken_by"] == {"animal": "otter"}

    answer = client.put("/api/microphone", json={"name": "none"})

    assert answer.status_code == 409
    assert answer.json["error"]["id"] == "microphone-taken"
    assert answer.json["error"]["values"] == {"animal": "otter"}
    assert "Another group is recording" in answer.json["error"]["message"]


def test_the_lamp_goes_on_and_out_in_the_news(kit):
    library = kit.library
    studio = library.open(LOCAL, library.create(LOCAL, "Claps").id)
    lamps = []

    with studio.subscribe(LOCAL) as news:
        recorder = threading.Thread(target=kit.microphone.record, args=(0.6, "otter"))
        recorder.start()

        def seen(lamp):
            event = news.next(0.1)
            if event is not None and event.kind == "microphone":
                lamps.append((event.data["state"], event.data["taken_by"]))
            return any(taken_by == lamp for _, taken_by in lamps)

        wait_until(lambda: seen({"animal": "otter"}))
        recorder.join(10)
        wait_until(lambda: seen(None) and lamps[-1] == ("live", None))


def test_no_microphone_is_a_choice_that_is_said_in_words(client, kit):
    none = client.put("/api/microphone", json={"name": "none"}, headers={"Accept-Language": "fr"})
    unknown = client.put("/api/microphone", json={"name": "gramophone"})
    back = client.put("/api/microphone", json={"name": "fake"})

    assert none.json["message_id"] == "microphone-none"
    assert none.json["message"].startswith("Aucun micro")
    assert (unknown.status_code, unknown.json["error"]["id"]) == (400, "microphone-unknown")
    assert back.json["settings"] == {"name": "fake"}


def test_a_name_is_text(client):
    assert client.put("/api/microphone", json={"name": 4}).status_code == 422
    assert client.put("/api/microphone", json={}).status_code == 422
