"""Spaces, projects and labels: made, changed, removed, brought back, duplicated."""

import pytest

from kit.core.errors import Conflict, NotFound
from kit.core.types import Kind
from kit.storage import NewSample, Store


def test_a_space_is_found_again_by_its_animal(store):
    store.add_space("owl")
    store.add_space("owl")

    assert [space.id for space in store.spaces()] == ["owl"]
    assert store.space("owl").animal == "owl"


def test_a_group_sees_its_own_projects_last_changed_first(store):
    store.add_space("owl")
    store.add_space("squirrel")
    first = store.add_project("owl", "first", Kind.IMAGE, activity="sort-it")
    second = store.add_project("owl", "second", Kind.SOUND)
    store.add_project("squirrel", "theirs", Kind.IMAGE)

    store.change_project(first.id, threshold=0.7)

    assert [project.name for project in store.projects("owl")] == ["first", "second"]
    assert len(store.projects()) == 3
    assert store.project(first.id).threshold == 0.7
    assert store.project(first.id).activity == "sort-it"
    assert store.project(second.id).kind is Kind.SOUND


def test_a_project_is_not_seen_before_it_is_finished(store, folder):
    store.add_space("owl")
    id = store.begin_project("owl", "from a file", Kind.IMAGE)
    store.add_label(id, "cup")

    assert store.projects() == store.projects("owl") == []
    with pytest.raises(NotFound):
        store.project(id)

    assert store.finish_project(id).labels == 1
    assert [project.id for project in store.projects("owl")] == [id]


def test_a_start_forgets_a_project_that_was_never_finished(folder):
    with Store.open(folder) as store:
        store.add_space("owl")
        id = store.begin_project("owl", "from a file", Kind.IMAGE)
        cup = store.add_label(id, "cup")
        store.add_samples(id, [NewSample(cup.id, "b", b"a picture", 8, 8, "file")])

    with Store.open(folder) as store:
        assert store.tally().projects == 0
    assert not [path for path in (folder / "media").rglob("*") if path.is_file()]


def test_what_is_not_there_is_refused_by_name(store):
    for verb, id in [
        (lambda: store.space("owl"), "space-missing"),
        (lambda: store.add_project("owl", "x", Kind.IMAGE), "space-missing"),
        (lambda: store.project("nobody"), "project-missing"),
        (lambda: store.change_project("nobody", name="x"), "project-missing"),
        (lambda: store.add_label("nobody", "cup"), "project-missing"),
        (lambda: store.label("nobody-l1"), "label-missing"),
        (lambda: store.label("<script>"), "label-missing"),
        (lambda: store.label("x-l²"), "label-missing"),
        (lambda: store.label("x-l" + 30 * "9"), "label-missing"),
        (lambda: store.sample("nobody-s1"), "sample-missing"),
        (lambda: store.media("nobody", 64 * "0"), "picture-missing"),
        (lambda: store.model("nobody", 1), "model-not-kept"),
        (lambda: store.job("nobody"), "job-missing"),
    ]:
        with pytest.raises(NotFound) as refused:
            verb()
        assert refused.value.id == id


def test_two_labels_of_a_project_never_share_a_name_or_a_style(store, project, cup, pen):
    with pytest.raises(Conflict, match="cup"):
        store.add_label(project.id, "cup")
    with pytest.raises(Conflict, match="cup"):
        store.change_label(pen.id, name="cup")

    assert [label.name for label in store.labels(project.id)] == ["cup", "pen"]
    assert cup.style != pen.style


def test_a_new_label_takes_the_first_style_that_is_free(store, project, cup, pen):
    store.remove_label(cup.id)
    assert store.add_label(project.id, "key").style == 2  # the cup may still come back

    store.purge()

    assert store.add_label(project.id, "spoon").style == cup.style


def test_a_label_is_renamed_and_keeps_its_samples(store, project, cup, show):
    show(cup, b"one")

    renamed = store.change_label(cup.id, name="<script>alert(1)</script>", is_nothing=True)

    assert renamed.name == "<script>alert(1)</script>" and renamed.is_nothing
    assert store.project(project.id).samples == 1


def test_a_removed_label_comes_back_with_the_samples_that_went_with_it(
    store, project, cup, pen, show
):
    kept, lost = show(cup, b"one", b"two")
    show(pen, b"three")
    store.remove_samples([lost.id])

    removed = store.remove_label(cup.id)
    assert [sample.id for sample in removed.samples] == [kept.id]
    assert store.project(project.id).samples == 1
    assert [label.name for label in store.labels(project.id)] == ["pen"]

    store.restore_label(cup.id)
    assert [sample.id for sample in store.samples(project.id, cup.id)] == [kept.id]


def test_a_name_may_be_used_again_and_then_the_old_label_cannot_come_back(store, project, cup):
    store.remove_label(cup.id)
    store.add_label(project.id, "cup")

    with pytest.raises(Conflict) as refused:
        store.restore_label(cup.id)

    assert refused.value.id == "label-name-taken"


def test_a_duplicate_lives_on_when_the_first_is_removed(store, folder, project, cup, pen, show):
    one, two = show(cup, b"one", b"two")
    show(pen, b"three")
    store.remove_samples([two.id])
    store.add_space("owl")

    copy = store.duplicate_project(project.id, "owl", "Sort it again")
    store.remove_project(project.id)

    assert (copy.space_id, copy.name, copy.labels, copy.samples) == ("owl", "Sort it again", 2, 2)
    assert [sample.sequence for sample in store.samples(copy.id)] == [1, 3]
    assert store.media(copy.id, one.media_hash) == b"one"
    assert not (folder / "media" / project.id).exists()
    with pytest.raises(NotFound):
        store.media(copy.id, two.media_hash)


def test_a_removed_project_takes_its_rows_and_files_and_nobody_elses(
    store, folder, project, cup, show
):
    show(cup, b"one")
    other = store.add_project("squirrel", "other", Kind.IMAGE)
    label = store.add_label(other.id, "cup")
    show(label, b"one")

    store.remove_project(project.id)
    store.remove_project(project.id)

    assert [each.id for each in store.projects()] == [other.id]
    assert store.samples(project.id) == []
    assert [path.name for path in (folder / "media").iterdir()] == [other.id]
