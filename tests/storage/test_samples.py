"""Samples and their pictures, embeddings, models and jobs."""

import threading

import numpy as np
import pytest

from kit.core.errors import NotFound
from kit.core.types import EmbeddingKey, Job, JobState, Kind, Media
from kit.storage import NewSample, Store

PLAIN = EmbeddingKey("", "backbone", 224, "embedding", 1, "ai-edge-litert 2.3.0")


def key(media_hash: str, **other) -> EmbeddingKey:
    from dataclasses import replace

    return replace(PLAIN, media_hash=media_hash, **other)


def test_samples_are_numbered_in_order_of_arrival_and_keep_what_was_said(store, project, cup):
    facets = {"light": "dim"}
    [first] = store.add_samples(
        project.id, [NewSample(cup.id, "b1", b"one", 640, 480, "kit camera", facets)]
    )
    [second] = store.add_samples(project.id, [NewSample(cup.id, "b2", b"two", 64, 48, "file")])

    assert store.samples(project.id) == [first, second]
    assert (first.sequence, second.sequence) == (1, 2)
    assert store.sample(first.id) == first
    assert first.facets == facets
    assert store.media(project.id, second.media_hash) == b"two"


def test_a_page_of_samples_is_the_newest_before_a_number(store, project, cup, pen, show):
    show(cup, *(b"%d" % i for i in range(5)))
    show(pen, b"pen")

    page = store.samples(project.id, cup.id, before=5, limit=2)

    assert [sample.sequence for sample in page] == [3, 4]
    assert [sample.sequence for sample in store.samples(project.id, limit=1)] == [6]


def test_the_same_picture_is_kept_once_and_goes_with_its_last_sample(
    store, folder, project, cup, show
):
    first, second = show(cup, b"same", b"same")
    files = [path for path in (folder / "media").rglob("*") if path.is_file()]
    assert len(files) == 1 and files[0].parent.name == first.media_hash[:2]

    store.remove_samples([first.id])
    store.purge()
    assert store.media(project.id, second.media_hash) == b"same"

    store.remove_samples([second.id])
    store.purge()
    assert not files[0].exists()


def test_counts_follow_what_is_added_moved_removed_and_restored(store, project, cup, pen, show):
    one, two = show(cup, b"one", b"two", burst="b1")
    show(cup, b"three", burst="b2")

    moved = store.move_samples([one.id, "gone-s9", "<b>"], pen.id)
    assert [sample.label_id for sample in moved] == [cup.id]
    assert store.counts(project.id)[cup.id].samples == 2
    assert store.counts(project.id)[pen.id].burst_ids == ("b1",)

    removed = store.remove_samples([two.id, two.id])
    assert [sample.id for sample in removed.samples] == [two.id]
    assert store.counts(project.id)[cup.id].burst_ids == ("b2",)

    assert [sample.id for sample in store.restore_samples([two.id])] == [two.id]
    assert store.counts(project.id)[cup.id].samples == 2
    assert store.project(project.id).samples == 3


def test_two_browsers_may_remove_the_same_sample(store, cup, show):
    [one] = show(cup, b"one")

    assert len(store.remove_samples([one.id]).samples) == 1
    assert store.remove_samples([one.id]).samples == ()
    with pytest.raises(NotFound):
        store.sample(one.id)


def test_purging_up_to_a_mark_leaves_later_removals_their_undo(store, cup, show):
    one, two = show(cup, b"one", b"two")
    first = store.remove_samples([one.id])
    store.remove_samples([two.id])

    assert store.purge(up_to=first.mark) == 1

    assert store.restore_samples([one.id, two.id]) == [two]


def test_a_sample_for_a_label_that_has_gone_is_refused_and_nothing_is_kept(
    store, folder, project, cup, pen
):
    store.remove_label(pen.id)

    with pytest.raises(NotFound) as refused:
        store.add_samples(
            project.id,
            [
                NewSample(cup.id, "b", b"good", 1, 1, "file"),
                NewSample(pen.id, "b", b"bad", 1, 1, "file"),
            ],
        )

    assert refused.value.id == "label-missing"
    assert store.samples(project.id) == []
    assert not [path for path in (folder / "media").rglob("*.jpg")]


def test_embeddings_are_found_by_their_whole_key(store, project, cup, show):
    one, two = show(cup, b"one", b"two")
    store.save_embeddings(
        project.id,
        [
            (key(one.media_hash), np.arange(4)),
            (key(two.media_hash), np.full(4, 7.0)),
            (key(one.media_hash, view=1), np.ones(4)),
        ],
    )

    np.testing.assert_array_equal(store.embedding(project.id, key(one.media_hash)), [0, 1, 2, 3])
    for part, other in [
        ("backbone_hash", "another"),
        ("input_size", 96),
        ("cut", "earlier"),
        ("preparation_version", 2),
        ("runtime_version", "tflite-runtime 2.14.0"),
        ("view", 2),
    ]:
        assert store.embedding(project.id, key(one.media_hash, **{part: other})) is None, part


def test_all_embeddings_of_a_project_come_as_one_matrix_in_order_of_arrival(
    store, project, cup, show
):
    one, two, three, same_as_one = show(cup, b"one", b"two", b"three", b"one")
    store.save_embeddings(
        project.id,
        [
            (key(two.media_hash), np.full(3, 2.0)),
            (key(one.media_hash), np.full(3, 1.0)),
            (key(three.media_hash), np.full(3, 3.0)),
        ],
    )
    store.remove_samples([three.id])

    ids, matrix = store.embeddings(project.id, PLAIN)

    assert ids == [one.id, two.id, same_as_one.id]
    assert matrix.dtype == np.float32
    np.testing.assert_array_equal(matrix[:, 0], [1, 2, 1])
    assert store.embeddings(project.id, key("", view=5))[1].shape == (0, 0)


def test_an_embedding_that_comes_too_late_is_not_kept(store, project, cup, show):
    [one] = show(cup, b"one")
    store.remove_samples([one.id])
    store.purge()

    assert store.save_embeddings(project.id, [(key(one.media_hash), np.ones(3))]) == 0


def test_another_group_never_learns_an_embedding_by_its_hash(store, project, cup, show):
    [one] = show(cup, b"one")
    store.save_embeddings(project.id, [(key(one.media_hash), np.ones(3))])
    other = store.add_project("squirrel", "other", Kind.IMAGE)

    assert store.embedding(other.id, key(one.media_hash)) is None


def test_a_model_comes_back_number_by_number(store, project):
    coefficients = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert store.add_model(project.id, {"head": "softmax-regression"}, {"coef": coefficients}) == 1
    assert store.add_model(project.id, {"head": "nearest-class-mean"}, {}) == 2

    store.change_model(project.id, 1, {"head": "softmax-regression", "check": {"right": 18}})

    model = store.model(project.id, 1)
    np.testing.assert_array_equal(model.arrays["coef"], coefficients)
    assert model.record["check"] == {"right": 18}
    assert [number for number, _ in store.models(project.id)] == [1, 2]


def test_a_model_made_of_python_objects_is_refused(store, project):
    number = store.add_model(project.id, {}, {"coef": np.array([{"a": 1}], dtype=object)})

    with pytest.raises(ValueError, match="allow_pickle"):
        store.model(project.id, number)


def test_a_job_that_a_restart_broke_off_is_found(folder):
    running = Job("j1", "train", None, None, JobState.RUNNING, 0.4)
    done = Job("j2", "train", None, None, JobState.DONE, 1.0, {"number": 1})
    with Store.open(folder) as store:
        store.save_job(running)
        store.save_job(done)

    with Store.open(folder) as store:
        assert store.jobs_left_running() == [running]
        assert store.job("j2") == done


def test_a_job_of_a_project_that_has_gone_is_let_go(store, project):
    job = Job("j1", "train", project.id, "squirrel", JobState.RUNNING)
    store.save_job(job)
    store.remove_project(project.id)
    store.save_job(job)

    with pytest.raises(NotFound):
        store.job("j1")


def test_any_json_value_is_kept_under_a_key(store):
    store.set("class.ends_at", {"wall_s": 12.5, "né": [1, None]})

    assert store.get("class.ends_at") == {"wall_s": 12.5, "né": [1, None]}
    assert store.get("nothing", "default") == "default"


def test_readers_go_on_while_a_writer_is_in_a_transaction(store, project, cup, show):
    show(cup, b"one")
    seen = []

    with store._database.transaction() as connection:
        connection.execute("DELETE FROM sample")
        reader = threading.Thread(target=lambda: seen.append(len(store.samples(project.id))))
        reader.start()
        reader.join(5)
        assert store.samples(project.id) == []  # the writer sees its own work
        connection.execute("ROLLBACK")
        connection.execute("BEGIN")

    assert seen == [1]


def test_many_threads_keep_every_picture(store, project, cup, pen):
    def show(number: int) -> None:
        label = (cup, pen)[number % 2]
        for picture in range(5):
            name = b"%d %d" % (number, picture)
            store.add_samples(project.id, [NewSample(label.id, "b", name, 1, 1, "file")])

    threads = [threading.Thread(target=show, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    samples = store.samples(project.id)
    assert [sample.sequence for sample in samples] == list(range(1, 41))
    assert store.counts(project.id)[cup.id].samples == 20
    assert {store.media(project.id, sample.media_hash) for sample in samples} == {
        b"%d %d" % (number, picture) for number in range(8) for picture in range(5)
    }


# --- clips and gestures ---


def clip(label, data, **more):
    return NewSample(label.id, "b", data, 320, 168, "file", media=Media.SOUND, **more)


def test_each_sort_of_sample_has_its_own_ending(store, project, cup, folder):
    signs = NewSample(cup.id, "b", b"{}", 320, 320, "file", media=Media.HANDS, sent_bytes=9000)
    kept = store.add_samples(project.id, [clip(cup, b"RIFF"), signs])

    assert {path.suffix for path in (folder / "media").rglob("*.*")} == {".wav", ".json"}
    assert [store.media(project.id, one.media_hash) for one in kept] == [b"RIFF", b"{}"]
    assert [(one.media, one.bytes, one.sent_bytes) for one in store.samples(project.id)] == [
        (Media.SOUND, 4, None),
        (Media.HANDS, 2, 9000),
    ]
    store.close()
    with Store.open(folder) as again:  # the sweep of nobody's files leaves them
        assert [again.media(project.id, one.media_hash) for one in kept] == [b"RIFF", b"{}"]


def test_a_trimmed_clip_is_another_until_it_is_brought_back(store, project, cup, folder):
    [whole] = store.add_samples(project.id, [clip(cup, b"the whole clip")])

    trimmed, mark = store.trim_sample(whole.id, b"a second")

    assert (trimmed.trimmed, trimmed.bytes, mark > 0) == (True, 8, True)
    assert store.media(project.id, trimmed.media_hash) == b"a second"
    assert store.whole(whole.id) == b"the whole clip"
    assert store.untrim_sample(whole.id) == whole
    assert files(folder) == {f"{whole.media_hash}.wav"}
    assert store.untrim_sample(whole.id) == whole  # a wish fulfilled


def files(folder):
    return {path.name for path in (folder / "media").rglob("*.*")}


def test_what_was_cut_off_goes_at_its_purge_and_at_the_next_start(store, project, cup, folder):
    one, other = store.add_samples(project.id, [clip(cup, b"one"), clip(cup, b"other")])
    first, mark = store.trim_sample(one.id, b"1")
    second, _ = store.trim_sample(other.id, b"2")

    store.purge(project.id, up_to=mark)

    assert files(folder) == {
        f"{hash}.wav" for hash in (first.media_hash, second.media_hash, other.media_hash)
    }
    assert store.whole(one.id) == b"1"
    store.close()
    with Store.open(folder):
        assert files(folder) == {f"{first.media_hash}.wav", f"{second.media_hash}.wav"}


def test_a_whole_that_another_sample_shows_stays(store, project, cup, folder):
    one, _ = store.add_samples(project.id, [clip(cup, b"same"), clip(cup, b"same")])
    store.trim_sample(one.id, b"less")

    store.purge(project.id)

    assert len(files(folder)) == 2


def test_a_trimmed_clip_that_is_removed_takes_its_whole_along(store, project, cup, folder):
    [one] = store.add_samples(project.id, [clip(cup, b"whole")])
    store.trim_sample(one.id, b"less")
    store.remove_samples([one.id])

    store.purge(project.id)

    assert files(folder) == set()


def test_a_copy_has_the_trimmed_clip_and_not_its_whole(store, project, cup, folder):
    [one] = store.add_samples(project.id, [clip(cup, b"whole")])
    trimmed, _ = store.trim_sample(one.id, b"less")

    copy = store.duplicate_project(project.id, "squirrel", "again")

    [sample] = store.samples(copy.id)
    assert (sample.media_hash, sample.trimmed) == (trimmed.media_hash, False)
    assert [path.name for path in (folder / "media" / copy.id).rglob("*.wav")] == [
        f"{trimmed.media_hash}.wav"
    ]
