"""The door's units and folders: both sides mean the same places, and neither may do more."""

import re

import pytest

from kit.appliance import door
from tests.image.test_units import keys_of


@pytest.fixture(scope="module")
def etc(image_build):
    return image_build / "files" / "root" / "etc"


def test_the_door_and_the_server_mean_the_same_places(etc):
    way = door.Doorway()
    folders = (etc / "tmpfiles.d/mallette.conf").read_text()
    path = keys_of(etc / "systemd/system/mallette-door.path")
    server = keys_of(etc / "systemd/system/mallette.service")["Service"]

    assert path["Path"]["PathExists"] == str(way.ask)
    assert f"d {way.ask.parent} 0770 root kit -" in folders
    assert f"d {way.own_wifi.parent} 0750 root kit -" in folders  # who else learns the password
    assert "--appliance run" in server["ExecStart"]


def test_root_obeys_the_images_own_list_of_words_whatever_an_update_asks_for(etc):
    unit = keys_of(etc / "systemd/system/mallette-door.service")["Service"]

    assert unit["Environment"].split()[0] == "PYTHONPATH=/opt/mallette"
    assert unit["CapabilityBoundingSet"] == "CAP_SYS_TIME CAP_NET_ADMIN"
    assert unit["InaccessiblePaths"] == "/data"
    assert unit["RestrictAddressFamilies"] == "AF_NETLINK"


def test_a_start_that_fails_is_said_on_a_page(etc):
    start = keys_of(etc / "systemd/system/mallette-start.service")
    fault = keys_of(etc / "systemd/system/mallette-fault.service")

    assert start["Unit"]["OnFailure"] == "mallette-fault.service"
    assert fault["Service"]["ExecStart"].endswith("kit.appliance fault")
    assert fault["Service"]["DynamicUser"] == "yes"
    assert fault["Unit"]["Conflicts"] == "mallette.service"  # one port


def test_every_counter_that_is_read_is_counted_with(etc):
    rules = (etc / "nftables.conf").read_text()

    assert set(re.findall(r"^\tcounter (\w+)", rules, re.MULTILINE)) == set(door.COUNTERS)
    for counter in door.COUNTERS:
        assert f"counter name {counter}" in rules  # else it would stay 0 whatever happens
    assert "jump left\n" in rules


def test_a_short_press_of_a_power_key_switches_nothing_off(etc):
    login = keys_of(etc / "systemd/logind.conf.d/mallette.conf")["Login"]

    assert login["HandlePowerKey"] == "ignore"
    assert login["HandlePowerKeyLongPress"] == "poweroff"


def test_no_log_repeats_which_screen_got_which_address(etc):
    assert "quiet-dhcp\n" in (etc / "NetworkManager/dnsmasq-shared.d/mallette.conf").read_text()
