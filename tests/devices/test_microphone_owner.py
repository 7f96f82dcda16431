"""One microphone, many listeners: one turn at a time, and a pulled cable heals by itself."""

import threading
from contextlib import contextmanager
from time import monotonic

import numpy as np
import pytest

from kit.codecs.sound import decode_sound, encode_wav
from kit.core.errors import BadInput, Conflict, Unavailable
from kit.core.resample import SAMPLE_RATE_HZ
from kit.core.types import DeviceState, MicrophoneSettings
from kit.devices.microphone import make, open_microphone
from kit.devices.microphone_fake import PAUSE_S, FakeMicrophone
from kit.devices.microphone_owner import KEPT_S, MicrophoneOwner
from kit.messages import MESSAGES
from tests.support.waiting import wait_until

SPEED = 40


def tone(hz: float, seconds: float = 1.0, rate_hz: int = SAMPLE_RATE_HZ) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate_hz)) / rate_hz)).astype(
        np.float32
    )


def pitch_hz(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * SAMPLE_RATE_HZ / len(samples))


def decode(data: bytes) -> np.ndarray:
    return decode_sound(data).waveform


@pytest.fixture
def microphone():
    """A fake microphone that hears forty seconds in one."""
    return FakeMicrophone(speed=SPEED)


@pytest.fixture
def make_owner(microphone):
    owners = []

    def make_one(name="fake", **options) -> MicrophoneOwner:
        def open_it(settings):
            microphone.open(settings)
            return microphone

        options.setdefault("open_microphone", open_it)
        owner = MicrophoneOwner(MicrophoneSettings(name), find=lambda: ("fake",), **options)
        owners.append(owner)
        return owner

    yield make_one
    for owner in owners:
        owner.close()


@pytest.fixture
def owner(make_owner):
    return make_owner()


def test_nobody_listens_so_the_microphone_is_off(owner):
    assert owner.status().state is DeviceState.OFF
    assert owner.status().rate_hz == 0


def test_the_first_listener_switches_it_on(owner, microphone):
    microphone.play([tone(440)], pause_s=0)

    window = owner.newest(1.0, timeout_s=10)

    assert pitch_hz(window.samples) == pytest.approx(440, abs=2)
    assert window.peak == pytest.approx(0.5, abs=0.01)
    status = owner.status()
    assert (status.state, status.name, status.message_id) == (DeviceState.LIVE, "fake", None)
    assert (status.rate_hz, status.taken_by) == (SAMPLE_RATE_HZ, None)


def test_a_window_is_whole_and_after_means_newer(owner):
    first = owner.newest(1.0, timeout_s=10)
    second = owner.newest(1.0, after=first.sequence + 2000, timeout_s=10)

    assert len(first.samples) == len(second.samples) == SAMPLE_RATE_HZ
    assert first.sequence >= SAMPLE_RATE_HZ
    assert second.sequence > first.sequence + 2000
    assert owner.newest(1.0, after=10**12, timeout_s=0.02) is None


def test_more_is_not_asked_for_than_is_kept(owner):
    with pytest.raises(ValueError, match="are kept"):
        owner.newest(KEPT_S + 1)
    with pytest.raises(ValueError, match="at most"):
        owner.record(601, "otter")


def test_every_chunk_is_heard_once_and_in_order(owner):
    heard = []
    stop = owner.listen(heard.append)
    wait_until(lambda: len(heard) > 60)
    stop()
    stop()

    ends = [chunk.sequence for chunk in heard]
    assert ends == list(np.cumsum([len(chunk.samples) for chunk in heard]))
    assert all(chunk.rate_hz == SAMPLE_RATE_HZ for chunk in heard)


def test_a_listener_who_fails_is_logged_and_delays_nobody(owner, caplog):
    heard = []
    owner.listen(lambda chunk: 1 // 0)
    owner.listen(heard.append)

    wait_until(lambda: len(heard) > 5)

    assert "a listener failed" in caplog.text


@pytest.mark.parametrize(("rate_hz", "channels"), [(44_100, 1), (48_000, 2), (8_000, 1)])
def test_a_device_with_another_rate_is_heard_at_sixteen_kilohertz(make_owner, rate_hz, channels):
    device = FakeMicrophone(rate_hz=rate_hz, channels=channels, speed=SPEED)
    device.play([tone(1000, 1.0, rate_hz)], pause_s=0)

    def open_it(settings):
        device.open(settings)
        return device

    owner = make_owner(open_microphone=open_it)

    recording = owner.record(2.0, "otter")

    assert len(recording.waveform) == 2 * SAMPLE_RATE_HZ
    assert pitch_hz(recording.waveform) == pytest.approx(1000, abs=1)
    assert owner.status().rate_hz == rate_hz


@contextmanager
def recording(owner, seconds=600.0, who="otter"):
    """Somebody records meanwhile; what came of it is in the list once they are done."""
    enough, came = threading.Event(), []
    recorder = threading.Thread(
        target=lambda: came.append(owner.record(seconds, who, stop=enough.is_set))
    )
    recorder.start()
    wait_until(lambda: owner.status().taken_by == who)
    try:
        yield came
    finally:
        enough.set()
        recorder.join(10)


def let_pass(owner, seconds: float) -> None:
    """Until the microphone has heard that much more."""
    now = owner.newest(0.1, timeout_s=10)
    assert owner.newest(0.1, after=now.sequence + round(seconds * SAMPLE_RATE_HZ), timeout_s=10)


def test_a_recording_holds_what_was_said(owner, microphone):
    with recording(owner) as came:
        microphone.say(tone(700))
        let_pass(owner, 2.0)

    waveform = came[0].waveform
    loud = np.abs(waveform) > 0.1
    assert loud.sum() > 0.7 * SAMPLE_RATE_HZ
    assert pitch_hz(waveform[loud.argmax() :][:SAMPLE_RATE_HZ]) == pytest.approx(700, abs=2)


def test_a_recording_is_as_long_as_asked_for(owner):
    recorded = owner.record(2.5, "otter")

    assert recorded.whole
    assert recorded.gaps == 0
    assert len(recorded.waveform) == 2.5 * SAMPLE_RATE_HZ


def test_two_who_record_at_once_are_told_whose_turn_it_is(owner):
    with recording(owner, who="otter"):
        with pytest.raises(Conflict) as refused:
            owner.record(1, "owl")
        with pytest.raises(Conflict):
            owner.choose(MicrophoneSettings("none"))

    assert (refused.value.id, refused.value.values) == ("microphone-taken", {"animal": "otter"})
    assert MESSAGES[refused.value.id]
    assert owner.status().taken_by is None
    assert owner.record(0.5, "owl").whole


def test_the_lamp_is_told_when_a_turn_begins_and_ends(make_owner):
    seen = []
    owner = make_owner(when_changed=lambda: seen.append(owner.status()))

    owner.record(0.5, "otter")

    lamps = [status.taken_by for status in seen]
    assert "otter" in lamps
    assert lamps[-1] is None
    assert DeviceState.LIVE in {status.state for status in seen}


def test_whoever_stops_keeps_what_was_heard_until_then(owner):
    with recording(owner, 600) as came:
        let_pass(owner, 1.0)

    assert not came[0].whole
    assert SAMPLE_RATE_HZ / 2 < len(came[0].waveform) < 600 * SAMPLE_RATE_HZ


def test_whoever_stops_before_anything_was_heard_gets_nothing_and_no_error(make_owner, microphone):
    stopped = threading.Event()

    def open_late(settings):
        stopped.wait(10)
        microphone.open(settings)
        return microphone

    recording = make_owner(open_microphone=open_late).record(1, "otter", stop=lambda: True)
    stopped.set()

    assert (len(recording.waveform), recording.whole) == (0, False)


def test_pulled_out_while_recording_loses_nothing_and_heals_on_replug(owner, microphone, caplog):
    microphone.play([tone(440)], pause_s=0)
    before = owner.newest(1.0, timeout_s=10)
    with recording(owner) as came:
        let_pass(owner, 1.0)
        microphone.unplug()
        wait_until(lambda: came)

    assert not came[0].whole
    assert len(came[0].waveform) > SAMPLE_RATE_HZ // 2
    assert pitch_hz(came[0].waveform) == pytest.approx(440, abs=2)
    lost = owner.status()
    assert (lost.state, lost.taken_by) == (DeviceState.LOST, None)
    assert lost.message_id in ("microphone-lost", "microphone-missing")
    assert "fake: unplugged" in lost.reason
    assert "fake: unplugged" in caplog.text

    microphone.play([tone(900)], pause_s=0)
    microphone.replug()
    after = owner.newest(1.0, timeout_s=10)

    assert pitch_hz(after.samples) == pytest.approx(900, abs=2)  # nothing of before is in it
    assert after.sequence > before.sequence
    healed = owner.status()
    assert (healed.state, healed.message_id) == (DeviceState.LIVE, None)


def test_recording_with_nothing_plugged_in_is_refused_at_once(owner, microphone):
    microphone.unplug()
    began = monotonic()

    with pytest.raises(Unavailable) as refused:
        owner.record(2.0, "otter", timeout_s=60)

    assert refused.value.id == "microphone-missing"
    assert monotonic() - began < 10
    assert owner.status().taken_by is None


def test_a_microphone_that_never_begins_is_not_waited_for_for_ever(make_owner):
    nothing = threading.Event()

    class Mute(FakeMicrophone):
        def _wait(self):
            nothing.wait(1)
            raise Unavailable("microphone-lost", "mute")

    def open_it(settings):
        mute = Mute()
        mute.open(settings)
        return mute

    owner = make_owner(open_microphone=open_it)

    with pytest.raises(Unavailable) as refused:
        owner.record(2.0, "otter", timeout_s=0.1)
    nothing.set()

    assert refused.value.id == "microphone-lost"


def test_a_reason_is_logged_once_and_not_at_every_try(owner, microphone, caplog):
    microphone.unplug()

    assert owner.newest(1.0, timeout_s=0.4) is None
    wait_until(lambda: owner.status().state is DeviceState.LOST)
    owner.newest(1.0, timeout_s=0.4)

    assert caplog.text.count("unplugged") == 1


def test_sound_that_was_lost_is_said_and_counted(owner, microphone):
    heard = []
    stop = owner.listen(heard.append)
    with recording(owner) as came:
        let_pass(owner, 0.5)
        microphone.stall()
        let_pass(owner, 0.5)
    stop()

    assert came[0].gaps == 1
    assert sum(chunk.overflow for chunk in heard) == 1
    status = owner.status()
    assert (status.state, status.cannot) == (DeviceState.LIVE, ("keep-up",))
    assert "too busy" in MESSAGES[status.message_id]


def test_clipping_is_measured_before_resampling(make_owner):
    device = FakeMicrophone(rate_hz=44_100, speed=SPEED)
    device.play([np.sign(tone(300, 1.0, 44_100))], pause_s=0)

    def open_it(settings):
        device.open(settings)
        return device

    recording = make_owner(open_microphone=open_it).record(1.0, "otter")

    assert recording.peak == 1.0
    assert recording.clipped > 0.4


def test_silence_is_a_recording_like_any_other(owner, microphone):
    microphone.silence()

    recording = owner.record(1.0, "otter")

    assert recording.whole
    assert recording.peak < 0.02
    assert recording.clipped == 0.0


def test_it_is_let_go_when_the_last_listener_has_left(make_owner):
    owner = make_owner(rest_after_s=0.02)
    last = owner.newest(1.0, timeout_s=10)

    wait_until(lambda: owner.status().state is DeviceState.OFF)

    again = owner.newest(1.0, timeout_s=10)  # and comes back for the next one
    assert again.sequence > last.sequence


def test_it_is_let_go_at_once_where_there_should_be_silence(make_owner):
    owner = make_owner(rest_after_s=3600)
    stop = owner.listen(lambda chunk: None)
    owner.newest(1.0, timeout_s=10)

    owner.rest()  # somebody listens on
    owner.newest(1.0, after=10 * SAMPLE_RATE_HZ, timeout_s=10)
    assert owner.status().state is DeviceState.LIVE

    stop()
    owner.rest()
    wait_until(lambda: owner.status().state is DeviceState.OFF)


def test_choosing_another_goes_on_counting_under_the_ears_of_who_listens():
    def open_another(settings):
        microphone = FakeMicrophone(speed=SPEED)
        microphone.open(settings)
        return microphone

    owner = MicrophoneOwner(
        MicrophoneSettings("fake"), open_microphone=open_another, find=lambda: ()
    )
    try:
        last = owner.newest(1.0, timeout_s=10)
        owner.choose(MicrophoneSettings("alsa:Snowball"))

        assert owner.newest(1.0, timeout_s=10).sequence > last.sequence
        with pytest.raises(BadInput) as refused:
            owner.choose(MicrophoneSettings("gramophone"))
        assert MESSAGES[refused.value.id].format(**refused.value.values)
        assert owner.status().settings.name == "alsa:Snowball"
    finally:
        owner.close()


def test_which_folder_is_played_is_chosen_by_whoever_starts_the_kit_alone(make_owner, tmp_path):
    owner = make_owner(f"fake:{tmp_path}")

    owner.choose(MicrophoneSettings("none"))
    with pytest.raises(BadInput) as refused:
        owner.choose(MicrophoneSettings("fake:/"))
    owner.choose(MicrophoneSettings(f"fake:{tmp_path}"))

    assert refused.value.id == "microphone-unknown"
    assert owner.status().settings.name == f"fake:{tmp_path}"


def test_no_microphone_by_choice_is_said_in_words_and_costs_no_thread(make_owner):
    owner = make_owner("none")

    assert owner.newest(1.0, timeout_s=0.02) is None
    with pytest.raises(Unavailable) as refused:
        owner.record(1.0, "otter")

    assert refused.value.id == owner.status().message_id == "microphone-none"
    assert "kit-microphone" not in {thread.name for thread in threading.enumerate()}


def test_auto_refuses_in_words_and_never_falls_back_to_the_fake():
    with pytest.raises(Unavailable) as refused:
        open_microphone(MicrophoneSettings("auto"), decode, find=lambda: ())

    assert refused.value.id == "microphone-missing"
    assert str(refused.value) == "no microphone answered; none is plugged in"


def test_closing_wakes_who_records(make_owner):
    owner = make_owner()
    with recording(owner) as came:
        let_pass(owner, 0.5)
        owner.close()
        owner.close()
        wait_until(lambda: came)

    assert not came[0].whole


# --- the fake that plays a folder ---


def test_a_folder_is_played_and_looked_into_again(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "low.wav").write_bytes(encode_wav(tone(300)))
    microphone = make(f"fake:{tmp_path}", decode)
    microphone._speed, microphone._look_at = SPEED, 0.0
    microphone.open(MicrophoneSettings(microphone.name))
    try:
        period = round((1.0 + PAUSE_S) * 50)
        first = np.concatenate([microphone.read().samples for _ in range(period)])
        assert pitch_hz(first) == pytest.approx(300, abs=2)
        assert np.abs(first[-SAMPLE_RATE_HZ // 4 :]).max() < 0.02  # the pause between two

        (tmp_path / "a" / "low.wav").unlink()
        (tmp_path / "high.wav").write_bytes(encode_wav(tone(1200)))
        microphone._look_at = 0.0
        then = np.concatenate([microphone.read().samples for _ in range(period)])
        assert pitch_hz(then) == pytest.approx(1200, abs=2)
    finally:
        microphone.close()


def test_an_empty_folder_is_refused_in_words(tmp_path):
    with pytest.raises(BadInput) as refused:
        make(f"fake:{tmp_path}", decode).open(MicrophoneSettings("fake"))

    assert refused.value.id == "microphone-folder-empty"
    assert MESSAGES[refused.value.id].format(**refused.value.values)
