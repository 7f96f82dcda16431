"""A data folder of its own for each test, and a few verbs to fill it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kit.core.types import Kind, Label, ProjectInfo, Sample
from kit.storage import NewSample, Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store.open(folder) as store:
        yield store


@pytest.fixture
def project(store: Store) -> ProjectInfo:
    store.add_space("squirrel")
    return store.add_project("squirrel", "Sort it", Kind.IMAGE)


@pytest.fixture
def cup(store: Store, project: ProjectInfo) -> Label:
    return store.add_label(project.id, "cup")


@pytest.fixture
def pen(store: Store, project: ProjectInfo) -> Label:
    return store.add_label(project.id, "pen")


@pytest.fixture
def show(store: Store) -> Callable[..., list[Sample]]:
    """Keep made-up pictures under a label, in one burst."""

    def show(label: Label, *pictures: bytes, burst: str = "burst 1") -> list[Sample]:
        project_id = label.id.rpartition("-l")[0]
        return store.add_samples(
            project_id,
            [NewSample(label.id, burst, bytes, 640, 480, "file") for bytes in pictures],
        )

    return show
