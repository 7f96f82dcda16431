"""`kit train`, `predict` and `evaluate` on folders of sounds; and the ten lines of the manual."""

import json
import re
import shutil
import sys
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from kit.codecs.sound import encode_wav
from tests.cli.pictures import one_line, photos
from tests.cli.sounds import sound, sounds

LABELS = ("clap", "drone", "whistle")


@pytest.fixture(scope="module")
def taught(tmp_path_factory) -> Path:
    return sounds(tmp_path_factory.mktemp("taught"), LABELS, 6)


@pytest.fixture(scope="module")
def new(tmp_path_factory) -> Path:
    return sounds(tmp_path_factory.mktemp("new"), LABELS, 5, first=100)


@pytest.fixture(scope="module", params=["words", "sounds"])
def model(request, kit, taught, tmp_path_factory) -> Path:
    """What `kit train` writes for each way of hearing."""
    out = tmp_path_factory.mktemp(request.param) / request.param
    done = kit("train", taught, "--out", out, "--kind", request.param)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("18 sounds, 3 labels\n")
    return out


def test_a_folder_of_sounds_becomes_a_model_with_its_passport(model, checkout):
    passport = json.loads((model / "passport.json").read_text("utf-8"))

    schema = json.loads((checkout / "docs" / "passport.schema.json").read_text("utf-8"))
    jsonschema.validate(passport, schema)
    assert (model / "labels.txt").read_text("utf-8") == "0 clap\n1 drone\n2 whistle\n"
    assert passport["model"]["input"]["kind"] == model.name
    assert passport["model"]["input"]["sampleRateHz"] == 16_000
    assert passport["metric"]["n"] == 18
    limits = {limit["id"] for limit in passport["limitation"]}
    assert "limit-no-background" in limits and "limit-no-nothing" not in limits
    assert ("limit-same-voices" in limits) == (model.name == "words")


def test_the_same_sounds_give_the_same_model(kit, model, taught, tmp_path):
    kit("train", taught, "--out", tmp_path, "--kind", model.name)

    for name in ("model.tflite", "labels.txt"):
        assert (tmp_path / name).read_bytes() == (model / name).read_bytes()


def test_new_sounds_are_told_apart(kit, model, new):
    done = kit("evaluate", model, new, "--json")

    figures = json.loads(done.stdout)
    assert done.returncode == 0
    assert figures["n"] == 15
    assert figures["right"] >= 14


def test_a_file_is_answered_whatever_its_rate_and_width(kit, model, tmp_path):
    waveform = sound("whistle", 200)
    twice = np.interp(np.arange(32_000) / 2, np.arange(16_000), waveform)
    stereo = np.stack([twice, twice], axis=1)
    data = bytearray(encode_wav(stereo.ravel()))
    data[22:24] = (2).to_bytes(2, "little")
    data[24:32] = np.array([32_000, 128_000], "<u4").tobytes()
    data[32:34] = (4).to_bytes(2, "little")
    (tmp_path / "stereo 32 kHz.wav").write_bytes(data)

    done = kit("predict", model, tmp_path / "stereo 32 kHz.wav", "--json")

    answer = json.loads(done.stdout)
    assert answer["label"] == "whistle"
    assert sum(answer["confidences"].values()) == pytest.approx(1, abs=0.02)
    assert answer["latency_ms"] > 0


def test_sounds_given_as_pictures_are_refused_once_with_the_option(kit, taught, tmp_path):
    done = kit("train", taught, "--out", tmp_path / "out")

    line = one_line(done.stderr)
    assert done.returncode == 1
    assert "--kind words" in line and "--kind sounds" in line
    assert not (tmp_path / "out").exists()


def test_pictures_given_as_sounds_are_refused_once_with_the_option(kit, tmp_path):
    folder = photos(tmp_path / "photos", ("cup", "pen"), 3)

    done = kit("train", folder, "--out", tmp_path / "out", "--kind", "words")

    assert done.returncode == 1
    assert "--kind image" in one_line(done.stderr)


def test_one_stray_sound_among_pictures_is_named_and_passed_over(kit, tmp_path):
    folder = photos(tmp_path / "photos", ("cup", "pen"), 3)
    (folder / "cup" / "! first.wav").write_bytes(encode_wav(sound("clap", 0)))

    done = kit("train", folder, "--out", tmp_path / "out")

    assert done.returncode == 0
    assert "! first.wav" in one_line(done.stderr)


def test_a_size_makes_no_sense_for_sounds(kit, taught, tmp_path):
    done = kit("train", taught, "--out", tmp_path, "--kind", "sounds", "--size", "96")

    assert done.returncode == 2
    assert "--size" in one_line(done.stderr)


def test_bad_sounds_are_named_and_the_others_are_taught(kit, taught, tmp_path):
    folder = shutil.copytree(taught, tmp_path / "with bad ones")
    whole = (folder / "clap" / "0.wav").read_bytes()
    (folder / "clap" / "cut off.wav").write_bytes(whole[:1_000])
    (folder / "clap" / "silent.wav").write_bytes(encode_wav(np.zeros(16_000)))
    (folder / "clap" / "nothing.wav").write_bytes(encode_wav(np.zeros(0)))
    (folder / "clap" / "text.wav").write_text("this is no sound")
    (folder / "drone" / "loud.wav").write_bytes(encode_wav(9 * sound("drone", 50)))

    done = kit("train", folder, "--out", tmp_path / "out", "--kind", "sounds")

    told = done.stderr.splitlines()
    assert done.returncode == 0
    assert [line.split(":")[0] for line in told[:4]] == [
        "clap/cut off.wav", "clap/nothing.wav", "clap/silent.wav", "clap/text.wav",
    ]  # fmt: skip
    assert told[4].startswith("1 file: This sound is too loud")
    assert done.stdout.startswith("19 sounds, 3 labels\npassed over: 4\n")


def test_a_label_with_no_sound_is_an_error_that_names_it(kit, taught, tmp_path):
    folder = shutil.copytree(taught, tmp_path / "sounds")
    (folder / "background").mkdir()

    done = kit("train", folder, "--out", tmp_path / "out", "--kind", "words")

    assert done.returncode == 1
    assert "“background”" in one_line(done.stderr)


def test_the_same_recording_twice_is_no_second_showing(kit, tmp_path):
    folder = sounds(tmp_path / "sounds", ("clap", "whistle"), 1)
    for label in ("clap", "whistle"):
        shutil.copy(folder / label / "0.wav", folder / label / "copy.wav")

    done = kit("train", folder, "--out", tmp_path / "out", "--kind", "sounds")

    assert "Not checked yet" in done.stdout


@pytest.mark.slow
def test_a_speaker_never_heard_is_understood(kit, shared_data, tmp_path):
    """Twenty clips a word from three speakers teach; the fourth is asked. The whole table, many
    draws of it, is `benchmarks/few_shot_sound.py`."""
    digits = shared_data / "spoken-digits"
    speakers = sorted({path.name.split("_")[0] for path in (digits / "0").glob("*.wav")})
    right = asked = 0
    for speaker in speakers:
        for digit in "01234":
            clips = sorted((digits / digit).glob("*.wav"))
            others = [clip for clip in clips if not clip.name.startswith(speaker)]
            for part, chosen in (
                ("teach", others[:: len(others) // 20 + 1] + others[1 :: len(others) // 20 + 1]),
                ("ask", [clip for clip in clips if clip.name.startswith(speaker)]),
            ):
                (tmp_path / speaker / part / digit).mkdir(parents=True)
                for clip in chosen[:20]:
                    shutil.copy(clip, tmp_path / speaker / part / digit)
        model = tmp_path / speaker / "model"
        kit("train", tmp_path / speaker / "teach", "--out", model, "--kind", "words")
        figures = json.loads(kit("evaluate", model, tmp_path / speaker / "ask", "--json").stdout)
        right, asked = right + figures["right"], asked + figures["n"]

    assert asked == 240
    assert right / asked >= 0.93


def test_the_ten_lines_of_the_manual_run(model, new, checkout, tmp_path):
    manual = (checkout / "docs" / "command-line.md").read_text("utf-8")
    [example] = [code for code in re.findall(r"```python\n(.*?)```", manual, re.DOTALL)
                 if "passport" in code]  # fmt: skip
    assert len(example.splitlines()) <= 12
    for path in model.iterdir():
        shutil.copy(path, tmp_path)
    shutil.copy(new / "whistle" / "101.wav", tmp_path / "hello.wav")

    _, label, confidence = run(example, tmp_path).split()

    assert label == "whistle"
    assert float(confidence) > 0.5


def run(code: str, folder: Path) -> str:
    """What the code prints, run by a Python of its own in that folder."""
    import os
    import subprocess

    path = os.pathsep.join(p for p in sys.path if p)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
