"""A sound while it is heard: its columns are those of the clip, whatever pieces it comes in."""

import numpy as np
import pytest

from kit.core import sound
from kit.core.sound_stream import BRIGHTEST, DARKEST, SILENCE_DB, Loudness, shades, whole_columns

NOISE = np.random.default_rng(0).uniform(-0.4, 0.4, 3 * sound.CLIP_SAMPLES).astype(np.float32)


def streamed(waveform: np.ndarray, bands: int, step: int) -> np.ndarray:
    """All columns, asked for every `step` samples with the last second at hand."""
    given, before = [], -1
    for end in [*range(step, len(waveform), step), len(waveform)]:
        at_hand = waveform[max(0, end - sound.CLIP_SAMPLES) : end]
        given.append(whole_columns(at_hand, end, before, bands))
        before = end
    return np.concatenate(given)


@pytest.mark.parametrize("bands", [sound.SPEECH_BANDS, sound.ALL_BANDS])
@pytest.mark.parametrize("step", [37, 320, 2000, 2240, 15_000])
def test_streamed_columns_are_those_of_all_of_it_each_once(bands, step):
    columns = streamed(NOISE, bands, step)

    np.testing.assert_allclose(columns, sound.mel_columns(NOISE, bands), atol=1e-5)


def test_a_clip_in_the_stream_has_the_columns_that_the_model_hears():
    begin = 70 * sound.HOP_SAMPLES + sound.FRAME_LEAD_SAMPLES
    clip = NOISE[begin : begin + sound.CLIP_SAMPLES]

    columns = streamed(NOISE, sound.SPEECH_BANDS, 2000)[70:170]

    # The first and the last reach over the edges, where the clip alone has silence.
    np.testing.assert_allclose(columns[1:-1], sound.log_mel(clip)[1:-1], atol=1e-5)


def test_whoever_asks_late_misses_what_is_no_longer_at_hand():
    last = NOISE[-sound.CLIP_SAMPLES :]

    columns = whole_columns(last, end=len(NOISE), before=10)

    np.testing.assert_allclose(columns, sound.mel_columns(last), atol=1e-5)


def test_shades_rise_with_loudness_and_have_ends():
    columns = np.linspace(DARKEST - 3, BRIGHTEST + 3, 50)[np.newaxis]

    drawn = shades(columns)[0].astype(int)

    assert drawn[0] == 0
    assert drawn[-1] == 255
    assert np.all(np.diff(drawn) >= 0)


def test_a_sine_at_full_scale_is_three_decibels_below_a_square():
    sine = np.sin(2 * np.pi * 0.05 * np.arange(16_000))
    square = np.sign(sine + 1e-9)

    assert Loudness.of(sine, 1.0, 0.0).level_db == pytest.approx(-3.0, abs=0.05)
    assert Loudness.of(square, 1.0, 0.0).level_db == 0.0


def test_silence_has_a_bottom_and_nothing_is_silent():
    assert Loudness.of(np.zeros(320), 0.0, 0.0).level_db == SILENCE_DB
    assert Loudness.of(np.zeros(0), 0.0, 0.0) == Loudness(SILENCE_DB, SILENCE_DB, False)


def test_clipping_is_as_recorded_not_as_resampled():
    assert Loudness.of(np.full(100, 0.2), 1.0, 0.02).clipping
    assert not Loudness.of(np.full(100, 0.2), 1.0, 0.0).clipping
