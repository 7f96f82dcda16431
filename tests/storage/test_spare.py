"""A newer kit changes the database's shape and shows no page: the older one goes on as it was."""

import pytest

from kit.core.errors import Conflict, Unavailable
from kit.storage import Disk, Store, spare
from tests.storage.newer import a_newer_kit


@pytest.fixture
def kept(folder, store, cup, show):
    """What the older kit has acknowledged."""
    samples = show(cup, b"one", b"two")
    store.close()
    return {sample.id for sample in samples}


def known_to(store: Store) -> set[str]:
    return {sample.id for project in store.projects() for sample in store.samples(project.id)}


def test_an_older_kit_takes_back_what_it_can_read(folder, kept):
    with a_newer_kit():
        Store.open(folder).close()
        assert (folder / spare.NAME).stat().st_mode & 0o777 == 0o600

    with Store.open(folder) as store:
        assert known_to(store) == kept
        assert store.notices == []
    assert not (folder / spare.NAME).exists()


def test_a_newer_kit_that_is_started_again_goes_on(folder, kept):
    with a_newer_kit():
        Store.open(folder).close()
        with Store.open(folder) as store:
            assert known_to(store) == kept
    with a_newer_kit(steps=2):  # the next release, after one that never showed a page
        Store.open(folder).close()

    with Store.open(folder) as store:
        assert known_to(store) == kept


def test_once_a_page_was_shown_there_is_no_way_back_and_no_copy(folder, kept):
    erased = []

    class Watched(Disk):
        def remove(self, path):
            erased.append((path.name, set(path.read_bytes())))
            super().remove(path)

    with a_newer_kit(), Store.open(folder, disk=Watched()) as store:
        store.forget_spare()
        store.forget_spare()  # a second time is no error

    assert erased == [(spare.NAME, {0})]  # overwritten before its name went
    with pytest.raises(Conflict) as refused:
        Store.open(folder)
    assert refused.value.id == "data-folder-newer"


def test_a_class_that_ends_leaves_no_copy(folder, kept):
    with a_newer_kit(), Store.open(folder) as store:
        assert (folder / spare.NAME).exists()
        store.erase_all()
        assert not (folder / spare.NAME).exists()


def test_a_full_card_has_the_new_shape_without_a_copy(folder, kept):
    class Full(Disk):
        def write_new(self, path, data):
            raise Unavailable("disk-full")

    with a_newer_kit(), Store.open(folder, disk=Full()) as store:
        assert known_to(store) == kept
    assert not (folder / spare.NAME).exists()


def test_a_kit_whose_shape_is_the_same_copies_nothing(folder, kept):
    Store.open(folder).close()

    assert not (folder / spare.NAME).exists()
