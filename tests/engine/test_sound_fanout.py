"""Live sound for many listeners: each second embedded once, on the beat, from a real owner."""

from concurrent.futures import Future

import numpy as np
import pytest

from kit.core import sound
from kit.core.listening import STEP_S
from kit.core.ports import Asked
from kit.core.types import Embedded, MicrophoneSettings
from kit.devices.microphone_fake import FakeMicrophone
from kit.devices.microphone_owner import MicrophoneOwner
from kit.engine.sound_fanout import SoundFanout
from tests.support.waiting import wait_until

SPEED = 8


class Sense:
    """Embeds a second as its loudness, and counts."""

    def __init__(self):
        self.asked = 0

    def read_raw(self, raw):
        self.asked += 1
        return Asked(raw, {"prepare": 0.0})

    def embed(self, asked, lane):
        future = Future()
        loud = np.array([np.abs(asked.prepared).max()], np.float32)
        future.set_result(Embedded(loud, None, {"invoke": 0.0}))
        return future


class Broken(Sense):
    def read_raw(self, raw):
        raise MemoryError("not this one")


@pytest.fixture
def microphone():
    return FakeMicrophone(speed=SPEED)


@pytest.fixture
def fanout(microphone):
    def open_microphone(settings):
        microphone.open(settings)
        return microphone

    owner = MicrophoneOwner(
        MicrophoneSettings("fake"), open_microphone=open_microphone, find=lambda: ()
    )
    fanout = SoundFanout(owner)
    yield fanout
    fanout.close()
    owner.close()


def test_seconds_come_on_the_beat_whatever_the_chunks(fanout):
    seconds = []
    fanout.watch(lambda second, embedded: seconds.append(second.sequence), Sense())

    wait_until(lambda: len(seconds) >= 40)

    steps = np.diff(seconds) / sound.SAMPLE_RATE_HZ
    assert np.median(steps) == pytest.approx(STEP_S, abs=0.02)  # chunks are 20 ms long
    assert min(steps) > 0


def test_two_who_listen_alike_cost_one_embedding(fanout):
    sense, heard = Sense(), ([], [])
    for box in heard:
        fanout.watch(lambda second, embedded, box=box: box.append(second.sequence), sense)

    wait_until(lambda: all(len(box) >= 8 for box in heard))

    assert sense.asked <= len(heard[0]) + 2  # one may be on its way
    assert set(heard[1]) <= set(heard[0]) | set(heard[1][-1:])


def test_columns_come_once_and_show_what_is_loud(fanout, microphone):
    seconds = []
    fanout.watch(lambda second, embedded: seconds.append(second), Sense())
    wait_until(lambda: len(seconds) >= 3)
    time = np.arange(3 * sound.SAMPLE_RATE_HZ) / sound.SAMPLE_RATE_HZ
    microphone.say(0.5 * np.sin(2 * np.pi * 1000 * time))
    wait_until(lambda: any(second.peak_db > -7 for second in seconds))

    count = sum(len(second.columns) for second in seconds)
    heard = seconds[-1].sequence // sound.HOP_SAMPLES
    assert heard - 110 <= count <= heard  # the first second, and then each column once
    assert seconds[0].level_db < -55
    loud = next(second for second in seconds if second.peak_db > -7)
    assert loud.columns.dtype == np.uint8
    assert loud.columns[-1].max() > 200 > 60 > seconds[0].columns.max()
    assert not loud.clipping


def test_who_cannot_listen_still_has_a_level_and_delays_nobody(fanout, caplog):
    with_level, heard = [], []
    fanout.watch(lambda second, embedded: with_level.append(embedded), Broken())
    fanout.watch(lambda second, embedded: heard.append(embedded), Sense())

    wait_until(lambda: with_level and heard)

    assert with_level[0] is None
    assert heard[0].embedding.shape == (1,)
    assert "could not be listened to" in caplog.text


def test_the_microphone_rests_when_the_last_has_left(microphone):
    def open_microphone(settings):
        microphone.open(settings)
        return microphone

    owner = MicrophoneOwner(
        MicrophoneSettings("fake"), open_microphone=open_microphone, find=lambda: (), rest_after_s=0
    )
    fanout = SoundFanout(owner)
    seconds = []
    stop = fanout.watch(lambda second, embedded: seconds.append(second), Sense())
    wait_until(lambda: seconds)

    stop()

    wait_until(lambda: owner.status().state == "off")
    fanout.close()
    owner.close()
