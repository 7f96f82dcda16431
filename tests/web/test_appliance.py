"""Wi-Fi, clock and switch over HTTP: for the teacher, and where there is such a machine only."""

import json
import os
import re
import time

import pytest

from kit.app import Kit
from kit.core.appliance import Word
from kit.devices.appliance_fake import PASSWORD
from kit.settings import Settings
from kit.storage.watch import Trouble
from tests.web.conftest import joined, over, running

TABLET = {"REMOTE_ADDR": "10.42.0.17"}
NOON_S = 1_795_521_600
DEEDS = [
    ("get", "/api/appliance", None),
    ("post", "/api/appliance/wifi", {"on": False}),
    ("put", "/api/appliance/wifi-at-class-end", {"off": False}),
    ("post", "/api/appliance/clock", {"wall_s": NOON_S, "zone": "Europe/Paris"}),
    ("post", "/api/appliance/power", {"deed": "off", "confirm": True}),
]


@pytest.fixture(scope="module")
def own_kit(tmp_path_factory):
    """A kit on its own image, as far as it can tell; with a class."""
    data = tmp_path_factory.mktemp("appliance")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", os.environ.get("TZ", "UTC"))  # an appliance sets it for its process
        yield from running(Settings(data=data, camera="none", host="0.0.0.0", appliance="fake"))
    time.tzset()


@pytest.fixture
def own_app(own_kit):
    own_kit.appliance.asked.clear()
    own_kit.appliance.answer_again()
    return over(own_kit)


@pytest.fixture
def teacher(own_app, own_kit: Kit):
    client = own_app.test_client()
    client.environ_base.update(TABLET)
    code = {"code": own_kit.classroom.code}
    assert client.post("/api/session/teacher", json=code).status_code == 200
    return client


@pytest.fixture
def owls(own_app):
    client = joined(own_app, "owl")
    client.environ_base.update(TABLET)
    return client


@pytest.mark.parametrize(("method", "path", "body"), DEEDS)
def test_a_group_may_not(owls, own_kit, method, path, body):
    answer = getattr(owls, method)(path, json=body)

    assert answer.status_code == 403
    assert answer.json["error"]["id"] == "teachers-only"
    assert own_kit.appliance.asked == []


@pytest.mark.parametrize(("method", "path", "body"), DEEDS)
def test_on_a_computer_there_is_nothing_to_do(client, method, path, body):
    answer = getattr(client, method)(path, json=body)

    assert answer.status_code == 404
    assert answer.json["error"]["id"] == "appliance-none"


def test_a_computers_pages_say_nothing_of_it(client):
    assert 'data-part="appliance"' not in client.get("/teacher").text
    for page in ("/", "/teacher", "/privacy"):
        assert "left the room" not in client.get(page).text


def test_the_teacher_sees_and_switches(teacher, own_kit):
    state = teacher.get("/api/appliance").json
    assert (state["wifi"], state["wifi_on"], state["wifi_off_at_class_end"]) == ("own", True, True)
    assert state["left"] == {"names": 0, "time": 0, "web": 0, "other": 0}
    assert state["zone"] == "Europe/Paris"

    assert teacher.post("/api/appliance/wifi", json={"on": False}).status_code == 204
    assert teacher.get("/api/appliance").json["wifi_on"] is False
    assert teacher.post("/api/appliance/wifi", json={"on": True}).status_code == 204
    chosen = teacher.put("/api/appliance/wifi-at-class-end", json={"off": False})
    assert chosen.json["wifi_off_at_class_end"] is False
    assert [word for word, _ in own_kit.appliance.asked] == [Word.WIFI_OFF, Word.WIFI_ON]


def test_before_the_kit_itself_the_wifi_goes_on_without_a_code_but_not_off(own_app, own_kit):
    there = own_app.test_client()  # Flask's own client is on loopback

    assert there.post("/api/appliance/wifi", json={"on": True}).status_code == 204
    refused = there.post("/api/appliance/wifi", json={"on": False})

    assert refused.status_code in (401, 403)
    assert own_kit.appliance.asked == [(Word.WIFI_ON, None)]


def test_the_clock_is_set_by_the_teachers_screen(teacher, own_kit):
    zone = {"zone": "Europe/Paris"}

    assert teacher.post("/api/appliance/clock", json={"wall_s": NOON_S, **zone}).status_code == 200
    wrong = teacher.post("/api/appliance/clock", json={"wall_s": 12, **zone})

    assert own_kit.appliance.asked == [(Word.SET_CLOCK, NOON_S)]
    assert (wrong.status_code, wrong.json["error"]["id"]) == (400, "clock-implausible")


def test_switching_off_has_to_be_meant(teacher, own_kit):
    half = teacher.post("/api/appliance/power", json={"deed": "off", "confirm": False})
    assert half.json["error"]["id"] == "confirm-power"

    teacher.post("/api/appliance/power", json={"deed": "restart", "confirm": True})

    assert own_kit.appliance.asked == [(Word.RESTART, None)]


def test_what_went_wrong_after_the_answer_is_said_in_words(teacher, own_kit):
    own_kit.appliance.hold_on_to_leases()
    try:
        teacher.post("/api/appliance/wifi", json={"on": False})
        problem = teacher.get("/api/appliance?lang=en").json["problem"]
    finally:
        own_kit.appliance._world["leases_stay"] = False
        teacher.post("/api/appliance/wifi", json={"on": True})

    assert problem["id"] == "leases-not-erased"
    assert "could not be erased" in problem["message"]
    assert teacher.get("/api/appliance").json["problem"] is None


def test_nobody_behind_the_door_is_said(teacher, own_kit):
    own_kit.appliance.fall_silent()

    answer = teacher.post("/api/appliance/wifi", json={"on": False})

    assert (answer.status_code, answer.json["error"]["id"]) == (503, "appliance-silent")


def test_another_sites_page_switches_nothing_off(teacher, own_kit):
    body = {"deed": "off", "confirm": True}
    answer = teacher.post(
        "/api/appliance/power", json=body, headers={"Origin": "http://evil.example"}
    )

    assert answer.status_code == 403
    assert own_kit.appliance.asked == []


@pytest.mark.parametrize(
    ("language", "nought", "some"),
    [
        ("en", "0 bytes have left the room", "1,576 bytes have left the room"),
        ("fr", "0 octet sorti de la salle", "1\u202f576 octets sortis de la salle"),
    ],
)
def test_every_page_says_what_left_and_how_many(teacher, own_kit, language, nought, some):
    for page in ("/", "/teacher", "/privacy", "/doctor"):
        assert nought in teacher.get(f"{page}?lang={language}").text

    own_kit.appliance.leak(76, "time")
    own_kit.appliance.leak(1500, "web")
    try:
        page = teacher.get(f"/privacy?lang={language}").text
        assert some in page
        assert re.search(r"123\)\W+76", page)  # the port, then how many bytes
    finally:
        own_kit.appliance.leak(-76, "time")
        own_kit.appliance.leak(-1500, "web")


def test_the_sheet_to_join_is_for_the_teacher_and_for_whoever_stands_there(own_app, teacher, owls):
    assert PASSWORD in teacher.get("/join").text
    assert PASSWORD in own_app.test_client().get("/join").text

    refused = owls.get("/join", headers={"Accept": "text/html"})

    assert refused.status_code == 403
    assert PASSWORD not in refused.text


def test_a_stranger_with_a_tablet_is_led_to_the_animals(own_app):
    stranger = own_app.test_client()
    stranger.environ_base.update(TABLET)

    answer = stranger.get("/join", headers={"Accept": "text/html"})

    assert answer.status_code == 303
    assert PASSWORD not in answer.text


def test_a_card_in_trouble_is_said_on_every_page_and_to_programs(owls, teacher, own_kit):
    watch = own_kit.watch
    watch._trouble = Trouble("data-went-read-only")
    try:
        for page in ("/", "/privacy"):
            assert "can no longer be written to" in owls.get(f"{page}?lang=en").text
        told = owls.get("/api/health").json["troubles"]
        assert [one["id"] for one in told] == ["data-went-read-only"]

        watch._trouble = Trouble("space-little", {"free_mb": 120}, teachers_only=True)
        assert owls.get("/api/health").json["troubles"] == []
        assert "120 MB" in teacher.get("/teacher?lang=en").text
    finally:
        watch._trouble = None
    assert "written to" not in owls.get("/?lang=en").text


def test_an_error_of_the_card_makes_the_kit_look(client, local_kit, project, monkeypatch):
    from kit.core.errors import Unavailable

    def refuse(*_, **__):
        raise Unavailable("data-folder-not-writable", "read-only file system")

    seen = []
    monkeypatch.setattr(type(local_kit.watch), "suspect", lambda self, id: seen.append(id))
    monkeypatch.setattr(type(local_kit.library), "create", refuse)

    assert client.post("/api/projects", json={"name": "Cups"}).status_code == 503

    assert seen == ["data-folder-not-writable"]


def test_the_class_ends_over_http_and_its_screens_are_forgotten(teacher, owls, own_kit):
    teacher.post("/api/class/end", json={"confirm": True})

    deadline_s = time.monotonic() + 5
    while not own_kit.appliance.asked and time.monotonic() < deadline_s:
        time.sleep(0.01)
    assert own_kit.appliance.asked[0][0] in (Word.WIFI_OFF, Word.ERASE_LEASES)


def test_pages_hear_of_trouble_and_of_its_end(own_kit):
    told = []
    real = own_kit.events.publish_everywhere
    own_kit.events.publish_everywhere = lambda kind, data: told.append((kind, json.dumps(data)))
    try:
        own_kit._tell_trouble(Trouble("data-full"))
        own_kit._tell_trouble(Trouble("space-little", {"free_mb": 10}, teachers_only=True))
        own_kit._tell_trouble(None)
    finally:
        own_kit.events.publish_everywhere = real

    full = '{"troubles": [{"id": "data-full", "values": {}}]}'
    assert told == [
        ("trouble", full),
        ("trouble", '{"troubles": []}'),
        ("trouble", '{"troubles": []}'),
    ]
