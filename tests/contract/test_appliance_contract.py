"""What every appliance promises: one suite over the fake and over the door with root behind it.

Root is the image's own code (`kit.appliance.door`), with hands that write down what they would do.
"""

import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kit.appliance.door import COUNTERS, Doorway, answer
from kit.core.appliance import EARLIEST_S, LATEST_S, Word
from kit.core.errors import BadInput, NotFound, Unavailable
from kit.devices.appliance import DoorAppliance, NoAppliance, find_appliance
from kit.devices.appliance_fake import FakeAppliance
from kit.storage.watch import Watch

NOON_S = 1_795_521_600
LEASE = "1795600000 aa:bb:cc:dd:ee:ff 10.42.0.17 Tablet-of-Ada *\n"


@dataclass
class TestHands:
    """Root's hands over a machine of folders: the radio is a file, dnsmasq a folder in /proc."""

    __test__ = False
    doorway: Doorway
    counters: dict[str, tuple[int, int]] | None = field(default_factory=dict)
    dnsmasq_ends: bool = True
    broken: bool = False
    deeds: list[Any] = field(default_factory=list)

    def run(self, command):
        if command[0] == "nft":
            if self.counters is None:
                raise OSError("nft: no such table")
            said = [
                {"counter": {"name": name, "packets": packets, "bytes": size}}
                for name, (packets, size) in self.counters.items()
            ]
            return json.dumps({"nftables": [{"metainfo": {}}, *said]})
        self.deeds.append(list(command))
        if self.broken:
            raise OSError("rfkill: it does not answer")
        if command[0] == "rfkill":
            off = command[1] == "block"
            (self.doorway.radios / "rfkill0" / "soft").write_text(f"{int(off)}\n")
            if off and self.dnsmasq_ends and (self.doorway.processes / "812").exists():
                # As dnsmasq does: what it holds in memory is on the card once more.
                (self.doorway.leases / "dnsmasq-wlan0.leases").write_text(LEASE)
                (self.doorway.processes / "812").rmdir()
        return ""

    def set_clock(self, wall_s):
        self.deeds.append(("clock", wall_s))

    def tell_systemd(self, number):
        self.deeds.append(("signal", number))

    def sleep(self, seconds):
        self.deeds.append(("sleep", seconds))


class Subject:
    """An appliance under test, and what the world can do to it."""

    def __init__(self, kind: str, folder: Path):
        self.kind = kind
        self.fake = FakeAppliance()
        self.doorway = Doorway(*(folder / n for n in ("door", "run", "leases", "radios", "proc")))
        self.hands = TestHands(self.doorway, dict.fromkeys(COUNTERS, (0, 0)))
        self.someone_there = True
        self.appliance = self.fake if kind == "fake" else self._door()

    def _door(self):
        way = self.doorway
        for place in (way.ask.parent, way.own_wifi.parent, way.profile.parent, way.leases):
            place.mkdir(parents=True)
        (way.radios / "rfkill0").mkdir(parents=True)
        for name, said in (("type", "wlan"), ("soft", "0"), ("hard", "0")):
            (way.radios / "rfkill0" / name).write_text(f"{said}\n")
        (way.processes / "812").mkdir(parents=True)
        (way.run / "nm-dnsmasq-wlan0.pid").write_text("812\n")
        (way.leases / "dnsmasq-wlan0.leases").write_text(LEASE)
        way.profile.write_text("[wifi]\n")
        told = {"wifi": "own", "name": "Mallette-6B7Q", "password": "abcd-efgh-jkmn"}
        way.own_wifi.write_text(json.dumps({**told, "address": "10.42.0.1", "host": "kit.local"}))
        return DoorAppliance(way.door, answers_within_s=1, sleep=self._let_root_look)

    def _let_root_look(self, _seconds):
        if self.someone_there:
            answer(self.doorway, self.hands)

    def leak(self, size, kind):
        if self.kind == "fake":
            self.fake.leak(size, kind)
        else:
            self.hands.counters[f"left_{kind}"] = (1, size)

    def refuse(self, packets, kind):
        if self.kind == "fake":
            self.fake.refuse(packets, kind)
        else:
            self.hands.counters[f"refused_{kind}"] = (packets, 60 * packets)

    def lose_the_counters(self):
        self.fake.lose_the_counters()
        self.hands.counters = None

    def forget_the_country(self):
        self.fake.forget_the_country()
        if self.kind != "fake":
            self.doorway.profile.unlink()
            self.doorway.own_wifi.write_text('{"wifi": "off", "host": "kit.local"}')
            (self.doorway.radios / "rfkill0" / "soft").write_text("1\n")

    def hold_on_to_leases(self):
        self.fake.hold_on_to_leases()
        self.hands.dnsmasq_ends = False

    def fall_silent(self):
        self.fake.fall_silent()
        self.someone_there = False


@pytest.fixture(params=["fake", "run"])
def subject(request, tmp_path):
    return Subject(request.param, tmp_path)


@pytest.fixture
def real(tmp_path):
    return Subject("run", tmp_path)


def test_it_says_how_its_wifi_is_joined_and_keeps_the_password_out_of_logs(subject):
    status = subject.appliance.status()

    assert (status.wifi, status.wifi_on) == ("own", True)
    assert (status.wifi_name, status.wifi_password) == ("Mallette-6B7Q", "abcd-efgh-jkmn")
    assert (status.address, status.host) == ("10.42.0.1", "kit.local")
    assert status.wifi_password not in repr(status)


def test_the_radio_goes_off_and_on(subject):
    subject.appliance.ask(Word.WIFI_OFF)
    assert subject.appliance.status().wifi_on is False

    subject.appliance.ask(Word.WIFI_ON)
    assert subject.appliance.status().wifi_on is True


def test_a_kit_without_a_country_stays_silent(subject):
    subject.forget_the_country()

    with pytest.raises(Unavailable) as refused:
        subject.appliance.ask(Word.WIFI_ON)

    assert refused.value.id == "wifi-not-wished"
    assert subject.appliance.status().wifi_on is False


def test_what_left_is_counted_by_kind(subject):
    subject.appliance.ask(Word.LOOK)
    assert subject.appliance.status().left_bytes == 0

    subject.leak(76, "time")
    subject.leak(1500, "web")
    subject.refuse(3, "names")
    subject.appliance.ask(Word.LOOK)

    status = subject.appliance.status()
    assert status.left == {"names": 0, "time": 76, "web": 1500, "other": 0}
    assert status.left_bytes == 1576
    assert status.refused["names"] == 3


def test_no_counter_is_no_nought(subject):
    subject.lose_the_counters()
    subject.appliance.ask(Word.LOOK)

    assert subject.appliance.status().left is None
    assert subject.appliance.status().left_bytes is None


def test_the_clock_is_set_to_a_time_of_lessons_only(subject):
    subject.appliance.ask(Word.SET_CLOCK, NOON_S)

    for wrong in (EARLIEST_S - 1, LATEST_S, None, 1.5):
        with pytest.raises((ValueError, Unavailable)):
            subject.appliance.ask(Word.SET_CLOCK, wrong)


def test_what_went_wrong_after_the_answer_is_told_until_the_next_ask(subject):
    subject.hold_on_to_leases()
    assert subject.appliance.status().problem == ""
    with contextlib.suppress(Unavailable):  # root may be done before anybody looks
        subject.appliance.ask(Word.WIFI_OFF)

    assert subject.appliance.status().problem == "leases-not-erased"

    subject.appliance.ask(Word.LOOK)
    assert subject.appliance.status().problem == ""


def test_nobody_behind_the_door_is_said(subject):
    subject.fall_silent()

    with pytest.raises(Unavailable) as silent:
        subject.appliance.ask(Word.POWER_OFF)

    assert silent.value.id == "appliance-silent"


def test_switching_off_and_restarting_are_heard(subject):
    subject.appliance.ask(Word.POWER_OFF)
    subject.appliance.ask(Word.RESTART)


def test_a_computer_that_is_no_appliance_says_so():
    nothing = find_appliance("none")

    assert isinstance(nothing, NoAppliance)
    assert nothing.status() is None
    for word in Word:
        with pytest.raises(NotFound) as refused:
            nothing.ask(word)
        assert refused.value.id == "appliance-none"


def test_no_name_is_guessed():
    assert isinstance(find_appliance("run"), DoorAppliance)
    assert isinstance(find_appliance("fake"), FakeAppliance)
    with pytest.raises(BadInput) as unknown:
        find_appliance("auto")
    assert unknown.value.id == "appliance-unknown"


def test_the_fakes_card_breaks_and_fills_and_is_mended(tmp_path):
    fake = FakeAppliance()
    watch = Watch(tmp_path, ask=fake.card)
    assert watch.look() is None

    fake.break_card("read-only")
    assert watch.look().id == "data-went-read-only"
    fake.break_card("gone")
    assert watch.look().id == "data-failing"
    fake.break_card("")
    fake.fill_card(120)
    assert watch.look().values == {"free_mb": 120}


# --- the door alone ----------------------------------------------------------------------


def test_root_does_the_kernels_three_things_and_no_others(real):
    real.appliance.ask(Word.SET_CLOCK, NOON_S)
    assert real.hands.deeds == [("clock", NOON_S)]
    real.hands.deeds.clear()

    real.appliance.ask(Word.POWER_OFF)
    real.appliance.ask(Word.RESTART)

    # SIGRTMIN+4 and +5, as systemd(1) has them; each after the answer had its moment.
    assert real.hands.deeds == [("sleep", 2.0), ("signal", 38), ("sleep", 2.0), ("signal", 39)]


@pytest.mark.parametrize("word", [Word.WIFI_OFF, Word.ERASE_LEASES])
def test_no_screen_is_remembered_once_the_radio_was_off(real, word):
    real.appliance.ask(word)

    assert list(real.doorway.leases.iterdir()) == []
    assert real.appliance.status().wifi_on is (word is Word.ERASE_LEASES)


def test_erasing_while_the_radio_is_off_does_not_switch_it_on(real):
    real.appliance.ask(Word.WIFI_OFF)

    real.appliance.ask(Word.ERASE_LEASES)

    assert real.appliance.status().wifi_on is False


def test_a_name_server_that_does_not_end_is_told(real):
    real.hands.dnsmasq_ends = False

    with contextlib.suppress(Unavailable):  # heard; root may be done before anybody looks
        real.appliance.ask(Word.WIFI_OFF)

    told = json.loads(real.doorway.status.read_text())
    assert told["done"]["problem"] == "leases-not-erased"
    assert list(real.doorway.leases.iterdir()) == []


def test_a_radio_that_does_not_obey_is_told(real):
    real.hands.broken = True

    with pytest.raises(Unavailable) as failed:
        real.appliance.ask(Word.WIFI_ON)

    assert failed.value.id == "appliance-failed"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"power-off",
        b"[]",
        b'{"word": "power-off"}',
        b'{"id": "0f0f0f0f0f0f0f0f", "word": "power-off", "wall_s": 3}',
        b'{"id": "0f0f0f0f0f0f0f0f", "word": "sh -c reboot", "wall_s": null}',
        b'{"id": "../../etc", "word": "restart", "wall_s": null}',
        b'{"id": "0f0f0f0f0f0f0f0f", "word": "set-clock", "wall_s": 0}',
        b'{"id": "0f0f0f0f0f0f0f0f", "word": "set-clock", "wall_s": true}',
        b'{"id": "0f0f0f0f0f0f0f0f", "word": "restart", "wall_s": null}' + b" " * 500,
        b"\xff\xfe",
    ],
)
def test_what_is_no_ask_is_removed_and_does_nothing(real, content):
    real.doorway.ask.write_bytes(content)

    assert answer(real.doorway, real.hands) == 1

    assert real.hands.deeds == []
    assert not real.doorway.ask.exists()
    assert not real.doorway.status.exists()


def test_no_link_is_followed(real, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text('{"id": "0f0f0f0f0f0f0f0f", "word": "restart", "wall_s": null}')
    real.doorway.ask.symlink_to(secret)

    answer(real.doorway, real.hands)

    assert real.hands.deeds == []
    assert secret.exists() and not real.doorway.ask.is_symlink()


def test_a_folder_in_the_place_of_an_ask_ends_the_answering(real):
    real.doorway.ask.mkdir()
    (real.doorway.ask / "x").touch()

    assert answer(real.doorway, real.hands) == 1

    assert real.hands.deeds == []
    assert not real.doorway.ask.exists()  # else systemd would start the door for ever


def test_what_was_not_answered_in_time_is_not_done_later(real):
    real.fall_silent()
    with pytest.raises(Unavailable):
        real.appliance.ask(Word.POWER_OFF)

    answer(real.doorway, real.hands)

    assert real.hands.deeds == []


def test_the_status_is_for_everybody_and_holds_no_secret(real):
    real.appliance.ask(Word.LOOK)

    assert real.doorway.status.stat().st_mode & 0o777 == 0o644
    assert "abcd" not in real.doorway.status.read_text()
