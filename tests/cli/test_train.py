"""`kit train`: what it writes, how honest it is, and how it refuses."""

import json
import shutil
import zipfile

import pytest

from tests.cli.pictures import one_line, photos, picture, write

FILES = ["labels.txt", "model.tflite", "passport.json"]


def test_a_folder_of_photos_becomes_a_model_with_its_labels_and_its_passport(model):
    assert sorted(path.name for path in model.iterdir()) == FILES
    assert (model / "labels.txt").read_text("utf-8") == "0 clé à molette\n1 cup\n2 pen\n"
    assert (model / "model.tflite").read_bytes()[4:8] == b"TFL3"
    passport = json.loads((model / "passport.json").read_text("utf-8"))
    assert passport["informationAboutTraining"]["samples"] == 18
    assert passport["metric"]["split"]["method"] == "left_out_in_turn"
    assert passport["metric"]["n"] == 18
    assert passport["latency"]["source"] == "measured"
    assert set(passport["latency"]["stages"]) == {"decode", "prepare", "invoke", "head", "total"}
    assert passport["energyConsumption"]["source"] == "none"


def test_the_same_photos_give_the_same_model(kit, model, taught_photos, tmp_path):
    kit("train", taught_photos, "--out", tmp_path)

    for name in ("model.tflite", "labels.txt"):
        assert (tmp_path / name).read_bytes() == (model / name).read_bytes()


def test_counts_come_before_anything_else_in_both_languages(kit, taught_photos, tmp_path):
    english = kit("train", taught_photos, "--out", tmp_path).stdout.splitlines()
    french = kit("train", taught_photos, "--out", tmp_path, language="fr").stdout.splitlines()

    assert english[0] == "18 pictures, 3 labels"
    assert english[1].endswith(" and 18") and " of 18 right; tried again: between " in english[1]
    assert french[:2] != english[:2]


def test_with_one_picture_a_label_nothing_is_claimed(kit, tmp_path):
    done = kit("train", photos(tmp_path / "one", ("cup", "pen"), 1), "--out", tmp_path / "out")

    assert done.returncode == 0
    assert "Not checked yet" in done.stdout and "right" not in done.stdout
    passport = json.loads((tmp_path / "out" / "passport.json").read_text("utf-8"))
    assert passport["metric"] == {"checked": False}


def test_a_zip_of_the_folder_does_as_well(kit, taught_photos, model, tmp_path):
    with zipfile.ZipFile(tmp_path / "samples.zip", "w") as archive:
        for path in sorted(taught_photos.rglob("*.jpg")):
            archive.write(path, path.relative_to(taught_photos).as_posix())

    assert kit("train", tmp_path / "samples.zip", "--out", tmp_path / "out").returncode == 0

    name = "model.tflite"
    assert (tmp_path / "out" / name).read_bytes() == (model / name).read_bytes()


@pytest.mark.parametrize("size", [160, 96])
def test_a_smaller_model_takes_smaller_pictures(kit, taught_photos, new_photos, tmp_path, size):
    kit("train", taught_photos, "--out", tmp_path, "--size", size)

    done = kit("evaluate", tmp_path, new_photos, "--json")

    assert json.loads(done.stdout)["accuracy"]["value"] > 0.8
    passport = json.loads((tmp_path / "passport.json").read_text("utf-8"))
    assert passport["model"]["input"]["size"] == size


def test_a_head_that_cannot_be_exported_is_counted_and_says_so(kit, taught_photos, tmp_path):
    out = tmp_path / "out"
    done = kit("train", taught_photos, "--out", out, "--head", "k-nearest-neighbours")

    assert done.returncode == 1
    assert "of 18 right" in done.stdout
    assert "k-nearest-neighbours" in one_line(done.stderr)
    assert not out.exists()


def test_the_instant_head_can_be_exported(kit, taught_photos, new_photos, tmp_path):
    assert not kit("train", taught_photos, "--out", tmp_path, "--head", "nearest-class-mean").stderr

    assert json.loads(kit("evaluate", tmp_path, new_photos, "--json").stdout)["right"] > 10


def test_a_picture_that_cannot_be_read_is_named_and_the_others_are_taught(kit, tmp_path):
    folder = photos(tmp_path / "photos", ("cup", "pen"), 4)
    jpeg = (folder / "cup" / "0.jpg").read_bytes()
    (folder / "cup" / "cut off.jpg").write_bytes(jpeg[: len(jpeg) // 3])
    (folder / "pen" / "words.jpg").write_text("this is no picture")

    done = kit("train", folder, "--out", tmp_path / "out")

    assert done.returncode == 0
    assert "words.jpg" in done.stderr
    assert "Traceback" not in done.stderr
    passport = json.loads((tmp_path / "out" / "passport.json").read_text("utf-8"))
    assert passport["informationAboutTraining"]["samples"] in (8, 9)  # JPEG may survive a cut


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "dataset"),
        (lambda path: path.mkdir(), "folder"),
        (lambda path: photos(path, ("cup",), 4), "label"),
        (lambda path: (photos(path, ("cup", "pen"), 3), (path / "empty").mkdir()), "empty"),
        (lambda path: write(path / "loose.jpg", picture("cup", 0)), "folder"),
        (lambda path: path.write_bytes(b"not a zip at all"), "zip"),
    ],
    ids=["missing", "empty", "one label", "an empty label", "no folders", "no zip"],
)
def test_a_dataset_that_cannot_teach_is_refused_in_one_line(kit, tmp_path, make, said):
    dataset, out = tmp_path / "dataset", tmp_path / "out"
    make(dataset)

    done = kit("train", dataset, "--out", out)

    assert done.returncode == 1
    assert done.stdout == ""
    line = one_line(done.stderr)
    assert line.startswith("kit train: ") and said in line
    assert not out.exists()


def test_a_place_where_nothing_can_be_written_is_refused_before_the_work(
    kit, taught_photos, tmp_path
):
    (tmp_path / "file").write_bytes(b"")

    done = kit("train", taught_photos, "--out", tmp_path / "file" / "model")

    assert done.returncode == 1
    assert done.stdout == ""
    assert "file/model" in one_line(done.stderr)


@pytest.mark.parametrize("attack", ["out of the archive", "bomb"])
def test_a_hostile_zip_is_refused_before_it_is_unpacked(kit, tmp_path, attack):
    path = tmp_path / "samples.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if attack == "bomb":
            archive.writestr("cup/0.jpg", bytes(60_000_000))
            archive.writestr("pen/0.jpg", b"x")
        else:
            archive.writestr("cup/../../../cup.jpg", b"x")

    done = kit("train", path, "--out", tmp_path / "out")

    assert done.returncode == 1
    one_line(done.stderr)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["samples.zip"]


def test_labels_of_any_letters_travel(kit, tmp_path):
    folder, out = photos(tmp_path / "photos", ("cup", "pen"), 3), tmp_path / "out"
    (folder / "pen").rename(folder / "<script>  é{x}漢字")

    assert kit("train", folder, "--out", out).returncode == 0
    done = kit("evaluate", out, folder, "--json")

    assert (out / "labels.txt").read_text("utf-8") == "0 <script> é{x}漢字\n1 cup\n"
    figures = json.loads(done.stdout)
    assert figures["labels"] == ["<script> é{x}漢字", "cup"]
    assert figures["right"] >= 5


@pytest.mark.parametrize("label", [5000 * "a", "tab\x07bell", "esc\x1b[31mred"])
def test_a_label_that_nobody_could_read_is_refused_and_says_nothing_to_the_terminal(
    kit, tmp_path, label
):
    with zipfile.ZipFile(tmp_path / "samples.zip", "w") as archive:
        for name in (label, "pen"):
            data = write(tmp_path / "x.jpg", picture(name, 0)).read_bytes()
            archive.writestr(f"{name}/0.jpg", data)

    done = kit("train", tmp_path / "samples.zip", "--out", tmp_path / "out")

    assert done.returncode == 1
    line = one_line(done.stderr)
    assert len(line) < 300 and line.isprintable()
    assert not (tmp_path / "out").exists()


def test_where_nothing_can_be_written_the_work_fails_in_one_line(kit, taught_photos, tmp_path):
    in_the_way = tmp_path / "out"
    in_the_way.write_text("a file")

    done = kit("train", taught_photos, "--out", in_the_way)

    assert done.returncode == 1
    assert "out" in one_line(done.stderr)
    assert in_the_way.read_text() == "a file"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["here"],
        ["here", "--out"],
        ["here", "--out", "x", "--size", "100"],
        ["here", "--out", "x", "--head", "deep"],
    ],
)
def test_wrong_usage_is_told_from_work_that_failed(kit, arguments):
    done = kit("train", *arguments)

    assert done.returncode == 2
    assert "usage: kit train" in done.stderr


def test_real_hand_signs_are_told_apart_from_five_photos_each(kit, shared_data, tmp_path):
    signs = shared_data / "hand-signs"
    for sign in "01234":
        photos_of = sorted((signs / sign).glob("*.jpg"))
        for number, path in enumerate(photos_of[::4]):
            part = "taught" if number % 5 == 0 else "asked"
            (tmp_path / part / sign).mkdir(parents=True, exist_ok=True)
            shutil.copy(path, tmp_path / part / sign)

    kit("train", tmp_path / "taught", "--out", tmp_path / "out")
    done = kit("evaluate", tmp_path / "out", tmp_path / "asked", "--json")

    assert json.loads(done.stdout)["accuracy"]["value"] >= 0.85
