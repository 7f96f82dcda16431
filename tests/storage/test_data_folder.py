"""Opening a data folder: one writer, an older or newer shape, damage, leftovers."""

import hashlib
import os
import sqlite3
import subprocess
import sys

import pytest

from kit.core.errors import Conflict, Unavailable
from kit.storage import Store
from kit.storage.migrations import steps


def test_a_second_kit_on_the_same_folder_is_told_who_has_it(store, folder):
    with pytest.raises(Conflict) as refused:
        Store.open(folder)

    assert refused.value.id == "data-folder-busy"
    assert refused.value.values["process"] == str(os.getpid())


def test_a_folder_is_free_again_when_its_holder_dies(folder):
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from kit.storage import Store\n"
            "store = Store.open(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()",
            str(folder),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout.readline() == b"open\n"
    with pytest.raises(Conflict, match=str(holder.pid)):
        Store.open(folder)

    holder.kill()
    holder.communicate()

    Store.open(folder).close()


def test_reading_needs_no_lock_and_changes_nothing(store, folder, project, cup, show):
    show(cup, b"one")

    with Store.open(folder, read_only=True) as reader:
        assert len(reader.samples(project.id)) == 1
        with pytest.raises(Unavailable) as refused:
            reader.add_space("owl")

    assert refused.value.id == "data-folder-not-writable"
    assert len(store.spaces()) == 1


def test_reading_a_folder_that_holds_nothing_is_refused_and_makes_nothing(folder):
    with pytest.raises(Unavailable) as refused:
        Store.open(folder, read_only=True)

    assert refused.value.id == "data-folder-missing"
    assert not folder.exists()


def test_a_folder_of_a_newer_kit_is_refused_and_left_alone(folder):
    Store.open(folder).close()
    newer = len(steps()) + 1
    _execute(folder, f"PRAGMA user_version = {newer}")

    with pytest.raises(Conflict) as refused:
        Store.open(folder)

    assert refused.value.id == "data-folder-newer"
    assert refused.value.values == {"found": newer, "known": len(steps())}
    assert not (folder / "quarantine").exists()
    assert _execute(folder, "PRAGMA user_version") == [(newer,)]


def test_a_folder_of_an_older_kit_is_brought_up_by_the_writer_only(folder):
    folder.mkdir()
    _execute(folder, "PRAGMA journal_mode = WAL")  # a database with no step applied yet

    with pytest.raises(Conflict) as refused:
        Store.open(folder, read_only=True)
    assert refused.value.id == "data-folder-older"

    Store.open(folder).close()
    assert _execute(folder, "PRAGMA user_version") == [(len(steps()),)]


def test_a_folder_from_before_sounds_and_gestures_opens_with_its_pictures(folder):
    before = steps()[:2]
    folder.mkdir()
    for _, sql in before:
        with sqlite3.connect(folder / "kit.db") as database:
            database.executescript(sql)
        database.close()
    _execute(folder, f"PRAGMA user_version = {len(before)}")
    _execute(folder, "INSERT INTO space VALUES ('owl', 'owl')")
    _execute(
        folder,
        "INSERT INTO project (id, space_id, name, kind, is_example, changed_seq, last_label,"
        " last_sample) VALUES ('p', 'owl', 'Cups', 'image', 0, 1, 1, 1)",
    )
    _execute(folder, "INSERT INTO label VALUES ('p', 1, 'cup', 1, 0, 0, 0, NULL)")
    hash = hashlib.sha256(b"a picture").hexdigest()
    _execute(
        folder,
        f"INSERT INTO sample VALUES ('p', 1, 1, 'b', '{hash}', 9, 9, 9, 'file', NULL, NULL)",
    )
    place = folder / "media" / "p" / hash[:2]
    place.mkdir(parents=True)
    (place / f"{hash}.jpg").write_bytes(b"a picture")

    with Store.open(folder) as store:
        [project] = store.projects()
        [sample] = store.samples("p")
        assert (project.hearing, project.hands, project.blur_faces) == (None, None, "uploads")
        assert (sample.media, sample.bytes, sample.trimmed) == ("picture", 9, False)
        assert store.media("p", sample.media_hash) == b"a picture"


@pytest.mark.parametrize("damage", ["no database at all", "a page overwritten"])
def test_a_damaged_database_is_put_aside_with_its_pictures_and_said(folder, damage):
    with Store.open(folder) as store:
        from kit.core.types import Kind
        from kit.storage import NewSample

        store.add_space("owl")
        project = store.add_project("owl", "lost", Kind.IMAGE)
        label = store.add_label(project.id, "cup")
        for number in range(50):
            store.add_samples(project.id, [NewSample(label.id, "b", b"%d" % number, 1, 1, "file")])
    with (folder / "kit.db").open("r+b") as file:
        file.seek(0 if damage == "no database at all" else 5 * 4096)
        file.write(b"\xa5" * 3 * 4096)

    with Store.open(folder) as store:
        assert [notice.id for notice in store.notices] == ["database-quarantined"]
        assert store.projects() == []
        store.add_space("owl")

    aside = folder / "quarantine" / "1"
    assert (aside / "kit.db").is_file()
    assert len(list((aside / "media").rglob("*.jpg"))) == 50
    with Store.open(folder) as store:
        assert store.notices == []
        store.erase_all()
    assert not (folder / "quarantine").exists()


def test_leftovers_of_a_cut_are_swept_at_the_next_start(folder):
    from kit.core.types import Kind
    from kit.storage import NewSample

    with Store.open(folder) as store:
        store.add_space("owl")
        project = store.add_project("owl", "kept", Kind.IMAGE)
        label = store.add_label(project.id, "cup")
        kept, removed = store.add_samples(
            project.id,
            [NewSample(label.id, "b", name, 1, 1, "file") for name in (b"kept", b"removed")],
        )
        store.remove_samples([removed.id])
    media = folder / "media"
    orphan = media / project.id / "ff" / f"{64 * 'f'}.jpg"
    orphan.parent.mkdir()
    orphan.write_bytes(b"never acknowledged")
    half = media / project.id / "ff" / ".x.jpg.12.half-written"
    half.write_bytes(b"half")
    stranger = media / "0123456789ab" / "00" / f"{64 * '0'}.jpg"
    stranger.parent.mkdir(parents=True)
    stranger.write_bytes(b"its project is gone")

    with Store.open(folder) as store:
        assert store.samples(project.id) == [kept]

    assert [path.stem for path in media.rglob("*") if path.is_file()] == [kept.media_hash]


def test_the_settings_that_survive_a_cut_are_on(store):
    pragmas = {
        name: store._database._writer.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    }

    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "secure_delete": 1,
    }


def _execute(folder, sql):
    connection = sqlite3.connect(folder / "kit.db", isolation_level=None)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def test_pictures_and_words_are_for_nobody_else_to_read(tmp_path, folder, store, cup, show):
    show(cup, b"a pupil")

    def mode(path):
        return path.stat().st_mode & 0o777

    assert mode(folder) == 0o700
    assert {path.name: mode(path) for path in folder.glob("kit.db*")} == {
        "kit.db": 0o600,
        "kit.db-wal": 0o600,
        "kit.db-shm": 0o600,
    }
    store.erase_all()
    assert mode(folder / "media") == 0o700

    shared = tmp_path / "a folder that was there"
    shared.mkdir(mode=0o755)
    Store.open(shared).close()
    assert mode(shared) == 0o755  # it is somebody's own
    assert mode(shared / "media") == 0o700


def test_damage_met_while_running_is_said_in_words(folder, store):
    with store._database.transaction():
        for number in range(4000):  # more than SQLite keeps in memory
            store.set(f"key {number}", "x" * 1000)
    store.close()
    with Store.open(folder) as store:
        content = bytearray((folder / "kit.db").read_bytes())
        content[2 * 4096 :] = b"\xa5" * (len(content) - 2 * 4096)
        (folder / "kit.db").write_bytes(content)

        with pytest.raises(Unavailable) as refused:
            for number in range(4000):
                store.get(f"key {number}")

    assert refused.value.id == "database-damaged"
