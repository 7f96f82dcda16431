"""Sounds on their way to the model, against the models and libraries that did it before."""

from math import gcd

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from scipy.signal import resample_poly

from kit.core import sound
from kit.core.sound import Hearing
from kit.messages import MESSAGES

RNG = np.random.default_rng(0)
T = np.arange(sound.CLIP_SAMPLES) / sound.SAMPLE_RATE_HZ


def noise(samples: int, peak: float = 0.1) -> np.ndarray:
    return (RNG.uniform(-peak, peak, samples)).astype(np.float32)


CLIPS = {
    "noise": noise(16_000),
    "faint noise": noise(16_000, 1e-4),
    "tone": 0.9 * np.sin(2 * np.pi * 440 * T),
    "chirp": 0.5 * np.sin(2 * np.pi * (100 * T + 1500 * T * T)) * np.hanning(16_000),
    "tone in noise": 0.9 * np.sin(2 * np.pi * 440 * T) + noise(16_000, 1e-4),
    "click": np.eye(1, 16_000, 8_000)[0],
    "silence": np.zeros(16_000),
}


@pytest.fixture(scope="module")
def mel_model(checkout):
    """The published front end: it takes a waveform on the scale of 16-bit numbers."""
    path = checkout / "models" / "speech-embedding" / "mel.tflite"
    interpreter = Interpreter(model_path=str(path), num_threads=1)
    (entry,), (out,) = interpreter.get_input_details(), interpreter.get_output_details()
    samples = sound.FFT_SAMPLES + (sound.FRAMES - 1) * sound.HOP_SAMPLES
    interpreter.resize_tensor_input(entry["index"], [1, samples])
    interpreter.allocate_tensors()

    def ask(clip: np.ndarray) -> np.ndarray:
        spare = (samples - len(clip)) // 2
        padded = np.pad(clip * 32_768.0, spare).astype(np.float32)
        interpreter.set_tensor(entry["index"], padded[np.newaxis])
        interpreter.invoke()
        return interpreter.get_tensor(out["index"])[0, 0] / 10 + 2

    return ask


@pytest.mark.parametrize("name", CLIPS)
def test_log_mel_is_what_the_published_front_end_says(mel_model, name):
    clip = CLIPS[name].astype(np.float32)

    ours, theirs = sound.log_mel(clip), mel_model(clip)

    assert ours.shape == theirs.shape == (100, 32)
    assert ours.dtype == np.float32
    assert np.abs(ours - theirs).max() < 1e-4


def test_the_further_bands_leave_the_first_as_they_are():
    clip = noise(16_000)

    both = sound.log_mel(clip, sound.ALL_BANDS)[:, :32]

    assert np.abs(both - sound.log_mel(clip)).max() < 1e-5


def test_a_hiss_at_six_kilohertz_is_heard_by_the_further_bands_only():
    hiss = (0.3 * np.sin(2 * np.pi * 6_000 * T)).astype(np.float32)

    bands = sound.log_mel(hiss, sound.ALL_BANDS).mean(axis=0)

    assert bands.argmax() >= sound.SPEECH_BANDS
    assert bands[: sound.SPEECH_BANDS].max() < bands.max() - 4  # 40 dB


@pytest.mark.parametrize(
    "rate_hz", [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000]
)
@pytest.mark.parametrize("samples", [1, 37, 9_001, 50_000])
def test_resampling_is_what_scipy_says(rate_hz, samples):
    waveform = noise(samples, 0.9)
    common = gcd(16_000, rate_hz)

    ours = sound.resample(waveform, rate_hz)
    theirs = resample_poly(waveform.astype(float), 16_000 // common, rate_hz // common)

    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < 2e-6


def test_a_tone_keeps_its_pitch_and_what_is_too_high_goes():
    tone, too_high = (np.sin(2 * np.pi * hz * np.arange(44_100) / 44_100) for hz in (1_000, 12_000))

    kept, gone = sound.resample(tone, 44_100), sound.resample(too_high, 44_100)

    assert np.abs(np.fft.rfft(kept)).argmax() == 1_000  # a bin a hertz
    assert np.abs(gone[100:-100]).max() < 0.01


@pytest.mark.parametrize("rate_hz", [0, 7_999, 192_001])
def test_rates_beyond_the_range_are_refused(rate_hz):
    with pytest.raises(ValueError, match="is not within"):
        sound.resample(np.zeros(100), rate_hz)


def test_an_odd_rate_is_taken_for_the_nearest_usual_one():
    waveform = noise(4_411, 0.9)

    assert np.array_equal(sound.resample(waveform, 44_110), sound.resample(waveform, 44_100))


def test_nothing_becomes_nothing():
    assert sound.resample(np.zeros(0), 44_100).shape == (0,)
    assert not sound.loudest_second(np.zeros(0)).any()


@pytest.mark.parametrize("at", [0, 8_000, 100_000, 159_999 - 2_000])
def test_the_clip_is_cut_around_the_loudest_part_wherever_it_lies(at):
    recording = noise(160_000, 0.001)
    recording[at : at + 2_000] += noise(2_000, 0.8)

    clip = sound.loudest_second(recording)

    loud = np.flatnonzero(np.abs(clip) > 0.1)
    assert clip.shape == (16_000,)
    assert abs((loud[0] + loud[-1]) / 2 - 8_000) < 200
    assert loud[-1] - loud[0] > 1_900  # all of it


def test_the_same_word_in_a_short_and_in_a_long_recording_gives_one_clip():
    word = noise(6_000, 0.5)
    alone, within = word, np.concatenate([np.zeros(30_000), word, np.zeros(50_000)])

    assert np.allclose(sound.loudest_second(alone), sound.loudest_second(within), atol=1e-7)


@pytest.mark.parametrize("hearing", Hearing)
def test_a_padded_file_and_a_quiet_room_sound_alike(hearing):
    word = noise(6_000, 0.5)
    room = noise(40_000, 1e-4)
    room[20_000:26_000] += word

    padded, recorded = sound.prepare(word, hearing), sound.prepare(room, hearing)

    assert padded.shape == (100, hearing.bands)
    assert padded.max() - padded.min() <= sound.ROOM_FLOOR_DB / 10 + 1e-5
    # Sample for sample they may lie a little apart; a frame of 10 ms is not noticed.
    assert np.abs(padded.mean(axis=0) - recorded.mean(axis=0)).max() < 0.1


def test_views_are_the_word_a_little_later_and_earlier():
    prepared = sound.prepare(noise(6_000), Hearing.WORDS)

    later, earlier = sound.view(prepared, 1), sound.view(prepared, 2)

    assert np.array_equal(later[8:], prepared[:-8])
    assert np.array_equal(earlier[:-8], prepared[8:])
    with pytest.raises(ValueError, match="there is no view 3"):
        sound.view(prepared, 3)


def test_the_models_input_is_exact_to_half_a_step_and_saturates():
    values = np.linspace(-2.0, 13.9, 999).astype(np.float32)

    stored = sound.to_model_input(values).astype(float)

    assert np.abs((stored + 96) / 16 - values).max() <= 0.5 / 16 + 1e-6
    assert sound.to_model_input(np.array([-8.0, 99.0])).tolist() == [-128, 127]


@pytest.mark.parametrize(
    ("waveform", "advice"),
    [
        (noise(1_000, 0.5), None),
        (noise(1_000, 0.02), "advice-sound-quiet"),
        (np.clip(noise(1_000, 3.0), -1, 1), "advice-sound-clipped"),
        (np.zeros(0), "advice-sound-quiet"),
    ],
)
def test_a_level_comes_with_what_to_do_about_it(waveform, advice):
    assert sound.level(waveform).advice == advice
    assert advice is None or advice in MESSAGES
