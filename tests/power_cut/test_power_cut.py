"""The power is cut between any two deeds of the disk: what was acknowledged is there.

And the same with one thing done wrong, where something must be missing: a test that cannot
fail shows nothing.
"""

import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kit.core.errors import NotFound
from kit.core.types import EmbeddingKey, Kind
from kit.storage import NewSample, Store
from tests.power_cut.recorder import (
    Log,
    PretendDisk,
    RecordingDisk,
    RecordingVFS,
    connector,
    survivals,
)
from tests.storage.newer import a_newer_kit


class NoFileSync(RecordingDisk):
    """Renames files into place without having synced their bytes."""

    def write_new(self, path, data):
        super().write_new(path, data)
        self._log.pop()  # the ("sync", path)


class NoFolderSync(RecordingDisk):
    """Never syncs a folder."""

    def sync_folder(self, path):
        pass


def test_every_cut_leaves_all_that_was_acknowledged(tmp_path):
    log = _a_lesson(tmp_path / "data", RecordingDisk, synchronous="FULL")

    losses = dict(_cuts(log, tmp_path, every=1))

    assert len(losses) >= 1000, f"only {len(losses)} cuts"
    assert {where: loss for where, loss in losses.items() if loss} == {}


@pytest.mark.parametrize(
    ("disk", "synchronous"),
    [(NoFileSync, "FULL"), (NoFolderSync, "FULL"), (RecordingDisk, "NORMAL")],
    ids=["pictures not synced", "folders not synced", "synchronous=NORMAL"],
)
def test_with_one_sync_left_out_something_is_missing(tmp_path, disk, synchronous):
    log = _a_lesson(tmp_path / "data", disk, synchronous)

    losses = [loss for _, loss in itertools.islice(_cuts(log, tmp_path, every=41), 60)]

    assert any(losses)


def test_a_cut_while_the_shape_changes_leaves_it_to_the_older_kit(tmp_path):
    folder, log = tmp_path / "data", Log()
    vfs = RecordingVFS(log)
    connect = connector(vfs, "FULL")
    with Store.open(folder, connect=connect, disk=RecordingDisk(log)) as store:
        store.add_space("owl")
        project = store.add_project("owl", "Sort it", Kind.IMAGE)
        label = store.add_label(project.id, "cup")
        _show(store, log, project.id, label.id, [b"one", b"two"])
    began = sum(verb not in ("kept", "withdrawn", "embedded") for verb, *_ in log)
    with a_newer_kit():
        Store.open(folder, connect=connect, disk=RecordingDisk(log)).close()
    with Store.open(folder, connect=connect, disk=RecordingDisk(log)) as store:
        assert len(store.samples(project.id)) == 2  # the older one took it back, cuts included
    vfs.unregister()

    losses = [loss for _, loss in itertools.islice(_cuts(log, tmp_path, every=1), began, None)]

    assert len(losses) >= 30, f"only {len(losses)} cuts"
    assert {loss for loss in losses if loss} == set()


def _a_lesson(folder: Path, disk: type[RecordingDisk], synchronous: str) -> Log:
    """Pictures shown, moved, removed, purged, a copy made, another project thrown away; a clip
    trimmed, trimmed again, and brought back."""
    log = Log()
    vfs = RecordingVFS(log)
    random = np.random.default_rng(0)
    store = Store.open(folder, connect=connector(vfs, synchronous), disk=disk(log))
    store.add_space("owl")
    project = store.add_project("owl", "Sort it", Kind.IMAGE)
    labels = [store.add_label(project.id, name) for name in ("cup", "pen")]
    thrown = store.add_project("owl", "thrown away", Kind.IMAGE)
    thrown_label = store.add_label(thrown.id, "cup")
    _show(store, log, thrown.id, thrown_label.id, [b"thrown away"])
    for burst in range(16):
        pictures = [random.bytes(1500) for _ in range(1 + burst % 3)]
        samples = _show(store, log, project.id, labels[burst % 2].id, pictures)
        store.save_embeddings(
            project.id, [(_key(sample.media_hash), random.normal(size=640)) for sample in samples]
        )
        log.note("embedded", [sample.media_hash for sample in samples])
    ids = [sample.id for sample in store.samples(project.id, limit=6)]
    store.move_samples(ids[:3], labels[0].id)
    log.note("withdrawn", ids[3:])
    store.remove_samples(ids[3:])
    store.purge(project.id)
    copy = store.duplicate_project(project.id, "owl", "again")
    log.note(
        "kept",
        {sample.id: store.media(copy.id, sample.media_hash) for sample in store.samples(copy.id)},
    )
    log.note("withdrawn", [sample.id for sample in store.samples(thrown.id)])
    store.remove_project(thrown.id)
    [clip] = _show(store, log, project.id, labels[1].id, [b"a whole clip"])
    for data in (b"a second of it", b"another second", None):
        log.note("withdrawn", [clip.id])  # until it is answered, either of the two is right
        if data is None:
            store.untrim_sample(clip.id)
        else:
            store.trim_sample(clip.id, data)
        log.note("kept", {clip.id: data or b"a whole clip"})
    _show(store, log, project.id, labels[1].id, [b"the last one"])
    store.close()
    vfs.unregister()
    return log


def _show(store: Store, log: Log, project_id: str, label_id: str, pictures: list[bytes]):
    samples = store.add_samples(
        project_id, [NewSample(label_id, "b", picture, 9, 9, "file") for picture in pictures]
    )
    log.note(
        "kept",
        {sample.id: picture for sample, picture in zip(samples, pictures, strict=True)},
    )
    return samples


def _key(media_hash: str) -> EmbeddingKey:
    return EmbeddingKey(media_hash, "b", 224, "e", 1, "r")


def _cuts(log: Log, tmp_path: Path, every: int) -> Iterator[tuple[str, str]]:
    """Cut after every so-manieth event, each time with another disk's luck: (where, loss)."""
    disk = PretendDisk(tmp_path)
    place = _quick_folder(tmp_path)
    kept: dict[str, bytes] = {}
    embedded: set[str] = set()
    lucks = itertools.cycle(survivals(seed=1))
    deeds = 0
    for event in log:
        match event:
            case ("kept", pictures):
                kept |= pictures
            case ("embedded", hashes):
                embedded |= set(hashes)
            case ("withdrawn", ids):
                kept = {id: picture for id, picture in kept.items() if id not in ids}
            case _:
                disk.tell(event)
                deeds += 1
                if deeds % every:
                    continue
                luck = next(lucks)
                disk.after_a_cut(luck, place)
                try:
                    yield f"deed {deeds}, {luck.name}", _missing(place / "data", kept, embedded)
                finally:
                    shutil.rmtree(place)


def _quick_folder(tmp_path: Path) -> Path:
    """Where to rebuild what a cut left: in memory, where there is such a folder."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK):
        return memory / f"kit-power-cut-{os.getpid()}"
    return tmp_path / "after"


def _missing(folder: Path, kept: dict[str, bytes], embedded: set[str]) -> str:
    """What an opened folder has lost of what was acknowledged; empty when it is all there."""
    with Store.open(folder) as store:
        if store.notices:
            return f"put in quarantine: {store.notices}"
        there = {}
        for project in store.projects():
            samples = store.samples(project.id)
            if project.samples != len(samples):
                return f"{project.samples} samples counted, {len(samples)} there"
            for sample in samples:
                try:
                    there[sample.id] = store.media(project.id, sample.media_hash)
                except NotFound as error:  # every row has its picture, acknowledged or not
                    return str(error)
                if (
                    sample.media_hash in embedded
                    and project.name == "Sort it"
                    and store.embedding(project.id, _key(sample.media_hash)) is None
                ):
                    return f"the embedding of {sample.id}"
        lost = [id for id, picture in kept.items() if there.get(id) != picture]
        return f"lost: {lost}" if lost else ""
