"""Pictures with labels, however a class brings them; and what cannot be taken says why."""

import hashlib
import io
import json
import os
import unicodedata
import zipfile

import numpy as np
import pytest

from kit.codecs.sound import encode_wav
from kit.core.errors import BadInput, KitError, NotFound, TooLarge
from kit.core.sound import Hearing
from kit.core.types import Kind
from kit.formats.dataset import Contents, Dataset, Item, Refused, open_dataset
from kit.formats.project_file import (
    FileLabel,
    FileSample,
    ProjectContents,
    write_project,
)


@pytest.fixture(scope="module")
def pictures(draw):
    return [draw.jpeg(draw.drawn(seed)) for seed in range(8)]


def folder(root, files):
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def zipped(files) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file


def read(source) -> tuple[Dataset, list[Item], list[Refused]]:
    with open_dataset(source) as dataset:
        found = list(dataset)
    return (
        dataset,
        [one for one in found if isinstance(one, Item)],
        [one for one in found if isinstance(one, Refused)],
    )


def refusal(source) -> KitError:
    with pytest.raises(KitError) as refused, open_dataset(source) as dataset:
        list(dataset)
    return refused.value


def test_a_folder_of_folders(tmp_path, pictures):
    names = ["pen/10.jpg", "pen/2.jpg", "cup/a.jpg"]
    folder(tmp_path, dict(zip(names, pictures, strict=False)))

    dataset, items, refused = read(tmp_path)

    assert (dataset.layout, dataset.labels, len(dataset)) == ("folders", ["cup", "pen"], 3)
    assert [item.name for item in items] == ["cup/a.jpg", "pen/2.jpg", "pen/10.jpg"]
    assert items[1].data == pictures[1]
    assert items[1].label == "pen"
    assert not refused


def test_each_file_is_a_showing_of_its_own(tmp_path, pictures):
    folder(tmp_path, {"cup/1.jpg": pictures[0], "cup/2.jpg": pictures[1], "pen/1.jpg": pictures[2]})

    _, items, _ = read(tmp_path)

    assert len({item.burst for item in items}) == 3


def test_labels_are_in_natural_order(tmp_path, pictures):
    folder(tmp_path, {f"{n}/a.jpg": pictures[0] for n in (10, 9, 1, "Ten", "ten2", "ten10")})

    assert read(tmp_path)[0].labels == ["1", "9", "10", "Ten", "ten2", "ten10"]


def test_a_name_of_nothing_but_digits_has_a_place_too(pictures):
    long = "9" * 6000

    dataset, *_ = read(zipped({f"{long}/1.jpg": pictures[0], "007/1.jpg": pictures[1]}))

    assert dataset.labels == ["007", long]


def test_a_letter_with_an_accent_is_one_letter_on_every_system(tmp_path, pictures):
    typed_on_linux = unicodedata.normalize("NFC", "été")
    typed_on_a_mac = unicodedata.normalize("NFD", "été")
    folder(
        tmp_path,
        {
            f"{typed_on_linux}/1.jpg": pictures[0],
            f"{typed_on_a_mac}/2.jpg": pictures[1],
            "hiver/1.jpg": pictures[2],
        },
    )

    dataset, items, _ = read(tmp_path)

    assert dataset.labels == [typed_on_linux, "hiver"]  # "é" sorts beside "e"
    assert sum(item.label == typed_on_linux for item in items) == 2


def test_what_systems_leave_behind_is_passed_over(tmp_path, pictures):
    droppings = [
        "cup/.DS_Store",
        "cup/Thumbs.db",
        "cup/._1.jpg",
        ".git/config",
        "__MACOSX/cup/1.jpg",
    ]
    files = {"cup/1.jpg": pictures[0], "pen/1.jpg": pictures[1]} | dict.fromkeys(droppings, b"x")

    for source in (folder(tmp_path, files), zipped(files)):
        dataset, items, refused = read(source)
        assert (dataset.labels, len(items), refused) == (["cup", "pen"], 2, [])


def test_what_is_no_picture_is_listed_with_its_reason_and_the_rest_is_taken(tmp_path, pictures):
    files = {
        "cup/1.jpg": pictures[0],
        "cup/notes.jpg": b"I am a text",
        "cup/empty.png": b"",
        "cup/cut.png": b"\x89PNG\r\n\x1a\n",
        "pen/1.jpg": pictures[1],
        "README.txt": b"ours",
    }

    for source in (folder(tmp_path, files), zipped(files)):
        _, items, refused = read(source)
        assert [item.name for item in items] == ["cup/1.jpg", "pen/1.jpg"]
        assert {one.name: one.error.id for one in refused} == {
            "README.txt": "dataset-loose-file",
            "cup/notes.jpg": "picture-not-a-picture",
            "cup/empty.png": "picture-empty",
            "cup/cut.png": "picture-damaged",
        }


def test_a_file_larger_than_a_picture_may_be_is_refused_unread(tmp_path, pictures):
    folder(tmp_path, {"cup/1.jpg": pictures[0], "pen/1.jpg": pictures[1]})
    with (tmp_path / "cup" / "film.mp4").open("wb") as film:
        film.truncate(3_000_000_000)  # a hole: no disk is filled

    _, items, (refused,) = read(tmp_path)

    assert len(items) == 2
    assert (refused.error.id, type(refused.error)) == ("dataset-file-too-large", TooLarge)


def test_a_label_with_no_picture_is_named(tmp_path, pictures):
    folder(tmp_path, {"cup/1.jpg": pictures[0], "pen/notes.txt": b"no picture"})
    (tmp_path / "spoon").mkdir()

    error = refusal(tmp_path)
    assert (error.id, error.values) == ("dataset-label-empty", {"label": "pen"})

    (tmp_path / "pen" / "1.jpg").write_bytes(pictures[1])
    assert refusal(tmp_path).values == {"label": "spoon"}


def test_one_label_is_a_dataset_and_training_will_say_that_it_is_too_few(tmp_path, pictures):
    folder(tmp_path, {"cup/1.jpg": pictures[0]})

    assert read(tmp_path)[0].labels == ["cup"]


@pytest.mark.parametrize(
    ("files", "id"),
    [
        ({}, "dataset-empty"),
        ({"1.jpg": b"x", "2.jpg": b"x"}, "dataset-no-folders"),
        ({"cups/red/1.jpg": b"x", "pens/blue/1.jpg": b"x"}, "dataset-nested"),
    ],
)
def test_other_arrangements_are_refused_in_words(tmp_path, files, id):
    assert refusal(folder(tmp_path, files)).id == id
    assert refusal(zipped(files)).id == id


def test_a_nested_folder_is_named(tmp_path):
    assert refusal(folder(tmp_path, {"cup/red/1.jpg": b"x"})).values == {"folder": "cup/red"}


def test_a_path_that_is_not_there_and_a_file_that_is_no_zip(tmp_path, pictures):
    assert isinstance(refusal(tmp_path / "nowhere"), NotFound)
    picture = tmp_path / "1.jpg"
    picture.write_bytes(pictures[0])
    assert refusal(picture).id == "archive-not-a-zip"


def test_links_do_not_lead_out_of_the_folder(tmp_path, pictures):
    secret = folder(tmp_path / "elsewhere", {"secret.jpg": pictures[0]})
    root = folder(tmp_path / "ours", {"cup/1.jpg": pictures[1], "pen/1.jpg": pictures[2]})
    (root / "cup" / "link.jpg").symlink_to(secret / "secret.jpg")
    (root / "cup" / "again.jpg").symlink_to(root / "pen" / "1.jpg")
    (root / "stolen").symlink_to(secret)

    dataset, items, refused = read(root)

    assert dataset.labels == ["cup", "pen"]
    assert [item.name for item in items] == ["cup/1.jpg", "cup/again.jpg", "pen/1.jpg"]
    assert {one.name: one.error.id for one in refused} == {
        "cup/link.jpg": "dataset-link-outside",
        "stolen": "dataset-link-outside",
    }


def test_a_pipe_among_the_pictures_does_not_wait_for_ever(tmp_path, pictures):
    folder(tmp_path, {"cup/1.jpg": pictures[0], "pen/1.jpg": pictures[1]})
    os.mkfifo(tmp_path / "cup" / "pipe.jpg")

    _, items, (refused,) = read(tmp_path)

    assert len(items) == 2
    assert refused.error.id == "dataset-file-unreadable"


def test_samples_downloaded_from_teachable_machine(draw):
    clear = np.dstack([draw.drawn(1), np.full((64, 64), 255, np.uint8)])
    files = {
        f"{label}/{n}.png": draw.png(clear) for label in ("Class 1", "Class 2") for n in range(3)
    }

    dataset, items, refused = read(zipped(files))

    assert (dataset.layout, dataset.labels) == ("folders", ["Class 1", "Class 2"])
    assert len(items) == 6
    assert not refused


def test_a_folder_compressed_whole(pictures):
    dataset, items, _ = read(zipped({"ours/cup/1.jpg": pictures[0], "ours/pen/1.jpg": pictures[1]}))

    assert dataset.labels == ["cup", "pen"]
    assert [item.data for item in items] == pictures[:2]


def test_a_teachable_machine_project(pictures):
    manifest = {"type": "image", "version": "2.4.4", "appdata": {"trainEpochs": 50}}
    files = {
        "manifest.json": json.dumps(manifest),
        "Cup-!-0.jpg": pictures[0],
        "Cup-!-10.jpg": pictures[1],
        "Cup-!-2.jpg": pictures[2],
        "My pen-!-0.jpg": pictures[3],
    }

    dataset, items, refused = read(zipped(files))

    assert (dataset.layout, dataset.labels) == ("teachable-machine", ["Cup", "My pen"])
    assert [item.name for item in items][:3] == ["Cup-!-0.jpg", "Cup-!-2.jpg", "Cup-!-10.jpg"]
    assert not refused

    files["manifest.json"] = '{"type": "audio"}'
    assert refusal(zipped(files)).id == "dataset-other-kind"


def test_an_edge_impulse_export(tmp_path, pictures):
    files = {
        "training/cup.2tq.jpg": pictures[0],
        "training/pen.2tr.jpg": pictures[1],
        "testing/cup.3aa.jpg": pictures[2],
    }

    for source in (folder(tmp_path, files), zipped(files)):
        dataset, items, _ = read(source)
        assert (dataset.layout, dataset.labels) == ("edge-impulse", ["cup", "pen"])
        assert sorted((item.label, item.name) for item in items) == [
            ("cup", "testing/cup.3aa.jpg"),
            ("cup", "training/cup.2tq.jpg"),
            ("pen", "training/pen.2tr.jpg"),
        ]


def test_the_labels_that_edge_impulse_wrote_down_win(pictures):
    told = {"type": "label", "label": "gobelet"}
    info = {"version": 1, "files": [{"path": "a.1.jpg", "label": told}, {"path": 3}, "?"]}
    files = {"training/a.1.jpg": pictures[0], "training/pen.2.jpg": pictures[1]}

    dataset, *_ = read(zipped(files | {"training/info.labels": json.dumps(info)}))

    assert dataset.labels == ["gobelet", "pen"]


def test_two_labels_called_training_and_testing_are_labels(pictures):
    files = {"training/1.jpg": pictures[0], "testing/1.jpg": pictures[1]}

    assert read(zipped(files))[0].labels == ["testing", "training"]


def test_our_own_project_keeps_its_showings_and_facets(checkout):
    path = checkout / "tests" / "fixtures" / "project-v1.kit.zip"

    for source in (path, io.BytesIO(path.read_bytes()), path.read_bytes()):
        dataset, items, refused = read(source)
        assert (dataset.layout, dataset.labels) == ("kit-project", ["rond", "carré", "rien"])
        assert len({item.burst for item in items}) == 6
        assert (items[0].source, items[0].facets) == ("kit camera", {"lumière": "fenêtre"})
        assert len(items) == len({item.name for item in items}) == 12
        assert not refused


def test_a_dataset_can_be_walked_twice(pictures):
    with open_dataset(zipped({"a/1.jpg": pictures[0], "b/1.jpg": pictures[1]})) as dataset:
        assert list(dataset) == list(dataset)


@pytest.mark.parametrize("name", ["../cup/1.jpg", "/cup/1.jpg", "cup/../../1.jpg"])
def test_a_zip_that_leads_out_is_refused_whole(name, pictures):
    error = refusal(zipped({"cup/1.jpg": pictures[0], name: pictures[1]}))

    assert isinstance(error, BadInput)
    assert error.id == "archive-unsafe"


def wav(seed: int) -> bytes:
    return encode_wav(np.random.default_rng(seed).uniform(-0.5, 0.5, 4_000))


def test_sounds_are_taken_where_sounds_are_wanted(tmp_path):
    names = ["clap/0.wav", "clap/1.wav", "whistle/0.wav"]
    folder(tmp_path, {name: wav(n) for n, name in enumerate(names)} | {"clap/a.txt": b"no sound"})

    with open_dataset(tmp_path, Contents.SOUNDS) as dataset:
        found = list(dataset)

    assert [f.name for f in found if isinstance(f, Item)] == names
    assert [f.error.id for f in found if isinstance(f, Refused)] == ["sound-not-a-sound"]


@pytest.mark.parametrize(
    ("wanted", "id"),
    [(Contents.PICTURES, "dataset-holds-sounds"), (Contents.SOUNDS, "dataset-holds-pictures")],
)
def test_a_dataset_of_the_other_kind_is_one_mistake_named_once(tmp_path, pictures, wanted, id):
    of_the_other = [wav(0), wav(1)] if wanted is Contents.PICTURES else pictures[:2]
    folder(tmp_path, {"a/0": of_the_other[0], "b/0": of_the_other[1]})

    with open_dataset(tmp_path, wanted) as dataset, pytest.raises(BadInput) as caught:
        list(dataset)

    assert caught.value.id == id


def test_strays_of_the_other_kind_are_listed_once_a_picture_is_there(tmp_path, pictures):
    files = {"cup/0.wav": wav(0), "cup/1.jpg": pictures[0], "pen/2.jpg": pictures[1]}
    folder(tmp_path, files | {"pen/3.wav": wav(1)})

    with open_dataset(tmp_path) as dataset:
        found = list(dataset)

    assert [one.name for one in found] == ["cup/0.wav", "cup/1.jpg", "pen/2.jpg", "pen/3.wav"]
    assert [isinstance(one, Refused) for one in found] == [True, False, False, True]


def test_a_label_with_no_sound_is_named(tmp_path):
    folder(tmp_path, {"clap/0.wav": wav(0)})
    (tmp_path / "hum").mkdir()

    with open_dataset(tmp_path, Contents.SOUNDS) as dataset, pytest.raises(BadInput) as caught:
        list(dataset)

    assert (caught.value.id, caught.value.values) == ("dataset-label-silent", {"label": "hum"})


# --- our own project files of sounds and of gestures ---

KEPT = {
    Kind.SOUND: (Contents.SOUNDS, wav(3)),
    Kind.GESTURE: (
        Contents.HANDS,
        json.dumps(
            {
                "version": 1,
                "width": 640,
                "height": 480,
                "hands": [{"side": "left", "score": 0.9, "points": [[0.5, 0.5, 0.0]] * 21}],
            }
        ).encode(),
    ),
}


def project_of(kind) -> io.BytesIO:
    """A project file of that kind, with one sample."""
    file, data = io.BytesIO(), KEPT[kind][1]
    media_hash = hashlib.sha256(data).hexdigest()
    contents = ProjectContents(
        name="Ours",
        labels=(FileLabel("l1", "one", 0),),
        samples=(FileSample("s1", "l1", "b1", media_hash, "file"),),
        kind=kind,
        hearing=Hearing.WORDS if kind is Kind.SOUND else None,
        hands=1 if kind is Kind.GESTURE else None,
    )
    write_project(file, contents, lambda media_hash: data, kit="0")
    return file


@pytest.mark.parametrize("kind", KEPT)
def test_a_project_of_a_kind_is_a_dataset_of_that_kind_and_of_no_other(kind):
    wanted, data = KEPT[kind]

    with open_dataset(project_of(kind), wanted) as dataset:
        [item] = dataset

    assert (item.label, item.burst, item.data) == ("one", "b1", data)
    for other in set(Contents) - {wanted}:
        with pytest.raises(BadInput) as refused:
            open_dataset(project_of(kind), other)
        assert (refused.value.id, refused.value.values) == (
            "dataset-other-kind",
            {"kind": kind.value},
        )


def test_a_kit_that_knows_pictures_only_is_told_that_this_is_newer():
    with zipfile.ZipFile(project_of(Kind.SOUND)) as file:
        assert json.loads(file.read("manifest.json"))["version"] == 2
