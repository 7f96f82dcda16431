"""A project leaves one kit and opens on another; a hostile file is refused with its reason."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from kit.core.errors import BadInput, KitError
from kit.core.heads import NearestClassMean, head_from_state
from kit.formats.project_file import (
    FileLabel,
    FileModel,
    FileSample,
    ProjectContents,
    ProjectFile,
    write_project,
)


@pytest.fixture(scope="module")
def media(draw):
    """Six drawings as stored: sha256 -> JPEG."""
    files = [draw.jpeg(draw.drawn(seed)) for seed in range(6)]
    return {hashlib.sha256(data).hexdigest(): data for data in files}


@pytest.fixture(scope="module")
def contents(media):
    pictures = list(media)
    head = NearestClassMean().fit(np.eye(2, 8), ["l1", "l2"])
    return ProjectContents(
        name="Trier",
        labels=(FileLabel("l1", "gobelet", 0), FileLabel("l2", "rien", 3, is_nothing=True)),
        samples=(
            *(
                FileSample(f"s{i}", f"l{i % 2 + 1}", f"b{i // 2}", pictures[i], "kit camera")
                for i in range(6)
            ),
            FileSample("s6", "l1", "b9", pictures[0], "file", {"light": "window"}),
        ),
        models=(FileModel(1, {"head": head.name, "threshold": 0.6}, head.state()),),
        activity="sort-it",
        threshold=0.7,
        passport={"passportVersion": 1},
    )


def written(contents, media) -> bytes:
    file = io.BytesIO()
    write_project(file, contents, media.__getitem__, kit="0.1.0")
    return file.getvalue()


def altered(data: bytes, **files) -> bytes:
    """The same zip with some files replaced, or left out where None."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in {**dict.fromkeys(old.namelist()), **files}:
            content = files[name] if name in files else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def with_manifest(data: bytes, change) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    change(manifest)
    return altered(data, **{"manifest.json": json.dumps(manifest)})


def refusal(data: bytes) -> str:
    with pytest.raises(KitError) as refused, ProjectFile(data) as file:
        list(map(file.picture, file.contents.samples))
    return refused.value.id


def test_what_was_written_is_read(contents, media):
    with ProjectFile(written(contents, media)) as file:
        read = file.contents
        pictures = list(map(file.media, read.samples))
        first = file.picture(read.samples[0])

    assert replace(read, models=()) == replace(contents, models=())
    assert pictures == [media[s.media_hash] for s in contents.samples]
    assert (first.width, first.height) == (64, 64)


def test_a_head_travels_without_pickle(contents, media):
    with ProjectFile(written(contents, media)) as file:
        (model,) = file.contents.models

    head = head_from_state(model.arrays)

    assert model.record == {"head": "nearest-class-mean", "threshold": 0.6}
    assert head.predict(np.eye(2, 8)).tolist() == ["l1", "l2"]


def test_a_picture_shown_twice_is_kept_once_and_the_bytes_are_always_the_same(contents, media):
    data = written(contents, media)

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        pictures = [name for name in archive.namelist() if name.startswith("pictures/")]
    assert len(pictures) == len(set(pictures)) == 6
    assert written(contents, media) == data


def test_any_tool_can_read_the_weights(contents, media):
    with zipfile.ZipFile(io.BytesIO(written(contents, media))) as archive:
        arrays = np.load(io.BytesIO(archive.read("models/1.npz")), allow_pickle=False)

    assert str(arrays["head"]) == "nearest-class-mean"


def test_the_fixture_of_version_1_opens(checkout):
    """Made by `write_project` when version 1 was new. Never remake it: that is its whole point."""
    with ProjectFile(checkout / "tests" / "fixtures" / "project-v1.kit.zip") as file:
        contents = file.contents
        pictures = list(map(file.picture, contents.samples))

    assert contents.name == "Ronds et carrés"
    assert [(la.name, la.style, la.is_nothing) for la in contents.labels] == [
        ("rond", 0, False),
        ("carré", 1, False),
        ("rien", 2, True),
    ]
    assert len(pictures) == 12
    assert {s.burst_id for s in contents.samples} == {"b1", "b2", "b3", "b4", "b5", "b6"}
    assert contents.samples[0].facets == {"lumière": "fenêtre"}
    assert contents.activity == "sort-it"
    assert contents.threshold == 0.65
    assert contents.passport["passportVersion"] == 1
    (model,) = contents.models
    assert head_from_state(model.arrays).classes_.tolist() == ["l1", "l2", "l3"]


def test_a_newer_version_is_refused_in_words(contents, media):
    newer = with_manifest(written(contents, media), lambda m: m.update(version=3))

    with pytest.raises(BadInput) as refused:
        ProjectFile(newer)

    assert refused.value.id == "project-file-newer"
    assert refused.value.values == {"found": 3, "known": 2}


def test_an_unknown_field_of_a_later_writer_is_passed_over(contents, media):
    later = with_manifest(
        written(contents, media), lambda m: (m.update(mood="good"), m["labels"][0].update(x=1))
    )

    with ProjectFile(later) as file:
        assert file.contents.labels == contents.labels


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(version="1"),
        lambda m: m.update(version=True),
        lambda m: m.update(version=0),
        lambda m: m.pop("project"),
        lambda m: m["project"].update(kind="smell"),
        lambda m: m["project"].update(threshold=7),
        lambda m: m["project"].update(threshold="NaN"),
        lambda m: m["labels"].append(m["labels"][0]),
        lambda m: m["labels"][0].update(name="x" * 5000),
        lambda m: m["labels"][0].update(style=-1),
        lambda m: m["labels"].extend({"id": f"x{i}", "name": "x", "style": 0} for i in range(2000)),
        lambda m: m["samples"][0].update(label="nobody"),
        lambda m: m["samples"][0].update(picture="../../etc/passwd"),
        lambda m: m["samples"][0].update(picture="f" * 64),
        lambda m: m["samples"][0].update(picture=7),
        lambda m: m["samples"][0].update(facets={"light": 3}),
        lambda m: m["samples"][0].update(facets=[]),
        lambda m: m["samples"].append(m["samples"][0]),
        lambda m: m["models"][0].update(number=-1),
        lambda m: m["models"][0].update(number="../1"),
        lambda m: m.update(models=[{}]),
    ],
)
def test_a_manifest_that_cannot_be_is_refused(contents, media, change):
    assert refusal(with_manifest(written(contents, media), change)) == "project-file-damaged"


def test_another_picture_under_a_name_is_refused(contents, media, draw):
    name = f"pictures/{contents.samples[0].media_hash}.jpg"
    other = altered(written(contents, media), **{name: draw.jpeg(draw.drawn(99))})

    assert refusal(other) == "project-file-damaged"


def test_a_file_that_is_not_ours_is_told_apart(media):
    somebody = io.BytesIO()
    with zipfile.ZipFile(somebody, "w") as archive:
        archive.writestr("manifest.json", '{"type": "image"}')

    assert refusal(somebody.getvalue()) == "project-file-not-ours"
    assert refusal(b"no zip at all") == "archive-not-a-zip"


def test_a_manifest_that_nests_for_ever_is_refused(contents, media):
    deep = altered(written(contents, media), **{"manifest.json": "[" * 100_000})

    assert refusal(deep) == "project-file-not-ours"


def npz(**members) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return out.getvalue()


def npy(header: str, body: bytes = b"") -> bytes:
    padded = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(padded).to_bytes(2, "little") + padded + body


def test_weights_with_a_pickle_or_of_a_size_that_lies_are_refused(contents, media):
    pickled = io.BytesIO()
    np.save(pickled, np.array([{"a": 1}], object), allow_pickle=True)
    huge = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }", b"\0" * 80)
    tricky = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (__import__('os'),), }")

    for member in (pickled.getvalue(), huge, tricky, b"not an array"):
        hostile = altered(written(contents, media), **{"models/1.npz": npz(coef=member)})
        assert refusal(hostile) == "project-file-damaged"


def test_a_place_in_a_picture_does_not_ride_along(contents, media, draw):
    """An import whose pictures carry GPS: what comes out carries none."""
    exif, file = Image.Exif(), io.BytesIO()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "A camera maker"
    Image.fromarray(draw.drawn(1)).save(file, "jpeg", exif=exif.tobytes(), comment=b"Room 12")
    data = file.getvalue()
    media_hash = hashlib.sha256(data).hexdigest()
    one = replace(contents, samples=(replace(contents.samples[0], media_hash=media_hash),))

    with ProjectFile(written(one, {media_hash: data})) as opened:
        stored = opened.picture(opened.contents.samples[0])

    assert b"camera maker" in data and b"Room 12" in data
    assert b"camera maker" not in stored.bytes and b"Room 12" not in stored.bytes
    assert b"Exif" not in stored.bytes
    assert (stored.width, stored.height) == (64, 64)


@pytest.fixture(scope="module")
def whole(contents, media):
    return written(contents, media)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(st.data())
def test_a_truncated_or_scribbled_file_never_ends_in_anything_but_words(whole, data):
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(0, 3))):
        broken[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(broken[: data.draw(st.integers(0, len(whole)))])

    try:
        with ProjectFile(cut) as file:
            list(map(file.picture, file.contents.samples))
    except KitError as refused:
        assert refused.id.split("-")[0] in {"project", "archive", "picture"}
