"""Many projects, and the wall between groups: every verb, looked up and tried by a stranger."""

import inspect
import io

import pytest

from kit.core.errors import BadInput, Conflict, NotFound
from kit.core.sound import Hearing
from kit.core.types import Actor, BlurFaces, Kind, Role
from kit.jobs import Jobs
from kit.library import MOST_PROJECTS, UNDO_S, Library
from kit.portable import Example
from kit.studio import Studio
from tests.support.house import House
from tests.support.small import BLUE, RED, jpeg

SQUIRREL, OWL = Actor(Role.GROUP, "squirrel"), Actor(Role.GROUP, "owl")
TEACHER, LOCAL = Actor(Role.TEACHER), Actor(Role.LOCAL, "kit")


def two_cards():
    for burst in ("a", "b"):
        yield "rouge", burst, jpeg(RED)
        yield "bleu", burst, jpeg(BLUE)


EXAMPLE = Example("Trier !", [("rouge", False), ("bleu", False)], two_cards, "sort-it")


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path / "data", example=EXAMPLE)
    for animal in ("squirrel", "owl"):
        house.store.add_space(animal)
    yield house
    house.close()


@pytest.fixture
def library(house):
    return house.library


# --- the wall between groups ---

# What a verb is given where it asks for more than the actor and a project.
SOME = {
    "name": "a name", "is_nothing": False, "label_id": "{id}-l1", "burst": None, "source": "file",
    "files": [("1.jpg", b"")], "before": None, "limit": 3, "sample_id": "{id}-s1",
    "thumb": False, "sample_ids": ["{id}-s1"], "value": 0.5, "number": 1, "language": "fr",
    "whole": False, "start_ms": None, "seconds": 1.0, "hearing": None, "hands": None,
    "blur_faces": None,
    "data": b"", "predicted_id": "{id}-l2", "live": True, "into": io.BytesIO(),
    "progress": lambda part: None,
}  # fmt: skip

HOUSEKEEPING = {
    Library: {
        "forget_removed",
        "forget_everything",
        "put_example_back",
        "put_example_back_soon",
        "close",
    },
    Studio: {"close"},
    Jobs: {"start", "running", "newest", "forget", "forget_all", "under_way", "wait", "close"},
}
"""Called by the kit itself, never by the page: no actor is behind them."""

OF_NO_PROJECT = {"list", "create", "add_example", "import_project", "export_all"}
"""Verbs of the library that make, list or give all projects of the actor's own space."""


def verbs(room):
    """The public verbs of a class, with what each asks for."""
    for name, verb in inspect.getmembers(room, inspect.isfunction):
        if not name.startswith("_") and name not in HOUSEKEEPING[room]:
            yield name, list(inspect.signature(verb).parameters)[1:]


@pytest.mark.parametrize("room", [Library, Studio, Jobs])
def test_every_verb_asks_first_who_asks(room):
    found = dict(verbs(room))

    assert len(found) >= 2
    assert {name for name, asked in found.items() if asked[0] != "actor"} == set()


def refusal(verb, *arguments, **named):
    """How a verb refuses: everything a stranger could learn from it."""
    with pytest.raises(NotFound) as refused:
        verb(*arguments, **named)
    return refused.value.id, refused.value.values


@pytest.mark.parametrize("name", [n for n, asked in verbs(Library) if n not in OF_NO_PROJECT])
def test_to_a_stranger_the_library_has_no_such_project(library, name):
    info = library.create(SQUIRREL, "Our pebbles")
    verb = getattr(library, name)
    more = [SOME[asked] for asked in dict(verbs(Library))[name][2:]]

    refusals = [
        refusal(verb, OWL, project_id, *more)
        for project_id in (info.id, "0" * len(info.id), "", "../kit.db")
    ]

    assert refusals == [("project-missing", {})] * 4
    assert [p.name for p in library.list(SQUIRREL)] == ["Our pebbles"]


@pytest.mark.parametrize("name", [name for name, _ in verbs(Studio)])
def test_to_a_stranger_the_studio_itself_is_not_there(house, library, name):
    studio = library.open(SQUIRREL, library.create(SQUIRREL, "Our pebbles").id)
    label = studio.add_label(SQUIRREL, "red")
    studio.add_files(SQUIRREL, label.id, [("1.jpg", jpeg(RED))])
    before = studio.state(SQUIRREL) | {"seq": 0}
    signature = inspect.signature(getattr(studio, name))
    given = {
        asked: _of(studio.id, SOME[asked]) for asked in signature.parameters if asked != "actor"
    }

    assert refusal(getattr(studio, name), OWL, **given) == ("project-missing", {})
    assert refusal(getattr(studio, name), Actor(Role.GROUP, None), **given)
    assert studio.state(SQUIRREL) | {"seq": 0} == before
    assert house.fanout.watchers == []


def _of(project_id, value):
    if isinstance(value, list):
        return [_of(project_id, one) for one in value]
    return value.format(id=project_id) if isinstance(value, str) else value


def test_a_studio_of_a_removed_project_is_not_there_for_its_own_group_either(library):
    info = library.create(SQUIRREL, "Our pebbles")
    studio = library.open(SQUIRREL, info.id)
    news = studio.subscribe(SQUIRREL, live=True)

    library.remove(SQUIRREL, info.id)

    assert refusal(studio.state, SQUIRREL) == ("project-missing", {})
    assert news.closed
    assert refusal(library.open, SQUIRREL, info.id) == ("project-missing", {})


def test_a_group_sees_its_own_projects_and_the_teacher_everybodys(library):
    for actor, name in [(SQUIRREL, "Pebbles"), (OWL, "Leaves"), (TEACHER, "Mine")]:
        library.create(actor, name)

    assert [p.name for p in library.list(SQUIRREL)] == ["Pebbles"]
    assert [p.name for p in library.list(TEACHER)] == ["Mine", "Leaves", "Pebbles"]
    assert library.list(Actor(Role.GROUP, None)) == []
    pebbles = library.list(SQUIRREL)[0]
    assert library.open(TEACHER, pebbles.id) is library.open(SQUIRREL, pebbles.id)
    assert pebbles.space_id == "squirrel"
    assert library.list(TEACHER)[0].space_id == "kit"


# --- projects ---


@pytest.mark.parametrize(
    ("typed", "id"),
    [
        ("", "name-empty"),
        ("x" * 81, "name-too-long"),
        ("a\x07b", "name-not-text"),
    ],
)
def test_what_is_no_name_is_refused(library, typed, id):
    kept = library.create(SQUIRREL, "Pebbles")
    for verb in (
        lambda: library.create(SQUIRREL, typed),
        lambda: library.rename(SQUIRREL, kept.id, typed),
        lambda: library.duplicate(SQUIRREL, kept.id, typed),
    ):
        with pytest.raises(BadInput) as refused:
            verb()
        assert refused.value.id == id
    assert [p.name for p in library.list(SQUIRREL)] == ["Pebbles"]


def test_a_project_is_renamed_for_everyone_who_has_it_open(library):
    info = library.create(SQUIRREL, "Pebbles")
    studio = library.open(SQUIRREL, info.id)

    library.rename(SQUIRREL, info.id, "  Galets d’e\u0301te\u0301 ")

    assert studio.state(SQUIRREL)["project"]["name"] == "Galets d’été"
    assert library.list(SQUIRREL)[0].name == "Galets d’été"


def test_a_shelf_is_full_one_day(library, house):
    for number in range(MOST_PROJECTS):
        house.store.add_project("squirrel", str(number), Kind.IMAGE)

    for verb in (
        lambda: library.create(SQUIRREL, "one more"),
        lambda: library.add_example(SQUIRREL),
        lambda: library.duplicate(SQUIRREL, library.list(SQUIRREL)[0].id),
    ):
        with pytest.raises(Conflict) as refused:
            verb()
        assert refused.value.id == "too-many-projects"
    assert library.create(OWL, "theirs")


def test_texts_are_not_learnt_from_so_far(library):
    with pytest.raises(BadInput) as refused:
        library.create(SQUIRREL, "Poems", kind=Kind.TEXT)
    assert refused.value.id == "kind-not-yet"


def test_a_kind_and_its_options_are_chosen_when_a_project_is_made(library):
    words = library.create(SQUIRREL, "Words", kind=Kind.SOUND)
    claps = library.create(SQUIRREL, "Claps", kind=Kind.SOUND, hearing=Hearing.SOUNDS)
    one, two = (
        library.create(SQUIRREL, "Signs", kind=Kind.GESTURE, hands=hands) for hands in (None, 2)
    )

    assert (words.hearing, claps.hearing) == (Hearing.WORDS, Hearing.SOUNDS)
    assert (one.hands, two.hands, words.hands) == (1, 2, None)
    assert library.create(SQUIRREL, "Cups").blur_faces is BlurFaces.UPLOADS


@pytest.mark.parametrize(
    ("kind", "chosen", "id"),
    [
        (Kind.IMAGE, {"hearing": Hearing.WORDS}, "option-of-another-kind"),
        (Kind.SOUND, {"hands": 1}, "option-of-another-kind"),
        (Kind.GESTURE, {"blur_faces": BlurFaces.NEVER}, "option-of-another-kind"),
        (Kind.GESTURE, {"hands": 3}, "hands-one-or-two"),
    ],
)
def test_what_another_kind_has_cannot_be_chosen(library, kind, chosen, id):
    with pytest.raises(BadInput) as refused:
        library.create(SQUIRREL, "Anything", kind=kind, **chosen)

    assert refused.value.id == id
    assert library.list(SQUIRREL) == []


def test_the_ready_example_moves_bars_at_once_and_can_be_had_twice(library, house):
    first, second = library.add_example(SQUIRREL), library.add_example(SQUIRREL)
    studio = library.open(SQUIRREL, first.id)
    house.jobs.wait(house.jobs.newest(first.id).id)

    assert (first.name, second.name) == ("Trier !", "Trier ! (2)")
    assert first.is_example and first.activity == "sort-it"
    assert studio.predict_file(SQUIRREL, jpeg(BLUE)).label == "bleu"
    assert [la["bursts"] for la in studio.state(SQUIRREL)["labels"]] == [2, 2]


def test_a_kit_without_an_example_says_so_and_starts_all_the_same(tmp_path, caplog):
    house = House(tmp_path / "bare")
    try:
        with pytest.raises(NotFound) as refused:
            house.library.add_example(LOCAL)
        assert refused.value.id == "example-missing"
        house.library.put_example_back()
        assert house.library.list(LOCAL) == []
        assert "the ready example is not put in place" in caplog.text
    finally:
        house.close()


# --- forgetting ---


def test_what_was_removed_can_come_back_for_ten_minutes_and_then_is_gone(library, house):
    studio = library.open(SQUIRREL, library.create(SQUIRREL, "Pebbles").id)
    label = studio.add_label(SQUIRREL, "red")
    first, second = studio.add_files(
        SQUIRREL, label.id, [("1.jpg", jpeg(RED)), ("2.jpg", jpeg(RED))]
    ).samples
    studio.remove_samples(SQUIRREL, [first.id])
    house.clock.pass_s(UNDO_S - 1)
    house.clock.set_to(0.0)  # the wall clock may say what it likes
    assert library.forget_removed() == 0
    studio.restore_samples(SQUIRREL, [first.id])
    studio.remove_samples(SQUIRREL, [first.id, second.id])

    house.clock.pass_s(UNDO_S)

    assert library.forget_removed() == 2
    assert studio.restore_samples(SQUIRREL, [first.id, second.id]) == []
    assert not [path for path in (house.store.folder / "media").rglob("*") if path.is_file()]


def test_forgetting_everything_ends_what_runs_and_leaves_no_project(library, house):
    studio = library.open(SQUIRREL, library.create(SQUIRREL, "Pebbles").id)
    label = studio.add_label(SQUIRREL, "a-secret-word")
    studio.start_burst(SQUIRREL, label.id)
    house.feed.hold_up(RED, seconds=1)
    news = studio.subscribe(SQUIRREL)

    library.forget_everything()

    assert house.store.projects() == [] and news.closed
    assert refusal(studio.add_label, SQUIRREL, "late") == ("project-missing", {})
    left = b"".join(p.read_bytes() for p in house.store.folder.rglob("*") if p.is_file())
    assert b"a-secret-word" not in left


def test_closing_twice_is_no_harm(house):
    house.library.close()
    house.library.close()
