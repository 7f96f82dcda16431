"""The screen plugged into the kit: who may open it, what it says, who its browser becomes."""

import json
import os
import re
import time
from dataclasses import replace

import pytest

from kit.app import Kit
from kit.cli.joining import joining
from kit.cli.machine import software_notices
from kit.core.appliance import Status
from kit.core.types import Role
from kit.devices.appliance_fake import NAME, PASSWORD, FakeAppliance
from kit.settings import Settings
from kit.web import Doors, create_app
from kit.web.at_the_kit import HERE_S, MOST, Presence, is_loopback
from tests.web.conftest import joined

HTML = {"Accept": "text/html"}
TABLET = {"REMOTE_ADDR": "10.42.0.7"}
CLASS = Settings(host="0.0.0.0", port=80)


def at(client, address):
    client.environ_base = {**client.environ_base, "REMOTE_ADDR": address}
    return client


def test_only_the_kit_itself_may_open_it(class_app):
    tablet = at(class_app.test_client(), "10.42.0.7")

    assert tablet.get("/screen", headers=HTML).status_code == 403
    assert tablet.get("/api/screen").status_code == 403
    sat = tablet.post("/api/session/screen", headers={"Origin": "http://localhost"})
    assert (sat.status_code, sat.json["error"]["id"]) == (403, "not-at-the-kit")
    # What a header claims of its sender's address does not count.
    claimed = {**HTML, "X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"}
    assert tablet.get("/screen", headers=claimed).status_code == 403


@pytest.mark.parametrize(
    ("address", "here"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("::ffff:127.0.0.1", True),
     ("10.42.0.1", False), ("::ffff:10.42.0.7", False), ("", False), ("localhost", False)],
)  # fmt: skip
def test_the_kit_is_known_by_its_address(address, here):
    assert is_loopback(address) is here


def test_it_speaks_the_kits_language_until_somebody_chooses(class_app):
    screen = class_app.test_client()

    first = screen.get("/screen", headers={**HTML, "Accept-Language": "fr"})

    assert first.headers["Location"] == "/screen?lang=en"  # as this kit is set
    assert 'lang="en"' in screen.get("/screen?lang=en", headers=HTML).text
    assert 'lang="en"' in screen.get("/", headers={**HTML, "Accept-Language": "fr"}).text
    assert 'lang="fr"' in screen.get("/screen?lang=fr", headers=HTML).text


def test_the_code_is_shown_where_the_kit_is(class_app, class_kit):
    code = class_kit.classroom.code
    page = class_app.test_client().get("/screen?lang=fr", headers=HTML).text

    assert f"{code[:3]} {code[3:]}" in page


def test_without_a_class_nobody_can_join(client):
    assert client.get("/screen", headers=HTML).headers["Location"] == "/"
    assert client.post("/api/session/screen").json["error"]["id"] == "no-class-here"


def test_its_browser_is_a_group_like_any_without_an_animal(class_app, class_kit, squirrel):
    screen = class_app.test_client()
    theirs = squirrel.post("/api/projects", json={"name": "Nuts"}).json["id"]

    session = screen.post("/api/session/screen").json

    assert session["actor"] == {"role": Role.GROUP, "space_id": "kit"}
    assert (session["animal"], session["teacher"]) == (None, False)
    own = screen.post("/api/projects", json={"name": "Here"}).json["id"]
    assert screen.get(f"/projects/{own}", headers=HTML).status_code == 200
    assert screen.get(f"/projects/{theirs}", headers=HTML).status_code == 404
    assert screen.post("/api/class/end", json={"confirm": True}).status_code == 403
    assert squirrel.get(f"/projects/{own}", headers=HTML).status_code == 404
    given = screen.post("/api/session/teacher", json={"code": class_kit.classroom.code}).json
    assert given["teacher"]
    assert given["actor"]["space_id"] == "kit"


def test_letters_to_press_are_there_and_only_there(class_app, squirrel):
    screen = class_app.test_client()
    screen.post("/api/session/screen")

    assert "at-the-kit.js" in screen.get("/", headers=HTML).text
    assert "at-the-kit.js" not in squirrel.get("/", headers=HTML).text
    # A cookie that somebody carried off does not make a tablet the kit.
    assert "at-the-kit.js" not in at(screen, "10.42.0.9").get("/", headers=HTML).text


def test_what_was_made_there_goes_with_the_class(class_app, class_kit):
    screen = class_app.test_client()
    screen.post("/api/session/screen")
    own = screen.post("/api/projects", json={"name": "Here"}).json["id"]
    screen.post("/api/session/teacher", json={"code": class_kit.classroom.code})

    screen.post("/api/class/end", json={"confirm": True})

    assert screen.get(f"/projects/{own}", headers=HTML).status_code == 404
    assert screen.get("/api/session").json["actor"]["space_id"] is None


def test_screens_are_counted_by_group(class_app):
    screen = class_app.test_client()
    before = screen.get("/api/screen").json
    for address in ("10.42.0.21", "10.42.0.22"):
        at(joined(class_app, "otter"), address).get("/api/projects")
    at(class_app.test_client(), "10.42.0.23").get("/", headers=HTML)

    now = screen.get("/api/screen").json

    assert {"animal": "otter", "screens": 2} in now["groups"]
    assert now["nobody"] == before["nobody"] + 1
    assert "10.42.0" not in json.dumps(now)


def test_a_screen_is_there_while_it_asks_or_listens():
    time_s = 0.0
    here = Presence(lambda: time_s)
    here.seen("a", "owl")
    leave = here.stay("b", "owl")
    leave_too = here.stay("b", "owl")
    time_s = HERE_S + 1

    assert here.count() == {"owl": 1}
    leave()
    leave()  # once more is no second one
    time_s += HERE_S + 1
    assert here.count() == {"owl": 1}
    leave_too()
    time_s += HERE_S + 1
    assert here.count() == {}
    for number in range(MOST + 50):
        here.seen(str(number), None)
    assert here.count() == {None: MOST}


def test_a_screen_that_changes_its_group_is_counted_once():
    here = Presence(lambda: 0.0)
    here.seen("a", None)
    here.seen("a", "owl")

    assert here.count() == {"owl": 1}


# --- what it shows -------------------------------------------------------------------------


def test_the_kits_own_wifi_is_shown_with_its_codes():
    join = joining(CLASS, FakeAppliance().status())

    assert (join.wifi_name, join.wifi_password, join.wifi_on) == (NAME, PASSWORD, True)
    assert join.addresses == ["http://kit.local", "http://10.42.0.1"]
    assert join.wifi_code.side > join.address_code.side > 20
    assert PASSWORD not in repr(join)  # a log may hold that


def test_in_a_schools_wifi_only_addresses_are_shown():
    join = joining(CLASS, Status(wifi="join", wifi_on=True, host="kit.local"))

    assert join.wifi_code is None
    assert join.addresses
    assert not any(address.endswith(":80") for address in join.addresses)


def test_on_a_teachers_computer_too():
    join = joining(Settings(host="0.0.0.0", port=8000), None)

    assert (join.wifi, join.wifi_code) == ("", None)
    assert all(address.endswith(":8000") for address in join.addresses)


def test_what_the_start_says_of_updates_is_shown(tmp_path):
    told = tmp_path / "software.json"
    told.write_text(
        json.dumps(
            {
                "version": "0.1.0",
                "problem": {"id": "software-failed", "values": {"version": "0.2.0"}},
                "update": {"id": "software-installed", "values": {"version": "0.3.0"}},
            }
        )
    )

    assert software_notices(told) == [
        ("software-failed", {"version": "0.2.0"}),
        ("software-installed", {"version": "0.3.0"}),
    ]
    for torn in ("", "[]", '{"problem": 3}', '{"problem": {}}'):
        told.write_text(torn)
        assert software_notices(told) == []


@pytest.fixture(scope="module")
def appliance_kit(tmp_path_factory):
    """A class's kit over the fake system."""
    data = tmp_path_factory.mktemp("appliance")
    zone = os.environ.get("TZ")
    made = Kit(Settings(data=data, camera="none", host="0.0.0.0", appliance="fake"))
    yield made
    made.close()
    # A kit on an appliance has its process live in the class's time zone.
    os.environ.pop("TZ") if zone is None else os.environ.update(TZ=zone)
    time.tzset()


def test_the_page_shows_how_to_join(appliance_kit):
    from tests.web.conftest import over

    screen = over(appliance_kit).test_client()

    page = screen.get("/screen?lang=fr", headers=HTML).text

    assert NAME in page
    assert PASSWORD in page
    assert page.count('class="qr"') == 2


SCHOOLS = Status(wifi="join", wifi_on=True, host="kit.local")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("status", [FakeAppliance().status(), SCHOOLS, None])
def test_wall_and_projector_say_the_same(class_kit, status, language):
    rooms = replace(class_kit.rooms(), join=lambda: joining(CLASS, status))
    screen = create_app(rooms, Doors(secret=b"of this test", language="en")).test_client()

    sheet, projector = (
        re.findall(
            r'<h2 id="(?:wifi|page)">.+|<path d="M.+?"|<d[td].+|<li class="fig.+</li>(?=</ul>)',
            screen.get(f"/{page}?lang={language}", headers=HTML).text,
        )
        for page in ("join", "screen")
    )

    assert sheet == projector
    own = status is not None and status.wifi == "own"
    assert len([line for line in sheet if line.startswith("<h2")]) == (2 if status else 1)
    assert len([line for line in sheet if "<path" in line]) == (2 if own else 1)
    assert any(PASSWORD in line for line in sheet) is own
    assert any("http://" in line for line in sheet)
