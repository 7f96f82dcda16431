"""What every microphone promises, fake and real alike: one suite, each back end under it.

The fakes always run. PortAudio runs on ALSA's own file plug-in, where its library is installed: a
sound card made of a file. A card runs where one is plugged in, and is skipped with the reason
elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from time import monotonic

import numpy as np
import pytest

from kit.core.errors import Unavailable
from kit.core.ports import Microphone
from kit.core.resample import SAMPLE_RATE_HZ
from kit.core.types import Chunk, MicrophoneSettings
from kit.devices.microphone import make
from kit.devices.microphone_alsa import AlsaMicrophone, cards
from kit.devices.microphone_fake import FakeMicrophone
from kit.devices.microphone_owner import MicrophoneOwner
from kit.messages import MESSAGES
from tests.support.alsa import file_card

TONE_HZ, AMPLITUDE = 440, 0.5


@dataclass
class Subject:
    """A microphone under test, and what the test may know and do about its world."""

    make: Callable[[], Microphone]
    hears_the_tone: bool = False
    """A 440 Hz tone of half the full scale."""
    keeps_time: bool = True
    """A second takes it a second."""
    unplug: Callable[[Microphone], None] | None = None


def tone(seconds: float, rate_hz: int) -> np.ndarray:
    clock = np.arange(round(seconds * rate_hz)) / rate_hz
    return (AMPLITUDE * np.sin(2 * np.pi * TONE_HZ * clock)).astype(np.float32)


def fake(tmp_path, monkeypatch) -> Subject:
    return fake_of(16_000, 1)


def fake_stereo_44100(tmp_path, monkeypatch) -> Subject:
    return fake_of(44_100, 2)


def fake_of(rate_hz: int, channels: int) -> Subject:
    def make_fake():
        microphone = FakeMicrophone(rate_hz=rate_hz, channels=channels, speed=20)
        microphone.play([tone(1, rate_hz)], pause_s=0)
        return microphone

    return Subject(make_fake, hears_the_tone=True, keeps_time=False, unplug=FakeMicrophone.unplug)


def portaudio(tmp_path, monkeypatch) -> Subject:
    name = file_card(tmp_path, tone(3, 44_100), 44_100, monkeypatch)

    def kill(microphone: AlsaMicrophone) -> None:
        microphone._process.kill()  # as near to pulling it out as a machine without one comes

    return Subject(lambda: AlsaMicrophone(name), hears_the_tone=True, keeps_time=False, unplug=kill)


def card(tmp_path, monkeypatch) -> Subject:
    if not cards():
        pytest.skip("no sound card here can record")
    return Subject(lambda: make(f"alsa:{next(iter(cards()))}", lambda data: np.zeros(0)))


@pytest.fixture(
    params=[fake, fake_stereo_44100, portaudio, card], ids=lambda back_end: back_end.__name__
)
def subject(request, tmp_path, monkeypatch) -> Subject:
    return request.param(tmp_path, monkeypatch)


@pytest.fixture
def microphone(subject):
    microphone = subject.make()
    yield microphone
    microphone.close()


def assert_named(refusal: Unavailable) -> None:
    assert MESSAGES[refusal.id].format(**refusal.values)
    assert str(refusal) != refusal.id  # the developer's line says more than the id


def pitch_hz(samples: np.ndarray, rate_hz: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate_hz / len(samples))


def test_chunks_are_mono_numbers_in_order(microphone, subject):
    info = microphone.open(MicrophoneSettings(microphone.name))

    chunks = [microphone.read() for _ in range(25)]

    assert info.rate_hz >= 8000
    for chunk in chunks:
        assert isinstance(chunk, Chunk)
        assert chunk.samples.dtype == np.float32
        assert chunk.samples.ndim == 1
        assert chunk.rate_hz == info.rate_hz
        assert 0.005 <= len(chunk.samples) / info.rate_hz <= 0.1
        assert np.abs(chunk.samples).max() <= chunk.peak <= 1.0
        assert 0.0 <= chunk.clipped <= 1.0
    for earlier, later in pairwise(chunks):
        assert later.sequence == earlier.sequence + 1
        assert later.at_s >= earlier.at_s
    if subject.hears_the_tone:
        samples = np.concatenate([chunk.samples for chunk in chunks])
        assert pitch_hz(samples, info.rate_hz) == pytest.approx(TONE_HZ, abs=3)
        assert max(chunk.peak for chunk in chunks) == pytest.approx(AMPLITUDE, abs=0.01)
        assert np.abs(samples).max() == pytest.approx(AMPLITUDE, abs=0.01)


def test_a_second_takes_a_second(microphone, subject):
    if not subject.keeps_time:
        pytest.skip("this one hears faster than a clock, so that tests need not wait")
    info = microphone.open(MicrophoneSettings(microphone.name))
    microphone.read()

    began, heard = monotonic(), 0
    while heard < info.rate_hz:
        heard += len(microphone.read().samples)

    assert monotonic() - began == pytest.approx(1.0, abs=0.3)


def test_a_chunk_stays_what_it_was_when_the_next_one_comes(microphone):
    microphone.open(MicrophoneSettings(microphone.name))
    chunk = microphone.read()
    before = chunk.samples.copy()

    microphone.read()

    assert np.array_equal(chunk.samples, before)


def test_closed_means_closed_and_may_be_opened_again(microphone):
    microphone.open(MicrophoneSettings(microphone.name))
    first = microphone.read()
    microphone.close()
    microphone.close()

    with pytest.raises(Unavailable) as refused:
        microphone.read()
    assert_named(refused.value)

    microphone.open(MicrophoneSettings(microphone.name))
    assert microphone.read().sequence > first.sequence


def test_a_microphone_never_opened_refuses_to_read(microphone):
    with pytest.raises(Unavailable) as refused:
        microphone.read()

    assert_named(refused.value)


def test_once_gone_it_says_so(microphone, subject):
    if subject.unplug is None:
        pytest.skip("nobody here can pull this microphone's cable")
    microphone.open(MicrophoneSettings(microphone.name))
    microphone.read()

    subject.unplug(microphone)
    with pytest.raises(Unavailable) as gone:
        for _ in range(10_000):  # what was heard before it went may come first
            microphone.read()

    assert gone.value.id == "microphone-lost"
    assert_named(gone.value)


def test_its_owner_lets_several_hear_it_at_sixteen_kilohertz(subject):
    def open_microphone(settings):
        microphone = subject.make()
        microphone.open(settings)
        return microphone

    owner = MicrophoneOwner(MicrophoneSettings(), open_microphone=open_microphone, find=lambda: ())
    try:
        window = owner.newest(1.0, timeout_s=20)
        recording = owner.record(0.5, "otter", timeout_s=20)
        later = owner.newest(1.0, after=window.sequence, timeout_s=20)

        assert window.rate_hz == SAMPLE_RATE_HZ
        assert len(window.samples) == SAMPLE_RATE_HZ
        assert len(recording.waveform) == SAMPLE_RATE_HZ // 2
        assert recording.whole
        assert later.sequence > window.sequence
        assert owner.status().name == subject.make().name
        if subject.hears_the_tone:
            assert pitch_hz(window.samples, SAMPLE_RATE_HZ) == pytest.approx(TONE_HZ, abs=2)
            assert pitch_hz(recording.waveform, SAMPLE_RATE_HZ) == pytest.approx(TONE_HZ, abs=2)
            assert recording.peak == pytest.approx(AMPLITUDE, abs=0.01)
    finally:
        owner.close()
