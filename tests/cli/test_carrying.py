"""`kit export` and `kit import`: a project goes out, comes in elsewhere, and nothing is lost."""

import json
import zipfile

import pytest

from kit.core.types import Kind
from kit.storage import NewSample, Store
from tests.cli.pictures import one_line, picture


@pytest.fixture
def data(tmp_path):
    """A data folder with two projects; only the first has samples."""
    from kit.codecs.picture import store_pixels

    with Store.open(tmp_path / "data") as store:
        store.add_space("owl")
        project = store.add_project("owl", "Trier à table", Kind.IMAGE)
        store.add_project("owl", "Other", Kind.IMAGE)
        for name in ("cup", "pen"):
            label = store.add_label(project.id, name)
            for seed in range(3):
                kept = store_pixels(picture(name, seed))
                new = NewSample(label.id, f"b{seed}", kept.bytes, kept.width, kept.height, "file")
                store.add_samples(project.id, [new])
    return tmp_path / "data"


def test_a_project_goes_out_and_comes_in_on_another_kit(kit, data, tmp_path):
    file, elsewhere = tmp_path / "out" / "lesson.kit.zip", tmp_path / "elsewhere"

    assert kit("export", "trier à TABLE", "--out", file, "--data", data).returncode == 0
    done = kit("import", file, "--data", elsewhere, "--json")

    told = json.loads(done.stdout)
    assert (told["name"], told["labels"], told["samples"]) == ("Trier à table", 2, 6)
    with Store.open(data) as here, Store.open(elsewhere) as there:
        ours = next(info for info in here.projects() if info.samples)
        theirs = there.project(told["project_id"])
        assert [s.media_hash for s in there.samples(theirs.id)] == [
            s.media_hash for s in here.samples(ours.id)
        ]
        assert [s.burst_id for s in there.samples(theirs.id)] == ["b0", "b1", "b2"] * 2


def test_all_projects_go_out_at_once_each_to_a_file_of_its_own(kit, data, tmp_path):
    with Store.open(data) as store:
        store.add_project("owl", "Trier à table", Kind.IMAGE)  # another group's, of the same name
        store.add_project("owl", "../a: b?", Kind.IMAGE)
    out = tmp_path / "stick"

    assert kit("export", "--all", "--out", out, "--data", data).returncode == 0

    assert sorted(path.name for path in out.iterdir()) == [
        "01-a b.kit.zip",
        "02-Other.kit.zip",
        "03-Trier à table.kit.zip",
        "04-Trier à table.kit.zip",
    ]
    told = [
        json.loads(kit("import", file, "--data", tmp_path / "there", "--json").stdout)
        for file in sorted(out.iterdir())
    ]
    assert sorted(one["samples"] for one in told) == [0, 0, 0, 6]


@pytest.mark.parametrize("what", [[], ["Other", "--all"]])
def test_one_project_is_exported_or_all_of_them_and_that_is_said(kit, data, tmp_path, what):
    done = kit("export", *what, "--out", tmp_path / "x", "--data", data)

    assert done.returncode == 2
    assert "--all" in one_line(done.stderr)


def test_a_project_can_be_taken_out_while_a_server_runs_but_none_brought_in(kit, data, tmp_path):
    file = tmp_path / "lesson.kit.zip"
    with Store.open(data):
        assert kit("export", "Trier à table", "--out", file, "--data", data).returncode == 0
        done = kit("import", file, "--data", data)

    assert done.returncode == 1
    assert "Another kit" in one_line(done.stderr)


def test_a_project_file_teaches_and_checks_by_its_bursts(kit, data, tmp_path):
    file = tmp_path / "lesson.kit.zip"
    kit("export", "Trier à table", "--out", file, "--data", data)

    assert "of 6 right" in kit("train", file, "--out", tmp_path / "model").stdout
    assert "of 6 right" in kit("evaluate", tmp_path / "model", file).stdout


@pytest.mark.parametrize("project", ["nobody", ""])
def test_a_project_that_is_not_there_is_refused_with_those_that_are(kit, data, tmp_path, project):
    done = kit("export", project, "--out", tmp_path / "x.kit.zip", "--data", data)

    assert done.returncode == 1
    assert "Trier à table" in one_line(done.stderr)
    assert not (tmp_path / "x.kit.zip").exists()


def test_two_projects_of_one_name_are_told_apart_by_their_ids(kit, data, tmp_path):
    with Store.open(data) as store:
        twin = store.add_project("owl", "Other", Kind.IMAGE)
    out = tmp_path / "x.kit.zip"

    assert twin.id in one_line(kit("export", "Other", "--out", out, "--data", data).stderr)
    assert kit("export", twin.id, "--out", out, "--data", data).returncode == 0


@pytest.mark.parametrize("damage", ["missing", "words", "cut off", "out of the archive"])
def test_a_file_that_cannot_be_read_leaves_nothing(kit, data, tmp_path, damage):
    file = tmp_path / "lesson.kit.zip"
    if damage == "words":
        file.write_text("not a zip")
    elif damage == "cut off":
        kit("export", "Trier à table", "--out", file, "--data", data)
        file.write_bytes(file.read_bytes()[:-300])
    elif damage == "out of the archive":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("../../cup/1.jpg", b"x")

    done = kit("import", file, "--data", data)

    assert (done.returncode, done.stdout) == (1, "")
    one_line(done.stderr)
    with Store.open(data) as store:
        assert len(store.projects()) == 2


def test_a_data_folder_that_holds_nothing_is_told_and_not_made(kit, tmp_path):
    done = kit("export", "x", "--out", tmp_path / "x", "--data", tmp_path / "none")

    assert done.returncode == 1
    assert str(tmp_path / "none") in one_line(done.stderr)
    assert not (tmp_path / "none").exists()


def test_a_folder_of_folders_comes_in_as_its_zip_would(kit, tmp_path):
    from kit.codecs.picture import store_pixels

    for label in ("cup", "pen"):
        (tmp_path / "lesson" / label).mkdir(parents=True)
        jpeg = store_pixels(picture(label, 1)).bytes
        (tmp_path / "lesson" / label / "1.jpg").write_bytes(jpeg)

    done = kit("import", tmp_path / "lesson", "--data", tmp_path / "data", "--json")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["samples"] == 2
