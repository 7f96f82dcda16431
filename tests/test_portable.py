"""What other tools' files become, and what is said of what they lose on the way."""

import hashlib
import io
import threading
import zipfile

import pytest

from kit.core.sound import Hearing
from kit.core.types import Actor, Kind, Role
from kit.portable import import_dataset
from tests.support.house import House
from tests.support.small import BLUE, GREEN, HIGH, LOW, RED, jpeg, wav

SQUIRREL = Actor(Role.GROUP, "squirrel")


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path / "data")
    house.store.add_space("squirrel")
    yield house
    house.close()


def zipped(files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return file


CUPS_AND_PENS = [
    (f"{label}/{n}.jpg", jpeg(colour)) for label, colour in (("cup", RED), ("pen", BLUE))
    for n in range(40)
]  # fmt: skip


def test_pictures_that_are_none_are_passed_over_and_named(house):
    cut_off = jpeg(RED)[:-200]  # its head is whole: only decoding finds out
    files = [("cup/text.jpg", b"hello"), ("cup/cut.jpg", cut_off)]

    imported = import_dataset(
        house.store,
        zipped(CUPS_AND_PENS + files),
        "x.zip",
        space_id="squirrel",
        sense_of=house.senses.of,
    )

    assert imported.project.samples == 80
    assert {name: error.id for name, error in imported.passed_over} == {
        "cup/text.jpg": "picture-not-a-picture",
        "cup/cut.jpg": "picture-damaged",
    }


def test_labels_that_cannot_be_kept_as_they_are_get_another_name_and_it_is_said(house):
    long, hidden = "a very long label " * 5, "\u202egreen"
    files = [(f"{name}/1.jpg", jpeg(RED)) for name in (long + "1", long + "2", hidden, "\u202e")]

    imported = import_dataset(
        house.store, zipped(files), "\u202e.zip", space_id="squirrel", sense_of=house.senses.of
    )

    now = {label.name for label in house.store.labels(imported.project.id)}
    assert imported.project.name == "import"
    assert dict(imported.renamed).keys() == {long + "1", long + "2", hidden, "\u202e"}
    assert {new for _, new in imported.renamed} == now
    assert "green" in now and max(map(len, now)) == 60


def test_nobody_sees_a_project_before_it_is_whole(house):
    seen = []

    import_dataset(
        house.store,
        zipped(CUPS_AND_PENS),
        "x.zip",
        space_id="squirrel",
        sense_of=house.senses.of,
        progress=lambda part: seen.append(house.library.list(SQUIRREL)),
    )

    assert len(seen) == 80 and not any(seen)
    assert [info.samples for info in house.library.list(SQUIRREL)] == [80]


def test_the_job_of_an_import_says_what_was_lost(house):
    path = house.store.folder / "sent.zip"
    lost = [(f"cup/{n}.txt.jpg", b"hello") for n in range(30)]
    path.write_bytes(zipped(CUPS_AND_PENS + lost).getvalue())

    job = house.jobs.wait(house.library.import_project(SQUIRREL, path, "x.zip").id)

    assert job.result["samples"] == 80
    assert job.result["passed_over"]["count"] == 30
    files = job.result["passed_over"]["files"]
    assert len(files) == 20 and files[0]["error"]["id"] == "picture-not-a-picture"


def test_a_file_whose_import_is_cancelled_while_it_waits_does_not_stay(house):
    go_on = threading.Event()
    house.jobs.start(
        "train",
        lambda _: go_on.wait(5) and None,
        project_id=None,
        space_id="squirrel",
    )
    path = house.store.folder / "sent.zip"
    path.write_bytes(zipped(CUPS_AND_PENS).getvalue())
    job = house.library.import_project(SQUIRREL, path, "x.zip")

    house.jobs.cancel(SQUIRREL, job.id)
    go_on.set()

    assert not path.exists()


# --- sounds and gestures ---


def notes(name):
    """Sounds in the layout of this tool."""
    if name == "edge-impulse":
        places = [f"{part}/{label}.{n}.wav" for part in ("training", "testing")
                  for label in ("low", "high") for n in range(2)]  # fmt: skip
    else:
        places = [f"{label}/{n}.wav" for label in ("low", "high") for n in range(4)]
    return [(place, wav(LOW if "low" in place else HIGH)) for place in places]


@pytest.mark.parametrize("layout", ["folders", "edge-impulse"])
def test_a_zip_of_sounds_becomes_a_project_of_sounds(house, layout):
    strays = [("low/photo.jpg", jpeg(RED))] if layout == "folders" else []

    imported = import_dataset(
        house.store,
        zipped(notes(layout) + strays),
        "notes.zip",
        space_id="squirrel",
        sense_of=house.senses.of,
        kind=Kind.SOUND,
        hearing=Hearing.SOUNDS,
    )

    studio = house.library.open(SQUIRREL, imported.project.id)
    state = studio.state(SQUIRREL)
    assert (imported.project.kind, imported.project.hearing) == (Kind.SOUND, Hearing.SOUNDS)
    assert {la["name"]: la["samples"] for la in state["labels"]} == {"high": 4, "low": 4}
    assert len(imported.passed_over) == len(strays)


def test_a_zip_of_hands_keeps_points_and_no_picture(house):
    files = [(f"open/{n}.jpg", jpeg(GREEN)) for n in range(3)] + [("open/none.jpg", jpeg(RED))]

    imported = import_dataset(
        house.store,
        zipped(files),
        "signs.zip",
        space_id="squirrel",
        sense_of=house.senses.of,
        kind=Kind.GESTURE,
        hands=2,
    )

    assert (imported.project.samples, imported.project.hands) == (3, 2)
    assert [error.id for _, error in imported.passed_over] == ["no-hand"]
    kept = [path.suffix for path in (house.store.folder / "media").rglob("*") if path.is_file()]
    assert kept == [".json"] * len(kept) and kept


@pytest.mark.parametrize(
    ("files", "kind", "id"),
    [
        (notes("folders"), Kind.IMAGE, "import-holds-sounds"),
        (CUPS_AND_PENS, Kind.SOUND, "import-holds-pictures"),
        (
            [("sample-1.webm", b"x"), ("samples.json", b"[]")],
            Kind.SOUND,
            "dataset-teachable-sounds",
        ),
    ],
)
def test_the_other_kind_of_zip_is_named_as_such_and_leaves_nothing(house, files, kind, id):
    path = house.store.folder / "sent.zip"
    path.write_bytes(zipped(files).getvalue())

    job = house.jobs.wait(house.library.import_project(SQUIRREL, path, "x.zip", kind=kind).id)

    assert job.error["id"] == id
    assert house.library.list(SQUIRREL) == [] and not path.exists()


@pytest.mark.parametrize("kind", [Kind.SOUND, Kind.GESTURE])
def test_a_project_of_a_kind_travels_with_its_samples_and_its_model(house, kind):
    info = house.library.create(SQUIRREL, "Ours", kind=kind)
    studio = house.library.open(SQUIRREL, info.id)
    colours = ((130, 190, 40), (10, 190, 40))
    for name, hz, colour in zip(("one", "two"), (LOW, HIGH), colours, strict=True):
        label = studio.add_label(SQUIRREL, name)
        files = [("x", wav(hz) if kind is Kind.SOUND else jpeg(colour)) for _ in range(3)]
        assert not studio.add_files(SQUIRREL, label.id, files).refused
    house.jobs.wait(studio.train(SQUIRREL).id)
    file = io.BytesIO()
    house.library.export_project(SQUIRREL, info.id, file)

    there = import_dataset(
        house.store, file, "x.kit.zip", space_id="squirrel", sense_of=house.senses.of
    ).project

    again = house.library.open(SQUIRREL, there.id)
    mine, theirs = studio.samples(SQUIRREL).samples, again.samples(SQUIRREL).samples
    assert [s.media_hash for s in theirs] == [s.media_hash for s in mine]
    assert [s.sent_bytes for s in theirs] == [s.sent_bytes for s in mine]
    assert again.state(SQUIRREL)["model"]["stale"] is False
    copy = house.library.duplicate(SQUIRREL, there.id)
    assert house.library.open(SQUIRREL, copy.id).state(SQUIRREL)["model"] is not None


def test_a_sound_that_lies_in_a_project_file_is_kept_anew_without_what_rode_along(house):
    info = house.library.create(SQUIRREL, "Ours", kind=Kind.SOUND)
    studio = house.library.open(SQUIRREL, info.id)
    label = studio.add_label(SQUIRREL, "one")
    studio.add_files(SQUIRREL, label.id, [("1.wav", wav(LOW))])
    file, changed = io.BytesIO(), io.BytesIO()
    house.library.export_project(SQUIRREL, info.id, file)
    with zipfile.ZipFile(file) as ours, zipfile.ZipFile(changed, "w") as theirs:
        [name] = [name for name in ours.namelist() if name.startswith("sounds/")]
        data = ours.read(name) + b"LIST" + (12).to_bytes(4, "little") + b"Room 12, Ana"
        data = data[:4] + (len(data) - 8).to_bytes(4, "little") + data[8:]
        hash = hashlib.sha256(data).hexdigest()
        theirs.writestr(f"sounds/{hash}.wav", data)
        manifest = ours.read("manifest.json").replace(name[7:71].encode(), hash.encode())
        theirs.writestr("manifest.json", manifest)

    import_dataset(house.store, changed, "x.kit.zip", space_id="squirrel", sense_of=house.senses.of)

    files = [path.read_bytes() for path in house.store.folder.rglob("*.wav")]
    assert len(files) == 2 and not any(b"Room 12" in data for data in files)


def test_all_projects_go_out_in_one_file_and_each_comes_in_elsewhere(house):
    """What a lender saves before a return; two groups gave theirs the same name."""
    owl = Actor(Role.GROUP, "owl")
    house.store.add_space("owl")
    for group in (SQUIRREL, owl):
        info = house.library.create(group, "Cailloux: 6e B?")
        studio = house.library.open(group, info.id)
        label = studio.add_label(group, "galet")
        studio.add_files(group, label.id, [("1.jpg", jpeg(RED))])
    together, own = io.BytesIO(), io.BytesIO()

    house.library.export_all(Actor(Role.TEACHER), together)
    house.library.export_all(owl, own)

    with zipfile.ZipFile(together) as files:
        assert files.namelist() == ["01-Cailloux 6e B.kit.zip", "02-Cailloux 6e B.kit.zip"]
        for name in files.namelist():
            there = import_dataset(
                house.store,
                io.BytesIO(files.read(name)),
                name,
                space_id="owl",
                sense_of=house.senses.of,
            )
            assert (there.project.name, there.project.samples) == ("Cailloux: 6e B?", 1)
    with zipfile.ZipFile(own) as files:
        assert len(files.namelist()) == 1  # a group sees its own
