"""One group's project, on a small kit, with verbs short enough for a story."""

import pytest

from kit.core.types import Actor, Role
from tests.support.house import House
from tests.support.small import jpeg

SQUIRREL = Actor(Role.GROUP, "squirrel")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def start(folder):
    """Starts the kit on the data folder; starting it again is a restart."""
    running = []

    def start(**options):
        for house in running:
            house.close()
        running[:] = [House(folder, **options)]
        return running[0]

    yield start
    for house in running:
        house.close()


@pytest.fixture
def house(start):
    house = start()
    house.store.add_space("squirrel")
    house.store.add_space("owl")
    return house


@pytest.fixture
def group():
    return SQUIRREL


@pytest.fixture
def studio(house, group):
    return house.library.open(group, house.library.create(group, "Our pebbles").id)


@pytest.fixture
def show(group):
    """Shows pictures of one colour, as one burst; gives back the samples that were kept."""

    def show(studio, label, colour, pictures=1, burst=None):
        files = [(f"{n}.jpg", jpeg(colour)) for n in range(pictures)]
        kept = studio.add_files(group, label.id, files, burst=burst, source="film")
        assert not kept.refused
        return list(kept.samples)

    return show


@pytest.fixture
def train(group):
    """Trains and waits; gives back the job as it ended."""

    def train(house, studio):
        return house.jobs.wait(studio.train(group).id)

    return train
