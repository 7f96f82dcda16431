"""The door on a started image: what the page asks, systemd, NetworkManager and kernel do."""

import http.client
import json
import re
import time

import pytest

from kit.i18n import LANGUAGES, sentence
from tests.guest.air import RADIOS, Device, on_the_screen, radio, wait_for_radio
from tests.guest.conftest import CARD_MB
from tests.guest.lesson import Group, Refused
from tests.guest.machine import Board, Card, skip_without_image

skip_without_image()

ANSWERS_WITHIN_S = 300
"""An emulated board on a busy machine."""
NEW_YEAR_2030_S = 1_893_456_000
LEASES = "ls /var/lib/NetworkManager/dnsmasq-*.leases 2>/dev/null || true"


@pytest.fixture(scope="module")
def kit(image, scratch):
    """A kit at its first start, with a radio."""
    card = Card.flashed(image, scratch / "door", size_mb=CARD_MB)
    with Board(image, card, kernel=RADIOS) as board:
        board.wait_for_page()
        wait_for_radio(board, limit_s=600)
        yield board


@pytest.fixture(scope="module")
def teacher(kit) -> Group:
    return signed_in(kit)


def signed_in(kit: Board) -> Group:
    """The teacher's browser, by the code on the screen."""
    group = Group(kit.port)
    code = re.findall(r"Teacher's code: (\d{6})", kit.said())[-1]
    group.ask("POST", "/api/session/teacher", {"code": code})
    return group


def wait_until(what, *, limit_s: float = ANSWERS_WITHIN_S) -> float:
    """Seconds until that is so."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < limit_s
        time.sleep(1)
    return time.monotonic() - began


def test_the_unit_and_its_folders_are_as_they_should_be(kit):
    assert kit.run("systemctl is-active mallette-door.path").strip() == "active"
    modes = kit.run("stat -c '%a %U %G' /run/mallette /run/mallette/asks /run/mallette/for-kit")
    assert modes.splitlines() == ["755 root root", "770 root kit", "750 root kit"]
    told = json.loads(kit.run("cat /run/mallette/for-kit/wifi.json"))
    assert (told["name"], told["password"]) == on_the_screen(kit)
    # Neither another user nor the other service of ours may read it.
    assert kit.run("runuser -u nobody cat /run/mallette/for-kit/wifi.json", check=False) == ""


def test_nothing_was_counted(teacher):
    state = teacher.ask("GET", "/api/appliance")

    assert (state["wifi"], state["wifi_on"]) == ("own", True)
    assert state["zone"] == "Europe/Paris"


def test_the_clock_is_set_and_nothing_else_jumps(kit, teacher):
    body = {"wall_s": NEW_YEAR_2030_S, "zone": "America/Cayenne"}
    state = teacher.ask("POST", "/api/appliance/clock", body)

    assert abs(state["now_s"] - NEW_YEAR_2030_S) < 120
    assert abs(int(kit.run("date +%s")) - NEW_YEAR_2030_S) < 120
    assert state["zone"] == "America/Cayenne"
    assert teacher.ask("GET", "/api/session")["teacher"] is True
    with pytest.raises(Refused):
        teacher.ask("POST", "/api/appliance/clock", {"wall_s": 12, "zone": "Europe/Paris"})
    assert kit.run("systemctl --failed --plain --no-legend") == ""


def test_counters_are_read_by_the_door(kit, teacher):
    teacher.ask("GET", "/privacy")  # a page that shows them was opened
    wait_until(lambda: teacher.ask("GET", "/api/appliance")["left"] is not None)

    left = teacher.ask("GET", "/api/appliance")["left"]
    assert left == {"names": 0, "time": 0, "web": 0, "other": 0}


def test_the_class_ends_and_the_screens_are_forgotten(kit, teacher):
    name, passphrase = on_the_screen(kit)
    tablet = Device(kit, 1)
    assert tablet.joins(name, passphrase), tablet.said()
    assert tablet.lease()["ip"].startswith("10.42.0.")
    assert tablet.address in kit.run("cat /var/lib/NetworkManager/dnsmasq-*.leases")

    teacher.ask("PUT", "/api/appliance/wifi-at-class-end", {"off": False})
    teacher.ask("POST", "/api/class/end", {"confirm": True})

    gone_s = wait_until(lambda: tablet.address not in kit.run(f"cat $({LEASES}) /dev/null"))
    wait_for_radio(kit, limit_s=ANSWERS_WITHIN_S)
    print(f"\n  screens forgotten after {gone_s:.0f} s", end="")
    assert radio(kit)["type"] == "AP"  # on again by itself
    assert tablet.address not in kit.run("cat /var/lib/NetworkManager/*", check=False)
    assert tablet.address.upper() not in kit.run("journalctl -t dnsmasq-dhcp --no-pager").upper()
    tablet.leave()


def test_the_page_silences_the_radio_and_lets_it_speak_again(kit, teacher):
    teacher.ask("POST", "/api/appliance/wifi", {"on": False})
    wait_until(lambda: radio(kit).get("type") != "AP")
    wait_until(lambda: not teacher.ask("GET", "/api/appliance")["wifi_on"])

    teacher.ask("POST", "/api/appliance/wifi", {"on": True})

    wait_for_radio(kit, limit_s=ANSWERS_WITHIN_S)
    assert teacher.ask("GET", "/api/appliance")["wifi_on"]
    assert radio(kit)["type"] == "AP"


def test_the_servers_user_can_ask_for_nothing_else(kit):
    ask = '{"id": "0f0f0f0f0f0f0f0f", "word": "halt -f", "wall_s": null}'
    kit.run("runuser -u kit -- sh -c 'cat >/run/mallette/asks/ask'", content=ask.encode())
    wait_until(lambda: kit.run("ls /run/mallette/asks") == "")

    assert "refused" in kit.run("journalctl -u mallette-door --no-pager | tail -5")
    assert (
        kit.run("runuser -u kit -- sh -c 'rfkill block wifi || echo no' 2>&1").strip()[-2:] == "no"
    )
    assert radio(kit)["type"] == "AP"


def test_a_card_that_cannot_be_written_to_is_said_on_a_page(kit):
    kit.run("systemctl stop mallette.service mallette-start.service")
    kit.run("sync; mount -o remount,ro /data")
    kit.run("systemctl start mallette-start.service", check=False)

    def answers() -> bool:
        status, _ = asked(kit)
        return status == 503

    wait_until(answers)
    body = asked(kit)[1]
    for language in LANGUAGES:
        assert sentence("fault-title", {}, language) in body
    assert "data-partition-read-only" in body
    kit.run("mount -o remount,rw /data; systemctl start mallette.service")
    wait_until(lambda: asked(kit)[0] == 200)


def asked(kit: Board) -> tuple[int, str]:
    """What the page's address answers; 0 where nobody does."""
    connection = http.client.HTTPConnection("127.0.0.1", kit.port, timeout=20)
    try:
        connection.request("GET", "/", headers={"Accept": "text/html"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def test_the_page_switches_the_kit_off(kit):
    signed_in(kit).ask("POST", "/api/appliance/power", {"deed": "off", "confirm": True})

    kit.wait_for_end(limit_s=ANSWERS_WITHIN_S)

    assert "reboot: Power down" in kit.said()
