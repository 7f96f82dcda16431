"""A data folder that fails under a lesson: noticed by the folder's own word, or by an error."""

import os
import shutil
import subprocess
import sys
import textwrap
from types import SimpleNamespace

import pytest

from kit.storage.watch import MEGABYTE, Trouble, Watch

ROOMY = 1000


class Disk:
    """What a file system says of itself."""

    def __init__(self):
        self.free_mb, self.flags, self.gone = ROOMY, 0, False

    def __call__(self, folder):
        if self.gone:
            raise OSError("the card was pulled out")
        blocks = self.free_mb * MEGABYTE // 4096
        return SimpleNamespace(f_flag=self.flags, f_bavail=blocks, f_frsize=4096)


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def told():
    return []


@pytest.fixture
def watch(tmp_path, disk, told):
    return Watch(tmp_path, told.append, disk)


def test_a_folder_that_is_well_is_left_alone(watch, told, tmp_path):
    assert watch.look() is None

    assert told == []
    assert list(tmp_path.iterdir()) == []


def test_a_card_that_turned_read_only_is_told_once_and_again_when_it_is_well(watch, disk, told):
    disk.flags = os.ST_RDONLY
    watch.look()
    watch.look()
    disk.flags = 0
    watch.look()

    assert told == [Trouble("data-went-read-only"), None]


def test_a_card_that_was_pulled_out_is_failing(watch, disk):
    disk.gone = True

    assert watch.look().id == "data-failing"


def test_little_room_is_told_before_it_is_none_and_to_teachers(watch, disk, told):
    for free_mb in (ROOMY, 199, 195, 3):
        disk.free_mb = free_mb
        watch.look()

    little = Trouble("space-little", {"free_mb": 190}, teachers_only=True)
    assert told == [little, Trouble("data-full")]


def test_an_error_that_was_a_slip_is_no_trouble(watch, told):
    watch.suspect("data-folder-not-writable")
    watch.suspect("picture-damaged")

    assert watch.trouble is None
    assert told == []


def test_a_folder_that_cannot_be_written_to_stays_in_trouble_until_it_can(watch, tmp_path, told):
    shutil.rmtree(tmp_path)
    watch.suspect("disk-failed")
    assert watch.trouble == Trouble("data-failing")

    tmp_path.mkdir()

    assert watch.look() is None
    assert [one and one.id for one in told] == ["data-failing", None]


def test_a_damaged_database_is_trouble_until_the_next_start(watch):
    watch.suspect("database-damaged")

    assert watch.look() == Trouble("data-failing")


STORY = """
    import subprocess, sys
    from pathlib import Path
    from kit.core.errors import Unavailable
    from kit.storage.atomic import atomic_write
    from kit.storage.watch import Watch

    folder = Path(sys.argv[1])
    watch = Watch(folder)
    atomic_write(folder / "labels.txt", b"cup")
    assert watch.look() is None
    subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
    try:
        atomic_write(folder / "labels.txt", b"cup and glass")
    except Unavailable as error:
        print(error.id)
        watch.suspect(error.id)
    print(watch.trouble.id)
    subprocess.run(["mount", "-o", "remount,bind,rw", folder], check=True)
    print(watch.look())
"""


@pytest.mark.skipif(not shutil.which("unshare"), reason="unshare is not on this machine")
def test_a_real_file_system_that_turns_read_only_under_a_file(tmp_path, checkout):
    story = tmp_path / "story.py"
    story.write_text(textwrap.dedent(STORY))
    data = tmp_path / "data"
    data.mkdir()
    mount = 'mount --bind "$1" "$1" && exec "$2" "$3" "$1"'
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", mount, "sh", data, sys.executable, story],
        capture_output=True,
        text=True,
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
    )
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"no mount of one's own here: {done.stderr.splitlines()[0]}")

    assert done.stderr == ""
    assert done.stdout.splitlines() == ["data-folder-not-writable", "data-went-read-only", "None"]
