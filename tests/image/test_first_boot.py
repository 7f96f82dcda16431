"""The start on a card of its own: a folder for each place, and commands that are written down."""

import configparser
import json
import shutil
import stat
import subprocess
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from kit.appliance import captive, network
from kit.appliance.boot import Places, data_problem, kept_identity, start, write_problem
from kit.appliance.boot_file import Wishes
from kit.appliance.identity import LETTERS, Identity, drawn

ROOT_LINE = "25 1 0:22 / / rw,relatime shared:1 - overlay overlayroot rw,lowerdir=/media/root-ro"
DATA_LINE = "36 25 179:3 / {data} {how} shared:9 - {kind} /dev/mmcblk0p3 {state}"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ ada@lender"


class Card:
    """A kit's memory card, its screen, and the commands that its start has run."""

    def __init__(self, folder: Path) -> None:
        self.places = Places(
            *(folder / name for name in ("firmware", "data", "run", "etc", "mounts"))
        )
        for place in (self.places.firmware, self.places.data, self.places.run, self.places.etc):
            place.mkdir(parents=True)
        self.screen: list[str] = []
        self.commands: list[list[str]] = []
        self.mount()
        self.fill_in('country = "FR"')

    def mount(self, *, how: str = "rw,noatime", kind: str = "ext4", state: str = "rw") -> None:
        line = DATA_LINE.format(data=self.places.data, how=how, kind=kind, state=state)
        self.places.mounts.write_text(f"{ROOT_LINE}\n{line}\n")

    def fill_in(self, text: str) -> None:
        (self.places.firmware / "mallette.toml").write_text(text, encoding="utf-8")

    def switch_on(self) -> int:
        """A start with an empty memory."""
        shutil.rmtree(self.places.run)
        self.places.run.mkdir()
        self.screen.clear()
        self.commands.clear()
        return start(self.places, lambda command: self.commands.append([*command]), self.say)

    def say(self, line: str) -> None:
        self.screen.append(line)

    @property
    def wifi(self) -> configparser.ConfigParser | None:
        folder = self.places.run / "NetworkManager" / "system-connections"
        for path in folder.glob("*.nmconnection"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600  # NetworkManager passes others over
            profile = configparser.ConfigParser(interpolation=None)
            profile.read_string(path.read_text())
            return profile
        return None

    @property
    def settings(self) -> str:
        return (self.places.data / "kit" / "kit.toml").read_text(encoding="utf-8")


@pytest.fixture
def card(tmp_path):
    return Card(tmp_path)


def test_a_first_start_opens_a_wifi_of_its_own(card):
    assert card.switch_on() == 0

    assert card.wifi["wifi"]["mode"] == "ap"
    assert card.wifi["wifi-security"]["key-mgmt"] == "wpa-psk"
    assert card.wifi["ipv4"]["method"] == "shared"
    password = card.wifi["wifi-security"]["psk"]
    assert f"       {password}" in card.screen  # how else would anybody join
    assert ["iw", "reg", "set", "FR"] in card.commands
    assert ["rfkill", "unblock", "wifi"] in card.commands
    assert ["hostname", "kit"] in card.commands
    assert (card.places.etc / "machine-id").read_text().strip().isalnum()
    assert "streams = 32" in card.settings


def test_the_servers_folder_is_its_own_however_late_the_partition_came(card):
    card.switch_on()

    # Of the image's tmpfiles.d, once the partition is known to be there; see the unit's own call.
    assert card.commands[0] == ["systemd-tmpfiles", "--create", "mallette.conf"]


def test_the_kit_is_the_same_after_every_start(card):
    card.switch_on()
    first = (card.wifi["wifi-security"]["psk"], (card.places.etc / "machine-id").read_text())

    card.switch_on()

    again = (card.wifi["wifi-security"]["psk"], (card.places.etc / "machine-id").read_text())
    assert again == first


def test_a_lenders_words_and_activities_come_from_the_boot_drive_after_a_return_too(card):
    folder = card.places.firmware / "mallette-lender"
    (folder / "activities" / "ours").mkdir(parents=True)
    (folder / "activities" / "ours" / "activity.toml").write_text("x")
    (folder / "lender.toml").write_text("number = 7\n")
    (folder / "kit.toml").write_text("port = 1\n")  # mallette.toml says how a kit is set
    (folder / "stray.sh").write_text("rm -rf /")
    for _ in ("first start", "start after a return"):
        shutil.rmtree(card.places.data)
        card.places.data.mkdir()
        assert card.switch_on() == 0

        served = card.places.data / "kit"
        assert sorted(path.name for path in served.iterdir()) == [
            "activities", "kit.toml", "lender.toml",
        ]  # fmt: skip
        assert (served / "activities" / "ours" / "activity.toml").read_text() == "x"
        assert "port" not in card.settings


def test_a_lenders_folder_that_cannot_be_copied_keeps_no_kit_from_starting(card, capsys):
    folder = card.places.firmware / "mallette-lender"
    folder.mkdir()
    (folder / "lender.toml").write_text("number = 7\n")
    (card.places.data / "kit" / "lender.toml").mkdir(parents=True)  # something is in the way

    assert card.switch_on() == 0

    assert "lender.toml" in capsys.readouterr().err


def test_two_kits_of_one_image_share_nothing(tmp_path):
    cards = [Card(tmp_path / name) for name in ("one", "two")]
    for card in cards:
        card.switch_on()

    one, two = (json.loads((c.places.system / "identity.json").read_text()) for c in cards)

    assert [key for key in one if one[key] == two[key]] == []


def test_a_kit_whose_data_were_formatted_is_somebody_else(card):
    card.switch_on()
    before = card.wifi["wifi-security"]["psk"]
    shutil.rmtree(card.places.data)
    card.places.data.mkdir()

    card.switch_on()

    assert card.wifi["wifi-security"]["psk"] != before


def test_half_an_identity_is_drawn_anew(card):
    card.switch_on()
    path = card.places.system / "identity.json"
    for torn in ("", '{"machine_id": "ab', "[]", '{"machine_id": 1}', path.read_text()[:-2] + "]"):
        path.write_text(torn)

        assert card.switch_on() == 0

        assert len(json.loads(path.read_text())) == 3


def test_without_a_country_nothing_is_sent_by_radio(card):
    card.fill_in('language = "fr"')

    assert card.switch_on() == 0  # the cable still serves

    assert card.wifi is None
    assert card.commands[1:] == [["rfkill", "block", "wifi"]]
    assert any("pays" in line for line in card.screen)
    assert any("country" in line for line in card.screen)


def test_a_form_broken_later_does_not_silence_the_kit(card):
    card.fill_in('country = "BE"\nname = "kit-4"')
    card.switch_on()
    card.fill_in('country = “BE”\nname = "kit-5"')

    assert card.switch_on() == 0

    assert card.wifi is not None
    assert ["iw", "reg", "set", "BE"] in card.commands
    assert ["hostname", "kit-4"] in card.commands
    assert any("guillemets" in line for line in card.screen)


def test_what_was_set_on_the_kit_stays_until_the_form_changes(card):
    card.switch_on()
    (card.places.served / "kit.toml").write_text('camera = "usb"\n')

    card.switch_on()
    assert card.settings == 'camera = "usb"\n'

    card.fill_in('country = "FR"\nlanguage = "en"')
    card.switch_on()
    assert 'language = "en"' in card.settings
    assert 'camera = "auto"' in card.settings


def test_a_school_network_is_joined(card):
    card.fill_in(
        'country = "FR"\nwifi = "join"\nwifi_name = "École; 1"\nwifi_password = "\\\\ back slash"'
    )

    card.switch_on()

    assert card.wifi["wifi"]["mode"] == "infrastructure"
    name = bytes(int(byte) for byte in card.wifi["wifi"]["ssid"].split(";")[:-1])
    assert name.decode() == "École; 1"
    assert card.wifi["wifi-security"]["psk"] == "\\\\ back slash"
    assert not any("back slash" in line for line in card.screen)
    assert stat.S_IMODE((card.places.system / "mallette.toml").stat().st_mode) == 0o600


def test_wifi_that_is_off_is_off(card):
    card.fill_in('country = "FR"\nwifi = "off"')

    card.switch_on()

    assert card.wifi is None
    assert ["rfkill", "block", "wifi"] in card.commands
    assert ["rfkill", "unblock", "wifi"] not in card.commands


def test_nobody_gets_in_from_afar_unless_a_key_says_so(card):
    card.switch_on()
    assert not any("ssh" in word for command in card.commands for word in command)

    card.fill_in(f'country = "FR"\nssh_key = "{KEY}"')
    card.switch_on()

    assert ["systemctl", "start", "--no-block", "ssh.service"] in card.commands
    keys = card.places.run / "mallette" / "authorized_keys"
    assert keys.read_text() == f"{KEY}\n"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="no ssh-keygen on this machine")
def test_host_keys_are_made_once_and_half_a_pair_again(card):
    def run(command):
        if command[0] == "ssh-keygen":
            subprocess.run(command, check=True, timeout=20)

    card.fill_in(f'country = "FR"\nssh_key = "{KEY}"')
    start(card.places, run, card.say)
    private = card.places.system / "ssh" / "ssh_host_ed25519_key"
    made = private.read_bytes()

    start(card.places, run, card.say)
    assert private.read_bytes() == made

    private.with_suffix(".pub").unlink()  # the power went in between
    start(card.places, run, card.say)
    assert private.read_bytes() != made

    for half in (private, private.with_suffix(".pub")):
        half.write_bytes(b"")  # names that lasted, and not a byte: kits of before did not sync
    private.chmod(0o644)
    start(card.places, run, card.say)
    derived = subprocess.run(["ssh-keygen", "-y", "-f", private], capture_output=True, text=True)
    assert derived.stdout.split()[1] == private.with_suffix(".pub").read_text().split()[1]


def test_what_root_keeps_is_for_root_alone(card):
    card.switch_on()

    assert stat.S_IMODE(card.places.system.stat().st_mode) == 0o700
    assert stat.S_IMODE((card.places.system / "identity.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("how", "word"),
    [
        ({"how": "ro,noatime"}, "replace it"),
        ({"state": "ro,errors=remount-ro"}, "replace it"),
        ({"kind": "overlay"}, "overlay"),
        ({"kind": "tmpfs"}, "tmpfs"),
    ],
)
def test_a_kit_that_could_keep_nothing_says_so_and_does_not_serve(card, how, word):
    card.mount(**how)

    assert card.switch_on() == 1

    assert any(word in line for line in card.screen)
    assert list(card.places.data.iterdir()) == []
    assert card.commands == []


def test_a_data_partition_that_did_not_mount_is_missed(card):
    card.places.mounts.write_text(f"{ROOT_LINE}\n")

    assert card.switch_on() == 1
    assert len(card.screen) == 2  # once in each language


def test_what_covers_the_data_partition_counts():
    good = DATA_LINE.format(data="/data", how="rw", kind="ext4", state="rw")
    cover = DATA_LINE.format(data="/data", how="rw", kind="tmpfs", state="rw")

    assert data_problem(f"{good}\n", Path("/data")) is None
    assert data_problem(f"{good}\n{cover}\n", Path("/data")).id == "data-partition-in-memory"


def test_a_folder_that_takes_no_file_is_found_out(tmp_path):
    assert write_problem(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
    assert write_problem(tmp_path / "gone").id == "data-partition-read-only"


def test_a_cut_between_the_two_writes_does_both_again(card, monkeypatch):
    import kit.appliance.boot as boot

    real = boot.atomic_write

    def cut(path, data):
        if path.name == "mallette.toml":
            raise InterruptedError
        real(path, data)

    monkeypatch.setattr(boot, "atomic_write", cut)
    with pytest.raises(InterruptedError):
        card.switch_on()
    (card.places.served / "kit.toml").unlink()
    monkeypatch.setattr(boot, "atomic_write", real)

    card.switch_on()

    assert "streams" in card.settings
    assert (card.places.system / "mallette.toml").exists()


# --- identity and network ------------------------------------------------------------------


def test_a_password_is_readable_from_the_back_and_never_twice_the_same(tmp_path):
    passwords = {drawn().wifi_password for _ in range(200)}

    assert len(passwords) == 200
    assert set("".join(passwords)) <= set(LETTERS) | {"-"}
    assert not set(LETTERS) & set("il1o0")
    assert 8 <= len(passwords.pop()) <= 63  # WPA2's limits
    first = kept_identity(tmp_path / "system" / "identity.json")
    assert kept_identity(tmp_path / "system" / "identity.json") == first
    assert first.wifi_password not in repr(first)


def test_kits_in_one_room_spread_over_channels_that_do_not_overlap():
    profiles = [configparser.ConfigParser(interpolation=None) for _ in range(90)]
    for number, profile in enumerate(profiles):
        somebody = Identity(f"{number:032x}", "Mallette-AAAA", "aaaa-aaaa-aaaa")
        profile.read_string(network.keyfile(Wishes(country="FR"), somebody))

    channels = [profile["wifi"]["channel"] for profile in profiles]
    assert {c: channels.count(c) for c in set(channels)} == {"1": 30, "6": 30, "11": 30}
    assert len({profile["connection"]["uuid"] for profile in profiles}) == 90


# --- instead of every other site -----------------------------------------------------------


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


def test_devices_hear_what_they_wait_for_and_people_are_sent_to_the_kit():
    serving = captive.server("http://10.42.0.1/", "127.0.0.1", 0)
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    home = f"http://127.0.0.1:{serving.server_port}"
    browser = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
    try:
        for path, expected in captive.PROBES.items():
            with browser.open(home + path, timeout=5) as heard:
                assert (heard.status, heard.read()) == (expected.status, expected.body)
        with pytest.raises(urllib.error.HTTPError) as sent:
            browser.open(f"{home}/maps?q=school", timeout=5)
        assert sent.value.code == 302
        assert sent.value.headers["Location"] == "http://10.42.0.1/"
        assert "Python" not in sent.value.headers["Server"]
        sent.value.close()
    finally:
        serving.shutdown()
        serving.server_close()
        thread.join()


def test_the_other_sites_address_belongs_to_nobody():
    assert network.ELSEWHERE.startswith("192.0.2.")  # RFC 5737
    assert network.ADDRESS.rpartition(".")[0] != network.ELSEWHERE.rpartition(".")[0]
