"""The end of a class: no byte of it can be read in the data folder afterwards."""

import sqlite3

import cv2
import numpy as np
import pytest

from kit.core.errors import Conflict
from kit.core.types import EmbeddingKey, Job, JobState, Kind
from kit.storage import NewSample, Store

PLANTED = "Zébulon-le-crocodile"


def _fill(store: Store, animal: str, word: str, seed: int) -> list[bytes]:
    """A project that says `word` wherever a pupil's word may go; gives back its traces."""
    random = np.random.default_rng(seed)
    store.add_space(animal)
    project = store.add_project(animal, f"project {word}", Kind.IMAGE)
    label = store.add_label(project.id, f"label {word}")
    other = store.add_label(project.id, f"other {word}")
    store.change_label(other.id, name=f"renamed {word}")
    traces = [word.encode()]
    for burst in range(20):
        noise = random.integers(0, 256, (60, 80, 3), dtype=np.uint8)
        picture = cv2.imencode(".jpg", noise)[1].tobytes()
        [sample] = store.add_samples(
            project.id,
            [NewSample(label.id, f"{word} {burst}", picture, 80, 60, "file", {"who": word})],
        )
        vector = random.normal(size=1280).astype(np.float32)
        key = EmbeddingKey(sample.media_hash, "b", 224, "e", 1, "r")
        store.save_embeddings(project.id, [(key, vector)])
        traces += [picture[700:732], vector.tobytes()[2000:2032], sample.media_hash.encode()]
    store.remove_samples([sample.id])
    weights = random.normal(size=(2, 1280))
    store.add_model(project.id, {"labels": [word]}, {"coef": weights})
    traces.append(weights.tobytes()[512:544])
    store.save_job(
        Job(f"job {animal}", "import", project.id, animal, JobState.FAILED, error={"id": word})
    )
    return traces


def _found(folder, traces) -> list[bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    contents = [path.read_bytes() + str(path).encode() for path in files]
    return [trace for trace in traces if any(trace in content for content in contents)]


def test_nothing_of_an_erased_group_can_be_read_and_nothing_of_the_others_is_lost(store, folder):
    ours = _fill(store, "owl", PLANTED, seed=1)
    theirs = _fill(store, "squirrel", "Marguerite", seed=2)
    assert _found(folder, ours) == ours  # the test can see what it looks for

    store.erase_space("owl")

    assert _found(folder, ours) == []
    assert _found(folder, theirs) == theirs
    assert [space.id for space in store.spaces()] == ["squirrel"]


def test_nothing_of_a_class_can_be_read_after_its_end_and_the_device_keeps_its_own(store, folder):
    traces = _fill(store, "owl", PLANTED, 1) + _fill(store, "squirrel", "Marguerite", 2)
    store.set("class.note", PLANTED)
    store.set("kit.camera", {"mirror": True})
    aside = folder / "quarantine" / "1" / "kit.db"
    aside.parent.mkdir(parents=True)
    aside.write_bytes(PLANTED.encode())
    (folder / "scratch").mkdir()
    (folder / "scratch" / "half an upload").write_bytes(PLANTED.encode())

    assert store.tally().groups == 2
    store.erase_all()

    assert _found(folder, traces) == []
    assert store.tally() == type(store.tally())(0, 0, 0, 0, 0)
    assert store.get("kit.camera") == {"mirror": True}
    assert list((folder / "scratch").iterdir()) == []
    store.add_space("owl")
    assert store.projects("owl") == []


def test_an_erasure_that_a_reader_holds_up_says_so_and_can_be_done_again(store, folder):
    traces = _fill(store, "owl", PLANTED, 1)
    store._database._writer.execute("PRAGMA busy_timeout = 50")
    reader = sqlite3.connect(folder / "kit.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sample").fetchall()

    with pytest.raises(Conflict) as refused:
        store.erase_all()
    reader.close()
    store.erase_all()

    assert refused.value.id == "erasing-not-finished"
    assert _found(folder, traces) == []


def test_what_would_go_is_counted_first(store):
    _fill(store, "owl", "Zoé", 1)
    _fill(store, "squirrel", "Max", 2)

    ours = store.tally("owl")

    assert (ours.groups, ours.projects, ours.samples, ours.models) == (1, 1, 19, 1)
    assert ours.bytes > 19 * 1000
    assert store.tally().samples == 38
