"""A measurement and everything else share one kit: who waits for whom, and for how long."""

import threading
import time

import pytest

from kit.booking import WAITING_AT_MOST, Booking
from kit.core.errors import Unavailable
from tests.support.waiting import wait_until


def test_a_measurement_waits_for_a_burst_that_is_being_taken():
    booking = Booking()
    begun, ended = threading.Event(), []

    def measure():
        with booking.hold():
            begun.set()
            ended.append("measured")

    with booking.work("burst"):
        thread = threading.Thread(target=measure)
        thread.start()
        wait_until(lambda: booking.is_held)  # nothing new begins
        assert not begun.wait(0.05)  # and what has begun may end
        ended.append("burst")
    thread.join()

    assert ended == ["burst", "measured"]


def test_pictures_wait_for_the_end_of_a_measurement():
    booking = Booking()
    kept = threading.Event()

    def keep():
        with booking.work("picture", wait_s=5):
            kept.set()

    with booking.hold():
        thread = threading.Thread(target=keep)
        thread.start()
        assert not kept.wait(0.05)
    thread.join()

    assert kept.is_set()


def test_what_may_not_wait_is_refused_with_the_seconds_that_are_left():
    now = [100.0]
    booking = Booking(now=lambda: now[0])

    with booking.hold(expected_s=60), pytest.raises(Unavailable) as refused:
        now[0] += 20.5
        with booking.work("answer"):
            pytest.fail("it must not begin")

    assert (refused.value.id, refused.value.values) == ("kit-measuring", {"wait_s": 40})
    assert booking.left_s == 0


def test_only_some_may_wait_so_that_threads_stay_for_who_presses_stop():
    booking = Booking()
    with booking.hold():
        threads = [
            threading.Thread(target=lambda: booking.work("picture", 5).__enter__())
            for _ in range(WAITING_AT_MOST)
        ]
        for thread in threads:
            thread.start()
        wait_until(lambda: booking._waiting == WAITING_AT_MOST)
        begun_s = time.monotonic()

        with pytest.raises(Unavailable), booking.work("picture", wait_s=5):
            pytest.fail("it must not begin")

        assert time.monotonic() - begun_s < 1
    for thread in threads:
        thread.join()


def test_what_was_short_is_told_all_the_same():
    booking = Booking()
    with booking.work("picture"):
        pass
    with booking.work("burst"):
        assert booking.busy_with() == {"picture", "burst"}
    assert booking.busy_with() == set()
