"""Activity folders: the shipped ones are in order, and a broken one says why."""

import shutil
from pathlib import Path

import pytest

from kit import activities, resources
from kit.core.errors import BadInput, NotFound

SHIPPED = resources.activities_dir()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A shelf with one good activity, free to be spoilt."""
    shutil.copytree(SHIPPED / "sort-it", tmp_path / "sort-it")
    return tmp_path


def problems_after(folder: Path, name: str, change) -> str:
    change(folder / name)
    (listed,) = activities.find(folder)
    assert listed.activity is None
    return "; ".join(listed.problems)


def replace(file: str, old: str, new: str):
    def change(activity: Path) -> None:
        text = (activity / file).read_text(encoding="utf-8")
        assert old in text
        (activity / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def test_every_shipped_activity_is_in_order():
    listed = activities.find(SHIPPED)

    assert [one.name for one in listed if one.problems] == []
    assert "sort-it" in [one.name for one in listed]


def test_a_step_says_what_to_do_what_to_watch_and_asks_one_question():
    sort_it = activities.read(SHIPPED, "sort-it")

    for language in activities.LANGUAGES:
        assert len(sort_it.steps[language]) == 7
        for step in sort_it.steps[language]:
            assert step.do
            assert step.watch
            assert step.question.count("?") >= 1


def test_the_basket_holds_objects_that_the_ready_example_has_not_shown():
    pictures = list(activities.read(SHIPPED, "sort-it").examples("fr"))

    shown = {picture.burst for picture in pictures if picture.shown}
    basket = {picture.burst for picture in pictures if not picture.shown}

    assert {picture.label for picture in pictures} == {"verre", "papier", "canette"}
    assert len(shown) == len(basket) == 12
    assert not shown & basket


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (replace("activity.toml", "format = 1", "format = 9"), "this kit reads 1"),
        (replace("activity.toml", "minutes = 8", "minutes = 9"), "the plan lasts 56 minutes"),
        (replace("activity.toml", "laws = [1, ", "laws = [11, "), "there is no law 11"),
        (replace("activity.toml", '"S0", ', '"S9", '), "'S9' is no commitment"),
        (replace("activity.toml", 'kind = "image"', 'kind = "smell"'), "kind 'smell'"),
        (replace("activity.toml", '"bottle-a", ', '"bottel-a", '), "'bottel-a'"),
        (replace("activity.toml", "level = 1", "level = true1"), "line"),
        (replace("lesson.fr.md", "**Question**", "**Pourquoi**"), "has no **Question**"),
        (lambda activity: (activity / "teacher.en.md").unlink(), "teacher.en.md is missing"),
        (lambda activity: (activity / "examples" / "LICENSE").unlink(), "LICENSE is missing"),
        (lambda activity: shutil.rmtree(activity / "examples" / "can"), "fewer than two bursts"),
        (lambda activity: (activity / "activity.toml").unlink(), "activity.toml"),
    ],
)
def test_a_broken_activity_is_listed_with_its_reason(folder, change, reason):
    assert reason in problems_after(folder, "sort-it", change)


def test_a_broken_activity_does_not_hide_the_others(folder):
    shutil.copytree(folder / "sort-it", folder / "a-second")
    (folder / "a-second" / "activity.toml").write_text("nonsense", encoding="utf-8")

    broken, good = activities.find(folder)

    assert (broken.name, broken.activity) == ("a-second", None)
    assert good.activity is not None


@pytest.mark.parametrize("name", ["nothing-here", "../sort-it", "", "sort-it/examples", "SORT-IT"])
def test_a_name_is_never_a_path(name):
    with pytest.raises(NotFound):
        activities.read(SHIPPED, name)


def test_reading_a_broken_activity_says_what_is_wrong(folder):
    (folder / "sort-it" / "notice.fr.md").unlink()

    with pytest.raises(BadInput, match=r"notice\.fr\.md is missing"):
        activities.read(folder, "sort-it")
