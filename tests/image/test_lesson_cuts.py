"""A lesson on a file system of its own, cut off-line; the image's tests do so on a board's card.

Needs root, FUSE, a loop device and QEMU's storage daemon; where they are, a minute.
"""

import os
import shutil
import subprocess
from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.guest import bench
from tests.guest.cuts import cuts_of, examined, served, told
from tests.guest.day import DEEDS, Recording, lesson

PARTITION_MB = 64
CUTS = 5


@pytest.fixture(scope="module", autouse=True)
def tools():
    """Root's, which are not on everybody's path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{os.environ['PATH']}:/usr/sbin:/sbin")
        if lacking := bench.lacking():
            pytest.skip(lacking)
        yield


@pytest.fixture(scope="module")
def recording(tmp_path_factory, checkout) -> Recording:
    folder = tmp_path_factory.mktemp("lesson")
    partition = folder / "partition.ext4"
    partition.touch()
    os.truncate(partition, PARTITION_MB * 2**20)
    subprocess.run(["mke2fs", "-q", "-t", "ext4", partition], check=True)
    random = np.random.default_rng(1)
    noise = (random.integers(0, 255, (96, 96, 3), np.uint8) for _ in range(200))
    pictures = [cv2.imencode(".jpg", each)[1].tobytes() for each in noise]
    software = folder / "software"
    shutil.copytree(checkout / "kit" / "core", software / "kit" / "core")
    return lesson(partition, folder / "day", pictures, software, bursts=8)


@pytest.mark.parametrize("deed", DEEDS)
def test_no_cut_breaks_a_promise(recording, tmp_path, deed):
    found = list(examined(recording, cuts_of(recording, deed, CUTS), tmp_path / "cut"))

    told(deed, found)
    assert {each.cut: each.wrong for each in found if each.wrong} == {}
    assert max(each.promised for each in found) > 0


def test_what_a_cut_left_is_mounted_and_served(recording, tmp_path):
    """By this machine's kernel, which replays the journal, and by the kit over HTTP."""
    cuts = [cuts_of(recording, deed, CUTS)[CUTS // 2] for deed in DEEDS]

    rounds = list(served(recording, cuts, tmp_path))

    assert {cut: broken for cut, broken in rounds if broken} == {}
    assert len(rounds) == len(DEEDS)


def test_a_card_that_ignores_flushes_is_found_out(recording, tmp_path):
    lying = [replace(cut, ignores=20, keeps=0.0) for cut in cuts_of(recording, "captures", CUTS)]

    found = list(examined(recording, lying, tmp_path / "cut"))

    told("captures, flushes ignored", found)
    assert [each for each in found if any("is lost" in wrong for wrong in each.wrong)]
