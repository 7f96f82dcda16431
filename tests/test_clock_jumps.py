"""Somebody sets the clock in the middle of a lesson, by fifty years and back: nothing happens.

Each room that waits for a time is asked right after the jump whether it believes that time passed.
"""

import time
from datetime import datetime

import pytest
from flask import Flask, session

from kit.booking import Booking
from kit.classroom import Classroom
from kit.core.errors import TooManyTries
from kit.core.types import Actor, Kind, Role
from kit.events import Events
from kit.storage import Store
from kit.tries import Tries
from kit.web import session as web_session
from tests.support.house import House
from tests.support.small import HandClock
from tests.test_classroom import PlainLibrary

MORNING = datetime(2026, 11, 20, 10, 0).timestamp()
YEARS_S = 50 * 365.25 * 24 * 3600
TEACHER, SQUIRREL = Actor(Role.TEACHER), Actor(Role.GROUP, "squirrel")
JUMPS = {
    "from 1976 to today and back": [-YEARS_S, YEARS_S],
    "to 2076 and back": [YEARS_S, -YEARS_S],
    "to 2076": [YEARS_S],
    "from the kit's 1970 to today": [-MORNING, MORNING],
}


@pytest.fixture(params=JUMPS.values(), ids=JUMPS.keys())
def jump(request):
    """Set a clock's hands, once or there and back, with a look in between."""

    def jump(clock, look=lambda: None):
        for by_s in request.param:
            clock.pass_s(30)
            clock.set_to(clock.wall_s() + by_s)
            look()

    return jump


@pytest.fixture
def clock():
    return HandClock(MORNING)


@pytest.fixture
def classroom(tmp_path, clock):
    with Store.open(tmp_path / "data") as store:
        yield Classroom(store, PlainLibrary(store), clock, is_class=True)


def test_a_class_is_not_erased_by_a_clock_that_is_set(classroom, clock, jump):
    classroom.join("squirrel")

    jump(clock, lambda: classroom.look_at_the_clock())

    assert not classroom.look_at_the_clock()
    assert [group.animal for group in classroom.groups() if group.taken] == ["squirrel"]
    assert classroom.on_s == pytest.approx(30 * round(classroom.on_s / 30))  # no year was added
    assert classroom.on_s < 100


def test_a_class_that_was_prolonged_has_as_long_as_before(classroom, clock, jump):
    classroom.join("squirrel")
    classroom.prolong(TEACHER, 30)

    jump(clock, lambda: classroom.look_at_the_clock())
    clock.pass_s(29 * 3600)
    # Fourteen hours switched on are an evening, but not for who asked for more.
    assert not classroom.look_at_the_clock()
    clock.pass_s(3600)

    assert classroom.look_at_the_clock()


def test_who_is_in_stays_in(classroom, clock, jump):
    squirrel = classroom.join("squirrel")
    epoch = classroom.epoch

    jump(clock, classroom.look_at_the_clock)

    assert classroom.session("squirrel", None, epoch) == squirrel
    assert classroom.session(None, classroom.teacher_key, None).role is Role.TEACHER


def test_a_cookie_signed_in_another_century_is_good(monkeypatch):
    app = Flask(__name__)
    app.secret_key = b"of this test"
    app.session_interface = web_session.Ageless()
    app.add_url_rule("/in", "in", lambda: session.update(animal="owl") or "in")
    app.add_url_rule("/who", "who", lambda: session.get("animal", "nobody"))
    client = app.test_client()
    now_s = time.time()
    for signed_at_s, asked_at_s in ((now_s + YEARS_S, now_s), (now_s, now_s + YEARS_S)):
        monkeypatch.setattr(time, "time", lambda at_s=signed_at_s: at_s)
        cookie = client.get("/in").headers["Set-Cookie"].partition(";")[0]
        monkeypatch.setattr(time, "time", lambda at_s=asked_at_s: at_s)

        answer = app.test_client(use_cookies=False).get("/who", headers={"Cookie": cookie})

        assert answer.text == "owl"


def test_a_wait_for_the_code_is_neither_skipped_nor_made_endless(clock, jump):
    tries = Tries(clock)
    for _ in range(3):
        tries.take("10.42.0.7", right=False)
    with pytest.raises(TooManyTries) as before:
        tries.take("10.42.0.7", right=True)

    # The jump itself takes no time of the machine's.
    passed_s = clock.monotonic_s()
    jump(clock)
    clock.machine = passed_s

    with pytest.raises(TooManyTries) as after:
        tries.take("10.42.0.7", right=True)
    assert after.value.values == before.value.values
    clock.pass_s(before.value.values["wait_s"])
    tries.take("10.42.0.7", right=True)


def test_what_was_removed_can_come_back_for_ten_minutes_and_no_longer(tmp_path, jump):
    house = House(tmp_path / "data")
    house.store.add_space("squirrel")
    studio = house.library.open(
        SQUIRREL, house.library.create(SQUIRREL, "Cups", kind=Kind.IMAGE).id
    )
    label = studio.add_label(SQUIRREL, "cup")
    studio.remove_label(SQUIRREL, label.id)

    jump(house.clock)
    house.library.forget_removed()
    studio.restore_label(SQUIRREL, label.id)  # would raise, were it gone

    studio.remove_label(SQUIRREL, label.id)
    jump(house.clock)
    house.clock.pass_s(601)
    house.library.forget_removed()
    assert "cup" not in [one["name"] for one in studio.state(SQUIRREL)["labels"]]
    house.close()


def test_a_measurement_says_the_same_seconds_left(clock, jump):
    booking = Booking(now=clock.monotonic_s)
    with booking.hold(60):
        machine_s = clock.monotonic_s()
        jump(clock)
        clock.machine = machine_s

        assert booking.left_s == 60


def test_news_wait_as_long_as_they_were_told_to(monkeypatch):
    events = Events()
    box = events.subscribe("p-1")
    wall_s = time.time() + YEARS_S
    monkeypatch.setattr(time, "time", lambda: wall_s)

    began_s = time.monotonic()
    while box.next(timeout_s=0.05) is not None:
        pass

    assert time.monotonic() - began_s < 2
    events.close()
