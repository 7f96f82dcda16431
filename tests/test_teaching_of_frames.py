"""Frames that come as files: teaching must not take them for separate showings."""

import numpy as np

from kit.core.evaluate import Checked
from kit.teaching import teach


def test_files_cut_from_films_check_by_scene_and_not_by_frame():
    """Labels are noise here: only a head that has seen the frame next door could be right."""
    chance = np.random.default_rng(4)
    scenes = chance.random((16, 96), np.float32)
    frames = np.repeat(scenes, 8, axis=0) + chance.normal(0, 0.01, (128, 96)).astype(np.float32)
    files = [Checked(f"{i}.png", f"l{i // 8 % 2}", f"{i}.png") for i in range(128)]

    taught = teach(files, np.abs(frames)[np.newaxis], labels={"l0": "cup", "l1": "pen"})

    assert taught.check.bursts == 16
    assert taught.check.tally.value < 0.85  # by frame it would be 1.0


def test_a_film_of_each_label_holds_nothing_out():
    frames = np.repeat(np.eye(2, 96, dtype=np.float32), 20, axis=0)
    files = [Checked(f"{i}.png", f"l{i // 20}", f"{i}.png") for i in range(40)]

    taught = teach(files, frames[np.newaxis], labels={"l0": "cup", "l1": "pen"})

    assert taught.check is None
