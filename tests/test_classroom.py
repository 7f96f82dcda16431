"""The class: who comes in, who ends it, and clocks that cannot be trusted."""

import threading
from datetime import datetime

import pytest

from kit.class_clock import ClassTime
from kit.classroom import Classroom
from kit.core.animals import ANIMALS
from kit.core.errors import BadInput, NotAllowed, TooManyTries
from kit.core.types import Actor, Kind, Role
from kit.storage import Store
from kit.tries import FREE_FOR_ALL, LONGEST_WAIT_S
from tests.support.small import HandClock

MORNING = datetime(2026, 11, 20, 10, 0).timestamp()
HOUR_S = 3600.0
SQUIRREL = Actor(Role.GROUP, "squirrel")
TEACHER = Actor(Role.TEACHER)


class PlainLibrary:
    """What the class's end needs of a library, over the real store."""

    def __init__(self, store):
        self.store = store
        self.examples_put_back = 0

    def forget_everything(self):
        self.store.erase_all()

    def put_example_back(self):
        self.examples_put_back += 1


@pytest.fixture
def clock():
    return HandClock(MORNING)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "data") as store:
        yield store


@pytest.fixture
def start(store, clock):
    """Starts the kit on the same data folder, as often as the test wishes."""

    def start(**settings):
        return Classroom(store, PlainLibrary(store), clock, is_class=True, **settings)

    return start


@pytest.fixture
def classroom(start):
    return start()


def wrong(code):
    """A code that is not this one."""
    return f"{(int(code) + 1) % 10**6:06d}"


# --- who comes in ---


def test_a_group_picks_an_animal_and_others_see_that_it_is_taken(classroom):
    assert not any(group.taken for group in classroom.groups())

    actor = classroom.join("squirrel")

    assert actor == SQUIRREL
    assert [group.animal for group in classroom.groups() if group.taken] == ["squirrel"]
    assert classroom.join("squirrel") == actor  # the second tablet of the same group


def test_only_animals_of_the_list_are_let_in(classroom, store):
    for stranger in ("unicorn", "kit", "", "../squirrel"):
        with pytest.raises(BadInput) as refused:
            classroom.join(stranger)
        assert refused.value.id == "animal-unknown"
    assert store.spaces() == []
    assert len(set(ANIMALS)) == len(ANIMALS) >= 20


def test_at_the_kit_itself_there_is_no_animal_to_pick(store, clock):
    at_home = Classroom(store, PlainLibrary(store), clock, is_class=False)

    assert at_home.session(None, None, None) == Actor(Role.LOCAL, "kit")
    with pytest.raises(NotAllowed):
        at_home.join("squirrel")


def test_the_teachers_code_makes_a_teacher_and_spaces_in_it_do_not_count(classroom):
    typed = f" {classroom.code[:3]} {classroom.code[3:]} "

    actor = classroom.enter_code(typed, "10.0.0.7", SQUIRREL)

    assert actor == Actor(Role.TEACHER, "squirrel")
    assert actor.may_enter("owl")


def test_the_code_is_another_one_at_each_start_and_is_never_kept(start, store):
    codes = {start().code for _ in range(5)}

    assert len(codes) > 1
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    kept = (store.folder / "kit.db").read_bytes() + (store.folder / "kit.db-wal").read_bytes()
    assert not any(code.encode() in kept for code in codes)


def test_a_wrong_code_says_no_more_than_wrong(classroom):
    for typed in (wrong(classroom.code), "", "12345", "é" * 6, classroom.code + "0"):
        with pytest.raises(NotAllowed) as refused:
            classroom.enter_code(typed, f"10.0.0.{len(typed)}")
        assert (refused.value.id, refused.value.values) == ("code-wrong", {})


def test_guessing_makes_one_wait_longer_each_time(classroom, clock):
    waits = []
    for _ in range(11):
        try:
            classroom.enter_code(wrong(classroom.code), "10.0.0.7")
        except TooManyTries as refused:
            waits.append(refused.values["wait_s"])
            clock.pass_s(waits[-1])
        except NotAllowed as refused:
            assert refused.id == "code-wrong"

    assert waits == [1, 2, 4, 8]  # between them, one try each
    with pytest.raises(TooManyTries):
        classroom.enter_code(classroom.code, "10.0.0.7")  # even the right one must wait
    assert classroom.enter_code(classroom.code, "10.0.0.8")  # another browser need not
    clock.pass_s(LONGEST_WAIT_S)
    assert classroom.enter_code(classroom.code, "10.0.0.7")


def test_many_browsers_guessing_together_wait_together_but_not_long(classroom, clock):
    for n in range(FREE_FOR_ALL):
        with pytest.raises(NotAllowed):
            classroom.enter_code(wrong(classroom.code), f"10.0.1.{n}")

    with pytest.raises(TooManyTries):
        classroom.enter_code(wrong(classroom.code), "10.0.2.1")
    for n in range(50):
        clock.pass_s(20)
        with pytest.raises(NotAllowed):
            classroom.enter_code(wrong(classroom.code), f"10.0.3.{n}")
    clock.pass_s(20)  # after a thousand guesses, the teacher waits this long and no longer

    assert classroom.enter_code(classroom.code, "10.0.0.1").role is Role.TEACHER


def test_thirty_threads_guess_at_once_and_only_the_free_tries_are_answered(classroom):
    answers = []

    def guess():
        try:
            classroom.enter_code(wrong(classroom.code), "10.0.0.7")
        except NotAllowed as refused:
            answers.append(refused.id)

    threads = [threading.Thread(target=guess) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert answers.count("code-wrong") == 3
    assert answers.count("code-wait") == 27


def test_a_signed_cookie_is_only_as_good_as_its_class_and_its_start(start):
    classroom = start()
    epoch, key = classroom.epoch, classroom.teacher_key
    classroom.join("squirrel")

    assert classroom.session("squirrel", None, epoch) == SQUIRREL
    assert classroom.session("squirrel", key, epoch) == Actor(Role.TEACHER, "squirrel")
    assert classroom.session(None, key, None) == TEACHER
    assert classroom.session(None, None, epoch) is None
    assert classroom.session("unicorn", None, epoch) is None
    assert classroom.session("squirrel", None, epoch - 1) is None
    after_a_restart = start()
    assert after_a_restart.session("squirrel", None, epoch) == SQUIRREL  # the lesson goes on
    assert after_a_restart.session(None, key, epoch) is None  # the code is another one now


# --- the end ---


def test_only_a_teacher_may_end_prolong_or_see_what_goes(classroom):
    classroom.join("squirrel")

    for verb in (
        lambda: classroom.end_class(SQUIRREL),
        lambda: classroom.prolong(SQUIRREL, 2),
        lambda: classroom.what_goes(SQUIRREL),
    ):
        with pytest.raises(NotAllowed) as refused:
            verb()
        assert refused.value.id == "teachers-only"
    assert classroom.session("squirrel", None, classroom.epoch) == SQUIRREL


def test_the_end_says_what_goes_then_nothing_is_left_and_nobody_is_in(classroom, store):
    classroom.join("squirrel")
    classroom.join("owl")
    store.add_project("squirrel", "Nos galets", Kind.IMAGE)
    epoch = classroom.epoch
    goes = classroom.what_goes(TEACHER)
    assert (goes["groups"], goes["projects"]) == (2, 1)

    classroom.end_class(TEACHER)

    assert store.spaces() == [] and store.projects() == []
    assert classroom.session("squirrel", None, epoch) is None
    assert classroom.ends_at_text() is None
    assert classroom._library.examples_put_back == 1
    assert classroom.join("squirrel") == SQUIRREL  # the next class may begin
    assert classroom.session("squirrel", None, epoch) is None  # its animal opens no old door


def test_the_same_evening_it_happens_by_itself(classroom, clock, store):
    classroom.join("squirrel")
    assert classroom.ends_at_text().startswith("2026-11-20T18:00")

    clock.pass_s(7.9 * HOUR_S)
    assert not classroom.look_at_the_clock()
    clock.pass_s(0.1 * HOUR_S)

    assert classroom.look_at_the_clock()
    assert store.spaces() == []
    assert not classroom.look_at_the_clock()  # once


def test_without_a_group_there_is_nothing_to_erase(classroom, clock, store):
    store.add_space("kit")
    store.add_project("kit", "Prepared at home", Kind.IMAGE)

    clock.pass_s(100 * HOUR_S)

    assert not classroom.look_at_the_clock()
    assert len(store.projects()) == 1


def test_a_teacher_may_prolong_and_not_for_ever(classroom, clock):
    classroom.join("squirrel")
    for hours in (0, -1, 10_000, float("nan")):
        with pytest.raises(BadInput) as refused:
            classroom.prolong(TEACHER, hours)
        assert refused.value.id == "hours-out-of-range"

    classroom.prolong(TEACHER, 48)

    assert classroom.prolonged
    assert classroom.ends_at_text().startswith("2026-11-22T10:00")
    for _ in range(47):
        clock.pass_s(HOUR_S)
        assert not classroom.look_at_the_clock()
    clock.pass_s(HOUR_S)
    assert classroom.look_at_the_clock()


def test_a_class_left_over_from_a_previous_evening_is_erased_at_the_start(start, clock, store):
    start().join("squirrel")
    clock.pass_s(HOUR_S)
    clock.set_to(MORNING + 24 * HOUR_S)  # switched off before the evening, on the next morning

    tomorrow = start()

    assert store.spaces() == []
    assert [notice.id for notice in tomorrow.notices] == ["class-left-over-erased"]


def test_a_power_cut_in_the_lesson_erases_nothing(start, clock, store):
    before = start()
    before.join("squirrel")
    clock.pass_s(HOUR_S)
    before.look_at_the_clock()

    clock.machine = 3.0  # the machine counts from anew
    clock.wall += 60
    after = start()

    assert [space.id for space in store.spaces()] == ["squirrel"]
    assert [notice.id for notice in after.notices] == ["class-still-here"]
    assert after.ends_at_text().startswith("2026-11-20T18:00")


# --- clocks that cannot be trusted ---


def test_a_clock_that_wakes_in_1970_and_hears_the_time_in_the_lesson_erases_nothing(start, clock):
    clock.set_to(40.0)
    classroom = start()
    classroom.join("squirrel")
    assert classroom.ends_at_text() is None  # it cannot say
    clock.pass_s(600)
    assert not classroom.look_at_the_clock()

    clock.set_to(MORNING)  # the first time server answers: 56 years at once

    assert classroom.ends_at_text().startswith("2026-11-20T18:00")  # also before the next look
    assert not classroom.look_at_the_clock()
    assert classroom.ends_at_text().startswith("2026-11-20T18:00")
    clock.pass_s(8 * HOUR_S)
    assert classroom.look_at_the_clock()


def test_a_clock_never_set_ends_the_class_all_the_same_after_a_long_day(start, clock):
    clock.set_to(40.0)
    classroom = start()
    classroom.join("squirrel")

    ended = []
    for _ in range(14):
        ended.append(classroom.look_at_the_clock())
        clock.pass_s(HOUR_S)

    assert not any(ended)
    assert classroom.look_at_the_clock()


def test_a_clock_that_wakes_where_it_stopped_yesterday_leaves_the_lesson_its_time(start, clock):
    clock.set_to(datetime(2026, 11, 19, 17, 30).timestamp())  # it is really ten in the morning
    classroom = start()
    classroom.join("squirrel")

    clock.pass_s(2 * HOUR_S)  # "half past seven in the evening": a double lesson

    assert not classroom.look_at_the_clock()
    clock.pass_s(2 * HOUR_S)
    assert classroom.look_at_the_clock()


def test_a_clock_set_back_or_forward_leaves_the_class_as_old_as_it_is(classroom, clock):
    classroom.join("squirrel")
    for jump_h in (+30, -60, +8, -1):
        clock.pass_s(60)
        clock.set_to(clock.wall + jump_h * HOUR_S)
        assert not classroom.look_at_the_clock()

    assert classroom._time.on_s == 240
    assert clock.wall - classroom._time.began_wall_s == pytest.approx(240)


def test_a_restart_in_1970_keeps_the_class(start, clock, store):
    start().join("squirrel")
    clock.pass_s(60)
    clock.set_to(12.0)

    after = start()

    assert [space.id for space in store.spaces()] == ["squirrel"]
    clock.set_to(MORNING + HOUR_S)
    assert not after.look_at_the_clock()


def test_a_jump_keeps_a_prolonged_class_as_long_as_it_was_promised(classroom, clock):
    classroom.join("squirrel")
    classroom.prolong(TEACHER, 10)

    clock.set_to(MORNING + 500 * HOUR_S)
    assert not classroom.look_at_the_clock()
    clock.pass_s(9 * HOUR_S)
    assert not classroom.look_at_the_clock()
    clock.pass_s(HOUR_S)

    assert classroom.look_at_the_clock()


def test_what_is_known_of_the_class_survives_being_written_down():
    time = ClassTime.begin(MORNING).later(MORNING + 60, 60)

    assert ClassTime.from_json(time.to_json()) == time
