"""An installed update is started, held against its signature, and left aloud where it fails."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kit.appliance import boot_file, software
from kit.appliance.boot import Places as BootPlaces
from kit.appliance.boot import _trust_updates_of
from kit.lending import update

FLASHED = "0.1.0"
SCRIPT = Path(__file__).parents[2] / "image-build/files/root/usr/lib/mallette/software"
pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl on this machine")


def pair(folder):
    private, public = folder / "update.pem", folder / "update.pub"
    for command in (
        ["genpkey", "-algorithm", "ed25519", "-out", private],
        ["pkey", "-in", private, "-pubout", "-out", public],
    ):
        subprocess.run(["openssl", *map(str, command)], check=True, capture_output=True)
    return private, public


class Kit:
    """A kit's software, its lender's key, and its screen."""

    def __init__(self, folder):
        self.folder = folder
        names = ("firmware", "flashed", "software", "run", "update.pub")
        self.places = software.Places(*(folder / name for name in names))
        for place in (self.places.firmware, self.places.shipped, self.places.installed):
            place.mkdir()
        self.private, _public = pair(folder)
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.screen = []

    def bundle(self, version, name=None, content="print('new')\n"):
        what = self.folder / "what"
        shutil.rmtree(what, ignore_errors=True)
        (what / "kit").mkdir(parents=True)
        (what / "kit" / "app.py").write_text(content)
        out = self.stick / (name or f"mallette-{version}.bundle")
        update.sign(what, version, self.private, out)
        return out

    def plug_in(self):
        self.screen.clear()
        told = software.update_from(
            self.stick, self.places, self.screen.append, shipped_version=FLASHED
        )
        return told.id if told else None

    def start(self):
        """What the server would run: "flashed", or a version."""
        self.screen.clear()
        software.choose(self.places, self.screen.append, shipped_version=FLASHED)
        return self.places.chosen.resolve().name

    def call(self, verb, result="exit-code"):
        """The script that the unit calls, on folders of its own."""
        script = SCRIPT.read_text()
        for place, own in {
            "/data/software": self.places.installed,
            "/boot/firmware": self.places.firmware,
            "/run/mallette": self.places.run,
            "/opt/mallette": self.places.shipped,
        }.items():
            assert place in script
            script = script.replace(place, str(own))
        environment = {"PATH": os.environ["PATH"], "SERVICE_RESULT": result}
        subprocess.run(["sh", "-c", script, "software", verb], env=environment, check=True)

    def ready(self):
        """The page has answered."""
        self.call("ready")

    def fail(self, result="exit-code"):
        """The server has ended."""
        self.call("failed", result)

    @property
    def told(self):
        return json.loads(self.places.told.read_text())


@pytest.fixture
def kit(tmp_path):
    return Kit(tmp_path)


def test_a_kit_runs_what_it_was_flashed_with(kit):
    assert kit.start() == "flashed"
    assert kit.screen == []
    assert kit.told == {"version": FLASHED, "shipped": FLASHED, "problem": None}


def test_an_update_on_a_stick_runs_from_the_next_start_on(kit):
    kit.bundle("0.2.0")

    assert kit.plug_in() == "software-installed"
    assert any("0.2.0" in line for line in kit.screen)
    assert len(kit.screen) == 2  # in both languages
    assert kit.start() == "0.2.0"
    assert kit.screen == []
    assert kit.told["version"] == "0.2.0"
    # Left in: at the next start it is looked at again, and nothing is said of it.
    assert kit.plug_in() is None
    assert kit.screen == []


def test_the_newest_of_several_is_installed(kit):
    for version in ("0.3.0", "0.10.0", "0.2.0"):
        kit.bundle(version)
    (kit.stick / "._mallette-9.9.9.bundle").write_bytes(b"what a Mac leaves beside a file")

    assert kit.plug_in() == "software-installed"
    assert kit.start() == "0.10.0"


def test_a_stick_with_other_things_is_passed_over(kit):
    (kit.stick / "homework.docx").write_bytes(b"x")

    assert kit.plug_in() is None
    assert software.update_from(kit.folder / "gone", kit.places, kit.screen.append) is None


@pytest.mark.parametrize(
    ("bring", "id"),
    [
        (lambda kit: (kit.stick / "a.bundle").write_bytes(b"PK nothing"), "bundle-broken"),
        (lambda kit: kit.bundle("0.0.9"), "bundle-not-newer"),
        (lambda kit: (kit.bundle("0.2.0"), pair(kit.folder)), "bundle-signature-wrong"),
        (lambda kit: (kit.bundle("0.2.0"), kit.places.key.unlink()), "software-no-key"),
    ],
)
def test_a_wrong_stick_is_refused_in_words_and_nothing_changes(kit, bring, id):
    bring(kit)

    assert kit.plug_in() == id
    assert len(kit.screen) == 2
    assert kit.told["update"]["id"] == id
    assert kit.start() == "flashed"


def test_an_older_signed_release_is_no_way_back_in(kit):
    for version in ("0.3.0", "0.2.0"):
        kit.bundle(version)
        kit.plug_in()

    assert kit.start() == "0.3.0"


def test_a_release_that_fails_twice_is_left_aloud_and_for_good(kit):
    kit.bundle("0.2.0")
    kit.plug_in()
    for _ in range(2):
        assert kit.start() == "0.2.0"
        kit.fail()

    assert kit.start() == "flashed"
    assert any("0.2.0" in line for line in kit.screen)
    assert kit.told["problem"]["id"] == "software-failed"
    kit.fail()  # the flashed one may fail, too: that is not the update's
    kit.ready()
    kit.bundle("0.3.0")
    assert kit.plug_in() == "software-installed"
    assert kit.start() == "0.3.0"


def test_the_flashed_software_that_starts_does_not_forgive_the_update(kit):
    kit.bundle("0.2.0")
    kit.plug_in()
    for _ in range(2):
        kit.start()
        kit.fail()
    kit.start()

    kit.ready()

    assert kit.start() == "flashed"


def test_one_failure_is_forgiven_once_the_page_has_answered(kit):
    kit.bundle("0.2.0")
    kit.plug_in()
    for _ in range(3):
        kit.start()
        kit.fail()
        kit.start()
        kit.ready()
        kit.fail()  # a crash in a lesson: the page had answered

    assert kit.start() == "0.2.0"


def test_a_server_that_was_stopped_has_not_failed(kit):
    kit.bundle("0.2.0")
    kit.plug_in()
    for _ in range(3):
        kit.start()
        kit.fail("success")  # systemd's word where somebody stopped it

    assert kit.start() == "0.2.0"


def test_pulled_plugs_are_no_fault_of_a_release_a_frozen_machine_is(kit):
    kit.bundle("0.2.0")
    kit.plug_in()

    assert [kit.start() for _ in range(software.MOST_BEGUN)] == ["0.2.0"] * software.MOST_BEGUN

    assert kit.start() == "flashed"


def test_a_damaged_release_is_not_started_and_can_be_installed_again(kit):
    kit.bundle("0.2.0")
    kit.plug_in()
    (kit.places.installed / "current" / "kit" / "app.py").write_text("print('n\0w')\n")

    assert kit.start() == "flashed"
    assert kit.told["problem"]["id"] == "software-damaged"
    assert kit.plug_in() == "software-installed"
    assert kit.start() == "0.2.0"


def test_without_its_key_nothing_installed_is_trusted(kit):
    kit.bundle("0.2.0")
    kit.plug_in()
    kit.places.key.unlink()

    assert kit.start() == "flashed"
    assert kit.told["problem"]["id"] == "software-no-key"


def test_a_lender_goes_back_with_a_file_on_the_card(kit):
    kit.bundle("0.2.0")
    kit.plug_in()
    (kit.places.firmware / software.FORGO).touch()

    assert kit.start() == "flashed"
    assert any(software.FORGO in line for line in kit.screen)
    (kit.places.firmware / software.FORGO).unlink()
    assert kit.start() == "0.2.0"


def test_a_newer_flashed_image_wins_over_an_older_update(kit):
    kit.bundle("0.2.0")
    kit.plug_in()

    software.choose(kit.places, kit.screen.append, shipped_version="0.2.0")

    assert kit.places.chosen.resolve().name == "flashed"


def test_torn_notes_and_links_start_the_kit_all_the_same(kit):
    kit.bundle("0.2.0")
    kit.plug_in()
    for torn in ("", "{", "[]", '{"version": "0.2.0"}', '{"version": "0.2.0", "begun": null}'):
        kit.places.tries.write_text(torn)
        kit.places.failures.write_text("exit-code\n" * 5)
        assert kit.start() == "0.2.0", torn
    (kit.places.installed / "current").unlink()
    (kit.places.installed / "current").symlink_to("releases/9.9.9")
    assert kit.start() == "flashed"
    assert kit.told["problem"]["id"] == "software-damaged"


def test_the_forms_key_is_the_one_that_counts(kit):
    form = "".join(kit.places.key.read_text().splitlines()[1:-1])
    read = boot_file.read(f'country = "FR"\nupdate_key = "{form}"\n'.encode())
    kit.places.key.unlink()
    run = kit.folder / "machine"
    _trust_updates_of(BootPlaces(run=run), read.wishes.update_key)
    kit.places.run.mkdir()
    os.rename(run / "mallette" / "update.pub", kit.places.run / "update.pub")
    kit.bundle("0.2.0")

    assert kit.plug_in() == "software-installed"
    wrong = boot_file.read(b'country = "FR"\nupdate_key = "ssh-ed25519 AAAA"\n')
    assert [problem.id for problem in wrong.problems] == ["boot-file-wrong"]


@pytest.mark.parametrize("python", ["/bin/false", "/no/such/python"])
def test_whatever_breaks_the_image_runs_its_own(image_build, tmp_path, python):
    """The script that the unit calls, on folders of its own."""
    script = (image_build / "files/root/usr/lib/mallette/software").read_text()
    for place in ("/data/software", "/boot/firmware", "/run/mallette", "/opt/mallette"):
        assert place in script
        script = script.replace(place, str(tmp_path / place.strip("/").replace("/", "-")))
    script = script.replace("/usr/bin/python3", python)
    installed, run = tmp_path / "data-software", tmp_path / "run-mallette"
    installed.mkdir()
    (installed / "current").symlink_to("releases/0.2.0")

    def call(verb, **environment):
        command = ["sh", "-c", script, "software", verb]
        return subprocess.run(
            command, env={"PATH": os.environ["PATH"], **environment}, capture_output=True
        ).returncode

    assert call("choose") == 0
    assert os.readlink(run / "software") == str(tmp_path / "opt-mallette")
    assert call("ready") == 0
    assert call("failed", SERVICE_RESULT="exit-code") == 0
    (installed / "current").unlink()
    assert call("choose") == 0
    assert os.readlink(run / "software") == str(tmp_path / "opt-mallette")


def test_what_runs_as_root_comes_from_the_image(image_build):
    """Root's Python never looks where an update, or the server, has written."""
    files = image_build / "files" / "root"
    unit = (files / "etc/systemd/system/mallette.service").read_text()
    as_root = [line for line in unit.splitlines() if "=-+" in line]

    assert [line.split("=-+")[1] for line in as_root] == [
        f"/usr/lib/mallette/software {verb}" for verb in ("choose", "ready", "failed")
    ]
    assert "export PYTHONPATH=/opt/mallette " in (files / "usr/lib/mallette/software").read_text()
    for other in (files / "etc/systemd/system").glob("mallette*"):
        if other.name != "mallette.service":
            assert "/run/mallette/software" not in other.read_text(), other.name
    folders = (files / "etc/tmpfiles.d/mallette.conf").read_text().splitlines()
    assert "d /data/software 0755 root root -" in folders
    assert "d /run/mallette 0755 root root -" in folders
    [writes] = re.findall("^ReadWritePaths=(.*)$", unit, re.MULTILINE)
    assert set(writes.split()) <= {"/data/kit", "/run/mallette/asks"}
