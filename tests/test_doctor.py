"""The self-test: it finds what is broken, goes on, and changes nothing."""

import socket
import sqlite3
from contextlib import closing

import pytest

from kit import resources
from kit.core.errors import Unavailable
from kit.doctor import Doctor, State
from kit.engine.trial import Trial, try_model
from kit.messages import MESSAGES
from kit.settings import Settings
from kit.storage import Store


def well(folder):
    """A model that is as it was shipped."""
    return Trial("abc", "ai-edge-litert 2.3.0", 2.0)


def altered(folder):
    """A model whose file somebody has changed."""
    raise Unavailable("model-altered", "sha256 differs", file=f"{folder.name}/model.tflite")


def one_camera():
    return ["usb:/dev/video0"], []


def one_microphone():
    return ["alsa:Snowball"], []


@pytest.fixture
def examine(tmp_path):
    """Examine a kit that is well but for what is said."""

    def examine(*, model=well, cameras=one_camera, microphones=one_microphone, **settings):
        settings = {"data": tmp_path / "data", "port": 0} | settings
        doctor = Doctor(Settings(**settings), model=model, cameras=cameras, microphones=microphones)
        findings = doctor.examine()
        assert all(finding.id in MESSAGES for finding in findings)
        return {finding.part: finding for finding in reversed(findings)}  # the first of each

    return examine


def test_a_kit_that_is_well_is_well_in_every_part(examine, tmp_path):
    found = examine()

    assert set(found) == {
        "models", "data", "space", "port", "camera", "microphone", "locale", "activities"
    }  # fmt: skip
    assert {finding.state for finding in found.values()} == {State.GOOD}
    assert list(tmp_path.iterdir()) == []  # the data folder was looked at, not made


def test_an_altered_model_is_broken_and_the_other_parts_are_still_asked(examine):
    found = examine(model=altered)

    assert (found["models"].state, found["models"].id) == (State.BROKEN, "model-altered")
    assert found["activities"].state is State.GOOD


def test_a_backbone_that_is_not_shipped_is_broken():
    settings = Settings(backbone="efficientnet-lite9")
    doctor = Doctor(settings, model=well, cameras=one_camera, microphones=one_microphone)
    findings = doctor.examine()
    assert (findings[0].part, findings[0].state) == ("models", State.BROKEN)


def test_no_camera_is_worth_a_word_and_no_lesson_is_lost(examine):
    camera = examine(cameras=lambda: ([], ["no /dev/video*"]))["camera"]

    assert (camera.state, camera.reason) == (State.WARNING, "no /dev/video*")


def test_no_microphone_is_worth_a_word_and_says_what_to_do(examine):
    def without_library():
        raise Unavailable("microphone-library", "no PortAudio library (libportaudio2)")

    none = examine(microphones=lambda: ([], ["no card"]))["microphone"]
    library = examine(microphones=without_library)["microphone"]

    assert (none.state, none.id) == (State.WARNING, "doctor-microphone-none")
    assert (library.state, library.id) == (State.WARNING, "microphone-library")
    assert "apt install libportaudio2" in MESSAGES[library.id]


def test_a_check_that_itself_fails_is_told_and_the_others_go_on(examine):
    def breaks():
        raise RuntimeError("udev is gone")

    found = examine(cameras=breaks)

    assert found["camera"].state is State.WARNING
    assert "udev is gone" in found["camera"].reason
    assert found["locale"].state is State.GOOD


def test_a_port_that_is_taken_is_named(examine):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = examine(port=taken.getsockname()[1])["port"]

    assert (port.state, port.id) == (State.WARNING, "doctor-port-busy")


def test_a_data_folder_in_use_is_read_beside_its_kit(examine, tmp_path):
    with Store.open(tmp_path / "data"):
        assert examine()["data"].id == "doctor-data-good"


def test_damage_is_found_and_left_alone(examine, tmp_path):
    with Store.open(tmp_path / "data") as store:
        for number in range(300):
            store.set(f"key {number}", "x" * 200)
    database = tmp_path / "data" / "kit.db"
    content = bytearray(database.read_bytes())
    content[5 * 4096 : 9 * 4096] = b"\xa5" * 4 * 4096
    database.write_bytes(content)

    data = examine()["data"]

    assert (data.state, data.id) == (State.BROKEN, "doctor-data-damaged")
    assert database.read_bytes() == content


def test_a_file_where_the_data_folder_should_be_is_broken(examine, tmp_path):
    (tmp_path / "data").write_text("not a folder")

    assert examine()["data"].state is State.BROKEN


def test_a_nearly_full_disk_is_told_before_a_burst_is_lost(examine, monkeypatch):
    import shutil

    usage = shutil.disk_usage("/")
    for free_mb, state in [(20, State.BROKEN), (200, State.WARNING), (2000, State.GOOD)]:
        free = usage._replace(free=free_mb * 1_000_000)
        monkeypatch.setattr(shutil, "disk_usage", lambda folder, free=free: free)
        assert examine()["space"].state is state, free_mb


@pytest.mark.parametrize("name", resources.model_names())
def test_every_shipped_model_runs_whatever_it_takes_in(name):
    tried = try_model(resources.model_dir(name))

    assert len(tried.hash) == 64
    assert tried.invoke_ms > 0


def test_a_folder_of_an_older_kit_is_a_note_for_the_next_start_mends_it(examine, tmp_path):
    Store.open(tmp_path / "data").close()
    with closing(sqlite3.connect(tmp_path / "data" / "kit.db")) as database:
        database.execute("PRAGMA user_version = 1")

    found = examine()["data"]

    assert (found.state, found.id) == (State.WARNING, "data-folder-older")


def test_what_the_image_says_of_its_updates_is_among_the_findings(tmp_path):
    told = [
        ("software-failed", {"version": "0.2.0"}),
        ("software-installed", {"version": "0.3.0"}),
    ]
    doctor = Doctor(
        Settings(data=tmp_path, port=0),
        model=well,
        cameras=one_camera,
        microphones=one_microphone,
        software=lambda: told,
    )

    found = [one for one in doctor.examine() if one.part == "software"]

    assert [(one.id, one.state) for one in found] == [
        ("software-failed", State.WARNING),
        ("software-installed", State.GOOD),
    ]
