"""The second and third card: training as a job, the honest check, live answers, what counted."""

import io
import threading
import zipfile

import numpy as np
import pytest

from kit.core.errors import BadInput, Conflict, NotFound
from kit.core.types import Actor, JobState, Role
from tests.support.small import BLUE, GREEN, RED, jpeg

OWL = Actor(Role.GROUP, "owl")


@pytest.fixture
def two_colours(studio, group, show):
    """Red and blue, each shown twice."""
    red, blue = studio.add_label(group, "red"), studio.add_label(group, "blue")
    for burst in ("morning", "noon"):
        show(studio, red, RED, pictures=5, burst=f"red {burst}")
        show(studio, blue, BLUE, pictures=5, burst=f"blue {burst}")
    return red, blue


def heard(news):
    """All that waits in a box."""
    events = []
    while event := news.next(0):
        events.append(event)
    return events


# --- training ---


def test_training_leaves_a_model_with_its_estimate_threshold_and_curve(
    house, studio, group, two_colours, train
):
    job = train(house, studio)
    state = studio.state(group)

    assert (job.state, job.result) == (JobState.DONE, {"model": 1})
    model = state["model"]
    assert (model["ref"]["number"], model["ref"]["head"]) == (1, "softmax-regression")
    assert (model["trained_on"], model["stale"]) == (20, False)
    assert model["trained_labels"] == ["red", "blue"]
    assert model["loss_curve"] == sorted(model["loss_curve"], reverse=True)
    assert 0.5 <= model["threshold"] <= 0.95
    check = state["check"]
    assert (check["method"], check["n"], check["right"]) == ("left_out_in_turn", 20, 20)
    assert check["bursts"] == 4
    answer = studio.predict_file(group, jpeg(BLUE))
    assert (answer.label, answer.known, answer.model.number) == ("blue", True, 1)
    assert answer.threshold == model["threshold"]


@pytest.mark.parametrize(
    ("labels", "shown", "id", "values"),
    [
        ([], 0, "need-two-labels", {}),
        (["red"], 1, "need-two-labels", {}),
        (["red", "blue"], 0, "label-empty", {"label": "red"}),
        (["red", "blue"], 1, "label-empty", {"label": "blue"}),
    ],
)
def test_with_too_little_to_tell_apart_training_is_refused_in_words(
    studio, group, show, labels, shown, id, values
):
    made = [studio.add_label(group, name) for name in labels]
    for label in made[:shown]:
        show(studio, label, RED)

    with pytest.raises(Conflict) as refused:
        studio.train(group)

    assert (refused.value.id, refused.value.values) == (id, values)
    assert studio.state(group)["job"] is None


def test_pressing_train_twice_is_one_job_and_its_progress_is_news(
    house, studio, group, two_colours
):
    held = threading.Event()
    house.jobs.start("other", lambda p: held.wait(10) and None, project_id=None, space_id="owl")
    with studio.subscribe(group) as news:
        first, second = studio.train(group), studio.train(group)
        assert first.id == second.id
        assert studio.state(group)["job"]["state"] == "waiting"
        held.set()
        house.jobs.wait(first.id)
        kinds = {event.kind: event.data for event in heard(news)}

    assert kinds["job"]["state"] == "done"
    assert kinds["state"]["model"]["ref"]["number"] == 1
    assert studio.state(group)["job"] is None  # a job that ended well is no longer news


def test_a_cancelled_training_leaves_the_project_as_it_was(house, studio, group, two_colours):
    held = threading.Event()
    house.jobs.start("other", lambda p: held.wait(10) and None, project_id=None, space_id="owl")
    job = studio.train(group)

    house.jobs.cancel(group, job.id)
    held.set()

    assert house.jobs.wait(job.id).state is JobState.CANCELLED
    assert studio.state(group)["model"] is None
    assert studio.predict_file(group, jpeg(RED)).model.number == 0


def test_training_embeds_what_was_not_embedded_yet(house, studio, group, two_colours, show, train):
    house.engine.is_broken = True
    show(studio, two_colours[0], RED, pictures=3, burst="in the dark")
    house.engine.is_broken = False

    train(house, studio)

    assert studio.state(group)["model"]["trained_on"] == 23


def test_each_view_of_a_picture_is_kept_as_its_own_embedding(
    house, studio, group, two_colours, train
):
    ids, plain = studio._embeddings.all_kept(0)

    train(house, studio)

    again, still_plain = studio._embeddings.all_kept(0)
    others, turned = studio._embeddings.all_kept(1)
    assert ids == again == others
    assert np.array_equal(plain, still_plain)
    assert not np.array_equal(plain, turned)


def test_a_training_of_pictures_that_cannot_be_embedded_says_so(house, studio, group, show, train):
    house.engine.is_broken = True
    for name, colour in (("red", RED), ("blue", BLUE)):
        show(studio, studio.add_label(group, name), colour, pictures=2)

    job = train(house, studio)

    assert job.state is JobState.FAILED
    assert job.error == {"id": "pictures-not-embedded", "values": {"pictures": 4}}
    assert studio.state(group)["job"]["error"]["id"] == "pictures-not-embedded"


def test_a_model_is_stale_after_a_change_and_not_after_its_undo(
    house, studio, group, two_colours, show, train
):
    train(house, studio)
    some = studio.samples(group, limit=3).samples
    ids = [sample.id for sample in some]

    studio.remove_samples(group, ids)
    assert studio.state(group)["model"]["stale"]
    studio.restore_samples(group, ids)
    assert not studio.state(group)["model"]["stale"]
    studio.move_samples(group, ids[:1], two_colours[0].id)
    assert studio.state(group)["model"]["stale"]


def test_the_model_and_its_check_survive_a_restart(start, group, show, train):
    house = start()
    house.store.add_space("squirrel")
    studio = house.library.open(group, house.library.create(group, "Our pebbles").id)
    for name, colour in (("red", RED), ("blue", BLUE)):
        label = studio.add_label(group, name)
        for burst in "ab":
            show(studio, label, colour, pictures=3, burst=name + burst)
    train(house, studio)
    show(studio, label, BLUE, pictures=4, burst="second showing")
    before = studio.state(group)
    answer = studio.predict_sample(group, studio.samples(group).samples[0].id)

    after = start().library.open(group, studio.id)

    again = after.state(group)
    for part in ("labels", "model", "check", "advice", "can_answer"):
        assert again[part] == before[part], part
    same = after.predict_sample(group, after.samples(group).samples[0].id)
    assert same.confidences == pytest.approx(answer.confidences)


def test_a_model_of_another_backbone_does_not_answer_and_that_is_said(start, group, show, train):
    house = start()
    house.store.add_space("squirrel")
    studio = house.library.open(group, house.library.create(group, "Our pebbles").id)
    for name, colour in (("red", RED), ("blue", BLUE)):
        show(studio, studio.add_label(group, name), colour, pictures=3)
    train(house, studio)
    house.store.close()

    after = start()
    after.engine.backbone_hash = "d0" * 32
    again = after.library.open(group, studio.id)
    after.jobs.wait(after.jobs.newest(studio.id).id)  # its pictures are embedded anew

    state = again.state(group)
    assert state["model"] is None and state["can_answer"]
    assert state["advice"][0]["id"] == "advice-model-of-another-backbone"
    assert again.predict_file(group, jpeg(RED)).model.number == 0
    with pytest.raises(OSError, match="was made with"):
        again.export_model(group, 1)


# --- the honest check ---


def test_with_one_showing_a_label_nothing_is_checked_and_the_second_showing_is_the_check(
    house, studio, group, show, train
):
    red, blue = studio.add_label(group, "red"), studio.add_label(group, "blue")
    show(studio, red, RED, pictures=5, burst="r1")
    show(studio, blue, BLUE, pictures=5, burst="b1")
    train(house, studio)
    assert studio.state(group)["check"] is None
    with pytest.raises(NotFound) as refused:
        studio.check(group)
    assert refused.value.id == "not-checked-yet"
    asked = house.engine.asked

    with studio.subscribe(group) as news:
        heard(news)
        show(studio, red, RED, pictures=2, burst="r2")
        first = heard(news)[-1].data["check"]
        show(studio, red, RED, pictures=2, burst="r2")
        second = heard(news)[-1].data["check"]

    assert (first["method"], first["right"], first["n"]) == ("shown_after", 2, 2)
    assert (second["right"], second["n"], second["bursts"]) == (4, 4, 1)
    assert second["unchecked_labels"] == ["blue"]
    assert house.engine.asked == asked + 4  # once each, when they were kept: none for the check


def test_pictures_of_a_showing_that_began_before_training_check_nothing(
    house, studio, group, two_colours, show, train
):
    train(house, studio)

    show(studio, two_colours[0], RED, pictures=3, burst="red noon")

    assert studio.check(group).method == "left_out_in_turn"


def test_the_check_follows_what_is_removed_moved_and_brought_back(
    house, studio, group, two_colours, show, train
):
    red, blue = two_colours
    train(house, studio)
    wrong = show(studio, red, BLUE, pictures=2, burst="after")
    right = show(studio, red, RED, pictures=3, burst="after too")

    def counted():
        tally = studio.check(group).tally
        return tally.right, tally.n

    assert counted() == (3, 5)
    cell = studio.confusion_cell(group, red.id, blue.id)
    assert {sample.id for sample, _ in cell} == {sample.id for sample in wrong}
    assert all(0.5 <= confidence <= 1 for _, confidence in cell)
    studio.move_samples(group, [s.id for s in wrong], blue.id)
    assert counted() == (5, 5)
    assert studio.confusion_cell(group, red.id, blue.id) == []
    studio.remove_samples(group, [right[0].id])
    assert counted() == (4, 4)
    studio.restore_samples(group, [right[0].id])
    assert counted() == (5, 5)
    studio.remove_label(group, red.id)
    assert counted() == (2, 2)
    studio.restore_label(group, red.id)
    assert counted() == (5, 5)


def test_a_thing_the_model_never_heard_of_counts_as_wrong(
    house, studio, group, two_colours, show, train
):
    train(house, studio)
    green = studio.add_label(group, "green")

    show(studio, green, GREEN, pictures=3, burst="new")

    check = studio.state(group)["check"]
    assert (check["right"], check["n"]) == (0, 3)
    assert check["labels"] == ["red", "blue", "green"]


def test_a_label_that_went_and_left_its_word_to_another_keeps_its_own_bar(
    house, studio, group, two_colours, show, train
):
    train(house, studio)
    studio.remove_label(group, two_colours[0].id)
    studio.add_label(group, "red")

    answer = studio.predict_file(group, jpeg(RED))

    assert answer.label == "red (2)"
    assert set(answer.confidences) == {"blue", "red (2)"}
    assert studio.state(group)["model"]["trained_labels"] == ["red", "blue"]


def test_the_threshold_is_the_pupils_own_and_known_follows_it(
    house, studio, group, two_colours, train
):
    train(house, studio)
    own = studio.predict_file(group, jpeg(RED))
    assert own.known

    studio.set_threshold(group, 1.0)
    strict = studio.predict_file(group, jpeg(RED))
    check = studio.state(group)["check"]

    assert (strict.label, strict.known, strict.threshold) == ("red", False, 1.0)
    assert check["not_sure"] == check["n"]
    studio.set_threshold(group, None)
    assert studio.predict_file(group, jpeg(RED)).threshold == own.threshold
    for nonsense in (-0.1, 1.1, float("nan")):
        with pytest.raises(BadInput) as refused:
            studio.set_threshold(group, nonsense)
        assert refused.value.id == "threshold-out-of-range"


# --- live ---


def test_live_answers_come_to_those_who_listen_and_the_camera_rests_when_they_left(
    house, studio, group, two_colours
):
    plain = studio.subscribe(group)
    assert house.fanout.watchers == []
    first, second = studio.subscribe(group, live=True), studio.subscribe(group, live=True)
    assert len(house.fanout.watchers) == 1  # a frame is embedded and answered once for both
    heard(first), heard(second), heard(plain)

    house.fanout.hold_up(RED)
    house.fanout.hold_up(BLUE)

    [event] = heard(first)
    assert (event.kind, event.data["label"]) == ("prediction", "blue")  # the newest wins
    assert event.data["model"]["number"] == 0
    assert list(event.data["stages_ms"]) == ["read", "prepare", "wait", "invoke", "head"]
    assert event.data["latency_ms"] == pytest.approx(
        sum(event.data["stages_ms"].values()), abs=0.01
    )
    assert event.data["label_id"] == two_colours[1].id
    first.close()
    assert len(house.fanout.watchers) == 1
    second.close()
    second.close()
    assert house.fanout.watchers == []
    plain.close()


def test_a_model_trained_while_live_takes_over_between_two_frames(
    house, studio, group, two_colours, train
):
    with studio.subscribe(group, live=True) as news:
        heard(news)
        house.fanout.hold_up(RED)
        assert heard(news)[-1].data["model"]["number"] == 0
        train(house, studio)
        heard(news)
        house.fanout.hold_up(RED)
        assert heard(news)[-1].data["model"]["number"] == 1


def test_one_look_at_the_camera(house, studio, group, two_colours):
    house.feed.hold_up(BLUE)

    answer = studio.predict_camera(group)

    assert answer.label == "blue" and next(iter(answer.stages_ms)) == "read"
    house.feed.unplug()
    with pytest.raises(OSError) as refused:
        studio.predict_camera(group)
    assert refused.value.id == "camera-lost"


# --- what counted ---


def test_what_counted_lies_where_the_colour_was(house, studio, group, two_colours, train):
    from kit.codecs.picture import encode_picture
    from tests.support.small import picture

    train(house, studio)
    half = picture(BLUE, width=96, height=96)
    half[:, :48] = picture(RED, width=48, height=96)
    studio.set_threshold(group, 0.0)

    explanation = studio.explain_file(group, encode_picture(half))

    left, right = explanation.heat[:, :2].mean(), explanation.heat[:, 2:].mean()
    is_red = explanation.prediction.label == "red"
    assert (left > right) == is_red
    assert explanation.heat.min() >= 0 and explanation.heat.max() == pytest.approx(1)
    assert len(explanation.similar) == 3


def test_a_sample_is_not_similar_to_itself(house, studio, group, two_colours):
    [sample] = studio.samples(group, limit=1).samples

    explanation = studio.explain_sample(group, sample.id)

    assert sample.id not in [similar.id for similar, _ in explanation.similar]
    assert {similar.label_id for similar, _ in explanation.similar} == {sample.label_id}
    square = explanation.square  # 96 x 72: the centre square is 72 x 72
    assert (square.left, square.top, square.width, square.height) == (0.125, 0, 0.75, 1)


# --- carried out and in ---


def test_a_project_carried_to_another_kit_answers_and_is_checked_the_same(
    house, studio, group, two_colours, show, train
):
    train(house, studio)
    show(studio, two_colours[0], RED, pictures=3, burst="after")
    studio.set_threshold(group, 0.8)
    before = studio.state(group)
    file = io.BytesIO()
    name = house.library.export_project(group, studio.id, file)
    path = house.store.folder / "arrived.zip"
    path.write_bytes(file.getvalue())

    job = house.jobs.wait(house.library.import_project(OWL, path, name).id)
    there = house.library.open(OWL, job.result["project_id"])
    house.jobs.wait(house.jobs.newest(there.id).id)

    after = there.state(OWL)
    assert name == "Our-pebbles.kit.zip" and not path.exists()
    assert after["check"]["right"] == before["check"]["right"] == 3
    assert after["check"]["method"] == "shown_after"
    assert after["project"]["threshold"] == 0.8
    assert [la["samples"] for la in after["labels"]] == [13, 10]
    assert after["model"]["ref"]["space_id"] == "owl"
    assert after["model"]["stale"] == before["model"]["stale"] is True
    assert there.predict_file(OWL, jpeg(BLUE)).label == "blue"


def test_a_duplicate_has_the_same_model_and_lives_its_own_life(
    house, studio, group, two_colours, train
):
    train(house, studio)
    copy = house.library.open(group, house.library.duplicate(group, studio.id).id)

    copy.remove_samples(group, [s.id for s in copy.samples(group, limit=20).samples])

    assert copy.state(group)["project"]["name"] == "Our pebbles (2)"
    assert copy.predict_file(group, jpeg(BLUE)).label == "blue"
    assert studio.state(group)["project"]["samples"] == 20
    assert not studio.state(group)["model"]["stale"]
    assert studio.check(group).labels.keys() != copy.check(group).labels.keys()


def test_a_label_that_could_not_be_checked_is_called_by_its_word_now(
    house, studio, group, two_colours, show, train
):
    third = studio.add_label(group, "gren")
    show(studio, third, (30, 200, 30), pictures=3, burst="once")
    train(house, studio)
    assert studio.state(group)["check"]["unchecked_labels"] == ["gren"]

    studio.change_label(group, third.id, name="green")

    assert studio.state(group)["check"]["unchecked_labels"] == ["green"]
    assert studio.check(group).unchecked_labels == ("green",)


def test_another_tools_zip_becomes_a_project_and_a_broken_one_leaves_nothing(house, group):
    good, broken = house.store.folder / "good.zip", house.store.folder / "broken.zip"
    with zipfile.ZipFile(good, "w") as archive:
        for name, colour in (("cup", RED), ("pen", BLUE)):
            for n in range(2):
                archive.writestr(f"{name}/{n}.jpg", jpeg(colour))
    broken.write_bytes(good.read_bytes()[:-60])

    done = house.jobs.wait(house.library.import_project(group, good, "From school.zip").id)
    failed = house.jobs.wait(house.library.import_project(group, broken, "broken.zip").id)

    [info] = house.library.list(group)
    assert (info.name, info.labels, info.samples) == ("From school", 2, 4)
    assert done.result == {
        "project_id": info.id,
        "samples": 4,
        "passed_over": {"count": 0, "files": []},
        "renamed": [],
    }
    assert failed.state is JobState.FAILED and failed.error["id"].startswith("archive-")
    assert not good.exists() and not broken.exists()


def test_the_arrays_of_a_model_are_numbers_and_no_pickle(house, studio, group, two_colours, train):
    train(house, studio)
    [(blob,)] = house.store._database.rows("SELECT arrays FROM model")

    with np.load(io.BytesIO(blob), allow_pickle=False) as arrays:
        assert arrays["coef"].shape == (2, 27)
