"""`kit train --kind gesture` on real photos of hands, and what it says where there is none."""

import json
import shutil

import cv2
import jsonschema
import numpy as np
import pytest

from tests.cli.pictures import one_line

SIGNS = ("0", "2", "5")


@pytest.fixture(scope="session")
def signs(shared_data, tmp_path_factory):
    """Ten photos of each of three signs, and a photo of a wall among them."""
    folder = tmp_path_factory.mktemp("signs")
    for sign in SIGNS:
        (folder / sign).mkdir()
        for photo in sorted((shared_data / "hand-signs" / sign).glob("*.jpg"))[:10]:
            shutil.copy(photo, folder / sign)
    cv2.imwrite(str(folder / "2" / "wall.png"), np.full((200, 200, 3), 150, np.uint8))
    return folder


@pytest.fixture(scope="session")
def taught(kit, signs, tmp_path_factory):
    out = tmp_path_factory.mktemp("gestures") / "model"
    done = kit("train", signs, "--kind", "gesture", "--out", out)
    assert done.returncode == 0, done.stderr
    return out, done


def test_a_picture_without_a_hand_is_named_and_passed_over(taught):
    _out, done = taught

    assert "30 pictures, 3 labels" in done.stdout
    assert "passed over: 1" in done.stdout
    assert "2/wall.png: The kit finds no hand" in one_line(done.stderr)


def test_the_passport_says_what_the_model_wants(taught, checkout):
    out, _done = taught
    passport = json.loads((out / "passport.json").read_text("utf-8"))

    jsonschema.validate(
        passport, json.loads((checkout / "docs" / "passport.schema.json").read_text("utf-8"))
    )
    wanted = passport["model"]["input"]
    assert (wanted["kind"], wanted["hands"], wanted["numbers"]) == ("gesture", 1, 42)
    assert passport["model"]["backbone"]["name"] == "hand-landmark"
    assert "limit-hand-in-sight" in [limit["id"] for limit in passport["limitation"]]
    assert (out / "model.tflite").stat().st_size < 10_000


def test_new_photos_are_answered_and_a_missing_hand_is_no_failure(kit, taught, signs, shared_data):
    out, _done = taught
    new = [sorted((shared_data / "hand-signs" / s).glob("*.jpg"))[-1] for s in SIGNS]

    done = kit("predict", out, *new, signs / "2" / "wall.png", "--json")

    assert done.returncode == 0
    *answers, wall = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["label"] for answer in answers] == list(SIGNS)
    assert (wall["label"], wall["known"], wall["reason"]) == (None, False, "no-hand")


def test_people_read_that_no_hand_was_found(kit, taught, signs):
    wall = signs / "2" / "wall.png"

    done = kit("predict", taught[0], wall, language="fr")

    assert done.returncode == 0
    assert done.stdout.strip() == f"{wall} : aucune main trouvée"


def test_evaluate_counts_photos_with_a_hand(kit, taught, signs):
    done = kit("evaluate", taught[0], signs, "--json")

    told = json.loads(done.stdout)
    assert (told["n"], told["refused"]) == (30, 1)
    assert told["accuracy"]["value"] > 0.9


def test_two_hands_make_a_model_of_84_numbers(kit, shared_data, tmp_path):
    """A sign by the left and by the right hand beside each other, against one hand alone."""
    for place, photo in enumerate(sorted((shared_data / "hand-signs" / "5").glob("*.jpg"))[:4]):
        pixels = cv2.imread(str(photo))
        table = np.full((300, 600, 3), 128, np.uint8)
        table[50:250, 350:550] = cv2.resize(pixels[:, ::-1], (200, 200))
        for label in ("one", "two"):
            (tmp_path / "data" / label).mkdir(parents=True, exist_ok=True)
            if label == "two":
                table[50:250, 50:250] = cv2.resize(pixels, (200, 200))
            cv2.imwrite(str(tmp_path / "data" / label / f"{place}.png"), table)

    done = kit("train", tmp_path / "data", "--kind", "gesture", "--hands", "2", "--out", tmp_path)

    assert done.returncode == 0, done.stderr
    assert "8 of 8 right" in done.stdout
    passport = json.loads((tmp_path / "passport.json").read_text("utf-8"))
    assert passport["model"]["input"]["numbers"] == 84


def test_a_second_hand_that_is_left_out_is_said(kit, shared_data, tmp_path):
    for label, sign in (("a", "5"), ("b", "2")):
        (tmp_path / "data" / label).mkdir(parents=True)
        for place, photo in enumerate(
            sorted((shared_data / "hand-signs" / sign).glob("*.jpg"))[:2]
        ):
            pixels = cv2.resize(cv2.imread(str(photo)), (200, 200))
            both = np.hstack([pixels, pixels[:, ::-1]])
            cv2.imwrite(str(tmp_path / "data" / label / f"{place}.png"), both)

    done = kit("train", tmp_path / "data", "--kind", "gesture", "--out", tmp_path)

    assert done.returncode == 0, done.stderr
    assert "There is a second hand in the picture" in one_line(done.stderr)


def test_hands_are_asked_for_gestures_only(kit, signs, tmp_path):
    done = kit("train", signs, "--hands", "2", "--out", tmp_path)

    assert done.returncode == 1
    assert "--hands is for gestures only" in done.stderr
