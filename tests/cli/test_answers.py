"""`kit predict` and `kit evaluate`: what others may rely on, and what a bad file is told."""

import json
import shutil
import subprocess
import sys

import cv2
import numpy as np
import pytest

from tests.cli.pictures import one_line, picture, write

LABELS = ["clé à molette", "cup", "pen"]


def test_predict_prints_one_json_object_a_line(kit, model, new_photos):
    files = sorted(new_photos.rglob("*.jpg"))

    done = kit("predict", model, *files, "--json")

    assert done.returncode == 0 and done.stderr == ""
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["file"] for answer in answers] == [str(file) for file in files]
    for answer in answers:
        assert list(answer) == [
            "file",
            "label",
            "known",
            "confidence",
            "confidences",
            "latency_ms",
        ]
        assert list(answer["confidences"]) == LABELS
        assert sum(answer["confidences"].values()) == pytest.approx(1.0, abs=0.02)
        assert answer["confidence"] == max(answer["confidences"].values())
        assert answer["confidences"][answer["label"]] == answer["confidence"]
        assert isinstance(answer["known"], bool) and answer["latency_ms"] > 0
    right = [
        answer["label"] == file.parent.name for answer, file in zip(answers, files, strict=True)
    ]
    assert sum(right) >= 12


def test_json_says_the_same_in_any_language(kit, model, new_photos):
    file = new_photos / "cup" / "100.jpg"

    answers = [
        json.loads(kit("predict", model, file, "--json", language=language).stdout)
        for language in ("en", "fr")
    ]

    for answer in answers:
        del answer["latency_ms"]
    assert answers[0] == answers[1]


def test_people_read_a_sentence_and_not_sure_enough_is_said(kit, model, new_photos, tmp_path):
    never = tmp_path / "never sure"
    shutil.copytree(model, never)
    passport = json.loads((never / "passport.json").read_text("utf-8"))
    passport["model"]["threshold"]["value"] = 1.1
    (never / "passport.json").write_text(json.dumps(passport))
    file = new_photos / "cup" / "100.jpg"

    assert kit("predict", model, file).stdout.startswith(f"{file}: cup (")
    assert f"{file}: not sure enough; cup" in kit("predict", never, file).stdout
    answer = json.loads(kit("predict", never, file, "--json").stdout)
    assert (answer["label"], answer["known"]) == ("cup", False)


@pytest.fixture(scope="session")
def bad_files(tmp_path_factory) -> dict[str, bytes]:
    cup = cv2.cvtColor(picture("cup", 0), cv2.COLOR_RGB2BGR)
    png = cv2.imencode(".png", cup)[1].tobytes()
    bomb = bytearray(png)
    bomb[16:24] = (20_000).to_bytes(4, "big") * 2  # the header's width and height
    return {
        "empty.jpg": b"",
        "words.jpg": b"I am a text file, whatever my name says.",
        "cut off.png": png[: len(png) // 2],
        "bomb.png": bytes(bomb),
        "phone.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64),
    }


@pytest.mark.parametrize(
    "name", ["empty.jpg", "words.jpg", "cut off.png", "bomb.png", "phone.heic", "not there.jpg"]
)
def test_a_bad_file_is_named_in_one_line_and_the_good_one_is_answered(
    kit, model, new_photos, bad_files, tmp_path, name
):
    if name in bad_files:
        (tmp_path / name).write_bytes(bad_files[name])
    good = new_photos / "pen" / "101.jpg"

    done = kit("predict", model, tmp_path / name, good, "--json")

    assert done.returncode == 1
    assert name in one_line(done.stderr)
    [answer] = map(json.loads, done.stdout.splitlines())
    assert answer["file"] == str(good)


def test_pictures_of_unusual_kinds_are_read_as_people_see_them(kit, model, tmp_path):
    pixels = picture("cup", 100)
    plain = write(tmp_path / "plain.png", pixels)
    alpha = np.dstack([cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), np.full(pixels.shape[:2], 255)])
    cv2.imwrite(str(tmp_path / "alpha.png"), alpha.astype(np.uint8))
    sixteen = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR).astype(np.uint16) * 257
    cv2.imwrite(str(tmp_path / "sixteen.png"), sixteen)
    files = [plain, tmp_path / "alpha.png", tmp_path / "sixteen.png"]

    done = kit("predict", model, *files, "--json")

    answers = [json.loads(line)["confidences"] for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert answers[0] == answers[1] == answers[2]


def test_a_photo_taken_sideways_is_turned_by_its_exif(kit, model, tmp_path):
    pixels = picture("pen", 103)
    upright = write(tmp_path / "upright.png", pixels)
    jpeg = cv2.imencode(".jpg", cv2.cvtColor(np.rot90(pixels), cv2.COLOR_RGB2BGR))[1].tobytes()
    orientation = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
    turned = tmp_path / "sideways.jpg"
    segment = b"\xff\xe1" + (len(orientation) + 2).to_bytes(2, "big") + orientation
    turned.write_bytes(jpeg[:2] + segment + jpeg[2:])

    done = kit("predict", model, upright, turned, "--json")

    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["label"] == second["label"] == "pen"
    assert first["confidence"] == pytest.approx(second["confidence"], abs=0.1)


def test_evaluate_gives_the_rate_with_its_interval_and_the_confusion(kit, model, new_photos):
    done = kit("evaluate", model, new_photos, "--json")

    assert done.returncode == 0 and done.stderr == ""
    figures = json.loads(done.stdout)
    accuracy = figures["accuracy"]
    assert accuracy["n"] == 15
    assert 0 <= accuracy["low"] <= accuracy["value"] <= accuracy["high"] <= 1
    assert accuracy["value"] >= 0.8
    assert figures["labels"] == LABELS
    assert [sum(row) for row in figures["confusion"]] == [5, 5, 5]
    right = sum(figures["confusion"][place][place] for place in range(3))
    assert right == figures["right"] == round(accuracy["value"] * 15)


def test_evaluate_tells_people_the_counts_first(kit, model, new_photos):
    lines = kit("evaluate", model, new_photos).stdout.splitlines()

    assert " of 15 right; tried again: between " in lines[0]
    assert [line.split("  ")[0] for line in lines[2:5]] == LABELS


def test_a_label_that_the_model_never_heard_of_counts_as_wrong(kit, model, new_photos, tmp_path):
    shutil.copytree(new_photos, tmp_path / "more")
    shutil.copytree(new_photos / "cup", tmp_path / "more" / "mug")

    figures = json.loads(kit("evaluate", model, tmp_path / "more", "--json").stdout)

    assert figures["labels"] == [*LABELS, "mug"]
    assert figures["accuracy"]["n"] == 20
    assert figures["confusion"][3][3] == 0 and sum(figures["confusion"][3]) == 5


def test_a_missing_passport_is_said_and_the_model_still_answers(kit, model, new_photos, tmp_path):
    bare = tmp_path / "bare"
    shutil.copytree(model, bare)
    (bare / "passport.json").unlink()

    done = kit("predict", bare, new_photos / "cup" / "100.jpg", "--json")

    assert done.returncode == 0
    assert "passport.json" in one_line(done.stderr)
    assert json.loads(done.stdout)["label"] == "cup"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("model.tflite", None, "model.tflite"),
        ("labels.txt", None, "labels.txt"),
        ("model.tflite", b"not a model at all", "model.tflite"),
        ("labels.txt", b"0 cup\n1 pen\n", "labels"),
        ("labels.txt", b"\xff\xfe", "labels.txt"),
        ("passport.json", b"{", "passport.json"),
        ("passport.json", b'{"model": {"threshold": {"value": "high"}}}', "passport.json"),
    ],
)
def test_a_model_folder_that_is_not_whole_is_refused_by_name(
    kit, model, new_photos, tmp_path, name, content, said
):
    broken = tmp_path / "broken"
    shutil.copytree(model, broken)
    (broken / name).unlink()
    if content is not None:
        (broken / name).write_bytes(content)

    for arguments in (
        ["predict", broken, new_photos / "cup" / "100.jpg"],
        ["evaluate", broken, new_photos],
    ):
        done = kit(*arguments)
        assert done.returncode == 1
        assert done.stdout == ""
        assert said in one_line(done.stderr)


def test_a_reader_that_has_had_enough_is_no_error(kit, model, new_photos):
    files = [str(path) for path in new_photos.rglob("*.jpg")]
    command = [sys.executable, "-m", "kit", "predict", str(model), *(files * 20), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as answers:
        answers.stdout.readline()
        answers.stdout.close()

        assert answers.stderr.read() == b""
