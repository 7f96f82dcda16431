"""What other tools' files become, and what is said of what they lose on the way."""

import io
import threading
import zipfile

import pytest

from kit.core.types import Actor, Role
from kit.portable import import_dataset
from tests.support.house import House
from tests.support.small import BLUE, RED, jpeg

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
