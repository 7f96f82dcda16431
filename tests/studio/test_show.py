"""The first card: labels and pictures, two browsers at once, and whatever comes in."""

import threading

import pytest

from kit.core.errors import BadInput, Conflict, NotFound, Unavailable
from kit.core.types import Actor, Role
from tests.support.small import BLUE, GREEN, RED, jpeg
from tests.support.waiting import wait_until

OWL = Actor(Role.GROUP, "owl")


def label_of(studio, actor, label_id):
    """A label as the state tells it."""
    return next(la for la in studio.state(actor)["labels"] if la["id"] == label_id)


# --- the first minute ---


def test_two_pictures_and_the_bars_move_with_no_training(studio, group, show):
    red = studio.add_label(group, "red")
    assert not studio.state(group)["can_answer"]
    show(studio, red, RED)
    assert not studio.state(group)["can_answer"]
    blue = studio.add_label(group, "blue")
    show(studio, blue, BLUE)

    state = studio.state(group)
    answer = studio.predict_file(group, jpeg(RED))

    assert state["can_answer"] and state["model"] is None
    assert answer.label == "red"
    assert list(answer.confidences) == ["red", "blue"]
    assert sum(answer.confidences.values()) == pytest.approx(1)
    assert (answer.model.number, answer.model.head) == (0, "nearest-class-mean")
    assert list(answer.stages_ms) == ["decode", "prepare", "wait", "invoke", "head"]


def test_with_one_label_nothing_can_answer_and_the_advice_says_what_is_missing(studio, group, show):
    with pytest.raises(Conflict) as refused:
        studio.predict_file(group, jpeg(RED))
    assert refused.value.id == "nothing-learnt-yet"
    red = studio.add_label(group, "red")
    show(studio, red, RED)

    state = studio.state(group)

    assert not state["can_answer"]
    assert [advice["id"] for advice in state["advice"]] == ["advice-one-label"]
    with pytest.raises(Conflict):
        studio.predict_file(group, jpeg(RED))


def test_a_third_label_joins_the_bars_and_goes_with_its_last_picture(studio, group, show):
    labels = {}
    for name, colour in [("red", RED), ("blue", BLUE), ("green", GREEN)]:
        labels[name] = studio.add_label(group, name)
        [sample] = show(studio, labels[name], colour)
    assert studio.predict_file(group, jpeg(GREEN)).label == "green"

    studio.remove_samples(group, [sample.id])

    assert list(studio.predict_file(group, jpeg(GREEN)).confidences) == ["red", "blue"]
    studio.restore_samples(group, [sample.id])
    assert studio.predict_file(group, jpeg(GREEN)).label == "green"


# --- labels ---


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  verre  ", "verre"),
        ("e\u0301tui", "étui"),
        ("pierre   ponce", "pierre ponce"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; DROP TABLE label; --", "'; DROP TABLE label; --"),
        ("x" * 60, "x" * 60),
        ("ورق", "ورق"),
    ],
)
def test_a_label_is_text_tidied_and_nothing_else(studio, group, typed, kept):
    label = studio.add_label(group, typed)

    assert label_of(studio, group, label.id)["name"] == label.name == kept


@pytest.mark.parametrize(
    ("typed", "id"),
    [
        ("", "name-empty"),
        ("   ", "name-empty"),
        ("x" * 61, "name-too-long"),
        ("x" * 5000, "name-too-long"),
        ("verre\nblanc", "name-not-text"),
        ("verre\x00", "name-not-text"),
        ("\u202everre", "name-not-text"),
    ],
)
def test_what_is_no_label_is_refused_in_words(studio, group, typed, id):
    kept = studio.add_label(group, "verre")
    for refused_verb in (
        lambda: studio.add_label(group, typed),
        lambda: studio.change_label(group, kept.id, name=typed),
    ):
        with pytest.raises(BadInput) as refused:
            refused_verb()
        assert refused.value.id == id
    assert [la["name"] for la in studio.state(group)["labels"]] == ["verre"]


def test_two_labels_never_read_alike(studio, group):
    studio.add_label(group, "Été")
    other = studio.add_label(group, "hiver")

    for typed in ("Été", "ÉTÉ", " été ", "E\u0301te\u0301"):
        for verb in (
            lambda typed=typed: studio.add_label(group, typed),
            lambda typed=typed: studio.change_label(group, other.id, name=typed),
        ):
            with pytest.raises(Conflict) as refused:
                verb()
            assert (refused.value.id, refused.value.values) == ("label-exists", {"name": "Été"})
    assert studio.change_label(group, other.id, name="HIVER").name == "HIVER"  # its own word


def test_a_label_renamed_keeps_its_pictures_and_answers_by_its_new_word(studio, group, show):
    red, blue = studio.add_label(group, "red"), studio.add_label(group, "blue")
    show(studio, red, RED), show(studio, blue, BLUE)

    studio.change_label(group, red.id, name="brick", is_nothing=True)

    assert studio.predict_file(group, jpeg(RED)).label == "brick"
    told = label_of(studio, group, red.id)
    assert (told["samples"], told["is_nothing"], told["style"]) == (1, True, red.style)


def test_a_label_removed_comes_back_with_its_pictures_and_no_others(studio, group, show):
    red, blue = studio.add_label(group, "red"), studio.add_label(group, "blue")
    samples = show(studio, red, RED, pictures=3)
    show(studio, blue, BLUE)
    studio.remove_samples(group, [samples[0].id])
    before = studio.state(group)["labels"]

    studio.remove_label(group, red.id)
    studio.remove_label(group, red.id)  # the other browser pressed it, too

    assert [la["name"] for la in studio.state(group)["labels"]] == ["blue"]
    assert not studio.state(group)["can_answer"]
    studio.restore_label(group, red.id)
    studio.restore_label(group, red.id)
    assert studio.state(group)["labels"] == before
    assert studio.state(group)["can_answer"]


def test_a_label_does_not_come_back_over_one_that_took_its_word(studio, group):
    red = studio.add_label(group, "Red")
    studio.remove_label(group, red.id)
    studio.add_label(group, "red")

    with pytest.raises(Conflict) as refused:
        studio.restore_label(group, red.id)

    assert refused.value.id == "label-exists"
    assert [la["name"] for la in studio.state(group)["labels"]] == ["red"]


# --- pictures ---


def test_good_pictures_are_kept_beside_bad_ones_and_each_file_is_its_own_burst(studio, group):
    red = studio.add_label(group, "red")
    files = [
        ("good.jpg", jpeg(RED)),
        ("cut.jpg", jpeg(RED)[:200]),
        ("words.jpg", b"these are words"),
        ("empty.jpg", b""),
        ("also good.jpg", jpeg(RED)),
    ]

    kept = studio.add_files(group, red.id, files)

    assert [name for name, _ in kept.refused] == ["cut.jpg", "words.jpg", "empty.jpg"]
    assert all(error.id.startswith("picture-") for _, error in kept.refused)
    told = label_of(studio, group, red.id)
    assert (told["samples"], told["bursts"]) == (2, 2)
    assert [thumb["id"] for thumb in told["thumbs"]] == [s.id for s in reversed(kept.samples)]


def test_a_film_is_one_burst(studio, group, show):
    red = studio.add_label(group, "red")

    show(studio, red, RED, pictures=5, burst="film-1")
    show(studio, red, RED, pictures=2, burst="film-2")

    told = label_of(studio, group, red.id)
    assert (told["samples"], told["bursts"], len(told["thumbs"])) == (7, 2, 7)


def test_a_full_disk_keeps_none_of_the_pictures_and_loses_none_of_the_old(
    studio, group, show, house, monkeypatch
):
    red = studio.add_label(group, "red")
    show(studio, red, RED)
    before = studio.state(group)["labels"]

    def full(*_):
        raise Unavailable("disk-full", "no space left")

    monkeypatch.setattr(house.store, "add_samples", full)
    with pytest.raises(Unavailable) as refused:
        studio.add_files(group, red.id, [("1.jpg", jpeg(RED))])

    assert refused.value.id == "disk-full"
    assert studio.state(group)["labels"] == before


def test_pictures_survive_a_power_cut_and_an_engine_that_was_down(start, folder, group, show):
    house = start()
    house.store.add_space("squirrel")
    studio = house.library.open(group, house.library.create(group, "Our pebbles").id)
    red, blue = studio.add_label(group, "red"), studio.add_label(group, "blue")
    house.engine.is_broken = True
    kept = [*show(studio, red, RED), *show(studio, blue, BLUE)]
    assert len(kept) == 2  # acknowledged: they are on the disk
    assert not studio.state(group)["can_answer"]

    after = start()
    again = after.library.open(group, studio.id)
    after.jobs.wait(after.jobs.newest(studio.id).id)

    assert again.predict_file(group, jpeg(BLUE)).label == "blue"


def test_two_browsers_remove_the_same_picture_and_neither_hears_an_error(studio, group, show):
    red = studio.add_label(group, "red")
    first, second, third = show(studio, red, RED, pictures=3)

    assert studio.remove_samples(group, [first.id, second.id]) == [first, second]
    assert studio.remove_samples(group, [second.id, third.id]) == [third]
    assert studio.remove_samples(group, [third.id]) == []

    told = label_of(studio, group, red.id)
    assert (told["samples"], told["bursts"], told["thumbs"]) == (0, 0, [])
    assert studio.restore_samples(group, [first.id, second.id, third.id]) == [first, second, third]
    assert studio.restore_samples(group, [first.id]) == []
    assert label_of(studio, group, red.id)["samples"] == 3


def test_many_threads_move_remove_and_bring_back_and_the_counts_are_right(studio, group, show):
    red, blue = studio.add_label(group, "red"), studio.add_label(group, "blue")
    ids = [s.id for s in show(studio, red, RED, pictures=12)]
    show(studio, blue, BLUE)

    def pupil(n):
        for round in range(10):
            part = ids[(n + round) % 3 :: 3]
            studio.move_samples(group, part, (blue if (n + round) % 2 else red).id)
            studio.remove_samples(group, part)
            studio.restore_samples(group, part)

    threads = [threading.Thread(target=pupil, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    told = {la["id"]: la["samples"] for la in studio.state(group)["labels"]}
    assert sum(told.values()) == 13
    for label in (red, blue):
        assert told[label.id] == len(studio.samples(group, label_id=label.id, limit=100).samples)


def test_a_moved_picture_counts_and_is_learnt_under_its_new_label(studio, group, show):
    red, blue = studio.add_label(group, "red"), studio.add_label(group, "blue")
    show(studio, red, RED)
    wrong = show(studio, red, BLUE, pictures=3)

    moved = studio.move_samples(group, [s.id for s in wrong], blue.id)

    assert {s.label_id for s in moved} == {blue.id}
    assert studio.move_samples(group, [s.id for s in wrong], blue.id) == []
    assert studio.predict_file(group, jpeg(BLUE)).label == "blue"
    assert label_of(studio, group, red.id)["samples"] == 1


def test_pages_of_pictures_run_from_the_newest_to_the_first(studio, group, show):
    red = studio.add_label(group, "red")
    ids = [s.id for s in show(studio, red, RED, pictures=5)]

    first = studio.samples(group, limit=3)
    rest = studio.samples(group, before=first.samples[-1].sequence, limit=3)

    assert [s.id for s in (*first.samples, *rest.samples)] == ids[::-1]
    assert (first.more, rest.more) == (True, False)


def test_a_small_picture_is_small_and_the_whole_one_is_as_kept(studio, group):
    red = studio.add_label(group, "red")
    big = jpeg(RED, width=1200, height=900)
    [sample] = studio.add_files(group, red.id, [("big.jpg", big)]).samples
    from kit.codecs.picture import decode_picture

    whole = decode_picture(studio.picture(group, sample.id)[0])
    small = decode_picture(studio.picture(group, sample.id, thumb=True)[0])

    assert whole.shape == (480, 640, 3) == (sample.height, sample.width, 3)
    assert max(small.shape) == 160


def test_another_groups_pictures_and_labels_are_nobodys_here(studio, group, show, house):
    red = studio.add_label(group, "red")
    [mine] = show(studio, red, RED)
    theirs = house.library.open(OWL, house.library.create(OWL, "Our leaves").id)
    leaf = theirs.add_label(OWL, "leaf")

    assert theirs.remove_samples(OWL, [mine.id]) == []
    assert theirs.restore_samples(OWL, [mine.id]) == []
    assert theirs.move_samples(OWL, [mine.id], leaf.id) == []
    for verb in (
        lambda: theirs.picture(OWL, mine.id),
        lambda: theirs.predict_sample(OWL, mine.id),
        lambda: theirs.change_label(OWL, red.id, name="mine"),
        lambda: theirs.add_files(OWL, red.id, [("1.jpg", jpeg(RED))]),
        lambda: theirs.move_samples(OWL, [], red.id),
        lambda: theirs.restore_label(OWL, red.id),
        lambda: theirs.start_burst(OWL, red.id),
    ):
        with pytest.raises((NotFound, Conflict)) as refused:
            verb()
        assert refused.value.id in ("label-missing", "sample-missing", "nothing-learnt-yet")
    theirs.remove_label(OWL, red.id)
    assert label_of(studio, group, red.id)["samples"] == 1


# --- bursts on the kit's camera ---


def test_a_burst_takes_eight_pictures_a_second_until_it_is_stopped(studio, group, house):
    red = studio.add_label(group, "red")
    assert studio.stop_burst(group) is None  # there was none yet
    started = studio.start_burst(group, red.id)

    house.feed.hold_up(RED, seconds=2.0, fps=25)
    wait_until(lambda: house.feed.all_seen)
    ended = studio.stop_burst(group)

    assert ended["id"] == started["id"] and ended["label_id"] == red.id
    assert 15 <= ended["samples"] <= 17
    told = label_of(studio, group, red.id)
    assert (told["samples"], told["bursts"]) == (ended["samples"], 1)
    assert studio.state(group)["burst"] is None
    assert studio.stop_burst(group) == ended  # pressed twice


@pytest.mark.parametrize(("seconds", "fps", "most"), [(20, 25, 40), (20, 4, 25)])
def test_a_burst_ends_by_itself(studio, group, house, seconds, fps, most):
    red = studio.add_label(group, "red")
    studio.start_burst(group, red.id)

    house.feed.hold_up(RED, seconds=seconds, fps=fps)  # 40 pictures, or 6 seconds of few
    wait_until(lambda: studio.state(group)["burst"] is None)

    assert most - 2 <= label_of(studio, group, red.id)["samples"] <= most


def test_pictures_of_a_burst_are_on_the_disk_before_they_are_counted(studio, group, house):
    red = studio.add_label(group, "red")
    batches = []
    add_samples = house.store.add_samples

    def noted(project_id, new):
        batches.append(len(new))
        return add_samples(project_id, new)

    house.store.add_samples = noted
    studio.start_burst(group, red.id)
    house.feed.hold_up(RED, seconds=1.0, fps=25)
    wait_until(lambda: house.feed.all_seen)
    ended = studio.stop_burst(group)

    assert sum(batches) == ended["samples"]
    assert max(batches) <= 2  # a quarter of a second at eight a second


def test_a_camera_unplugged_while_recording_ends_the_burst_with_what_was_kept(studio, group, house):
    red = studio.add_label(group, "red")
    with studio.subscribe(group) as news:
        studio.start_burst(group, red.id)
        house.feed.hold_up(RED, seconds=1.0)
        wait_until(lambda: house.feed.all_seen)
        house.feed.unplug()
        wait_until(lambda: studio.state(group)["burst"] is None)
        heard = []
        while event := news.next(0):
            heard.append(event)

    notices = [event.data["id"] for event in heard if event.kind == "notice"]
    assert notices == ["camera-lost"]
    assert label_of(studio, group, red.id)["samples"] >= 7
    with pytest.raises(Unavailable) as refused:
        studio.start_burst(group, red.id)
    assert refused.value.id == "camera-lost"
    house.feed.replug()
    assert studio.start_burst(group, red.id)["samples"] == 0
    studio.stop_burst(group)


def test_a_disk_that_fills_up_while_recording_ends_the_burst_and_keeps_what_was_counted(
    studio, group, house
):
    red = studio.add_label(group, "red")
    add_samples, room = house.store.add_samples, [1, 1, 1]

    def filling_up(project_id, new):
        if not room:
            raise Unavailable("disk-full", "no space left")
        room.pop()
        return add_samples(project_id, new)

    house.store.add_samples = filling_up
    with studio.subscribe(group) as news:
        studio.start_burst(group, red.id)
        house.feed.hold_up(RED, seconds=2)
        wait_until(lambda: studio.state(group)["burst"] is None)
        heard = [event.data for event in iter(lambda: news.next(0), None)]

    assert {"id": "disk-full", "values": {}} in heard
    assert label_of(studio, group, red.id)["samples"] == studio.stop_burst(group)["samples"] > 2


def test_one_burst_at_a_time(studio, group, house):
    red, blue = studio.add_label(group, "red"), studio.add_label(group, "blue")
    studio.start_burst(group, red.id)

    with pytest.raises(Conflict) as refused:
        studio.start_burst(group, blue.id)

    assert refused.value.id == "burst-running"
    studio.stop_burst(group)


def test_removing_the_label_ends_its_burst_cleanly(studio, group, house):
    red = studio.add_label(group, "red")
    studio.start_burst(group, red.id)
    house.feed.hold_up(RED, seconds=1.0)
    wait_until(lambda: house.feed.all_seen)

    studio.remove_label(group, red.id)

    assert studio.state(group)["burst"] is None
    assert studio.state(group)["labels"] == []
    studio.restore_label(group, red.id)
    assert label_of(studio, group, red.id)["samples"] >= 7


# --- the cost ---


def test_a_picture_costs_the_same_whatever_was_shown_before(studio, group, house, show):
    """Rows asked of the database for one picture more, at 3 samples and at 300."""
    red = studio.add_label(group, "red")
    asked = []
    rows = house.store._database.rows

    def counted(sql, values=()):
        found = rows(sql, values)
        asked.append(len(found))
        return found

    def cost():
        asked.clear()
        show(studio, red, RED)
        studio.state(group)
        return sum(asked)

    show(studio, red, RED, pictures=3, burst="few")
    house.store._database.rows = counted
    few = cost()
    show(studio, red, RED, pictures=300, burst="many")
    many = cost()

    assert many <= few + 8
