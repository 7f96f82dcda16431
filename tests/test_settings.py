"""Settings: which source wins, and what a slip of the pen is told."""

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from kit.core.errors import BadInput
from kit.settings import Settings, load


def test_the_later_source_wins_key_by_key(tmp_path):
    (tmp_path / "kit.toml").write_text('port = 1\nhost = "h1"\nlanguage = "en"\nstreams = 7\n')
    environment = {"KIT_DATA": str(tmp_path), "KIT_PORT": "2", "KIT_HOST": "h2", "HOME": "/x"}

    settings = load({"port": 3, "camera": None}, environment=environment)

    assert (settings.port, settings.host, settings.language) == (3, "h2", "en")
    assert (settings.streams, settings.data, settings.camera) == (7, tmp_path, "auto")


def test_a_named_file_is_read_instead_of_the_folders_own(tmp_path):
    (tmp_path / "kit.toml").write_text("port = 1\n")
    other = tmp_path / "other.toml"
    other.write_text('port = 2\ndata = "~/elsewhere"\nmirror = true\n')

    settings = load({"data": str(tmp_path)}, config=other, environment={})
    assert (settings.port, settings.data, settings.mirror) == (2, tmp_path, True)

    assert load(config=other, environment={}).data == Path.home() / "elsewhere"


@pytest.mark.parametrize(
    ("environment", "toml", "nearest"),
    [
        ({"KIT_PROT": "9000"}, "", "port"),
        ({}, "langage = 'fr'\n", "language"),
        ({}, "[camera_settings]\nname = 'usb'\n", "camera"),
    ],
)
def test_an_unknown_key_names_the_nearest_one(tmp_path, environment, toml, nearest):
    (tmp_path / "kit.toml").write_text(toml)

    with pytest.raises(BadInput) as refused:
        load({"data": tmp_path}, environment=environment)

    assert refused.value.id == "setting-unknown"
    assert refused.value.values["nearest"] == nearest


@pytest.mark.parametrize(
    "toml",
    [
        'port = "8000"',
        "port = true",
        "port = 70000",
        "mirror = 1",
        "rotate = 45",
        'language = "de"',
        "input_size = 225",
        "data = 3",
        "evening_hour = 0",
    ],
)
def test_a_value_of_another_kind_is_refused_with_what_may_stand_there(tmp_path, toml):
    (tmp_path / "kit.toml").write_text(toml)

    with pytest.raises(BadInput) as refused:
        load({"data": tmp_path}, environment={})

    assert refused.value.id == "setting-wrong"
    assert refused.value.values["allowed"]
    assert str(tmp_path / "kit.toml") in str(refused.value)


@pytest.mark.parametrize(("text", "mirror"), [("1", True), ("Yes", True), ("off", False)])
def test_switches_in_the_environment_are_read_as_people_write_them(text, mirror):
    assert load(environment={"KIT_MIRROR": text}).mirror is mirror


@pytest.mark.parametrize(
    "variable", [("KIT_MIRROR", "perhaps"), ("KIT_PORT", "8000.0"), ("KIT_PORT", "³")]
)
def test_what_is_no_value_of_its_type_is_refused_in_the_environment(variable):
    with pytest.raises(BadInput) as refused:
        load(environment=dict([variable]))

    assert refused.value.values["where"] == "the environment"


def test_a_file_that_is_not_toml_is_refused_with_its_reason(tmp_path):
    config = tmp_path / "kit.toml"
    config.write_text("port = = 8000")
    for file in (config, tmp_path / "not-there.toml"):
        with pytest.raises(BadInput) as refused:
            load(config=file, environment={})
        assert refused.value.id == "settings-unreadable"
        assert str(file) in str(refused.value)


def test_a_class_begins_when_other_devices_may_come():
    for host, is_class in [
        ("127.0.0.1", False),
        ("::1", False),
        ("localhost", False),
        ("0.0.0.0", True),
        ("192.168.4.1", True),
        ("kit.local", True),
    ]:
        assert Settings(host=host).is_class is is_class, host


def test_settings_do_not_change_and_each_has_its_line_in_the_manual():
    settings = load(environment={"XDG_DATA_HOME": "/home/ada"})

    assert settings.data == Path("/home/ada/mallette")
    assert settings.threads >= settings.streams + 8
    with pytest.raises(FrozenInstanceError):
        settings.port = 1
    for setting in fields(Settings):
        assert setting.metadata["doc"].endswith("."), setting.name
