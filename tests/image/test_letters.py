"""How to join, on a screen of letters."""

import json

from kit.appliance import letters
from kit.codecs.qr import qr_lines


def test_the_wifi_is_shown_in_letters_and_as_a_code(tmp_path):
    wifi, screen = tmp_path / "wifi.json", []
    told = {"name": "Mallette-6B7Q", "password": "abcd-efgh-jkmn", "host": "kit.local"}
    wifi.write_text(json.dumps(told | {"wifi": "own", "address": "10.42.0.1"}))

    letters.show(screen.append, wifi)

    code = qr_lines("WIFI:T:WPA;S:Mallette-6B7Q;P:abcd-efgh-jkmn;;")
    assert [line.removeprefix("  ") for line in screen[1 : 1 + len(code)]] == code
    assert "Mallette-6B7Q   abcd-efgh-jkmn" in screen[-2]
    assert "http://kit.local   http://10.42.0.1" in screen[-1]
    assert len(screen) <= 25  # a text screen's lines
    assert max(map(len, screen)) <= 80


def test_without_a_wifi_of_its_own_there_is_nothing_to_show(tmp_path):
    wifi, screen = tmp_path / "wifi.json", []
    for torn in (None, "", "[]", "{}", '{"name": "", "password": "", "host": "", "address": ""}'):
        if torn is not None:
            wifi.write_text(torn)

        letters.show(screen.append, wifi)

        assert screen == []
