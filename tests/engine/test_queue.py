"""Who goes first at the engine, told with a backbone that waits for our word: nothing is timed."""

from concurrent.futures import CancelledError
from threading import Event, Thread

import numpy as np
import pytest

from kit.core.errors import BadInput, Unavailable
from kit.core.ports import Lane
from kit.engine.queue import LIVE_BEFORE_EVALUATION, MOST_WAITING, Engine
from kit.messages import MESSAGES

from .conftest import BROKEN

FIRST = 255


def picture(value: int) -> np.ndarray:
    return np.full((8, 6, 3), value, np.uint8)


def keep_busy(engine, by_hand):
    """Hold the engine in one inference, so that what comes next has to wait."""
    future = engine.embed(picture(FIRST), Lane.EVALUATION)
    assert by_hand.begun.acquire(timeout=10)
    return future


def test_captures_come_before_live_and_live_before_evaluation(engine, by_hand):
    keep_busy(engine, by_hand)
    futures = [
        engine.embed(picture(1), Lane.EVALUATION),
        engine.embed(picture(2), Lane.LIVE),
        engine.embed(picture(3), Lane.CAPTURE),
        engine.embed(picture(4), Lane.CAPTURE),
    ]

    by_hand.let_pass(5)

    assert [int(future.result(10).embedding[0]) for future in futures] == [1, 2, 3, 4]
    assert by_hand.seen == [FIRST, 3, 4, 2, 1]


def test_a_capture_that_finds_the_engine_idle_runs_at_once(engine, by_hand):
    by_hand.let_pass(2)

    assert engine.embed(picture(5), Lane.CAPTURE).done()
    assert engine.embed(picture(6), Lane.CAPTURE).result(0).embedding[0] == 6


def test_of_live_frames_the_newest_wins_and_the_others_are_told(engine, by_hand):
    keep_busy(engine, by_hand)

    futures = [engine.embed(picture(value), Lane.LIVE) for value in range(1, 6)]
    by_hand.let_pass(2)

    assert futures[-1].result(10).embedding[0] == 5
    assert all(future.cancelled() for future in futures[:-1])
    with pytest.raises(CancelledError):
        futures[0].result()
    assert by_hand.seen == [FIRST, 5]
    assert engine.statistics().overtaken == 4


def test_no_capture_is_lost_under_two_hundred_live_frames(engine, by_hand):
    by_hand.let_pass(1000)
    captures, live = [], []

    for number in range(200):
        live.append(engine.embed(picture(number % 50 + 100), Lane.LIVE))
        if number % 5 == 0:
            captures.append(engine.embed(picture(number // 5 + 20), Lane.CAPTURE))

    assert [int(future.result(10).embedding[0]) for future in captures] == list(range(20, 60))
    assert live[-1].result(10).embedding[0] == 149
    statistics = engine.statistics()
    answered = sum(not future.cancelled() for future in live)
    assert statistics.done == {Lane.CAPTURE: 40, Lane.LIVE: answered, Lane.EVALUATION: 0}
    assert statistics.overtaken == 200 - answered
    assert [value for value in by_hand.seen if value < 60] == list(range(20, 60))  # in order


def test_evaluation_advances_even_when_a_live_frame_always_waits(engine, by_hand):
    keep_busy(engine, by_hand)
    evaluation = engine.embed(picture(1), Lane.EVALUATION)

    for number in range(LIVE_BEFORE_EVALUATION + 1):
        engine.embed(picture(100 + number), Lane.LIVE)
        by_hand.let_pass()
        assert by_hand.begun.acquire(timeout=10)

    assert by_hand.seen[-1] == 1
    by_hand.let_pass()
    assert evaluation.result(10).embedding[0] == 1


def test_the_microphones_newest_does_not_overtake_the_cameras(engine, by_hand):
    keep_busy(engine, by_hand)
    order = []

    futures = {
        (source, number): engine.run(
            lambda wait_ms, what=(source, number): order.append(what), Lane.LIVE, source=source
        )
        for number in (1, 2)
        for source in ("camera", "microphone")
    }
    by_hand.let_pass()
    for source in ("camera", "microphone"):
        futures[source, 2].result(10)

    assert order == [("camera", 2), ("microphone", 2)]
    assert futures["camera", 1].cancelled() and futures["microphone", 1].cancelled()


def test_whatever_asks_a_network_runs_alone_and_is_told_how_long_it_waited(engine, by_hand):
    keep_busy(engine, by_hand)

    waited = engine.run(lambda wait_ms: wait_ms, Lane.CAPTURE)
    by_hand.let_pass()

    assert waited.result(10) > 0.0


def test_a_refusal_with_a_word_of_its_own_is_no_accident(engine, by_hand, caplog):
    def no_hand(wait_ms):
        raise BadInput("no-hand", "nothing but a cup")

    with pytest.raises(BadInput):
        engine.run(no_hand, Lane.CAPTURE).result(10)

    assert caplog.text == ""


def test_a_failure_reaches_the_one_who_asked_and_nobody_else(engine, by_hand, caplog):
    by_hand.let_pass(2)
    broken = engine.embed(picture(BROKEN), Lane.CAPTURE)
    sound = engine.embed(picture(7), Lane.CAPTURE)

    with pytest.raises(ValueError, match="broken on purpose"):
        broken.result(10)
    assert sound.result(10).embedding[0] == 7
    assert engine.statistics().failed == 1
    assert "could not be embedded" in caplog.text


def test_what_is_no_picture_is_refused_at_once(engine):
    with pytest.raises(ValueError, match="uint8 RGB"):
        engine.embed(np.zeros((4, 4), np.uint8), Lane.CAPTURE)
    with pytest.raises(ValueError, match="no view 99"):
        engine.embed(picture(1), Lane.EVALUATION, view=99)


def test_work_that_nobody_wants_any_more_is_spared(engine, by_hand):
    keep_busy(engine, by_hand)
    unwanted = engine.embed(picture(1), Lane.EVALUATION)
    wanted = engine.embed(picture(2), Lane.EVALUATION)

    assert unwanted.cancel()
    by_hand.let_pass(2)

    assert wanted.result(10).embedding[0] == 2
    assert by_hand.seen == [FIRST, 2]


def test_a_full_lane_makes_its_caller_wait_and_only_that_caller(engine, by_hand):
    keep_busy(engine, by_hand)
    for _ in range(MOST_WAITING):
        engine.embed(picture(1), Lane.EVALUATION)
    accepted = Event()

    def one_too_many():
        engine.embed(picture(2), Lane.EVALUATION)
        accepted.set()

    importing = Thread(target=one_too_many)
    importing.start()
    capture = engine.embed(picture(3), Lane.CAPTURE)  # not held up
    assert not accepted.wait(0.02)

    by_hand.let_pass(3)  # the one under way, the capture, one evaluation: room for another

    assert accepted.wait(10)
    assert capture.result(10).embedding[0] == 3
    importing.join(10)


def test_closing_finishes_the_captures_and_refuses_the_rest(by_hand):
    engine = Engine(by_hand)
    first = keep_busy(engine, by_hand)
    capture = engine.embed(picture(1), Lane.CAPTURE)
    live, evaluation = (engine.embed(picture(2), lane) for lane in (Lane.LIVE, Lane.EVALUATION))

    closing = Thread(target=engine.close)
    closing.start()
    by_hand.let_pass(2)
    closing.join(10)
    engine.close()

    assert first.result(0).embedding[0] == FIRST
    assert capture.result(0).embedding[0] == 1
    for future in (live, evaluation):
        with pytest.raises(Unavailable) as refused:
            future.result(0)
        assert refused.value.id == "engine-stopped"
        assert refused.value.id in MESSAGES
    with pytest.raises(Unavailable):
        engine.embed(picture(4), Lane.CAPTURE)


def test_stages_are_told_in_walking_order_and_the_map_only_when_asked(engine, by_hand):
    by_hand.let_pass(2)

    plain = engine.embed(picture(1), Lane.CAPTURE).result(10)
    with_map = engine.embed(picture(1), Lane.CAPTURE, feature_map=True).result(10)

    assert list(plain.stages_ms) == ["prepare", "wait", "invoke"]
    assert all(ms >= 0 for ms in plain.stages_ms.values())
    assert plain.feature_map is None
    assert with_map.feature_map is not None
