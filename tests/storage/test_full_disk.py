"""A full disk: said in words, nothing half-written, and the kit can still be emptied."""

import errno
import os
import shutil
import subprocess
import sys
import textwrap

import pytest

from kit.core.errors import Unavailable
from kit.storage import atomic_file, atomic_write


@pytest.fixture
def full_after(monkeypatch):
    """Let the disk take so many bytes more, and then none, as the system call would."""

    def full_after(bytes_left: int) -> None:
        left = [bytes_left]
        real_write = os.write

        def write(descriptor, data):
            if left[0] <= 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            taken = real_write(descriptor, bytes(data)[: left[0]])
            left[0] -= taken
            return taken

        monkeypatch.setattr(os, "write", write)

    return full_after


def test_a_file_is_the_old_one_or_the_new_one(tmp_path, full_after):
    path = tmp_path / "labels.txt"
    atomic_write(path, b"old")
    full_after(2)

    with pytest.raises(Unavailable) as refused:
        atomic_write(path, b"the new one")

    assert refused.value.id == "disk-full"
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["labels.txt"]


def test_pictures_that_do_not_fit_leave_no_row_and_no_file(
    store, folder, project, cup, show, full_after
):
    [kept] = show(cup, b"kept")
    full_after(1500)

    with pytest.raises(Unavailable) as refused:
        show(cup, 1000 * b"a", 1000 * b"b")

    assert refused.value.id == "disk-full"
    assert store.samples(project.id) == [kept]
    assert [path.stem for path in (folder / "media").rglob("*") if path.is_file()] == [
        kept.media_hash
    ]


def test_rows_that_do_not_fit_take_their_pictures_back(store, folder, project, cup, show):
    [(pages,)] = store._database.rows("PRAGMA page_count")
    store._database._writer.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(Unavailable) as refused:
        for number in range(200):
            show(cup, b"picture %d" % number)

    assert refused.value.id == "disk-full"
    kept = store.samples(project.id)
    files = {path.stem for path in (folder / "media").rglob("*") if path.is_file()}
    assert files == {sample.media_hash for sample in kept}
    assert store.counts(project.id)[cup.id].samples == len(kept)


_ON_A_TINY_DISK = """
    import os, sys
    from pathlib import Path
    from kit.core.errors import Unavailable
    from kit.core.types import Kind
    from kit.storage import NewSample, Store

    folder = Path(sys.argv[1]) / "data"
    store = Store.open(folder)
    store.add_space("owl")
    project = store.add_project("owl", "big", Kind.IMAGE)
    label = store.add_label(project.id, "secret-cup")
    kept = []
    try:
        for number in range(10_000):
            kept += store.add_samples(
                project.id,
                [NewSample(label.id, "b", number.to_bytes(4, "big") * 2000, 1, 1, "file")],
            )
    except Unavailable as error:
        assert error.id == "disk-full", error.id
    else:
        raise AssertionError("the disk never filled")
    assert len(kept) > 50
    filler = folder.parent / "filler"
    with open(filler, "wb", buffering=0) as file:  # not one byte left
        try:
            while file.write(b"x" * 512):
                pass
        except OSError:
            pass
    assert [sample.id for sample in store.samples(project.id)] == [s.id for s in kept]
    for sample in kept:
        assert len(store.media(project.id, sample.media_hash)) == 8000
    store.erase_all()
    assert store.projects() == [] and not list((folder).rglob("*.jpg"))
    assert b"secret-cup" not in (folder / "kit.db").read_bytes()
    store.close()
    Store.open(folder).close()
    print(len(kept), "kept")
"""


_RESTARTED_ON_A_FULL_DISK = """
    import sys
    from pathlib import Path
    from kit.core.types import Kind
    from kit.storage import NewSample, Store

    folder = Path(sys.argv[1]) / "data"
    with Store.open(folder) as store:
        store.add_space("owl")
        project = store.add_project("owl", "big", Kind.IMAGE)
        label = store.add_label(project.id, "cup")
        store.add_samples(project.id, [NewSample(label.id, "b", b"x" * 8000, 1, 1, "file")])
    with open(folder.parent / "filler", "wb", buffering=0) as file:  # not one byte left
        try:
            while file.write(b"x" * 512):
                pass
        except OSError:
            pass
    with Store.open(folder) as store:
        [project] = store.projects()
        store.set("kit.starts", 2)
        store.remove_project(project.id)
    (folder.parent / "filler").unlink()
    Store.open(folder).close()
    print((folder / "kit.reserve").stat().st_size, "kept aside again")
"""


def test_a_kit_can_be_started_and_emptied_on_a_full_disk(tmp_path):
    done = on_a_tiny_disk(tmp_path, _RESTARTED_ON_A_FULL_DISK, megabytes=6)

    assert done.returncode == 0, done.stderr
    assert "kept aside again" in done.stdout


def test_on_a_disk_of_two_megabytes_nothing_acknowledged_is_lost_and_all_can_be_erased(tmp_path):
    done = on_a_tiny_disk(tmp_path, _ON_A_TINY_DISK, megabytes=2)

    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("kept\n")


def on_a_tiny_disk(tmp_path, code: str, *, megabytes: int) -> subprocess.CompletedProcess:
    """Run Python code with the path of a disk of so many megabytes as its argument."""
    if shutil.which("unshare") is None:
        pytest.skip("no unshare to mount a tiny disk with")
    script = tmp_path / "fill.py"
    script.write_text(textwrap.dedent(code))
    tiny = tmp_path / "tiny"
    tiny.mkdir()
    mount = f"mount -t tmpfs -o size={megabytes}m tmpfs {tiny}"
    # A mount of its own, seen by nobody else and gone with the process.
    as_root = ["unshare", "--mount", "--map-root-user", "sh", "-c"]
    if subprocess.run([*as_root, mount], capture_output=True).returncode:
        pytest.skip("not allowed to mount a tiny disk")
    return subprocess.run(
        [*as_root, f"{mount} && exec {sys.executable} {script} {tiny}"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_a_file_written_bit_by_bit_is_whole_or_the_old_one(tmp_path):
    path = tmp_path / "lesson.kit.zip"
    with atomic_file(path) as file:
        file.write(b"first ")
        assert not path.exists()
        file.write(b"and last")
    assert path.read_bytes() == b"first and last"

    with pytest.raises(ZeroDivisionError), atomic_file(path) as file:
        file.write(b"never")
        _ = 1 / 0

    assert path.read_bytes() == b"first and last"
    assert os.listdir(tmp_path) == ["lesson.kit.zip"]
