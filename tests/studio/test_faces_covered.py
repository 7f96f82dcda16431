"""Whose faces are covered before anything is written, on the small kit: a face is magenta."""

import io
import zipfile

import pytest

from kit.codecs.picture import decode_picture, encode_picture
from kit.core.types import BlurFaces
from tests.support.small import BLUE, RED, picture
from tests.support.waiting import wait_until

MAGENTA = (230, 20, 220)


def with_face(colour):
    """A card with a face on it."""
    pixels = picture(colour)
    pixels[20:50, 30:60] = MAGENTA
    return pixels


def faces_kept(house):
    """Kept pictures in which there still is a face."""
    files = [path for path in (house.store.folder / "media").rglob("*.jpg")]
    assert files
    pixels = [decode_picture(path.read_bytes()).astype(int) for path in files]
    # A share: where the face ended, its JPEG has mixed a few pixels with what is beside it.
    magenta = [(p[..., 0] > p[..., 1] + 100) & (p[..., 2] > 150) for p in pixels]
    return sum(bool(found.mean() > 0.03) for found in magenta)


@pytest.mark.parametrize(
    ("chosen", "uploaded", "filmed"),
    [(BlurFaces.UPLOADS, 0, 1), (BlurFaces.ALWAYS, 0, 0), (BlurFaces.NEVER, 1, 1)],
)
def test_what_was_chosen_counts_for_uploads_and_for_the_kits_camera(
    house, studio, group, chosen, uploaded, filmed
):
    studio.choose(group, blur_faces=chosen)
    label = studio.add_label(group, "card")

    studio.add_files(group, label.id, [("1.jpg", encode_picture(with_face(BLUE)))])
    assert faces_kept(house) == uploaded
    studio.remove_samples(group, [sample.id for sample in studio.samples(group).samples])
    house.store.purge()
    studio.start_burst(group, label.id)
    house.feed.hold_up(with_face(BLUE))
    wait_until(lambda: house.feed.all_seen)
    studio.stop_burst(group)

    assert bool(faces_kept(house)) == bool(filmed)


def zipped(files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, pixels in files.items():
            archive.writestr(name, encode_picture(pixels))
    return file.getvalue()


def bring(house, group, data, name):
    path = house.store.folder / "sent"
    path.write_bytes(data)
    job = house.jobs.wait(house.library.import_project(group, path, name).id)
    assert job.error is None
    return house.library.open(group, job.result["project_id"])


def test_a_zip_of_pictures_comes_in_without_faces(house, group):
    files = {"a/1.jpg": with_face(BLUE), "b/1.jpg": picture(RED)}

    bring(house, group, zipped(files), "cards.zip")

    assert faces_kept(house) == 0


def test_a_project_file_keeps_what_its_people_chose(house, studio, group):
    studio.choose(group, blur_faces=BlurFaces.NEVER)
    label = studio.add_label(group, "card")
    studio.add_files(group, label.id, [("1.jpg", encode_picture(with_face(BLUE)))])
    file = io.BytesIO()
    house.library.export_project(group, studio.id, file)

    again = bring(house, group, file.getvalue(), "x.kit.zip")

    assert again.info(group).blur_faces is BlurFaces.NEVER
    assert faces_kept(house) == 2


def test_a_project_file_in_which_nobody_chose_comes_in_without_faces(house, studio, group):
    studio.choose(group, blur_faces=BlurFaces.NEVER)
    label = studio.add_label(group, "card")
    studio.add_files(
        group,
        label.id,
        [("1.jpg", encode_picture(with_face(BLUE))), ("2.jpg", encode_picture(picture(RED)))],
    )
    file, older = io.BytesIO(), io.BytesIO()
    house.library.export_project(group, studio.id, file)
    with zipfile.ZipFile(file) as now, zipfile.ZipFile(older, "w") as then:
        for name in now.namelist():
            data = now.read(name)
            then.writestr(name, data.replace(b'"blur_faces": "never"', b'"blur_faces": null'))
    house.library.remove(group, studio.id)

    again = bring(house, group, older.getvalue(), "x.kit.zip")

    assert faces_kept(house) == 0
    assert len(again.samples(group).samples) == 2


def test_an_explanation_or_an_answer_writes_nothing(house, studio, group, show):
    red, blue = studio.add_label(group, "red"), studio.add_label(group, "blue")
    show(studio, red, RED), show(studio, blue, BLUE)
    before = sorted(path.name for path in house.store.folder.rglob("*"))

    studio.predict_file(group, encode_picture(with_face(BLUE)))
    studio.explain_file(group, encode_picture(with_face(BLUE)))

    assert sorted(path.name for path in house.store.folder.rglob("*")) == before
