"""A card that cannot keep anything: a page says so where the server may not start."""

import json
import threading
import urllib.error
import urllib.request

import pytest

from kit.appliance import fault
from kit.i18n import LANGUAGES, sentence
from tests.image.test_first_boot import Card

WRONG = {
    "data-partition-read-only": {"how": "ro,noatime"},
    "data-partition-in-memory": {"kind": "tmpfs"},
}


@pytest.fixture
def card(tmp_path):
    return Card(tmp_path)


def reason(card):
    return fault.told(card.places.run / "mallette" / "fault.json")


@pytest.mark.parametrize(("id", "how"), WRONG.items())
def test_the_start_leaves_the_reason_for_the_page(card, id, how):
    card.mount(**how)

    assert card.switch_on() == 1

    assert reason(card)[0] == id


def test_a_missing_partition_is_told_and_the_radio_stays_silent(card):
    card.places.mounts.write_text("")

    assert card.switch_on() == 1

    assert reason(card)[0] == "data-partition-missing"
    assert card.wifi is None


def test_a_card_that_can_be_read_opens_the_wifi_that_the_tablets_know(card):
    card.switch_on()
    before = card.wifi["wifi-security"]["psk"]
    card.mount(state="ro,errors=remount-ro")

    assert card.switch_on() == 1

    assert card.wifi["wifi-security"]["psk"] == before
    assert ["hostname", "kit"] in card.commands


def test_a_good_start_leaves_no_reason_and_tells_the_kit_how_it_is_joined(card):
    card.switch_on()

    assert not (card.places.run / "mallette" / "fault.json").exists()
    folder = card.places.run / "mallette" / "for-kit"
    told = json.loads((folder / "wifi.json").read_text())
    assert folder.stat().st_mode & 0o007 == 0  # nobody but root and the kit's group may look
    assert told["password"] == card.wifi["wifi-security"]["psk"]
    assert (told["wifi"], told["address"], told["host"]) == ("own", "10.42.0.1", "kit.local")


def test_the_password_of_a_schools_wifi_is_not_told(card):
    card.fill_in(
        'country = "FR"\nwifi = "join"\nwifi_name = "School"\nwifi_password = "their secret"'
    )
    card.switch_on()

    told = (card.places.run / "mallette" / "for-kit" / "wifi.json").read_text()

    assert json.loads(told)["wifi"] == "join"
    assert "their secret" not in told


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"id": "no-such-sentence", "values": {}}', '{"id": "disk-full", "values": 3}'],
)
def test_a_reason_that_cannot_be_read_is_not_known(tmp_path, content):
    (tmp_path / "fault.json").write_text(content)

    assert fault.told(tmp_path / "fault.json") == ("start-failed", {})


@pytest.fixture
def served(tmp_path):
    fault.tell(tmp_path / "fault.json", "data-partition-in-memory", {"kind": "<tmpfs>"})
    server = fault.server(tmp_path / "fault.json", "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", ["/", "/projects/p-1?lang=en", "/teacher"])
def test_every_address_says_it_in_both_languages(served, path):
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(served + path, timeout=5)

    body = answer.value.read().decode()
    assert answer.value.code == 503
    for language in LANGUAGES:
        assert sentence("fault-title", {}, language) in body
        assert f'<section lang="{language}">' in body
    assert "<tmpfs>" not in body and "&lt;tmpfs&gt;" in body
    assert "<script" not in body


def test_a_program_is_told_in_json_and_a_change_is_refused(served):
    asked = urllib.request.Request(f"{served}/api/session/teacher", b"{}", method="POST")
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(asked, timeout=5)

    assert answer.value.code == 503
    assert json.loads(answer.value.read()) == {"status": "fault", "id": "data-partition-in-memory"}
