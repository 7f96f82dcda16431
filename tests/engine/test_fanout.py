"""A frame is looked at once, whoever watches; a bad watcher hurts only itself."""

import threading
from concurrent.futures import Future
from queue import Empty, Queue
from typing import ClassVar

import numpy as np
import pytest

from kit.codecs.picture import preview
from kit.core.ports import Lane
from kit.core.types import CameraSettings, DeviceState, Embedded, Frame
from kit.devices.camera_fake import FakeCamera
from kit.devices.camera_owner import CameraOwner
from kit.engine.fanout import Fanout
from kit.engine.queue import Engine
from kit.senses import HandLooker, Sight, Signs
from tests.support.small import GREEN, RED, HandPrint, picture


class Feed:
    """A camera feed that shows a frame when the test says so."""

    def __init__(self) -> None:
        self._frames: Queue[Frame] = Queue()
        self._sequence = 0

    def show(self, value) -> None:
        """A frame of one grey, or of these pixels."""
        self._sequence += 1
        pixels = value if isinstance(value, np.ndarray) else np.full((4, 4, 3), value, np.uint8)
        self._frames.put(Frame(pixels, 0.0, self._sequence))

    def newest(self, after=-1, timeout_s=1.0):
        try:
            return self._frames.get(timeout=0.02)
        except Empty:
            return None


@pytest.fixture
def feed():
    return Feed()


@pytest.fixture
def sight(engine):
    return Sight(engine)


@pytest.fixture
def fanout(feed, engine, by_hand):
    by_hand.let_pass(1000)
    fanout = Fanout(feed)
    yield fanout
    fanout.close()


def fanout_threads() -> int:
    return sum(thread.name == "kit-fanout" for thread in threading.enumerate())


def test_one_embedding_serves_every_watcher(fanout, feed, by_hand, sight):
    boxes = [Queue() for _ in range(5)]
    for box in boxes:
        fanout.watch(lambda frame, looked, box=box: box.put((frame, looked.embedded)), sight)

    for value in (10, 20, 30):
        feed.show(value)
        answers = [box.get(timeout=10) for box in boxes]
        assert {int(embedded.embedding[0]) for _, embedded in answers} == {value}
        assert len({id(embedded) for _, embedded in answers}) == 1

    assert by_hand.seen == [10, 20, 30]


def test_a_watcher_that_raises_is_dropped_and_the_others_go_on(fanout, feed, caplog, sight):
    calls, box = [], Queue()

    def clumsy(frame, embedded):
        calls.append(frame.sequence)
        raise RuntimeError("clumsy on purpose")

    fanout.watch(clumsy, sight)
    fanout.watch(lambda frame, looked: box.put(frame.sequence), sight)
    for number in (1, 2, 3):
        feed.show(number)
        assert box.get(timeout=10) == number

    assert calls == [1]
    assert "clumsy on purpose" in caplog.text


def test_nobody_watches_so_no_frame_is_asked_for(fanout, feed, sight):
    assert fanout_threads() == 0
    box = Queue()

    stop = fanout.watch(lambda frame, looked: box.put(frame), sight)
    feed.show(1)
    assert box.get(timeout=10).sequence == 1
    thread = fanout._thread
    stop()
    stop()
    thread.join(10)

    assert fanout_threads() == 0
    again = fanout.watch(lambda frame, looked: box.put(frame), sight)
    feed.show(2)
    assert box.get(timeout=10).sequence == 2
    again()


def test_hands_are_looked_for_once_for_all_gestures_and_by_who_wants_most(feed, sight, engine):
    class Counting(HandPrint):
        looked: ClassVar[list[int]] = []

        def follow(self, pixels):
            self.looked.append(self.most)
            return super().follow(pixels)

    looker = HandLooker(engine, Counting)
    fanout, boxes = Fanout(feed), [Queue(), Queue()]
    try:
        for hands, box in zip((1, 2), boxes, strict=True):
            fanout.watch(lambda frame, looked, box=box: box.put(looked.hands), Signs(hands, looker))
        feed.show(picture(GREEN))
        assert [len(box.get(timeout=10)) for box in boxes] == [1, 1]
        feed.show(picture(RED))
        assert [box.get(timeout=10) for box in boxes] == [(), ()]
    finally:
        fanout.close()

    assert Counting.looked == [2, 2]


def test_a_watcher_may_stop_itself_from_inside(fanout, feed, sight):
    seen, other = [], Queue()
    stops = []

    def once(frame, embedded):
        seen.append(frame.sequence)
        stops[0]()

    stops.append(fanout.watch(once, sight))
    fanout.watch(lambda frame, looked: other.put(frame.sequence), sight)
    for number in (1, 2):
        feed.show(number)
        assert other.get(timeout=10) == number

    assert seen == [1]


class OvertakenEngine:
    """Drops every other frame, as an engine does with a live frame that another one overtook."""

    def __init__(self) -> None:
        self.asked = 0

    def embed(self, pixels, lane, **_):
        assert lane is Lane.LIVE
        self.asked += 1
        future = Future()
        if self.asked % 2:
            future.cancel()
            future.set_running_or_notify_cancel()
        else:
            future.set_result(Embedded(pixels[0, 0].astype(np.float32), None, {}))
        return future


def test_an_overtaken_frame_is_simply_not_shown(feed):
    fanout, box = Fanout(feed), Queue()
    try:
        sight = Sight(OvertakenEngine())
        fanout.watch(lambda frame, looked: box.put(frame.sequence), sight)
        for value in range(4):
            feed.show(value)

        assert [box.get(timeout=10), box.get(timeout=10)] == [2, 4]
    finally:
        fanout.close()


def test_a_failing_engine_is_logged_and_tried_again(feed, caplog, monkeypatch):
    monkeypatch.setattr("kit.engine.rounds._PAUSE_AFTER_TROUBLE_S", 0.01)

    class FailsOnce(OvertakenEngine):
        def embed(self, pixels, lane, **_):
            if self.asked == 0:
                self.asked = 1
                raise RuntimeError("failed on purpose")
            return super().embed(pixels, lane)

    fanout, box = Fanout(feed), Queue()
    try:
        fanout.watch(lambda frame, looked: box.put(frame.sequence), Sight(FailsOnce()))
        feed.show(1)
        feed.show(2)

        assert box.get(timeout=10) == 2
    finally:
        fanout.close()
    assert "failed on purpose" in caplog.text


def test_from_the_camera_to_every_watcher_and_off_again(by_hand):
    """The real parts together: fake camera, owner, engine, fan-out."""
    by_hand.let_pass(100_000)
    camera = FakeCamera(fps=200)
    camera.hold_up(np.full((480, 640, 3), 77, np.uint8))

    def open_camera(settings):
        camera.open(settings)
        return camera

    owner = CameraOwner(
        CameraSettings("fake"), open_camera=open_camera, encode_preview=preview, rest_after_s=0.05
    )
    engine = Engine(by_hand)
    fanout = Fanout(owner)
    boxes = [Queue(), Queue()]
    try:
        stops = [
            fanout.watch(
                lambda frame, looked, box=box: box.put((frame, looked.embedded)), Sight(engine)
            )
            for box in boxes
        ]
        firsts = [box.get(timeout=10) for box in boxes]
        for frame, embedded in firsts:
            assert abs(int(embedded.embedding[0]) - 77) <= 2
            assert frame.pixels.shape == (480, 640, 3)
        for stop in stops:
            stop()
        until_off = threading.Event()
        for _ in range(1000):
            if owner.status().state is DeviceState.OFF:
                break
            until_off.wait(0.01)
        assert owner.status().state is DeviceState.OFF
        assert len(by_hand.seen) == engine.statistics().done[Lane.LIVE]
    finally:
        fanout.close()
        engine.close()
        owner.close()
