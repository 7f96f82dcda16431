"""`kit listen`: a trained model at the microphone."""

import json

import numpy as np
import pytest

from kit.codecs.sound import encode_wav
from tests.cli.pictures import one_line, photos
from tests.cli.sounds import sound, sounds

LABELS = ("clap", "drone", "whistle")


@pytest.fixture(scope="module")
def model(kit, tmp_path_factory):
    """A model of three sounds and of the room."""
    taught = sounds(tmp_path_factory.mktemp("taught"), LABELS, 6)
    (taught / "room").mkdir()
    for seed in range(6):
        room = np.random.default_rng(seed).normal(0, 10 ** -(2 + seed / 4), 16_000)
        (taught / "room" / f"{seed}.wav").write_bytes(encode_wav(room))
    out = tmp_path_factory.mktemp("model") / "sounds"
    done = kit("train", taught, "--out", out, "--kind", "sounds")
    assert done.returncode == 0, done.stderr
    return out


def test_what_is_played_is_heard_once_each_time(kit, model, tmp_path):
    (tmp_path / "whistle.wav").write_bytes(encode_wav(sound("whistle", 100)))

    done = kit(
        "listen", model, "--microphone", f"fake:{tmp_path}",
        "--seconds", "5", "--background", "room", "--json",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert {each["label"] for each in told} == {"whistle"}
    assert 2 <= len(told) <= 4  # a second of sound, half a second of nothing, and again
    assert all(0.5 <= each["confidence"] <= 1 and each["latency_ms"] > 0 for each in told)
    ends = [each["at_s"] for each in told]
    assert ends == sorted(ends)
    assert ends[-1] <= 5.2
    assert "Listening with fake:" in done.stderr


def test_a_quiet_room_has_its_false_alarms_counted(kit, model):
    done = kit(
        "listen", model, "--microphone", "fake",
        "--seconds", "2", "--background", "room", "--alarms", "--json",
    )  # fmt: skip

    (line,) = done.stdout.splitlines()
    told = json.loads(line)
    assert (told["alarms"], told["per_hour"], told["low"]) == (0, 0.0, 0.0)
    assert told["minutes"] == pytest.approx(2 / 60, abs=0.01)
    assert told["high"] > 5000  # two seconds prove nothing


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--microphone", "none"], "No microphone is chosen"),
        (["--microphone", "gramophone"], "no microphone called “gramophone”"),
        (["--microphone", "fake", "--background", "owl"], "This model has no label “owl”"),
    ],
)
def test_what_cannot_be_is_one_clear_line(kit, model, options, reason):
    done = kit("listen", model, *options)

    assert done.returncode == 1
    assert reason in one_line(done.stderr)


def test_a_model_of_pictures_cannot_listen(kit, tmp_path):
    taught = photos(tmp_path / "photos", ("red", "blue"), 4)
    kit("train", taught, "--out", tmp_path / "out", "--size", "96")

    done = kit("listen", tmp_path / "out", "--microphone", "fake")

    assert done.returncode == 1
    assert "not taught with sounds" in done.stderr
