"""A zip from outside is taken whole or refused whole, and can never reach outside itself."""

import io
import random
import stat
import struct
import zipfile

import pytest

from kit.codecs.archive import Archive, Caps, walk_archive
from kit.core.errors import BadInput, NotFound, TooLarge
from kit.messages import MESSAGES


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return file.getvalue()


def refusal_of(data: bytes, caps: Caps | None = None) -> BadInput:
    with pytest.raises(BadInput) as caught:
        dict(walk_archive(data, caps))
    assert MESSAGES[caught.value.id].format(**caught.value.values)
    return caught.value


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def test_files_come_out_as_they_went_in(tmp_path):
    files = {"cup/1.jpg": noise(3000), "cup/2.jpg": noise(4000), "élan/1.jpg": b"", "notes": b"hm"}
    path = tmp_path / "data.zip"
    path.write_bytes(zipped(files))

    assert dict(walk_archive(path)) == files
    assert dict(walk_archive(io.BytesIO(zipped(files, zipfile.ZIP_STORED)))) == files
    with Archive(path) as archive:
        assert len(archive) == 4
        assert "notes" in archive
        assert archive.size("cup/2.jpg") == 4000
        with pytest.raises(NotFound):
            archive.read("manifest.json")


def test_folders_and_what_systems_leave_behind_are_passed_over():
    files = {"cup/": b"", "cup/1.jpg": b"x", "__MACOSX/cup/._1.jpg": b"m", "cup/.DS_Store": b"d"}

    assert dict(walk_archive(zipped(files))) == {"cup/1.jpg": b"x"}


@pytest.mark.parametrize(
    "name",
    ["../x", "cup/../../x", "/etc/passwd", "C:/x", "C:\\x", "cup\\..\\x", "..", "cup/1.jpg\0.txt"],
)
def test_a_name_that_leads_outside_is_refused_and_named(name):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        info = zipfile.ZipInfo("cleaned")
        info.filename = name  # past ZipInfo's own cleaning, as a malicious writer would
        made.writestr("good.jpg", b"x")
        made.writestr(info, b"x")

    refused = refusal_of(file.getvalue())

    assert (refused.id, refused.values["name"]) == ("archive-unsafe", name)


def test_a_link_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        link = zipfile.ZipInfo("cup/1.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")

    assert refusal_of(file.getvalue()).id == "archive-unsafe"


def test_the_same_name_twice_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("cup/1.jpg", b"one")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("cup/1.jpg", b"two")

    assert refusal_of(file.getvalue()).id == "archive-unsafe"


def test_a_bomb_of_a_thousand_to_one_is_refused_unread():
    bomb = zipped({"cup/1.jpg": bytes(10_000_000)})
    assert len(bomb) < 11_000

    refused = refusal_of(bomb)

    assert isinstance(refused, TooLarge)
    assert refused.id == "archive-too-large"


def test_one_text_that_shrinks_well_beside_photos_is_no_bomb():
    files = {"manifest.json": b'{"label": "cup"}' * 20_000, "1.jpg": noise(20_000)}

    assert dict(walk_archive(zipped(files))) == files


def test_caps_hold_for_number_size_and_sum():
    files = {f"{n}.jpg": noise(1000) for n in range(10)}

    assert refusal_of(zipped(files), Caps(entries=9)).id == "archive-too-large"
    assert refusal_of(zipped(files), Caps(entry_bytes=999)).id == "archive-too-large"
    assert refusal_of(zipped(files), Caps(total_bytes=9_999)).id == "archive-too-large"
    assert len(dict(walk_archive(zipped(files), Caps(10, 1000, 10_000)))) == 10


def test_a_directory_of_a_million_entries_is_refused_before_it_is_loaded():
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 65_535, 65_535, 46_000_000, 0, 0)

    assert refusal_of(bytes(46_000_000) + end).id == "archive-too-large"


def test_a_large_zip64_directory_is_refused_too():
    record = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 10**6, 10**6, 46 * 10**6, 0)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, 0, 1)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 65_535, 65_535, 2**32 - 1, 0, 0)

    assert refusal_of(record + locator + end).id == "archive-too-large"


@pytest.mark.parametrize(
    ("data", "id"),
    [
        (b"", "archive-not-a-zip"),
        (b"homework, not a zip", "archive-not-a-zip"),
        (zipped({"1.jpg": noise(5000)})[:3000], "archive-damaged"),
        (zipped({"1.jpg": noise(5000)}, zipfile.ZIP_BZIP2), "archive-damaged"),
    ],
)
def test_what_is_no_whole_zip_is_refused(data, id):
    assert refusal_of(data).id == id


def test_a_wrong_check_sum_is_damage():
    data = bytearray(zipped({"1.jpg": noise(5000)}, zipfile.ZIP_STORED))
    data[2500] ^= 0xFF

    assert refusal_of(bytes(data)).id == "archive-damaged"


def test_a_locked_zip_is_refused_in_words():
    data = bytearray(zipped({"1.jpg": noise(50)}, zipfile.ZIP_STORED))
    directory = data.index(b"PK\x01\x02")
    data[6] |= 1  # the entry's own header
    data[directory + 8] |= 1

    assert refusal_of(bytes(data)).id == "archive-locked"


def test_a_garbled_zip_never_raises_anything_else():
    sound = zipped({f"{n}.jpg": noise(200 + n) for n in range(5)})
    refused = 0
    for seed in range(300):
        chance = random.Random(seed)
        data = bytearray(sound)
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)

        try:
            dict(walk_archive(bytes(data)))
        except (BadInput, NotFound):
            refused += 1

    assert refused > 200
